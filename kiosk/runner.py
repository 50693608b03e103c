"""The runner: one queue of events, one deposit session, and the workers that perform its actions. No Qt, no threads of its own.

It serves touchscreen, simulation and tests alike, and it alone notes when a trouble begins and ends (``spells.py``). All workers post to its queue; it alone changes the beat that the controller's
watchdog looks at, so a runner that hangs is noticed by the metal.
"""

import queue
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from config.clock import Clock, Instant
from config.hours import OpeningHours
from drivers.intake.bus import Command
from kiosk.composed import AnyAction, AnyEvent, Composed, step, view
from kiosk.console.actions import AwaitStaff, ConsoleAction, DeskAction, OrderSuccession, PaperAction, StartAnew
from kiosk.console.events import IdleTooLong
from kiosk.console.states import Console
from kiosk.console.technician.actions import TechnicianAction
from kiosk.console.told import Rest
from kiosk.deposit.actions import (
    AskIntake,
    BeginTicket,
    Book,
    CloseVisit,
    Dismiss,
    EndIntent,
    GiveAway,
    Intend,
    IssueVoucher,
    Judge,
    LedgerAction,
    Lend,
    MarkShown,
    OpenVisit,
    PrintTicket,
    RefuseLoan,
    Remember,
    Send,
    SightAction,
    Wait,
    Watch,
)
from kiosk.deposit.events import DayTold, Elapsed, HoursTold
from kiosk.deposit.halts import Resting
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note
from kiosk.deposit.states import Session
from kiosk.deposit.view import ViewState
from kiosk.spells import Spells

BEAT_EVERY_S = 0.25
"""How often at least the beat changes and the time is looked at; well inside the second in which each part must answer its watchdog."""


class IntakeInbox(Protocol):
    def send(self, command: Command) -> None: ...
    def ask(self) -> None: ...
    def set_pace(self, in_visit: bool) -> None: ...


class SightInbox(Protocol):
    def perform(self, action: SightAction) -> None: ...
    def set_pace(self, in_visit: bool) -> None: ...


class BooksInbox(Protocol):
    def perform(self, action: LedgerAction | DeskAction, occurred: Instant) -> None: ...


class ConsoleInbox(Protocol):
    def perform(self, action: ConsoleAction) -> None: ...


class ToolsInbox(Protocol):
    def lend(self) -> None: ...
    def refuse(self, why: Hindrance) -> None: ...


class PrinterInbox(Protocol):
    def perform(self, action: PrintTicket | PaperAction) -> None: ...


class TechnicianInbox(Protocol):
    def perform(self, action: TechnicianAction) -> None: ...


class NoteBook(Protocol):
    def note(self, note: Note) -> None: ...


@dataclass(frozen=True, slots=True)
class Workers:
    """What performs the session's actions."""

    intake: IntakeInbox
    sight: SightInbox
    books: BooksInbox
    log: NoteBook
    tools: ToolsInbox
    console: ConsoleInbox
    printer: PrinterInbox | None = None
    """None where there is none: nobody is asked to print then."""
    technician: TechnicianInbox | None = None
    """None where no technician comes: in simulations."""


def nobody_asks() -> None:
    """Where no service manager wants to hear whether the runner lives."""


