"""The self-test at a live kiosk's screen, on a twin as a real process: a technician logs in, tests, and what comes of it stands on the glass, in the log and in files."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from config.system import AssumedClock
from drivers.intake.bus import ControllerFault, ControllerState, HotBlock, ServiceLine
from kiosk.agents import Agents, Cost
from kiosk.console.events import DeedAsked, LeaveAsked, LogInAsked, Opened
from kiosk.console.roles import Deed, Role
from kiosk.console.technician.events import (
    GlassGiven,
    HandsReady,
    ReportRead,
    SelfTestAsked,
    SkipAsked,
    SkippedFor,
    StopPressed,
    TaskDone,
    TurnTaken,
)
from kiosk.console.technician.told import AtTest, Stage
from kiosk.console.view import LogInView, StaffView, WorkView
from kiosk.deposit.events import Touch
from kiosk.deposit.halts import Halt, NotBegun
from kiosk.deposit.loans import VisitOpen
from kiosk.deposit.view import Screen, ViewState
from kiosk.paper.drawn import draw
from kiosk.paper.sheet import Paper
from kiosk.screens.style.typefaces import register
from kiosk.selftest.devices import POINTS, PointsTouched, Task
from kiosk.selftest.hands import LINES, Chore
from kiosk.selftest.results import Outcome, Part, StepReason
from kiosk.selftest.telling import SkipWhy
from kiosk.words.catalogue import Words
from people.agent import PIN
from timing import wait_until
from wires.wrapped_line import WrappedLine
from worlds.bench import FAULTS, OTHER_CAUSES, SLOW, Bench, Broken
from worlds.installation import GLASS, Installation, RunningKiosk

PAPER = Paper(partial(draw, paper_mm=80), {"fr": Words()})


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One twin for all, with a technician who may log in."""
    with Installation(tmp_path_factory.mktemp("hall")) as hall:
        for line in SLOW:
            hall.say(line)
        with_a_technician(hall)
        yield hall


def with_a_technician(hall: Installation) -> None:
    Agents(hall.settings.files.kiosk, AssumedClock(), Cost(memory_kib=32, passes=1, lanes=1)).add("", Role.TECHNICIAN, PIN)


def passed(here: AtTest) -> set[str]:
    return {result.name for result in here.results if result.outcome is Outcome.PASS}


class Glass:
    """A technician before a kiosk that runs; whatever hands are asked for the twin's people do."""

    def __init__(self, hall: Installation, kiosk: RunningKiosk) -> None:
        self.hall = hall
        self.kiosk = kiosk

    def logs_in(self, *, waits: bool = True) -> None:
        if waits:
            self.kiosk.until_screen(Screen.ATTRACT)
        self.kiosk.post(Opened())
        self.kiosk.until(lambda view: isinstance(shows := _shows(view), LogInView) and not shows.judging)
        self.kiosk.post(LogInAsked("101", PIN))
        self.kiosk.until(lambda view: isinstance(_shows(view), WorkView))

    def comes_to_the_test(self) -> AtTest:
        self.kiosk.post(DeedAsked(Deed.SELF_TEST))
        view = self.kiosk.until(lambda view: _at_test(view).stage is Stage.LISTED and _staff(view).machine.parked)
        return _at_test(view)

    def until(self, wanted: Callable[[AtTest], bool]) -> AtTest:
        return _at_test(self.kiosk.until(lambda view: wanted(_at_test(view))))

    def begins(self, wanted: SelfTestAsked) -> None:
        """What stood there of the test before is gone when this returns. A machine that is on its way to its stop is asked again."""
        self.kiosk.post(wanted)
        while self.until(lambda now: now.stage is Stage.AT_WORK or now.why is not None).stage is not Stage.AT_WORK:
            self.kiosk.post(wanted)
            self.until(lambda now: now.why is None)

    def does_all(self) -> AtTest:
        """To the end of the test, with all that hands are asked for; a failure is left as it is."""
        while True:
            here = self.until(lambda now: now.stage is Stage.OVER or now.failed or now.chore is not None)
            if here.stage is Stage.OVER:
                return here
            if here.chore is None:
                self.kiosk.post(TurnTaken(again=False))
                self.until(lambda now: not now.failed)
                continue
            self.hall.say(LINES[here.chore])
            self.kiosk.post(HandsReady())
            self.until(lambda now: now.chore is None)


