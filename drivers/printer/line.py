"""The line to a printer: a file descriptor that is written and read within a time. USB by the kernel's own usblp, a serial port, or TCP.

All waits are short looks at the descriptor and end by the clock that is passed in.
"""

import os
import select
import socket
import termios
import tty
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from config.clock import Clock

LOOK_S = 0.05
"""So long at most the system is waited in before the clock is looked at again."""

RATES = {9600: termios.B9600, 19200: termios.B19200, 38400: termios.B38400, 57600: termios.B57600, 115200: termios.B115200}

READ_BYTES = 256


class LineTimeout(Exception):
    """Nothing was taken, or nothing came, in time."""


class PrinterLine(Protocol):
    def write(self, data: bytes, within_s: float) -> None:
        """Until all is taken. Raises LineTimeout when nothing of it is for ``within_s``, OSError."""
        ...

    def read(self, within_s: float) -> int:
        """The next byte. Raises LineTimeout, OSError."""
        ...

    def drain(self) -> None:
        """Forgets what has come. Raises OSError."""
        ...

    def close(self) -> None: ...


OpenLine = Callable[[], PrinterLine]
"""Raises OSError."""


class DescriptorLine:
    """Owns ``descriptor``, which must not block. ``ends_empty``: an empty read says that the other end has gone; usblp's says that nothing came."""

    def __init__(self, descriptor: int, clock: Clock, *, ends_empty: bool = True) -> None:
        self._descriptor = descriptor
        self._clock = clock
        self._ends_empty = ends_empty
        self._heard = bytearray()

    def write(self, data: bytes, within_s: float) -> None:
        left = memoryview(data)
        due = self._clock.monotonic() + within_s
        while left:
            self._await(select.POLLOUT, due)
            with suppress(BlockingIOError):
                left = left[os.write(self._descriptor, left) :]
                # a slow printer takes its bytes as it prints: what counts is that it goes on
                due = self._clock.monotonic() + within_s

    def read(self, within_s: float) -> int:
        due = self._clock.monotonic() + within_s
        while not self._heard:
            self._await(select.POLLIN, due)
            self._hear()
        return self._heard.pop(0)

    def drain(self) -> None:
        while self._ready(select.POLLIN, 0.0) and self._hear():
            pass
        self._heard.clear()

    def close(self) -> None:
        """What a printer does not take is given up: the kernel would wait for it for half a minute."""
        with suppress(termios.error):
            termios.tcflush(self._descriptor, termios.TCOFLUSH)
        with suppress(OSError):
            os.close(self._descriptor)

    def _hear(self) -> bool:
        try:
            heard = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return False
        if not heard and self._ends_empty:
            raise OSError("the printer has hung up")
        self._heard += heard
        return bool(heard)

    def _await(self, what: int, due_s: float) -> None:
        while not self._ready(what, min(LOOK_S, max(0.0, due_s - self._clock.monotonic()))):
            if self._clock.monotonic() >= due_s:
                raise LineTimeout

    def _ready(self, what: int, within_s: float) -> bool:
        poll = select.poll()
        poll.register(self._descriptor, what)
        found = poll.poll(1000 * within_s)
        if found and found[0][1] & (select.POLLHUP | select.POLLERR | select.POLLNVAL) and not found[0][1] & what:
            raise OSError("the printer is not there any more")
        return bool(found)


def usb(path: str, clock: Clock) -> PrinterLine:
    """A printer at the kernel's usblp, as /dev/usb/lp0."""
    return DescriptorLine(os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), clock, ends_empty=False)


def serial(path: str, baud: int, clock: Clock) -> PrinterLine:
    """8N1, held back by CTS where the wire has it: a printer without paper takes nothing."""
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        tty.setraw(descriptor, termios.TCSANOW)
        mode = termios.tcgetattr(descriptor)
        mode[2] = termios.CS8 | termios.CREAD | termios.CLOCAL | termios.CRTSCTS
        mode[4] = mode[5] = RATES[baud]
        termios.tcsetattr(descriptor, termios.TCSANOW, mode)
    except termios.error as error:
        os.close(descriptor)
        raise OSError(f"{path} is no serial port: {error.args[-1]}") from error
    return DescriptorLine(descriptor, clock)


CONNECT_S = 3.0


def network(host: str, port: int, clock: Clock) -> PrinterLine:
    """TCP to port 9100, as nearly all network printers have it."""
    with socket.create_connection((host, port), timeout=CONNECT_S) as connection:
        connection.setblocking(False)
        return DescriptorLine(connection.detach(), clock)
