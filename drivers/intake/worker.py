"""The intake's side of the serial line: successive hot blocks become events, a command is repeated until it is taken, a lost link is found again.

Three layers, each usable without the next: ``following.advance`` is pure; ``Intake`` is one poll after the other, without a thread
(a virtual clock turns it); ``IntakeWorker`` is the thread with its inbox, which also lends the line. What the events mean for money is decided
elsewhere; frames live in ``modbus.py``.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, assert_never

from config.clock import Clock
from config.vocabulary import SequenceNumber
from drivers.intake import following
from drivers.intake.bus import (
    Answer,
    BusError,
    Command,
    HotBlock,
    Line,
    NoAnswer,
    ServiceLine,
    WrongController,
)
from drivers.intake.events import (
    CommandUnanswered,
    Hand,
    IntakeEvent,
    LineReturned,
    LinkBack,
    LinkLost,
    Restarted,
    Rested,
)
from drivers.intake.loan import SILENT_S, Asked, BorrowedLine, BorrowerSilent, LoanOver
from drivers.intake.trouble import LinkTrouble, link_trouble
from firmware import registers

VISIT_POLL_S: Final = 0.02
IDLE_POLL_S: Final = 0.1
REPEAT_S: Final = 0.1
"""Between two writes of the same command."""
PATIENCE_S: Final = 2.0
"""How long the controller may rest without taking a command that is written to it again and again."""
SILENCE_S: Final = 1.5
"""Longer than three unanswered questions with their drained line (0.4 s each): not one lost frame, but a lost link."""
FIRST_RETRY_S: Final = 0.1
LAST_RETRY_S: Final = 1.0
WRONG_RETRY_S: Final = 5.0
"""Another controller does not become the right one by itself: somebody changes it."""
DARKEN_S: Final = 1.0
"""Longer than a question under way and this one take (0.4 s each on a silent line)."""
EMPTY_G: Final = 2
"""What an empty scale may show."""
ANSWER_EVERY_S: Final = 0.25
"""However long the thread waits, so often it says that it lives."""


@dataclass(frozen=True, slots=True)
class _Pending:
    command: Command
    write_at: float
    rested_s: float = 0.0


class Intake:
    """One controller on one line, turned by whoever owns the time: ``turn`` is due at ``next_at`` (seconds of the clock's monotonic)."""

    def __init__(self, line: Line, clock: Clock, beat: Callable[[], int]) -> None:
        self._line = line
        self._clock = clock
        self._beat = beat
        self._tracker: following.Tracker | None = None
        self._answered_at = clock.monotonic()
        self._pending: _Pending | None = None
        self._newest = 0
        self._asked = False
        self._hand = False
        self._in_visit = False
        self._retry_s = FIRST_RETRY_S
        self._told: LinkTrouble | None = None
        self.next_at = clock.monotonic()

    def send(self, command: Command) -> list[IntakeEvent]:
        """Takes a command over; it replaces the one before, which is never written again, so a Return fences all that was sent earlier.

        One with a lower sequence than the last is not written: CommandUnanswered. Without a link it is dropped: LinkLost was told.
        """
        if command.sequence < self._newest:
            return [CommandUnanswered(command.sequence, Answer.STALE)]
        self._newest = command.sequence
        if self._tracker is not None:
            self._pending = _Pending(command, self._clock.monotonic())
            self.next_at = self._clock.monotonic()
        return []

    def ask(self) -> None:
        """The next answer at rest is told as Rested. Without a link nothing is kept: LinkBack comes first and says the same."""
        if self._tracker is not None:
            self._asked = True
            self.next_at = self._clock.monotonic()

    def set_pace(self, in_visit: bool) -> None:
        self._in_visit = in_visit

    @property
    def linked(self) -> bool:
        """Whether the controller was found and has not been lost since."""
        return self._tracker is not None

    @property
    def chamber_is_empty(self) -> bool:
        """Whether the last answer says so: at rest, nothing that weighs, and nothing in the gate or before a beam."""
        tracker = self._tracker
        if tracker is None:
            return False
        hot = tracker.last
        obstructed = hot.occupied or hot.entry_beam or hot.drop_beam or hot.hand or hot.door_open
        return hot.at_rest and not obstructed and hot.weight_g <= EMPTY_G

    def let_go(self) -> None:
        """Closes the line. Nothing that waits is kept; the next turn looks for the controller, as after a loss."""
        self._line.close()
        self._tracker = None
        self._pending = None
        self._asked = self._hand = False
        self._retry_s = FIRST_RETRY_S
        self._told = None
        self.next_at = self._clock.monotonic()

    def turn(self) -> list[IntakeEvent]:
        """One poll, or one attempt to find the controller."""
        began = self._clock.monotonic()
        events = self._connect() if self._tracker is None else self._poll(self._tracker)
        if self._tracker is None:
            self.next_at = self._clock.monotonic() + self._retry_s
        else:
            self.next_at = began + self._poll_s(self._tracker.last)
        return events

    def _poll_s(self, last: HotBlock) -> float:
        hurried = self._in_visit or self._pending is not None or not last.at_rest
        return VISIT_POLL_S if hurried else IDLE_POLL_S

    def _connect(self) -> list[IntakeEvent]:
        try:
            self._line.open()
            identity = self._line.identity()
            hot = self._line.read(self._beat() & registers.U16)
        except WrongController as error:
            self._line.close()
            self._retry_s = WRONG_RETRY_S
            known, self._told = self._told, link_trouble(error)
            return [] if known == self._told else [LinkLost(self._told)]
        except BusError as error:
            self._line.close()
            self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)
            known, self._told = self._told, self._told or link_trouble(error)
            return [] if known else [LinkLost(self._told)]
        self._tracker = following.begin(hot)
        self._answered_at = self._clock.monotonic()
        self._told = None
        return [LinkBack(identity, hot)]

    def _poll(self, tracker: following.Tracker) -> list[IntakeEvent]:
        try:
            self._write_if_due(tracker.last)
            hot = self._line.read(self._beat() & registers.U16)
        except NoAnswer as error:
            silent_s = self._clock.monotonic() - self._answered_at
            return [] if silent_s < SILENCE_S else self._lose(error)
        except BusError as error:
            return self._lose(error)
        now = self._clock.monotonic()
        between_s, self._answered_at = now - self._answered_at, now
        self._tracker, derived = following.advance(tracker, hot)
        events = list(derived)
        if any(isinstance(event, Restarted) for event in events):
            self._pending = None
            self._hand = False
            return events
        events += self._look_for_hand(hot)
        if self._asked and hot.at_rest:
            self._asked = False
            if not any(isinstance(event, Rested) for event in events):
                events.append(Rested(hot))
        return events + self._wait_for_taken(hot, between_s if tracker.last.ready and hot.ready else 0.0)

    def _look_for_hand(self, hot: HotBlock) -> list[IntakeEvent]:
        """In the way of the gate that shuts, or of a command that waits until the open gate is free."""
        before = self._hand
        self._hand = hot.hand or (self._pending is not None and hot.at_rest and not hot.ready and hot.entry_beam)
        return [Hand(self._hand, hot)] if self._hand != before else []

    def _write_if_due(self, last: HotBlock) -> None:
        pending = self._pending
        if pending is None or not last.ready or self._clock.monotonic() < pending.write_at:
            return
        self._pending = replace(pending, write_at=self._clock.monotonic() + REPEAT_S)
        try:
            self._line.write(pending.command)
        except NoAnswer:
            # It may have arrived: *taken* in the next answer tells, and a repeat does no harm.
            return

    def _wait_for_taken(self, hot: HotBlock, rested_s: float) -> list[IntakeEvent]:
        pending = self._pending
        if pending is None:
            return []
        sequence = pending.command.sequence
        pending = replace(pending, rested_s=pending.rested_s + rested_s)
        if hot.taken == sequence:
            self._pending = None
        elif hot.taken > sequence or pending.rested_s >= PATIENCE_S:
            self._pending = None
            return [CommandUnanswered(sequence, _said_of(sequence, hot))]
        else:
            self._pending = pending
        return []

    def _lose(self, error: BusError) -> list[IntakeEvent]:
        self.let_go()
        self._told = link_trouble(error)
        return [LinkLost(self._told)]


