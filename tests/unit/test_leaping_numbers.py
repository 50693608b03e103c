"""A number from the wire that leaps: neither what is sent nor what is booked next is counted on from it, and the sum can be kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from config.vocabulary import Cents, Material, SequenceNumber
from drivers.intake.bus import LAST_SEQUENCE, LEAP, Answer, CommandCode, ControllerState, HotBlock
from drivers.intake.events import CommandUnanswered, ItemDropped, ItemEntered, LinkBack, Rested
from firmware import registers
from kiosk.deposit.actions import Book, EndIntent, IssueVoucher, Send
from kiosk.deposit.events import Elapsed, Intended, Touch, Touched, VoucherIssued
from kiosk.deposit.halts import Halt
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Cause, NumberBeyond
from money.ledgers import LedgerIn
from people.stories import IDENTITY, VISIT, Story, a_standing, a_voucher, verdict
from wires.readings import REST

pytest_plugins = ("money.ledger_fixtures",)

TWO = replace(VISIT, bottles=2, cents=Cents(40))
HIGHEST = SequenceNumber(registers.U32)


def visiting() -> Story:
    """A visitor with 40 cents, at a ledger whose last intent was the sequence 7."""
    return Story(a_standing(visit=TWO, last_sequence=SequenceNumber(7)))


def halted(story: Story) -> Halt | None:
    shown = view(story.session)
    assert shown.screen is Screen.OUT_OF_ORDER
    return shown.halt


def keeps(story: Story) -> None:
    story.tell(Touched(Touch.KEEP), Touched(Touch.KEEP))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.KEPT)]


LEAPS = [
    pytest.param({"taken": HIGHEST}, id="taken"),
    pytest.param({"taken": SequenceNumber(7 + LEAP + 1)}, id="taken, just too far"),
    pytest.param({"taken": SequenceNumber(8), "counted": HIGHEST}, id="counted"),
    pytest.param({"taken": SequenceNumber(8), "sorted": HIGHEST}, id="sorted"),
    pytest.param({"taken": SequenceNumber(8), "back": HIGHEST}, id="back"),
    pytest.param({"totaliser": registers.U32}, id="totaliser"),
]


@pytest.mark.parametrize("leap", LEAPS)
def test_a_start_before_a_number_that_leapt_sends_nothing_and_the_sum_can_be_kept(leap: dict[str, int]) -> None:
    story = visiting()
    story.tell(LinkBack(IDENTITY, story.at(**leap)))
    if "totaliser" in leap:
        assert Book(registers.U32, SequenceNumber(0)) not in story.session.asked
    else:
        story.tell(story.booked(visit=TWO))
    assert halted(story) is Halt.NUMBERS
    assert story.session.last_sequence <= 8
    keeps(story)
    story.tell(VoucherIssued(a_voucher()), Touched(Touch.DONE), Touched(Touch.DONE), Rested(story.hot))
    assert [action for action in story.asked if isinstance(action, Send)] == []


@pytest.mark.parametrize("leap", LEAPS)
def test_a_number_that_is_right_again_lets_the_machine_go_on(leap: dict[str, int]) -> None:
    right = replace(REST, taken=SequenceNumber(8))
    story = Story(a_standing(last_sequence=SequenceNumber(7)))
    story.hot = right
    story.tell(LinkBack(IDENTITY, story.at(**leap)))
    if "totaliser" not in leap:
        story.tell(story.booked())
    assert halted(story) is Halt.NUMBERS
    story.hot = right
    story.tell(Elapsed(), Rested(right), story.booked())
    assert story.sent().sequence == 9


def test_a_leap_at_the_open_gate_stops_the_machine() -> None:
    story = visiting().open()
    story.tell(Rested(story.at(taken=HIGHEST)), story.booked(visit=TWO))
    assert halted(story) is Halt.NUMBERS
    keeps(story)


def test_a_leap_while_a_bottle_falls_does_not_cost_its_credit() -> None:
    story = visiting().open()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    fell = story.at(totaliser=1, counted=intent.sequence, sorted=intent.sequence, taken=HIGHEST, occupied=False)
    three = replace(TWO, bottles=3, cents=Cents(60))
    story.tell(ItemDropped(intent.sequence, fell), story.booked(credited=intent, visit=three))
    assert (halted(story), view(story.session).cents) == (Halt.NUMBERS, 60)


def test_a_totaliser_that_leaps_with_a_count_is_not_booked() -> None:
    story = visiting().open()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence))
    fell = story.at(totaliser=registers.U32, counted=intent.sequence, sorted=intent.sequence, taken=intent.sequence, occupied=False)
    story.tell(ItemDropped(intent.sequence, fell), Rested(fell))
    assert halted(story) is Halt.NUMBERS
    assert not any(isinstance(action, Book) for action in story.session.asked)


def test_a_leap_does_not_pass_for_a_return_that_was_taken() -> None:
    """An intent ends only once nothing older can run, and a number that is nobody's does not say so."""
    story = visiting().open()
    intent = story.put_in().judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence), CommandUnanswered(intent.sequence, Answer.BUSY), Rested(story.hot))
    order = story.tell(story.booked(intent=intent, visit=TWO)).sent()
    assert order.code is CommandCode.RETURN
    story.tell(Rested(story.at(taken=HIGHEST, occupied=False)), story.booked(intent=intent, visit=TWO))
    assert halted(story) is Halt.NUMBERS
    assert not any(isinstance(action, EndIntent) for action in story.session.asked)


