"""What the first page tells of this day: bottles taken, by the ledger, and bottles refused, by the technical log and what came since. Pure."""

from dataclasses import dataclass, replace

from kiosk.deposit.states import DayRefused, Session


@dataclass(frozen=True, slots=True)
class Today:
    """``refused`` is None where nobody knows: the log of this day could not be read whole."""

    taken: int
    refused: int | None


def today(session: Session) -> Today | None:
    """None while no bottle has been taken, and while no clock vouches for the date: whose day would it be?"""
    day, taken, refused = session.day, session.taken, session.refused_on
    if day is None or not session.date_known or taken is None or taken.day != day:
        return None
    return Today(taken.bottles, refused.items if refused is not None and refused.day == day else 0)


def one_refused(session: Session) -> Session:
    """With one more that was refused today, if somebody knows when that is."""
    if session.day is None:
        return session
    refused = session.refused_on
    if refused is None or refused.day != session.day:
        refused = DayRefused(session.day, 0)
    return replace(session, refused_on=refused if refused.items is None else replace(refused, items=refused.items + 1))
