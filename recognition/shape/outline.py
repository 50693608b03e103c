"""Where something lies: the outlines of all that was not in the empty chamber.

What is looked at is the logarithm of a look's ratio to the background. There a shadow, a lamp that is weaker and the tray seen through clear plastic are smooth, as they darken what is there; an
item has sharp edges, be it of glass or PET without a label. So sharp edges are looked for, closed to outlines, and filled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.shape.background import DARK_OFFSET, Background, Image, Levels, least_of, reduced, steepness
from recognition.shape.crispness import crispness

EDGE, FAINT = 0.08, 0.025
"""Logarithms a pixel from which an edge is one by itself, and from which it goes on from one. The noise of an empty chamber has 95 of 100 below 0.007; the outline of a clear bottle without a label has
0.03 and more. Of 60 pairs tried on rendered items of known size (a median error in width of 3 per cent, and 7 with one limit of 0.025)."""

SHARP: Final = 0.45
"""Share of an edge's steepness that a band of ``SHARP_PX`` must not share: an edge in focus is 1 to 2 reduced pixels wide, a shadow's border 6 and more. With 0.4 shadows are taken for parts, with 0.5
outlines stay open."""

SHARP_PX: Final = 5

BRIGHTER: Final = 0.1
"""In all three colours so much lighter than the empty tray is no shadow: white labels and paper, whose inside has no edges."""

SPECK_PX: Final = 8
"""Edges of fewer pixels that touch no others are noise or a drain hole in a shadow."""

GAP_PX: Final = 11
"""Gaps of an outline that are closed. With 9 the outline of clear PET stays open in one look of twelve, with 13 shadows are closed to it; tried on the twin's 36 items in three lights."""

THIN_PX: Final = 9
"""What is narrower than this, about 9 mm, is a rest of a shadow's border or a smear; the thinnest neck has 25 mm."""

LEAST_PX: Final = 300
"""The smallest thing, about 17 x 17 mm: a bottle's cap has 30."""

SECOND_PX: Final = 1400
"""A second thing, about 37 x 37 mm: the smallest bottle that is sold, 4 cl, has 25 x 80, a cap 30 x 20."""

NEAR_PX: Final = 15
"""Half of this, about 7 mm, is how far a part lies from the thing that it belongs to."""

_RATIO_STEP = 0.01
_LOG_LEVELS: Final = np.log(np.arange(256, dtype=np.float32) + np.float32(DARK_OFFSET))


@dataclass(frozen=True, eq=False)
class Piece:
    """One thing, in pixels of the reduced picture. ``mask``: 1 inside. ``rings``: points x, y in order, of each part."""

    mask: Image
    rings: tuple[NDArray[np.int32], ...]

    @property
    def area_px(self) -> int:
        return int(np.count_nonzero(self.mask))

    @property
    def points(self) -> NDArray[np.int32]:
        return np.concatenate(self.rings)


@dataclass(frozen=True, eq=False)
class Outlines:
    """What lies in a look, the largest first. ``ratio``: the logarithm of the look's light over the empty chamber's, once it is as light as that on the whole; ``steep``: how steep that is;
    ``crisp``: how steep the camera itself sees it, 0 where nothing lies; ``light``: how light the look is; ``small``: the look, reduced.
    """

    pieces: tuple[Piece, ...]
    ratio: Levels
    steep: Levels
    crisp: Levels
    light: float
    small: Image


def outlines_of(image: Image, background: Background) -> Outlines:
    """``image``: a look of the background's shape, of any size."""
    small = reduced(image)
    ratio = np.asarray(cv2.LUT(small, _LOG_LEVELS), np.float32) - background.log
    light = _light(ratio)
    ratio -= np.float32(light)
    steep = steepness(ratio)
    pieces = tuple(_pieces(_edges(ratio, steep, background)))
    return Outlines(pieces, ratio, steep, _crisp(image, small, pieces), float(np.exp(light)), small)