def _staff(view: ViewState) -> StaffView:
    assert view.staff is not None
    return view.staff


def _shows(view: ViewState) -> object:
    return None if view.staff is None else view.staff.shows


def _at_test(view: ViewState) -> AtTest:
    shows = _shows(view)
    return shows.testing if isinstance(shows, WorkView) else AtTest()


@pytest.fixture
def glass(shared: Installation) -> Iterator[Glass]:
    with RunningKiosk(shared) as kiosk:
        found = Glass(shared, kiosk)
        found.logs_in()
        yield found


def noted(hall: Installation, kind: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for path in sorted(hall.folders.kiosk.glob("log-*.jsonl")) for line in path.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind]


def test_a_technician_tests_a_part_and_finds_the_report_on_the_glass_in_a_page_and_in_the_log(glass: Glass) -> None:
    here = glass.comes_to_the_test()
    assert {step.name for step in here.plan} >= {"gate", "drop"}
    glass.begins(SelfTestAsked(step="scale_zero"))
    over = glass.does_all()
    assert {result.name: result.outcome for result in over.results}.get("scale_zero") is Outcome.PASS
    assert over.filed is not None
    assert over.filed.left_ready
    assert over.filed.path is not None
    page = Path(over.filed.path)
    assert "Balance à vide" in page.read_text(encoding="utf-8")
    told = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert {step["name"]: step["result"] for step in told["steps"]}["scale_zero"] == "pass"
    assert "Balance à vide" in page.with_suffix(".txt").read_text(encoding="utf-8")
    glass.kiosk.post(ReportRead())
    glass.until(lambda now: now.stage is Stage.LISTED)
    assert noted(glass.hall, "self_tested")[-1]["agent"] == "101"


def test_stop_ends_a_test_at_once_and_the_kiosk_takes_bottles_again_once_its_technician_has_left(glass: Glass) -> None:
    glass.comes_to_the_test()
    glass.begins(SelfTestAsked(step="door_opened"))
    glass.until(lambda now: now.chore is Chore.OPEN_DOOR)
    glass.kiosk.post(StopPressed())
    over = glass.until(lambda now: now.stage is Stage.OVER)
    assert over.result("door_opened") is None
    assert over.filed is not None
    assert over.filed.left_ready is None
    glass.kiosk.post(LeaveAsked())
    glass.kiosk.until_screen(Screen.ATTRACT)


class Looks(WrappedLine):
    """Keeps what the controller shows, whoever asks."""

    def __init__(self, line: ServiceLine) -> None:
        super().__init__(line)
        self.seen: list[HotBlock] = []

    def read(self, beat: int) -> HotBlock:
        self.seen.append(hot := super().read(beat))
        return hot


@pytest.mark.long
def test_stop_lets_a_motion_go_where_it_is_and_the_machine_goes_home_and_takes_bottles_again(shared: Installation) -> None:
    lines: list[Looks] = []

    def wrapped(line: ServiceLine) -> Looks:
        lines.append(Looks(line))
        return lines[0]

    shared.say("mechanics gate_open_ms 2500")
    with RunningKiosk(shared, wrap_line=wrapped) as kiosk:
        glass = Glass(shared, kiosk)
        glass.logs_in()
        glass.comes_to_the_test()
        glass.begins(SelfTestAsked(step="gate"))
        wait_until(lambda: any(hot.state is ControllerState.TESTING and not hot.gate_shut for hot in lines[0].seen), 60)
        kiosk.post(StopPressed())
        glass.until(lambda now: now.stage is Stage.OVER)
        wait_until(lambda: lines[0].seen[-1].state is ControllerState.HELD)
        assert not any(hot.gate_open for hot in lines[0].seen if hot.state in (ControllerState.TESTING, ControllerState.HELD))
        shared.say("mechanics gate_open_ms 200")
        kiosk.post(LeaveAsked())
        kiosk.until_screen(Screen.ATTRACT)


