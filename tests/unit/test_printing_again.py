"""What staff have printed: a voucher once more as the next copy, and the day's report; who may, what is durable first, and every way in which nothing comes out."""

from dataclasses import replace
from pathlib import Path

import pytest

from config.clock import PARIS
from config.files import Trouble
from drivers.printer.raster import Bitmap
from drivers.printer.state import Paper, PrinterFault, PrinterState, PrinterTrouble
from kiosk.console.actions import BeginCopy, PaperAction, PrintCopy, PrintDay, PrintRefusal, Recheck
from kiosk.console.denials import FileFails
from kiosk.console.events import (
    ClaimAnswered,
    ClaimAsked,
    CopyBegun,
    CopyRefused,
    DayPrintAsked,
    DayTold,
    DeedAsked,
    Failed,
    HelpSought,
    IdleTooLong,
    ItemPicked,
    Rechecked,
    RefusalPrintAsked,
    SheetNotPrinted,
    SheetPrinted,
    VisitRead,
    VisitsFound,
    VoucherPrintAsked,
    VoucherTold,
)
from kiosk.console.roles import Deed, Role
from kiosk.console.states import AtWork
from kiosk.console.told import OnPaper, PaperStage, Refused
from kiosk.paper.explanation import explanation
from kiosk.paper.report import report
from kiosk.paper.sheet import Line, Sheet
from kiosk.paper.sheet import Paper as Made
from kiosk.screens.staff.gallery import CLOSED, TODAY, VOUCHER
from kiosk.words.catalogue import Words
from kiosk.workers.books import at_the_desk
from kiosk.workers.printer import PrinterWorker
from ledger.kinds import Kind
from ledger.vocabulary import Cause, Payment, Refusal
from money.ledgers import Kiosk
from people.stories import a_voucher
from timing import FakeClock
from unit.test_console import Glass
from worlds.desk_room import Room

(HEAVY, *_) = CLOSED.refused
BEGIN = BeginCopy("CODE", "101")
FOUND = replace(VOUCHER, code="CODE")
SILENT = PrinterTrouble(PrinterFault.SILENT)


def at_a_voucher(role: Role = Role.DESK) -> Glass:
    return Glass().logs_in(role).tell(DeedAsked(Deed.VOUCHERS), VoucherTold(FOUND, None))


def on_paper(glass: Glass) -> OnPaper | None:
    assert isinstance(glass.face, AtWork)
    return glass.face.on_paper


def to_write(glass: Glass) -> list[object]:
    return [action.then for action in glass.asked if isinstance(action, Recheck) and action.then is not None]


def to_print(glass: Glass) -> list[object]:
    return [action for action in glass.asked if isinstance(action, PaperAction)]


def test_a_copy_is_in_the_ledger_with_its_agent_before_it_goes_to_the_printer() -> None:
    glass = at_a_voucher().tell(VoucherPrintAsked())
    assert (to_write(glass), to_print(glass)) == ([BEGIN], [])
    glass.tell(Rechecked("101", Role.DESK, BEGIN))
    assert BEGIN in glass.asked
    glass.tell(CopyBegun(a_voucher(), 2))
    assert to_print(glass) == [PrintCopy(a_voucher(), 2)]
    glass.tell(SheetPrinted("CODE"))
    assert on_paper(glass) == OnPaper("CODE", PaperStage.OUT, 2)


def test_what_broke_off_is_said_with_why_and_may_be_printed_as_one_copy_more() -> None:
    glass = at_a_voucher().tell(VoucherPrintAsked(), CopyBegun(a_voucher(), 2), SheetNotPrinted("CODE", SILENT))
    assert on_paper(glass) == OnPaper("CODE", PaperStage.BROKEN, 2, SILENT)
    assert to_write(glass.tell(VoucherPrintAsked())) == [BEGIN]


def test_a_sum_that_was_revealed_to_its_claimant_is_printed_where_they_are_helped(tmp_path: Path) -> None:
    room = Room(Kiosk(tmp_path))
    visit = room.kiosk.visit_of(2)
    kept = room.kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, room.kiosk.now())
    room.kiosk.journal.mark_shown(kept.code, room.kiosk.now())
    room.helps(visit).does(VoucherPrintAsked())
    assert room.written(Kind.PRINTED) == []
    room.does(ClaimAsked(), ClaimAnswered(2), VoucherPrintAsked())
    assert room.face.on_paper == OnPaper(kept.code, PaperStage.PRINTING, 1)
    assert [(body["copy"], body["agent"]) for body in room.written(Kind.PRINTED)] == [(1, "101")]
    assert [(sheet.voucher.code, sheet.copy) for sheet in room.to_print if isinstance(sheet, PrintCopy)] == [(kept.code, 1)]


