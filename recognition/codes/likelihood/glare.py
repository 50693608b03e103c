"""Bars under a lamp's reflection, or half in a shadow: bright and dark change within a code faster than the fit's brightness (degree 3) and contrast (degree 2) can follow.

So a profile is evened out before it is read: of what is brightest and what is darkest within fifteen modules, which hold a digit's white and black on either side, the place between is taken.
Where the two lie too close together, as where the sensor is saturated, nothing can be told, and what is there stays small: a grey that no digit explains, and the guard (``guard.py``) sees it.

The envelope by dilation and erosion, smoothed, is the usual one of mathematical morphology (J. Serra, Image Analysis and Mathematical Morphology, 1982, on closings and openings by a flat element).
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.segmentation import MODULE_PX

OVER: Final = round(15 * MODULE_PX)
LEAST: Final = 0.12
"""Of all profiles' range: what is darkest and brightest is taken for no less apart."""

RANGE: Final = 255.0


def evened(profiles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Profiles between 0, as dark as it gets near there, and 255. Shape (bands, length), as given."""
    profiles = np.ascontiguousarray(profiles, np.float32)
    near = np.ones((1, OVER), np.uint8)
    bright, dark = (cv2.blur(found, (OVER, 1)) for found in (cv2.dilate(profiles, near), cv2.erode(profiles, near)))
    least = max(LEAST * float(np.ptp(profiles)), 1e-6)
    return np.asarray(RANGE * (profiles - dark) / np.maximum(bright - dark, least), np.float32)
