"""How steep the camera itself sees an edge, at its own size: what tells a thing's edge from the border of its shadow.

A lamp is as wide as a hand, so that a shadow's border is soft: over 8 to 20 pixels of 1280 it goes from light to dark, where an edge in focus takes 2. In the reduced picture both are a pixel or two wide and look alike.
"""

from typing import Final

import cv2
import numpy as np

from recognition.shape.background import DARK_OFFSET, WIDTH_PX, Image, Levels, most_of

QUIET: Final = 0.25
"""So much of the place round a thing shows the sensor's noise alone."""

_STEPS: Final = 4.0
"""A quarter of a grey level is one step of 8 bits: what is steeper than 64 grey levels a pixel is as crisp as can be."""


def crispness(image: Image, small: Image, place: tuple[slice, slice]) -> Levels:
    """Logarithms a pixel of ``image``, the steepest of its channels and of its pixels round each of ``small``'s in ``place`` (rows, columns); the sensor's noise is taken off."""
    height, width = small.shape[:2]
    rows, columns = (slice(side.start, min(side.stop, most)) for side, most in zip(place, (height, width), strict=True))
    place = rows, columns
    scale = image.shape[1] / WIDTH_PX
    part = image[round(rows.start * scale) : round(rows.stop * scale), round(columns.start * scale) : round(columns.stop * scale)]
    smooth = cv2.GaussianBlur(part, (5, 5), 0)
    across, down = (cv2.convertScaleAbs(cv2.Sobel(smooth, cv2.CV_16S, *order), alpha=_STEPS / 8) for order in ((1, 0), (0, 1)))
    # within 8 per cent of the root of their squares, in 8 bits
    steep = cv2.addWeighted(cv2.max(across, down), 1.0, cv2.min(across, down), 0.4, 0.0)
    side = max(1, round(scale))
    coarse = cv2.resize(
        cv2.dilate(steep, np.ones((side, side), np.uint8)),
        (columns.stop - columns.start, rows.stop - rows.start),
        interpolation=cv2.INTER_NEAREST,
    )
    noise = np.quantile(coarse[::3, ::3], QUIET, axis=(0, 1)).astype(np.float32)
    widest = cv2.dilate(coarse, np.ones((3, 3), np.uint8)).astype(np.float32)
    cleaned = np.sqrt(np.maximum(widest * widest - noise * noise, 0)) / np.float32(_STEPS)
    return most_of(cleaned / (small[place] + np.float32(DARK_OFFSET)))