class Runner:
    """Feeds one session, ``session`` its deposit and ``console`` the staff's. ``show`` is called with each view-state that differs from the last,
    ``answer`` whenever the beat changes.
    """

    def __init__(
        self,
        session: Session,
        clock: Clock,
        show: Callable[[ViewState], None],
        hours: OpeningHours | None = None,
        answer: Callable[[], None] = nobody_asks,
    ) -> None:
        self.session = session
        self.console = Console()
        self.starts_anew = False
        """Whether ``serve`` returns in order to be called again in a new process."""
        self.inbox: queue.SimpleQueue[AnyEvent | None] = queue.SimpleQueue()
        self._clock = clock
        self._show = show
        self._hours = hours
        self._answer = answer
        self._shown: ViewState | None = None
        self._due: float | None = None
        self._staff_due: float | None = None
        self._elapse_by = clock.monotonic()
        self._beat = 0
        self._spells = Spells(clock)

    def rests(self, rest: Rest | None) -> None:
        """Staff had put the kiosk to rest before this start. Before ``serve``."""
        if rest is not None:
            self.session = replace(self.session, resting=Resting(rest.message))
            self.console = replace(self.console, rest=rest)

    def post(self, event: AnyEvent) -> None:
        """Hands an event over from any thread."""
        self.inbox.put(event)

    @property
    def due_s(self) -> float | None:
        """When the session's next open wait is over, in seconds of the clock's monotonic."""
        return min((due for due in (self._due, self._staff_due) if due is not None), default=None)

    def stop(self) -> None:
        """Ends ``serve`` after the events already handed over."""
        self.inbox.put(None)

    def beat(self) -> int:
        return self._beat

    def serve(self, workers: Workers) -> None:
        """Takes events until ``stop``. Returns with the session as it stands; the next start reconciles whatever is open."""
        self._publish()
        try:
            self.elapse(workers)
            while self._take(workers):
                pass
        finally:
            for note in self._spells.close():
                workers.log.note(note)

    def _take(self, workers: Workers) -> bool:
        """The next event, or the time that passes without one. False at ``stop``."""
        try:
            event = self.inbox.get(timeout=self._patience())
        except queue.Empty:
            self.elapse(workers)
            return True
        if event is None:
            return False
        self.handle(event, workers)
        if self._clock.monotonic() >= self._elapse_by:
            # events that never pause put off neither a wait nor the closing of the hall
            self.elapse(workers)
        return True

    def handle(self, event: AnyEvent, workers: Workers) -> None:
        """One event, its actions, and the view-state if it changed."""
        self._live()
        composed, actions = step(Composed(self.session, self.console), event)
        self.session, self.console = composed.deposit, composed.console
        for action in actions:
            self._perform(action, workers)
        for note in self._spells.seen(event, self.session):
            workers.log.note(note)
        workers.intake.set_pace(self.session.visit is not None)
        workers.sight.set_pace(self.session.visit is not None)
        self._publish()

    def elapse(self, workers: Workers) -> None:
        """Tells the session that its wait is over, or the hall has opened or closed, if so. Whoever drives a runner without ``serve`` calls this as often as that does."""
        self._live()
        for note in self._spells.over():
            workers.log.note(note)
        self._elapse_by = self._clock.monotonic() + BEAT_EVERY_S
        if self._hours is not None and (opens := self._hours.opens(self._clock.now())) != self.session.closed_until:
            self.handle(HoursTold(opens), workers)
        now = self._clock.now()
        if (day := now.day() if now.trusted else None) != self.session.day:
            self.handle(DayTold(day), workers)
        if self._due is not None and self._clock.monotonic() >= self._due:
            self._due = None
            self.handle(Elapsed(), workers)
        if self._staff_due is not None and self._clock.monotonic() >= self._staff_due:
            self._staff_due = None
            self.handle(IdleTooLong(), workers)

    def _live(self) -> None:
        self._beat = (self._beat + 1) & 0xFFFF
        self._answer()

    def _patience(self) -> float:
        due_s = self.due_s
        return BEAT_EVERY_S if due_s is None else min(BEAT_EVERY_S, max(0.0, due_s - self._clock.monotonic()))

    def _publish(self) -> None:
        shown = view(Composed(self.session, self.console))
        if shown != self._shown:
            self._shown = shown
            self._show(shown)

    def _perform(self, action: AnyAction, workers: Workers) -> None:
        match action:
            case Send(command):
                workers.intake.send(command)
            case AskIntake():
                workers.intake.ask()
            case Watch() | Judge() | Dismiss() | Remember():
                workers.sight.perform(action)
            case OpenVisit() | Intend() | Book() | EndIntent() | IssueVoucher() | GiveAway() | CloseVisit() | MarkShown() | BeginTicket():
                workers.books.perform(action, self._clock.now())
            case PrintTicket():
                if workers.printer is not None:
                    workers.printer.perform(action)
            case Wait(seconds):
                self._due = None if seconds is None else self._clock.monotonic() + seconds
            case AwaitStaff(seconds):
                self._staff_due = None if seconds is None else self._clock.monotonic() + seconds
            case ConsoleAction():
                self._perform_for_staff(action, workers)
            case Lend():
                workers.tools.lend()
            case RefuseLoan(why):
                workers.tools.refuse(why)
            case Note():
                workers.log.note(action)
            case _:
                assert_never(action)

    def _perform_for_staff(self, action: ConsoleAction, workers: Workers) -> None:
        match action:
            case PaperAction():
                if workers.printer is not None:
                    workers.printer.perform(action)
            case TechnicianAction():
                if workers.technician is not None:
                    workers.technician.perform(action)
            case StartAnew():
                self.starts_anew = True
                self.stop()
            case OrderSuccession():
                workers.console.perform(action)
            case DeskAction():
                workers.books.perform(action, self._clock.now())
            case _:
                workers.console.perform(action)
