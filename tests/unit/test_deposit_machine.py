"""What stops the machine in the middle of a visit: doors, hands, jams, full bins, things left behind. The sum is never lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from config.clock import PARIS
from config.vocabulary import Bin, Cents, Material, Reason, SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.bus import Answer, Command, CommandCode, ControllerFault, ControllerState, FaultCause, HotBlock
from drivers.intake.events import (
    BinLevel,
    CommandUnanswered,
    DoorOpened,
    DoorShut,
    FaultChanged,
    Hand,
    ItemDropped,
    ItemEntered,
    ItemSettled,
    LinkBack,
    LinkLost,
    Restarted,
    Rested,
    TakenBack,
)
from kiosk.deposit.actions import Book, Dismiss, EndIntent, Intend, IssueVoucher, MarkShown, Send, Watch
from kiosk.deposit.events import (
    CameraBack,
    CameraLost,
    DayTold,
    Elapsed,
    Event,
    HoursTold,
    Intended,
    IntentEnded,
    LedgerFailed,
    LedgerNews,
    Touch,
    Touched,
    VisitOpened,
    VoucherIssued,
)
from kiosk.deposit.halts import Halt, Obstacle
from kiosk.deposit.states import Fencing, Sorting
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Cause, Ending, Intent, Visit
from people.stories import COUNTED_LESS, DISK_FULL, IDENTITY, RULE_BROKEN, UNPLUGGED, VISIT, Story, a_standing, a_voucher, finished, verdict

WITH_A_SUM = replace(VISIT, bottles=3, cents=Cents(60))
LATCHED = [ControllerFault.GATE, ControllerFault.FLAP, ControllerFault.SORTER, ControllerFault.DROP_BEAM]


def visiting(visit: Visit = WITH_A_SUM) -> Story:
    """A visitor with a sum stands before the open gate."""
    return Story(a_standing(visit=visit)).open()


def sorting(story: Story) -> Intent:
    """The story's visitor put a bottle in, and its Sort was sent."""
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    return intent


def halted(story: Story) -> Halt | None:
    shown = view(story.session)
    assert shown.screen is Screen.OUT_OF_ORDER
    return shown.halt


def shut(story: Story) -> Story:
    """The controller took what was sent last and rests, shut and empty."""
    order = story.sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, gate_open=False, occupied=False, taken=order.sequence)))
    return story.tell(story.booked(visit=story.session.visit, intent=story.session.intent))


def test_a_hand_in_the_gate_is_shown_until_it_is_out() -> None:
    story = visiting()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.tell(Hand(True, story.at(hand=True))).screen is Screen.HAND
    assert story.tell(Hand(False, story.at(hand=False))).screen is Screen.CHECKING


@pytest.mark.parametrize("cut", ["link", "controller"])
def test_a_hand_that_nobody_could_see_leave_is_not_shown_for_ever(cut: str) -> None:
    story = Story().open().put_in()
    story.tell(Hand(True, story.hot))
    assert story.screen is Screen.HAND
    if cut == "link":
        story.tell(LinkLost(UNPLUGGED), LinkBack(IDENTITY, story.at(hand=False)))
    else:
        story.tell(Restarted(story.at(boots=2, hand=False)))
    assert view(story.session).screen is Screen.ONE_MOMENT


def test_what_was_seen_before_a_hand_came_back_is_forgotten() -> None:
    story = visiting()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.tell(Hand(True, story.at(hand=True))).asked == [Dismiss()]
    assert story.tell(Hand(False, story.at(hand=False))).asked == [Watch(1)]


def test_a_hand_that_keeps_the_gate_from_shutting_is_shown_to_who_finishes() -> None:
    story = visiting().tell(Touched(Touch.FINISH))
    assert story.tell(Hand(True, story.at(entry_beam=True))).screen is Screen.HAND


