"""The ledger's thread: each thing that the session asks for is done to a real ledger and answered in its own words, and each refusal stops what it must."""

import queue
from datetime import date
from pathlib import Path

import pytest

from config.demonstration import ASSOCIATIONS
from config.files import Trouble
from config.vocabulary import Bin, Cents, Material, SequenceNumber
from kiosk.console.events import ConsoleEvent
from kiosk.deposit.actions import Book, CloseVisit, EndIntent, GiveAway, Intend, IssueVoucher, LedgerAction, MarkShown, OpenVisit
from kiosk.deposit.events import (
    Answered,
    GiftGiven,
    Intended,
    IntentEnded,
    LedgerEvent,
    LedgerFailed,
    LedgerNews,
    MarkedShown,
    TotaliserBooked,
    VisitClosed,
    VisitOpened,
    VoucherIssued,
)
from kiosk.deposit.halts import CountedLess, EntryRefused, Halt, LedgerUnwritable, Obstacle, VisitNumbersUsedUp
from kiosk.workers.books import BooksWorker, obstacle_of, record
from ledger.vocabulary import Cause, Ending, Intent, LedgerError, LedgerUnavailable, NumbersUsedUp, TotaliserFell, WrongMoney
from money.ledgers import Kiosk, LedgerIn
from timing import patient

pytest_plugins = ("money.ledger_fixtures",)

A_DAY = date(2026, 11, 24)


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    return ledger_in(tmp_path)


def asked(kiosk: Kiosk, action: LedgerAction) -> LedgerNews:
    answer = record(kiosk.journal, action, kiosk.now())
    assert (answer.asked, answer.books) == (action, kiosk.journal.books)
    return answer.news


def opened(kiosk: Kiosk) -> str:
    news = asked(kiosk, OpenVisit())
    assert isinstance(news, VisitOpened)
    return news.visit.id


def intended(kiosk: Kiosk, visit: str, sequence: int) -> Intent:
    intent = Intent(SequenceNumber(sequence), visit, None, Material.GLASS, Cents(20), Bin(1), 300, "weight-and-code")
    assert asked(kiosk, Intend(intent)) == Intended(intent.sequence)
    return intent


def test_a_visit_is_answered_step_by_step_to_its_voucher_and_that_it_was_shown(kiosk: Kiosk) -> None:
    visit = opened(kiosk)
    first, second = intended(kiosk, visit, 1), 2
    booked = asked(kiosk, Book(101, first.sequence))
    assert isinstance(booked, TotaliserBooked)
    assert booked.booked.credited == first
    intended(kiosk, visit, second)
    assert asked(kiosk, EndIntent(SequenceNumber(second), Ending.UNCOUNTED)) == IntentEnded(SequenceNumber(second), Ending.UNCOUNTED)
    issued = asked(kiosk, IssueVoucher(visit, Cause.KEPT))
    assert isinstance(issued, VoucherIssued)
    assert (issued.voucher.amount, issued.voucher.cause) == (20, Cause.KEPT)
    assert asked(kiosk, MarkShown(issued.voucher.code)) == MarkedShown()
    assert kiosk.journal.standing().unshown is None
    assert kiosk.findings() == []


def test_a_sum_is_given_away_and_an_empty_visit_closed(kiosk: Kiosk) -> None:
    visit = opened(kiosk)
    asked(kiosk, Book(101, intended(kiosk, visit, 1).sequence))
    assert asked(kiosk, GiveAway(visit, ASSOCIATIONS[0])) == GiftGiven(Cents(20), ASSOCIATIONS[0])
    assert asked(kiosk, CloseVisit(opened(kiosk))) == VisitClosed()
    assert kiosk.findings() == []


@pytest.mark.parametrize(
    ("error", "why", "halt"),
    [
        (LedgerUnavailable("ledger.db", "disk full", Trouble.FULL), LedgerUnwritable("ledger.db", Trouble.FULL), Halt.LEDGER),
        (NumbersUsedUp(A_DAY), VisitNumbersUsedUp(A_DAY), Halt.LEDGER),
        (TotaliserFell(booked=9, read=3), CountedLess(read=3, booked=9), Halt.TOTALISER_FELL),
        (WrongMoney("an intent is open"), EntryRefused("OpenVisit", "WrongMoney"), Halt.LEDGER_BROKEN),
    ],
)
def test_what_the_ledger_refuses_stops_the_machine_for_as_long_as_it_must(error: LedgerError, why: Obstacle, halt: Halt) -> None:
    assert obstacle_of(error, OpenVisit()) == why
    assert why.halt is halt


def test_what_was_asked_before_the_stop_is_still_done_in_order_and_a_failure_names_its_request(kiosk: Kiosk) -> None:
    told: queue.SimpleQueue[LedgerEvent | ConsoleEvent] = queue.SimpleQueue()
    worker = BooksWorker(kiosk.journal, told.put)
    wrong = CloseVisit("2026-11-24/0000")
    for action in (OpenVisit(), wrong, Book(100, SequenceNumber(0))):
        worker.perform(action, kiosk.now())
    worker.stop()
    worker.start()
    worker.join(patient(10))
    assert not worker.is_alive()
    first, failed, booked = (told.get_nowait() for _ in range(3))
    assert isinstance(first, Answered)
    assert isinstance(failed, LedgerFailed)
    assert (failed.why, failed.asked) == (EntryRefused("CloseVisit", "WrongMoney"), wrong)
    assert isinstance(booked, Answered)
