"""One picture to a ``Scene``: what lies there, compared with the empty chamber and with the look before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.shape.background import BORDER_PX, Background, Image, Levels, reduced
from recognition.shape.faults import faults_in, size_fault
from recognition.shape.form import Figures, figures_of, form_of, is_one, is_two, pose_of
from recognition.shape.outline import Outlines, Piece, outlines_of
from recognition.shape.scene import Form, Scene

MOVED_BY: Final = 0.12
"""Logarithms by which a pixel is another than in the look before: three times what a fresh field of the twin's noise makes in the darkest tenth of the picture."""

MOVED_SHARE: Final = 0.1
"""Of the outline so much may be other in a thing that lies still: 0.07 in the twin's 36 items under its machine's shaking. Turned in its place by 40 degrees a bottle has 0.11 to 0.5."""

GLOW_LEVEL: Final = 40
"""Grey levels with the lamp off. The empty chamber has 6 to 16, what falls in through the gate's gap included."""

GLOW_PX: Final = 800
"""So large is a screen at least, 25 x 30 mm: a watch's, less than any telephone's."""

LIT_SHARE: Final = 0.5
"""Of the chamber's walls: with the lamp on all of them are brighter than ``GLOW_LEVEL``, by a screen's light hardly any."""

Outline = tuple[tuple[float, float], ...]
"""Points of a ring, as shares of the picture's width and height."""


@dataclass(frozen=True, eq=False)
class Seen:
    """``scene``, and where it is: ``outlines`` of what lies there. ``ratio``: what the next look is compared with; None where the machine is at fault."""

    scene: Scene
    outlines: tuple[Outline, ...] = ()
    figures: tuple[Figures, ...] = ()
    ratio: Levels | None = field(default=None, repr=False)
    mask: Image | None = field(default=None, repr=False)


def seen_in(image: Image, background: Background, before: Seen | None = None) -> Seen:
    """A picture of the lit chamber, of any size. ``before``: the look before at the same item. Raises ValueError for what is no picture in colour."""
    if (size := size_fault(image, background)) is not None:
        return Seen(Scene(faults=frozenset({size})))
    found = outlines_of(image, background)
    small, faults = found.small, faults_in(found, background)
    outlines = tuple(_shares(piece, small) for piece in found.pieces)
    if faults:
        return Seen(Scene(faults=faults), tuple(ring for rings in outlines for ring in rings))
    mask = np.zeros(small.shape[:2], np.uint8)
    for piece in found.pieces:
        mask |= piece.mask
    figures = _things(found, mask, background)
    scene = _scene(found, figures, small, background, _still(found, mask, before))
    return Seen(scene, tuple(ring for rings in outlines for ring in rings), figures, found.ratio, mask)


def _things(found: Outlines, mask: Image, background: Background) -> tuple[Figures, ...]:
    """Of the largest thing, and of a second one. ``mask``: all that lies there."""
    figures = tuple(figures_of(piece, found, background) for piece in found.pieces[:2])
    if len(figures) < 2:
        return figures
    whole = figures_of(Piece(mask, tuple(ring for piece in found.pieces for ring in piece.rings)), found, background)
    return (whole,) if is_one(whole, figures[0]) else figures


def _scene(found: Outlines, figures: Sequence[Figures], small: Image, background: Background, still: bool | None) -> Scene:
    if not figures:
        return Scene(still=still)
    largest = figures[0]
    objects = 2 if len(figures) > 1 or is_two(largest) else 1
    scale = background.mm_per_px
    return Scene(
        objects=objects,
        form=form_of(largest) if objects == 1 else Form.UNSURE,
        pose=pose_of(largest),
        length_mm=None if scale is None else largest.length_px * scale,
        width_mm=None if scale is None else largest.width_px * scale,
        body_mm=None if scale is None else largest.body_px * scale,
        still=still,
        hand=any(_is_hand(piece, small, background) for piece in found.pieces),
    )


def _still(found: Outlines, mask: Image, before: Seen | None) -> bool | None:
    if before is None or before.ratio is None or before.mask is None or before.ratio.shape != found.ratio.shape:
        return None
    where = (mask | before.mask) > 0
    if not where.any():
        return True
    changed = np.abs(found.ratio[:, :, 1][where] - before.ratio[:, :, 1][where]) > MOVED_BY
    return float(np.mean(changed)) <= MOVED_SHARE


SKIN_CR, SKIN_CB = (135, 180), (85, 135)
"""Of skin of any tone (Chai and Ngan, Face segmentation using skin-color map, IEEE Transactions on Circuits and Systems for Video Technology 9, 1999), a little wider on the red side."""

SKIN_SHARE, WRIST_PX = 0.8, 25
"""So much of what is seen of an arm at the chamber's end is skin, and so wide it is: some 23 mm, half of a child's wrist."""

ARM_PX: Final = 20
"""So far from the end the arm is looked at."""


def _is_hand(piece: Piece, small: Image, background: Background) -> bool:
    """Skin that reaches in over either end of the chamber: bottles go in lengthwise, and so do arms. A glove or a sleeve to the fingers is not told by this."""
    left, top, right, bottom = background.box
    rows = slice(top, bottom)
    for edge, near in (
        (slice(left, left + BORDER_PX), slice(left, left + ARM_PX)),
        (slice(right - BORDER_PX, right), slice(right - ARM_PX, right)),
    ):
        arm = piece.mask[rows, near] > 0
        if (
            np.count_nonzero(piece.mask[rows, edge].any(axis=1)) >= WRIST_PX
            and float(np.mean(_is_skin(small[rows, near])[arm])) >= SKIN_SHARE
        ):
            return True
    return False


def _is_skin(image: Image) -> NDArray[np.bool_]:
    _, red, blue = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2YCrCb))
    return np.asarray((red >= SKIN_CR[0]) & (red <= SKIN_CR[1]) & (blue >= SKIN_CB[0]) & (blue <= SKIN_CB[1]), np.bool_)


def seen_in_the_dark(image: Image, background: Background) -> Scene | None:
    """A picture with the lamp off: what is bright in it shines by itself. None where the lamp still shone. Raises ValueError for what is no picture in colour."""
    if (size := size_fault(image, background)) is not None:
        return Scene(lit=False, faults=frozenset({size}))
    small = reduced(image)
    if float(np.mean(small[background.outside].max(axis=1) >= GLOW_LEVEL)) > LIT_SHARE:
        return None
    bright = (small.max(axis=2) >= GLOW_LEVEL) & ~background.outside
    count, _, areas, _ = cv2.connectedComponentsWithStats(bright.astype(np.uint8), connectivity=8)
    shines = count > 1 and int(areas[1:, cv2.CC_STAT_AREA].max()) >= GLOW_PX
    return Scene(1, Form.SCREEN, lit=False) if shines else Scene(lit=False)


def _shares(piece: Piece, small: Image) -> list[Outline]:
    height, width = small.shape[:2]
    return [tuple(((float(x) + 0.5) / width, (float(y) + 0.5) / height) for x, y in ring) for ring in piece.rings]
