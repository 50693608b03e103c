"""A technician's service: the machine parks like one without a camera, is lent only once nothing is open, and comes back through ``reconcile``."""

from dataclasses import replace

import pytest

from config.vocabulary import Cents, Material, Reason, SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.bus import Answer, CommandCode, ControllerFault, ControllerState
from drivers.intake.events import (
    CommandUnanswered,
    DoorOpened,
    FaultChanged,
    Hand,
    ItemDropped,
    ItemEntered,
    LineReturned,
    LinkBack,
    LinkLost,
    Restarted,
    Rested,
)
from kiosk.deposit.actions import AskIntake, Book, CloseVisit, Dismiss, IssueVoucher, Lend, RefuseLoan, Send
from kiosk.deposit.events import (
    CameraBack,
    CameraLost,
    Elapsed,
    Event,
    HoursTold,
    Intended,
    LedgerFailed,
    LoanAsked,
    ServiceAsked,
    ServiceEnded,
    StaffCame,
    Touch,
    Touched,
    VoucherIssued,
)
from kiosk.deposit.halts import Halt
from kiosk.deposit.loans import BottleOpen, Hindrance, ItemInside, NotInService, StillBusy, VisitOpen
from kiosk.deposit.states import Checking, Lent, Reconciling, Showing, Starting, Stopped
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Cause, Intent, Visit
from people.stories import IDENTITY, NOON, RULE_BROKEN, UNPLUGGED, VISIT, Story, a_standing, a_voucher, verdict

WITH_A_SUM = replace(VISIT, bottles=1, cents=Cents(20))


def fenced(story: Story, visit: Visit | None = None) -> Story:
    """The gate that stood open is shut again by a Return, and all is booked."""
    order = story.sent()
    assert order.code is CommandCode.RETURN
    hot = story.at(state=ControllerState.SHUT, gate_shut=True, gate_open=False, occupied=False, taken=order.sequence)
    return story.tell(Rested(hot), story.booked(visit=visit))


def parked() -> Story:
    """In service, with nobody there."""
    return fenced(Story().open().tell(ServiceAsked()))


def asks(story: Story) -> Story:
    """A tool asks for the line of a machine that stands still."""
    story.tell(LoanAsked())
    assert story.asked == [Dismiss(), AskIntake()]
    return story.tell(Rested(story.hot), story.booked(visit=story.session.visit))


def lent() -> Story:
    story = asks(parked())
    assert story.asked == [Lend()]
    return story


def refusal(story: Story) -> Hindrance:
    (refused,) = [action for action in story.asked if isinstance(action, RefuseLoan)]
    return refused.why


def test_an_open_gate_is_shut_and_the_machine_takes_nothing_more() -> None:
    story = parked()
    shown = view(story.session)
    assert (shown.screen, shown.halt, shown.cents) == (Screen.OUT_OF_ORDER, Halt.SERVICE, 0)
    assert Halt.SERVICE.code == "S1"


def test_what_is_in_the_chamber_ends_its_way_and_is_credited() -> None:
    story = Story().open().put_in().tell(ServiceAsked())
    assert isinstance(story.session.phase, Checking)
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    hot = story.at(state=ControllerState.SHUT, occupied=False, totaliser=1, taken=intent.sequence, sorted=intent.sequence)
    story.tell(ItemDropped(intent.sequence, story.at(counted=intent.sequence)))
    story.tell(story.booked(credited=intent, visit=WITH_A_SUM))
    assert hot.totaliser == 1
    shown = view(story.session)
    assert (shown.screen, shown.halt, shown.cents) == (Screen.OUT_OF_ORDER, Halt.SERVICE, 20)


def test_a_sum_is_offered_and_kept_and_only_then_is_the_line_lent() -> None:
    story = fenced(Story(a_standing(visit=WITH_A_SUM)).open().tell(ServiceAsked()), WITH_A_SUM)
    assert (view(story.session).halt, view(story.session).cents, view(story.session).ends_in_s) == (Halt.SERVICE, 20, 90)
    assert refusal(story.tell(LoanAsked())) == VisitOpen("0417")
    story.tell(Touched(Touch.KEEP), Touched(Touch.KEEP), VoucherIssued(a_voucher()))
    assert isinstance(story.session.phase, Showing)
    assert refusal(story.tell(LoanAsked())) == StillBusy()
    story.tell(Touched(Touch.DONE), Touched(Touch.DONE), Rested(story.hot), story.booked())
    assert view(story.session).halt is Halt.SERVICE
    assert asks(story).asked == [Lend()]


def test_a_sum_that_nobody_keeps_is_unclaimed_after_its_time_and_then_the_line_is_lent() -> None:
    story = fenced(Story(a_standing(visit=WITH_A_SUM)).open().tell(ServiceAsked()), WITH_A_SUM)
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]
    story.tell(VoucherIssued(a_voucher(Cause.TIMED_OUT)))
    assert refusal(story.tell(LoanAsked())) == StillBusy()
    story.tell(Elapsed(), Rested(story.hot), story.booked())
    assert asks(story).asked == [Lend()]


