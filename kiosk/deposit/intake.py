"""Transitions of the phases in which the metal moves: reconciling, the open gate, judging, sorting, handing back.

Money follows the mechanism: an intent is durable before its Sort is sent, a credit is booked when the drop was counted, and the
gate opens only after that. What each rule guards against is tried out in tests/worlds/histories.py: without it money goes wrong.
"""

from dataclasses import replace

from config.vocabulary import NO_CENTS, Reason, SequenceNumber
from drivers.intake.bus import Command, CommandCode, ControllerState, HotBlock
from drivers.intake.events import Hand, ItemDropped, ItemEntered, ItemSettled, Rested, TakenBack
from kiosk.deposit.actions import AskIntake, Dismiss, EndIntent, Intend, Judge, OpenVisit, Send, Watch
from kiosk.deposit.events import Answered, Elapsed, Event, Intended, IntentEnded, Judged, TotaliserBooked, Touch, Touched, VisitOpened
from kiosk.deposit.moves import (
    Step,
    book,
    choose,
    command,
    end_visit,
    enter,
    fence,
    hand_back,
    limit_of,
    next_bottle,
    reconcile,
    reconcile_from,
    refuse,
    shut,
    stay,
    took,
)
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.obstacles import full, miscounts, obstacle, only_seen, standstill
from kiosk.deposit.states import (
    Checking,
    Clearing,
    Crediting,
    EndingIntent,
    FenceBooking,
    Fencing,
    Intending,
    LastItem,
    Opening,
    Phase,
    Ready,
    ReconcileBooking,
    Reconciling,
    Returning,
    Session,
    Shutting,
    Sorting,
    StillHere,
)
from ledger.vocabulary import Cause, Ending, Intent
from recognition.verdict import Verdict


def waits_for(phase: Phase, sequence: SequenceNumber) -> bool:
    """Whether the phase waits for the command of this sequence."""
    match phase:
        case Fencing(waited) | Clearing(waited) | Opening(waited) | Returning(waited) | Shutting(waited):
            return waited == sequence
        case Sorting(intent):
            return intent.sequence == sequence
        case _:
            return False


def reconciling(
    session: Session, phase: Reconciling | ReconcileBooking | Fencing | FenceBooking | EndingIntent | Clearing, event: Event
) -> Step:
    """``reconcile``: rest, book, fence with a Return while an intent is open or something lies in the chamber, book again, end, go on."""
    match phase, event:
        case Reconciling(), Rested(hot):
            return reconcile_from(session, hot)
        case Reconciling(), Elapsed():
            return enter(session, phase, AskIntake(), wait_s=session.rules.patience_s)
        case ReconcileBooking(hot), Answered(_, TotaliserBooked()):
            return _resolve(session, hot)
        case Fencing(sequence), Rested(hot) if took(session, hot, sequence):
            if hot.occupied and not _seen_alone(session, hot):
                return fence(replace(session, offered=session.offered + 1))
            return enter(session, FenceBooking(hot), book(hot), wait_s=None)
        case FenceBooking(hot), Answered(_, TotaliserBooked()):
            if session.intent is None:
                return next_bottle(session)
            fell = hot.sorted == session.intent.sequence and hot.back < session.intent.sequence
            return _end_intent(session, Ending.UNCOUNTED if fell else Ending.CANCELLED)
        case EndingIntent(), Answered(_, IntentEnded()):
            return next_bottle(session)
        case Clearing(sequence), Rested(hot) if took(session, hot, sequence):
            return reconcile_from(session, hot)
        case ((Fencing() | Clearing()), Elapsed()):
            return reconcile(session)
        case _:
            return _finish_later(session, event)


