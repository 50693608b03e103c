"""Steps of the camera: that pictures come and change, their light and sharpness, the lamp, and that a code is read.

The source is opened anew for each step, so that its pictures are of now. What a picture tells of the camera is ``drivers/camera/picture.py``'s,
with the limits of brightness, glare and blur and what they were measured on.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from drivers.camera.faults import CameraFault, SourceLost
from drivers.camera.health import BLUR_LIMIT_PX, BRIGHT_LIMIT, CHANGE_LIMIT, SATURATED_LIMIT, PictureFigures
from drivers.camera.picture import Image, Sample, read
from drivers.camera.settings import NotTaken
from drivers.camera.source import settle_opencv
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Blame, Check, Figure, Group, Measured, Part, Result, Stated, StepReason, Unit, exactly, failed, judged
from kiosk.selftest.rig import Rig
from kiosk.selftest.steps import Step
from recognition.codes.cascade import read_look
from recognition.judge import agreed
from recognition.policies import policy_of
from recognition.verdict import Look

PICTURES = 5
"""So many one after the other are enough to see that they change."""

WHITEST = 255.0

WIDEST_PX = 10.0
"""Told of a picture without any edge. Above some 4 px the measure only says "wider than that" (drivers/camera/picture.py)."""

LAMP_LEVELS = 20.0
"""Chosen: the brightest part of the picture must lose so many grey levels without the lamp. In the twin it loses some 200."""

LAMP_SETTLES = 3
"""Pictures let pass after the lamp has changed: one may have been half exposed, and a camera adapts."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Some pictures one after the other. ``judged`` is false of files: nothing is said of a camera by them."""

    images: tuple[Image, ...]
    readings: tuple[PictureFigures, ...]
    judged: bool
    not_taken: tuple[NotTaken, ...]


def look(rig: Rig, pictures: int, *, sharpness: bool = False, skip: int = 0) -> Seen:
    """Opens the source for a few pictures. Raises SourceLost."""
    settle_opencv()
    source, not_taken = rig.open_camera()
    images: list[Image] = []
    readings: list[PictureFigures] = []
    before: Sample | None = None
    with closing(source):
        for _ in range(skip):
            source.skip()
        for _ in range(pictures):
            images.append(source.read().image)
            reading, before = read(images[-1], before, sharpness)
            readings.append(reading)
    return Seen(tuple(images), tuple(readings), source.judged, not_taken)


def camera(rig: Rig) -> Result:
    try:
        seen = look(rig, PICTURES)
    except SourceLost as lost:
        if lost.trouble.fault is CameraFault.ABSENT:
            return failed("camera", Blame(Part.CAMERA, StepReason.CAMERA_ABSENT), lost.trouble.detail)
        return failed("camera", Blame(Part.CAMERA, StepReason.NO_PICTURE), str(lost.trouble))
    return judge_pictures(seen.readings, seen.judged, seen.not_taken)


def judge_pictures(readings: Sequence[PictureFigures], is_camera: bool, not_taken: Sequence[NotTaken]) -> Result:
    """Each differs from the one before (a camera's noise does that), and the device took what was asked of it."""
    checks = [
        Check(Measured(Figure.PICTURES, len(readings), Unit.NONE, PICTURES, None), Blame(Part.CAMERA, StepReason.FEW_PICTURES)),
        Check(exactly(Figure.SETTINGS, len(not_taken), 0, Unit.NONE), Blame(Part.CAMERA, StepReason.SETTING_NOT_TAKEN)),
    ]
    changes = [reading.change for reading in readings if reading.change is not None]
    if is_camera and changes:
        change = Measured(Figure.CHANGE, round(min(*changes, WHITEST), 2), Unit.GREY, CHANGE_LIMIT, None)
        checks.insert(1, Check(change, Blame(Part.CAMERA, StepReason.FROZEN)))
    return judged("camera", *checks, detail=", ".join(f"{setting.setting}: {setting.got}" for setting in not_taken))


