"""Steps of the sensors: what each says of the machine at rest, and of what hands do to it. The scale has a module of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from drivers.intake.bus import Actuator as Moved
from drivers.intake.bus import ControllerFault, FaultCause, HotBlock, Trial
from kiosk.deposit.obstacles import SOMETHING_G
from kiosk.selftest.actuators import LEAST_MA, MOST_MA, current
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Blame, Check, Figure, Group, Measured, Part, Result, StepReason, Unit, exactly, judged
from kiosk.selftest.rig import EFFECT_S, Rig
from kiosk.selftest.steps import Step


@dataclass(frozen=True, slots=True)
class AtRest:
    """What a sensor must say while the machine stands shut and empty."""

    name: str
    said: Callable[[HotBlock], bool]
    wanted: bool
    part: Part


AT_REST = (
    AtRest("metal_none", lambda hot: hot.metal, False, Part.METAL_SENSOR),
    AtRest("gate_shut_at_rest", lambda hot: hot.gate_shut, True, Part.GATE_SHUT_SWITCH),
    AtRest("gate_open_at_rest", lambda hot: hot.gate_open, False, Part.GATE_OPEN_SWITCH),
    AtRest("entry_beam_free", lambda hot: hot.entry_beam, False, Part.ENTRY_BEAM),
    AtRest("drop_beam_free", lambda hot: hot.drop_beam, False, Part.DROP_BEAM),
    AtRest("flap_locked_at_rest", lambda hot: hot.flap_locked, True, Part.FLAP_SWITCH),
)

FALL_MS = 1000.0
"""Half of what the controller allows a fall, and the flap's shutting (firmware/sort.py, FALL_MS, LOCK_MS)."""

CURRENT = Unit.MA, LEAST_MA, MOST_MA

BLOCKED_PARTS = {"gate_shut_at_rest": (ControllerFault.GATE, Part.GATE), "flap_locked_at_rest": (ControllerFault.FLAP, Part.FLAP)}
"""The controller knows by the current when it is not the switch that is wrong but the drive that is blocked."""


def at_rest(sensor: AtRest, rig: Rig) -> Result:
    return judge_at_rest(sensor, rig.controls.rest())


def judge_at_rest(sensor: AtRest, hot: HotBlock) -> Result:
    said = exactly(Figure.SIGNAL, int(sensor.said(hot)), int(sensor.wanted))
    blame = Blame(sensor.part, StepReason.STUCK_OFF if sensor.wanted else StepReason.STUCK_ON)
    fault, drive = BLOCKED_PARTS.get(sensor.name, (None, sensor.part))
    if hot.fault is fault and hot.cause in (FaultCause.OVER_CURRENT, FaultCause.BLOCKED):
        blame = Blame(drive, StepReason.BLOCKED)
    return judged(sensor.name, Check(said, blame))


def chamber_empty(rig: Rig) -> Result:
    """What lies there from before is offered back first; then nothing may be seen."""
    hot = rig.controls.rest()
    if hot.occupied and hot.weight_g >= SOMETHING_G and rig.forbidden(hot) is None:
        hot = rig.chamber.empty()
    return judge_chamber_empty(hot.occupied, hot.weight_g)


def judge_chamber_empty(occupied: bool, weight_g: int) -> Result:
    """With something on the scale it is not the sensor that is wrong."""
    reason = StepReason.SOMETHING_IN if weight_g >= SOMETHING_G else StepReason.STUCK_ON
    return judged("chamber_empty", Check(exactly(Figure.OCCUPIED, int(occupied), 0, Unit.YES), Blame(Part.CHAMBER_SENSOR, reason)))


def door_opened(rig: Rig) -> Result:
    rig.hands.do(Chore.OPEN_DOOR, rig.controls.keep)
    hot = rig.controls.wait(lambda seen: seen.door_open, EFFECT_S)
    return judge_switch("door_opened", Part.DOOR_SWITCH, hot.door_open, wanted=True)


def door_shut(rig: Rig) -> Result:
    rig.hands.do(Chore.SHUT_DOOR, rig.controls.keep)
    hot = rig.controls.wait(lambda seen: not seen.door_open, EFFECT_S)
    return judge_switch("door_shut", Part.DOOR_SWITCH, hot.door_open, wanted=False)


def judge_switch(name: str, part: Part, said: bool, *, wanted: bool) -> Result:
    reason = StepReason.STUCK_OFF if wanted else StepReason.STUCK_ON
    return judged(name, Check(exactly(Figure.SIGNAL, int(said), int(wanted)), Blame(part, reason)))


def gate_switches(rig: Rig) -> Result:
    """Both of them while the gate stands open."""
    hot = rig.chamber.open_gate()
    return judge_gate_switches(hot.gate_open, hot.gate_shut)


def judge_gate_switches(says_open: bool, says_shut: bool) -> Result:
    return judged(
        "gate_switches",
        Check(exactly(Figure.SIGNAL, int(says_open), 1), Blame(Part.GATE_OPEN_SWITCH, StepReason.STUCK_OFF)),
        Check(exactly(Figure.SIGNAL, int(says_shut), 0), Blame(Part.GATE_SHUT_SWITCH, StepReason.STUCK_ON)),
    )


