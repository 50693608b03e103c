"""Asks a printer how it is, and prints a picture. Each call opens the line and closes it: between two tickets a printer may be switched off, or another
one plugged in, and nobody is to notice. What stands on a ticket, and whether it may be printed, is decided elsewhere.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

from config.clock import Clock
from drivers.printer import raster
from drivers.printer.line import LineTimeout, OpenLine, PrinterLine
from drivers.printer.raster import Bitmap
from drivers.printer.state import (
    CAUSE,
    PRINTER,
    SENSORS,
    NotUnderstood,
    Paper,
    PrinterFault,
    PrinterState,
    PrinterTrouble,
    is_done,
    is_status,
    state_of,
)

ANSWERS_S = 1.0
"""DLE EOT is answered at once, on Epson's within 100 ms; over a network a second is long."""

TAKES_S = 5.0
"""A printer at work takes bytes all the time; one without paper takes none until somebody comes."""

PRINTS_S = 15.0
"""From the last byte to the cut: a ticket of 20 cm takes 2 s at 100 mm/s, and what is kept in a buffer no more."""

LOOK_EVERY_S = 0.5
"""How often it is asked meanwhile whether something is wrong."""

Answer = TypeVar("Answer")


class Printer(Protocol):
    def state(self) -> PrinterState:
        """How it is now. Never raises."""
        ...

    def print_picture(self, bitmap: Bitmap) -> PrinterTrouble | None:
        """Returns once it was printed and cut, or with what was in the way: then any part of it may be on paper, or nothing."""
        ...


@dataclass(frozen=True, slots=True)
class EscPos:
    """``open_line`` is one of ``line.py``'s."""

    open_line: OpenLine
    clock: Clock

    def state(self) -> PrinterState:
        return self._on_the_line(self._state, _unknown)

    def print_picture(self, bitmap: Bitmap) -> PrinterTrouble | None:
        return self._on_the_line(lambda line: self._print(line, bitmap), _in_the_way)

    def _on_the_line(self, does: Callable[[PrinterLine], Answer], told: Callable[[PrinterTrouble], Answer]) -> Answer:
        try:
            line = self.open_line()
        except OSError as error:
            return told(PrinterTrouble(PrinterFault.UNREACHABLE, _said(error)))
        try:
            return does(line)
        except LineTimeout:
            return told(PrinterTrouble(PrinterFault.SILENT))
        except NotUnderstood as error:
            return told(PrinterTrouble(PrinterFault.GARBLED, str(error)))
        except OSError as error:
            return told(PrinterTrouble(PrinterFault.UNPLUGGED, _said(error)))
        finally:
            line.close()

    def _state(self, line: PrinterLine) -> PrinterState:
        line.drain()
        return state_of(*(self._asked(line, n) for n in (PRINTER, CAUSE, SENSORS)))

    def _asked(self, line: PrinterLine, n: int) -> int:
        """What it answers; what comes before is the end of another answer, or noise. Raises NotUnderstood where there is nothing else."""
        line.write(raster.ask(n), ANSWERS_S)
        due_s, noise = self.clock.monotonic() + ANSWERS_S, None
        while True:
            try:
                byte = line.read(max(0.0, due_s - self.clock.monotonic()))
            except LineTimeout:
                if noise is None:
                    raise
                raise NotUnderstood(noise) from None
            if is_status(byte):
                return byte
            noise = byte

    def _print(self, line: PrinterLine, bitmap: Bitmap) -> PrinterTrouble | None:
        """Without paper nothing is begun: a printer would keep what it is sent, and print it for whoever puts the next roll in."""
        before = self._state(line)
        if before.trouble is not None:
            return before.trouble
        trouble = self._sent(line, bitmap)
        if trouble is not None:
            # what is left in its memory would come out for whoever puts the next roll in
            with suppress(OSError, LineTimeout):
                line.write(raster.FORGET, ANSWERS_S)
                # heard, or at least on its way, before the line is closed
                line.read(ANSWERS_S)
        return trouble

    def _sent(self, line: PrinterLine, bitmap: Bitmap) -> PrinterTrouble | None:
        for band in raster.bands(bitmap):
            try:
                line.write(band, TAKES_S)
            except LineTimeout:
                # it takes nothing: its own word says why, if it still has one
                return self._state(line).trouble or PrinterTrouble(PrinterFault.SILENT)
        line.write(raster.ASK_DONE, TAKES_S)
        return self._ended(line)

    def _ended(self, line: PrinterLine) -> PrinterTrouble | None:
        due_s = self.clock.monotonic() + PRINTS_S
        asked: list[int] = []
        while self.clock.monotonic() < due_s:
            try:
                byte = line.read(LOOK_EVERY_S)
            except LineTimeout:
                asked = []
                for n in (PRINTER, CAUSE, SENSORS):
                    line.write(raster.ask(n), ANSWERS_S)
                continue
            if is_done(byte):
                return None
            if not is_status(byte):
                raise NotUnderstood(byte)
            asked.append(byte)
            if len(asked) == len((PRINTER, CAUSE, SENSORS)):
                trouble = state_of(*asked).trouble
                # offline without a reason is what some are while they print
                if trouble is not None and trouble.fault is not PrinterFault.OFFLINE:
                    return trouble
                asked = []
        return PrinterTrouble(PrinterFault.SILENT)


def _unknown(trouble: PrinterTrouble) -> PrinterState:
    return PrinterState(Paper.UNKNOWN, trouble)


def _in_the_way(trouble: PrinterTrouble) -> PrinterTrouble | None:
    return trouble


def _said(error: OSError) -> str:
    return error.strerror or str(error)
