"""Steps of what stands around the intake, which need somebody at the glass: touch, keys, colours, sounds, printer and its code read back, a code at each place of the picture, hand scanner, and the network as the sync last met it."""

from collections.abc import Mapping
from datetime import UTC, datetime

import cv2
import zxingcpp

from drivers.sound.sounds import Sound
from kiosk.selftest.camera import look
from kiosk.selftest.devices import POINTS, Devices, Judged, Key, KeysPressed, PointsTouched, Scanned, Task
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import (
    Blame,
    Check,
    Figure,
    Group,
    Measured,
    Part,
    Result,
    Stated,
    StepReason,
    Unit,
    exactly,
    failed,
    judged,
    skipped,
)
from kiosk.selftest.rig import Rig
from kiosk.selftest.steps import Step
from ledger.chain import time_of
from ledger.sync.acknowledged import LastRound, StateError, read_last_round

OFF_MM = 8.0
"""Chosen: a target is 20 mm wide, so whoever is led 8 mm astray still meets what they aim at."""

SYNCED_S = 24 * 3600.0
"""Chosen: the sync tries every minute; a day without a word is a fault and no pause of the line."""

WELL = frozenset({"Delivered", "NothingToSend"})

LOOKS = 20
"""Pictures in which a sheet that is held by hand may be read: some two seconds."""


def devices(rig: Rig) -> Devices:
    if rig.devices is None:
        raise LookupError("a step of the screen, and nobody at one")
    return rig.devices


def screen_touch(rig: Rig) -> Result:
    answer = devices(rig).glass.at_glass(Task.TOUCH, "", rig.controls.keep)
    return judge_touch(answer.off_mm if isinstance(answer, PointsTouched) else ())


def judge_touch(off_mm: tuple[float | None, ...]) -> Result:
    touched = [off for off in off_mm if off is not None]
    return judged(
        "screen_touch",
        Check(Measured(Figure.TOUCHES, len(touched), Unit.NONE, POINTS, POINTS), Blame(Part.TOUCH, StepReason.NOT_TOUCHED)),
        Check(Measured(Figure.OFF, round(max(touched, default=0.0), 1), Unit.MM, None, OFF_MM), Blame(Part.TOUCH, StepReason.OFF_TARGET)),
    )


def screen_keys(rig: Rig) -> Result:
    answer = devices(rig).glass.at_glass(Task.KEYS, "", rig.controls.keep)
    return judge_keys(answer.keys if isinstance(answer, KeysPressed) else frozenset())


def judge_keys(keys: frozenset[Key]) -> Result:
    """``detail``: those that were not heard."""
    missing = [key.value for key in Key if key not in keys]
    figure = Measured(Figure.KEYS, len(keys), Unit.NONE, len(Key), len(Key))
    return judged("screen_keys", Check(figure, Blame(Part.KEYPAD, StepReason.KEY_DEAD)), detail=", ".join(missing))


def screen_colours(rig: Rig) -> Result:
    answer = devices(rig).glass.at_glass(Task.COLOURS, "", rig.controls.keep)
    good = isinstance(answer, Judged) and answer.good
    return judged("screen_colours", Check(exactly(Figure.SEEN_GOOD, int(good), 1, Unit.YES), Blame(Part.DISPLAY, StepReason.SEEN_WRONG)))


def sounds(rig: Rig) -> Result:
    player = devices(rig).player
    if player is None:
        return skipped("sounds", StepReason.NOT_FITTED)
    for sound in Sound:
        rig.controls.keep()
        if (trouble := player.play(sound)) is not None:
            return failed("sounds", Blame(Part.SPEAKER, StepReason.NOT_PLAYED), f"{trouble.fault} {trouble.said}".strip())
    answer = devices(rig).glass.at_glass(Task.SOUNDS, "", rig.controls.keep)
    good = isinstance(answer, Judged) and answer.good
    return judged("sounds", Check(exactly(Figure.HEARD_GOOD, int(good), 1, Unit.YES), Blame(Part.SPEAKER, StepReason.NOT_HEARD)))


def printer(rig: Rig) -> Result:
    """A sheet with this test's code on it."""
    prints = devices(rig).prints
    if prints is None:
        return skipped("printer", StepReason.NOT_FITTED)
    rig.controls.keep()
    trouble = prints(devices(rig).code)
    if trouble is not None:
        return failed("printer", Blame(Part.PRINTER, StepReason.NOT_PRINTED), f"{trouble.fault} {trouble.said}".strip())
    return judged("printer", Check(exactly(Figure.SHEETS, 1, 1, Unit.NONE), Blame(Part.PRINTER, StepReason.NOT_PRINTED)))


def printer_code(rig: Rig) -> Result:
    """What was printed, held under the camera: only the code of this test's sheet counts."""
    rig.hands.do(Chore.HOLD_SHEET, rig.controls.keep)
    read = {text for text, _ in codes_seen(rig, {devices(rig).code})}
    return judge_read_back(read, devices(rig).code)


