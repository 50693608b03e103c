"""The live page in its states, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from math import sin

from config.vocabulary import Bin, Gtin, SequenceNumber
from drivers.camera.faults import CameraFault, CameraTrouble
from drivers.intake.bus import (
    Answer,
    Calibration,
    Came,
    ControllerFault,
    ControllerHealth,
    ControllerState,
    FaultCause,
    Felt,
    HoldEnd,
    HotBlock,
    Identity,
    Motion,
    Trial,
    TrialResult,
)
from drivers.intake.trouble import Silence
from kiosk.console.live.vocabulary import AtLive, Moment, Stage, Touched
from kiosk.deposit.loans import VisitOpen
from kiosk.screens.gallery import chamber
from recognition.shown import Mark

HOT = HotBlock(
    state=ControllerState.SHUT,
    fault=ControllerFault.NONE,
    cause=FaultCause.NONE,
    occupied=False,
    steady=True,
    metal=False,
    gate_shut=True,
    gate_open=False,
    entry_beam=False,
    drop_beam=False,
    flap_locked=True,
    hand=False,
    door_open=False,
    beating=True,
    weight_g=0,
    boots=12,
    totaliser=4_711,
    taken=SequenceNumber(9_402),
    sorted=SequenceNumber(9_400),
    counted=SequenceNumber(9_400),
    back=SequenceNumber(9_390),
    answer=Answer.TAKEN,
    bin_percent=(41, 12),
)
HEALTH = ControllerHealth(
    *((560, 790), 412, 11_980, 31.4, Bin(2), 4_690, 14, 7),
    *(Trial(TrialResult.ARRIVED, 820, 640, 910, 655), 100, 2_000, HoldEnd.NONE),
)
WHO = Identity(0x5457494E00C0FFEE, (0, 3), 3, 2)

CODE, OTHER = Gtin("3252210390014"), Gtin("5449000000996")


def _moment(tenths: int) -> Moment:
    """A bottle is put in, lies for a while, and falls."""
    lies, opens = 200 <= tenths < 380, 140 <= tenths < 230
    hot = replace(
        HOT,
        occupied=lies,
        weight_g=round(412 + 2 * sin(tenths)) if lies else 0,
        gate_shut=not opens,
        gate_open=150 <= tenths < 220,
        entry_beam=180 <= tenths < 200,
        hand=186 <= tenths < 194,
        flap_locked=not 378 <= tenths < 392,
        drop_beam=382 <= tenths < 386,
        steady=not (200 <= tenths < 215 or 378 <= tenths < 386),
        door_open=470 <= tenths < 540,
    )
    return Moment(tenths / 10, hot)


TRACE = tuple(map(_moment, range(600)))
CHAMBER = chamber(2)
SEEN = replace(
    CHAMBER,
    boxes=(),
    marks=tuple(
        Mark(code, ((box.left, box.top), (box.right, box.top + 0.02), (box.right, box.bottom), (box.left, box.bottom - 0.02)), believed)
        for box, code, believed in zip(CHAMBER.boxes, (CODE, OTHER), (True, False), strict=True)
    ),
    outlines=(((0.11, 0.3), (0.72, 0.3), (0.73, 0.4), (0.97, 0.4), (0.97, 0.63), (0.73, 0.63), (0.72, 0.72), (0.11, 0.72)),),
)
FELT = Felt(427, Calibration(12, 1.004, (900, 905)))
LENT = AtLive(1, Stage.LENT, identity=WHO, health=HEALTH, felt=FELT, trace=TRACE, picture=SEEN)

LIVES = {
    "asks": AtLive(1),
    "waits": AtLive(1, Stage.WAITS, VisitOpen("0417")),
    "": LENT,
    "moves": replace(LENT, touched=Touched(Motion.GATE_OPEN, 1)),
    "arrived": replace(LENT, touched=Touched(Motion.SORTER_2, 2, ended=HoldEnd.ARRIVED)),
    "refused": replace(LENT, touched=Touched(Motion.FLAP_OPEN, 3, answer=Answer.UNSAFE)),
    "stopped": replace(LENT, stopped=True),
    "lost": replace(LENT, lost=Silence(Came.NOTHING), health=None, picture=None, blind=CameraTrouble(CameraFault.UNPLUGGED)),
    "registers": replace(
        LENT,
        trace=(
            *TRACE[:-1],
            Moment(60.0, replace(HOT, state=ControllerState.FAILED, fault=ControllerFault.GATE, cause=FaultCause.OVER_CURRENT)),
        ),
        health=replace(HEALTH, supply_mv=10_900),
    ),
}


def lives() -> Iterator[tuple[str, AtLive]]:
    """Names after ``staff-live``, in the order in which one meets them."""
    for name, live in LIVES.items():
        yield f"staff-live-{name}" if name else "staff-live", live