def test_what_is_skipped_has_a_reason_and_a_failure_waits_to_be_done_again(glass: Glass) -> None:
    glass.comes_to_the_test()
    glass.hall.say("scale drift 15")
    glass.begins(SelfTestAsked(step="scale_zero"))
    failed = glass.until(lambda now: now.failed and now.live is not None)
    assert (result := failed.result("scale_zero")) is not None
    assert (result.part, result.reason) == (Part.SCALE, StepReason.ZERO_OFF)
    glass.hall.say("scale drift 0")
    glass.until(lambda now: now.live is not None and now.live.fits)
    glass.kiosk.post(TurnTaken(again=True))
    mended = glass.until(lambda now: now.stage is Stage.OVER)
    assert (result := mended.result("scale_zero")) is not None
    assert result.outcome is Outcome.PASS
    glass.begins(SelfTestAsked(step="door_opened"))
    glass.until(lambda now: now.chore is Chore.OPEN_DOOR)
    glass.kiosk.post(SkipAsked(skip=True))
    glass.until(lambda now: now.skipping)
    glass.kiosk.post(SkippedFor(SkipWhy.NO_REACH))
    over = glass.until(lambda now: now.stage is Stage.OVER)
    assert (result := over.result("door_opened")) is not None
    assert (result.outcome, result.reason, result.detail) == (Outcome.SKIPPED, StepReason.PERSON, "no_reach")


def test_a_controller_unplugged_in_a_step_is_named_and_found_again_once_it_is_back(glass: Glass) -> None:
    glass.comes_to_the_test()
    glass.begins(SelfTestAsked(step="door_opened"))
    glass.until(lambda now: now.chore is Chore.OPEN_DOOR)
    glass.hall.say("line mute rate 1000")
    failed = glass.until(lambda now: now.failed)
    assert (result := failed.result("door_opened")) is not None
    assert (result.part, result.reason) == (Part.CABLE, StepReason.LINK_LOST)
    glass.hall.say("line right")
    glass.kiosk.post(TurnTaken(again=True))
    glass.until(lambda now: now.chore is Chore.OPEN_DOOR)
    glass.hall.say(LINES[Chore.OPEN_DOOR])
    glass.kiosk.post(HandsReady())
    over = glass.until(lambda now: now.stage is Stage.OVER)
    glass.hall.say(LINES[Chore.SHUT_DOOR])
    assert (result := over.result("door_opened")) is not None
    assert result.outcome is Outcome.PASS


class Opener(WrappedLine):
    """Opens the service door as soon as a part moves."""

    def __init__(self, line: ServiceLine, hall: Installation) -> None:
        super().__init__(line)
        self._hall = hall
        self.opened = False

    def read(self, beat: int) -> HotBlock:
        hot = super().read(beat)
        if hot.state is ControllerState.TESTING and not self.opened:
            self.opened = True
            self._hall.say(LINES[Chore.OPEN_DOOR])
        return hot


def test_a_door_opened_while_a_part_runs_lets_it_come_to_its_end_and_nothing_else_moves(shared: Installation) -> None:
    with RunningKiosk(shared, lambda line: Opener(line, shared)) as kiosk:
        glass = Glass(shared, kiosk)
        glass.logs_in()
        glass.comes_to_the_test()
        glass.begins(SelfTestAsked(step="sorter"))
        glass.until(lambda now: now.stage is Stage.OVER)
        glass.begins(SelfTestAsked(step="flap"))
        over = glass.until(lambda now: now.stage is Stage.OVER)
        shared.say(LINES[Chore.SHUT_DOOR])
    assert (result := over.result("sorter")) is not None
    assert result.outcome is Outcome.PASS
    assert (result := over.result("flap")) is not None
    assert (result.outcome, result.reason) == (Outcome.SKIPPED, StepReason.DOOR_OPEN)


