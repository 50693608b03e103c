"""The twin's end of the serial line: a pseudo-terminal in raw mode, the firmware's server on it, and what a bad line does.

A name that stays, ``STATE/intake``, points at the terminal of the twin that runs. No end of the client's is kept open: a
client sees the hang-up when the twin dies, and the twin sees when nobody is there.
"""

import errno
import os
import select
import tty
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from drivers.twin.scenario import Fault, LineFault

READ_BYTES = 4096
GARBLED_BIT = 0x10


@dataclass(slots=True)
class BadLine:
    """How many of the next frames each fault meets. A request is what one read of the line brings."""

    left: dict[Fault, int] = field(default_factory=lambda: dict.fromkeys(Fault, 0))
    late_ms: int = 0

    def add(self, fault: LineFault) -> None:
        self.left[fault.fault] += fault.frames
        if fault.fault is Fault.LATE:
            self.late_ms = fault.late_ms

    def meets(self, fault: Fault) -> bool:
        """Uses one up."""
        met = self.left[fault] > 0
        self.left[fault] -= met
        return met

    def carry(self, request: bytes, feed: Callable[[bytes], bytes]) -> list[tuple[int, bytes]]:
        """What comes back for a request, each with the milliseconds that it is late."""
        if self.meets(Fault.LOSE):
            return []
        answers = [feed(request)]
        if self.meets(Fault.DOUBLE):
            answers.append(feed(request))
        return [self._back(answer) for answer in answers if answer]

    def _back(self, answer: bytes) -> tuple[int, bytes]:
        if self.meets(Fault.GARBLE):
            middle = len(answer) // 2
            answer = answer[:middle] + bytes((answer[middle] ^ GARBLED_BIT,)) + answer[middle + 1 :]
        return self.late_ms if self.meets(Fault.LATE) else 0, answer


class Line:
    """One pseudo-terminal. ``feed`` is the server's; ``path`` is what ``link`` points at."""

    def __init__(self, feed: Callable[[bytes], bytes], clock_ms: Callable[[], int], link: Path) -> None:
        self.bad = BadLine()
        self._feed = feed
        self._clock_ms = clock_ms
        self._late: list[tuple[int, bytes]] = []
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(self._master, False)
        self._hang_up = select.poll()
        self._hang_up.register(self._master, select.POLLIN)
        _point(link, self.path)

    @property
    def attended(self) -> bool:
        """Whether a client has the line open or left something unread; else waiting for the line returns at once, for ever."""
        return not any(events == select.POLLHUP for _, events in self._hang_up.poll(0))

    def fileno(self) -> int:
        return self._master

    def serve(self) -> None:
        """Answers what the line brought, and sends what is late by now. What nobody is there to read is lost, as on a wire."""
        if not self.attended:
            self._late.clear()
            return
        now = self._clock_ms()
        request = self._read()
        if request:
            self._late += [(now + late_ms, answer) for late_ms, answer in self.bad.carry(request, self._feed)]
        due = [answer for due_at, answer in self._late if due_at <= now]
        self._late = [(due_at, answer) for due_at, answer in self._late if due_at > now]
        for answer in due:
            self._write(answer)

    def close(self) -> None:
        os.close(self._master)

    def _read(self) -> bytes:
        try:
            return os.read(self._master, READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            # the client hung up since it was looked for
            if error.errno != errno.EIO:
                raise
            return b""

    def _write(self, answer: bytes) -> None:
        # A client that does not read fills the line's buffer: what goes beyond is lost, as on a wire.
        with suppress(BlockingIOError):
            os.write(self._master, answer)


def _point(link: Path, target: str) -> None:
    """Replaces a link of a twin that is gone at once, so that there is no moment without one."""
    new = link.with_name(link.name + ".new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
