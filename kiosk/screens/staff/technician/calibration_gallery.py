"""The page of calibration in every state, as values of the console."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from drivers.intake.bus import Calibration
from kiosk.console.calibrating.told import AtCalibration, Framed, SetRight, Stage, What
from kiosk.console.calibrating.wrong import (
    BinNotEmpty,
    BinNotStill,
    BinOutOfReach,
    CameraFailed,
    ChamberNotStill,
    ControllerFailed,
    DoorStandsOpen,
    NoChamber,
    NoHands,
    NothingOnScale,
    NotKept,
    NotStill,
    SomethingOnScale,
    TargetTilted,
    TargetUnseen,
    Wrong,
    WrongWeight,
)
from kiosk.deposit.loans import StillBusy
from kiosk.selftest.hands import Chore

OLD = Calibration(0, 1.0, (900, 900))
SCALE = Calibration(-7, 1.0234, (900, 900))
BIN = Calibration(-7, 1.0234, (900, 1042))
MOVED = Framed(taken=True, right=-3.4, down=12.6, picture_mm=298.0)
AT = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
HISTORY = (SetRight(What.BIN_2, SCALE, BIN, AT, "101"), SetRight(What.SCALE, OLD, SCALE, AT, "102"))

WRONG: tuple[tuple[What, Wrong], ...] = (
    (What.SCALE, NotStill()),
    (What.SCALE, SomethingOnScale(1240)),
    (What.SCALE, NothingOnScale()),
    (What.SCALE, WrongWeight(204, 500)),
    (What.BIN_1, BinOutOfReach(0, 300, 1500)),
    (What.BIN_1, BinNotStill(180)),
    (What.BIN_2, BinNotEmpty(640, 1042)),
    (What.CAMERA, CameraFailed()),
    (What.CAMERA, ChamberNotStill()),
    (What.CAMERA, NotKept()),
    (What.WIDTH, NoChamber()),
    (What.WIDTH, TargetUnseen()),
    (What.WIDTH, TargetTilted(7)),
    (What.SCALE, DoorStandsOpen()),
    (What.SCALE, NoHands()),
    (What.SCALE, ControllerFailed()),
)


def calibration_shots() -> Iterator[tuple[str, AtCalibration]]:
    """In the order in which one meets them."""
    listed = AtCalibration(Stage.LISTED, HISTORY)
    yield "looking", AtCalibration()
    yield "new", AtCalibration(Stage.LISTED)
    yield "list", listed
    yield "refused", replace(listed, why=StillBusy())
    yield "sure", replace(listed, stage=Stage.SURE, what=What.BIN_2)
    yield "asked", replace(listed, stage=Stage.ASKED, what=What.SCALE)
    measuring = replace(listed, stage=Stage.MEASURING, what=What.SCALE)
    yield "measuring", measuring
    yield "weight", replace(measuring, chore=Chore.PUT_WEIGHT, weight_g=500)
    yield "take-out", replace(measuring, chore=Chore.TAKE_OUT, weight_g=500)
    proposed = replace(measuring, stage=Stage.PROPOSED, old=OLD, new=SCALE)
    yield "proposed", proposed
    yield "proposed-bin", replace(proposed, what=What.BIN_2, old=SCALE, new=BIN)
    yield "proposed-camera", replace(proposed, what=What.CAMERA, old=Framed(taken=True, picture_mm=298.0), new=MOVED)
    yield "proposed-camera-first", replace(proposed, what=What.CAMERA, old=Framed(taken=False), new=Framed(taken=True))
    wide = Framed(taken=True, picture_mm=302.4)
    yield "target", replace(measuring, what=What.WIDTH, chore=Chore.LAY_TARGET)
    yield "proposed-width", replace(proposed, what=What.WIDTH, old=Framed(taken=True, picture_mm=298.0), new=wide)
    yield "proposed-width-first", replace(proposed, what=What.WIDTH, old=Framed(taken=True), new=wide)
    yield "writing", replace(proposed, stage=Stage.WRITING)
    yield "done", AtCalibration(Stage.OVER, HISTORY, What.SCALE, done=HISTORY[1])
    yield "left", AtCalibration(Stage.OVER, HISTORY, What.SCALE)
    for what, wrong in WRONG:
        yield f"wrong-{type(wrong).__name__}", AtCalibration(Stage.OVER, HISTORY, what, wrong=wrong)