def test_a_sum_that_was_paid_meanwhile_is_not_printed_where_its_claimant_is_helped(tmp_path: Path) -> None:
    room = Room(Kiosk(tmp_path))
    visit = room.kiosk.visit_of(2)
    kept = room.kiosk.journal.issue_voucher(visit, Cause.TIMED_OUT, room.kiosk.now())
    room.kiosk.journal.mark_shown(kept.code, room.kiosk.now())
    room.helps(visit).does(ClaimAsked(), ClaimAnswered(2))
    room.kiosk.journal.desk.pay(kept.code, "7", room.kiosk.now())
    room.does(VoucherPrintAsked())
    assert (room.face.on_paper, room.here.refused and room.here.refused.why) == (None, Refusal.PAID)
    assert room.written(Kind.PRINTED) == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TECHNICIAN])
def test_who_only_reads_prints_nothing(role: Role) -> None:
    glass = at_a_voucher(role).tell(VoucherPrintAsked())
    assert (to_write(glass), to_print(glass)) == ([], [])
    assert to_print(glass.tell(DeedAsked(Deed.TODAY), DayTold(TODAY), DayPrintAsked())) == []


def test_a_second_press_prints_no_second_copy() -> None:
    glass = at_a_voucher().tell(VoucherPrintAsked())
    assert to_write(glass.tell(VoucherPrintAsked())) == []
    glass.tell(CopyBegun(a_voucher(), 2))
    assert to_write(glass.tell(VoucherPrintAsked())) == []


def test_the_same_answer_twice_prints_one_copy() -> None:
    glass = at_a_voucher().tell(VoucherPrintAsked(), CopyBegun(a_voucher(), 2), CopyBegun(a_voucher(), 2))
    assert to_print(glass) == []


def test_a_paid_voucher_is_not_printed() -> None:
    paid = replace(FOUND, paid=Payment("CODE", FOUND.amount, "k", "101", TODAY.at, 9))
    glass = Glass().logs_in().tell(DeedAsked(Deed.VOUCHERS), VoucherTold(paid, Refused(Refusal.PAID, "CODE")), VoucherPrintAsked())
    assert to_write(glass) == []


def test_an_agent_who_is_gone_when_the_ledger_answers_gets_no_paper_and_may_ask_again() -> None:
    """The glass is the next visitor's, and so would be the voucher."""
    glass = at_a_voucher().tell(VoucherPrintAsked(), IdleTooLong(), CopyBegun(a_voucher(), 2))
    assert to_print(glass) == []
    glass.logs_in().tell(VoucherTold(FOUND, None))
    assert to_write(glass.tell(VoucherPrintAsked())) == [BEGIN]


def test_what_the_ledger_cannot_write_is_not_printed() -> None:
    glass = at_a_voucher().tell(VoucherPrintAsked(), Failed(FileFails(Trouble.FULL)))
    assert (on_paper(glass), to_print(glass)) == (None, [])
    glass = at_a_voucher().tell(VoucherPrintAsked(), CopyRefused(Refused(Refusal.PAID, "CODE")))
    assert (on_paper(glass), to_print(glass)) == (None, [])


def test_on_a_real_ledger_each_copy_has_its_number_and_its_agent(tmp_path: Path) -> None:
    kiosk = Kiosk(tmp_path)
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.KEPT, kiosk.now())
    desk = kiosk.journal.desk
    assert kiosk.journal.begin_ticket(voucher.code, kiosk.now()) == 1
    assert at_the_desk(desk, BeginCopy(voucher.code, "101"), kiosk.now()) == CopyBegun(voucher, 2)
    desk.pay(voucher.code, "101", kiosk.now())
    refused = at_the_desk(desk, BeginCopy(voucher.code, "101"), kiosk.now())
    assert isinstance(refused, CopyRefused)
    assert refused.refused.why is Refusal.PAID
    assert desk.find(voucher.code).copies == 2
    assert kiosk.findings() == []
    kiosk.close()