def test_a_test_that_a_start_cuts_off_goes_on_behind_the_last_step_that_ended(shared: Installation) -> None:
    with RunningKiosk(shared) as kiosk:
        glass = Glass(shared, kiosk)
        glass.logs_in()
        plan = [step.name for step in glass.comes_to_the_test().plan]
        glass.begins(SelfTestAsked(anew=True))
        while (here := glass.until(lambda now: now.task is not None or now.failed)).failed:
            # a machine that is tested need not have a clock that can be trusted
            kiosk.post(TurnTaken(again=False))
            glass.until(lambda now: not now.failed)
        done = {result.name for result in here.results}
    assert done == set(plan[: plan.index("screen_touch")])
    with RunningKiosk(shared) as kiosk:
        glass = Glass(shared, kiosk)
        glass.logs_in()
        here = glass.comes_to_the_test()
        assert {result.name for result in here.results} == done
        assert here.resumed
        glass.begins(SelfTestAsked())
        assert glass.until(lambda now: now.task is not None).step == "screen_touch"
        kiosk.post(TaskDone(Task.TOUCH, PointsTouched((1.0,) * POINTS)))
        glass.until(lambda now: now.result("screen_touch") is not None)


@pytest.mark.long
def test_a_visitors_sum_is_offered_before_the_machine_is_lent(shared: Installation) -> None:
    with RunningKiosk(shared) as kiosk:
        glass = Glass(shared, kiosk)
        kiosk.until_screen(Screen.ATTRACT)
        shared.say(GLASS)
        kiosk.until(lambda view: view.cents == 20)
        glass.logs_in(waits=False)
        kiosk.post(DeedAsked(Deed.SELF_TEST))
        view = kiosk.until(lambda view: _at_test(view).stage is Stage.LISTED and _staff(view).machine.parked)
        assert _staff(view).machine.visit is not None
        kiosk.post(SelfTestAsked(step="supply"))
        assert isinstance(glass.until(lambda now: now.why is not None).why, VisitOpen)
        kiosk.post(GlassGiven())
        kiosk.until(lambda view: view.staff is None and view.halt is Halt.SERVICE and view.cents == 20)
        kiosk.touch(Touch.KEEP)
        kiosk.until_screen(Screen.CHOOSE)
        kiosk.touch(Touch.KEEP)
        kiosk.until_screen(Screen.VOUCHER)
        kiosk.touch(Touch.DONE)
        kiosk.until(lambda view: view.halt is Halt.SERVICE and view.visit_number is None)
        glass.logs_in(waits=False)
        glass.kiosk.until(lambda view: _at_test(view).stage is Stage.LISTED and _staff(view).machine.parked)
        glass.begins(SelfTestAsked(step="supply"))
        over = glass.until(lambda now: now.stage is Stage.OVER)
    assert (result := over.result("supply")) is not None
    assert result.outcome is Outcome.PASS


@pytest.mark.long
def test_a_printed_sheet_is_read_back_and_at_each_place_and_one_that_is_not_printed_names_the_printer(tmp_path: Path, qtbot: QtBot) -> None:
    register()
    printer: dict[str, object] = {"kind": "serial", "device": str(tmp_path / "twin" / "printer")}
    with Installation(tmp_path, printer=printer) as hall, RunningKiosk(hall, paper=PAPER) as kiosk:
        with_a_technician(hall)
        glass = Glass(hall, kiosk)
        glass.logs_in()
        glass.comes_to_the_test()
        glass.begins(SelfTestAsked(step="printer_code"))
        assert passed(glass.does_all()) >= {"printer", "printer_code"}
        glass.begins(SelfTestAsked(step="targets"))
        assert "targets" in passed(glass.does_all())
        hall.say("camera sheet away")
        hall.say("printer plug out")
        glass.begins(SelfTestAsked(step="printer"))
        result = glass.does_all().result("printer")
        assert result is not None
        assert (result.part, result.reason) == (Part.PRINTER, StepReason.NOT_PRINTED)


