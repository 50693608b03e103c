"""The twin's printer on its pseudo-terminal, served by a thread of the test, and pictures as it has printed them."""

import select
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from config.clock import Clock
from drivers.printer import line
from drivers.printer.printer import EscPos
from drivers.printer.raster import Bitmap
from drivers.twin.actions import PrinterDeed
from drivers.twin.printer import PrinterPty
from timing import wait_until


class PaperEnd:
    """Serves until the context is left. ``does`` acts on the printer as a person does, between two bytes."""

    def __init__(self, folder: Path, *deeds: PrinterDeed) -> None:
        self.folder = folder
        self._pty = PrinterPty(folder)
        self._deeds: list[PrinterDeed] = list(deeds)
        self._over = False
        self._thread = threading.Thread(target=self._serve, name="paper end")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over = True
        self._thread.join()
        self._pty.close()

    def does(self, *deeds: PrinterDeed) -> None:
        self._deeds += deeds
        wait_until(lambda: not self._deeds)

    def printer(self, clock: Clock) -> EscPos:
        return EscPos(lambda: line.serial(str(self.folder / "printer"), 19200, clock), clock)

    def tickets(self) -> Sequence[Bitmap]:
        """What was printed and cut, the oldest first."""
        return [read_pbm(path) for path in sorted((self.folder / "tickets").glob("*[0-9].pbm"))]

    def torn(self) -> Sequence[Bitmap]:
        return [read_pbm(path) for path in sorted((self.folder / "tickets").glob("*-torn.pbm"))]

    def _serve(self) -> None:
        while not self._over:
            while self._deeds:
                self._pty.act(self._deeds[0])
                self._deeds.pop(0)
            descriptor = self._pty.descriptor
            if descriptor is None:
                select.select([], [], [], 0.005)
            elif select.select([descriptor], [], [], 0.005)[0]:
                self._pty.serve()


def read_pbm(path: Path) -> Bitmap:
    _, size, rows = path.read_bytes().split(b"\n", 2)
    width, height = (int(number) for number in size.split())
    return Bitmap(width, height, rows)
