"""Transitions between visitor and ledger, behind a shut gate: choose, keep, give, the voucher, and what stays possible when out of order."""

from dataclasses import replace

from config.vocabulary import Reason
from kiosk.deposit import ticket
from kiosk.deposit.actions import GiveAway
from kiosk.deposit.events import Answered, Elapsed, Event, GiftGiven, GiveTo, Touch, Touched, VisitClosed, VoucherIssued
from kiosk.deposit.halts import Halt
from kiosk.deposit.moves import Step, choose, end_visit, enter, fallen, fence, parted, reconcile, show, stand, stay, stop_wait_s
from kiosk.deposit.states import (
    Choosing,
    ConfirmingGift,
    Issuing,
    LastItem,
    Parting,
    PickingAssociation,
    Session,
    Showing,
    Stopped,
    Thanking,
)
from ledger.vocabulary import Cause


def choosing(session: Session, phase: Choosing | PickingAssociation | ConfirmingGift, event: Event) -> Step:
    """Whoever says nothing gets the voucher by itself: with the sum in it nothing is lost, whatever they had wanted."""
    match phase, event:
        case _, Elapsed() if session.staff:
            # nobody could be asked what they want
            return end_visit(session, Cause.TIMED_OUT)
        case Choosing(), (Touched(Touch.KEEP) | Elapsed()):
            return end_visit(session, Cause.KEPT)
        case Choosing(), Touched(Touch.GIVE):
            return give(session, phase.limit)
        case PickingAssociation(), Touched(GiveTo(wanted)):
            picked = next((one for one in session.rules.associations if one.id == wanted), None)
            return stay(session) if picked is None else stand(session, ConfirmingGift(picked, phase.limit))
        case Choosing(None), Touched(Touch.ADD_MORE):
            return reconcile(session)
        case ConfirmingGift(association), Touched(Touch.CONFIRM_GIFT) if session.visit is not None:
            return enter(session, Issuing(), *fallen(session), GiveAway(session.visit.id, association), wait_s=None)
        case ((PickingAssociation() | ConfirmingGift()), (Touched(Touch.CANCEL_GIFT) | Elapsed())):
            return choose(session)
        case _:
            return stay(session)


def give(session: Session, limit: Reason | None) -> Step:
    """To the one association that there is, or first to the names of those there are."""
    match session.rules.associations:
        case ():
            return stay(session)
        case (association,):
            return stand(session, ConfirmingGift(association, limit))
        case _:
            return stand(session, PickingAssociation(limit))


def ending(session: Session, phase: Issuing | Showing | Parting | Thanking, event: Event) -> Step:
    match phase, event:
        case Issuing(), Answered(_, VoucherIssued(voucher)):
            return show(session, voucher)
        case Issuing(), Answered(_, GiftGiven(amount, association)):
            return enter(session, Thanking(amount, association), wait_s=session.rules.thanks_s)
        case Issuing(_, unpaid), Answered(_, VisitClosed()):
            return _closed(session, unpaid)
        case Showing(voucher), Touched(Touch.PRINT):
            return ticket.begin(session, voucher)
        case Showing(voucher), Elapsed():
            session, begun = ticket.by_itself(session, voucher)
            session, actions = stand(session, Parting(voucher, seen=True))
            return session, (*begun, *actions)
        case Showing(voucher), Touched(Touch.DONE):
            return stand(session, Parting(voucher, seen=True, noted=True))
        case Parting(voucher), Touched(Touch.VOUCHER) if voucher is not None and phase.may_see:
            return stand(session, Showing(voucher))
        case Parting(voucher), (Touched(Touch.DONE | Touch.AGAIN) | Elapsed()):
            return parted(session, voucher)
        case Thanking(), (Touched(Touch.DONE) | Elapsed()):
            return reconcile(session)
        case _:
            return stay(session)


def _closed(session: Session, unpaid: bool) -> Step:
    """A visit without a sum. Bottles handed in without money are worth a thank you, one that was not counted a way to the desk."""
    if unpaid:
        return enter(session, Thanking(), wait_s=session.rules.thanks_s)
    if session.left is None or not session.left.uncounted or session.gone:
        return reconcile(session)
    return stand(session, Parting())


def out_of_order(session: Session, event: Event) -> Step:
    """Nothing is taken, but the sum can still be kept, unless a bottle's fate is open: then it waits under its visit number.

    A visitor who walks away from a sum leaves it as unclaimed, so that the next one does not find it.
    """
    halt = session.phase.halt if isinstance(session.phase, Stopped) else Halt.INTAKE
    match event:
        case Answered():
            return _told_more(session, halt)
        case Touched(Touch.FINISH | Touch.KEEP) if session.visit is not None and session.intent is None:
            return choose(session)
        case Touched(Touch.TAKE_OUT) if halt is Halt.LEFT_BEHIND:
            return fence(replace(session, offered=0, item=session.item or LastItem(accepted=False, reason=Reason.LEFT_BEHIND)))
        case Touched(Touch.WITHOUT_MONEY) if halt is Halt.DAY_BUDGET and session.rules.without_money:
            return reconcile(replace(session, without_money=True))
        case Elapsed() if halt is Halt.DAY_BUDGET:
            return reconcile(session)
        case Elapsed() if halt is Halt.NUMBERS and (session.visit is None or session.intent is not None):
            return reconcile(session if session.visit is None else _overdue(session))
        case Elapsed() if halt is Halt.LEDGER:
            return reconcile(_overdue_after(session, session.rules.retry_s))
        case Elapsed() if session.visit is not None and (session.intent is not None or halt is Halt.LEDGER_BROKEN):
            return enter(_overdue(session), session.phase, wait_s=session.rules.parting_s if session.overdue is None else None)
        case Elapsed() if session.visit is not None:
            return end_visit(session, session.overdue or Cause.TIMED_OUT)
        case _:
            return stay(session)


def _told_more(session: Session, halt: Halt) -> Step:
    """An answer of the ledger came after the machine had stopped: what it told waits as long as any sum does, or no longer if its time is over."""
    if session.unshown is not None:
        return reconcile(session)
    if session.visit is not None and session.intent is None and session.overdue is not None and halt is not Halt.LEDGER_BROKEN:
        return end_visit(session, session.overdue)
    return enter(session, session.phase, wait_s=stop_wait_s(session, halt))


def _overdue_after(session: Session, waited_s: float) -> Session:
    """The ledger is tried again and again; a visitor is not expected to wait for it longer than for anything else."""
    waited_s += session.waited_s
    patience_s = session.rules.idle_s + session.rules.still_here_s
    session = replace(session, ledger_lost=None, waited_s=waited_s)
    return _overdue(session) if session.visit is not None and waited_s >= patience_s else session


def _overdue(session: Session) -> Session:
    """The visit's time is over, but it cannot end yet. Where that lasts its visitor, who was told sum and number all the while, goes away."""
    return replace(session, overdue=session.overdue or Cause.TIMED_OUT, gone=session.gone or session.overdue is not None)
