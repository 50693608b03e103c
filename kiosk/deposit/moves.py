"""The few ways in which a session moves from one phase to the next, shared by its transitions. Pure, like all of the session."""

from dataclasses import replace

from config.vocabulary import Bin, Material, Reason, SequenceNumber
from drivers.intake.bus import Command, CommandCode, HotBlock
from kiosk.deposit.actions import Action, AskIntake, Book, CloseVisit, Dismiss, IssueVoucher, Lend, MarkShown, RefuseLoan, Send, Wait
from kiosk.deposit.halts import Halt, Obstacle, facts_of
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.obstacles import all_full, hindrance, leapt, miscounts, obstacle, standstill, unpaid
from kiosk.deposit.states import (
    Choosing,
    Clearing,
    ConfirmingGift,
    Fencing,
    Issuing,
    LastItem,
    Lent,
    Opening,
    Parting,
    Phase,
    PickingAssociation,
    Ready,
    ReconcileBooking,
    Reconciling,
    Returning,
    Session,
    Showing,
    Shutting,
    StillHere,
    Stopped,
    Unlinked,
)
from kiosk.deposit.today import one_refused
from ledger.vocabulary import Cause, Voucher
from recognition.shown import Shown

Step = tuple[Session, tuple[Action, ...]]

NOTHING_COUNTED = SequenceNumber(0)


def stay(session: Session) -> Step:
    """Nothing to do; an open wait goes on."""
    return session, ()


def enter(session: Session, phase: Phase, *actions: Action, wait_s: float | None) -> Step:
    return replace(session, phase=phase), (*actions, Wait(wait_s))


def command(session: Session, code: CommandCode, bin: Bin | None = None) -> tuple[Session, Command]:
    """The next command: its sequence is above every one that was ever used."""
    sequence = SequenceNumber(session.last_sequence + 1)
    return replace(session, last_sequence=sequence), Command(code, sequence, bin)


def reconcile(session: Session) -> Step:
    """Any doubt leads here: ask until the controller rests, then book, fence and end what is open.

    Before anything else: a voucher that a power cut hid, or that was told late, is shown to whoever waits for it now and to nobody later.
    """
    if session.unshown is not None:
        return show(replace(session, unshown=None), session.unshown)
    session = replace(session, left=None)
    if session.latched is not None:
        return stop(session, session.latched, Dismiss())
    if session.refused is not None:
        return stop(session, session.refused, Dismiss())
    if not session.linked:
        return park(session, Unlinked(), Dismiss(), wait_s=patience(session))
    return enter(session, Reconciling(), Dismiss(), AskIntake(), wait_s=session.rules.patience_s)


def reconcile_from(session: Session, hot: HotBlock) -> Step:
    """The same, from a reading at rest."""
    if session.unshown is not None:
        return reconcile(session)
    leap = leapt(session)
    if leap is not None and miscounts(session, hot):
        return stop(session, leap, Dismiss())
    return enter(session, ReconcileBooking(hot), Dismiss(), book(hot), wait_s=None)


def stop(session: Session, why: Obstacle, *actions: Action) -> Step:
    """Nothing is taken. A jam that a person has looked at is cleared first."""
    if why.halt is Halt.JAM and session.attended:
        session, order = command(replace(session, attended=False), CommandCode.CLEAR)
        return enter(session, Clearing(order.sequence), *actions, Send(order), wait_s=session.rules.patience_s)
    return park(session, Stopped(why), *actions, wait_s=stop_wait_s(session, why.halt))


def park(session: Session, phase: Stopped | Unlinked, *actions: Action, wait_s: float | None) -> Step:
    """Nothing is taken any more. A tool that waits for line and camera has them now, or is told why not."""
    session = unagreed(session)
    if not session.loan_asked:
        return enter(session, phase, *actions, wait_s=wait_s)
    session = replace(session, loan_asked=False)
    why = hindrance(session)
    if why is not None:
        return enter(session, phase, *actions, *refused(why), wait_s=wait_s)
    return enter(session, Lent(), *actions, Note(NoteKind.LENT, {}), Lend(), wait_s=None)


def refused(why: Hindrance) -> tuple[Action, ...]:
    return Note(NoteKind.LOAN_REFUSED, {"why": facts_of(why)}), RefuseLoan(why)


