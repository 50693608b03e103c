"""The controller's program put together on a board, and its loop. ``main.py`` on the board's flash is two lines: FLASHING.md."""

from firmware import registers
from firmware.board import Board
from firmware.calibration import Calibration
from firmware.controller import Controller
from firmware.rs485 import Rs485
from firmware.server import Server
from firmware.store import Store

try:
    from typing import Any
except ImportError:  # MicroPython has no typing, and evaluates no annotation
    pass

MEMORY, SET_TO = "/controller.bin", "/calibration.bin"

WATCHDOG_MS = 2000
"""A loop that stands still so long is started anew, with every output low. A write into the flash takes some tens of milliseconds."""


class RisingMs:
    """``ticks_ms`` wraps after twelve days; this does not. Asked at least that often."""

    def __init__(self, time: "Any") -> None:
        self._time = time
        self._last = time.ticks_ms()
        self._ms = 0

    def __call__(self) -> int:
        now = self._time.ticks_ms()
        self._ms += self._time.ticks_diff(now, self._last)
        self._last = now
        return self._ms


class Program:
    """``machine`` and ``time`` are MicroPython's. The watchdog runs from here on: nothing that may last stands behind it."""

    def __init__(self, machine: "Any", time: "Any", memory: str = MEMORY, set_to: str = SET_TO) -> None:
        clock_ms = RisingMs(time)
        self.board = Board(machine, time, clock_ms)
        self.controller = Controller(self.board, Store(memory), clock_ms, Calibration(set_to))
        self._line = Rs485(machine, time, Server(self.controller, identity(machine.unique_id()), clock_ms).feed)
        self._watchdog = machine.WDT(timeout=WATCHDOG_MS)

    def turn(self) -> None:
        """What the loop does, every few milliseconds."""
        self._line.turn()
        self.controller.tick()
        self._watchdog.feed()


def identity(unique: bytes) -> int:
    """The controller's 64 bits, of the chip's own; never those of a twin, nor none at all."""
    number = 0
    for byte in unique[:8]:
        number = (number << 8) | byte
    if number >> 32 == registers.TWIN_PREFIX:
        number ^= 1 << 63
    return number or 1


def run() -> None:
    """For ever. A memory that is broken raises StoreBroken, which the console of USB shows: it must be looked at, not started over."""
    import time

    import machine

    program = Program(machine, time)
    while True:
        program.turn()