def _resolve(session: Session, hot: HotBlock) -> Step:
    """Booked at rest. What lies in the chamber goes back; an intent that is still open is ended once nothing older can run.

    A Sort that jammed below the chamber is over, and the controller counts for it no more: its bottle is swallowed, the desk may credit it.
    """
    if session.intent is None and (not hot.occupied or _seen_alone(session, hot)):
        return next_bottle(session)
    if session.intent is None and session.overdue is not None:
        # first the sum of whoever has gone: what lies there is nobody's any more
        return end_visit(session, session.overdue)
    swallowed = hot.state is ControllerState.FAILED and not hot.occupied
    if session.intent is not None and swallowed and hot.sorted == session.intent.sequence:
        return _end_intent(session, Ending.UNCOUNTED)
    if hot.occupied and session.offered == 0:
        session = refuse(session, Reason.INTERRUPTED)
    return fence(session)


def _seen_alone(session: Session, hot: HotBlock) -> bool:
    """Whether nothing would be offered back but a sensor's word while a technician waits: the machine parks instead, which moves nothing."""
    return session.service and session.intent is None and only_seen(hot)


def _end_intent(session: Session, ending: Ending) -> Step:
    if session.intent is None:
        return stay(session)
    return enter(session, EndingIntent(), EndIntent(session.intent.sequence, ending), wait_s=None)


def _finish_later(session: Session, event: Event) -> Step:
    """A visitor who asks to finish while something is under way is heard: the choice comes as soon as it has ended."""
    if event == Touched(Touch.FINISH) and session.visit is not None:
        return stay(replace(session, finishing=True))
    return stay(session)


def open_gate(session: Session, phase: Opening | Ready | StillHere, event: Event) -> Step:
    match phase, event:
        case _, ItemEntered():
            return _item_entered(session)
        case Opening(sequence), Rested(hot) if took(session, hot, sequence):
            if hot.state is not ControllerState.OPEN:
                return reconcile_from(session, hot)
            if obstacle(session) is not None:
                return fence(session)
            return enter(session, Ready(), wait_s=session.rules.idle_s if session.visit or session.without_money else None)
        case Opening(), Elapsed():
            return reconcile(session)
        case Ready(), Answered(_, VisitOpened()):
            # its bottle went out again before the ledger had answered
            return enter(session, Ready(), wait_s=session.rules.idle_s)
        case ((Ready() | StillHere()), Rested(hot)) if hot.state is not ControllerState.OPEN:
            # the controller shut the gate by itself: it missed the beat, or something came and went
            return reconcile_from(session, hot)
        case _, Touched(Touch.FINISH) if session.visit is not None or session.without_money:
            return shut(replace(session, finishing=True), None)
        case StillHere(), Touched(Touch.ALIVE):
            return enter(session, Ready(), wait_s=session.rules.idle_s)
        case Ready(), Elapsed() if session.visit is not None and session.visit.bottles > 0:
            return enter(session, StillHere(), wait_s=session.rules.still_here_s)
        case Ready() | StillHere(), Elapsed():
            return shut(session, Cause.TIMED_OUT)
        case _:
            return stay(session)


def _item_entered(session: Session) -> Step:
    asks = session.visit is None and not session.visit_asked
    session = replace(session, items_seen=session.items_seen + 1, item=None, resumed=False, gone=session.gone and not asks)
    opened = (OpenVisit(),) if asks else ()
    return enter(session, Checking(session.items_seen), Watch(session.items_seen), *opened, wait_s=session.rules.patience_s)


