"""One life of the kiosk on a virtual clock: runner, driver core, books and sight in one thread, from a start until it is cut or stopped.

Tests hand in a wrapped line or journal to cut the power at an exact point.
"""

import queue
from collections.abc import Callable
from typing import Protocol

from config.clock import Clock, Instant
from config.hours import OpeningHours
from drivers.intake.bus import Command, Line
from drivers.intake.worker import Intake
from kiosk.console.actions import ConsoleAction, DeskAction
from kiosk.deposit.actions import LedgerAction
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.states import DayRefused, Rules
from kiosk.deposit.step import resume
from kiosk.deposit.view import ViewState
from kiosk.runner import BEAT_EVERY_S, NoteBook, PrinterInbox, Runner, SightInbox, Workers
from kiosk.workers.books import written
from kiosk.workers.console import Clerk
from ledger.journal import SqliteJournal
from ledger.vocabulary import Journal


class TurnedSight(SightInbox, Protocol):
    """A sight that has no thread: it is turned when it is due."""

    @property
    def due_s(self) -> float | None: ...
    def turn(self) -> None: ...


class Life:
    """``sight`` posts to ``runner`` as a worker would; ``show`` gets each new view-state; ``clerk`` serves staff, where there are any, ``printer`` prints, where there is one.

    ``refused`` is what the log tells of this day."""

    def __init__(
        self,
        journal: Journal,
        rules: Rules,
        line: Line,
        clock: Clock,
        sight: TurnedSight,
        log: NoteBook,
        show: Callable[[ViewState], None],
        hours: OpeningHours | None = None,
        clerk: Clerk | None = None,
        refused: DayRefused | None = None,
        printer: PrinterInbox | None = None,
    ) -> None:
        self._clock = clock
        self._journal = journal
        session, _ = resume(journal.standing(), rules, clock.now(), refused)
        self.runner = Runner(session, clock, show, hours)
        self.runner.rests(None if clerk is None else clerk.resting())
        self._intake = Intake(line, clock, self.runner.beat)
        self._sight = sight
        self._books: queue.SimpleQueue[tuple[LedgerAction | DeskAction, Instant]] = queue.SimpleQueue()
        desk = Unstaffed() if clerk is None else _Desk(clerk, self.runner)
        self._workers = Workers(self, self._sight, self, log, self, desk, printer)
        self._lived_s = clock.monotonic()

    @property
    def due_s(self) -> float:
        """When the next turn is worth it."""
        if not (self.runner.inbox.empty() and self._books.empty()):
            return self._clock.monotonic()
        dues = [self._intake.next_at, self._lived_s + BEAT_EVERY_S, self.runner.due_s, self._sight.due_s]
        return min(due for due in dues if due is not None)

    def turn(self) -> None:
        """What is due by now: a poll, a verdict, a wait, what waits in the queue; then the books, as their thread would a moment later."""
        now = self._clock.monotonic()
        if now >= self._intake.next_at:
            for told in self._intake.turn():
                self.runner.post(told)
        self._sight.turn()
        self._lived_s = self._clock.monotonic()
        self.runner.elapse(self._workers)
        while not self.runner.inbox.empty():
            event = self.runner.inbox.get()
            if event is not None:
                self.runner.handle(event, self._workers)
        while not self._books.empty():
            self._write(*self._books.get())

    def _write(self, action: LedgerAction | DeskAction, occurred: Instant) -> None:
        desk = self._journal.desk if isinstance(self._journal, SqliteJournal) else None
        self.runner.post(written(self._journal, desk, action, occurred))

    def send(self, command: Command) -> None:
        for event in self._intake.send(command):
            self.runner.post(event)

    def ask(self) -> None:
        self._intake.ask()

    def set_pace(self, in_visit: bool) -> None:
        self._intake.set_pace(in_visit)

    def lend(self) -> None:
        """Nobody asks for the line of a simulated kiosk."""
        raise NotImplementedError

    def refuse(self, why: Hindrance) -> None:
        raise NotImplementedError(why)

    def perform(self, action: LedgerAction | DeskAction, occurred: Instant) -> None:
        self._books.put((action, occurred))


class Unstaffed:
    """Where nobody of the staff ever comes."""

    def perform(self, action: ConsoleAction) -> None:
        raise NotImplementedError(action)


class _Desk:
    """Serves staff at once."""

    def __init__(self, clerk: Clerk, runner: Runner) -> None:
        self._clerk = clerk
        self._runner = runner

    def perform(self, action: ConsoleAction) -> None:
        self._runner.post(self._clerk.does(action))
