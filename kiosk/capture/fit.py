"""Whether a picture may be kept: one bottle alone in the chamber, lying still, and nothing of anybody.

No weights of others come with this program, and OpenCV 5 has no finder of faces without. So a face is refused by where it must be: the camera looks down into a box, and whoever is in its picture is so with
what holds on to him: an arm, a neck, a sleeve or hair comes in over the picture's edge. Lengthwise a long bottle does so as well; there it is skin that tells, and breadth. A head is broader than any bottle
wherever it is. What this does not tell: a face that is printed on a label.
"""

from enum import StrEnum
from typing import Final

import numpy as np

from recognition.shape.background import BORDER_PX, Background, Image
from recognition.shape.look import Seen
from recognition.shape.scene import ChamberFault, Form, Scene

NARROW_MM: Final = 110.0
"""What comes in over an end and is broader there than any bottle's body is no bottle: a shoulder, a head."""

WIDEST_MM: Final = 128.0
"""A magnum is 120 mm wide; a grown head some 150, a small child's 130."""

NO_BOTTLE: Final = frozenset({Form.SCREEN, Form.FLAT, Form.CARTON})
"""What may show somebody or something of somebody, and surely is no bottle. One that was crushed has any other form."""


class Unfit(StrEnum):
    """Why a picture is not kept, the first that holds."""

    DARK = "dark"
    MACHINE = "machine"
    SOMEBODY = "somebody"
    NOTHING = "nothing"
    SEVERAL = "several"
    NO_BOTTLE = "no_bottle"
    MOVING = "moving"


def unfit(seen: Seen, background: Background) -> Unfit | None:
    """None: it may be kept. ``seen``: the second of two looks at the least."""
    scene = seen.scene
    if scene.faults:
        return Unfit.DARK if ChamberFault.DARK in scene.faults else Unfit.MACHINE
    if scene.hand or (scene.width_mm or 0.0) > WIDEST_MM or (seen.mask is not None and _comes_in(seen.mask, background)):
        return Unfit.SOMEBODY
    return _other_than_a_bottle(scene)


def _other_than_a_bottle(scene: Scene) -> Unfit | None:
    if scene.objects == 0:
        return Unfit.NOTHING
    if scene.objects > 1:
        return Unfit.SEVERAL
    if scene.form in NO_BOTTLE:
        return Unfit.NO_BOTTLE
    return None if scene.still else Unfit.MOVING


def _comes_in(mask: Image, background: Background) -> bool:
    """Whether something reaches over a long side of the chamber's place, or, broader than a bottle, over an end of it."""
    left, top, right, bottom = background.box
    inside = mask[top:bottom, left:right] > 0
    if inside[:BORDER_PX].any() or inside[-BORDER_PX:].any():
        return True
    width_mm = background.framing.width_mm
    narrow_px = inside.shape[0] / 2 if width_mm is None else NARROW_MM * mask.shape[1] / width_mm
    ends = (inside[:, :BORDER_PX], inside[:, -BORDER_PX:])
    return any(int(np.count_nonzero(end.any(axis=1))) > narrow_px for end in ends)
