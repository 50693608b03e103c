"""What was wrong with a file or folder that somebody named, as a value; and reading one without waiting for a pipe that nobody fills.

An ``OSError`` says it with a number, SQLite with another (``sqlite.py``); the words for both are one family in ``kiosk/words``.
"""

import errno
import os
import stat
from enum import StrEnum
from pathlib import Path

from config.told import WrongUse


class Trouble(StrEnum):
    """What a person must mend. The first eight are a name that does not fit, the others what holds the file."""

    MISSING = "missing"
    """Nothing lies there."""
    NO_FOLDER = "no_folder"
    """Nor does the folder that would hold it."""
    NOT_A_FILE = "not_a_file"
    """A folder, a device, a pipe or a socket stands where a file is needed."""
    NOT_A_FOLDER = "not_a_folder"
    """A file stands where a folder is needed."""
    IN_A_CIRCLE = "in_a_circle"
    """Links that lead to one another."""
    TOO_LONG = "too_long"
    TAKEN = "taken"
    """Something else is there already."""
    DENIED = "denied"
    READ_ONLY = "read_only"
    """A disk that takes no writes."""
    FULL = "full"
    BUSY = "busy"
    """Another program has it."""
    DAMAGED = "damaged"
    """What is inside is not what was written."""
    FAILING = "failing"
    """The disk answers with an error."""
    OTHER = "other"


WRONG_NAME = frozenset(
    {
        Trouble.MISSING,
        Trouble.NO_FOLDER,
        Trouble.NOT_A_FILE,
        Trouble.NOT_A_FOLDER,
        Trouble.IN_A_CIRCLE,
        Trouble.TOO_LONG,
        Trouble.TAKEN,
        Trouble.DENIED,
    }
)


class Taken(OSError):
    """Something else lies where a file is to be written that would replace it."""


BY_NUMBER = {
    errno.ENOENT: Trouble.MISSING,
    errno.EISDIR: Trouble.NOT_A_FILE,
    errno.ENXIO: Trouble.NOT_A_FILE,
    errno.ENODEV: Trouble.NOT_A_FILE,
    errno.ENOTDIR: Trouble.NOT_A_FOLDER,
    # what is to be a folder is there already, and is none
    errno.EEXIST: Trouble.NOT_A_FOLDER,
    errno.ELOOP: Trouble.IN_A_CIRCLE,
    errno.ENAMETOOLONG: Trouble.TOO_LONG,
    errno.EACCES: Trouble.DENIED,
    errno.EPERM: Trouble.DENIED,
    errno.EROFS: Trouble.READ_ONLY,
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EBUSY: Trouble.BUSY,
    errno.ETXTBSY: Trouble.BUSY,
    errno.EIO: Trouble.FAILING,
}


def trouble_of(error: OSError) -> Trouble:
    if isinstance(error, Taken):
        return Trouble.TAKEN
    trouble = BY_NUMBER.get(error.errno or 0, Trouble.OTHER)
    if trouble is Trouble.MISSING and error.filename and not Path(os.fsdecode(error.filename)).absolute().parent.exists():
        return Trouble.NO_FOLDER
    return trouble


def standing(path: Path) -> Path:
    """What stands in the way of a path: the last part of it that is there."""
    return next((part for part in (path, *path.parents) if part.is_symlink() or part.exists()), path)


def ordinary(path: Path) -> None:
    """Raises OSError unless a file lies there: opening a pipe waits for whoever fills it, and a device may never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))


class StartFolderGone(WrongUse):
    """The folder that a program was started in has been removed: no relative name means anything there."""


def need_start_folder() -> None:
    """Raises StartFolderGone."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise StartFolderGone(str(error)) from error


class NotText(WrongUse):
    """A picture, or a text in another encoding, where a text is needed."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no text in UTF-8")
        self.path = path


def read_text(path: Path) -> str:
    """The text of a file, without the mark that some editors put at its begin. Raises OSError, which names the file, and NotText."""
    ordinary(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotText(path) from error
    except OSError as error:
        # what goes wrong while it is read, as on a failing card, comes without a name
        error.filename = str(path)
        raise
