"""A ``Line`` joined to the machine in one process: the frames of the wire without a wire. Who owns the time lets it pass while it waits."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from config.clock import Clock
from drivers.intake.bus import Command, ControllerHealth, HotBlock, Identity, NoAnswer
from drivers.intake.modbus import READ_INPUT, READ_WRITE, WRITE_MANY, health_of, hot_block_of, identity_of, words_of
from drivers.twin.badline import BadLine, Reply
from drivers.twin.items import Item
from drivers.twin.machine import Machine
from drivers.twin.mechanics import Mechanics
from drivers.twin.people import Sight
from drivers.twin.printer import Pressing
from drivers.twin.truth import Truth
from firmware import registers
from firmware.server import crc16, framed
from firmware.store import Store

TIMEOUT_S = 0.2
"""As long as the serial line's: so long without an answer, and as long again until the line is silent."""

Carry = Callable[[bytes], list[Reply]]
"""What comes back for a request."""


class JoinedLine:
    """``wait`` lets so many seconds pass. What is late answers the next question, as on the wire, and its nonce is another one's."""

    def __init__(self, carry: Carry, clock: Clock, wait: Callable[[float], None]) -> None:
        self._carry = carry
        self._clock = clock
        self._wait = wait
        self._late: list[tuple[float, bytes]] = []
        self._nonce = 0

    def open(self) -> None:
        """Empties what waited in the line."""
        self._late.clear()

    def close(self) -> None:
        """There is nothing to close."""

    def identity(self) -> Identity:
        return identity_of(self._read_input(registers.IDENTITY_START, registers.IDENTITY_COUNT))

    def health(self) -> ControllerHealth:
        return health_of(self._read_input(registers.HEALTH_START, registers.HEALTH_COUNT))

    def light(self, percent: int) -> None:
        self._write(registers.BY_NAME["lamp_percent"].address, registers.pack("lamp_percent", percent))

    def darken(self, for_ms: int) -> None:
        self._write(registers.BY_NAME["dark_ms"].address, registers.pack("dark_ms", for_ms))

    def hold(self, sequence: int) -> None:
        self._write(registers.BY_NAME["hold"].address, registers.pack("hold", sequence & registers.U16))

    def read(self, beat: int) -> HotBlock:
        self._nonce = (self._nonce + 1) & registers.U16
        written = registers.pack("nonce_in", self._nonce) + registers.pack("beat", beat)
        head = _words([registers.HOT_START, registers.HOT_COUNT, registers.BEAT_START, len(written)])
        words = self._ask(READ_WRITE, head + bytes((2 * len(written),)) + _words(written), registers.HOT_COUNT)
        if words[0] != self._nonce:
            self._refuse(f"answer to question {words[0]}, asked was {self._nonce}")
        return hot_block_of(words)

    def write(self, command: Command) -> None:
        self._write(registers.COMMAND_START, words_of(command))

    def _read_input(self, start: int, count: int) -> list[int]:
        return self._ask(READ_INPUT, _words([start, count]), count)

    def _write(self, start: int, values: list[int]) -> None:
        head = _words([start, len(values)])
        self._ask(WRITE_MANY, head + bytes((2 * len(values),)) + _words(values), None)

    def _ask(self, function: int, body: bytes, count: int | None) -> list[int]:
        """The ``count`` words of the answer, or none of a write."""
        now = self._clock.monotonic()
        heard = b"".join(data for due_s, data in self._late if due_s <= now)
        self._late = [(due_s, data) for due_s, data in self._late if due_s > now]
        for answer in self._carry(framed(bytes((registers.UNIT, function)) + body)):
            if answer.late_ms < 1000 * TIMEOUT_S:
                heard += answer.data
            else:
                self._late.append((now + answer.late_ms / 1000, answer.data))
        length = 8 if count is None else 5 + 2 * count
        frame = heard[:length]
        if len(frame) < length or crc16(frame) != 0 or frame[:2] != bytes((registers.UNIT, function)):
            self._refuse(f"nothing right within {TIMEOUT_S} s")
        if count is None:
            return []
        if frame[2] != 2 * count:
            self._refuse(f"answer of {frame[2]} bytes, asked were {2 * count}")
        return [int.from_bytes(frame[at : at + 2], "big") for at in range(3, 3 + 2 * count, 2)]

    def _refuse(self, detail: str) -> NoReturn:
        """Waits until the line is silent: what came late meanwhile is gone."""
        self._wait(2 * TIMEOUT_S)
        now = self._clock.monotonic()
        self._late = [(due_s, data) for due_s, data in self._late if due_s > now]
        raise NoAnswer(detail)


def _words(values: list[int]) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)


class JoinedTwin:
    """A twin on the files of a state folder, and its line, for one process on one clock. ``wait`` is called while the line waits.

    Raises what a twin's start raises. ``metal.jsonl``, ``controller.bin`` and the scenario mean what they mean to a twin of its own process.
    """

    def __init__(
        self,
        folder: Path,
        *,
        mechanics: Mechanics,
        clock: Clock,
        clock_ms: Callable[[], int],
        items: dict[str, Item],
        sight: Sight,
        seed: int,
        wait: Callable[[float], None],
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        bad = BadLine(seed)
        self.controller_id = (registers.TWIN_PREFIX << 32) | (seed & registers.U32)
        self._truth = Truth(folder / "metal.jsonl")
        self.machine = Machine(
            mechanics=mechanics,
            clock_ms=clock_ms,
            store=Store(str(folder / "controller.bin")),
            truth=self._truth,
            items=items,
            sight=sight,
            break_line=bad.act,
            printer=Pressing(folder / "tickets").act,
            controller_id=self.controller_id,
        )
        self.line = JoinedLine(lambda request: bad.carry(request, self._feed), clock, wait)

    @property
    def totaliser(self) -> int:
        """What the controller has counted."""
        return self.machine.controller.record.totaliser

    def close(self) -> None:
        self._truth.close()

    def _feed(self, request: bytes) -> bytes:
        self.machine.tick()
        return self.machine.feed(request)