def entry_beam_covered(rig: Rig) -> Result:
    """A hand in the open gate, and out again."""
    rig.chamber.open_gate()
    rig.hands.do(Chore.COVER_BEAM, rig.controls.keep)
    covered = rig.controls.wait(lambda seen: seen.entry_beam, EFFECT_S).entry_beam
    rig.hands.do(Chore.FREE_BEAM, rig.controls.keep)
    freed = not rig.controls.wait(lambda seen: not seen.entry_beam, EFFECT_S).entry_beam
    return judge_beam(covered, freed)


def judge_beam(covered: bool, freed: bool) -> Result:
    return judged(
        "entry_beam_covered",
        Check(exactly(Figure.SIGNAL, int(covered), 1), Blame(Part.ENTRY_BEAM, StepReason.STUCK_OFF)),
        Check(exactly(Figure.SIGNAL, int(not freed), 0), Blame(Part.ENTRY_BEAM, StepReason.STUCK_ON)),
    )


def metal(rig: Rig) -> Result:
    """Something of metal in the chamber."""
    hot = rig.chamber.put_in(Chore.PUT_METAL)
    rig.chamber.empty()
    return judge_metal(hot.occupied, hot.metal)


def judge_metal(occupied: bool, is_metal: bool) -> Result:
    return judged(
        "metal",
        Check(exactly(Figure.OCCUPIED, int(occupied), 1, Unit.YES), Blame(Part.CHAMBER_SENSOR, StepReason.STUCK_OFF)),
        Check(exactly(Figure.SIGNAL, int(is_metal), 1), Blame(Part.METAL_SENSOR, StepReason.STUCK_OFF)),
    )


@dataclass(frozen=True, slots=True)
class Fall:
    """What a test bottle that fell left behind: whether the chamber still holds it, the steps of totaliser and of the count of tests.

    ``trial`` runs out until the bottle was in the drop beam, and back until the flap had locked again: the flap's whole way.
    """

    occupied: bool
    counted: int
    as_test: int
    trial: Trial


def drop(rig: Rig) -> Result:
    """Lets the test bottle fall: a Test of the flap, which counts apart from every visitor's bottle and is never credited."""
    rig.chamber.put_in(Chore.PUT_BOTTLE)
    before, counts = rig.controls.read(), rig.controls.health()
    after, _ = rig.controls.trial(Moved.FLAP)
    hot = rig.controls.read()
    return judge_drop(Fall(hot.occupied, hot.totaliser - before.totaliser, after.drops_test - counts.drops_test, after.trial))


def _flap_way(took: Measured, drew: Measured) -> tuple[Check, Check]:
    return Check(took, Blame(Part.FLAP, StepReason.LATE)), current(Part.FLAP, drew)


def judge_drop(fall: Fall) -> Result:
    trial = fall.trial
    return judged(
        "drop",
        Check(exactly(Figure.OCCUPIED, int(fall.occupied), 0, Unit.YES), Blame(Part.FLAP, StepReason.NOTHING_FELL)),
        Check(exactly(Figure.COUNTED, fall.counted, 1, Unit.NONE), Blame(Part.DROP_BEAM, StepReason.NOT_COUNTED)),
        Check(exactly(Figure.AS_TEST, fall.as_test, 1, Unit.NONE), Blame(Part.MEMORY, StepReason.COUNTED_OTHERWISE)),
        *_flap_way(Measured(Figure.OUT_TIME, trial.out_ms, Unit.MS, None, FALL_MS), Measured(Figure.OUT_CURRENT, trial.out_ma, *CURRENT)),
        *_flap_way(
            Measured(Figure.BACK_TIME, trial.back_ms, Unit.MS, None, FALL_MS), Measured(Figure.BACK_CURRENT, trial.back_ma, *CURRENT)
        ),
    )


STANDING = (
    Step("door_opened", Group.SENSORS, door_opened, by_hand=True),
    Step("door_shut", Group.SENSORS, door_shut, by_hand=True),
    Step("chamber_empty", Group.SENSORS, chamber_empty, rests=True),
    *(Step(sensor.name, Group.SENSORS, partial(at_rest, sensor), rests=True) for sensor in AT_REST),
)
"""Before anything moves."""

IN_THE_GATE = (
    Step("gate_switches", Group.SENSORS, gate_switches, needs=("gate",), moves=True),
    Step("entry_beam_covered", Group.SENSORS, entry_beam_covered, needs=("gate", "entry_beam_free"), moves=True, by_hand=True),
)
METAL = Step("metal", Group.SENSORS, metal, needs=("gate", "chamber_empty", "metal_none", "entry_beam_free"), moves=True, by_hand=True)
DROP = Step(
    "drop", Group.SENSORS, drop, needs=("gate", "flap", "chamber_empty", "entry_beam_free", "drop_beam_free"), moves=True, by_hand=True
)
