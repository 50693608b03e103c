"""The camera's place, from pictures of the empty chamber: taken anew, and compared with the picture that was kept before; and how wide its picture is, by the printed target. Pure but for reading what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot
from statistics import median

import cv2
import zxingcpp

from config.settings import Settings
from drivers.camera.target import TARGET_MM, TARGET_TEXT
from kiosk.console.calibrating.told import Framed
from kiosk.console.calibrating.wrong import NoChamber, TargetTilted, TargetUnseen, Wrong
from recognition.shape.background import UNFRAMED, WIDTH_PX, Background, BackgroundUnreadable, Framing, Image, kept, taken

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

LEAST_SEEN = 3
"""Pictures in which the target must be read."""

TILTED = 0.05
"""By how much the sides of its code may differ: at 60 mm they are read to a fiftieth at worst, and a sheet that leans by 15 mm is off by more."""

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


@dataclass(frozen=True, eq=False)
class Measured:
    """The background with the width that was measured, and both widths."""

    background: Background
    old: Framed
    new: Framed


def measured(pictures: Sequence[Image], settings: Settings) -> Measured | Wrong:
    """How wide the picture is where the target lies: its code's sides in pixels are TARGET_MM each. Straight above it all four are the same, and in every picture."""
    try:
        background = kept(settings.files.background)
    except BackgroundUnreadable:
        background = None
    if background is None:
        return NoChamber()
    sides = [side for picture in pictures for side in _sides(picture)]
    if len(sides) < 4 * LEAST_SEEN:
        return TargetUnseen()
    spread = max(sides) / min(sides) - 1
    if spread > TILTED:
        return TargetTilted(round(100 * spread))
    place = background.framing
    width_mm = round(TARGET_MM / median(sides), 1)
    new = replace(background, framing=replace(place, width_mm=width_mm))
    return Measured(new, Framed(taken=True, picture_mm=place.width_mm), Framed(taken=True, picture_mm=width_mm))


def _sides(picture: Image) -> tuple[float, ...]:
    """The four sides of the target's code, as shares of the picture's width; none where it is not read."""
    for code in zxingcpp.read_barcodes(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), formats=QR):
        if code.text == TARGET_TEXT:
            place = code.position
            corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
            around = zip(corners, (*corners[1:], corners[0]), strict=True)
            return tuple(hypot(a.x - b.x, a.y - b.y) / picture.shape[1] for a, b in around)
    return ()


def _shift(before: Background, now: Background) -> tuple[float, float]:
    """How far what is seen has moved in the picture."""
    if before.mean.shape != now.mean.shape:
        return 0.0, 0.0
    old, new = (cv2.cvtColor(one.mean, cv2.COLOR_BGR2GRAY) for one in (before, now))
    (right, down), _ = cv2.phaseCorrelate(old, new, cv2.createHanningWindow((old.shape[1], old.shape[0]), cv2.CV_32F))
    scale = now.mm_per_px if now.mm_per_px is not None else PICTURE_PX / WIDTH_PX
    return round(right * scale, 1), round(down * scale, 1)