def test_a_jam_that_nobody_clears_keeps_the_sum_and_says_so() -> None:
    story = visiting()
    intent = sorting(story)
    failed = story.at(state=ControllerState.FAILED, fault=ControllerFault.FLAP, cause=FaultCause.OVER_CURRENT, occupied=False)
    failed = story.at(taken=intent.sequence, sorted=intent.sequence)
    story.tell(FaultChanged(failed.fault, failed.cause, failed), Rested(failed))
    story.tell(story.booked(intent=intent, visit=WITH_A_SUM))
    assert story.asked == [EndIntent(intent.sequence, Ending.UNCOUNTED)]
    story.tell(IntentEnded(intent.sequence, Ending.UNCOUNTED))
    assert halted(story) is Halt.JAM
    shown = view(story.session)
    assert shown.cents == 60
    assert shown.item is not None
    assert shown.item.reason is Reason.UNCOUNTED
    story.tell(Touched(Touch.KEEP), Touched(Touch.KEEP))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.KEPT)]


def test_a_bottle_on_a_flap_that_failed_stays_open_until_somebody_has_looked() -> None:
    story = visiting()
    intent = sorting(story)
    failed = story.at(state=ControllerState.FAILED, fault=ControllerFault.FLAP, taken=intent.sequence, sorted=intent.sequence)
    story.tell(Rested(failed), story.booked(intent=intent, visit=WITH_A_SUM))
    assert halted(story) is Halt.JAM
    assert story.tell(Touched(Touch.KEEP)).asked == []
    story.tell(DoorOpened(story.at(door_open=True)), Rested(story.hot), story.booked(intent=intent, visit=WITH_A_SUM))
    assert halted(story) is Halt.DOOR
    story.tell(DoorShut(story.at(door_open=False)), Rested(story.hot), story.booked(intent=intent, visit=WITH_A_SUM))
    clear = story.sent()
    assert clear.code is CommandCode.CLEAR
    story.tell(Rested(story.at(state=ControllerState.SHUT, fault=ControllerFault.NONE, taken=clear.sequence)))
    assert story.tell(story.booked(intent=intent, visit=WITH_A_SUM)).sent().code is CommandCode.RETURN


@pytest.mark.parametrize("fault", LATCHED)
def test_what_the_controller_latched_is_cleared_only_after_the_service_door_was_opened_and_shut(fault: ControllerFault) -> None:
    hot = Story().at(state=ControllerState.SHUT, fault=fault)
    story = Story()
    story.hot = hot
    story.tell(LinkBack(IDENTITY, hot), story.booked())
    assert halted(story) is Halt.JAM
    assert story.tell(Elapsed(), Touched(Touch.FINISH)).asked == []
    story.tell(DoorOpened(story.at(door_open=True)), Rested(story.hot), story.booked())
    story.tell(DoorShut(story.at(door_open=False)), Rested(story.hot), story.booked())
    clear = story.sent()
    assert clear.code is CommandCode.CLEAR
    story.tell(Rested(story.at(fault=ControllerFault.NONE, taken=clear.sequence)), story.booked())
    assert story.sent().code is CommandCode.OPEN


def test_a_clear_that_finds_the_same_fault_waits_for_the_next_person() -> None:
    story = Story()
    story.tell(LinkBack(IDENTITY, story.at(state=ControllerState.FAILED, fault=ControllerFault.GATE)), story.booked())
    story.tell(DoorOpened(story.at(door_open=True)), Rested(story.hot), story.booked())
    story.tell(DoorShut(story.at(door_open=False)), Rested(story.hot), story.booked())
    clear = story.sent()
    story.tell(Rested(story.at(taken=clear.sequence)), story.booked())
    assert halted(story) is Halt.JAM
    assert [action for action in story.asked if isinstance(action, Send)] == []


