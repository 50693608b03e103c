"""SQLite's reason for refusing a file, as the same values that the system's errors have (``files.py``).

SQLite says *unable to open* and *disk I/O error* of much that is neither: there the file itself is looked at.
"""

import os
import sqlite3
from pathlib import Path

from config.files import Trouble, ordinary, trouble_of
from config.told import OutOfService

BY_CODE = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
    # the first page cannot be made sense of
    sqlite3.SQLITE_FORMAT: Trouble.DAMAGED,
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_PERM: Trouble.DENIED,
}

REFUSALS = (sqlite3.Error, UnicodeDecodeError)
"""What Python's driver raises of a file. The second is of a damaged one: a name in its schema that SQLite complains of is no text."""

INDEX_BYTES = 32_768
"""What SQLite's index of a WAL grows by. Where it has no room that is an I/O error, not a full disk."""

LOOKED_AT = {
    sqlite3.SQLITE_IOERR: Trouble.FAILING,
    sqlite3.SQLITE_CANTOPEN: Trouble.OTHER,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
}
"""What is said where the file itself shows nothing."""


class DatabaseUnusable(OutOfService):
    """A file cannot be read or written now; ``trouble`` says why. What to do about a damaged one depends on whose it is: each has its own words for that."""

    def __init__(self, path: Path, detail: str, trouble: Trouble) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail
        self.trouble = trouble


def sqlite_trouble(path: Path, error: BaseException | None) -> Trouble:
    if isinstance(error, UnicodeDecodeError):
        return Trouble.DAMAGED
    code = getattr(error, "sqlite_errorcode", -1) & 0xFF
    if code in LOOKED_AT:
        return _seen(path) or LOOKED_AT[code]
    # a table or a column that is not there: the file is a database, and not what it should be
    return BY_CODE.get(code, Trouble.DAMAGED if code == sqlite3.SQLITE_ERROR else Trouble.OTHER)


def _seen(path: Path) -> Trouble | None:
    """What is to be seen of a file, or of the folder that would hold it."""
    try:
        if path.exists():
            ordinary(path)
        elif not path.parent.exists():
            return Trouble.NO_FOLDER
        elif not path.parent.is_dir():
            return Trouble.NOT_A_FOLDER
        disk = os.statvfs(path.parent)
        if disk.f_flag & os.ST_RDONLY:
            return Trouble.READ_ONLY
        if disk.f_bavail * disk.f_frsize < INDEX_BYTES:
            return Trouble.FULL
    except OSError as error:
        return trouble_of(error)
    needed = path if path.exists() else path.parent
    return None if os.access(needed, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK) else Trouble.DENIED
