"""Runs the steps in their order: what one stands on must have passed, what one raises becomes its result, and the machine is left cleared.

The order and the exit of the self-test are here; limits and judgements are in the steps.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from drivers.camera.faults import SourceLost
from drivers.intake.bus import BusError, ControllerFault, ControllerState, PortTaken
from kiosk.selftest.actuators import ACTUATORS
from kiosk.selftest.bins import BINS
from kiosk.selftest.camera import CAMERA, CODE
from kiosk.selftest.controls import NotAtRest, Refused, needs_clear
from kiosk.selftest.hands import NotDone
from kiosk.selftest.link import FAULT, LINK, TOTALISER
from kiosk.selftest.machine import MACHINE
from kiosk.selftest.results import Blame, Outcome, Part, Result, StepReason, failed, skipped
from kiosk.selftest.rig import Rig
from kiosk.selftest.scale import WEIGHT, ZERO
from kiosk.selftest.sensors import DROP, IN_THE_GATE, METAL, STANDING
from kiosk.selftest.steps import Step

PLAN: tuple[Step, ...] = (
    *LINK,
    *MACHINE,
    *STANDING,
    ZERO,
    *BINS,
    FAULT,
    *ACTUATORS,
    *CAMERA,
    *IN_THE_GATE,
    WEIGHT,
    METAL,
    CODE,
    DROP,
    TOTALISER,
)
"""What stands first, then what moves alone, then what needs hands at the gate: a technician is asked for as late as can be."""


@dataclass(frozen=True, slots=True)
class Report:
    """``left_ready``: the machine stands shut and empty, without a latched fault; None: nobody could be asked."""

    results: tuple[Result, ...]
    left_ready: bool | None

    @property
    def failures(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.outcome is Outcome.FAIL)

    @property
    def exit_code(self) -> int:
        """0 all passed or skipped, 1 something failed, 3 the controller does not answer, or no more."""
        unlinked = any(result.name == "link" or result.reason is StepReason.LINK_LOST for result in self.failures)
        return 3 if unlinked else 1 if self.failures else 0


def chosen(names: Collection[str], plan: Sequence[Step] = PLAN) -> tuple[Step, ...]:
    """The named steps with all that they stand on, in order. KeyError for a name that no step has."""
    by_name = {step.name: step for step in plan}
    wanted = {"link", "program"}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            waiting += by_name[name].needs
        wanted.add(name)
    return tuple(step for step in plan if step.name in wanted)


def tell_nobody(step: Step, result: Result) -> None:
    """For a run of which only the report is wanted."""


def run(rig: Rig, plan: Sequence[Step] = PLAN, tell: Callable[[Step, Result], None] = tell_nobody) -> Report:
    """Every step once; ``tell`` hears each as it ends. Raises PortTaken: then another program has the machine."""
    results: dict[str, Result] = {}
    left_ready: bool | None = None
    try:
        for step in plan:
            results[step.name] = _result(step, rig, results)
            tell(step, results[step.name])
    finally:
        if rig.usable:
            left_ready = leave(rig)
        rig.controls.close()
    return Report(tuple(results.values()), left_ready)


def _result(step: Step, rig: Rig, results: dict[str, Result]) -> Result:
    """What became of a step; what it raised is told as a result."""
    try:
        return _hindered(step, rig, results) or step.run(rig)
    except NotDone as undone:
        return skipped(step.name, undone.reason, undone.detail)
    except Refused as refused:
        return _refused(step, rig, refused)
    except NotAtRest as moving:
        return failed(step.name, Blame(Part.CONTROLLER, StepReason.NOT_AT_REST), moving.hot.state.name.lower())
    except SourceLost as lost:
        return failed(step.name, Blame(Part.CAMERA, StepReason.NO_PICTURE), str(lost.trouble))
    except PortTaken:
        raise
    except BusError as error:
        rig.usable = False
        return failed(step.name, Blame(Part.CABLE, StepReason.LINK_LOST), str(error))


def _hindered(step: Step, rig: Rig, results: dict[str, Result]) -> Result | None:
    """A step that stands on something that is not there is skipped, never failed."""
    if step.asks and not rig.usable:
        program = results.get("program")
        wrong = program is not None and program.reason is StepReason.OTHER_TABLE
        return skipped(step.name, StepReason.WRONG_PROGRAM if wrong else StepReason.NO_LINK)
    if step.moves:
        forbidden = rig.forbidden(rig.controls.read())
        if forbidden is not None:
            return skipped(step.name, *forbidden)
    for name in step.needs:
        if results[name].outcome is not Outcome.PASS:
            return skipped(step.name, StepReason.NEEDS, name)
    if step.clears:
        hot = rig.clear()
        if step.moves and needs_clear(hot):
            return skipped(step.name, StepReason.NOT_CLEARED, hot.fault.name.lower())
    return None


def _refused(step: Step, rig: Rig, refused: Refused) -> Result:
    """What was not taken was not measured."""
    forbidden = rig.forbidden(refused.hot)
    if forbidden is not None:
        return skipped(step.name, *forbidden)
    if refused.hot.fault is ControllerFault.SUPPLY:
        return skipped(step.name, StepReason.NEEDS, "supply")
    return skipped(step.name, StepReason.REFUSED, refused.answer.name.lower())


def leave(rig: Rig) -> bool:
    """Shuts, empties and clears as far as it can. Whether the machine stands ready for the kiosk."""
    try:
        hot = rig.controls.rest()
        if rig.forbidden(hot) is None and (hot.occupied or hot.state is ControllerState.OPEN):
            rig.chamber.empty()
        hot = rig.clear()
    except (BusError, Refused, NotAtRest, NotDone):
        return False
    stands_shut = hot.state is ControllerState.SHUT and hot.gate_shut and hot.flap_locked
    return stands_shut and not needs_clear(hot) and not hot.occupied and not hot.door_open