def test_a_sorter_that_failed_still_lets_the_bottle_be_handed_back() -> None:
    story = visiting()
    intent = sorting(story)
    story.tell(Rested(story.at(fault=ControllerFault.SORTER, taken=intent.sequence, sorted=intent.sequence)))
    story.tell(story.booked(intent=intent, visit=WITH_A_SUM))
    back = story.sent()
    assert back.code is CommandCode.RETURN
    story.tell(Rested(story.at(occupied=False, taken=back.sequence, back=back.sequence)))
    story.tell(story.booked(intent=intent, visit=WITH_A_SUM))
    assert story.asked == [EndIntent(intent.sequence, Ending.CANCELLED)]
    assert halted(story.tell(IntentEnded(intent.sequence, Ending.CANCELLED))) is Halt.JAM


def test_an_open_door_stops_the_machine_and_a_shut_one_lets_it_go_on() -> None:
    story = visiting().tell(DoorOpened(Story().at(door_open=True, state=ControllerState.CLOSING)))
    story.hot = replace(story.hot, door_open=True)
    assert (halted(story), view(story.session).cents) == (Halt.DOOR, 60)
    story.tell(DoorShut(story.at(door_open=False, state=ControllerState.SHUT)), Rested(story.hot), story.booked(visit=WITH_A_SUM))
    assert story.opened().screen is Screen.FEEDING


def test_a_door_opened_while_a_bottle_falls_does_not_cost_its_credit() -> None:
    story = visiting()
    intent = sorting(story)
    story.tell(DoorOpened(story.at(door_open=True)))
    assert isinstance(story.session.phase, Sorting)
    story.tell(ItemDropped(intent.sequence, story.at(totaliser=1, counted=intent.sequence, taken=intent.sequence, occupied=False)))
    assert story.asked == [Book(1, intent.sequence)]
    paid = replace(WITH_A_SUM, bottles=4, cents=Cents(80))
    story.tell(story.booked(credited=intent, visit=paid))
    assert (halted(story), view(story.session).cents) == (Halt.DOOR, 80)


def test_no_sort_is_sent_into_an_open_door() -> None:
    story = visiting()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(DoorOpened(story.at(door_open=True)), Intended(intent.sequence))
    assert [action for action in story.asked if isinstance(action, Send)] == []
    story.tell(Rested(story.hot), story.booked(intent=intent, visit=WITH_A_SUM))
    assert halted(story) is Halt.DOOR
    story.tell(DoorShut(story.at(door_open=False)), Rested(story.hot), story.booked(intent=intent, visit=WITH_A_SUM))
    assert story.sent().code is CommandCode.RETURN


def test_a_return_refused_by_an_open_door_waits_for_it() -> None:
    story = visiting().put_in()
    order = story.judged(verdict(None, Reason.CAN)).sent()
    story.tell(DoorOpened(story.at(door_open=True)), CommandUnanswered(order.sequence, Answer.UNSAFE))
    story.tell(Rested(story.hot), story.booked(visit=WITH_A_SUM))
    assert halted(story) is Halt.DOOR


@pytest.mark.parametrize(
    ("fault", "halt"),
    [
        (ControllerFault.ENTRY_BEAM, Halt.SENSOR),
        (ControllerFault.SCALE, Halt.SENSOR),
        (ControllerFault.SUPPLY, Halt.SUPPLY),
        (ControllerFault.STORE, Halt.MEMORY),
    ],
)
def test_what_ends_by_itself_lets_the_machine_go_on_by_itself(fault: ControllerFault, halt: Halt) -> None:
    story = Story()
    story.tell(LinkBack(IDENTITY, story.at(fault=fault)), story.booked())
    assert halted(story) is halt
    story.tell(FaultChanged(ControllerFault.NONE, FaultCause.NONE, story.at(fault=ControllerFault.NONE)), Rested(story.hot), story.booked())
    assert story.sent().code is CommandCode.OPEN


def test_a_beam_blocked_in_the_bin_shuts_the_open_gate() -> None:
    story = Story().open()
    story.tell(
        FaultChanged(ControllerFault.DROP_BEAM, FaultCause.BLOCKED, story.at(fault=ControllerFault.DROP_BEAM, cause=FaultCause.BLOCKED))
    )
    assert story.sent().code is CommandCode.RETURN
    assert halted(shut(story)) is Halt.JAM