@pytest.mark.long
def test_the_machine_is_tested_at_the_screen_before_its_first_ledger_has_begun(tmp_path: Path) -> None:
    with Installation(tmp_path, begun=False) as hall, RunningKiosk(hall) as kiosk:
        with_a_technician(hall)
        glass = Glass(hall, kiosk)
        kiosk.until(lambda view: isinstance(view.why, NotBegun))
        glass.logs_in(waits=False)
        glass.comes_to_the_test()
        glass.begins(SelfTestAsked(step="gate"))
        assert "gate" in passed(glass.does_all())
        kiosk.post(LeaveAsked())
        kiosk.until(lambda view: view.staff is None and isinstance(view.why, NotBegun))
        assert not hall.settings.files.ledger.exists()


BELIEVED: Mapping[str, Callable[[HotBlock], bool]] = {
    "sensor flap_locked stuck off": lambda hot: hot.fault is ControllerFault.FLAP,
    "sensor gate_shut stuck off": lambda hot: hot.fault is ControllerFault.GATE,
    "sensor drop_beam stuck on": lambda hot: hot.fault is ControllerFault.DROP_BEAM,
}
"""Faults that latch at rest, before anything moves."""


OF_THE_FIRST_MOTION = ("gate obstacle 1", "gate slow 4000")
"""What the kiosk's own motion would use up, or latch for good: a gate so slow is not cleared by trying it again."""

FIRST_OF_PART = {fault.part: fault for fault in reversed((*FAULTS, *OTHER_CAUSES))}
BREAKS = tuple(fault for fault in (*FAULTS, *OTHER_CAUSES) if fault is FIRST_OF_PART[fault.part] or fault.line in OF_THE_FIRST_MOTION)
"""Of each part one: here a kiosk starts before it. That each fault is named by its step is ``test_self_test.py``'s."""

QUICK = ("sensor gate_open stuck on", "sensor flap_locked stuck off", "line mute rate 1000")
"""A switch that lies, a fault that is latched, a line that is gone. The others take their turn with all that is long."""


@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, marks=() if fault.line in QUICK else pytest.mark.long) for fault in BREAKS],
    ids=str,
)
def test_a_machine_that_is_broken_from_the_start_lets_its_technician_in_and_names_the_part(shared: Installation, fault: Broken) -> None:
    bench = Bench(shared)
    later = bool(fault.after) or fault.line in OF_THE_FIRST_MOTION
    if not later:
        bench.say(fault.line)
    # what the controller latches stands before the kiosk is there
    believed = fault.believed or BELIEVED.get(fault.line)
    if believed is not None:
        wait_until(lambda: believed(bench.hot))
    try:
        with RunningKiosk(shared) as kiosk:
            glass = Glass(shared, kiosk)
            glass.logs_in(waits=later)
            glass.comes_to_the_test()
            if fault.after:
                glass.begins(SelfTestAsked(step=fault.after))
                assert fault.after in passed(glass.does_all())
            if later:
                bench.say(fault.line)
            glass.begins(SelfTestAsked(step=fault.step))
            result = glass.does_all().result(fault.step)
    finally:
        bench.mend()
    assert result is not None
    assert (result.outcome, result.part) == (Outcome.FAIL, fault.part)
    # on a busy machine answers that are late are lost
    assert result.reason in ({fault.reason, StepReason.NOISY} if fault.reason is StepReason.SLOW_ANSWERS else {fault.reason})
