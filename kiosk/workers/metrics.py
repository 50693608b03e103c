"""The thread that writes the machine's metrics once a minute, where the configuration names a file for them. What they are: ``kiosk/metrics.py``."""

import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.deposit.states import Session
from kiosk.log_reading import NAME
from kiosk.metrics import Around, exposition, metrics_of, write_atomically

EVERY_S = 60.0
"""As often as Prometheus asks if nobody says otherwise."""


class MetricsWorker(threading.Thread):
    """``session`` gives the newest. A file that cannot be written is said once on stderr, and tried again; it stops nothing."""

    def __init__(self, path: Path, state: Path, who: tuple[str, str, float], session: Callable[[], Session]) -> None:
        """``who``: the kiosk's name, its program's version, and when it started, in seconds since the epoch."""
        super().__init__(name="metrics", daemon=True)
        self._path = path
        self._state = state
        self._who = who
        self._session = session
        self._stopping = threading.Event()
        self._failing = False

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            self.write()
            self._stopping.wait(EVERY_S)

    def write(self) -> None:
        try:
            room = shutil.disk_usage(self._state)
            log = sum(path.stat().st_size for path in self._state.glob("log-*.jsonl") if NAME.fullmatch(path.name))
            write_atomically(self._path, exposition(metrics_of(self._session(), Around(*self._who, room.free, room.total, log))))
        except OSError as error:
            if not self._failing:
                sys.stderr.write(f"{self._path}: {error.strerror}\n")
            self._failing = True
        else:
            self._failing = False
