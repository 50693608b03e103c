"""Transitions of a technician's service: the machine parks, its line and camera are lent once nothing is open, and come back through ``reconcile``.

What parks it is an obstacle like any other (``obstacles.py``); what must be over before a loan is ``obstacles.hindrance``.
"""

from dataclasses import replace

from drivers.intake.events import LineReturned
from kiosk.deposit.actions import Action
from kiosk.deposit.events import Event
from kiosk.deposit.loans import BottleOpen, NotInService, StillBusy, VisitOpen
from kiosk.deposit.moves import Step, enter, reconcile, refused, stay
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.obstacles import hindrance
from kiosk.deposit.states import Session, Starting, Stopped, Unlinked


def loan_asked(session: Session) -> Step:
    """A tool asks for line and camera. A machine that stands parked is read and booked once more first: ``moves.park`` decides."""
    why = hindrance(session)
    if isinstance(why, NotInService | VisitOpen | BottleOpen):
        return session, refused(why)
    if not isinstance(session.phase, Stopped | Unlinked):
        return session, refused(why or StillBusy())
    return reconcile(replace(session, loan_asked=True))


def ended(session: Session) -> tuple[Session, tuple[Action, ...]]:
    """The technician is done. A tool that has the line keeps it until it is done, too."""
    told = refused(NotInService()) if session.loan_asked else ()
    return replace(session, service=False, loan_asked=False), told


def lent(session: Session, event: Event) -> Step:
    """Nothing that was told before or meanwhile counts; the link comes back as at a start."""
    if not isinstance(event, LineReturned):
        return stay(session)
    session = replace(session, linked=False, hand=False)
    session, actions = enter(session, Starting(), wait_s=None) if session.latched is None else reconcile(session)
    return session, (Note(NoteKind.LINE_RETURNED, {}), *actions)