def judge_read_back(read: set[str], wanted: str) -> Result:
    figure = Stated(Figure.CODE, wanted if wanted in read else "", wanted)
    return judged("printer_code", Check(figure, Blame(Part.PRINTER, StepReason.NOT_READ_BACK)))


PLACES: Mapping[Chore, tuple[float, float]] = {
    Chore.HOLD_LEFT: (0.0, 0.4),
    Chore.HOLD_MIDDLE: (0.3, 0.7),
    Chore.HOLD_RIGHT: (0.6, 1.0),
}
"""Where the middle of a code must lie, in widths of the picture."""


def targets(rig: Rig) -> Result:
    """A printed code at each place where a bottle's may be; any code is good for that."""
    seen = 0
    for chore, (first, last) in PLACES.items():
        rig.hands.do(chore, rig.controls.keep)
        seen += any(first <= at <= last for _, at in codes_seen(rig, None, between=(first, last)))
    return judge_targets(seen)


def judge_targets(seen: int) -> Result:
    figure = Measured(Figure.PLACES, seen, Unit.NONE, len(PLACES), len(PLACES))
    return judged("targets", Check(figure, Blame(Part.CAMERA, StepReason.OUT_OF_SIGHT)))


def codes_seen(rig: Rig, wanted: set[str] | None, between: tuple[float, float] = (0.0, 1.0)) -> list[tuple[str, float]]:
    """Text and place of the codes in the next pictures, until one is as wanted or nobody would hold the sheet any longer. A hand's picture is looked at and kept nowhere."""
    found: list[tuple[str, float]] = []
    for _ in range(LOOKS // 5):
        rig.controls.keep()
        for image in look(rig, 5).images:
            grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
            for code in zxingcpp.read_barcodes(grey):
                corners = (code.position.top_left, code.position.top_right, code.position.bottom_left, code.position.bottom_right)
                at = sum(corner.x for corner in corners) / 4 / grey.shape[1]
                found.append((code.text, at))
                if (wanted is None or code.text in wanted) and between[0] <= at <= between[1]:
                    return found
    return found


def scanner(rig: Rig) -> Result:
    """The code that stands on the glass, typed by the hand scanner."""
    code = devices(rig).code
    answer = devices(rig).glass.at_glass(Task.SCANNER, code, rig.controls.keep)
    return judge_scanned(answer.text if isinstance(answer, Scanned) else "", code)


def judge_scanned(text: str, code: str) -> Result:
    reason = StepReason.OTHER_CODE if text else StepReason.NOT_SCANNED
    return judged("scanner", Check(Stated(Figure.CODE, text, code), Blame(Part.SCANNER, reason)))


def network(rig: Rig) -> Result:
    """The kiosk has no network of its own: what the sync last said, and when."""
    try:
        last = read_last_round(rig.settings.files.acknowledged)
    except StateError as error:
        return failed("network", Blame(Part.NETWORK, StepReason.SYNC_UNREAD), error.detail)
    return skipped("network", StepReason.NO_SYNC) if last is None else judge_network(last, rig.clock.now().utc)


def judge_network(last: LastRound, now: datetime) -> Result:
    since = round((now - time_of(last.at).astimezone(UTC)).total_seconds())
    well = last.outcome in WELL
    return judged(
        "network",
        Check(exactly(Figure.SYNCED, int(well), 1, Unit.YES), Blame(Part.NETWORK, StepReason.NOT_SYNCED)),
        Check(Measured(Figure.SINCE_SYNC, max(0, since), Unit.S, None, SYNCED_S), Blame(Part.NETWORK, StepReason.SYNC_SILENT)),
        detail=last.outcome if well else " ".join((last.outcome, str(last.facts.get("detail", "")))).strip(),
    )


NETWORK = Step("network", Group.AROUND, network, asks=False)

AT_THE_GLASS = (
    Step("screen_touch", Group.SCREEN, screen_touch, asks=False, by_hand=True),
    Step("screen_colours", Group.SCREEN, screen_colours, asks=False, by_hand=True),
    Step("screen_keys", Group.SCREEN, screen_keys, asks=False, by_hand=True),
    Step("sounds", Group.AROUND, sounds, asks=False, by_hand=True),
    Step("scanner", Group.AROUND, scanner, asks=False, by_hand=True),
)
"""What is done standing, before one kneels down."""

THROUGH_THE_DOOR = (
    Step("printer", Group.AROUND, printer, asks=False),
    Step("printer_code", Group.AROUND, printer_code, needs=("printer", "camera", "camera_light"), asks=False, by_hand=True),
    Step("targets", Group.CAMERA, targets, needs=("camera", "camera_light"), asks=False, by_hand=True),
)
"""What is held under the camera while the service door is open and nothing can move."""
