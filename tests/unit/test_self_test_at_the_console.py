"""The self-test as the console's own state: whose machine it is meanwhile, what a technician's word leads to, and that nobody leaves a tool at work behind."""

import pytest

from kiosk.composed import Composed, step, view
from kiosk.console.actions import AwaitStaff
from kiosk.console.events import Admitted, AgentsTold, AtTheGlass, ConsoleEvent, DeedAsked, IdleTooLong, LeaveAsked, LogInAsked, Opened
from kiosk.console.roles import Deed, Role, may
from kiosk.console.states import AtWork, Console, Shut
from kiosk.console.technician.actions import LookAtTest, RunTest, StopTest, TakeTurn, TellHands, TellTask
from kiosk.console.technician.events import (
    ChoreAsked,
    GlassGiven,
    HandsReady,
    NotLent,
    SelfTestAsked,
    SelfTestBegan,
    SelfTestOver,
    SelfTestTold,
    SkipAsked,
    SkippedFor,
    StepBegan,
    StepEnded,
    StopPressed,
    TaskAsked,
    TaskDone,
    ToolEvent,
    TurnAsked,
    TurnTaken,
)
from kiosk.console.technician.told import AtTest, Filed, Planned, Stage
from kiosk.deposit.loans import StillBusy
from kiosk.selftest.devices import Judged, Task
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Blame, Group, Part, StepReason, failed, judged, skipped
from kiosk.selftest.telling import SkipWhy
from people.stories import Story

PLAN = tuple(Planned(name, Group.ACTUATORS, name == "gate_force") for name in ("gate", "flap", "gate_force"))
FILED = Filed(None, "", left_ready=True)


class Bench:
    """The whole session with a technician at the glass."""

    def __init__(self, role: Role = Role.TECHNICIAN) -> None:
        self.session = Composed(Story().open().session, Console())
        self.asked: tuple[object, ...] = ()
        self.tell(Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), Admitted("101", role))

    def tell(self, *events: ConsoleEvent) -> "Bench":
        for event in events:
            self.session, self.asked = step(self.session, event)
        return self

    def listed(self) -> "Bench":
        return self.tell(DeedAsked(Deed.SELF_TEST), SelfTestTold(PLAN, (), over=True))

    def at_work(self, *events: ToolEvent) -> "Bench":
        return self.listed().tell(SelfTestAsked(anew=True), SelfTestBegan(), StepBegan("gate"), *events)

    @property
    def here(self) -> AtTest:
        assert isinstance(self.session.console.face, AtWork)
        return self.session.console.face.testing


def test_who_comes_to_the_self_test_has_the_machine_in_service_and_who_leaves_it_gives_it_back() -> None:
    bench = Bench().tell(DeedAsked(Deed.SELF_TEST))
    assert bench.session.deposit.service
    assert LookAtTest() in bench.asked
    assert not bench.tell(DeedAsked(Deed.TODAY)).session.deposit.service
    assert bench.tell(DeedAsked(Deed.SELF_TEST)).session.deposit.service
    assert not bench.tell(LeaveAsked()).session.deposit.service


@pytest.mark.parametrize("role", Role)
def test_technicians_and_managers_may_test_and_nobody_else(role: Role) -> None:
    bench = Bench(role).tell(DeedAsked(Deed.SELF_TEST))
    assert bench.session.deposit.service is (role in (Role.TECHNICIAN, Role.MANAGER)) is may(role, Deed.SELF_TEST)


def test_all_of_it_what_is_left_or_what_has_not_passed_is_tested_and_what_is_known_goes_with_it() -> None:
    known = (judged("gate"), skipped("flap", StepReason.PERSON, "later"))
    bench = Bench().tell(DeedAsked(Deed.SELF_TEST), SelfTestTold(PLAN, known, over=False))
    assert bench.here.resumed
    left = bench.tell(SelfTestAsked()).asked
    assert RunTest("101", ("gate_force",), known, anew=False) in left
    again = Bench().tell(DeedAsked(Deed.SELF_TEST), SelfTestTold(PLAN, known, over=False), SelfTestAsked(unpassed=True))
    assert RunTest("101", ("flap", "gate_force"), known, anew=False) in again.asked
    anew = Bench().tell(DeedAsked(Deed.SELF_TEST), SelfTestTold(PLAN, known, over=False), SelfTestAsked(anew=True))
    assert RunTest("101", ("gate", "flap", "gate_force"), (), anew=True) in anew.asked


