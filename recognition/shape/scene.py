"""The words of presence and shape: what one look shows of what lies in the chamber, and, kept apart, what is wrong with the machine's own sight.

A ``Scene`` says what was seen and decides nothing: what is taken is the judge's. It is made in ``silhouette.py``; ``together`` makes one of several looks at the same item.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import TypeVar


class Form(StrEnum):
    """What an outline can honestly be told for.

    ======  ===================================================================================
    form    what it looks like
    ======  ===================================================================================
    bottle  a body that narrows to a neck
    stout   as wide at both ends, or nearly: a jar, a can, a cup, a crushed bottle without its neck
    carton  a box: straight sides and square corners
    matt    a bottle's outline of one even tone: cardboard that stands off the tray, cloth, a bag
    flat    without height: a sheet, a card, cardboard cut to a bottle's outline
    screen  emits light of its own: seen only in a look with the lamp off
    unsure  none of these clearly: said rather than guessed
    ======  ===================================================================================
    """

    BOTTLE = "bottle"
    STOUT = "stout"
    CARTON = "carton"
    MATT = "matt"
    FLAT = "flat"
    SCREEN = "screen"
    UNSURE = "unsure"


class Pose(StrEnum):
    LYING = "lying"
    STANDING = "standing"


class ChamberFault(StrEnum):
    """Why the machine cannot say what lies there. It is the machine's own, and never told as the item's.

    ============  ======================================================================================
    fault         what
    ============  ======================================================================================
    dark          the lamp gives too little light, or none
    over_exposed  too much light
    out_of_focus  no edge is sharp, not of the chamber either
    moved         the camera does not look where it looked when the background was taken
    dirty         the chamber, when it is empty, is not as it was: dirt, a sticker, a drop on the lens
    other_size    the picture is not of the size that the background was taken in
    ============  ======================================================================================
    """

    DARK = "dark"
    OVER_EXPOSED = "over_exposed"
    OUT_OF_FOCUS = "out_of_focus"
    MOVED = "moved"
    DIRTY = "dirty"
    OTHER_SIZE = "other_size"


@dataclass(frozen=True, slots=True)
class Scene:
    """What one look shows, or several of one item ``together``.

    ``objects``: 0, 1, or 2 for more than one. ``form``, ``pose`` and sizes are of the largest, None where nothing is there or the machine is at fault.
    ``width_mm`` is the outline's, shadows and all, ``body_mm`` from the steepest edge to the steepest edge: the thing's own or less. Millimetres as the camera sees them at the height of a bottle's axis, None without calibration. ``still``: as it lay in the look before; None where there was none. ``hand``: something
    reaches in from the side of the visitor. ``lit``: the chamber's lamp was on. ``faults``: with any of them the rest says nothing of the item.
    """

    objects: int = 0
    form: Form | None = None
    pose: Pose | None = None
    length_mm: float | None = None
    width_mm: float | None = None
    still: bool | None = None
    hand: bool = False
    lit: bool = True
    faults: frozenset[ChamberFault] = frozenset()
    body_mm: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.objects <= 2:
            raise ValueError(f"objects are 0, 1, or 2 for more than one: {self.objects}")

    @property
    def present(self) -> bool:
        return self.objects > 0

    @property
    def sure(self) -> bool:
        """Whether it says anything of the item at all."""
        return not self.faults


Said = TypeVar("Said", bound=Hashable)


def together(scenes: Sequence[Scene]) -> Scene | None:
    """What the looks at one item show taken together; None where no look has a scene.

    A fault counts if more than half of the looks have it. Of the looks without one: as many objects as in most of them, form and pose of most, sizes the median; a screen or a hand if any one shows it,
    because either is seen in one look only: the dark one, or the one in which the visitor reached in.
    """
    if not scenes:
        return None
    sure = [scene for scene in scenes if scene.sure]
    if 2 * len(sure) <= len(scenes):
        return Scene(faults=frozenset(fault for scene in scenes for fault in scene.faults))
    lit = [scene for scene in sure if scene.lit] or sure
    objects = _most([scene.objects for scene in lit])
    of_it = [scene for scene in lit if scene.objects == objects]
    screen = any(scene.form is Form.SCREEN for scene in sure)
    return Scene(
        objects,
        Form.SCREEN if screen else _most([scene.form for scene in of_it]),
        _most([scene.pose for scene in of_it]),
        _middle([scene.length_mm for scene in of_it]),
        _middle([scene.width_mm for scene in of_it]),
        lit[-1].still,
        any(scene.hand for scene in sure),
        lit=lit[-1].lit,
        body_mm=_middle([scene.body_mm for scene in of_it]),
    )


def _most(said: Sequence[Said]) -> Said:
    """What most of them say; of two said as often, what was said last: the item has come to rest by then."""
    counted = Counter(said)
    return max(reversed(said), key=lambda one: counted[one])


def _middle(sizes: Sequence[float | None]) -> float | None:
    known = [size for size in sizes if size is not None]
    return median(known) if known else None