def test_the_gate_that_the_controller_shut_by_itself_opens_again() -> None:
    story = Story().open()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True)), story.booked())
    assert story.sent().code is CommandCode.OPEN


def test_a_bottle_whose_bin_is_full_is_handed_back_and_the_other_material_is_still_taken() -> None:
    story = visiting()
    story.tell(BinLevel(Bin(1), 95, story.at(bin_percent=(95, 10))))
    assert view(story.session).full == (Material.GLASS,)
    story.put_in().judged(verdict(Material.GLASS, weight_g=300))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    item = view(story.session).item
    assert item is not None
    assert item.reason is Reason.BIN_FULL
    story.tell(Rested(story.at(occupied=False, taken=order.sequence)), story.booked(visit=WITH_A_SUM))
    assert story.opened().put_in().judged(verdict(Material.PLASTIC)).intent().bin == 2


def test_with_all_bins_full_the_sum_is_offered_and_nothing_more_is_taken() -> None:
    story = visiting()
    shut(story.tell(BinLevel(Bin(1), 95, story.at(bin_percent=(95, 99)))))
    assert (story.screen, view(story.session).limit) == (Screen.CHOOSE, Reason.BIN_FULL)
    assert story.tell(Touched(Touch.ADD_MORE)).asked == []


def test_full_bins_stop_the_machine_until_one_is_emptied() -> None:
    story = Story()
    story.tell(LinkBack(IDENTITY, story.at(bin_percent=(96, 97))), story.booked())
    assert halted(story) is Halt.BINS_FULL
    story.tell(BinLevel(Bin(2), 0, story.at(bin_percent=(96, 0))), Rested(story.hot), story.booked())
    assert story.opened().screen is Screen.ATTRACT


def left_behind() -> Story:
    """A refused can was offered twice and nobody took it."""
    story = visiting().put_in()
    first = story.judged(verdict(None, Reason.CAN)).sent()
    story.tell(Rested(story.at(taken=first.sequence)), story.booked(visit=WITH_A_SUM))
    shown = view(story.session)
    assert (shown.screen, shown.offered) == (Screen.REFUSED, 1)
    assert shown.item is not None
    assert shown.item.reason is Reason.CAN
    second = story.sent()
    assert (second.code, second.sequence) == (CommandCode.RETURN, first.sequence + 1)
    return story.tell(Rested(story.at(taken=second.sequence)))


def test_a_refused_item_that_nobody_takes_is_offered_twice_then_the_gate_stays_shut_and_help_is_called() -> None:
    story = left_behind()
    assert (halted(story), view(story.session).cents) == (Halt.LEFT_BEHIND, 60)
    assert [action for action in story.asked if isinstance(action, Send)] == []


def test_a_door_that_was_opened_before_the_jam_does_not_count_as_somebody_having_looked() -> None:
    story = Story().open()
    story.tell(DoorOpened(story.at(door_open=True)), DoorShut(story.at(door_open=False)), Rested(story.at(state=ControllerState.SHUT)))
    story.tell(story.booked()).opened()
    jammed = story.at(state=ControllerState.FAILED, fault=ControllerFault.GATE, cause=FaultCause.LATE, gate_open=False)
    story.tell(FaultChanged(jammed.fault, jammed.cause, jammed), Rested(jammed), story.booked())
    assert halted(story) is Halt.JAM
    assert story.asked == []
    story.tell(DoorOpened(story.at(door_open=True)), DoorShut(story.at(door_open=False)), Rested(story.hot), story.booked())
    assert story.sent().code is CommandCode.CLEAR


@pytest.mark.parametrize("why", [RULE_BROKEN, COUNTED_LESS])
def test_a_ledger_that_only_a_person_can_mend_hands_the_bottle_back_and_stops_the_looking(why: Obstacle) -> None:
    story = visiting().put_in()
    sequence = story.session.last_sequence + 1
    story.tell(LedgerFailed(why, Book(0, SequenceNumber(0))))
    assert story.asked == [Dismiss(), Send(Command(CommandCode.RETURN, SequenceNumber(sequence)))]
    assert view(story.session).why == why