def test_what_is_not_lent_is_told_and_may_be_asked_for_again() -> None:
    bench = Bench().listed().tell(SelfTestAsked(anew=True), NotLent(StillBusy()))
    assert (bench.here.stage, bench.here.why) == (Stage.LISTED, StillBusy())
    assert bench.tell(SelfTestAsked(anew=True)).here.why is None


def test_hands_say_that_it_is_done_or_why_not() -> None:
    assert TellHands(None) in Bench().at_work(ChoreAsked(Chore.HOLD_BLOCK, 500)).tell(HandsReady()).asked
    bench = Bench().at_work(ChoreAsked(Chore.HOLD_BLOCK, 500)).tell(SkipAsked(skip=True))
    assert bench.here.skipping
    assert TellHands("no_tool") in bench.tell(SkippedFor(SkipWhy.NO_TOOL)).asked
    assert bench.here.chore is None
    assert bench.tell(HandsReady()).asked == ()


def test_what_is_done_at_the_glass_is_told_once_and_only_to_the_step_that_asked() -> None:
    bench = Bench().at_work(TaskAsked(Task.SOUNDS, ""))
    assert bench.tell(TaskDone(Task.COLOURS, Judged(good=True))).asked == ()
    assert TellTask(Judged(good=True)) in bench.tell(TaskDone(Task.SOUNDS, Judged(good=True))).asked
    assert bench.tell(TaskDone(Task.SOUNDS, Judged(good=True))).asked == ()


def test_a_failure_waits_for_a_word_and_a_pass_does_not() -> None:
    bad = failed("gate", Blame(Part.GATE, StepReason.LATE))
    bench = Bench().at_work(StepEnded(bad), TurnAsked())
    assert bench.here.failed
    assert TakeTurn(again=True) in bench.tell(TurnTaken(again=True)).asked
    assert bench.tell(TurnTaken(again=True)).asked == ()
    assert not Bench().at_work(StepEnded(judged("gate")), TurnAsked()).here.failed


def test_stop_is_told_to_the_tool_at_once_and_nothing_it_still_asks_for_stands_on_the_glass() -> None:
    bench = Bench().at_work(ChoreAsked(Chore.HOLD_BLOCK, 500)).tell(StopPressed())
    assert StopTest() in bench.asked
    assert bench.tell(ChoreAsked(Chore.TAKE_OUT, 500), TaskAsked(Task.TOUCH, "")).here.chore is None
    assert bench.here.task is None
    assert bench.tell(StopPressed()).asked == ()
    assert bench.tell(SelfTestOver(FILED)).here.stage is Stage.OVER


def test_both_hands_in_the_machine_nobody_is_logged_out_after_a_minute_and_whoever_is_gone_leaves_no_tool_at_work() -> None:
    bench = Bench().at_work()
    assert bench.tell(AtTheGlass()).asked == (AwaitStaff(600.0),)
    assert (shown := view(bench.session).staff) is not None
    assert shown.ends_in_s == 600.0
    assert StopTest() in bench.tell(IdleTooLong()).asked
    assert not bench.session.deposit.service
    over = Bench().at_work(SelfTestOver(FILED))
    assert AwaitStaff(60.0) in over.asked


def test_nobody_goes_to_another_page_while_a_tool_has_the_machine() -> None:
    bench = Bench().at_work()
    assert bench.tell(DeedAsked(Deed.TODAY)).asked == ()
    assert isinstance(face := bench.session.console.face, AtWork)
    assert face.deed is Deed.SELF_TEST


def test_the_glass_is_given_to_a_visitor_while_the_machine_stays_in_service_and_not_for_ever() -> None:
    bench = Bench().listed().tell(GlassGiven())
    assert bench.session.console.face == Shut()
    assert bench.session.deposit.service
    assert not bench.session.deposit.staff
    assert AwaitStaff(600.0) in bench.asked
    back = (
        Bench().listed().tell(GlassGiven(), Opened(), AgentsTold(there=True), LogInAsked("101", "274951"), Admitted("101", Role.TECHNICIAN))
    )
    assert isinstance(back.session.console.face, AtWork)
    assert back.session.console.face.deed is Deed.SELF_TEST
    assert not bench.tell(IdleTooLong()).session.deposit.service
