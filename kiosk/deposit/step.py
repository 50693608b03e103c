"""The deposit session's one transition function. The diagram of its phases stands in ``kiosk/deposit/states.py``.

Three kinds of events are answered alike in every phase (link, camera, failing ledger); the rest is answered phase by phase. An
event that means nothing in a phase changes nothing: a late *Rested*, say, or a touch that came while the screen changed.
"""

from dataclasses import replace
from typing import assert_never

from config.clock import Instant
from config.vocabulary import SequenceNumber
from drivers.intake.bus import LAST_SEQUENCE, LEAP, CommandCode
from drivers.intake.events import (
    BinLevel,
    CommandUnanswered,
    DoorOpened,
    DoorShut,
    FaultChanged,
    Hand,
    ItemDropped,
    ItemEntered,
    ItemSettled,
    LinkBack,
    LinkLost,
    Restarted,
    Rested,
    TakenBack,
)
from drivers.intake.trouble import OtherTable
from kiosk.deposit import answers, intake, service, ticket, visit
from kiosk.deposit.actions import Action, Dismiss, LedgerAction, Send
from kiosk.deposit.events import (
    Answered,
    CameraBack,
    CameraLost,
    DayTold,
    Event,
    HoursTold,
    LedgerFailed,
    LoanAsked,
    Pictured,
    PrinterEvent,
    RestChanged,
    ServiceAsked,
    ServiceEnded,
    ServiceEvent,
    StaffCame,
    StaffEvent,
    StaffLeft,
    Touch,
    Touched,
)
from kiosk.deposit.halts import Halt, NoPicture, NotBegun, Obstacle, OtherController, OtherVersion
from kiosk.deposit.moves import (
    Step,
    alive,
    command,
    enter,
    fence,
    fence_wait_s,
    park,
    patience,
    pictured,
    reconcile,
    reconcile_from,
    stand,
    stay,
    stop,
    stop_wait_s,
)
from kiosk.deposit.obstacles import leapt, obstacle
from kiosk.deposit.states import (
    Checking,
    Choosing,
    Clearing,
    ConfirmingGift,
    Crediting,
    DayRefused,
    EndingIntent,
    FenceBooking,
    Fencing,
    Intending,
    Issuing,
    Lent,
    Opening,
    Parting,
    PickingAssociation,
    Ready,
    ReconcileBooking,
    Reconciling,
    Returning,
    Rules,
    Session,
    Showing,
    Shutting,
    Sorting,
    Starting,
    StillHere,
    Stopped,
    Thanking,
    Ticket,
    TicketStage,
    Unlinked,
)
from ledger.vocabulary import Cause, Standing, Voucher

AT_THE_SCREEN = (Choosing, PickingAssociation, ConfirmingGift, Issuing, Showing, Parting, Thanking)
"""Phases behind a shut gate, between visitor and ledger: all of them end in ``reconcile``."""

WAITS_FOR_A_BOTTLE = (Halt.BINS_FULL, Halt.CLOSED, Halt.SERVICE, Halt.STAFF, Halt.REST)
"""What lies in the chamber ends its way before these stop the machine."""

AWAY = (*AT_THE_SCREEN, Lent)
"""Phases that the intake cannot disturb."""


