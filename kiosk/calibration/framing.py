"""The camera's place, from pictures of the empty chamber: taken anew, and compared with the picture that was kept before. Pure but for reading that."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2

from config.settings import Settings
from kiosk.console.calibrating.told import Framed
from recognition.shape.background import UNFRAMED, WIDTH_PX, Background, BackgroundUnreadable, Framing, Image, kept, taken

PICTURE_PX = 1280
"""In whose pixels a shift is told where nobody knows how wide the picture is."""


@dataclass(frozen=True, eq=False)
class TakenAnew:
    background: Background
    old: Framed
    new: Framed


def taken_anew(pictures: Sequence[Image], settings: Settings) -> TakenAnew:
    """What would be kept, beside what is. The place in the picture stays what it was. Raises NotOneChamber, OSError."""
    try:
        before = kept(settings.files.background)
    except BackgroundUnreadable:
        before = None
    place = before.framing if before is not None else UNFRAMED
    width_mm = place.width_mm if place.width_mm is not None else settings.camera.picture_mm or None
    now = taken(pictures, Framing(place.left, place.top, place.right, place.bottom, width_mm))
    right, down = (0.0, 0.0) if before is None else _shift(before, now)
    return TakenAnew(now, Framed(before is not None, picture_mm=width_mm), Framed(taken=True, right=right, down=down, picture_mm=width_mm))


def _shift(before: Background, now: Background) -> tuple[float, float]:
    """How far what is seen has moved in the picture."""
    if before.mean.shape != now.mean.shape:
        return 0.0, 0.0
    old, new = (cv2.cvtColor(one.mean, cv2.COLOR_BGR2GRAY) for one in (before, now))
    (right, down), _ = cv2.phaseCorrelate(old, new, cv2.createHanningWindow((old.shape[1], old.shape[0]), cv2.CV_32F))
    scale = now.mm_per_px if now.mm_per_px is not None else PICTURE_PX / WIDTH_PX
    return round(right * scale, 1), round(down * scale, 1)