def judging(session: Session, phase: Checking | Intending, event: Event) -> Step:
    match phase, event:
        case Checking(item), ItemSettled(hot):
            return session, (Judge(item, hot.weight_g, hot.metal, session.visit.id if session.visit else None),)
        case Checking(item), Judged(judged, verdict, verdict_ms) if judged == item:
            session, actions = _decide(replace(session, phase=replace(phase, verdict=verdict)))
            return session, (_judged_note(session, item, verdict, verdict_ms), *actions)
        case Checking(item), Hand(present):
            # what was seen may be exchanged through the gate that gave way: only looks from now on count
            return session, (Dismiss() if present else Watch(item),)
        case Checking(), Answered(_, VisitOpened()):
            return _decide(session)
        case Checking(), Rested(hot) if not hot.occupied:
            return reconcile_from(refuse(session, Reason.PULLED_BACK), hot)
        case Intending(intent), Answered(_, Intended()):
            if standstill(session) is not None:
                return reconcile(session)
            order = Command(CommandCode.SORT, intent.sequence, intent.bin)
            return enter(session, Sorting(intent), Send(order), wait_s=session.rules.patience_s)
        case Checking(), Elapsed():
            return reconcile(session)
        case _:
            return _finish_later(session, event)


def _judged_note(session: Session, item: int, verdict: Verdict, verdict_ms: float) -> Note:
    return Note(
        NoteKind.JUDGED,
        {
            "item": item,
            "visit": session.visit.id if session.visit else None,
            **verdict.facts(),
            "verdict_ms": round(verdict_ms, 1),
        },
    )


def _decide(session: Session) -> Step:
    """Once both are there, the verdict and the visit with its limit."""
    phase, visit = session.phase, session.visit
    if not isinstance(phase, Checking) or phase.verdict is None or visit is None:
        return stay(session)
    verdict = phase.verdict
    if verdict.material is None:
        return hand_back(session, verdict.reasons[0])
    limit = limit_of(session)
    if limit is not None:
        return hand_back(session, limit)
    bin = session.rules.bins[verdict.material]
    if full(session, bin):
        return hand_back(session, Reason.BIN_FULL, verdict.material)
    session, order = command(session, CommandCode.SORT, bin)
    intent = Intent(
        sequence=order.sequence,
        visit=visit.id,
        gtin=verdict.gtin,
        material=verdict.material,
        amount=session.rules.reward if visit.remaining > 0 else NO_CENTS,
        bin=bin,
        weight_g=round(verdict.evidence.weight_g),
        policy=verdict.policy,
        flags=verdict.flags,
    )
    # open from here on, whether or not the ledger's answer is heard: only the books may say that it is not
    return enter(replace(session, intent=intent), Intending(intent), Dismiss(), Intend(intent), wait_s=None)


def sorting(session: Session, phase: Sorting | Crediting, event: Event) -> Step:
    match phase, event:
        case Sorting(intent), ItemDropped(sequence, hot) if sequence == intent.sequence:
            if miscounts(session, hot):
                return reconcile(session)
            if hot.occupied:
                # a count that the chamber gives the lie: what it is at rest will tell
                return stay(session)
            return enter(session, Crediting(intent), book(hot), wait_s=None)
        case Sorting(intent), Rested(hot) if took(session, hot, intent.sequence):
            return reconcile_from(session, hot)
        case Sorting(), Elapsed():
            return reconcile(session)
        case Crediting(intent), Answered(_, TotaliserBooked(booked)):
            return next_bottle(session) if booked.credited == intent else reconcile(session)
        case _:
            return _finish_later(session, event)


def returning(session: Session, phase: Returning | Shutting, event: Event) -> Step:
    match phase, event:
        case Returning(sequence), TakenBack(back) if back == sequence:
            return stay(session)
        case Returning(sequence), Rested(hot) if took(session, hot, sequence):
            return reconcile_from(replace(session, offered=session.offered + hot.occupied), hot)
        case Shutting(sequence, cause), Rested(hot) if took(session, hot, sequence) and not hot.occupied:
            return choose(session) if cause is None else end_visit(session, cause)
        case Shutting(sequence), Rested(hot) if took(session, hot, sequence):
            return reconcile_from(session, hot)
        case Shutting(), TakenBack():
            return stay(replace(session, item=LastItem(accepted=False, reason=Reason.FINISHED)))
        case ((Returning() | Shutting()), Elapsed()):
            return reconcile(session)
        case _:
            return _finish_later(session, event)
