"""The ledger's answers, whenever they come: what one tells is taken over in every phase, and ends none but that which asked for it.

The session walks on while the ledger writes: the port goes, a wait ends, a visitor touches. So each answer names the request and the row
that it stands at. The books of the highest row hold; what was asked and not answered yet is not in them.
"""

from dataclasses import replace

from config.vocabulary import Reason
from kiosk.deposit.actions import Action, Book, CloseVisit, EndIntent, GiveAway, Intend, IssueVoucher, LedgerAction, Remember
from kiosk.deposit.events import Answered, IntentEnded, LedgerNews, TotaliserBooked, VoucherIssued
from kiosk.deposit.moves import book, over, refuse
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.states import (
    Crediting,
    EndingIntent,
    FenceBooking,
    Intending,
    Issuing,
    LastItem,
    Phase,
    ReconcileBooking,
    Session,
)
from ledger.vocabulary import Ending


def take_over(session: Session, answer: Answered) -> Session:
    """The session with what the ledger tells: card, visit, sum and open intent. The phase is left as it is."""
    session = answered(session, answer.asked)
    if answer.books.row < session.row:
        return session
    session = _with_news(session, answer.news)
    intent = answer.books.open_intent
    if session.intent is not None and session.intent_asked and session.intent.sequence > answer.books.last_sequence:
        intent = session.intent
    if answer.books.visit is None and session.visit is not None:
        session = over(session)
    books = answer.books
    return replace(session, row=books.row, totaliser=books.totaliser, visit=books.visit, intent=intent, taken=books.taken)


def answered(session: Session, asked: LedgerAction) -> Session:
    """The session no longer waits for the oldest request of this kind."""
    if asked not in session.asked:
        return session
    at = session.asked.index(asked)
    return replace(session, asked=session.asked[:at] + session.asked[at + 1 :])


def _with_news(session: Session, news: LedgerNews) -> Session:
    match news:
        case TotaliserBooked(booked):
            session = replace(session, possible=booked.possible, date_known=booked.date_known)
            if booked.credited is None:
                fell = booked.steps > 0 and booked.visit is not None
                return refuse(session, Reason.UNCOUNTED) if fell else session
            item = LastItem(accepted=True, material=booked.credited.material, amount=booked.credited.amount)
            return replace(session, item=item, refusals=0)
        case IntentEnded(_, ending):
            return refuse(session, Reason.UNCOUNTED if ending is Ending.UNCOUNTED else Reason.INTERRUPTED)
        case VoucherIssued(voucher) if not isinstance(session.phase, Issuing):
            return replace(session, unshown=voucher)
        case _:
            return session


def noted(news: LedgerNews) -> tuple[Action, ...]:
    match news:
        case TotaliserBooked(booked):
            credited = () if booked.credited is None else (Remember(booked.credited),)
            if booked.steps <= 1:
                return credited
            # one bottle falls at a time: more came while nobody looked, or the number is wrong
            before = booked.totaliser - booked.steps - (booked.credited is not None)
            return (*credited, Note(NoteKind.TOTALISER_JUMPED, {"booked": before, "read": booked.totaliser}))
        case IntentEnded(sequence, ending):
            return (Note(NoteKind.INTENT_ENDED, {"sequence": sequence, "ending": ending.value}),)
        case _:
            return ()


def is_own(session: Session, asked: LedgerAction) -> bool:
    """Whether the phase waits for this very answer: it asked for it, and no request like it is still on its way."""
    return asked not in session.asked and _waits_for(session.phase, asked)


def waits(phase: Phase) -> bool:
    """Whether the phase can only go on with the ledger's answer."""
    return isinstance(phase, ReconcileBooking | FenceBooking | EndingIntent | Intending | Crediting | Issuing)


def _waits_for(phase: Phase, asked: LedgerAction) -> bool:
    match phase, asked:
        case ReconcileBooking(hot) | FenceBooking(hot), Book():
            return asked == book(hot)
        case Crediting(intent), Book(_, counted):
            return counted == intent.sequence
        case Intending(intent), Intend():
            return asked.intent == intent
        case EndingIntent(), EndIntent():
            return True
        case Issuing(), IssueVoucher() | GiveAway() | CloseVisit():
            return True
        case _:
            return False