def resume(standing: Standing, rules: Rules, now: Instant, refused_on: DayRefused | None = None) -> Step:
    """The session at a start, from what the ledger holds. Reconciles first; there is no session file.

    A visit that is still open goes on if a trusted clock, or the time since this boot, says that its last row is recent enough; else its sum becomes an
    unclaimed voucher as soon as all is reconciled, and whoever may still wait for it is told the number. A voucher whose pages were not closed is shown
    again under the same conditions, and closed by time where they do not hold.
    ``refused_on``: what the log tells of this day.
    """
    goes_on = standing.visit is not None and _within(rules.resume_within_s, standing.visit.last, now)
    gone = standing.visit is not None and not _within(rules.part_within_s, standing.visit.last, now)
    hidden, unpaid = standing.unshown, standing.visit is not None and standing.visit.allowed == 0 and standing.visit.bottles > 0
    session = Session(
        rules=rules,
        phase=Starting(),
        last_sequence=standing.last_sequence,
        totaliser=standing.booked_totaliser,
        visit=standing.visit,
        intent=standing.open_intent,
        overdue=None if standing.visit is None or goes_on else Cause.POWER_CUT,
        resumed=goes_on,
        # a bottle that counted without being paid proves that its visitor had agreed
        without_money=goes_on and rules.without_money and unpaid,
        gone=gone,
        day=now.day() if now.trusted else None,
        taken=standing.taken,
        refused_on=refused_on,
    )
    if hidden is not None:
        known = Ticket(hidden.voucher.code, TicketStage.BROKEN, hidden.copies) if hidden.copies else None
        session = replace(
            session,
            ticket=known,
            unshown=hidden.voucher,
            left=hidden.visit,
            gone=not _within(_shown_within_s(hidden.voucher, rules), hidden.since, now),
        )
    return session, ()


def unbegun(rules: Rules) -> Session:
    """The session of a kiosk whose ledger has not begun: it takes and books nothing, and lends its line to those who commission it."""
    return Session(rules=rules, phase=Starting(), last_sequence=SequenceNumber(0), latched=NotBegun())


def _shown_within_s(voucher: Voucher, rules: Rules) -> float:
    return rules.part_within_s if voucher.cause is Cause.POWER_CUT else rules.resume_within_s


def _within(seconds: float, last: Instant, now: Instant) -> bool:
    age_s = now.seconds_since(last)
    return age_s is not None and 0 <= age_s <= seconds


def step(session: Session, event: Event) -> Step:
    """What the session does about an event: its next state and the actions to perform."""
    if isinstance(event, Pictured):
        return pictured(session, event.item, event.shown), ()
    if isinstance(event, PrinterEvent):
        return ticket.told(session, event), ()
    session, actions = _respond(_with_reading(session, event), event)
    asked = tuple(action for action in actions if isinstance(action, LedgerAction))
    return replace(session, asked=session.asked + asked), actions


def _respond(session: Session, event: Event) -> Step:
    match event:
        case Touched(Touch.ALIVE) if not isinstance(session.phase, StillHere):
            return alive(session)
        case LinkBack():
            return _link_back(session, event)
        case LinkLost(trouble):
            refused = OtherVersion(trouble.found, trouble.expected, trouble.firmware) if isinstance(trouble, OtherTable) else None
            return _link_lost(replace(session, linked=False, hand=False, link_lost=trouble, refused=refused))
        case CameraLost():
            return _camera_lost(replace(session, camera_lost=NoPicture(event.fault, event.measured, event.limit)))
        case CameraBack():
            session = replace(session, camera_lost=None)
            return reconcile(session) if _halt(session) is Halt.CAMERA else stay(session)
        case Hand(present):
            return _in_phase(replace(session, hand=present), event)
        case DoorOpened() | DoorShut() | BinLevel() | FaultChanged():
            return _stopped_or_not(session)
        case HoursTold() | DayTold():
            return _by_the_clock(session, event)
        case ServiceAsked() | ServiceEnded() | LoanAsked() | StaffCame() | StaffLeft() | RestChanged():
            return _by_staff(session, event)
        case Answered():
            return _answered(answers.take_over(session, event), event)
        case LedgerFailed():
            return _ledger_failed(answers.answered(session, event.asked), event)
        case Rested(hot) if _by_numbers(session):
            return reconcile_from(session, hot)
        case Restarted():
            session = replace(session, hand=False)
            return stay(session) if _undisturbed(session) else reconcile(session)
        case CommandUnanswered():
            return reconcile(session) if intake.waits_for(session.phase, event.sequence) else stay(session)
        case _:
            return _in_phase(session, event)


