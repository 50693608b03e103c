"""How one file takes another's place, whole and at once, and that two do not try it together."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from config.files import Trouble
from recognition.catalogue.store import CatalogueUnreadable, faults

MODE = 0o660


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Of two that would change the same catalogue the second is told so. Raises CatalogueUnreadable."""
    beside = path.with_name(f"{path.name}.lock")
    with faults(beside):
        lock = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, MODE)
        give(lock, beside)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CatalogueUnreadable(path, error.strerror or str(error), Trouble.BUSY) from error
        yield
    finally:
        os.close(lock)


def opened(path: Path, mode: str) -> sqlite3.Connection:
    """To write, in SQLite's mode ``rw`` or ``rwc``. Raises sqlite3.Error."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)


def put_in_place(made: Path, path: Path) -> None:
    """On the disk first, then under the other's name, then that on the disk. Raises OSError."""
    descriptor = os.open(made, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fchmod(descriptor, MODE)
        give(descriptor, path)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    made.replace(path)
    folder_of = os.open(path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder_of)
    finally:
        os.close(folder_of)


def forget(path: Path) -> None:
    """A file of SQLite's with what lies beside it."""
    for name in (path, path.with_name(f"{path.name}-journal")):
        name.unlink(missing_ok=True)


def day_of(path: Path, now: datetime) -> date:
    """When a file was last written, but not after today."""
    return min(datetime.fromtimestamp(path.stat().st_mtime, UTC).date(), now.astimezone(UTC).date())


def give(descriptor: int, path: Path) -> None:
    """What root makes belongs to whoever owns the folder: the kiosk, not root, replaces it the next time."""
    if os.geteuid() == 0:
        folder = path.absolute().parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
