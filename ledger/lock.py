"""The lock on a ledger: an flock on a file beside it, held by the one process that writes. It dies with its holder.

The lock is never taken on the ledger file itself: closing any descriptor of it would drop SQLite's own locks.
"""

import fcntl
import itertools
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from config.clock import Clock
from config.files import trouble_of
from ledger.chain import time_text
from ledger.vocabulary import LedgerLocked, LedgerUnavailable


def lock_path(ledger: Path) -> Path:
    return ledger.with_name(ledger.name + ".lock")


class LedgerLock:
    """Taken on construction, given back by ``release`` or at the end of a ``with``.

    The file holds one line, ``who pid since``, for whoever finds it taken; whatever else lies under its name is set aside, and ``set_aside`` says
    where. Raises LedgerLocked with that line, LedgerUnavailable where the file cannot be written.
    """

    def __init__(self, ledger: Path, who: str, clock: Clock) -> None:
        path = lock_path(ledger)
        try:
            self.set_aside = _set_aside(path)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        except OSError as error:
            raise LedgerUnavailable(str(path), error.strerror or str(error), trouble_of(error)) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._say(f"{who}, process {os.getpid()}, since {time_text(clock.now().utc)}")
        except BlockingIOError:
            holder = os.pread(self._descriptor, 1000, 0).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise LedgerLocked(str(ledger), holder or "another process") from None
        except OSError as error:
            os.close(self._descriptor)
            raise LedgerUnavailable(str(path), error.strerror or str(error), trouble_of(error)) from error

    def release(self) -> None:
        """Gives the lock back; a second call does nothing."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def _say(self, holder: str) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, (holder + "\n").encode(), 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


def _set_aside(path: Path) -> Path | None:
    """Gives what is no file, and so nobody's lock, another name: a folder, a pipe, a link that leads nowhere. Raises OSError."""
    if path.is_file() or not os.path.lexists(path):
        return None
    names = (path.with_name(f"{path.name}-damaged-{number}") for number in itertools.count(1))
    aside = next(name for name in names if not os.path.lexists(name))
    path.rename(aside)
    return aside