def test_a_visit_without_a_sum_ends_and_then_the_line_is_lent() -> None:
    story = fenced(Story(a_standing(visit=VISIT)).open().tell(ServiceAsked()), VISIT)
    assert refusal(story.tell(LoanAsked())) == VisitOpen("0417")
    assert story.tell(Elapsed()).asked == [CloseVisit(VISIT.id)]


@pytest.mark.parametrize("events", [(), (ServiceAsked(), ServiceEnded())], ids=["nobody asked", "asked and over"])
def test_a_machine_that_serves_visitors_is_not_lent(events: tuple[Event, ...]) -> None:
    assert refusal(Story().open().tell(*events, LoanAsked())) == NotInService()


def test_a_machine_that_has_not_come_to_its_stop_is_not_lent() -> None:
    assert refusal(Story().open().tell(ServiceAsked(), LoanAsked())) == StillBusy()


def test_a_visit_that_the_ledger_is_still_asked_for_is_a_visit() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.tell(LinkLost(UNPLUGGED), ServiceAsked(), LoanAsked()).session.visit is None
    assert refusal(story) == VisitOpen(None)


def jammed() -> tuple[Story, Intent]:
    """A bottle lies on a flap that failed, its intent open: no visit can end before somebody has looked."""
    story = Story(a_standing(visit=VISIT)).open()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    failed = story.at(state=ControllerState.FAILED, fault=ControllerFault.FLAP, taken=intent.sequence, sorted=intent.sequence)
    return story.tell(Rested(failed), story.booked(intent=intent, visit=VISIT)), intent


def test_with_a_bottle_whose_fate_is_open_the_line_is_not_lent() -> None:
    story, intent = jammed()
    assert refusal(story.tell(ServiceAsked(), LoanAsked())) == BottleOpen(intent.sequence)


def left_behind() -> Story:
    """What lies in the chamber was offered twice."""
    story = Story()
    story.tell(ServiceAsked(), LinkBack(IDENTITY, story.at(occupied=True, weight_g=25)), story.booked())
    for _ in range(2):
        order = story.sent()
        story.tell(Rested(story.at(taken=order.sequence)))
    assert view(story.session).halt is Halt.LEFT_BEHIND
    return story


def test_what_the_chambers_sensor_says_alone_is_offered_to_no_technician_and_keeps_the_line_from_none() -> None:
    story = parked()
    assert isinstance(story.tell(LoanAsked()).session.phase, Reconciling)
    story.tell(Rested(story.at(occupied=True, weight_g=2)), story.booked())
    assert story.asked == [Lend()]


def test_a_return_that_ends_on_what_the_sensor_alone_says_is_not_sent_again_for_a_technician() -> None:
    story = Story().open().tell(ServiceAsked())
    order = story.sent()
    story.tell(
        Rested(story.at(state=ControllerState.SHUT, gate_shut=True, gate_open=False, occupied=True, weight_g=0, taken=order.sequence))
    )
    story.tell(story.booked())
    assert view(story.session).halt is Halt.SERVICE


def test_a_gate_that_a_stuck_beam_keeps_open_parks_after_some_seconds_and_for_visitors_waits_for_the_hand() -> None:
    story = Story().open().tell(StaffCame())
    assert story.wait_s == story.session.rules.hand_back_s
    story.tell(ServiceAsked())
    assert story.wait_s == story.session.rules.parks_s
    story.tell(Hand(True, story.at(entry_beam=True)), Elapsed(), Rested(story.hot), story.booked())
    assert view(story.session).halt is Halt.SERVICE
    assert asks(story).asked == [Lend()]


def test_with_something_in_the_chamber_the_line_is_not_lent_until_it_is_out() -> None:
    story = left_behind()
    assert refusal(asks(story)) == ItemInside()
    story.at(occupied=False, weight_g=0)
    assert asks(story).asked == [Lend()]


@pytest.mark.parametrize(
    "hot",
    [
        pytest.param({"door_open": True}, id="door open"),
        pytest.param({"state": ControllerState.FAILED, "fault": ControllerFault.GATE}, id="jam"),
        pytest.param({"fault": ControllerFault.SUPPLY}, id="supply"),
        pytest.param({"bin_percent": (99, 99)}, id="bins full"),
        pytest.param({"taken": SequenceNumber(2**32 - 1)}, id="numbers"),
    ],
)
def test_a_machine_that_something_has_stopped_already_is_lent_too(hot: dict[str, object]) -> None:
    story = Story()
    story.tell(ServiceAsked(), LinkBack(IDENTITY, story.at(**hot)), story.booked())
    assert isinstance(story.session.phase, Stopped)
    asked = [*story.tell(LoanAsked(), Rested(story.hot)).asked, *story.tell(story.booked()).asked]
    assert Lend() in asked


def test_a_line_that_does_not_answer_is_lent_too() -> None:
    story = Story().tell(LinkLost(UNPLUGGED), ServiceAsked(), LoanAsked())
    assert story.asked == [Dismiss(), Lend()]


