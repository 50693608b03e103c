"""The deposit session, event by event: a bottle's way, doubts, and what stops the machine; what it asks of the world and what the visitor is shown."""

from dataclasses import replace

import pytest

from config.vocabulary import Bin, Cents, Material, Reason, SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.bus import Answer, Command, CommandCode, ControllerFault, ControllerState
from drivers.intake.events import CommandUnanswered, ItemDropped, ItemEntered, ItemSettled, LinkBack, LinkLost, Restarted, Rested, TakenBack
from drivers.intake.trouble import OtherTable
from kiosk.deposit.actions import AskIntake, Book, Dismiss, EndIntent, Intend, IssueVoucher, Judge, MarkShown, OpenVisit, Send, Watch
from kiosk.deposit.events import (
    CameraBack,
    CameraLost,
    Elapsed,
    Event,
    Intended,
    IntentEnded,
    LedgerFailed,
    Touch,
    Touched,
    VisitOpened,
    VoucherIssued,
)
from kiosk.deposit.halts import Halt, NoController, OtherVersion
from kiosk.deposit.states import LastItem, Ready, Showing, Stopped, Unlinked
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Cause, Ending, Intent
from people.stories import COUNTED_LESS, DISK_FULL, IDENTITY, RULE_BROKEN, UNPLUGGED, VISIT, Story, a_standing, a_voucher, finished, verdict
from wires.readings import REST

OPEN = Intent(SequenceNumber(7), VISIT.id, None, Material.GLASS, Cents(20), Bin(1), 200, "weight-and-code")
"""What a power cut leaves open."""


def test_a_start_reconciles_before_the_gate_opens() -> None:
    story = Story().tell(LinkBack(IDENTITY, REST))
    assert story.asked[-1] == Book(0, SequenceNumber(0))
    assert story.tell(story.booked()).sent() == Command(CommandCode.OPEN, SequenceNumber(1))


def test_a_bottle_put_in_on_the_attract_screen_starts_the_visit() -> None:
    story = Story().open()
    assert story.screen is Screen.ATTRACT
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.asked == [Watch(1), OpenVisit()]
    assert view(story.tell(VisitOpened(VISIT)).session).visit_number == "0417"


def test_an_accepted_bottle_is_sorted_only_once_its_intent_is_durable() -> None:
    story = Story().open().put_in()
    assert story.asked == [Judge(1, 22, metal=False, visit=VISIT.id)]
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


def test_what_was_credited_is_remembered_for_later_verdicts_and_what_only_fell_is_not() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.GLASS)).intent()
    story.tell(Intended(intent.sequence))
    dropped = story.at(occupied=False, totaliser=1, taken=intent.sequence, sorted=intent.sequence, counted=intent.sequence)
    story.tell(ItemDropped(intent.sequence, dropped))
    assert story.remembered == []
    story.tell(story.booked(credited=intent, visit=replace(VISIT, bottles=1, cents=Cents(20))))
    assert story.remembered == [intent]


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


def test_an_item_found_in_the_chamber_at_power_up_is_handed_back() -> None:
    story = Story()
    story.tell(LinkBack(IDENTITY, story.at(occupied=True)), story.booked())
    assert story.sent().code is CommandCode.RETURN
    assert (view(story.session).screen, view(story.session).item) == (Screen.REFUSED, LastItem(accepted=False, reason=Reason.INTERRUPTED))


@pytest.mark.parametrize("doubt", [LinkLost(UNPLUGGED), Elapsed(), Restarted(replace(REST, boots=2))], ids=["link", "time-out", "reset"])
def test_doubt_in_the_middle_of_a_sort_is_reconciled_and_credits_nothing_by_itself(doubt: Event) -> None:
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
    story.tell(LinkLost(UNPLUGGED), Intended(intent.sequence), Touched(Touch.FINISH), Touched(Touch.KEEP))
    assert story.asked == []
    assert story.screen is Screen.OUT_OF_ORDER


def test_an_unanswered_sort_is_reconciled() -> None:
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


def test_a_stopped_machine_says_how_long_it_shows_the_sum_unless_a_bottles_fate_is_open() -> None:
    visit = replace(VISIT, bottles=1, cents=Cents(20))
    story = Story(a_standing(visit=visit)).tell(LinkLost(UNPLUGGED))
    assert view(story.session).ends_in_s == 90.0
    assert view(replace(story.session, visit=None)).ends_in_s is None
    assert view(replace(story.session, visit=VISIT)).ends_in_s is None
    story = Story(a_standing(visit=visit, open_intent=OPEN)).tell(LinkLost(UNPLUGGED))
    assert view(story.session).ends_in_s is None