def test_a_bottle_that_is_in_when_the_last_bin_fills_is_still_looked_at_and_comes_back_for_that() -> None:
    story = visiting().put_in()
    assert story.tell(BinLevel(Bin(1), 99, story.at(bin_percent=(99, 99)))).asked == []
    assert story.screen is Screen.CHECKING
    story.judged(verdict(Material.GLASS))
    item = view(story.session).item
    assert item is not None
    assert item.reason is Reason.BIN_FULL


def test_an_item_that_was_taken_at_the_second_offer_costs_the_next_one_nothing_of_its_two() -> None:
    story = visiting().put_in()
    first = story.judged(verdict(None, Reason.CAN)).sent()
    story.tell(Rested(story.at(taken=first.sequence)), story.booked(visit=WITH_A_SUM))
    second = story.sent()
    story.tell(Rested(story.at(taken=second.sequence, back=second.sequence, occupied=False)), story.booked(visit=WITH_A_SUM)).opened()
    third = story.put_in().judged(verdict(None, Reason.CAN)).sent()
    story.tell(Rested(story.at(taken=third.sequence)), story.booked(visit=WITH_A_SUM))
    assert (story.screen, view(story.session).offered) == (Screen.REFUSED, 1)


@pytest.mark.parametrize(("percent", "taken"), [(94, True), (95, False)])
def test_a_bin_is_full_from_the_configured_share_on(percent: int, taken: bool) -> None:
    story = visiting()
    story.at(bin_percent=(percent, 0))
    story.put_in().judged(verdict(Material.GLASS))
    assert any(isinstance(action, Intend) for action in story.asked) == taken
    assert (view(story.session).full == ()) == taken


def test_what_was_left_behind_can_be_taken_out_later() -> None:
    story = left_behind()
    order = story.tell(Touched(Touch.TAKE_OUT)).sent()
    assert order.code is CommandCode.RETURN
    story.tell(Rested(story.at(taken=order.sequence, back=order.sequence, occupied=False)), story.booked(visit=WITH_A_SUM))
    assert story.opened().screen is Screen.FEEDING


def test_who_leaves_an_item_and_goes_leaves_the_sum_unclaimed_and_the_item_where_it_is() -> None:
    story = left_behind().tell(Elapsed())
    assert story.asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]
    assert story.tell(VoucherIssued(a_voucher(Cause.TIMED_OUT))).screen is Screen.PARTING
    story.tell(Elapsed(), Rested(story.hot), story.booked())
    assert halted(story) is Halt.LEFT_BEHIND
    assert story.session.visit is None


def test_what_a_technician_took_out_no_longer_stops_the_machine() -> None:
    story = left_behind()
    story.tell(DoorOpened(story.at(door_open=True)), Rested(story.hot), story.booked(visit=WITH_A_SUM))
    story.tell(DoorShut(story.at(door_open=False, occupied=False)), Rested(story.hot), story.booked(visit=WITH_A_SUM))
    assert story.opened().screen is Screen.FEEDING


def test_an_item_found_at_power_up_is_offered_twice_too() -> None:
    story = Story()
    story.tell(LinkBack(IDENTITY, story.at(occupied=True)), story.booked())
    again = story.tell(Rested(story.at(taken=story.sent().sequence))).sent()
    assert again.code is CommandCode.RETURN
    assert halted(story.tell(Rested(story.at(taken=again.sequence)))) is Halt.LEFT_BEHIND


def test_a_finish_while_a_bottle_falls_comes_after_its_credit() -> None:
    story = visiting()
    intent = sorting(story)
    assert view(story.tell(Touched(Touch.FINISH)).session).finishing
    story.tell(ItemDropped(intent.sequence, story.at(totaliser=1, counted=intent.sequence, taken=intent.sequence, occupied=False)))
    story.tell(story.booked(credited=intent, visit=replace(WITH_A_SUM, bottles=4, cents=Cents(80))))
    shown = view(story.session)
    assert (shown.screen, shown.cents, shown.finishing) == (Screen.CHOOSE, 80, False)


