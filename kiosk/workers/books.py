"""The ledger's thread: performs the session's money actions in order and posts what became of each. Decides nothing about money."""

import queue
import threading
from collections.abc import Callable
from typing import assert_never

from config.clock import Instant
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
from kiosk.deposit.halts import CountedLess, EntryRefused, LedgerUnwritable, Obstacle, VisitNumbersUsedUp
from ledger.vocabulary import Journal, LedgerError, LedgerUnavailable, NumbersUsedUp, TotaliserFell


class BooksWorker(threading.Thread):
    """One writer, one thread. ``perform`` may be called from any thread."""

    def __init__(self, journal: Journal, post: Callable[[LedgerEvent], None]) -> None:
        super().__init__(name="books", daemon=True)
        self._journal = journal
        self._post = post
        self._inbox: queue.SimpleQueue[tuple[LedgerAction, Instant] | None] = queue.SimpleQueue()

    def perform(self, action: LedgerAction, occurred: Instant) -> None:
        self._inbox.put((action, occurred))

    def stop(self) -> None:
        """Ends the thread after what was already asked of it."""
        self._inbox.put(None)

    def run(self) -> None:
        while (asked := self._inbox.get()) is not None:
            action, occurred = asked
            try:
                event: LedgerEvent = record(self._journal, action, occurred)
            except LedgerError as error:
                event = LedgerFailed(obstacle_of(error, action), action)
            self._post(event)


def record(journal: Journal, action: LedgerAction, occurred: Instant) -> Answered:
    """One money action on the journal; what it gave, as an event. Raises LedgerError."""
    news = _news(journal, action, occurred)
    return Answered(action, news, journal.books)


def _news(journal: Journal, action: LedgerAction, occurred: Instant) -> LedgerNews:
    match action:
        case OpenVisit():
            return VisitOpened(journal.open_visit(occurred))
        case Intend(intent):
            journal.intend(intent, occurred)
            return Intended(intent.sequence)
        case Book(totaliser, counted):
            return TotaliserBooked(journal.book(totaliser, counted, occurred))
        case EndIntent(sequence, ending):
            journal.end(sequence, ending, occurred)
            return IntentEnded(sequence, ending)
        case IssueVoucher(visit, cause):
            return VoucherIssued(journal.issue_voucher(visit, cause, occurred))
        case GiveAway(visit, association):
            return GiftGiven(journal.give(visit, association, occurred), association)
        case CloseVisit(visit):
            journal.close_visit(visit, occurred)
            return VisitClosed()
        case MarkShown(code):
            journal.mark_shown(code, occurred)
            return MarkedShown()
        case _:
            assert_never(action)


def obstacle_of(error: LedgerError, asked: LedgerAction) -> Obstacle:
    """What an error of the ledger is to the session."""
    match error:
        case LedgerUnavailable():
            return LedgerUnwritable(error.path, error.trouble)
        case NumbersUsedUp():
            return VisitNumbersUsedUp(error.day)
        case TotaliserFell():
            return CountedLess(error.read, error.booked)
        case _:
            return EntryRefused(type(asked).__name__, type(error).__name__)