def _in_phase(session: Session, event: Event) -> Step:
    match session.phase:
        case Starting() | Unlinked() | Stopped():
            return visit.out_of_order(session, event)
        case Reconciling() | ReconcileBooking() | Fencing() | FenceBooking() | EndingIntent() | Clearing():
            return intake.reconciling(session, session.phase, event)
        case Opening() | Ready() | StillHere():
            return intake.open_gate(session, session.phase, event)
        case Checking() | Intending():
            return intake.judging(session, session.phase, event)
        case Sorting() | Crediting():
            return intake.sorting(session, session.phase, event)
        case Returning() | Shutting():
            return intake.returning(session, session.phase, event)
        case Choosing() | PickingAssociation() | ConfirmingGift():
            return visit.choosing(session, session.phase, event)
        case Issuing() | Showing() | Parting() | Thanking():
            return visit.ending(session, session.phase, event)
        case Lent():
            return service.lent(session, event)
        case _:
            assert_never(session.phase)


def _with_reading(session: Session, event: Event) -> Session:
    """Every reading tells the last sequence that the controller took (the next command's is above it), and how the machine stands.

    One that leaps above what ledger and reading before said is no base for the next command. Only a ledger without an intent knows of none.
    """
    match event:
        case LinkBack() | Restarted() | ItemEntered() | ItemSettled() | ItemDropped() | TakenBack() | Rested():
            hot = event.hot
        case Hand() | DoorOpened() | DoorShut() | BinLevel() | FaultChanged():
            hot = event.hot
        case _:
            return session
    known = session.last_sequence
    first = known == 0 and (session.hot is None or session.hot.taken > known)
    leaps = hot.taken > LAST_SEQUENCE or (hot.taken > known + LEAP and not first)
    return replace(
        session,
        hot=hot,
        last_sequence=known if leaps else SequenceNumber(max(known, hot.taken)),
        offered=session.offered if hot.occupied else 0,
        attended=(session.attended or isinstance(event, DoorShut)) and hot.fault.latched,
    )


def _by_staff(session: Session, event: ServiceEvent | StaffEvent) -> Step:
    """Technicians and staff, who are no visitors."""
    match event:
        case StaffCame() | StaffLeft():
            return _logged(session, event)
        case RestChanged(resting):
            return _stopped_or_not(replace(session, resting=resting))
        case ServiceAsked():
            session = replace(session, service=True)
            if isinstance(session.phase, Fencing):
                # whoever logged in shut the gate by it: from now on it is waited for as a technician waits
                return enter(session, session.phase, wait_s=fence_wait_s(session))
            return _stopped_or_not(session)
        case ServiceEnded():
            session, refused = service.ended(session)
            session, actions = _stopped_or_not(session)
            return session, (*refused, *actions)
        case LoanAsked():
            return service.loan_asked(session)
        case _:
            assert_never(event)


def _logged(session: Session, event: StaffCame | StaffLeft) -> Step:
    """The glass is staff's, or the visitor's again. What is under way ends its way; what waits for the visitor waits until they can answer."""
    session = replace(session, staff=isinstance(event, StaffCame))
    match session.phase:
        case Choosing() | ConfirmingGift() | Showing() | Parting():
            return stand(session, session.phase)
        case Unlinked():
            return enter(session, session.phase, wait_s=patience(session))
        case Stopped(why) if why.halt is not Halt.LEDGER and (session.latched is not None or obstacle(session) == why):
            return enter(session, session.phase, wait_s=stop_wait_s(session, why.halt))
        case _:
            return _stopped_or_not(session)


def _by_the_clock(session: Session, event: HoursTold | DayTold) -> Step:
    """A day that begins stops nothing: the ledger renews its money when it is asked next."""
    match event:
        case HoursTold(closed_until):
            return _stopped_or_not(replace(session, closed_until=closed_until))
        case DayTold(day):
            return stay(replace(session, day=day))
        case _:
            assert_never(event)


def _stopped_or_not(session: Session) -> Step:
    """Something stops the machine, or does so no more. What is under way comes to its end; what stands open is shut."""
    if _undisturbed(session):
        return stay(session)
    found = obstacle(session)
    match session.phase:
        case Stopped(why):
            cleared = why.halt is Halt.JAM and session.attended
            if found is None or found.halt is not why.halt or cleared:
                return reconcile(session)
            return stay(replace(session, phase=Stopped(found)))
        case Ready() | StillHere() if found is not None:
            return fence(session)
        case Checking() if found is not None and found.halt not in WAITS_FOR_A_BOTTLE:
            return reconcile(session)
        case _:
            return stay(session)