def test_a_finish_while_a_refused_bottle_is_handed_back_comes_after_it() -> None:
    story = visiting().put_in()
    order = story.judged(verdict(None, Reason.CAN)).sent()
    story.tell(Touched(Touch.FINISH), Rested(story.at(taken=order.sequence, occupied=False)), story.booked(visit=WITH_A_SUM))
    assert story.screen is Screen.CHOOSE


def test_a_finish_that_the_controller_did_not_take_is_not_forgotten() -> None:
    story = visiting()
    order = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(CommandUnanswered(order.sequence, Answer.BUSY), Rested(story.at(state=ControllerState.SHUT)), story.booked(visit=WITH_A_SUM))
    assert story.screen is Screen.CHOOSE


def test_adding_more_after_a_finish_opens_the_gate_again() -> None:
    story = visiting()
    order = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)), Touched(Touch.ADD_MORE))
    assert story.tell(Rested(story.hot), story.booked(visit=WITH_A_SUM)).opened().screen is Screen.FEEDING


def test_who_walks_away_from_a_stopped_machine_leaves_the_sum_unclaimed() -> None:
    story = visiting().tell(DoorOpened(Story().at(door_open=True)))
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_who_walks_away_while_a_bottles_fate_is_open_gets_the_sum_kept_once_it_is_known() -> None:
    story = visiting()
    intent = sorting(story)
    story.tell(Rested(story.at(state=ControllerState.FAILED, fault=ControllerFault.GATE, taken=intent.sequence)))
    story.tell(story.booked(intent=intent, visit=WITH_A_SUM))
    assert story.tell(Elapsed()).asked == []
    story.tell(DoorOpened(story.at(door_open=True)), Rested(story.hot), story.booked(intent=intent, visit=WITH_A_SUM))
    story.tell(DoorShut(story.at(door_open=False)), Rested(story.hot), story.booked(intent=intent, visit=WITH_A_SUM))
    clear = story.sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, fault=ControllerFault.NONE, taken=clear.sequence)))
    fence = story.tell(story.booked(intent=intent, visit=WITH_A_SUM)).sent()
    story.tell(Rested(story.at(occupied=False, taken=fence.sequence, back=fence.sequence)), story.booked(intent=intent, visit=WITH_A_SUM))
    story.tell(IntentEnded(intent.sequence, Ending.CANCELLED))
    assert story.asked[-1] == IssueVoucher(VISIT.id, Cause.TIMED_OUT)


def test_a_ledger_that_stays_away_does_not_hand_the_sum_to_the_next_visitor() -> None:
    story = visiting().tell(LedgerFailed(DISK_FULL, Book(0, SequenceNumber(0))))
    for _ in range(18):
        story.tell(Elapsed(), Rested(story.at(state=ControllerState.SHUT)))
        story.tell(LedgerFailed(DISK_FULL, Book(0, SequenceNumber(0))))
    story.tell(Elapsed(), Rested(story.hot), story.booked(visit=WITH_A_SUM))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_a_fault_at_the_visitors_choice_disturbs_nobody() -> None:
    story = visiting()
    order = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, taken=order.sequence)))
    story.tell(
        FaultChanged(ControllerFault.SUPPLY, FaultCause.NONE, story.at(fault=ControllerFault.SUPPLY)), DoorOpened(story.at(door_open=True))
    )
    assert story.screen is Screen.CHOOSE
    story.tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE), Touched(Touch.DONE), Rested(story.hot), story.booked())
    assert halted(story) is Halt.DOOR


def test_an_item_pushed_in_by_a_hand_while_the_gate_shuts_for_the_choice_is_handed_back() -> None:
    story = visiting()
    order = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, occupied=True, taken=order.sequence)))
    story.tell(story.booked(visit=WITH_A_SUM))
    assert isinstance(story.session.phase, Fencing)
    back = story.sent()
    story.tell(Rested(story.at(occupied=False, taken=back.sequence, back=back.sequence)), story.booked(visit=WITH_A_SUM))
    assert story.screen is Screen.CHOOSE


