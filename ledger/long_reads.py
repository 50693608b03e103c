"""Who reads a ledger so long that its WAL cannot be written back: processes that hold one of SQLite's read locks, by number and command.

A reader is never in the way of an entry. But the WAL begins anew only where nobody reads of it: a shell or a backup left open makes it grow with
every bottle, until the card is full. SQLite cuts it down again by itself once the reader is gone (``database.WAL_STAYS``).
"""

import os
from dataclasses import dataclass
from pathlib import Path

from config.printable import printable
from ledger.database import WAL_STAYS

TOLD_FROM = 2 * WAL_STAYS

READ_LOCKS = range(123, 128)
"""Bytes of the -shm file on which a reader holds a lock for as long as it reads (SQLite's WAL-mode file format, "locking")."""


@dataclass(frozen=True, slots=True)
class Reader:
    """``command`` is empty where the process has ended meanwhile or is not to be seen from here."""

    pid: int
    command: str


@dataclass(frozen=True, slots=True)
class LongRead:
    """The WAL has ``wal_bytes``; who reads is empty once it is small again, or where the system does not say."""

    wal_bytes: int
    readers: tuple[Reader, ...]

    @property
    def over(self) -> bool:
        return self.wal_bytes < TOLD_FROM


def readers(ledger: Path, locks: Path = Path("/proc/locks")) -> tuple[Reader, ...]:
    """Other processes that hold a snapshot of the ledger now."""
    try:
        inode = ledger.with_name(f"{ledger.name}-shm").stat().st_ino
        lines = locks.read_text().splitlines()
    except OSError:
        return ()
    pids = {pid for pid in (_reads(line.split(), inode) for line in lines) if pid not in {None, os.getpid()}}
    return tuple(Reader(pid, _command(pid)) for pid in sorted(filter(None, pids)))


def _reads(lock: list[str], inode: int) -> int | None:
    """The process of a line such as ``1: POSIX ADVISORY READ 812 fe:00:2146 124 124``, if it is a reader's lock on this file."""
    if len(lock) != 8 or lock[3] != "READ" or not lock[5].endswith(f":{inode}"):
        return None
    return int(lock[4]) if int(lock[6]) in READ_LOCKS else None


def _command(pid: int) -> str:
    try:
        return printable(Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ").strip())
    except OSError:
        return ""


class WalWatch:
    """Looks at the size of the WAL; tells each change once: that it has outgrown itself, that somebody else reads, that it is small again."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._wal = ledger.with_name(f"{ledger.name}-wal")
        self._told: LongRead | None = None

    def look(self) -> LongRead | None:
        """What is new since the last look, None if nothing is."""
        size = self._size()
        if size < TOLD_FROM and self._told is None:
            return None
        found = LongRead(size, readers(self._ledger) if size >= TOLD_FROM else ())
        told, self._told = self._told, None if found.over else found
        if told is None or found.over or not set(found.readers) <= set(told.readers):
            return found
        self._told = told
        return None

    def _size(self) -> int:
        try:
            return self._wal.stat().st_size
        except FileNotFoundError:
            return 0
