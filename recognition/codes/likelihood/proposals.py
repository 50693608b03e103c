"""Where in a picture a code may lie: a box around it, and which way its bars are crossed.

OpenCV's detector gives quads, whose sides are no good guide to the bars; the axis comes from the gradients inside (structure tensor: Förstner and Gülch 1987).
Where it finds nothing, regions of strong gradient in one direction and both signs are taken: bars, and not the edge of something.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.interface import Kernels

Grey = NDArray[np.uint8]
Quad = NDArray[Any]
"""Four corners (x, y) in order, in pixels: shape (4, 2)."""

LEAST_SIDE_PX: Final = 6.0
LEAST_LENGTH_PX: Final = 30.0

OWN_SIDE_PX: Final = 640
OWN_WINDOW_PX: Final = 25
OWN_MOST: Final = 4
OWN_LEAST_SIDE_PX: Final = 16
OWN_LEAST_AREA_PX: Final = 200
_EVERY: Final = 2
"""Gradients are averaged over so many pixels each way before their window is: ``Kernels.gradients``."""


class Box(NamedTuple):
    """``axis``: unit vector across the bars, never to the left. ``half_length`` along it and ``half_height`` across, in pixels."""

    centre: NDArray[np.float64]
    axis: NDArray[np.float64]
    half_length: float
    half_height: float


def dominant(grey: NDArray[Any]) -> float:
    """The angle of the gradients of a patch, in radians, from -pi/2 to pi/2."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1).astype(np.float32)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    return float(0.5 * np.arctan2(2 * (across * down).mean(), (across * across).mean() - (down * down).mean()))


def box_of(grey: Grey, quad: Quad) -> Box | None:
    """None where the quad is too small to hold a code."""
    corners = np.asarray(quad, np.float64).reshape(4, 2)
    sides = ((corners[1] - corners[0] + corners[2] - corners[3]) / 2, (corners[2] - corners[1] + corners[3] - corners[0]) / 2)
    lengths = tuple(float(np.hypot(*side)) for side in sides)
    if min(lengths) < LEAST_SIDE_PX or max(lengths) < LEAST_LENGTH_PX:
        return None
    units = [side / length for side, length in zip(sides, lengths, strict=True)]
    placed = np.array([[units[0][0], units[1][0], corners[0][0]], [units[0][1], units[1][1], corners[0][1]]], np.float32)
    size = max(8, int(lengths[0])), max(8, int(lengths[1]))
    angle = dominant(cv2.warpAffine(grey, placed, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP))
    axis = np.cos(angle) * units[0] + np.sin(angle) * units[1]
    axis /= np.hypot(*axis)
    along = 0 if abs(np.cos(angle)) >= abs(np.sin(angle)) else 1
    return Box(corners.mean(axis=0), -axis if axis[0] < 0 else axis, lengths[along] / 2, lengths[1 - along] / 2)


def boxes_of(grey: Grey, quads: Iterable[Quad]) -> list[Box]:
    """One box a quad, and one more around the first two that lie in line: the detector splits blurred codes."""
    boxes = [box for quad in quads if (box := box_of(grey, quad)) is not None]
    return [*boxes, *_merged(boxes)]


def _merged(boxes: Sequence[Box]) -> list[Box]:
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = other.centre - one.centre
            along, across = float(apart @ one.axis), float(abs(one.axis[0] * apart[1] - one.axis[1] * apart[0]))
            parallel = abs(one.axis @ other.axis) > 0.95
            if (
                parallel
                and across < 0.5 * max(one.half_height, other.half_height)
                and abs(along) < 1.6 * (one.half_length + other.half_length)
            ):
                ends = (-one.half_length, one.half_length, along - other.half_length, along + other.half_length)
                middle, half = (min(ends) + max(ends)) / 2, (max(ends) - min(ends)) / 2
                return [Box(one.centre + one.axis * middle, one.axis, half, min(one.half_height, other.half_height))]
    return []


def own_quads(grey: Grey, kernels: Kernels) -> list[Quad]:
    """Regions of strong, one-directional gradient of both signs, the strongest on the whole first: a small code is none of the largest."""
    scale = min(1.0, OWN_SIDE_PX / max(grey.shape))
    if min(grey.shape) * scale < OWN_LEAST_SIDE_PX:
        return []
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    window = (OWN_WINDOW_PX // _EVERY + 1, OWN_WINDOW_PX // _EVERY + 1)
    x, y, xx, yy, xy = (cv2.blur(plane, window) for plane in kernels.gradients(np.ascontiguousarray(small)))
    energy = xx + yy
    coherence = np.hypot(xx - yy, 2 * xy) / (energy + 4)
    two_sided = np.clip(1 - 3 * (x * x + y * y) / (energy + 1), 0, 1)
    strength = np.sqrt(energy) * coherence**2 * two_sided
    bars = ((strength > max(1.5, 0.4 * float(strength.max()))) & (coherence > 0.45)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bars)
    summed = np.bincount(labels.ravel(), weights=(strength * bars).ravel(), minlength=count)
    strongest = sorted(range(1, count), key=lambda label: -float(summed[label]))[:OWN_MOST]
    quads: list[Quad] = []
    for label in strongest:
        if stats[label, cv2.CC_STAT_AREA] * _EVERY**2 < OWN_LEAST_AREA_PX:
            continue
        left, top, width_px, height_px = stats[label, :4].tolist()
        rows, columns = np.nonzero(labels[top : top + height_px, left : left + width_px] == label)
        points = (np.stack([columns + left, rows + top], axis=1).astype(np.float32) + 0.5) * _EVERY - 0.5
        (centre, (width, height), turn) = cv2.minAreaRect(points)
        longer = OWN_WINDOW_PX / 3
        size = (width + longer, height) if width > height else (width, height + longer)
        quads.append(cv2.boxPoints((centre, size, turn)) / scale)
    return quads
