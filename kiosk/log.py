"""The log beside the ledger: refusals, starts, faults. No money in it; a file a month, one JSON object a line."""

import sys
from pathlib import Path

from config.clock import Clock
from config.printable import json_line
from kiosk.deposit.actions import Note


class Log:
    """Appends lines to ``log-YYYY-MM.jsonl`` in a folder. A log that cannot be written never stops the kiosk: it says so on stderr."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def note(self, note: Note) -> None:
        now = self._clock.now()
        line = {"at": now.utc.isoformat(timespec="milliseconds"), "trusted": now.trusted, "kind": note.kind, **note.facts}
        path = self._folder / f"log-{now.day():%Y-%m}.jsonl"
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(json_line(line) + "\n")
        except OSError as error:
            sys.stderr.write(f"{path}: {error.strerror}: {json_line(line)}\n")
