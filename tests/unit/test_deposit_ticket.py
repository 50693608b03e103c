"""When a voucher is printed: asked for, or by itself; what the ledger has before the first byte; and every way in which nothing comes out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.clock import Instant
from config.vocabulary import Cents
from drivers.intake.events import LinkBack
from drivers.printer.state import Paper, PrinterFault, PrinterState, PrinterTrouble
from kiosk.deposit.actions import Action, BeginTicket, IssueVoucher, MarkShown, PrintTicket
from kiosk.deposit.events import (
    Elapsed,
    LedgerFailed,
    PrinterTold,
    StaffCame,
    TicketBegun,
    TicketNotPrinted,
    TicketPrinted,
    TicketRefused,
    Touch,
    Touched,
    VoucherIssued,
)
from kiosk.deposit.states import Printing, Showing
from kiosk.deposit.view import Screen, ViewState, view
from ledger.vocabulary import Cause, Unshown
from people.stories import DISK_FULL, IDENTITY, NOON, VISIT, Story, a_standing, a_voucher, finished

READY = PrinterTold(PrinterState(Paper.ENOUGH))
LOW = PrinterTold(PrinterState(Paper.LOW))
NO_PAPER = PrinterTold(PrinterState(Paper.OUT, PrinterTrouble(PrinterFault.PAPER_OUT)))
SILENT = PrinterTold(PrinterState(Paper.UNKNOWN, PrinterTrouble(PrinterFault.SILENT)))
PRINT, BEGIN = Touched(Touch.PRINT), BeginTicket("CODE")
BROKE_OFF = TicketNotPrinted("CODE", PrinterTrouble(PrinterFault.UNPLUGGED))


def prints(copy: int) -> list[Action]:
    return [PrintTicket(a_voucher(), copy)]


def shown_voucher(printer: PrinterTold | None = READY) -> Story:
    story = finished()
    if printer is not None:
        story.tell(printer)
    return story.tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()))


def seen(story: Story) -> ViewState:
    return view(story.session)


def test_a_ticket_goes_to_the_printer_only_once_the_ledger_has_its_copy() -> None:
    story = shown_voucher()
    assert (seen(story).printing, seen(story).may_print) == (Printing.OFFERED, True)
    assert story.tell(PRINT).asked == [BEGIN]
    assert (seen(story).printing, seen(story).may_print) == (Printing.BUSY, False)
    assert story.tell(TicketBegun("CODE", 1)).asked == prints(1)
    assert seen(story).printing is Printing.BUSY
    assert story.tell(TicketPrinted("CODE")).asked == []
    assert (seen(story).printing, seen(story).may_print, story.screen) == (Printing.DONE, False, Screen.VOUCHER)
    assert story.tell(PRINT).asked == []


def test_two_touches_ask_for_one_ticket() -> None:
    story = shown_voucher()
    assert story.tell(PRINT).asked == [BEGIN]
    assert story.tell(PRINT).asked == []
    story.tell(TicketBegun("CODE", 1))
    assert story.tell(PRINT).asked == []


def test_it_is_printed_by_itself_when_the_time_of_its_page_runs_out() -> None:
    story = shown_voucher(LOW).tell(Elapsed())
    assert story.asked == [BEGIN]
    assert (story.screen, story.wait_s) == (Screen.PARTING, 30.0)
    assert story.tell(TicketBegun("CODE", 1)).asked == prints(1)
    story.tell(TicketPrinted("CODE"))
    assert seen(story).printing is Printing.DONE
    story.tell(Touched(Touch.VOUCHER))
    assert story.tell(Elapsed()).asked == []


def test_who_has_noted_it_gets_no_paper_unasked() -> None:
    story = shown_voucher().tell(Touched(Touch.DONE))
    assert (story.asked, seen(story).printing) == ([], None)


def test_a_visit_that_timed_out_before_a_choice_prints_nothing() -> None:
    story = finished().tell(READY, Touched(Touch.ALIVE), StaffCame(), Elapsed())
    assert story.asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]
    story.tell(VoucherIssued(a_voucher(Cause.TIMED_OUT)))
    assert (story.screen, seen(story).printing) == (Screen.PARTING, None)
    assert [action for action in story.tell(Elapsed()).asked if isinstance(action, BeginTicket | PrintTicket)] == []


def test_nothing_is_printed_by_itself_while_staff_have_the_glass() -> None:
    assert shown_voucher().tell(StaffCame(), Elapsed()).asked == []


@pytest.mark.parametrize(
    ("told", "says"), [(None, None), (NO_PAPER, Printing.NO_PAPER), (SILENT, Printing.OUT_OF_ORDER), (LOW, Printing.OFFERED)]
)
def test_a_printer_that_would_not_print_is_not_offered_and_is_asked_for_nothing(told: PrinterTold | None, says: Printing | None) -> None:
    story = shown_voucher(told)
    offered = says is Printing.OFFERED
    assert (seen(story).printing, seen(story).may_print) == (says, offered)
    assert story.tell(PRINT).asked == ([BEGIN] if offered else [])
    if not offered:
        assert story.tell(Elapsed()).asked == []
        assert story.screen is Screen.PARTING


def test_paper_that_ends_while_the_voucher_stands_takes_the_offer_away_and_a_new_roll_brings_it_back() -> None:
    story = shown_voucher().tell(NO_PAPER)
    assert seen(story).printing is Printing.NO_PAPER
    assert seen(story.tell(READY)).may_print


def test_a_ticket_that_broke_off_is_begun_once_more_as_a_second_copy_and_then_never_again() -> None:
    story = shown_voucher().tell(PRINT, TicketBegun("CODE", 1), BROKE_OFF)
    assert (seen(story).printing, seen(story).may_print) == (Printing.BROKEN, True)
    assert story.tell(PRINT).asked == [BEGIN]
    assert story.tell(TicketBegun("CODE", 2)).asked == prints(2)
    story.tell(BROKE_OFF)
    assert (seen(story).printing, seen(story).may_print) == (Printing.BROKEN, False)
    assert story.tell(PRINT).asked == []
    assert story.tell(Elapsed()).asked == []


def test_what_broke_off_is_not_printed_by_itself_a_second_time() -> None:
    story = shown_voucher().tell(Elapsed(), TicketBegun("CODE", 1), BROKE_OFF)
    assert seen(story).printing is Printing.BROKEN
    assert story.tell(Touched(Touch.VOUCHER), Elapsed()).asked == []


def test_what_the_ledger_cannot_write_is_not_printed_and_the_voucher_stays() -> None:
    story = shown_voucher().tell(PRINT)
    story.tell(LedgerFailed(DISK_FULL, BEGIN))
    assert (story.asked, story.screen, seen(story).printing) == ([], Screen.VOUCHER, Printing.BROKEN)
    assert story.tell(PRINT).asked == [BEGIN]


def test_a_voucher_that_was_paid_meanwhile_is_not_printed() -> None:
    story = shown_voucher().tell(PRINT, TicketRefused("CODE"))
    assert (story.asked, seen(story).printing) == ([], Printing.BROKEN)


def test_an_answer_that_comes_after_its_visitor_has_parted_prints_nothing() -> None:
    """The next one would take the paper; the ledger counts the copy, and the desk can print another."""
    story = shown_voucher().tell(Elapsed(), Touched(Touch.DONE))
    assert MarkShown("CODE") in story.asked
    assert story.tell(TicketBegun("CODE", 1)).asked == []
    assert story.tell(TicketPrinted("CODE")).asked == []
    assert seen(story).printing is None


def test_an_answer_that_comes_while_the_next_voucher_stands_prints_neither() -> None:
    story = shown_voucher().tell(PRINT)
    begun = story.answer(TicketBegun("CODE", 1))
    story.session = replace(story.session, phase=Showing(replace(a_voucher(), code="NEXT")))
    assert story.tell(begun).asked == []


def test_what_the_printer_says_late_of_another_voucher_says_nothing_of_this_one() -> None:
    story = shown_voucher().tell(PRINT, TicketBegun("CODE", 1))
    story.tell(TicketPrinted("ANOTHER"), TicketNotPrinted("ANOTHER", PrinterTrouble(PrinterFault.SILENT)))
    assert seen(story).printing is Printing.BUSY


@pytest.mark.parametrize("copies", [0, 1, 2])
def test_after_a_power_cut_a_copy_that_the_ledger_counts_is_not_printed_again_unasked(copies: int) -> None:
    """Cut between the entry and the first byte, or within the ticket: nobody knows what is on paper."""
    standing = a_standing(unshown=Unshown(a_voucher(), NOON, replace(VISIT, bottles=2, cents=Cents(40)), copies))
    story = Story(standing, Instant(NOON.utc + timedelta(minutes=1), trusted=True)).tell(READY, LinkBack(IDENTITY, Story().hot))
    story.tell(story.booked()) if story.screen is not Screen.VOUCHER else None
    assert story.screen is Screen.VOUCHER
    assert (seen(story).printing, seen(story).may_print) == (Printing.BROKEN if copies else Printing.OFFERED, copies < 2)
    assert story.tell(Elapsed()).asked == ([] if copies else [BEGIN])
