"""A box of the picture as upright bars: some rows of it averaged to bands, each a profile to be read by itself.

Bands and not one mean, as a label is bent and glare is local: what spoils one band leaves the next.
"""

from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.proposals import Box, Grey, dominant

ROOM: Final = 1.7
"""A crop is so many times as long as its box: the detector cuts codes short, and quiet zones belong to them."""

MODULES: Final = 95
HEIGHTS_PX: Final = (8, 160)
BANDS: Final = 6
_TILT: Final = (0.01, 0.5)
"""Radians of tilt that are sheared away; less is nothing, and more is no code in this direction."""

_EDGE: Final = 0.06
"""Share of the rows at either end that is left out."""


def upright(grey: Grey, box: Box, module_px: float) -> Grey:
    """The crop, ``module_px`` samples a module if the box holds an EAN-13, its bars vertical."""
    across = np.array([-box.axis[1], box.axis[0]])
    scale = MODULES * module_px / (2 * box.half_length)
    half = box.half_length * ROOM
    width, height = int(2 * half * scale), int(np.clip(2 * box.half_height * scale, *HEIGHTS_PX))
    down = height / (2 * box.half_height)
    origin = box.centre - box.axis * half - across * box.half_height
    placed = np.array([[box.axis[0] / scale, across[0] / down, origin[0]], [box.axis[1] / scale, across[1] / down, origin[1]]], np.float32)
    source = grey if scale >= 0.6 else cv2.GaussianBlur(grey, (0, 0), 0.4 / scale)
    crop = cv2.warpAffine(source, placed, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    tilt = dominant(crop[:, width // 4 : -width // 4])
    if _TILT[0] < abs(tilt) < _TILT[1]:
        slope = float(np.tan(tilt))
        shear = np.array([[1, slope, -slope * height / 2], [0, 1, 0]], np.float32)
        crop = cv2.warpAffine(crop, shear, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return crop.astype(np.uint8, copy=False)


def bands(crop: NDArray[Any], count: int = BANDS) -> NDArray[np.float32]:
    """Mean rows: shape (count, length)."""
    cuts = np.linspace(len(crop) * _EDGE, len(crop) * (1 - _EDGE), count + 1).astype(int)
    return np.stack([crop[top : max(bottom, top + 1)].mean(axis=0) for top, bottom in pairwise(cuts)]).astype(np.float32)


_INNER: Final = (0.18, 0.82)
_TURN: Final = 0.12
"""Of a band's range between its 5th and 95th percentile: how far it must go back to count as turned."""


def alternations(profiles: NDArray[np.float32]) -> int:
    """How often the bars of the second-best band alternate, in the inner part of the crop. A code has 60 edges, a short one 34 or 44."""
    smooth = cv2.GaussianBlur(profiles, (9, 1), 1.0, sigmaY=1e-3)
    inner = smooth[:, int(smooth.shape[1] * _INNER[0]) : int(smooth.shape[1] * _INNER[1])]
    low, high = np.percentile(inner, (5, 95), axis=1)
    return sorted(_turns(row.tolist(), float(step)) for row, step in zip(inner, _TURN * (high - low), strict=True))[-2]


def _turns(row: list[float], step: float) -> int:
    turns, way, highest, lowest = 0, 0, row[0], row[0]
    for value in row:
        if way >= 0 and value < highest - step:
            turns, way, lowest = turns + 1, -1, value
        elif way <= 0 and value > lowest + step:
            turns, way, highest = turns + 1, 1, value
        if way >= 0:
            highest = max(highest, value)
        if way <= 0:
            lowest = min(lowest, value)
    return turns
