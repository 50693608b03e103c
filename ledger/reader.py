"""Opens a ledger, or the sync's mark beside it, to read and never to write: also one that only a writer could open, or that lies on a read-only disk.

SQLite reads a file in place unless it would have to write first: roll back a journal that a power cut left, or make the index of a WAL in a
folder that takes no writes. Such a file is copied with its journal and WAL, the copy is recovered, and that is read::

    in place, mode=ro ──read-only, full or cannot open──▶ a copy in a temporary folder: recovered, one plain file, read, gone with the connection

A file of another user that nobody has open is copied as well: the index that a reader makes beside it would be the reader's, and keep the owner,
the kiosk of a ledger or the sync of its mark, from opening its own file to write.

The original keeps every byte: it is recovered by whoever opens it to write. Plain ``sqlite3``, for the sync is a small process.
"""

import os
import shutil
import sqlite3
import tempfile
from functools import partial
from pathlib import Path
from urllib.parse import quote

from config.files import ordinary
from config.sqlite import REFUSALS

BUSY_S = 5.0
"""How long a statement waits for another process that writes or recovers."""

BESIDE = ("", "-wal", "-journal")
"""A database and what holds a part of it. The ``-shm`` is an index, made anew from the WAL."""

MUST_WRITE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})

NO_INDEX = frozenset({sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP})
"""A full disk has no room for the index of a WAL."""

MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is made for this copy alone
"""Where a copy goes when no disk takes any: a full or failing card has the usual temporary folder on it."""

TEXT = partial(str, encoding="utf-8", errors="replace")
"""How what is stored becomes text, without Python's own code: it is called for every value."""

COPIES = 3
"""Attempts at a copy during which nobody wrote."""


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, usable from any thread. Raises sqlite3.Error, OSError."""
    if _would_be_in_the_way(path):
        return _of_a_copy(path)
    try:
        return _opened(path, "ro")
    except sqlite3.OperationalError as error:
        if not (error.sqlite_errorcode & 0xFF in MUST_WRITE or error.sqlite_errorcode in NO_INDEX) or not path.is_file():
            raise
        return _of_a_copy(path)


def _would_be_in_the_way(path: Path) -> bool:
    """Whether reading in place would leave an index that its owner may not write. What root makes, SQLite gives to the owner."""
    try:
        owner = path.stat().st_uid
    except OSError:
        # told by whoever opens it
        return False
    return path.is_file() and owner != os.geteuid() != 0 and not path.with_name(path.name + "-shm").exists()


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A plain connection with SQLite's ``mode``; its transactions are begun by hand. Raises OSError for what is no file: SQLite would wait at a pipe."""
    if path.exists():
        ordinary(path)
    uri = f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_S)


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    raw = connect(path, mode)
    # bytes that are no text are read as some text: whoever verifies names the row by its hash
    raw.text_factory = TEXT
    try:
        # nothing is opened before the first read
        raw.execute("SELECT 1 FROM sqlite_master").fetchone()
    except REFUSALS:
        raw.close()
        raise
    return raw


def _of_a_copy(path: Path) -> sqlite3.Connection:
    try:
        return _copied(path, None)
    except (sqlite3.OperationalError, OSError):
        return _copied(path, MEMORY)


def _copied(path: Path, where: Path | None) -> sqlite3.Connection:
    with tempfile.TemporaryDirectory(prefix="consigne-", dir=where) as folder:
        copy = Path(folder) / "copy.db"
        _copy(path, copy)
        writer = connect(copy, "rw")
        try:
            # rolled back or written back, so that nothing is needed beside it
            writer.execute("PRAGMA journal_mode = DELETE").fetchone()
        finally:
            writer.close()
        # immutable: nobody else ever writes it, and its name is gone before the first question
        return _opened(copy, "ro&immutable=1")


def _copy(path: Path, copy: Path) -> None:
    """A copy of one moment: once more if somebody wrote meanwhile. Only what SQLite could not open is copied, so no lock of this process is on it."""
    for _ in range(COPIES):
        before = _stamps(path)
        for suffix in BESIDE:
            copied = copy.with_name(copy.name + suffix)
            copied.unlink(missing_ok=True)
            source = path.with_name(path.name + suffix)
            if source.exists():
                shutil.copyfile(source, copied)
        if _stamps(path) == before:
            return
    raise sqlite3.OperationalError("the file is being written")


def _stamps(path: Path) -> list[tuple[int, int] | None]:
    return [_stamp(path.with_name(path.name + suffix)) for suffix in BESIDE]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns
