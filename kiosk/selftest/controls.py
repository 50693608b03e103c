"""The controller as the self-test handles it: a question that survives a lost frame, a command that is taken or refused, a Clear.

Each read takes the next beat. What is measured and judged stands in the steps; frames live in ``drivers/intake/modbus.py``.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from config.clock import Clock
from config.vocabulary import SequenceNumber
from drivers.intake.bus import (
    LAST_SEQUENCE,
    Actuator,
    Answer,
    Calibration,
    Command,
    CommandCode,
    ControllerHealth,
    ControllerState,
    Felt,
    HotBlock,
    Identity,
    NoAnswer,
    ServiceLine,
)

POLL_S = 0.02
"""As in a visit: the controller looks at its sensors more often than that."""

SILENCE_S = 1.5
"""As the kiosk's own driver takes it: not one lost frame, but a lost link."""

TAKEN_S = 2.0
"""How long a command may be refused or lost, written again every ``REPEAT_S``."""

REPEAT_S = 0.1

REST_S = 15.0
"""Longer than anything the controller does by itself, but for the 30 s in which an item may be taken back."""

BEAT_MASK = 0xFFFF

Answered = TypeVar("Answered")


class Refused(Exception):
    """The controller did not take a command; ``answer`` is what it said of it last, ``hot`` how it stood."""

    def __init__(self, code: CommandCode, answer: Answer, hot: HotBlock) -> None:
        super().__init__(f"{code.name}: {answer.name}")
        self.code = code
        self.answer = answer
        self.hot = hot


class NotAtRest(Exception):
    """The controller goes on moving, or trying to."""

    def __init__(self, hot: HotBlock) -> None:
        super().__init__(hot.state.name)
        self.hot = hot


@dataclass(frozen=True, slots=True)
class Moment:
    """One look while something moves: seconds since its command was taken, the current of the drives."""

    at_s: float
    motor_ma: int


class Controls:
    """One line, used by one thread. ``pause`` waits so many seconds; ``beat`` is another number at each look, or as often as a runner lives."""

    def __init__(self, line: ServiceLine, clock: Clock, pause: Callable[[float], None], beat: Callable[[], int]) -> None:
        self._line = line
        self._clock = clock
        self._pause = pause
        self._next_beat = beat
        self._beat = 0
        self.identity: Identity | None = None
        """Who answered; None while nobody did."""

    def open(self) -> None:
        """Opens the port alone. Raises PortGone, and PortTaken where another program has it."""
        self._line.open()

    @property
    def echoes(self) -> bool:
        """Whether the adapter gives back what is asked."""
        return self._line.echoes

    def identify(self) -> Identity:
        """Raises WrongController, else BusError."""
        self.identity = self._insist(self._line.identity)
        return self.identity

    def close(self) -> None:
        self._line.close()
        self.identity = None

    def ask_once(self) -> HotBlock:
        """One question, not repeated. Raises BusError."""
        self._beat = self._next_beat() & BEAT_MASK
        return self._line.read(self._beat)

    def hold_beat(self) -> HotBlock:
        """A look that leaves the beat as it was, a moment later."""
        self._pause(POLL_S)
        return self._insist(lambda: self._line.read(self._beat))

    def read(self) -> HotBlock:
        return self._insist(self.ask_once)

    def keep(self) -> None:
        """Only the beat."""
        if self.identity is not None:
            self.read()

    def health(self) -> ControllerHealth:
        return self._insist(self._line.health)

    def felt(self) -> Felt:
        return self._insist(self._line.felt)

    def calibrate(self, calibration: Calibration) -> None:
        """Set once or twice, it is set. A controller that refuses, or cannot keep it, raises NoAnswer."""
        self._insist(lambda: self._line.calibrate(calibration))

    def light(self, percent: int) -> None:
        self._insist(lambda: self._line.light(percent))

    def wait(self, until: Callable[[HotBlock], bool], timeout_s: float) -> HotBlock:
        """The first look of which ``until`` is true, or the last in this time."""
        due_s = self._clock.monotonic() + timeout_s
        while not until(hot := self.read()) and self._clock.monotonic() < due_s:
            self._pause(POLL_S)
        return hot

    def rest(self, timeout_s: float = REST_S) -> HotBlock:
        """Waits for the controller to stand still. Raises NotAtRest."""
        hot = self.wait(lambda seen: seen.at_rest, timeout_s)
        if not hot.at_rest:
            raise NotAtRest(hot)
        return hot

    def order(self, code: CommandCode, part: Actuator | None = None) -> None:
        """Has a command taken, under the next sequence. Raises Refused."""
        hot = self.rest()
        if hot.taken >= LAST_SEQUENCE:
            raise Refused(code, Answer.STALE, hot)
        command = Command(code, SequenceNumber(hot.taken + 1), part=part)
        due_s = self._clock.monotonic() + TAKEN_S
        while True:
            # one that is not answered may have arrived: *taken* tells, and a repeat does no harm
            with contextlib.suppress(NoAnswer):
                self._line.write(command)
            hot = self.read()
            if hot.taken == command.sequence:
                return
            if self._clock.monotonic() >= due_s:
                raise Refused(code, hot.answer, hot)
            self._pause(REPEAT_S)

    def carry_out(self, code: CommandCode, part: Actuator | None = None, timeout_s: float = REST_S) -> HotBlock:
        """Has a command taken, and waits for its end."""
        self.order(code, part)
        return self.rest(timeout_s)

    def trial(self, part: Actuator) -> tuple[ControllerHealth, tuple[Moment, ...]]:
        """Tests a part: the figures of its Test, and the current as it was seen on the way. Raises Refused, NotAtRest."""
        self.order(CommandCode.TEST, part)
        began_s = self._clock.monotonic()
        moments: list[Moment] = []
        while self.read().state is ControllerState.TESTING:
            moments.append(Moment(self._clock.monotonic() - began_s, self.health().motor_ma))
            if moments[-1].at_s > REST_S:
                raise NotAtRest(self.read())
            self._pause(POLL_S)
        self.rest()
        return self.health(), tuple(moments)

    def clear(self) -> HotBlock:
        """Sends a Clear if something is latched, and waits for its end. What still fails latches again. Raises Refused."""
        hot = self.rest()
        if not needs_clear(hot):
            return hot
        return self.carry_out(CommandCode.CLEAR)

    def _insist(self, ask: Callable[[], Answered]) -> Answered:
        """Asks again after a lost or spoilt answer. Raises NoAnswer after ``SILENCE_S``, PortGone at once."""
        due_s = self._clock.monotonic() + SILENCE_S
        while True:
            try:
                return ask()
            except NoAnswer:
                if self._clock.monotonic() >= due_s:
                    raise


def needs_clear(hot: HotBlock) -> bool:
    """Whether only a Clear lets the controller go on."""
    return hot.state is ControllerState.FAILED or hot.fault.latched