def test_a_start_is_told_which_copy_may_be_on_paper(tmp_path: Path) -> None:
    """The power was cut between the entry and the first byte, or later: the ledger does not know which."""
    kiosk = Kiosk(tmp_path)
    voucher = kiosk.journal.issue_voucher(kiosk.visit_of(2), Cause.KEPT, kiosk.now())
    copies = []
    for _ in range(3):
        unshown = kiosk.reopen().standing().unshown
        assert unshown is not None
        copies.append(unshown.copies)
        kiosk.journal.begin_ticket(voucher.code, kiosk.now())
    assert copies == [0, 1, 2]
    kiosk.close()


def test_the_days_report_says_what_the_page_says() -> None:
    said = [
        piece.words.replace("\u00a0", " ").replace("\u202f", " ")
        for piece in report(TODAY, "paris-11-01", Words())
        if isinstance(piece, Line)
    ]
    assert said[0] == "Relevé du jour"
    at = TODAY.at.astimezone(PARIS)
    assert said[2] == f"paris-11-01, {at:%d/%m/%Y} à {at.hour} h {at:%M}"
    assert "Crédité\t137,80 €" in said
    assert "131 bons émis\t129,40 €" in said
    assert "22 dons\t23,40 €" in said
    assert "Refus\t94" in said
    assert "41 212 bons valables\t41 280,20 €" in said


def test_the_days_report_goes_to_the_printer_as_it_stands_on_the_page() -> None:
    glass = Glass().logs_in().tell(DayPrintAsked())
    assert to_print(glass) == []
    glass.tell(DayTold(TODAY), DayPrintAsked())
    assert to_print(glass) == [PrintDay(TODAY)]
    assert on_paper(glass.tell(SheetPrinted(None))) == OnPaper(None, PaperStage.OUT)


def test_staffs_copy_is_drawn_in_french_alone_and_told_to_staff() -> None:
    drawn: list[Sheet] = []
    told: list[object] = []

    class Metal:
        def state(self) -> PrinterState:
            return PrinterState(Paper.LOW)

        def print_picture(self, bitmap: Bitmap) -> PrinterTrouble | None:
            return None

    def draw(sheet: Sheet) -> Bitmap:
        drawn.append(sheet)
        return Bitmap(8, 1, bytes(1))

    worker = PrinterWorker(Metal(), Made(draw, {"fr": Words(), "en": Words("en")}, kiosk="k"), FakeClock(), told.append, told.append)
    worker.speaks("en")
    worker.does(PrintCopy(a_voucher(), 2))
    worker.does(PrintDay(TODAY))
    assert not any("Visit no." in piece.words for piece in drawn[0] if isinstance(piece, Line))
    assert [event for event in told if isinstance(event, SheetPrinted)] == [SheetPrinted("CODE"), SheetPrinted(None)]


def test_a_refusal_is_printed_for_its_visitor_with_what_decided_and_says_that_it_is_no_voucher() -> None:
    said = [piece.words for piece in explanation(HEAVY, "2026-11-24/0417", "paris-11-01", Words()) if isinstance(piece, Line)]
    assert said[0] == "Pourquoi cette bouteille a été rendue"
    assert said[2] == "Visite n°\u00a00417, refus 1"
    assert said[3:5] == [
        "Elle est trop lourde pour une bouteille vide.",
        "Poids\u00a0: 1270\u00a0g. Vide, une bouteille comme elle pèse 496\u00a0g au plus.",
    ]
    assert "Règle every-vote-2, programme 0.1.0." in said
    assert said[-1] == "Ceci n’est pas un bon."


def test_only_the_refusal_whose_page_stands_there_goes_to_the_printer() -> None:
    glass = Glass().logs_in().tell(DeedAsked(Deed.HELP), RefusalPrintAsked())
    assert to_print(glass) == []
    glass.tell(HelpSought("0417"), VisitsFound("0417", (CLOSED.record.id,)), VisitRead(CLOSED), RefusalPrintAsked())
    assert to_print(glass) == []
    glass.tell(ItemPicked(1), RefusalPrintAsked())
    assert to_print(glass) == [PrintRefusal(HEAVY, CLOSED.record.id)]
    assert on_paper(glass.tell(SheetPrinted(None))) == OnPaper(None, PaperStage.OUT)