def camera_light(rig: Rig) -> Result:
    return judge_light(look(rig, 1).readings[0])


def judge_light(reading: PictureFigures) -> Result:
    saturated = Measured(Figure.SATURATED, round(100 * reading.saturated), Unit.PERCENT, None, 100 * SATURATED_LIMIT)
    bright = Measured(Figure.BRIGHTNESS, round(reading.bright), Unit.GREY, BRIGHT_LIMIT, WHITEST)
    return judged(
        "camera_light",
        Check(bright, Blame(Part.LIGHT, StepReason.TOO_DARK)),
        Check(saturated, Blame(Part.LIGHT, StepReason.TOO_BRIGHT)),
    )


def camera_sharpness(rig: Rig) -> Result:
    """On the empty chamber: what lies in it may well have no edge in focus."""
    return judge_sharpness(look(rig, 1, sharpness=True).readings[0])


def judge_sharpness(reading: PictureFigures) -> Result:
    found = WIDEST_PX if reading.blur_px is None else min(reading.blur_px, WIDEST_PX)
    blur = Measured(Figure.BLUR, round(found, 2), Unit.PX, None, BLUR_LIMIT_PX)
    return judged("camera_sharpness", Check(blur, Blame(Part.LENS, StepReason.BLURRED)))


def lamp(rig: Rig) -> Result:
    """The lamp off and on again, seen by the camera."""
    before = rig.controls.health().lamp_percent
    try:
        rig.controls.light(0)
        dark = look(rig, 1, skip=LAMP_SETTLES).readings[0].bright
        rig.controls.light(100)
        lit = look(rig, 1, skip=LAMP_SETTLES).readings[0].bright
    finally:
        rig.controls.light(before)
    return judge_lamp(dark, lit)


def judge_lamp(dark: float, lit: float) -> Result:
    figure = Measured(Figure.LIT, round(lit - dark), Unit.GREY, LAMP_LEVELS, None)
    return judged("lamp", Check(figure, Blame(Part.LAMP, StepReason.LAMP_WITHOUT_EFFECT)))


def code(rig: Rig) -> Result:
    """A bottle whose code faces the camera, read by the kiosk's own policy. It stays in the chamber."""
    hot = rig.chamber.put_in(Chore.PUT_BOTTLE)
    policy = policy_of(rig.settings.recognition, rig.demonstration)
    images = look(rig, policy.most_looks).images
    looks: list[Look] = []
    for number, image in enumerate(images, 1):
        looks.append(read_look(image, number, looks))
    return judge_code(hot.occupied, looks, agreed(looks, policy), policy.agreeing_looks)


def judge_code(occupied: bool, looks: Sequence[Look], gtin: str | None, wanted: int) -> Result:
    """``gtin``: what the looks agree on; ``wanted``: how many must."""
    seeing = Measured(Figure.LOOKS, sum(bool(look.codes) for look in looks), Unit.NONE, wanted, None)
    blame = Blame(Part.CODE, StepReason.NO_CODE)
    return judged(
        "code",
        Check(Stated(Figure.CODE, gtin or "") if gtin else seeing, blame),
        Check(exactly(Figure.OCCUPIED, int(occupied), 1, Unit.YES), Blame(Part.CHAMBER_SENSOR, StepReason.STUCK_OFF)),
    )


CAMERA = (
    Step("camera", Group.CAMERA, camera, asks=False),
    Step("camera_light", Group.CAMERA, camera_light, needs=("camera",), asks=False),
    Step("camera_sharpness", Group.CAMERA, camera_sharpness, needs=("camera", "camera_light"), asks=False),
    Step("lamp", Group.CAMERA, lamp, needs=("camera", "camera_light")),
)
CODE = Step(
    "code",
    Group.CAMERA,
    code,
    needs=("gate", "chamber_empty", "entry_beam_free", "camera", "camera_light", "camera_sharpness"),
    moves=True,
    by_hand=True,
)
