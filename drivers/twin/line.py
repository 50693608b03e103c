"""The twin's end of the serial line: a pseudo-terminal in raw mode, the firmware's server on it. What a bad line does: ``badline.py``.

A name that stays, ``STATE/intake``, points at the terminal of the twin that runs, by way of the twin's own process: the system
gives the number of a dead twin's terminal to the next one who asks, be it another twin or somebody's shell, and a link to the
number would lead there. When the twin dies a client sees the hang-up, and the name leads nowhere until the next twin.
"""

import os
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from drivers.twin.badline import BadLine, Reply

READ_BYTES = 4096


class Pty:
    """One pseudo-terminal. ``feed`` is the machine's; ``path`` is what ``link`` points at."""

    def __init__(self, feed: Callable[[bytes], bytes], clock_ms: Callable[[], int], link: Path, bad: BadLine) -> None:
        self._bad = bad
        self._feed = feed
        self._clock_ms = clock_ms
        self._late: list[tuple[int, Reply]] = []
        # the slave stays open here: it is what the link leads to, and without it a line without a client is never quiet
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        os.set_blocking(self._master, False)
        point(link, f"/proc/{os.getpid()}/fd/{self._slave}")

    def fileno(self) -> int:
        return self._master

    def serve(self) -> None:
        """Answers what the line brought, and sends what is late by now."""
        now = self._clock_ms()
        try:
            request = os.read(self._master, READ_BYTES)
        except BlockingIOError:
            request = b""
        if request:
            self._late += [(now + answer.late_ms, answer) for answer in self._bad.carry(request, self._feed)]
        due = [answer for due_at, answer in self._late if due_at <= now]
        self._late = [(due_at, answer) for due_at, answer in self._late if due_at > now]
        for answer in due:
            self._write(answer.data)

    def close(self) -> None:
        os.close(self._slave)
        os.close(self._master)

    def _write(self, answer: bytes) -> None:
        # A client that does not read fills the line's buffer: what goes beyond is lost, as on a wire.
        with suppress(BlockingIOError):
            os.write(self._master, answer)


def point(link: Path, target: str) -> None:
    """Replaces a link of a twin that is gone at once, so that there is no moment without one."""
    new = link.with_name(link.name + ".new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
