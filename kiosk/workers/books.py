"""The ledger's thread: performs the session's money actions in order and posts what became of each. Decides nothing about money."""

import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import assert_never

from config.clock import Instant
from config.files import Trouble
from kiosk.console.actions import BeginCopy, ClaimVoucher, CloseDays, DeskAction, EmptyBin, GrantBottles, PayVoucher, WeighBin
from kiosk.console.denials import ClockNotTrusted, FileFails, NumbersOver, WeighedBefore
from kiosk.console.events import (
    BinEmptied,
    BinWeighed,
    Claimed,
    ConsoleEvent,
    CopyBegun,
    CopyRefused,
    DaysClosed,
    DeskTold,
    Failed,
    Granted,
    NotClaimed,
    NotGranted,
    SecondWanted,
    VoucherNotPaid,
    VoucherPaid,
)
from kiosk.console.told import refused_of
from kiosk.deposit.actions import (
    BeginTicket,
    Book,
    CloseVisit,
    EndIntent,
    GiveAway,
    Intend,
    IssueVoucher,
    LedgerAction,
    MarkShown,
    OpenVisit,
)
from kiosk.deposit.events import (
    Answered,
    GiftGiven,
    Intended,
    IntentEnded,
    LedgerEvent,
    LedgerFailed,
    LedgerNews,
    MarkedShown,
    TicketBegun,
    TicketRefused,
    TotaliserBooked,
    VisitClosed,
    VisitOpened,
    VoucherIssued,
)
from kiosk.deposit.halts import CountedLess, EntryRefused, LedgerUnwritable, NotBegun, Obstacle, VisitNumbersUsedUp
from ledger.desk import Desk
from ledger.vocabulary import (
    ClockUntrusted,
    GrantRefused,
    Journal,
    LedgerError,
    LedgerUnavailable,
    NoEmptying,
    NumbersUsedUp,
    SecondNeeded,
    TotaliserFell,
    VoucherRefused,
)


class BooksWorker(threading.Thread):
    """One writer, one thread. ``perform`` may be called from any thread. ``journal``: None where no ledger has begun."""

    def __init__(self, journal: Journal | None, post: Callable[[LedgerEvent | ConsoleEvent], None], desk: Desk | None = None) -> None:
        super().__init__(name="books", daemon=True)
        self._journal = journal
        self._desk = desk
        self._post = post
        self._inbox: queue.SimpleQueue[tuple[LedgerAction | DeskAction, Instant] | None] = queue.SimpleQueue()

    def perform(self, action: LedgerAction | DeskAction, occurred: Instant) -> None:
        self._inbox.put((action, occurred))

    def stop(self) -> None:
        """Ends the thread after what was already asked of it."""
        self._inbox.put(None)

    def run(self) -> None:
        while (asked := self._inbox.get()) is not None:
            self._post(written(self._journal, self._desk, *asked))


def written(journal: Journal | None, desk: Desk | None, action: LedgerAction | DeskAction, occurred: Instant) -> LedgerEvent | ConsoleEvent:
    """What became of one action, the session's or the desk's."""
    if isinstance(action, DeskAction):
        return DeskTold(action.number, at_the_desk(desk, action, occurred))
    if journal is None:
        return LedgerFailed(NotBegun(), action)
    try:
        return record(journal, action, occurred)
    except LedgerError as error:
        return LedgerFailed(obstacle_of(error, action), action)


def at_the_desk(desk: Desk | None, action: DeskAction, occurred: Instant) -> ConsoleEvent:
    """One deed of staff on the ledger. What is refused stops no machine: it is told to whoever asked."""
    if desk is None:
        return Failed(FileFails(Trouble.MISSING))
    try:
        match action:
            case PayVoucher(code, number, second, why):
                return VoucherPaid(desk.pay(code, number, occurred, second, why))
            case ClaimVoucher(visit, bottles, number, second, why):
                return Claimed(visit, desk.claim(visit, bottles, number, occurred, second, why))
            case GrantBottles(granted, number, because, second):
                return Granted(granted, desk.grant(granted, number, because, occurred, second))
            case BeginCopy(code, number):
                return CopyBegun(*desk.print_again(code, number, occurred))
            case EmptyBin():
                return _emptied(desk, action, occurred)
            case CloseDays(number):
                closed = desk.close_days(occurred, number)
                return DaysClosed(tuple(date.fromisoformat(str(body["day"])) for body in closed))
            case WeighBin(bin, n, grams, number):
                desk.weigh(bin, n, grams, number, occurred)
                return BinWeighed(grams)
            case _:
                raise TypeError(type(action).__name__)
    except ClockUntrusted:
        return Failed(ClockNotTrusted())
    except NoEmptying:
        return Failed(WeighedBefore())
    except NumbersUsedUp as error:
        return Failed(NumbersOver(error.day))
    except (VoucherRefused, GrantRefused, SecondNeeded) as error:
        return _refused(action, error)
    except LedgerUnavailable as error:
        return Failed(FileFails(error.trouble))
    except LedgerError:
        return Failed(FileFails(Trouble.DAMAGED))


def _refused(action: DeskAction, error: VoucherRefused | GrantRefused | SecondNeeded) -> ConsoleEvent:
    match action, error:
        case PayVoucher() | ClaimVoucher() | GrantBottles(), SecondNeeded():
            return SecondWanted(action)
        case BeginCopy(), VoucherRefused():
            return CopyRefused(refused_of(error))
        case ClaimVoucher(visit=visit), VoucherRefused():
            return NotClaimed(visit, refused_of(error))
        case _, VoucherRefused():
            return VoucherNotPaid(refused_of(error))
        case GrantBottles(bottles=bottles), GrantRefused(why=why):
            return NotGranted(bottles, why)
        case _:
            raise error


def _emptied(desk: Desk, action: EmptyBin, occurred: Instant) -> ConsoleEvent:
    """Asked once more after an answer that got lost, it is found and not done twice."""
    content = desk.content(action.bin)
    if content.n != action.n:
        return BinEmptied(replace(content, n=action.n), again=True)
    return BinEmptied(desk.empty(action.bin, action.handing, action.number, occurred, action.second, action.why))


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
        case BeginTicket(code):
            try:
                return TicketBegun(code, journal.begin_ticket(code, occurred))
            except VoucherRefused:
                return TicketRefused(code)
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
