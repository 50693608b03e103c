"""The controller's end of a serial line in tests: a real pseudo-terminal under a symlink, with whatever answers bytes behind it."""

import os
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self


class PtyEnd:
    """Hands what comes over the line to ``feed`` and writes back what that returns; ``tick`` is called at least every 2 ms.

    ``vanish`` takes the port away as a pulled plug does; ``appear`` brings another one under the same path. Both may be called
    from ``feed``, in the middle of a question.
    """

    def __init__(self, port: Path, feed: Callable[[bytes], bytes], tick: Callable[[], None] = lambda: None) -> None:
        self.port = port
        self._feed = feed
        self._tick = tick
        self._ends: tuple[int, int] | None = None
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="pty end")

    def __enter__(self) -> Self:
        self.appear()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        self.vanish()

    def appear(self) -> None:
        with self._lock:
            master, slave = os.openpty()
            tty.setraw(slave)
            # the slave stays open here too: else the master's reads fail whenever the other side closes
            self._ends = master, slave
            fresh = self.port.with_suffix(".new")
            fresh.symlink_to(os.ttyname(slave))
            fresh.replace(self.port)

    def vanish(self) -> None:
        with self._lock:
            if self._ends is not None:
                master, slave = self._ends
                self._ends = None
                os.close(slave)
                os.close(master)
                self.port.unlink()

    def say(self, data: bytes) -> None:
        """Writes without having been asked."""
        with self._lock:
            if self._ends is not None:
                os.write(self._ends[0], data)

    def _serve(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                self._tick()
                heard = self._hear()
            if not heard:
                self._stop.wait(0.002)

    def _hear(self) -> bool:
        if self._ends is None or not select.select([self._ends[0]], [], [], 0)[0]:
            return False
        self.say(self._feed(os.read(self._ends[0], 4096)))
        return True