def test_the_first_bottle_of_a_visit_that_the_door_interrupts_leaves_no_visit_behind() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)), VisitOpened(VISIT))
    story.tell(DoorOpened(story.at(door_open=True)), Rested(story.at(state=ControllerState.SHUT)), story.booked(visit=VISIT))
    assert halted(story) is Halt.DOOR
    assert story.tell(Touched(Touch.FINISH)).screen is Screen.ONE_MOMENT


def test_a_sequence_used_by_a_technicians_test_is_never_used_again() -> None:
    story = Story()
    story.tell(LinkBack(IDENTITY, story.at(taken=SequenceNumber(40))), story.booked())
    assert story.sent().sequence == 41


AT_THE_SCREEN: list[tuple[Event | LedgerNews, ...]] = [
    (),
    (Touched(Touch.GIVE),),
    (Elapsed(),),
    (Touched(Touch.KEEP),),
    (Touched(Touch.KEEP), VoucherIssued(a_voucher())),
    (Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE)),
]


@pytest.mark.parametrize("reached", AT_THE_SCREEN, ids=["choosing", "giving", "asked", "waiting", "voucher", "thanks"])
def test_whatever_the_machine_does_behind_its_shut_gate_the_visitors_page_stands(reached: tuple[Event | LedgerNews, ...]) -> None:
    story = finished().tell(*reached)
    phase = story.session.phase
    jammed = replace(story.hot, fault=ControllerFault.GATE, cause=FaultCause.LATE)
    happens = (
        DoorOpened(replace(story.hot, door_open=True)),
        DoorShut(story.hot),
        FaultChanged(jammed.fault, jammed.cause, jammed),
        BinLevel(Bin(1), 99, replace(story.hot, bin_percent=(99, 99))),
        Restarted(replace(story.hot, boots=2)),
        Rested(story.hot),
        CameraLost(CameraFault.UNPLUGGED),
        CameraBack(),
        LinkLost(UNPLUGGED),
        LinkBack(IDENTITY, story.hot),
        HoursTold(datetime(2026, 11, 25, 8, 30, tzinfo=PARIS)),
        DayTold(None),
    )
    for event in happens:
        assert story.tell(event).asked == [], event
        assert story.session.phase == phase, event


WITH_A_READING: list[Callable[[HotBlock], Event]] = [
    lambda hot: LinkBack(IDENTITY, hot),
    Restarted,
    ItemEntered,
    ItemSettled,
    lambda hot: ItemDropped(SequenceNumber(1), hot),
    lambda hot: TakenBack(SequenceNumber(1), hot),
    Rested,
    lambda hot: Hand(True, hot),
    DoorOpened,
    DoorShut,
    lambda hot: BinLevel(Bin(1), 1, hot),
    lambda hot: FaultChanged(ControllerFault.NONE, FaultCause.NONE, hot),
]


@pytest.mark.parametrize("event", WITH_A_READING)
def test_every_event_with_a_reading_in_it_tells_how_the_machine_stands(event: Callable[[HotBlock], Event]) -> None:
    story = visiting()
    hot = replace(story.hot, weight_g=7)
    assert story.tell(event(hot)).session.hot == hot


def test_a_ledger_that_came_back_leaves_the_visitor_their_whole_patience_for_the_next_time() -> None:
    story = visiting()
    for _ in range(2):
        story.tell(LedgerFailed(DISK_FULL, MarkShown("CODE")))
        shut(story)
        for _ in range(10):  # 50 of 90 s
            assert halted(story) is Halt.LEDGER
            story.tell(Elapsed(), Rested(story.hot), LedgerFailed(DISK_FULL, Book(0, SequenceNumber(0))))
        story.tell(Elapsed(), Rested(story.hot), story.booked(visit=WITH_A_SUM)).opened()
    assert story.screen is Screen.FEEDING
