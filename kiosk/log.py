"""The log beside the ledger: refusals, starts, faults. No money in it; a file a month, one JSON object a line, kept for some months."""

import os
import re
import sys
from datetime import date
from pathlib import Path

from config.clock import BUILD, Clock
from config.printable import json_line
from kiosk.deposit.notes import Note


class Log:
    """Appends lines to ``log-YYYY-MM.jsonl`` in a folder. A log that cannot be written never stops the kiosk: it says so on stderr.

    A month's first line drops what is older than ``months`` before it. Never by a clock that cannot be trusted, whose lines go to the newest file
    there is, or to the month of this program's making: a clock that begins at 1970 would have them dropped, one that is ahead would drop all others.
    """

    def __init__(self, folder: Path, clock: Clock, months: int = 24) -> None:
        self._folder = folder
        self._clock = clock
        self._months = months

    def note(self, note: Note) -> None:
        now = self._clock.now()
        line = {"at": now.utc.isoformat(timespec="milliseconds"), "trusted": now.trusted, "kind": note.kind.value, **note.facts}
        path = self._folder / f"log-{now.day():%Y-%m}.jsonl"
        try:
            if now.trusted and not path.exists():
                self._drop_before(now.day())
            elif not now.trusted:
                path = max(path, self._folder / f"log-{BUILD:%Y-%m}.jsonl", *self._files())
            _append(path, json_line(line))
        except OSError as error:
            sys.stderr.write(f"{path}: {error.strerror}: {json_line(line)}\n")

    def _files(self) -> list[Path]:
        """The months' files, whose names are in the order of time."""
        return [path for path in self._folder.glob("log-*.jsonl") if re.fullmatch(r"log-\d{4}-\d{2}\.jsonl", path.name)]

    def _drop_before(self, today: date) -> None:
        year, month = divmod(today.year * 12 + today.month - 1 - self._months, 12)
        for path in self._files():
            if path.name < f"log-{year:04}-{month + 1:02}.jsonl":
                path.unlink()


def _append(path: Path, line: str) -> None:
    """A power cut may have torn the last line: the next one stands by itself all the same."""
    with path.open("ab+") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
        torn = size > 0 and file.read(1) != b"\n"
        file.write((b"\n" if torn else b"") + line.encode() + b"\n")