def _halt(session: Session) -> Halt | None:
    return session.phase.halt if isinstance(session.phase, Stopped) else None


def _by_numbers(session: Session) -> bool:
    """Whether a reading at rest ends the phase because a number has leapt, or is right again."""
    if _undisturbed(session) or not session.linked or answers.waits(session.phase):
        return False
    if isinstance(session.phase, Stopped):
        return session.phase.halt is Halt.NUMBERS and leapt(session) is None
    return not isinstance(session.phase, Starting | Unlinked | Checking) and leapt(session) is not None


def _undisturbed(session: Session) -> bool:
    """Whether the intake can change nothing: the visitor is busy with the sum, a technician's tool has the line, or only a person can end what stopped the kiosk."""
    return isinstance(session.phase, AWAY) or session.latched is not None


def _link_back(session: Session, event: LinkBack) -> Step:
    """Another controller stops the intake and books nothing, whatever is on the screen; the right one ends that again."""
    session = replace(session, linked=True, link_lost=None, refused=None)
    if isinstance(session.latched, NotBegun):
        # the ledger will be bound to whichever answers then
        return stay(session) if isinstance(session.phase, AWAY) else reconcile(session)
    found = event.identity.controller_id
    if found != session.rules.controller_id:
        session = replace(session, latched=OtherController(found, session.rules.controller_id))
        return stay(session) if isinstance(session.phase, AWAY) else reconcile(session)
    if session.latched is not None and session.latched.halt is Halt.OTHER_CONTROLLER:
        session = replace(session, latched=None)
    if _undisturbed(session):
        return stay(session)
    return reconcile_from(session, event.hot) if event.hot.at_rest else reconcile(session)


def _link_lost(session: Session) -> Step:
    return stay(session) if _undisturbed(session) else reconcile(session)


def _camera_lost(session: Session) -> Step:
    """The gate must not stay open for a bottle that nobody can look at."""
    match session.phase:
        case Ready() | StillHere():
            return fence(session)
        case Stopped(NoPicture()) if session.camera_lost is not None:
            return stay(replace(session, phase=Stopped(session.camera_lost)))
        case _:
            return stay(session)


def _answered(session: Session, event: Answered) -> Step:
    """A phase that waits for the ledger ends with the answer to its own request alone; of any other it is enough to know."""
    if answers.waits(session.phase) and not answers.is_own(session, event.asked):
        session, actions = stay(session)
    else:
        session, actions = _in_phase(session, event)
    session, printed = ticket.goes_on(session, event.news)
    return session, (*printed, *answers.noted(event.news), *actions)


def _ledger_failed(session: Session, event: LedgerFailed) -> Step:
    """Nothing more is taken. What lies in the chamber goes back to the visitor, by ``reconcile`` or at once when only a person can mend it.

    A failure may come late, too: where the phase waits for another answer of the ledger, or for the metal, that comes first.
    """
    own = answers.is_own(session, event.asked)
    session = ticket.unbegun(session, event.asked)
    if event.why.halt.latches:
        return _latched(session, event.why, own)
    session = replace(session, ledger_lost=event.why)
    match session.phase:
        case Ready() | StillHere():
            return fence(session)
        case Checking():
            return reconcile(session)
        case Intending() | Crediting() if own:
            return reconcile(session)
        case ReconcileBooking() | FenceBooking() | EndingIntent() | Issuing() if own:
            return stop(session, event.why)
        case _:
            return stay(session)


def _latched(session: Session, why: Obstacle, own: bool) -> Step:
    """Only a person can mend it. What a visitor still looks at stays."""
    session = replace(session, latched=why)
    if isinstance(session.phase, Issuing | Showing | Parting | Thanking | Lent) and not own:
        return stay(session)
    back: tuple[Action, ...] = ()
    if isinstance(session.phase, Checking | Intending):
        session, order = command(session, CommandCode.RETURN)
        back = (Dismiss(), Send(order))
    return park(session, Stopped(why), *back, wait_s=patience(session))
