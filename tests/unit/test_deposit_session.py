"""The deposit session, event by event: what it asks of the world and what the visitor is shown."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.clock import PARIS, Instant
from config.vocabulary import Bin, Cents, Material, Reason, SequenceNumber
from drivers.bus import Answer, Command, CommandCode, ControllerFault, ControllerState, WrongController
from drivers.events import CommandUnanswered, ItemDropped, ItemEntered, LinkBack, LinkLost, Restarted, Rested, TakenBack
from kiosk.deposit.actions import Book, CloseVisit, Dismiss, EndIntent, IssueVoucher, Judge, Look, MarkShown, OpenVisit, Send
from kiosk.deposit.events import (
    CameraBack,
    CameraLost,
    Elapsed,
    Event,
    HoursTold,
    Intended,
    IntentEnded,
    LedgerFailed,
    Touch,
    Touched,
    VisitClosed,
    VisitOpened,
    VoucherIssued,
)
from kiosk.deposit.states import Halt, Ready, Showing, Stopped, Unlinked
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Cause, Ending, Intent, Unshown
from readings import REST
from stories import IDENTITY, NOON, VISIT, Story, a_standing, a_voucher, finished, verdict

OPENS = datetime(2026, 11, 25, 8, 30, tzinfo=PARIS)
OPEN = Intent(SequenceNumber(7), VISIT.id, None, Material.GLASS, Cents(20), Bin(1), 200, "weight-and-code")
"""What a power cut leaves open."""


def test_a_start_settles_before_the_gate_opens() -> None:
    story = Story().tell(LinkBack(IDENTITY, REST))
    assert story.asked[-1] == Book(0, SequenceNumber(0))
    assert story.tell(story.booked()).sent() == Command(CommandCode.OPEN, SequenceNumber(1))


def test_a_bottle_put_in_on_the_attract_screen_starts_the_visit() -> None:
    story = Story().open()
    assert story.screen is Screen.ATTRACT
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.asked == [Look(1), OpenVisit()]
    assert view(story.tell(VisitOpened(VISIT)).session).visit_number == "0417"


def test_an_accepted_bottle_is_sorted_only_once_its_intent_is_durable() -> None:
    story = Story().open().put_in()
    assert story.asked == [Judge(1, 22, metal=False)]
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    assert not [action for action in story.asked if isinstance(action, Send)]
    assert story.tell(Intended(intent.sequence)).sent() == Command(CommandCode.SORT, intent.sequence, Bin(2))


def test_the_gate_opens_for_the_next_bottle_only_after_the_credit_is_durable() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.GLASS)).intent()
    story.tell(Intended(intent.sequence))
    dropped = story.at(occupied=False, totaliser=1, taken=intent.sequence, sorted=intent.sequence, counted=intent.sequence)
    story.tell(ItemDropped(intent.sequence, dropped))
    assert story.asked == [Book(1, intent.sequence)]
    assert story.tell(Rested(dropped)).asked == []
    credited = replace(VISIT, bottles=1, cents=Cents(20))
    story.tell(story.booked(credited=intent, visit=credited))
    assert story.sent().code is CommandCode.OPEN
    shown = view(story.session)
    assert (shown.cents, shown.bottles, shown.item is not None and shown.item.accepted) == (20, 1, True)


@pytest.mark.parametrize("reason", [Reason.CAN, Reason.NOT_EMPTY, Reason.UNREADABLE])
def test_a_refused_bottle_is_handed_back_with_its_reason(reason: Reason) -> None:
    story = Story().open().put_in().judged(verdict(None, reason))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    shown = view(story.session)
    assert shown.screen is Screen.REFUSED
    assert shown.item is not None
    assert shown.item.reason is reason
    story.tell(TakenBack(order.sequence, story.at(back=order.sequence, taken=order.sequence, occupied=False)), Rested(story.hot))
    story.tell(story.booked(visit=VISIT))
    assert story.sent().code is CommandCode.OPEN
    assert view(story.session).item == shown.item


def test_a_jammed_bottle_is_returned_and_not_credited() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    story.tell(Rested(story.at(taken=intent.sequence, sorted=intent.sequence, fault=ControllerFault.DROP)))
    story.tell(story.booked(intent=intent, visit=VISIT))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    assert order.sequence > intent.sequence
    story.tell(Rested(story.at(taken=order.sequence, back=order.sequence, occupied=False)), story.booked(intent=intent, visit=VISIT))
    assert EndIntent(intent.sequence, Ending.CANCELLED) in story.asked


def test_a_bottle_that_fell_uncounted_is_said_to_have_fallen() -> None:
    story = Story(a_standing(open_intent=OPEN, visit=VISIT, last_sequence=SequenceNumber(7)))
    hot = story.at(taken=SequenceNumber(7), sorted=SequenceNumber(7), boots=2)
    story.tell(LinkBack(IDENTITY, hot), story.booked(intent=OPEN, visit=VISIT))
    order = story.sent()
    assert order == Command(CommandCode.RETURN, SequenceNumber(8))
    story.tell(Rested(story.at(taken=SequenceNumber(8))), story.booked(intent=OPEN, visit=VISIT))
    assert EndIntent(SequenceNumber(7), Ending.UNCOUNTED) in story.asked


def test_a_stale_reading_never_ends_an_intent() -> None:
    story = Story(a_standing(open_intent=OPEN, visit=VISIT, last_sequence=SequenceNumber(7)))
    story.tell(LinkBack(IDENTITY, story.at(taken=SequenceNumber(6))), story.booked(intent=OPEN, visit=VISIT))
    assert story.tell(Rested(story.hot)).asked == []


def test_the_sum_of_an_hour_ago_is_kept_before_what_lies_in_the_chamber_is_offered_to_whoever_is_there() -> None:
    visit = replace(VISIT, bottles=1, cents=Cents(20))
    later = Instant(NOON.utc + timedelta(hours=1), trusted=True)
    story = Story(a_standing(visit=visit), later)
    story.tell(LinkBack(IDENTITY, story.at(occupied=True)), story.booked(visit=visit))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.POWER_CUT)]
    story.tell(VoucherIssued(a_voucher(Cause.POWER_CUT)), Rested(story.hot), story.booked())
    assert story.sent().code is CommandCode.RETURN


def test_an_item_found_in_the_chamber_at_power_up_is_handed_back() -> None:
    story = Story()
    story.tell(LinkBack(IDENTITY, story.at(occupied=True)), story.booked())
    assert story.sent().code is CommandCode.RETURN


@pytest.mark.parametrize("doubt", [LinkLost("silent"), Elapsed(), Restarted(replace(REST, boots=2))], ids=["link", "time-out", "reset"])
def test_doubt_in_the_middle_of_a_sort_is_settled_and_credits_nothing_by_itself(doubt: Event) -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence), doubt)
    assert story.session.visit == VISIT
    if isinstance(doubt, LinkLost):
        assert story.screen is Screen.OUT_OF_ORDER
        story.tell(LinkBack(IDENTITY, story.hot))
    else:
        story.tell(Rested(story.hot))
    assert story.asked[-1] == Book(0, SequenceNumber(0))
    assert story.tell(story.booked(intent=intent, visit=VISIT)).sent().code is CommandCode.RETURN


def test_an_answer_about_an_older_reading_ends_no_intent() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence), Rested(story.at(taken=intent.sequence, sorted=intent.sequence, occupied=False)))
    old = story.booked(intent=intent, visit=VISIT)
    order = story.tell(old).sent()
    story.tell(Rested(story.at(taken=order.sequence, totaliser=1, counted=intent.sequence)))
    assert story.tell(old).asked == []
    assert story.tell(story.booked(credited=intent, visit=VISIT)).sent().code is CommandCode.OPEN


def test_a_link_lost_while_the_intent_is_written_leaves_the_bottles_fate_open() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(LinkLost("unplugged"), Intended(intent.sequence), Touched(Touch.FINISH), Touched(Touch.KEEP))
    assert story.asked == []
    assert story.screen is Screen.OUT_OF_ORDER


def test_an_unanswered_sort_is_settled() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence), CommandUnanswered(intent.sequence, Answer.BUSY), Rested(story.hot))
    assert story.asked[-1] == Book(0, SequenceNumber(0))


def test_an_answer_for_another_command_changes_nothing() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    assert story.tell(CommandUnanswered(SequenceNumber(1), Answer.BUSY), ItemDropped(SequenceNumber(1), story.hot)).asked == []


def test_a_bottle_pulled_out_before_the_gate_was_shut_is_not_counted() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)), VisitOpened(VISIT))
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, gate_shut=True)))
    item = view(story.session).item
    assert item is not None
    assert item.reason is Reason.PULLED_BACK
    assert story.tell(story.booked(visit=VISIT)).sent().code is CommandCode.OPEN


def test_finishing_shuts_the_gate_and_asks_what_to_do_with_the_sum() -> None:
    story = finished()
    assert story.screen is Screen.CHOOSE
    assert story.tell(Touched(Touch.KEEP)).asked == [IssueVoucher(VISIT.id, Cause.KEPT)]
    story.tell(VoucherIssued(a_voucher()))
    shown = view(story.session)
    assert (shown.screen, shown.visit_number, shown.cents) == (Screen.VOUCHER, "0417", 0)


def test_finish_is_heard_while_the_gate_still_opens() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).tell(LinkBack(IDENTITY, REST))
    opening = story.tell(story.booked(visit=story.session.visit)).sent()
    shutting = story.tell(Touched(Touch.FINISH)).sent()
    assert (shutting.code, shutting.sequence) == (CommandCode.RETURN, opening.sequence + 1)
    story.tell(Rested(story.at(state=ControllerState.OPEN, gate_shut=False, taken=opening.sequence)))
    assert view(story.session).screen is Screen.ONE_MOMENT
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=shutting.sequence)))
    assert view(story.session).screen is Screen.CHOOSE


def test_the_next_visitor_finds_an_open_gate_and_no_trace_of_the_last() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE))
    assert story.screen is Screen.THANKS
    story.tell(Touched(Touch.DONE), Rested(story.hot), story.booked())
    assert story.opened().screen is Screen.ATTRACT
    assert view(story.session).voucher is None


def test_a_visit_without_a_credit_just_ends() -> None:
    story = finished(bottles=0)
    assert story.asked == [CloseVisit(VISIT.id)]
    story.tell(VisitClosed(), Rested(story.hot), story.booked())
    assert story.opened().screen is Screen.ATTRACT


def test_a_visitor_who_walks_away_leaves_an_unclaimed_voucher() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open()
    assert story.tell(Elapsed()).screen is Screen.STILL_HERE
    order = story.tell(Elapsed()).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_a_bottle_in_the_last_moment_keeps_the_visit_open() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open().tell(Elapsed())
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.screen is Screen.CHECKING


@pytest.mark.parametrize(("allowed", "limit"), [(30, Reason.VISIT_LIMIT), (4, Reason.DAY_BUDGET)])
def test_at_the_limit_the_gate_stays_shut_and_the_sum_is_offered(allowed: int, limit: Reason) -> None:
    visit = replace(VISIT, allowed=allowed, bottles=allowed, cents=Cents(20 * allowed))
    story = Story(a_standing(visit=visit)).tell(LinkBack(IDENTITY, REST))
    story.tell(story.booked(visit=visit))
    assert (story.screen, view(story.session).limit) == (Screen.CHOOSE, limit)
    assert story.tell(Touched(Touch.ADD_MORE)).asked == []


def test_a_bottle_beyond_the_days_budget_is_handed_back() -> None:
    story = Story().open().put_in(replace(VISIT, allowed=0)).judged(verdict(Material.GLASS))
    assert story.sent().code is CommandCode.RETURN
    item = view(story.session).item
    assert item is not None
    assert item.reason is Reason.DAY_BUDGET


def test_a_stopped_machine_says_how_long_it_shows_the_sum_unless_a_bottles_fate_is_open() -> None:
    visit = replace(VISIT, bottles=1, cents=Cents(20))
    story = Story(a_standing(visit=visit)).tell(LinkLost("unplugged"))
    assert view(story.session).ends_in_s == 90.0
    assert view(replace(story.session, visit=None)).ends_in_s is None
    assert view(replace(story.session, visit=VISIT)).ends_in_s is None
    story = Story(a_standing(visit=visit, open_intent=OPEN)).tell(LinkLost("unplugged"))
    assert view(story.session).ends_in_s is None


def test_a_controller_that_counted_less_leaves_the_sum_as_unclaimed_to_nobody_else() -> None:
    visit = replace(VISIT, bottles=1, cents=Cents(20))
    story = Story(a_standing(visit=visit)).tell(LinkBack(IDENTITY, REST))
    story.tell(LedgerFailed(Halt.TOTALISER_FELL, "3 after 4", Book(0, SequenceNumber(0))))
    assert view(story.session).ends_in_s == 90.0
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_another_controller_stops_the_intake() -> None:
    story = Story().tell(LinkBack(replace(IDENTITY, controller_id=2), REST))
    assert isinstance(story.session.phase, Stopped)
    assert story.session.phase.halt is Halt.OTHER_CONTROLLER
    assert story.asked == [Dismiss()]


def test_a_sum_kept_in_front_of_another_controller_does_not_let_that_one_count() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).tell(LinkBack(replace(IDENTITY, controller_id=2), REST))
    story.tell(Touched(Touch.FINISH), Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE), Touched(Touch.DONE))
    assert [action for action in story.asked if not isinstance(action, Dismiss)] == []
    assert view(story.session).halt is Halt.OTHER_CONTROLLER
    assert story.tell(Rested(replace(REST, totaliser=99))).asked == []
    assert Book(0, SequenceNumber(0)) in story.tell(LinkLost("unplugged"), LinkBack(IDENTITY, REST)).asked


def test_another_controller_behind_a_voucher_leaves_it_on_the_screen_and_stops_the_next_visit() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), LinkLost("unplugged"))
    story.tell(LinkBack(replace(IDENTITY, controller_id=2), REST))
    assert view(story.session).screen is Screen.VOUCHER
    story.tell(Touched(Touch.DONE), Touched(Touch.DONE))
    assert view(story.session).halt is Halt.OTHER_CONTROLLER


def test_a_ledger_that_refused_an_entry_stays_out_of_service_after_the_sum_was_kept() -> None:
    story = (
        Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20))))
        .open()
        .tell(LedgerFailed(Halt.LEDGER_BROKEN, "a rule", Book(0, SequenceNumber(0))))
    )
    story.tell(Touched(Touch.FINISH), Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE), Touched(Touch.DONE))
    assert view(story.session).halt is Halt.LEDGER_BROKEN


def test_a_smaller_totaliser_stops_the_intake_until_a_person_acts() -> None:
    story = Story().tell(LinkBack(IDENTITY, REST), LedgerFailed(Halt.TOTALISER_FELL, "reads 3, booked are 9", Book(0, SequenceNumber(0))))
    assert view(story.session).halt is Halt.TOTALISER_FELL
    assert story.tell(LinkBack(IDENTITY, REST), Elapsed(), Touched(Touch.FINISH)).asked == []


def test_a_full_disk_hands_the_bottle_back_and_tries_again_later() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(LedgerFailed(Halt.LEDGER, "disk full", Book(0, SequenceNumber(0))), Rested(story.hot), story.booked(visit=VISIT))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    assert order.sequence > intent.sequence
    story.tell(Rested(story.at(taken=order.sequence, back=order.sequence, occupied=False)), story.booked(visit=VISIT))
    assert (story.screen, view(story.session).halt) == (Screen.OUT_OF_ORDER, Halt.LEDGER)
    story.tell(Elapsed(), Rested(story.hot), story.booked(visit=VISIT))
    assert story.opened().screen is Screen.FEEDING


def test_a_lost_camera_shuts_the_gate_until_it_is_back() -> None:
    story = Story().open().tell(CameraLost("unplugged"))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)), story.booked())
    assert view(story.session).halt is Halt.CAMERA
    assert story.tell(CameraBack(), Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_out_of_order_the_sum_can_still_be_kept() -> None:
    visit = replace(VISIT, bottles=3, cents=Cents(60))
    story = Story(a_standing(visit=visit)).open().tell(LinkLost("unplugged"))
    assert (story.screen, view(story.session).cents) == (Screen.OUT_OF_ORDER, 60)
    story.tell(Touched(Touch.FINISH), Touched(Touch.KEEP))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.KEPT)]


def test_while_a_bottles_fate_is_open_no_voucher_is_issued() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence), LinkLost("unplugged"), Touched(Touch.FINISH), Touched(Touch.KEEP))
    assert story.asked == []
    assert isinstance(story.session.phase, Unlinked)


@pytest.mark.parametrize(
    ("later", "trusted", "goes_on"),
    [
        (timedelta(minutes=9), True, True),
        (timedelta(minutes=11), True, False),
        (timedelta(minutes=1), False, False),
        (-timedelta(1), True, False),
    ],
    ids=["soon", "late", "untrusted clock", "clock set back"],
)
def test_after_a_power_cut_a_recent_visit_goes_on_and_an_old_one_becomes_a_voucher(later: timedelta, trusted: bool, goes_on: bool) -> None:
    visit = replace(VISIT, bottles=2, cents=Cents(40))
    story = Story(a_standing(visit=visit), Instant(NOON.utc + later, trusted)).tell(LinkBack(IDENTITY, REST))
    story.tell(story.booked(visit=visit))
    if goes_on:
        assert story.opened().screen is Screen.FEEDING
    else:
        assert story.asked == [IssueVoucher(VISIT.id, Cause.POWER_CUT)]


def test_a_link_lost_behind_the_voucher_leaves_it_on_the_screen() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), LinkLost("unplugged"))
    assert isinstance(story.session.phase, Showing)
    story.tell(Touched(Touch.DONE), Touched(Touch.DONE))
    assert story.screen is Screen.OUT_OF_ORDER
    story.tell(LinkBack(IDENTITY, story.hot), story.booked())
    assert isinstance(story.opened().session.phase, Ready)


def test_an_intent_ended_opens_the_gate_again() -> None:
    story = Story(a_standing(open_intent=OPEN, visit=VISIT, last_sequence=SequenceNumber(7)))
    story.tell(LinkBack(IDENTITY, story.at(taken=SequenceNumber(6))), story.booked(intent=OPEN, visit=VISIT))
    order = story.sent()
    story.tell(Rested(story.at(taken=order.sequence)), story.booked(intent=OPEN, visit=VISIT))
    assert EndIntent(SequenceNumber(7), Ending.CANCELLED) in story.asked
    assert story.tell(IntentEnded(SequenceNumber(7), Ending.CANCELLED)).sent().code is CommandCode.OPEN


def test_before_the_first_bottle_it_is_known_how_many_are_still_possible_today() -> None:
    story = Story()
    story.possible = 4
    story.tell(LinkBack(IDENTITY, REST), story.booked())
    assert view(story.opened().session).possible == 4
    assert view(story.put_in(replace(VISIT, allowed=4)).session).possible == 4


def test_a_day_whose_money_is_used_up_takes_nothing_until_midnight() -> None:
    story = Story()
    story.possible = 0
    story.tell(LinkBack(IDENTITY, REST), story.booked())
    assert view(story.session).halt is Halt.DAY_BUDGET
    story.possible = 30
    assert story.tell(Elapsed(), Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_a_hall_that_closes_shuts_the_gate_and_says_when_it_opens() -> None:
    story = Story().open().tell(HoursTold(OPENS))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)), story.booked())
    assert (view(story.session).halt, view(story.session).closed_until) == (Halt.CLOSED, OPENS)
    assert story.tell(HoursTold(None), Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_who_is_in_the_middle_of_a_visit_ends_it_after_the_hall_has_closed() -> None:
    story = Story().open().put_in().tell(HoursTold(OPENS))
    intent = story.judged(verdict(Material.GLASS)).intent()
    dropped = story.at(occupied=False, totaliser=1, taken=intent.sequence, counted=intent.sequence)
    visit = replace(VISIT, bottles=1, cents=Cents(20))
    story.tell(Intended(intent.sequence), ItemDropped(intent.sequence, dropped), story.booked(credited=intent, visit=visit))
    assert story.opened().screen is Screen.FEEDING
    order = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))
    story.tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE), Elapsed(), Rested(story.hot), story.booked())
    assert view(story.session).halt is Halt.CLOSED


def test_a_first_bottle_that_is_in_when_the_hall_closes_is_not_handed_back_for_that() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)), HoursTold(OPENS))
    assert story.asked == []
    assert story.screen is Screen.CHECKING


def test_refusals_are_counted_in_a_row_until_a_bottle_is_credited() -> None:
    story = Story().open()
    for refusals in (1, 2):
        order = story.put_in().judged(verdict(None, Reason.UNREADABLE)).sent()
        assert view(story.session).refusals == refusals
        story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, taken=order.sequence)), story.booked(visit=VISIT)).opened()
    intent = story.put_in().judged(verdict(Material.GLASS)).intent()
    dropped = story.at(occupied=False, totaliser=1, taken=intent.sequence, counted=intent.sequence)
    story.tell(Intended(intent.sequence), ItemDropped(intent.sequence, dropped), story.booked(credited=intent, visit=VISIT))
    assert view(story.session).refusals == 0


def test_a_visit_that_a_power_cut_interrupted_says_so_until_the_next_bottle() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open()
    assert view(story.session).resumed
    assert not view(story.put_in().session).resumed


def test_from_the_voucher_one_touch_goes_on_with_a_new_visit() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.AGAIN))
    assert story.tell(Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


@pytest.mark.parametrize("closed_by", [Touched(Touch.DONE), Touched(Touch.AGAIN), Elapsed()])
def test_a_voucher_counts_as_shown_once_its_page_is_closed(closed_by: Event) -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.STAY))
    assert story.asked == []
    assert story.tell(closed_by).asked[0] == MarkShown("CODE")


@pytest.mark.parametrize(("minutes", "trusted", "shown"), [(9, True, True), (11, True, False), (9, False, False)])
def test_a_voucher_that_a_power_cut_hid_is_shown_before_the_gate_opens(minutes: int, trusted: bool, shown: bool) -> None:
    now = Instant(NOON.utc + timedelta(minutes=minutes), trusted)
    story = Story(a_standing(unshown=Unshown(a_voucher(), NOON)), now).tell(LinkBack(IDENTITY, REST))
    story.tell(story.booked())
    if not shown:
        assert story.opened().screen is Screen.ATTRACT
        return
    assert (story.screen, view(story.session).voucher) == (Screen.VOUCHER, a_voucher())
    assert story.tell(Touched(Touch.DONE)).asked == [MarkShown("CODE")]
    assert story.tell(Touched(Touch.DONE), Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_a_voucher_that_a_power_cut_hid_is_shown_now_or_never() -> None:
    story = Story(a_standing(unshown=Unshown(a_voucher(), NOON)), NOON).tell(LinkLost("unplugged"))
    assert story.screen is Screen.VOUCHER
    assert story.tell(Elapsed()).asked == [MarkShown("CODE")]
    assert view(story.tell(Elapsed()).session).halt is Halt.INTAKE


@pytest.mark.parametrize("touches", [(), (Touch.GIVE,)])
def test_who_chooses_nothing_is_asked_before_the_sum_is_kept_as_unclaimed(touches: tuple[Touch, ...]) -> None:
    story = finished().tell(*map(Touched, touches), Elapsed())
    assert (story.screen, story.asked) == (Screen.STILL_HERE, [])
    assert story.tell(Touched(Touch.STAY)).screen is Screen.CHOOSE
    assert story.tell(Elapsed(), Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_the_voucher_stays_for_as_long_as_it_is_asked_to_ten_times_at_most() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()))
    for stays in range(1, 11):
        assert view(story.session).may_stay
        assert view(story.tell(Touched(Touch.STAY)).session).stays == stays
    assert not view(story.session).may_stay
    assert view(story.tell(Touched(Touch.STAY)).session).stays == 10
    assert story.tell(Elapsed()).screen is Screen.THANKS


def test_a_visit_is_asked_for_once_however_often_its_first_bottle_comes_and_goes() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert OpenVisit() in story.asked
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, gate_shut=True)), story.booked()).opened()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.asked == [Look(2)]
    assert view(story.tell(VisitOpened(VISIT)).session).visit_number == "0417"


def test_a_visit_whose_bottle_was_gone_before_it_was_opened_ends_by_itself() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, gate_shut=True)), story.booked()).opened()
    story.tell(VisitOpened(VISIT))
    order = story.tell(Elapsed()).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))
    assert story.asked == [CloseVisit(VISIT.id)]


def test_a_controller_of_another_version_stops_the_machine_until_one_of_the_two_is_updated() -> None:
    refused = WrongController(1, 2, (0, 1))
    story = Story(a_standing(visit=replace(VISIT, bottles=3, cents=Cents(60)))).tell(LinkLost(str(refused), refused))
    shown = view(story.session)
    assert (shown.halt, shown.cents) == (Halt.OTHER_VERSION, 60)
    story.tell(LinkLost("unplugged"))
    assert view(story.session).halt is Halt.INTAKE
    story.tell(LinkBack(IDENTITY, REST), story.booked(visit=story.session.visit))
    assert story.opened().screen is Screen.FEEDING