def stop_wait_s(session: Session, halt: Halt) -> float | None:
    """After how long a machine that takes nothing tries again, or keeps the visitor's sum as unclaimed."""
    match halt:
        case Halt.LEDGER:
            return session.rules.retry_s
        case Halt.DAY_BUDGET:
            return session.rules.budget_retry_s
        case Halt.NUMBERS:
            return patience(session) or session.rules.budget_retry_s
        case _:
            return patience(session)


def unagreed(session: Session) -> Session:
    """Whoever agreed to hand in without money and has brought nothing yet may be gone when the machine goes on."""
    return session if session.visit is not None or session.visit_asked else replace(session, without_money=False)


def patience(session: Session) -> float | None:
    """How long a visitor's sum waits on a machine that takes nothing, before it is kept for them as unclaimed."""
    return None if session.visit is None else for_visitor(session, session.rules.idle_s + session.rules.still_here_s)


def for_visitor(session: Session, wait_s: float) -> float:
    """How long to wait for a visitor who has so long: while staff have the glass, nobody can answer, and their time stands still, but not for ever."""
    return session.rules.staff_s if session.staff else wait_s


def for_visitor_s(session: Session) -> float | None:
    """How long the phase waits for the visitor, from their last sign of life on. None where it waits for the machine, the ledger or nobody.

    Nor does it while staff have the glass.
    """
    return None if session.staff else _visitors_s(session, session.phase)


def _visitors_s(session: Session, phase: Phase) -> float | None:
    rules = session.rules
    match phase:
        case Ready() if session.visit is not None or session.without_money:
            return rules.idle_s
        case Choosing() | ConfirmingGift():
            return rules.choose_s
        case PickingAssociation():
            # up to nine names are to be read
            return rules.idle_s
        case StillHere():
            return rules.still_here_s
        case Showing():
            return rules.voucher_s
        case Parting(noted=noted):
            return rules.noted_s if noted else rules.parting_s
        case Unlinked():
            return _sum_kept_s(session)
        case Stopped(why) if why.halt not in (Halt.LEDGER, Halt.LEDGER_BROKEN, Halt.DAY_BUDGET):
            return _sum_kept_s(session)
        case _:
            return None


def stand(session: Session, phase: Choosing | PickingAssociation | ConfirmingGift | Showing | Parting) -> Step:
    """Between visitor and ledger: it waits for the visitor."""
    wait_s = _visitors_s(session, phase)
    return enter(session, phase, wait_s=None if wait_s is None else for_visitor(session, wait_s))


def _sum_kept_s(session: Session) -> float | None:
    """While a bottle's fate is open nobody can say how long its visitor's sum stands there."""
    return patience(session) if session.visit is not None and session.visit.cents and session.intent is None else None


def alive(session: Session) -> Step:
    """Somebody is there: what waits for the visitor waits anew, and nothing that waits for the machine or the ledger does."""
    wait_s = for_visitor_s(session)
    return stay(session) if wait_s is None else enter(session, session.phase, wait_s=wait_s)


def unbooked(session: Session) -> bool:
    """Whether the newest reading shows more than is booked: that belongs to this visit, and not to the next."""
    return session.hot is not None and session.hot.totaliser > session.totaliser and not miscounts(session, session.hot)


def took(session: Session, hot: HotBlock, sequence: SequenceNumber) -> bool:
    """Whether the controller took the command of this sequence, or one after it. A leap says nothing of what it took."""
    return sequence <= hot.taken <= session.last_sequence


def book(hot: HotBlock) -> Book:
    """To book what a reading shows. *Counted* is not believed while the chamber is still occupied: a step is booked, and credits nobody."""
    return Book(hot.totaliser, NOTHING_COUNTED if hot.occupied else hot.counted)


def fence(session: Session) -> Step:
    """A Return: once it is taken nothing older can run, and what lies in the chamber is offered to the visitor."""
    still = standstill(session)
    if still is not None:
        return stop(session, still, Dismiss())
    session, order = command(session, CommandCode.RETURN)
    return enter(session, Fencing(order.sequence), Send(order), wait_s=fence_wait_s(session))


def fence_wait_s(session: Session) -> float:
    """How long a Return may take. What keeps the gate of an empty machine from shutting may be the very beam that a technician has come for."""
    holds = session.intent is not None or (session.hot is not None and session.hot.occupied)
    return session.rules.parks_s if session.service and not holds else session.rules.hand_back_s


