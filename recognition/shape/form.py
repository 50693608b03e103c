"""From an outline to figures, and from figures to its form and pose. Every limit is a share, so that none depends on the camera's height."""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.shape.background import Background, Levels
from recognition.shape.faults import SAME_SHARE
from recognition.shape.outline import Outlines, Piece
from recognition.shape.profile import ends_of, profile_of
from recognition.shape.scene import Form, Pose
from recognition.shape.surface import evenness


@dataclass(frozen=True, slots=True)
class Figures:
    """One outline in figures, each a share but for the three lengths.

    ``length_px``, ``width_px``: of the narrowest box round it, the longer side first. ``body_px``: how wide it is without the shadow beside it, or less. ``box``: how much of that it fills. ``hull``: how much of its convex hull. ``mirror``: how much of it lies
    on itself when it is mirrored at its long axis. ``covers``: how much of the chamber's
    place. ``ends``: how wide its hull is towards either end, beside its widest: what an outline lacks that stayed open on one side is no neck. ``own_neck``: the narrower of both without the shadow beside it. ``aside``: how far its middle lies from the valley's line, beside its width. ``shade``: how much darker the tray is round it, in logarithms. ``opaque``: of the tray's own edges
    under it, how much is hidden; None where none is under it. ``even``: on how much of its length its hull is of one tone
    across (``surface.py``): half a clear bottle, of which the other half was not seen, is even.
    """

    length_px: float
    width_px: float
    body_px: float
    box: float
    hull: float
    mirror: float
    covers: float
    ends: tuple[float, float]
    own_neck: float
    aside: float
    shade: float
    opaque: float | None
    even: float

    @property
    def slenderness(self) -> float:
        return self.length_px / max(1.0, self.width_px)

    @property
    def neck(self) -> float:
        return min(self.ends)


SQUARE_BOX, SQUARE_END = 0.88, 0.83
"""How much of the box round it a carton fills at least, and how wide its hull is at its narrower end: square corners. A jar fills as much, and is rounded at its ends."""

NECK: Final = 0.6
"""A bottle's narrower end is at most so wide, beside its body: 0.3 to 0.58; a jar's has 0.7 and more, a can's 0.67."""

OWN_NECK, HIDDEN_NECK = 0.5, 0.7
"""And so wide without the shadow beside it, 0.03 to 0.45 (of jars, cans and cups 0.52 and more, once 0.44), where a shadow that filled the outline beside the neck made it as wide as HIDDEN_NECK."""

SLIM, SLIM_NECK = 2.3, 0.68
"""What is so many times as long as wide is neither a jar, a cup nor a can of 33 cl (1.94 at most), and may have a wide neck: bottles for juice, with their crown 0.63; a slim can has 0.7."""

MATT: Final = 0.4
"""What has a neck and is even on so much of its length is neither glass nor PET, whatever its shadow: bottles have 0.2 at most, cardboard cut to their outline 0.35 and more, a tied bag 0.94."""

ACROSS: Final = 0.3
"""Sine of the angle from which something does not lie along the tray."""

BODY: Final = 0.46
"""The other end of a bottle is at least so wide: one that is crushed, or whose label's shadow was taken for a part of it, has 0.46; a bag that is tied at both ends 0.45."""

SLENDER: Final = 1.9
"""A bottle is at least so many times as long as wide: the stoutest glass bottle of 25 cl twice, a cup, a jar or a crushed can 1.9 at most."""

ROUND, ROUND_BOX = 1.25, (0.7, 0.86)
"""As long as wide to so much, and filling a box as a circle does (0.785): something that stands."""

BALANCED: Final = 0.7
"""Of what is not slender so much lies on its own mirror image: single things 0.83 and more, two bottles side by side 0.52 to 0.61."""

COVERING: Final = 0.8
"""What covers so much of the chamber's place leaves no tray beside it to compare with, and shows no outline."""

SHADELESS, HIDDEN = 0.0, 0.95
"""A sheet does not shade the tray round it, as light comes from all sides, and hides what is under it. Clear glass shades it by 0.02 and more, and clear plastic hides little."""

ASIDE: Final = 0.4
"""What lies wholly on one of the tray's two sides: nothing round stays there. Bottles have their outline's middle at 0.13 at most, shadow and all, pressed ones at 0.32, cardboard that leans on a side 0.48 and more."""

FLAT_SHADE, FLAT_EVEN = 0.25, 0.25
"""Cardboard and paper that stand off the tray shade it by 0.22 at most and are even on 0.35 of their length and more, where their own shadow made no other outline of theirs (2 of 21). What else is even and not clear (a bag,
a cup, a carton) has a height, and shades it by 0.28 and more; glass and PET of any colour are even on 0.16 at most, crushed or not. Set on some 200 pictures drawn beside the red team's, and the twin's."""

WIDER: Final = 1.35
"""All parts of one bottle together are at most so much wider than the largest of them."""

LEAST_UNDER_PX: Final = 20
"""Fewer pixels of the tray's edges say nothing."""

RING_PX: Final = (4, 10)
"""How far from the outline the tray is looked at for a shadow."""


