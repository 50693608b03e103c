"""The log's thread: whoever notes something never waits for a disk.

A disk that takes nothing (full, read-only, failing) is tried again every few seconds while lines wait; what finds no room in the inbox is counted,
and told in a line of its own (``lines_dropped``) once lines can be written. At a stop everything that waits is written, or tried once more.
"""

import contextlib
import queue
import sys
import threading
from datetime import datetime

from config.clock import Clock, Instant
from kiosk.deposit.notes import Note, NoteKind
from kiosk.log import Log

ROOM = 10_000
"""Lines that may wait, some 3 MB: days of a quiet kiosk, half an hour of one whose every part is loose."""

RETRY_S = 5.0
CLOSE_S = 5.0
"""How long a stop waits for a disk that hangs."""


class LogWorker(threading.Thread):
    """``note`` may be called from any thread, before the start too."""

    def __init__(self, log: Log, clock: Clock, room: int = ROOM) -> None:
        super().__init__(name="log", daemon=True)
        self._log = log
        self._clock = clock
        self._inbox: queue.Queue[tuple[Instant, Note] | None] = queue.Queue(room)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._dropped = 0
        self._dropped_since: datetime | None = None
        self._failing = False

    def note(self, note: Note) -> None:
        """Hands a line over, with the time of now. Never waits."""
        at = self._clock.now()
        try:
            self._inbox.put_nowait((at, note))
        except queue.Full:
            with self._lock:
                self._dropped += 1
                self._dropped_since = self._dropped_since or at.utc

    def close(self, within_s: float = CLOSE_S) -> None:
        """Ends the thread once all that waits is written, or tried once more; how many lines were not is said on stderr."""
        self._stopping.set()
        # a full inbox needs no sign: whoever takes the next line from it looks whether it is to stop
        with contextlib.suppress(queue.Full):
            self._inbox.put_nowait(None)
        self.join(within_s)
        lost = self._dropped + self._waiting() + self.is_alive()
        if lost:
            sys.stderr.write(f"log: {lost} lines were not written\n")

    def _waiting(self) -> int:
        """How many lines nobody will write any more."""
        lines = 0
        with contextlib.suppress(queue.Empty):
            while True:
                lines += self._inbox.get_nowait() is not None
        return lines

    def run(self) -> None:
        while not (self._stopping.is_set() and self._inbox.empty()):
            told = self._inbox.get()
            if told is not None and self._written(*told):
                self._tell_dropped()

    def _written(self, at: Instant, note: Note) -> bool:
        """Tries until the disk takes it, or the program stops."""
        while True:
            try:
                self._log.write(at, note)
            except OSError as error:
                self._say(error)
            else:
                self._failing = False
                return True
            if self._stopping.is_set():
                with self._lock:
                    self._dropped += 1
                return False
            self._stopping.wait(RETRY_S)

    def _tell_dropped(self) -> None:
        with self._lock:
            lines, since = self._dropped, self._dropped_since
            self._dropped, self._dropped_since = 0, None
        if lines:
            self._written(self._clock.now(), Note(NoteKind.LINES_DROPPED, {"lines": lines, "since": since.isoformat() if since else None}))

    def _say(self, error: OSError) -> None:
        if not self._failing:
            self._failing = True
            sys.stderr.write(f"log: {error.strerror or error}\n")