def test_who_walks_away_from_a_machine_whose_numbers_leapt_leaves_the_sum_as_unclaimed() -> None:
    story = visiting()
    story.tell(LinkBack(IDENTITY, story.at(taken=HIGHEST)), story.booked(visit=TWO))
    assert view(story.session).ends_in_s == 90.0
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_a_new_ledger_goes_on_from_any_number_that_leaves_room() -> None:
    far = SequenceNumber(3_000_000_000)
    story = Story().tell(LinkBack(IDENTITY, replace(REST, taken=far)))
    story.hot = replace(REST, taken=far)
    assert story.tell(story.booked()).sent().sequence == far + 1
    assert story.tell(Rested(story.at(state=ControllerState.OPEN, taken=HIGHEST)), story.booked()).session.last_sequence == far + 1


@pytest.mark.parametrize("last", [LAST_SEQUENCE + 1, registers.U32])
def test_no_number_beyond_the_last_is_ever_sent(last: int) -> None:
    story = Story(a_standing(last_sequence=SequenceNumber(last)))
    story.tell(LinkBack(IDENTITY, story.at(taken=SequenceNumber(last))), story.booked())
    assert halted(story) is Halt.NUMBERS


def test_an_item_behind_a_leap_is_not_judged_into_an_intent_beyond_the_registers() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True, taken=HIGHEST)))
    assert story.session.last_sequence == 1


def test_a_ledger_refuses_what_no_controller_can_tell(ledger_in: LedgerIn, tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    visit = ledger.visit_of(1)
    rows = ledger.rows()
    with pytest.raises(NumberBeyond, match="sequence 4294967296 is beyond 4294967295"):
        ledger.journal.intend(ledger.intent(visit, sequence=registers.U32 + 1), ledger.now())
    with pytest.raises(NumberBeyond, match="totaliser 4294967296 is beyond 4294967295"):
        ledger.journal.book(registers.U32 + 1, SequenceNumber(0), ledger.now())
    assert ledger.rows() == rows


def test_hot_blocks_that_a_controller_gives_are_never_taken_for_leaps() -> None:
    hot: HotBlock = replace(REST, taken=SequenceNumber(7 + LEAP), sorted=SequenceNumber(3), counted=SequenceNumber(3))
    story = visiting().tell(LinkBack(IDENTITY, hot))
    story.hot = hot
    assert story.tell(story.booked(visit=TWO)).sent().code is CommandCode.OPEN
