"""A box of the picture as upright bars: some rows of it averaged to bands, each a profile to be read by itself.

Bands and not one mean, as a label is bent and glare is local: what spoils one band leaves the next.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.interface import Kernels
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


ROUND: Final = 3
"""To find out how a code climbs, its crop is cut so many times as high as its box."""

LEAST_CLIMB, MOST_CLIMB = 0.25, 0.6
"""Of the box's height over its length, below which rows stay on the bars; and rows a sample, above which it is something else that climbs."""

_PARTS: Final = 6


def upright(grey: Grey, box: Box, module_px: float) -> Grey:
    """The crop, ``module_px`` samples a module if the box holds an EAN-13, its bars vertical."""
    return _cut(grey, box, module_px, 1)[0]


def climbing(grey: Grey, box: Box, module_px: float) -> Grey | None:
    """The same with rows that follow the code where it climbs: on a bottle that is seen from above or below its upright bars stand on a slant, and rows across the bars
    leave it. None where it does not.
    """
    crop, height = _cut(grey, box, module_px, ROUND, cv2.INTER_LINEAR)
    width = crop.shape[1]
    first, last = round(width * (1 - 1 / ROOM) / 2), round(width * (1 + 1 / ROOM) / 2)
    edges = np.abs(cv2.Sobel(crop[:, first:last], cv2.CV_32F, 1, 0))
    parts = np.stack([part.mean(axis=1) for part in np.array_split(edges, _PARTS, axis=1)])
    parts = cv2.blur(parts, (max(3, height // 4), 1))
    strength = np.maximum(parts - 0.5 * parts.max(axis=1, keepdims=True), 0)
    middles = (strength * np.arange(crop.shape[0])).sum(axis=1) / np.maximum(strength.sum(axis=1), 1e-6)
    at = (np.arange(_PARTS) + 0.5) * (last - first) / _PARTS
    climb = float(np.polyfit(at, middles, 1)[0])
    if abs(climb) * (last - first) < LEAST_CLIMB * height or abs(climb) > MOST_CLIMB:
        return None
    down = float(np.median(middles)) - height / 2
    crop, _ = _cut(grey, box, module_px, ROUND)
    shear = np.array([[1, 0, 0], [climb, 1, down - climb * width / 2]], np.float32)
    followed = cv2.warpAffine(crop, shear, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    return followed.astype(np.uint8, copy=False)


def _cut(grey: Grey, box: Box, module_px: float, times: int, way: int = cv2.INTER_CUBIC) -> tuple[Grey, int]:
    """``times`` as high as the box; and the box's own height in rows."""
    across = np.array([-box.axis[1], box.axis[0]])
    scale = MODULES * module_px / (2 * box.half_length)
    half = box.half_length * ROOM
    width, height = int(2 * half * scale), int(np.clip(2 * box.half_height * scale, *HEIGHTS_PX))
    down = height / (2 * box.half_height)
    origin = box.centre - box.axis * half - across * box.half_height * times
    placed = np.array([[box.axis[0] / scale, across[0] / down, origin[0]], [box.axis[1] / scale, across[1] / down, origin[1]]], np.float32)
    size, top = (width, height * times), height * (times - 1) // 2
    source = grey if scale >= 0.6 else cv2.GaussianBlur(grey, (0, 0), 0.4 / scale)
    crop = cv2.warpAffine(source, placed, size, flags=way | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    tilt = dominant(crop[top : top + height, width // 4 : -width // 4])
    if _TILT[0] < abs(tilt) < _TILT[1]:
        slope = float(np.tan(tilt))
        shear = np.array([[1, slope, -slope * height * times / 2], [0, 1, 0]], np.float32)
        crop = cv2.warpAffine(crop, shear, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return crop.astype(np.uint8, copy=False), height


def bands(crop: NDArray[Any], count: int = BANDS) -> NDArray[np.float32]:
    """Mean rows: shape (count, length)."""
    cuts = np.linspace(len(crop) * _EDGE, len(crop) * (1 - _EDGE), count + 1).astype(int)
    return np.stack([crop[top : max(bottom, top + 1)].mean(axis=0) for top, bottom in pairwise(cuts)]).astype(np.float32)


_INNER: Final = (0.18, 0.82)
_TURN: Final = 0.12
"""Of a band's range between its 5th and 95th percentile: how far it must go back to count as turned."""


def percentiles(rows: NDArray[np.float32], shares: Sequence[float]) -> NDArray[np.float64]:
    """Of the last axis, between neighbours as numpy does it, which takes ten times as long for a row: (shares, rows)."""
    ranked = np.sort(rows, axis=-1)
    at = np.array(shares) / 100 * (rows.shape[-1] - 1)
    below = at.astype(int)
    part = at - below
    found = ranked[..., below] * (1 - part) + ranked[..., np.minimum(below + 1, rows.shape[-1] - 1)] * part
    return np.moveaxis(np.asarray(found, np.float64), -1, 0)


def alternations(profiles: NDArray[np.float32], kernels: Kernels) -> int:
    """How often the bars of the second-best band alternate, in the inner part of the crop. A code has 60 edges, a short one 34 or 44."""
    smooth = cv2.GaussianBlur(profiles, (9, 1), 1.0, sigmaY=1e-3)
    inner = np.ascontiguousarray(smooth[:, int(smooth.shape[1] * _INNER[0]) : int(smooth.shape[1] * _INNER[1])], np.float32)
    low, high = percentiles(inner, (5, 95))
    return sorted(kernels.turns(row, float(step)) for row, step in zip(inner, _TURN * (high - low), strict=True))[-2]
