"""The self-test as a technician's tool whose steps are followed at the screen: each as it begins and ends, what the line says meanwhile, a word on each failure, and STOP.

It is told by events alone, and asks nothing of the screen: what a person has done comes back through ``ScreenHands``, from the runner's thread.
"""

import queue
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from config.clock import Clock
from config.settings import Settings
from drivers.intake.bus import BusError, Calibration, Command, ControllerHealth, Felt, HotBlock, Identity, PortTaken, ServiceLine
from kiosk.console.technician.events import (
    ChoreAsked,
    NotLent,
    SelfTestBegan,
    StepBegan,
    StepEnded,
    TaskAsked,
    ToolEvent,
    TurnAsked,
    ValueSeen,
)
from kiosk.console.technician.told import Planned
from kiosk.deposit.loans import AlreadyLent, Hindrance
from kiosk.selftest.around import AT_THE_GLASS, NETWORK, THROUGH_THE_DOOR
from kiosk.selftest.camera import CAMERA
from kiosk.selftest.devices import Devices, Task, TaskAnswer
from kiosk.selftest.hands import KEEP_S, Chore, NotDone, SpokenHands
from kiosk.selftest.live import live_figure
from kiosk.selftest.results import Measured, Outcome, Result, StepReason
from kiosk.selftest.rig import build_on_loan
from kiosk.selftest.run import LINKING, PLAN, Report, Stopped, chosen, follow
from kiosk.selftest.steps import Step
from kiosk.workers.tools import Borrowed

LIVE_EVERY_S = 0.2
"""A value that changes more often is read by nobody."""

STOP_TRIES = 3
"""As often STOP is said to a controller that does not answer."""


def _arranged() -> tuple[Step, ...]:
    """Of the terminal's plan the camera comes before the door, so that sheets can be held under it while that stands open."""
    door = next(place for place, step in enumerate(PLAN) if step.name == "door_opened")
    rest = tuple(step for step in PLAN[door + 1 :] if step not in CAMERA)
    return (*PLAN[:door], NETWORK, *CAMERA, *AT_THE_GLASS, PLAN[door], *THROUGH_THE_DOOR, *rest)


FULL_PLAN = _arranged()
"""All that there is to test at a screen: what nobody is needed for, what is done at the glass, then on one's knees."""


def planned() -> tuple[Planned, ...]:
    return tuple(Planned(step.name, step.group, step.by_hand) for step in FULL_PLAN)


def plan_of(steps: Sequence[str], known: Sequence[Result]) -> tuple[tuple[Step, ...], tuple[Result, ...]]:
    """Those steps with all that they stand on and that has not passed before; and what is known of the others. A name that no step has is left out: an earlier program had it."""
    names = {step.name for step in FULL_PLAN}
    passed = {result.name for result in known if result.outcome is Outcome.PASS}
    wanted = {name for name in steps if name in names}
    plan = tuple(step for step in chosen(wanted, FULL_PLAN) if step.name in wanted or step.name in LINKING or step.name not in passed)
    doing = {step.name for step in plan}
    return plan, tuple(result for result in known if result.name in names and result.name not in doing)


class ScreenHands(SpokenHands):
    """A technician at the screen: does what is asked, decides on a failure, and may stop all of it. ``step``: what is at work; ``chore``: what they were asked for last in it."""

    def __init__(self, post: Callable[[ToolEvent], None]) -> None:
        super().__init__(lambda chore: post(ChoreAsked(chore, self.weight_g)))
        self._post = post
        self._turns: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[TaskAnswer] = queue.SimpleQueue()
        self.stopped = False
        self.step = ""
        self.chore: Chore | None = None

    def do(self, chore: Chore, keep: Callable[[], None]) -> None:
        self.chore = chore
        super().do(chore, lambda: self._keeps(keep))

    def at_glass(self, task: Task, code: str, keep: Callable[[], None]) -> TaskAnswer:
        self._said, self._answers = queue.SimpleQueue(), queue.SimpleQueue()
        self._post(TaskAsked(task, code))
        while True:
            self._keeps(keep)
            with suppress(queue.Empty):
                return self._answers.get(timeout=KEEP_S)
            with suppress(queue.Empty):
                raise NotDone(task, StepReason.PERSON, self._said.get_nowait() or "")

    def answers(self, answer: TaskAnswer) -> None:
        self._answers.put(answer)

    def takes_turn(self, again: bool) -> None:
        self._turns.put(again)

    def stop(self) -> None:
        self.stopped = True

    def again(self, keep: Callable[[], None]) -> bool:
        """Waits for a word on the step that has failed. Raises Stopped."""
        self._turns = queue.SimpleQueue()
        self._post(TurnAsked())
        while True:
            self._keeps(keep)
            try:
                return self._turns.get(timeout=KEEP_S)
            except queue.Empty:
                continue

    def _keeps(self, keep: Callable[[], None]) -> None:
        if self.stopped:
            raise Stopped
        keep()


