"""Steps of the actuators: gate, flap and sorter there and back, with time and highest current of both ways; and the gate's force stop.

The controller measures (firmware/trial.py). Limits in time are half of what the controller allows a part before it calls it failed, so
that a part that grows tired is told before it stops the kiosk. The limits in current stand between what moves nothing and the 1.8 A
at which the controller stops a drive (firmware/motion.py, OVER_MA). All of them are chosen, and not yet measured on metal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from drivers.intake.bus import Actuator as Moved
from drivers.intake.bus import Trial, TrialResult
from kiosk.selftest.controls import Moment
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Blame, Check, Figure, Group, Measured, Part, Result, Stated, StepReason, Unit, failed, judged
from kiosk.selftest.rig import Rig
from kiosk.selftest.steps import Step

SHORTEST_MS = 20.0
"""Neither gate nor sorter gets from end to end in less: a switch that says so at once says it always. The flap has one switch only, at
its lock, and a Test of it on an empty chamber turns round as soon as that lets go: its whole way is measured by the test drop."""

GATE_MS, OTHERS_MS = 1500.0, 1000.0
LEAST_MA, MOST_MA = 100.0, 1500.0
STOP_MA = (1800.0, 3000.0)
"""From where the controller takes it for force, to where a pinched finger would tell (chosen; the force itself needs a gauge)."""

LAST_S = 0.5
"""In the last moments before the controller gives a part up, one that has arrived long ago draws nothing any more."""


@dataclass(frozen=True, slots=True)
class Drive:
    """A part that a Test moves; ``out_switch`` and ``back_switch`` tell that it arrived.

    ``shortest_ms`` is None where the way out is too short to be measured, ``current_back`` false where the way back is.
    """

    name: str
    moved: Moved
    part: Part
    shortest_ms: float | None
    longest_ms: float
    current_back: bool
    out_switch: Part
    back_switch: Part


DRIVES = (
    Drive("gate", Moved.GATE, Part.GATE, SHORTEST_MS, GATE_MS, True, Part.GATE_OPEN_SWITCH, Part.GATE_SHUT_SWITCH),
    Drive("flap", Moved.FLAP, Part.FLAP, None, OTHERS_MS, False, Part.FLAP_SWITCH, Part.FLAP_SWITCH),
    Drive("sorter", Moved.SORTER, Part.SORTER, SHORTEST_MS, OTHERS_MS, True, Part.SORTER, Part.SORTER),
)


def there_and_back(drive: Drive, rig: Rig) -> Result:
    health, moments = rig.controls.trial(drive.moved)
    return judge_trial(drive, health.trial, moments)


def judge_trial(drive: Drive, trial: Trial, moments: Sequence[Moment]) -> Result:
    """How a Test ended; where it did not, which of drive and switch is to blame is told by the current."""
    match trial.result:
        case TrialResult.ARRIVED:
            out, back = _ways(drive, trial)
            return judged(drive.name, *out, *back)
        case TrialResult.OVER_CURRENT:
            blame = Blame(drive.part, StepReason.BLOCKED)
        case TrialResult.FORCE_STOPPED:
            blame = Blame(drive.part, StepReason.IN_THE_WAY)
        case _:
            blame = _blame_of_lateness(drive, trial, moments)
    return failed(drive.name, blame, figures=_so_far(drive, trial))


def _ways(drive: Drive, trial: Trial) -> tuple[tuple[Check, ...], tuple[Check, ...]]:
    """Out and back, time and current."""
    out = Measured(Figure.OUT_TIME, trial.out_ms, Unit.MS, drive.shortest_ms, drive.longest_ms)
    back = Measured(Figure.BACK_TIME, trial.back_ms, Unit.MS, drive.shortest_ms, drive.longest_ms)
    drew_out = Measured(Figure.OUT_CURRENT, trial.out_ma, Unit.MA, LEAST_MA, MOST_MA)
    drew_back = Measured(Figure.BACK_CURRENT, trial.back_ma, Unit.MA, LEAST_MA, MOST_MA)
    return (
        (_time(drive.part, drive.out_switch, out), current(drive.part, drew_out)),
        (_time(drive.part, drive.back_switch, back), *((current(drive.part, drew_back),) if drive.current_back else ())),
    )


def _time(part: Part, switch: Part, took: Measured) -> Check:
    return Check(took, Blame(part, StepReason.LATE), below=Blame(switch, StepReason.SEEN_TOO_SOON))


def current(part: Part, drew: Measured) -> Check:
    """Too much says that it moves with effort, too little that it was not driven."""
    return Check(drew, Blame(part, StepReason.MUCH_CURRENT), below=Blame(part, StepReason.NO_CURRENT))


def _so_far(drive: Drive, trial: Trial) -> tuple[Measured | Stated, ...]:
    """The figures that say why it ended, first those of the way on which it did."""
    out, back = (tuple(check.figure for check in way) for way in _ways(drive, trial))
    return (*back, *out) if trial.back_ms or trial.back_ma else out


def _blame_of_lateness(drive: Drive, trial: Trial, moments: Sequence[Moment]) -> Blame:
    """No current: it was not driven. Current that ended long ago: it arrived, and the switch does not say so. Else it is slow."""
    on_way_back = bool(trial.back_ms or trial.back_ma)
    if (trial.back_ma if on_way_back else trial.out_ma) < LEAST_MA:
        return Blame(drive.part, StepReason.NO_CURRENT)
    last = [moment.motor_ma for moment in moments if moment.at_s >= moments[-1].at_s - LAST_S]
    if last and max(last) < LEAST_MA:
        return Blame(drive.back_switch if on_way_back else drive.out_switch, StepReason.NOT_SEEN_TO_ARRIVE)
    return Blame(drive.part, StepReason.LATE)


def gate_force(rig: Rig) -> Result:
    """The gate shuts on a block that the hands hold beside the beam, and must stop and open again."""
    rig.hands.do(Chore.HOLD_BLOCK, rig.controls.keep)
    health, _ = rig.controls.trial(Moved.GATE)
    return judge_force(health.trial)


def judge_force(trial: Trial) -> Result:
    """The force in newtons needs a gauge: here it is seen that the gate stops, and at which current."""
    stop = Measured(Figure.STOP_CURRENT, trial.back_ma, Unit.MA, *STOP_MA)
    time = Measured(Figure.BACK_TIME, trial.back_ms, Unit.MS, None, GATE_MS)
    match trial.result:
        case TrialResult.FORCE_STOPPED:
            return judged(
                "gate_force", Check(stop, Blame(Part.GATE_FORCE, StepReason.FORCE)), Check(time, Blame(Part.GATE, StepReason.LATE))
            )
        case TrialResult.ARRIVED:
            return failed("gate_force", Blame(Part.GATE_FORCE, StepReason.NOT_STOPPED), figures=(stop, time))
        case TrialResult.OVER_CURRENT:
            return failed("gate_force", Blame(Part.GATE, StepReason.STAYS_BLOCKED), figures=(stop, time))
        case _:
            return failed("gate_force", Blame(Part.GATE, StepReason.LATE), figures=(stop, time))


NEEDS = {
    "gate": ("gate_shut_at_rest", "gate_open_at_rest", "entry_beam_free"),
    "flap": ("flap_locked_at_rest", "chamber_empty"),
    "sorter": ("chamber_empty",),
}
ACTUATORS = (
    *(Step(drive.name, Group.ACTUATORS, partial(there_and_back, drive), needs=NEEDS[drive.name], moves=True) for drive in DRIVES),
    Step("gate_force", Group.ACTUATORS, gate_force, needs=("gate",), moves=True, by_hand=True),
)