def test_a_controller_that_counted_less_leaves_the_sum_as_unclaimed_to_nobody_else() -> None:
    visit = replace(VISIT, bottles=1, cents=Cents(20))
    story = Story(a_standing(visit=visit)).tell(LinkBack(IDENTITY, REST))
    story.tell(LedgerFailed(COUNTED_LESS, Book(0, SequenceNumber(0))))
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
    assert [action for action in story.asked if not isinstance(action, Dismiss)] == [MarkShown("CODE")]
    assert view(story.session).halt is Halt.OTHER_CONTROLLER
    assert story.tell(Rested(replace(REST, totaliser=99))).asked == []
    assert Book(0, SequenceNumber(0)) in story.tell(LinkLost(UNPLUGGED), LinkBack(IDENTITY, REST)).asked


def test_another_controller_behind_a_voucher_leaves_it_on_the_screen_and_stops_the_next_visit() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), LinkLost(UNPLUGGED))
    story.tell(LinkBack(replace(IDENTITY, controller_id=2), REST))
    assert view(story.session).screen is Screen.VOUCHER
    story.tell(Touched(Touch.DONE), Touched(Touch.DONE))
    assert view(story.session).halt is Halt.OTHER_CONTROLLER


def test_a_ledger_that_refused_an_entry_stays_out_of_service_after_the_sum_was_kept() -> None:
    story = (
        Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20))))
        .open()
        .tell(LedgerFailed(RULE_BROKEN, Book(0, SequenceNumber(0))))
    )
    story.tell(Touched(Touch.FINISH), Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE), Touched(Touch.DONE))
    assert view(story.session).halt is Halt.LEDGER_BROKEN


def test_a_smaller_totaliser_stops_the_intake_until_a_person_acts() -> None:
    story = Story().tell(LinkBack(IDENTITY, REST), LedgerFailed(COUNTED_LESS, Book(0, SequenceNumber(0))))
    assert view(story.session).halt is Halt.TOTALISER_FELL
    assert story.tell(LinkBack(IDENTITY, REST), Elapsed(), Touched(Touch.FINISH)).asked == []


def test_a_full_disk_hands_the_bottle_back_and_tries_again_later() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(LedgerFailed(DISK_FULL, Intend(intent)), Rested(story.hot), story.booked(visit=VISIT))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    assert order.sequence > intent.sequence
    story.tell(Rested(story.at(taken=order.sequence, back=order.sequence, occupied=False)), story.booked(visit=VISIT))
    assert (story.screen, view(story.session).halt) == (Screen.OUT_OF_ORDER, Halt.LEDGER)
    story.tell(Elapsed(), Rested(story.hot), story.booked(visit=VISIT))
    assert story.opened().screen is Screen.FEEDING


def test_a_lost_camera_shuts_the_gate_until_it_is_back() -> None:
    story = Story().open().tell(CameraLost(CameraFault.UNPLUGGED))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)), story.booked())
    assert view(story.session).halt is Halt.CAMERA
    assert story.tell(CameraBack(), Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_out_of_order_the_sum_can_still_be_kept() -> None:
    visit = replace(VISIT, bottles=3, cents=Cents(60))
    story = Story(a_standing(visit=visit)).open().tell(LinkLost(UNPLUGGED))
    assert (story.screen, view(story.session).cents) == (Screen.OUT_OF_ORDER, 60)
    story.tell(Touched(Touch.FINISH), Touched(Touch.KEEP))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.KEPT)]


def test_while_a_bottles_fate_is_open_no_voucher_is_issued() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence), LinkLost(UNPLUGGED), Touched(Touch.FINISH), Touched(Touch.KEEP))
    assert story.asked == []
    assert isinstance(story.session.phase, Unlinked)


def test_a_link_lost_behind_the_voucher_leaves_it_on_the_screen() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), LinkLost(UNPLUGGED))
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


def test_refusals_are_counted_in_a_row_until_a_bottle_is_credited() -> None:
    story = Story().open()
    for refusals in (1, 2):
        order = story.put_in().judged(verdict(None, Reason.UNREADABLE)).sent()
        assert view(story.session).refusals == refusals
        story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, taken=order.sequence)), story.booked(visit=VISIT)).opened()
    intent = story.put_in().judged(verdict(Material.GLASS)).intent()
    dropped = story.at(occupied=False, totaliser=1, taken=intent.sequence, counted=intent.sequence)
    story.tell(Intended(intent.sequence), ItemDropped(intent.sequence, dropped))
    story.tell(story.booked(credited=intent, visit=VISIT))
    assert view(story.session).refusals == 0


