"""Somebody of the staff is logged in: the gate is shut, nothing is lent, and a visit under way waits for its visitor, for ten minutes at most."""

from dataclasses import replace

import pytest

from config.vocabulary import Cents, Material
from drivers.intake.bus import CommandCode, ControllerFault, ControllerState
from drivers.intake.events import FaultChanged, ItemDropped, LinkLost, Rested
from kiosk.deposit.actions import CloseVisit, IssueVoucher, RefuseLoan
from kiosk.deposit.events import Elapsed, Event, Intended, LoanAsked, StaffCame, StaffLeft, Touch, Touched, VoucherIssued
from kiosk.deposit.halts import Halt
from kiosk.deposit.loans import NotInService
from kiosk.deposit.states import Choosing, ConfirmingGift, Parting, Ready, Showing
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Cause, Visit
from people.stories import UNPLUGGED, VISIT, Story, a_standing, a_voucher, verdict

WITH_A_SUM = replace(VISIT, bottles=1, cents=Cents(20))


def fenced(story: Story, visit: Visit | None = None) -> Story:
    """The gate that stood open is shut again by a Return, and all is booked."""
    order = story.sent()
    assert order.code is CommandCode.RETURN
    hot = story.at(state=ControllerState.SHUT, gate_shut=True, gate_open=False, occupied=False, taken=order.sequence)
    return story.tell(Rested(hot), story.booked(visit=visit))


def in_a_visit(*events: Event) -> Story:
    return fenced(Story(a_standing(visit=WITH_A_SUM)).open().tell(*events), WITH_A_SUM)


def test_an_open_gate_is_shut_and_nothing_is_lent() -> None:
    story = fenced(Story().open().tell(StaffCame()))
    shown = view(story.session)
    assert (shown.screen, shown.halt, shown.cents) == (Screen.OUT_OF_ORDER, Halt.STAFF, 0)
    assert Halt.STAFF.code == "S2"
    (refused,) = [action for action in story.tell(LoanAsked()).asked if isinstance(action, RefuseLoan)]
    assert refused.why == NotInService()


def test_what_is_in_the_chamber_ends_its_way_and_is_credited() -> None:
    story = Story().open().put_in().tell(StaffCame())
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    story.at(state=ControllerState.SHUT, occupied=False, totaliser=1, taken=intent.sequence, sorted=intent.sequence)
    story.tell(ItemDropped(intent.sequence, story.at(counted=intent.sequence)))
    story.tell(story.booked(credited=intent, visit=WITH_A_SUM))
    shown = view(story.session)
    assert (shown.screen, shown.halt, shown.cents) == (Screen.OUT_OF_ORDER, Halt.STAFF, 20)


def test_the_visit_goes_on_where_it_was_once_they_have_logged_out() -> None:
    story = in_a_visit(StaffCame())
    assert view(story.session).ends_in_s is None
    story.tell(StaffLeft(), Rested(story.hot), story.booked(visit=WITH_A_SUM))
    order = story.sent()
    assert order.code is CommandCode.OPEN
    story.tell(Rested(story.at(state=ControllerState.OPEN, gate_open=True, gate_shut=False, taken=order.sequence)))
    assert isinstance(story.session.phase, Ready)
    assert view(story.session).cents == 20


def test_a_sum_waits_for_ten_minutes_and_is_then_unclaimed_under_its_number() -> None:
    story = in_a_visit(StaffCame())
    assert story.wait_s == 600
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_a_visit_without_a_sum_ends_after_that_time() -> None:
    story = fenced(Story(a_standing(visit=VISIT)).open().tell(StaffCame()), VISIT)
    assert story.tell(Elapsed()).asked == [CloseVisit(VISIT.id)]


@pytest.mark.parametrize("touches", [(), (Touch.GIVE,)], ids=["choosing", "confirming a gift"])
def test_who_was_choosing_chooses_afterwards_with_all_the_time_they_had(touches: tuple[Touch, ...]) -> None:
    story = choosing().tell(*map(Touched, touches))
    assert story.tell(StaffCame()).wait_s == 600
    assert view(story.session).ends_in_s is None
    assert story.tell(StaffLeft()).wait_s == 15.0
    assert isinstance(story.session.phase, ConfirmingGift if touches else Choosing)


def test_who_was_choosing_and_is_gone_finds_the_sum_unclaimed() -> None:
    assert choosing().tell(StaffCame(), Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_a_voucher_stays_on_its_page_meanwhile() -> None:
    story = choosing().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()))
    assert isinstance(story.session.phase, Showing)
    assert story.tell(StaffCame()).wait_s == 600
    assert story.tell(StaffLeft()).wait_s == 60.0
    assert isinstance(story.tell(StaffCame(), Elapsed()).session.phase, Parting)
    assert story.wait_s == 600
    assert story.tell(StaffLeft()).wait_s == 30.0


def test_a_sum_behind_a_jam_or_a_lost_line_waits_as_long() -> None:
    jammed = Story(a_standing(visit=WITH_A_SUM)).open()
    jammed.tell(FaultChanged(ControllerFault.FLAP, jammed.hot.cause, jammed.at(state=ControllerState.FAILED, fault=ControllerFault.FLAP)))
    assert jammed.tell(StaffCame()).wait_s == 600
    lost = Story(a_standing(visit=WITH_A_SUM)).open().tell(LinkLost(UNPLUGGED))
    assert lost.tell(StaffCame()).wait_s == 600
    assert lost.tell(StaffLeft()).wait_s == 90.0


def choosing() -> Story:
    """The visitor has touched *Finish*; the gate is shut."""
    story = in_a_visit(Touched(Touch.FINISH))
    assert isinstance(story.session.phase, Choosing)
    return story
