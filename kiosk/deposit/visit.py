"""Transitions between visitor and ledger, behind a shut gate: choose, keep, give, the voucher, and what stays possible when out of order."""

from dataclasses import replace

from config.vocabulary import Reason
from kiosk.deposit.actions import GiveAway, MarkShown
from kiosk.deposit.events import Answered, Elapsed, Event, GiftGiven, Touch, Touched, VisitClosed, VoucherIssued
from kiosk.deposit.halts import Halt
from kiosk.deposit.moves import Step, choose, end_visit, enter, fallen, fence, for_visitor, reconcile, stay, stop_wait_s
from kiosk.deposit.states import Choosing, ConfirmingGift, Issuing, LastItem, Session, Showing, StillChoosing, Stopped, Thanking
from ledger.vocabulary import Cause


def choosing(session: Session, phase: Choosing | ConfirmingGift | StillChoosing, event: Event) -> Step:
    match phase, event:
        case _, Elapsed() if session.staff:
            # nobody could be asked whether they are there
            return end_visit(session, Cause.TIMED_OUT)
        case Choosing(), Touched(Touch.KEEP):
            return end_visit(session, Cause.KEPT)
        case Choosing(), Touched(Touch.GIVE):
            return enter(session, ConfirmingGift(phase.limit), wait_s=session.rules.idle_s)
        case Choosing(None), Touched(Touch.ADD_MORE):
            return reconcile(session)
        case ConfirmingGift(), Touched(Touch.CONFIRM_GIFT) if session.visit is not None:
            return enter(session, Issuing(), *fallen(session), GiveAway(session.visit.id), wait_s=None)
        case ConfirmingGift(), Touched(Touch.CANCEL_GIFT):
            return choose(session)
        case ((Choosing() | ConfirmingGift()), Elapsed()):
            return enter(session, StillChoosing(), wait_s=session.rules.still_here_s)
        case StillChoosing(), Touched(Touch.ALIVE | Touch.FINISH):
            return choose(session)
        case StillChoosing(), Elapsed():
            return end_visit(session, Cause.TIMED_OUT)
        case _:
            return stay(session)


def ending(session: Session, phase: Issuing | Showing | Thanking, event: Event) -> Step:
    match phase, event:
        case Issuing(), Answered(_, VoucherIssued(voucher)):
            if voucher.cause is not Cause.KEPT:
                return reconcile(session)
            return enter(session, Showing(voucher), wait_s=for_visitor(session, session.rules.voucher_s))
        case Issuing(), Answered(_, GiftGiven(amount)):
            return enter(session, Thanking(amount), wait_s=session.rules.thanks_s)
        case Issuing(_, unpaid), Answered(_, VisitClosed()):
            # bottles handed in without money are worth a thank you
            return enter(session, Thanking(), wait_s=session.rules.thanks_s) if unpaid else reconcile(session)
        case Showing(voucher), Touched(Touch.AGAIN):
            session, actions = reconcile(session)
            return session, (MarkShown(voucher.code), *actions)
        case Showing(voucher), (Touched(Touch.DONE) | Elapsed()):
            return enter(session, Thanking(), MarkShown(voucher.code), wait_s=session.rules.thanks_s)
        case Thanking(), (Touched(Touch.DONE) | Elapsed()):
            return reconcile(session)
        case _:
            return stay(session)


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
            return reconcile(session if session.visit is None else replace(session, overdue=Cause.TIMED_OUT))
        case Elapsed() if halt is Halt.LEDGER:
            return reconcile(_overdue_after(session, session.rules.retry_s))
        case Elapsed() if session.visit is not None and (session.intent is not None or halt is Halt.LEDGER_BROKEN):
            return stay(replace(session, overdue=Cause.TIMED_OUT))
        case Elapsed() if session.visit is not None:
            return end_visit(session, Cause.TIMED_OUT)
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
    overdue = Cause.TIMED_OUT if session.visit is not None and waited_s >= patience_s else session.overdue
    return replace(session, ledger_lost=None, waited_s=waited_s, overdue=overdue)
