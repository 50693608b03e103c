"""The kiosk closes its days by itself: with the first answer of the ledger after a day has ended while nobody is at the machine, so at a start too.

It runs in the ledger's thread, between two actions of the session, which hears nothing of it: no money moves, and the books stay as they are. Days on which
the machine was off have no rows; those that it left unclosed are caught up. On a clock that nobody trusts no day is closed, and it is tried again.
"""

from collections.abc import Callable
from datetime import date

from config.clock import Clock
from kiosk.deposit.events import Answered, LedgerEvent
from kiosk.deposit.notes import Note, NoteKind
from ledger.desk import Desk
from ledger.vocabulary import ClockUntrusted, LedgerError


class DayCloser:
    """Asked after each answer of the ledger, by the ledger's thread alone."""

    def __init__(self, desk: Desk, clock: Clock, note: Callable[[Note], None]) -> None:
        self._desk = desk
        self._clock = clock
        self._note = note
        self._looked: date | None = None

    def look(self, event: LedgerEvent) -> None:
        """Closes what is due, once a day. What the ledger refuses is noted, and tried again on the next."""
        if not isinstance(event, Answered) or event.books.visit is not None:
            return
        today = self._desk.today()
        if today == self._looked:
            return
        try:
            closures = self._desk.close_days(self._clock.now())
        except ClockUntrusted:
            return
        except LedgerError as error:
            self._looked = today
            self._note(Note(NoteKind.DAY_NOT_CLOSED, {"error": type(error).__name__}))
            return
        self._looked = today
        for closure in closures:
            self._note(Note(NoteKind.DAY_CLOSED, {name: closure[name] for name in ("n", "day", "first", "last")}))