def test_a_ledger_that_refused_an_entry_does_not_keep_the_line_from_a_technician() -> None:
    story = Story()
    story.tell(LinkBack(IDENTITY, story.hot), LedgerFailed(RULE_BROKEN, Book(0, SequenceNumber(0))), ServiceAsked(), LoanAsked())
    assert Lend() in story.asked
    story.tell(LineReturned(), LinkBack(IDENTITY, story.hot))
    assert view(story.session).halt is Halt.LEDGER_BROKEN


@pytest.mark.parametrize(
    "event",
    [
        LinkLost(UNPLUGGED),
        LinkBack(IDENTITY, Story().hot),
        LinkBack(replace(IDENTITY, controller_id=9), Story().hot),
        Restarted(replace(Story().hot, boots=2)),
        Rested(replace(Story().hot, occupied=True)),
        DoorOpened(replace(Story().hot, door_open=True)),
        FaultChanged(ControllerFault.FLAP, Story().hot.cause, replace(Story().hot, fault=ControllerFault.FLAP)),
        CommandUnanswered(SequenceNumber(1), Answer.NONE),
        CameraLost(CameraFault.UNPLUGGED),
        CameraBack(),
        HoursTold(NOON.utc),
        HoursTold(None),
        LedgerFailed(RULE_BROKEN, Book(0, SequenceNumber(0))),
        ServiceAsked(),
        ServiceEnded(),
        Elapsed(),
        *map(Touched, Touch),
    ],
    ids=str,
)
def test_while_the_line_is_lent_nothing_that_is_told_moves_the_machine(event: Event) -> None:
    story = lent().tell(event)
    assert isinstance(story.session.phase, Lent)
    assert story.asked == []
    assert view(story.session).halt is Halt.SERVICE


def test_a_line_that_comes_back_leads_through_reconcile_and_what_fell_meanwhile_is_booked() -> None:
    story = lent().tell(LineReturned())
    assert isinstance(story.session.phase, Starting)
    assert not story.session.linked
    hot = story.at(totaliser=3, taken=SequenceNumber(40))
    assert story.tell(LinkBack(IDENTITY, hot)).asked == [Dismiss(), Book(3, SequenceNumber(0))]
    story.tell(story.booked())
    assert view(story.session).halt is Halt.SERVICE
    story.tell(ServiceEnded(), Rested(hot), story.booked())
    order = story.sent()
    assert (order.code, order.sequence) == (CommandCode.OPEN, 41)


def test_what_a_tool_left_in_the_chamber_is_offered_before_anything_else() -> None:
    story = lent().tell(LineReturned(), LinkBack(IDENTITY, Story().at(occupied=True, weight_g=25)))
    story.at(occupied=True, weight_g=25)
    story.tell(story.booked())
    assert story.sent().code is CommandCode.RETURN
    item = view(story.session).item
    assert item is not None
    assert item.reason is Reason.INTERRUPTED


def test_service_that_ends_while_the_line_is_lent_ends_once_it_is_back() -> None:
    story = lent().tell(ServiceEnded())
    assert isinstance(story.session.phase, Lent)
    story.tell(LineReturned(), LinkBack(IDENTITY, story.hot), story.booked())
    assert story.sent().code is CommandCode.OPEN


def test_service_that_ends_before_the_machine_was_read_lends_nothing() -> None:
    story = parked().tell(LoanAsked(), ServiceEnded())
    assert refusal(story) == NotInService()
    story.tell(Rested(story.hot), story.booked())
    assert story.sent().code is CommandCode.OPEN


def test_another_controller_that_comes_back_is_refused() -> None:
    story = lent().tell(LineReturned(), LinkBack(replace(IDENTITY, controller_id=9), Story().hot))
    assert view(story.session).halt is Halt.OTHER_CONTROLLER


def test_a_totaliser_that_leapt_meanwhile_stops_the_machine_by_name() -> None:
    story = lent().tell(LineReturned(), LinkBack(IDENTITY, Story().at(totaliser=1_000_000)))
    assert view(story.session).halt is Halt.NUMBERS


def test_no_touch_of_a_visitor_asks_for_service_or_ends_it() -> None:
    for touch in Touch:
        assert not Story().open().tell(Touched(touch)).session.service
        assert parked().tell(Touched(touch)).session.service


def test_a_hall_that_closes_meanwhile_is_closed_when_the_technician_is_done() -> None:
    story = parked().tell(HoursTold(NOON.utc))
    assert view(story.session).halt is Halt.SERVICE
    story.tell(ServiceEnded(), Rested(story.hot), story.booked())
    assert view(story.session).halt is Halt.CLOSED


def test_a_send_is_never_asked_while_the_line_is_lent() -> None:
    story = lent()
    for event in (Elapsed(), Touched(Touch.TAKE_OUT), Touched(Touch.KEEP), LinkBack(IDENTITY, Story().at(occupied=True))):
        assert not [action for action in story.tell(event).asked if isinstance(action, Send)]
