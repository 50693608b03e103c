"""Driver and controller joined in one process on a clock that a test turns: real frames, server, controller and store; port and metal in memory.

What becomes of each frame is told beforehand in ``fates``; power may be cut at a durable write, and the port pulled.
"""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import serial

from drivers.intake.bus import HotBlock, PortGone
from drivers.intake.modbus import ModbusBus
from firmware import registers
from firmware.controller import Controller
from firmware.server import Server
from firmware.store import Record, Store
from timing import FakeClock
from wires.travelling_metal import TravellingMetal

TICK_MS = 5
ON_THE_LINE_MS = 3
"""Each way of a question, in round figures."""
WRITE_MANY, READ_WRITE = 16, 23
FATES = ("lost", "answer lost", "doubled", "late", "answer late", "answer kept", "garbled", "answer garbled")
Snapshot = tuple[int, ...]


class PowerCut(Exception):
    pass


class FusedStore(Store):
    """Its power may be cut before or after the next durable write, and it keeps the book of what was taken."""

    def __init__(self, path: str, fuse: list[str], taken: list[int]) -> None:
        super().__init__(path)
        self._fuse = fuse
        self._taken = taken

    def save(self, record: Record) -> None:
        cut = self._fuse.pop() if self._fuse else "never"
        if cut == "before":
            raise PowerCut
        if record.taken != self.record.taken:
            self._taken.append(record.taken)
        super().save(record)
        if cut == "after":
            raise PowerCut


class World:
    """Metal and memory that last, the controller's lives on them, and the line with what is still under way on it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.metal = TravellingMetal(self.milliseconds)
        self.fuse: list[str] = []
        self.taken: list[int] = []
        self.fates: list[str] = []
        self.fates_of_commands: list[str] = []
        self.written: list[int] = []
        self.shown: dict[int, list[Snapshot]] = {}
        self.plugged = True
        self.driver_lives = 0
        self.to_driver = b""
        self.controller: Controller | None = None
        self._server: Server | None = None
        self._memory = str(folder / "controller.bin")
        self._under_way: list[tuple[int, str, bytes]] = []
        self._kept = b""

    def milliseconds(self) -> int:
        return round(self.clock.monotonic() * 1000)

    def power_up(self) -> None:
        with_fuse = FusedStore(self._memory, self.fuse, self.taken)
        self._or_die(lambda: self._begin(with_fuse))

    def cut_power(self) -> None:
        self.controller = self._server = None

    def pass_ms(self, span_ms: int) -> None:
        until = self.milliseconds() + span_ms
        while (left := until - self.milliseconds()) > 0:
            self.clock.advance(min(TICK_MS, left) / 1000)
            while self._under_way and self._under_way[0][0] <= self.milliseconds():
                _, to, frame = self._under_way.pop(0)
                if to == "driver":
                    self.to_driver += frame
                else:
                    self.to_driver += self._serve(frame)
            if self.controller is not None:
                self._or_die(self.controller.tick)

    def carry(self, frame: bytes) -> None:
        """One question on its way, and what comes back."""
        is_command = frame[1] == WRITE_MANY
        if is_command:
            self.written.append(int.from_bytes(frame[11:15]))
        fates = self.fates_of_commands if is_command and self.fates_of_commands else self.fates
        fate = fates.pop() if fates else "right"
        if fate == "late":
            self._later("controller", frame)
        if fate in ("lost", "late"):
            return
        answer = self._serve(garbled(frame) if fate == "garbled" else frame)
        if fate == "doubled":
            answer += self._serve(frame)
        kept, self._kept = self._kept, b""
        self.to_driver += kept
        if fate == "answer late":
            self._later("driver", answer)
        elif fate == "answer kept":
            self._kept = answer
        elif fate == "answer garbled":
            self.to_driver += garbled(answer)
        elif fate != "answer lost":
            self.to_driver += answer

    def _note_what_is_shown(self, question: bytes) -> None:
        """What a right answer to this question shows, by its nonce: of one that came twice, either."""
        if self.controller is None or question[1] != READ_WRITE:
            return
        record, sensors = self.controller.record, self.controller.sensors
        numbers = record.boots, record.taken, record.sorted, record.counted, record.back, record.totaliser
        snapshot = self.controller.state, sensors.occupied, sensors.gate_shut, sensors.gate_open, *numbers
        self.shown.setdefault(int.from_bytes(question[11:13]), []).append(snapshot)

    def _later(self, to: str, frame: bytes) -> None:
        """Half a time-out to five seconds late, drawn from the frame itself so that a history repeats."""
        self._under_way.append((self.milliseconds() + 100 + sum(frame) * 37 % 5000, to, frame))
        self._under_way.sort()

    def _serve(self, frame: bytes) -> bytes:
        answer = b""
        if self._server is not None:
            server = self._server

            def feed() -> None:
                nonlocal answer
                answer = server.feed(frame)

            self._or_die(feed)
            self._note_what_is_shown(frame)
        return answer

    def _begin(self, store: FusedStore) -> None:
        self.controller = Controller(self.metal, store, self.milliseconds)
        self._server = Server(self.controller, 0x5457494E00000001, self.milliseconds)

    def _or_die(self, act: Callable[[], None]) -> None:
        try:
            act()
        except PowerCut:
            self.cut_power()


def garbled(frame: bytes) -> bytes:
    middle = len(frame) // 2
    return frame[:middle] + bytes((frame[middle] ^ 0x10,)) + frame[middle + 1 :] if frame else frame


class MemoryPort:
    """The side of a serial port that pymodbus uses; waiting for bytes is what passes the time."""

    name = "memory"

    def __init__(self, world: World, timeout_s: float) -> None:
        self._world = world
        self._timeout_ms = round(timeout_s * 1000)

    @property
    def in_waiting(self) -> int:
        self._look()
        return len(self._world.to_driver)

    def write(self, data: bytes) -> int:
        self._look()
        self._world.pass_ms(ON_THE_LINE_MS)
        self._world.carry(data)
        return len(data)

    def read(self, size: int) -> bytes:
        self._look()
        world, until = self._world, self._world.milliseconds() + self._timeout_ms
        world.pass_ms(ON_THE_LINE_MS)
        while len(world.to_driver) < size and world.milliseconds() < until:
            world.pass_ms(TICK_MS)
        found, world.to_driver = world.to_driver[:size], world.to_driver[size:]
        return found

    def reset_input_buffer(self) -> None:
        self._world.to_driver = b""

    def close(self) -> None:
        pass

    def _look(self) -> None:
        if not self._world.plugged:
            raise serial.SerialException("device disconnected")


class MemoryBus(ModbusBus):
    """``ModbusBus`` on the world's line. ``seen`` holds the hot blocks that it gave, each with its question's nonce."""

    def __init__(self, world: World) -> None:
        super().__init__(Path("memory"))
        self._world = world
        world.driver_lives += 1
        self._nonce = 10_000 * world.driver_lives & registers.U16
        self.seen: list[HotBlock] = []
        self.nonces: list[int] = []

    def _open_port(self) -> serial.Serial:
        if not self._world.plugged:
            raise PortGone("memory", "no such port")
        return cast(serial.Serial, MemoryPort(self._world, self._timeout_s))

    def read(self, beat: int) -> HotBlock:
        hot = super().read(beat)
        self.seen.append(hot)
        self.nonces.append(self._nonce)
        return hot
