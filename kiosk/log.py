"""The technical log's files: a file a month, one JSON object a line, kept for some months. What the lines say stands in ``deposit/notes.py``.

A file only grows, by whole lines: what a full disk lets through of one is taken back, and a last line that a power cut tore is ended and told
(``torn_line``). Nothing is forced to the disk: a power cut may take the last half minute of lines with it, never of money.
"""

import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from config.clock import BUILD, Clock, Instant
from config.printable import json_line
from kiosk.deposit.notes import Note, NoteKind

RESERVE_BYTES = 64 * 1024 * 1024
"""The log gives way before less is free: some 500,000 entries of the ledger, years of a busy kiosk. Chosen; the self-test complains below 500 MB."""

TAIL_BYTES = 65_536
"""So far back the beginning of a torn line is looked for."""


class Log:
    """Appends lines to ``log-YYYY-MM.jsonl`` in a folder.

    A month's first line drops what is older than ``months`` before it. Never by a clock that cannot be trusted, whose lines go to the newest file
    there is, or to the month of this program's making: a clock that begins at 1970 would have them dropped, one that is ahead would drop all others.

    A disk that is nearly full loses the log's oldest month, and the next, before the ledger can find it full: a line of the log tells each. The month
    that is written now stays, and with it what happened last. ``free`` gives the room that is left, in bytes.
    """

    def __init__(self, folder: Path, clock: Clock, months: int = 24, free: Callable[[Path], int] | None = None) -> None:
        self._folder = folder
        self._clock = clock
        self._months = months
        self._free = free or _free

    def note(self, note: Note) -> None:
        """Writes a line at once, for whoever may wait for the disk. One that cannot be written is said on stderr."""
        try:
            self.write(self._clock.now(), note)
        except OSError as error:
            sys.stderr.write(f"{self._folder}: {error.strerror}: {note.kind}\n")

    def write(self, at: Instant, note: Note) -> None:
        """Writes one line. OSError: nothing of it stands in the file."""
        path = self._folder / f"log-{at.day():%Y-%m}.jsonl"
        if at.trusted and not path.exists():
            self._drop_before(at.day())
        elif not at.trusted:
            path = max(path, self._folder / f"log-{BUILD:%Y-%m}.jsonl", *self._files())
        for dropped in self._makes_room(path):
            _append(path, at, dropped)
        _append(path, at, note)

    def _makes_room(self, path: Path) -> list[Note]:
        """Drops whole months, the oldest first, while less than ``RESERVE_BYTES`` is free; never the one that is written. What is told of it."""
        dropped: list[Note] = []
        for oldest in sorted(self._files()):
            try:
                if oldest >= path or self._free(self._folder) >= RESERVE_BYTES:
                    break
                size = oldest.stat().st_size
                oldest.unlink()
            except OSError as error:
                sys.stderr.write(f"{oldest}: {error.strerror}\n")
                break
            dropped.append(Note(NoteKind.MONTH_DROPPED, {"month": oldest.stem.removeprefix("log-"), "bytes": size}))
        return dropped

    def _files(self) -> list[Path]:
        """The months' files, whose names are in the order of time."""
        return [path for path in self._folder.glob("log-*.jsonl") if re.fullmatch(r"log-\d{4}-\d{2}\.jsonl", path.name)]

    def _drop_before(self, today: date) -> None:
        year, month = divmod(today.year * 12 + today.month - 1 - self._months, 12)
        for path in self._files():
            if path.name < f"log-{year:04}-{month + 1:02}.jsonl":
                try:
                    path.unlink()
                except OSError as error:
                    # what cannot be dropped is in no line's way
                    sys.stderr.write(f"{path}: {error.strerror}\n")


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def refused_on(folder: Path, day: date) -> int | None:
    """How many items were handed back with a reason on a day, by the lines of its log whose time was trusted. None if lines are missing, or cannot be read.

    Read from the end: the day before ends it.
    """
    path, refused = folder / f"log-{day:%Y-%m}.jsonl", 0
    try:
        for line in _backwards(path):
            try:
                told = json.loads(line)
                at, kind, trusted = datetime.fromisoformat(told["at"]), told["kind"], told["trusted"]
            except (ValueError, KeyError, TypeError):
                # a line that a power cut tore is no line
                continue
            if not trusted:
                continue
            if (there := Instant(at, trusted).day()) != day:
                if there < day:
                    break
                continue
            if kind == NoteKind.LINES_DROPPED.value:
                return None
            refused += kind == NoteKind.HANDED_BACK.value
    except FileNotFoundError:
        return 0
    except OSError:
        return None
    return refused


def _backwards(path: Path) -> Iterator[bytes]:
    """The lines of a file, the last one first. Raises OSError."""
    with path.open("rb") as file:
        left, rest = file.seek(0, os.SEEK_END), b""
        while left:
            size = min(left, TAIL_BYTES)
            left -= size
            file.seek(left)
            first, *lines = (file.read(size) + rest).split(b"\n")
            yield from reversed(lines)
            rest = first
        yield rest


def _line(at: Instant, note: Note) -> bytes:
    line = {"at": at.utc.isoformat(timespec="milliseconds"), "trusted": at.trusted, "kind": note.kind.value, **note.facts}
    return json_line(line).encode() + b"\n"


def _append(path: Path, at: Instant, note: Note) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o660)
    try:
        size = os.fstat(descriptor).st_size
        torn = _torn_bytes(descriptor, size)
        mended = b"\n" + _line(at, Note(NoteKind.TORN_LINE, {"bytes": torn})) if torn else b""
        try:
            _write(descriptor, mended + _line(at, note))
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def _torn_bytes(descriptor: int, size: int) -> int:
    """How many bytes stand behind the last end of a line."""
    if size == 0 or os.pread(descriptor, 1, size - 1) == b"\n":
        return 0
    tail = os.pread(descriptor, min(size, TAIL_BYTES), max(0, size - TAIL_BYTES))
    return len(tail) - (tail.rfind(b"\n") + 1)


def _write(descriptor: int, data: bytes) -> None:
    """All of it: a disk that fills up may take a part first."""
    while data:
        data = data[os.write(descriptor, data) :]