@dataclass(slots=True)
class WatchedLine:
    """A line each of whose answers is told, a few times a second. Once STOP was pressed the motion under way is let go, and nothing more is asked."""

    line: ServiceLine
    hands: ScreenHands
    clock: Clock
    post: Callable[[ToolEvent], None]
    _told_at_s: float = float("-inf")
    _told: Measured | None = None
    _hot: HotBlock | None = None
    _let_go: bool = False

    def open(self) -> None:
        self._goes_on()
        self.line.open()

    def close(self) -> None:
        self.line.close()

    def identity(self) -> Identity:
        self._goes_on()
        return self.line.identity()

    @property
    def echoes(self) -> bool:
        return self.line.echoes

    def read(self, beat: int) -> HotBlock:
        self._goes_on()
        self._hot = hot = self.line.read(beat)
        self._tell(None)
        return hot

    def write(self, command: Command) -> None:
        self._goes_on()
        self.line.write(command)

    def health(self) -> ControllerHealth:
        self._goes_on()
        health = self.line.health()
        self._tell(health.motor_ma)
        return health

    def light(self, percent: int) -> None:
        # the lamp is put back even after STOP: a dark chamber pinches nobody
        self.line.light(percent)

    def darken(self, for_ms: int) -> None:
        self._goes_on()
        self.line.darken(for_ms)

    def hold(self, sequence: int) -> None:
        self._goes_on()
        self.line.hold(sequence)

    def felt(self) -> Felt:
        self._goes_on()
        return self.line.felt()

    def calibrate(self, calibration: Calibration) -> None:
        self._goes_on()
        self.line.calibrate(calibration)

    def _goes_on(self) -> None:
        if not self.hands.stopped:
            return
        for _ in range(0 if self._let_go else STOP_TRIES):
            self._let_go = True
            try:
                self.line.hold(0)
            except BusError:
                # a lost frame, or a lost line: then the controller's own limits end it
                continue
            break
        raise Stopped

    def _tell(self, motor_ma: int | None) -> None:
        if self._hot is None:
            return
        now_s = self.clock.monotonic()
        live = live_figure(self.hands.step, self.hands.chore, self._hot, motor_ma, self.hands.weight_g)
        if live is not None and live != self._told and now_s - self._told_at_s >= LIVE_EVERY_S:
            self._told, self._told_at_s = live, now_s
            self.post(ValueSeen(live))


class ScreenTest:
    """One test, or what is left of one. ``step_ended`` hears each result in the tool's thread, ``ended`` the end; then nothing more comes of it."""

    def __init__(
        self,
        settings: Settings,
        steps: Sequence[str],
        known: Sequence[Result],
        hands: ScreenHands,
        devices: Devices,
        post: Callable[[ToolEvent], None],
        step_ended: Callable[[Result], None],
        ended: Callable[[Report, bool], None],
    ) -> None:
        self._settings = settings
        self._plan, self._known = plan_of(steps, known)
        self._hands = hands
        self._devices = devices
        self._post = post
        self._step_ended = step_ended
        self._ended = ended

    def use(self, borrowed: Borrowed) -> None:
        self._post(SelfTestBegan())

        def watched(line: ServiceLine) -> ServiceLine:
            return WatchedLine(line, self._hands, borrowed.clock, self._post)

        try:
            rig = build_on_loan(self._settings, self._hands, borrowed, watched)
            rig.devices = self._devices
            report = follow(rig, self._plan, self, self._known)
        except PortTaken:
            # another program asked for the port in the moment in which it was free
            self._post(NotLent(AlreadyLent()))
        else:
            self._ended(report, self._hands.stopped)

    def refused(self, why: Hindrance) -> None:
        self._post(NotLent(why))

    def begins(self, step: Step) -> None:
        self._hands.step, self._hands.chore = step.name, None
        self._post(StepBegan(step.name))

    def ended(self, step: Step, result: Result) -> None:
        del step
        self._step_ended(result)
        self._post(StepEnded(result))

    def again(self, step: Step, result: Result, keep: Callable[[], None]) -> bool:
        del step, result
        return self._hands.again(keep)