def refuse(session: Session, reason: Reason, material: Material | None = None) -> Session:
    """The last item is not taken. Told once of an item, however often it comes up."""
    if session.item is not None and session.item.reason is reason:
        return session
    refusals = session.refusals + 1 if session.refused_for is reason else 1
    return replace(session, item=LastItem(accepted=False, reason=reason, material=material), refusals=refusals, refused_for=reason)


def pictured(session: Session, item: int, shown: Shown) -> Session:
    """The picture of an item that is refused and still the last one, if it shows why, and nobody's hand is near."""
    last = session.item
    if item != session.items_seen or last is None or last.reason is None or session.hand or not shown.bears_out(last.reason):
        return session
    return replace(session, item=replace(last, shown=shown))


def hand_back(session: Session, reason: Reason, material: Material | None = None) -> Step:
    session, order = command(session, CommandCode.RETURN)
    session = one_refused(refuse(session, reason, material))
    visit = session.visit.id if session.visit else None
    note = Note(NoteKind.HANDED_BACK, {"item": session.items_seen, "visit": visit, "reason": reason.value})
    return enter(session, Returning(order.sequence, reason), note, Dismiss(), Send(order), wait_s=session.rules.hand_back_s)


def shut(session: Session, cause: Cause | None) -> Step:
    """Shuts the gate before the visitor chooses, or before the visit ends by itself."""
    session, order = command(session, CommandCode.RETURN)
    return enter(session, Shutting(order.sequence, cause), Send(order), wait_s=session.rules.hand_back_s)


def end_visit(session: Session, cause: Cause) -> Step:
    """The visit's sum becomes a voucher; a visit without a sum just ends."""
    if session.visit is None:
        return reconcile(over(session))
    visit = session.visit
    session = replace(session, overdue=None, finishing=False, resumed=False, refusals=0)
    if not visit.cents:
        return enter(session, Issuing(unpaid=visit.bottles > 0), *fallen(session), CloseVisit(visit.id), wait_s=None)
    return enter(session, Issuing(cause), *fallen(session), IssueVoucher(visit.id, cause), wait_s=None)


def fallen(session: Session) -> tuple[Action, ...]:
    """What fell behind the shut gate while the visitor chose: booked before the visit ends, so that its step names the visit."""
    if session.hot is None or not session.linked or session.latched is not None or not unbooked(session) or leapt(session) is not None:
        return ()
    return (book(session.hot),)


def show(session: Session, voucher: Voucher) -> Step:
    """One that was asked for stands there with its code, of any other the number does; if anybody may still wait for it."""
    if session.gone:
        return parted(session, voucher)
    return stand(session, Showing(voucher) if voucher.cause is Cause.KEPT else Parting(voucher))


def parted(session: Session, voucher: Voucher | None) -> Step:
    """Nobody is told of it any more, after a start neither."""
    session, actions = reconcile(session)
    return session, (*(() if voucher is None else (MarkShown(voucher.code),)), *actions)


def over(session: Session) -> Session:
    """Nobody's visit any more; ``left`` is what its visitor is told at parting."""
    return replace(session, left=session.visit, visit=None, item=None, without_money=False, overdue=None, finishing=False)


def limit_of(session: Session) -> Reason | None:
    """Why the visit may take no more bottles, or None while it may. One that the day has no money for may take any number, if agreed to."""
    if session.visit is None:
        return None
    if session.visit.remaining > 0 or unpaid(session):
        return Reason.BIN_FULL if all_full(session) else None
    return Reason.DAY_BUDGET if session.visit.allowed < session.rules.visit_bottles else Reason.VISIT_LIMIT


def choose(session: Session) -> Step:
    """The gate is shut: keep, give or add more. Without a sum there is nothing to choose. What became of the last item has been read."""
    if session.visit is None or not session.visit.cents:
        return end_visit(session, Cause.TIMED_OUT)
    return stand(replace(session, item=None, finishing=False, overdue=None, gone=False), Choosing(limit_of(session)))


def next_bottle(session: Session) -> Step:
    """All is reconciled and the chamber is empty: open the gate, unless something forbids it."""
    if session.unshown is not None or unbooked(session):
        return reconcile(session)
    if session.visit is not None and session.overdue is not None:
        return end_visit(session, session.overdue)
    if session.visit is not None and (session.finishing or limit_of(session) is not None):
        return choose(session)
    why = obstacle(session)
    if why is not None:
        return stop(session, why)
    session, order = command(replace(session, finishing=False, waited_s=0.0), CommandCode.OPEN)
    return enter(session, Opening(order.sequence), Send(order), wait_s=session.rules.patience_s)