def test_a_controller_of_another_version_stops_the_machine_until_one_of_the_two_is_updated() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=3, cents=Cents(60)))).tell(LinkLost(OtherTable(1, 2, (0, 1))))
    shown = view(story.session)
    assert (shown.halt, shown.why, shown.cents) == (Halt.OTHER_VERSION, OtherVersion(1, 2, (0, 1)), 60)
    story.tell(LinkLost(UNPLUGGED))
    assert view(story.session).why == NoController(UNPLUGGED)
    story.tell(LinkBack(IDENTITY, REST), story.booked(visit=story.session.visit))
    assert story.opened().screen is Screen.FEEDING


def crediting() -> tuple[Story, Intent]:
    """A bottle was counted; its credit is being written."""
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    counted = story.at(occupied=False, totaliser=1, taken=intent.sequence, sorted=intent.sequence, counted=intent.sequence)
    return story.tell(ItemDropped(intent.sequence, counted)), intent


def test_a_credit_that_could_not_be_written_is_tried_again_by_reconciling() -> None:
    story, intent = crediting()
    assert story.tell(LedgerFailed(DISK_FULL, Book(1, intent.sequence))).asked == [Dismiss(), AskIntake()]
    assert story.tell(Rested(story.hot)).asked[-1] == Book(1, intent.sequence)
    credited = replace(VISIT, bottles=1, cents=Cents(20))
    assert view(story.tell(story.booked(credited=intent, visit=credited)).session).cents == 20


def test_what_failed_of_another_request_does_not_end_the_wait_for_this_ones_answer() -> None:
    story = Story().open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    assert story.tell(LedgerFailed(DISK_FULL, MarkShown("CODE"))).asked == []
    assert story.tell(Intended(intent.sequence)).sent().code is CommandCode.SORT


def test_a_ledger_that_only_a_person_can_mend_still_answers_for_the_voucher_under_way() -> None:
    story = finished().tell(Touched(Touch.KEEP), LedgerFailed(RULE_BROKEN, MarkShown("CODE")))
    assert story.screen is Screen.ONE_MOMENT
    assert view(story.tell(VoucherIssued(a_voucher())).session).voucher == a_voucher()
    story.tell(Touched(Touch.DONE), Touched(Touch.DONE))
    assert view(story.session).halt is Halt.LEDGER_BROKEN


def test_an_answer_that_wrote_nothing_still_tells_how_many_bottles_are_possible() -> None:
    story = Story()
    story.possible = 4
    story.tell(LinkBack(IDENTITY, REST))
    told = story.booked()
    same_row = replace(told, books=replace(told.books, row=story.session.row))
    assert view(story.tell(same_row).session).possible == 4


def test_the_same_question_asked_twice_is_answered_by_its_second_answer() -> None:
    story = Story().tell(LinkBack(IDENTITY, REST), LinkLost(UNPLUGGED), LinkBack(IDENTITY, REST))
    assert story.tell(story.booked()).asked == []
    assert story.tell(story.booked()).sent().code is CommandCode.OPEN


def test_a_ledger_that_refused_an_entry_is_asked_for_nothing_when_the_visitor_has_gone() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open()
    story.tell(LedgerFailed(RULE_BROKEN, MarkShown("CODE")))
    assert story.tell(Elapsed()).asked == []
    assert view(story.session).halt is Halt.LEDGER_BROKEN


def test_a_gate_that_is_shut_again_when_its_opening_is_told_is_not_taken_for_open() -> None:
    story = Story().tell(LinkBack(IDENTITY, REST))
    order = story.tell(story.booked()).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, taken=order.sequence)))
    assert story.asked[-1] == Book(0, SequenceNumber(0))
    assert story.tell(story.booked()).sent().code is CommandCode.OPEN


def test_a_verdict_that_comes_before_the_visit_is_open_waits_for_it() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    story.tell(ItemSettled(story.at(state=ControllerState.SHUT, gate_shut=True, weight_g=22)))
    assert story.judged(verdict(Material.PLASTIC)).asked == []
    assert story.tell(VisitOpened(VISIT)).intent().visit == VISIT.id


def test_the_card_of_the_last_bottle_is_gone_once_the_next_is_in() -> None:
    story = Story().open().put_in()
    order = story.judged(verdict(None, Reason.CAN)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, taken=order.sequence)), story.booked(visit=VISIT)).opened()
    assert view(story.session).item is not None
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert view(story.session).item is None
