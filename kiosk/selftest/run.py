"""Runs the steps in their order: what one stands on must have passed, what one raises becomes its result, and the machine is left cleared.

The order and the exit of the self-test are here; limits and judgements are in the steps.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

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

LINKING = ("link", "program")
"""They find the controller, and no other step asks it anything before."""


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
    wanted = set(LINKING)
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            waiting += by_name[name].needs
        wanted.add(name)
    return tuple(step for step in plan if step.name in wanted)


class Stopped(Exception):
    """A technician has pressed STOP: nothing more is moved, not even to leave the machine shut and empty."""


class Follower(Protocol):
    """Who goes along with a run."""

    def begins(self, step: Step) -> None: ...

    def ended(self, step: Step, result: Result) -> None: ...

    def again(self, step: Step, result: Result, keep: Callable[[], None]) -> bool:
        """Whether a step that has failed is done once more; ``keep`` is called while somebody thinks about it."""
        ...


class Unfollowed:
    """For a run that goes through; ``tell`` hears each step as it ends."""

    def __init__(self, tell: Callable[[Step, Result], None]) -> None:
        self._tell = tell

    def begins(self, step: Step) -> None:
        pass

    def ended(self, step: Step, result: Result) -> None:
        self._tell(step, result)

    def again(self, step: Step, result: Result, keep: Callable[[], None]) -> bool:
        del step, result, keep
        return False


def tell_nobody(step: Step, result: Result) -> None:
    """For a run of which only the report is wanted."""


def run(rig: Rig, plan: Sequence[Step] = PLAN, tell: Callable[[Step, Result], None] = tell_nobody) -> Report:
    """Every step once; ``tell`` hears each as it ends. Raises PortTaken: then another program has the machine."""
    return follow(rig, plan, Unfollowed(tell))


def follow(rig: Rig, plan: Sequence[Step], follower: Follower, known: Iterable[Result] = ()) -> Report:
    """The same with somebody who goes along, and may have a failed step done again. ``known``: what steps came to that are not done now, for those that stand on them.

    Raises PortTaken.
    """
    results = {result.name: result for result in known}
    left_ready: bool | None = None
    try:
        for step in plan:
            _follow_one(step, rig, plan, results, follower)
    except Stopped:
        rig.usable = False
    finally:
        if rig.usable:
            left_ready = leave(rig)
        rig.controls.close()
    return Report(tuple(results.values()), left_ready)


def _follow_one(step: Step, rig: Rig, plan: Sequence[Step], results: dict[str, Result], follower: Follower) -> None:
    """Until it has not failed, or is not to be done again. A line that was lost is looked for anew first."""
    while True:
        follower.begins(step)
        result = results[step.name] = _result(step, rig, results)
        follower.ended(step, result)
        if result.outcome is not Outcome.FAIL or not follower.again(step, result, partial(_keep, rig)):
            return
        if step.asks and not rig.usable:
            rig.controls.close()
            for first in plan[: plan.index(step)]:
                if first.name in LINKING:
                    results[first.name] = _result(first, rig, results)


def _keep(rig: Rig) -> None:
    """The beat goes on while a technician thinks; a line that is lost in that time is told by the next step."""
    if rig.usable:
        try:
            rig.controls.keep()
        except BusError:
            rig.usable = False


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