def figures_of(piece: Piece, seen: Outlines, background: Background) -> Figures:
    (x, y), (width, height), angle = cv2.minAreaRect(piece.points)
    if width < height:
        width, height, angle = height, width, angle + 90
    hull_px = cv2.contourArea(cv2.convexHull(piece.points))
    place = ((x, y), angle, (width, height))
    laid = _laid(piece.mask, *place)
    crisp, steep = (_laid(edges, *place, cv2.INTER_LINEAR) for edges in (seen.crisp, seen.steep))
    own = profile_of(laid, crisp, steep, _axis(laid, (x, y), angle, background))
    hull = np.zeros_like(piece.mask)
    cv2.fillConvexPoly(hull, cv2.convexHull(piece.points), 1)
    laid_hull = _laid(hull, *place)
    both, either = int(np.count_nonzero(laid & laid[::-1])), int(np.count_nonzero(laid | laid[::-1]))
    return Figures(
        length_px=width,
        width_px=height,
        body_px=own.body_px,
        own_neck=own.neck,
        aside=abs(y - background.valley_px) / max(own.body_px, 1.0),
        box=min(1.0, piece.area_px / max(width * height, 1.0)),
        hull=min(1.0, piece.area_px / max(hull_px, 1.0)),
        mirror=both / max(1, either),
        covers=piece.area_px / max(1, int(np.count_nonzero(~background.outside))),
        ends=ends_of(_across(laid_hull)),
        shade=_shade(piece, seen.ratio),
        opaque=_opaque(piece, seen, background),
        even=evenness(laid_hull, *(_laid(each, *place, cv2.INTER_LINEAR) for each in (seen.ratio + background.log, seen.ratio))),
    )


def _laid(
    image: NDArray[Any], middle: tuple[float, float], angle: float, size: tuple[float, float], how: int = cv2.INTER_NEAREST
) -> NDArray[Any]:
    """The mask, or what is seen there, turned so that its long axis lies along the rows and in their middle."""
    columns, rows = int(size[0]) + 5, int(size[1]) + 5
    return np.asarray(cv2.warpAffine(image, _turn(middle, angle, columns, rows), (columns, rows), flags=how))


def _turn(middle: tuple[float, float], angle: float, columns: int, rows: int) -> NDArray[Any]:
    matrix: NDArray[Any] = cv2.getRotationMatrix2D(middle, angle, 1.0)
    matrix[:, 2] += ((columns - 1) / 2 - middle[0], (rows - 1) / 2 - middle[1])
    return matrix


def _axis(laid: NDArray[np.uint8], middle: tuple[float, float], angle: float, background: Background) -> Levels:
    """In which row of ``laid`` the valley's line is, column by column; its middle where the thing lies across it."""
    rows, columns = laid.shape
    matrix = _turn(middle, angle, columns, rows)
    if abs(matrix[0, 1]) > ACROSS:
        return np.full(columns, (rows - 1) / 2, np.float32)
    back = cv2.invertAffineTransform(matrix)
    return np.asarray((background.valley_px - back[1, 2] - back[1, 0] * np.arange(columns)) / back[1, 1], np.float32)


def _across(laid: NDArray[np.uint8]) -> NDArray[np.int32]:
    """How many rows are filled in each column, from the first to the last that has any."""
    widths = laid.sum(axis=0, dtype=np.int32)
    filled = np.flatnonzero(widths)
    return np.asarray(widths[filled[0] : filled[-1] + 1], np.int32)


def _shade(piece: Piece, ratio: Levels) -> float:
    inner, outer = (np.ones((2 * far + 1, 2 * far + 1), np.uint8) for far in RING_PX)
    ring = cv2.dilate(piece.mask, outer) != cv2.dilate(piece.mask, inner)
    return -float(ratio[ring, 1].mean()) if ring.any() else 0.0


def _opaque(piece: Piece, seen: Outlines, background: Background) -> float | None:
    """An edge of the tray is hidden where the ratio has one in its place."""
    where, own = background.known_edges
    under = piece.mask[where] > 0
    if np.count_nonzero(under) < LEAST_UNDER_PX:
        return None
    return float(np.mean(seen.steep[where][under] > SAME_SHARE * own[under]))


def pose_of(figures: Figures) -> Pose:
    low, high = ROUND_BOX
    round_ = figures.length_px <= ROUND * figures.width_px and low <= figures.box <= high and figures.hull >= 0.95
    return Pose.STANDING if round_ else Pose.LYING


def form_of(figures: Figures) -> Form:
    """By its outline alone. What stands is seen from above, and tells no form."""
    if pose_of(figures) is Pose.STANDING or figures.covers >= COVERING:
        return Form.UNSURE
    if _is_flat(figures):
        return Form.FLAT
    if figures.box >= SQUARE_BOX and figures.neck >= SQUARE_END:
        return Form.CARTON
    if figures.neck > _widest_neck(figures):
        return Form.STOUT
    if figures.even >= MATT:
        return Form.MATT
    bottle = figures.slenderness >= SLENDER and max(figures.ends) >= BODY
    return Form.BOTTLE if bottle else Form.UNSURE


def _widest_neck(figures: Figures) -> float:
    if figures.own_neck <= OWN_NECK:
        return HIDDEN_NECK
    return SLIM_NECK if figures.slenderness >= SLIM else NECK


def _is_flat(figures: Figures) -> bool:
    if figures.aside > ASIDE:
        return True
    sheet = figures.shade <= SHADELESS and figures.opaque is not None and figures.opaque >= HIDDEN
    return sheet or (figures.shade <= FLAT_SHADE and figures.even >= FLAT_EVEN)


def is_two(figures: Figures) -> bool:
    """Whether one outline is that of two things side by side: no longer than a stout thing, and not its own mirror image."""
    return figures.slenderness < SLENDER and figures.mirror < BALANCED


def is_one(figures: Figures, largest: Figures) -> bool:
    """Whether several parts in a row are one thing that was seen in pieces. ``figures``: of all of them together; ``largest``: of the largest of them."""
    return figures.slenderness >= SLENDER and figures.width_px <= WIDER * largest.width_px