def _said_of(sequence: SequenceNumber, hot: HotBlock) -> Answer:
    """What the controller says of a command that it has not taken: its last answer may be another command's."""
    if hot.taken > sequence:
        return Answer.STALE
    return Answer.NONE if hot.answer is Answer.TAKEN else hot.answer


@dataclass(frozen=True, slots=True)
class _Ask:
    pass


@dataclass(frozen=True, slots=True)
class _Pace:
    in_visit: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Darken:
    for_ms: int
    done: "Future[bool]"


@dataclass(frozen=True, slots=True)
class _Stop:
    pass


@dataclass(frozen=True, slots=True, eq=False)
class _Lend:
    line: BorrowedLine


@dataclass(frozen=True, slots=True, eq=False)
class _TakeBack:
    line: BorrowedLine


_Message = Command | _Ask | _Pace | _Darken | _Stop | _Lend | _TakeBack | Asked


def nobody_asks() -> None:
    """Where no service manager wants to hear whether the thread lives."""


class IntakeWorker(threading.Thread):
    """The serial worker: one inbox, one thread, events to ``post``. ``beat`` is read at each poll; its low 16 bits go to the controller.

    While the line is lent (``lend``) it polls nothing and drops commands; it asks what the borrower asks, and ends by BorrowerSilent if that falls silent.

    ``answer`` is called several times a second, also while the line is lent or no controller is found.

    A fault of the program itself (anything but a BusError) posts LinkLost and is raised again for ``threading.excepthook``: whoever puts
    the program together must end the process there, for a kiosk that does not hear its intake must not look alive.
    """

    def __init__(
        self,
        bus: ServiceLine,
        post: Callable[[IntakeEvent], None],
        clock: Clock,
        beat: Callable[[], int],
        answer: Callable[[], None] = nobody_asks,
    ) -> None:
        super().__init__(name="intake", daemon=True)
        self._answer_alive = answer
        self._bus = bus
        self._post = post
        self._clock = clock
        self._beat = beat
        self._intake = Intake(bus, clock, beat)
        self._inbox: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._lent: BorrowedLine | None = None
        self._silent_at = 0.0

    def send(self, command: Command) -> None:
        """See ``Intake.send``."""
        self._inbox.put(command)

    def ask(self) -> None:
        """See ``Intake.ask``."""
        self._inbox.put(_Ask())

    def set_pace(self, in_visit: bool) -> None:
        """50 Hz in a visit, 10 Hz while nobody is there; while something moves or a command waits always 50 Hz."""
        self._inbox.put(_Pace(in_visit))

    def darken(self, for_ms: int) -> bool:
        """The chamber's lamp off for so long. True once the controller has said that it is; False without a link, or while the line is lent."""
        done: Future[bool] = Future()
        self._inbox.put(_Darken(for_ms, done))
        try:
            return done.result(timeout=DARKEN_S)
        except TimeoutError:
            return False

    @property
    def chamber_is_empty(self) -> bool:
        """Whether the controller said so in its last answer: it rests, with nothing on its scale, in its gate or before its beams."""
        return self._intake.chamber_is_empty

    @contextmanager
    def lend(self) -> Iterator[BorrowedLine]:
        """The line in the caller's hands until the block ends, to one at a time: of two only the first is answered.

        It is closed at the beginning, and its end is told as LineReturned; then the controller is looked for anew.
        """
        line = BorrowedLine(self._inbox.put, self._beat)
        self._inbox.put(_Lend(line))
        try:
            yield line
        finally:
            self._inbox.put(_TakeBack(line))

    def stop(self) -> None:
        """Ends the thread after the question under way at the latest (0.4 s on a silent line); then ``join``."""
        self._inbox.put(_Stop())

    def run(self) -> None:
        try:
            while self._serve():
                pass
        except Exception as error:
            self._post(LinkLost(link_trouble(error)))
            raise
        finally:
            self._bus.close()
            self._refuse_what_waits()

    def _serve(self) -> bool:
        """One message, or one turn where none came in time. False to end."""
        self._answer_alive()
        due_at = self._intake.next_at if self._lent is None else self._silent_at
        due_s = max(0.0, due_at - self._clock.monotonic())
        try:
            message = self._inbox.get(timeout=min(due_s, ANSWER_EVERY_S))
        except queue.Empty:
            if due_s > ANSWER_EVERY_S:
                return True
            if self._lent is not None:
                raise BorrowerSilent(SILENT_S) from None
            self._tell(self._intake.turn())
            return True
        match message:
            case Command():
                self._tell(self._intake.send(message))
            case _Ask():
                self._intake.ask()
            case _Pace(in_visit):
                self._intake.set_pace(in_visit)
            case _Darken(for_ms, done):
                done.set_result(self._darken(for_ms))
            case _Lend(line):
                self._hand_over(line)
            case Asked():
                self._answer(message)
            case _TakeBack(line):
                self._take_back(line)
            case _Stop():
                return False
            case _:
                assert_never(message)
        return True

    def _darken(self, for_ms: int) -> bool:
        if self._lent is not None or not self._intake.linked:
            return False
        try:
            self._bus.darken(for_ms)
        except BusError:
            # the next poll tells whether that was one lost frame or the link
            return False
        return True

    def _hand_over(self, line: BorrowedLine) -> None:
        if self._lent is None:
            self._lent = line
            self._silent_at = self._clock.monotonic() + SILENT_S
            self._intake.let_go()

    def _answer(self, asked: Asked) -> None:
        """Asks what a borrower wants to know. What is no BusError is a fault of the program, the borrower's or the line's."""
        if asked.by is not self._lent:
            asked.answer.set_exception(LoanOver())
            return
        self._silent_at = self._clock.monotonic() + SILENT_S
        try:
            asked.answer.set_result(asked.question(self._bus))
        except Exception as error:
            asked.answer.set_exception(error)
            if not isinstance(error, BusError):
                raise

    def _take_back(self, line: BorrowedLine) -> None:
        line.end()
        if line is self._lent:
            self._lent = None
            self._tell([LineReturned()])

    def _refuse_what_waits(self) -> None:
        """Nobody is to wait for an answer of a thread that has ended."""
        if self._lent is not None:
            self._lent.end()
        while not self._inbox.empty():
            message = self._inbox.get()
            if isinstance(message, Asked):
                message.answer.set_exception(LoanOver())
            elif isinstance(message, _Darken):
                message.done.set_result(False)

    def _tell(self, events: list[IntakeEvent]) -> None:
        for event in events:
            self._post(event)