def _crisp(image: Image, small: Image, pieces: Sequence[Piece]) -> Levels:
    crisp = np.zeros(small.shape[:2], np.float32)
    if pieces:
        left, top, width, height = cv2.boundingRect(np.concatenate([piece.points for piece in pieces]))
        place = slice(max(0, top - 1), top + height + 1), slice(max(0, left - 1), left + width + 1)
        crisp[place] = crispness(image, small, place)
    return crisp


def _light(ratio: Levels) -> float:
    """The logarithm by which most of the tray that one sees is lighter: the highest peak, as what an item hides or shades is spread."""
    counts = np.bincount(np.clip(ratio[:, :, 1] / _RATIO_STEP + 200, 0, 399).astype(np.int32).ravel(), minlength=400)
    return (int(np.convolve(counts, np.ones(3), "same").argmax()) - 200 + 0.5) * _RATIO_STEP


def _edges(ratio: Levels, steep: Levels, background: Background) -> Image:
    """1 on sharp edges, and where it is lighter than the tray can be."""
    ridge = steep - cv2.morphologyEx(steep, cv2.MORPH_OPEN, np.ones((SHARP_PX, SHARP_PX), np.uint8))
    seen = (ridge > SHARP * steep) & ~background.outside
    faint = seen & (steep > background.slack + np.float32(FAINT))
    sure = seen & (steep > background.slack + np.float32(EDGE))
    sure |= (least_of(ratio) > BRIGHTER) & ~background.outside
    edges = _grown(sure, sure | faint)
    for side in background.sides:
        _bridge(edges[side])
    return edges


def _bridge(side: Image) -> None:
    """Closes at the place's border, in place, what reaches beyond it: a long bottle, an arm."""
    at = np.flatnonzero(side.any(axis=int(side.shape[0] > side.shape[1])))
    if at.size:
        along = side if side.shape[0] > side.shape[1] else side.T
        along[at[0] : at[-1] + 1] = 1


def _pieces(edges: Image) -> list[Piece]:
    """The largest first. A small part close to a large one is its own: a cap behind a clear neck."""
    filled = _filled(edges)
    joined = np.asarray(cv2.dilate(filled, _round(NEAR_PX)), np.uint8)
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    found = []
    for one in range(1, count):
        found += _apart(np.where(labels == one, filled, 0).astype(np.uint8))
    return sorted((piece for piece in found if piece.area_px >= LEAST_PX), key=lambda piece: -piece.area_px)


def _apart(mask: Image) -> list[Piece]:
    """Parts that lie close to each other: one thing, unless the second is as large as a thing."""
    parts, labels, figures, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    large = [one for one in range(1, parts) if figures[one, cv2.CC_STAT_AREA] >= SECOND_PX]
    if len(large) < 2:
        return [_piece(mask)]
    return [_piece((labels == one).astype(np.uint8)) for one in large]


def _piece(mask: Image) -> Piece:
    rings, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return Piece(mask, tuple(np.asarray(ring[:, 0, :], np.int32) for ring in rings))


def _grown(sure: NDArray[np.bool_], all_of_them: NDArray[np.bool_]) -> Image:
    """What is sure, and what hangs together with it."""
    count, labels, figures, _ = cv2.connectedComponentsWithStats(all_of_them.astype(np.uint8), connectivity=8)
    stays: NDArray[Any] = np.zeros(count, np.bool_)
    stays[labels[sure]] = True
    stays &= figures[:, cv2.CC_STAT_AREA] >= SPECK_PX
    stays[0] = False
    return np.asarray(stays[labels], np.uint8)


def _filled(edges: Image) -> Image:
    """Outlines closed and filled."""
    wide = cv2.copyMakeBorder(edges, GAP_PX, GAP_PX, GAP_PX, GAP_PX, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, _round(GAP_PX))[GAP_PX:-GAP_PX, GAP_PX:-GAP_PX]
    rings, _ = cv2.findContours(np.ascontiguousarray(closed), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(edges)
    cv2.drawContours(filled, rings, -1, 1, cv2.FILLED)
    return np.asarray(cv2.morphologyEx(filled, cv2.MORPH_OPEN, _round(THIN_PX)), np.uint8)


def _round(size_px: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size_px, size_px)), np.uint8)
