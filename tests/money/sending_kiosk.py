"""A real ledger with somebody who puts bottles in, and the way from it to a city."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Bin, Cents, Material, SequenceNumber
from ledger.generation import Beginning, begin
from ledger.journal import SqliteJournal, open_journal
from ledger.limits import Terms
from ledger.sync.rounds import Route
from ledger.vocabulary import Cause, Ending, Intent
from money.callers import key_file, read
from timing import FakeClock

KIOSK = "paris-11-01"
TERMS = Terms(Cents(20), 30, Cents(20_000), "https://consigne.example/bon", 1095)


class Kiosk:
    """A ledger with somebody who puts bottles in."""

    def __init__(self, folder: Path, clock: FakeClock, *, demonstration: bool = False, terms: Terms = TERMS) -> None:
        self._terms = terms
        self.path = folder / "ledger.db"
        self.clock = clock
        self.sequence = 0
        self._demonstration = demonstration
        key_file(folder)
        if not self.path.exists():
            self.begin()

    def begin(self, *, succeeding: bool = False) -> None:
        beginning = Beginning(KIOSK, "agent 7", "first start", 5, 0, self._demonstration)
        begin(self.path, beginning, clock=self.clock, random=secrets, terms=self._terms, succeeding=succeeding)

    @contextmanager
    def open(self) -> Iterator[SqliteJournal]:
        with open_journal(self.path, who="the tests", clock=self.clock, random=secrets, terms=self._terms) as journal:
            yield journal

    def visit(self, *materials: Material, keep: bool = True) -> None:
        """A visit with these bottles, one more that came back, and then a voucher or a gift."""
        with self.open() as journal:
            now = self.clock.now()
            visit = journal.open_visit(now).id
            totaliser = journal.standing().booked_totaliser
            for count, material in enumerate([*materials, Material.PLASTIC], start=1):
                self.sequence += 1
                sequence = SequenceNumber(self.sequence)
                journal.intend(Intent(sequence, visit, None, material, Cents(20), Bin(1), 320, "weight-and-code"), now)
                if count <= len(materials):
                    journal.book(totaliser + count, sequence, now)
                else:
                    journal.end(sequence, Ending.CANCELLED, now)
            if keep:
                journal.issue_voucher(visit, Cause.KEPT, now)
            else:
                journal.give(visit, ASSOCIATIONS[0], now)

    def rows(self) -> int:
        with closing(sqlite3.connect(self.path)) as db:
            return int(db.execute("SELECT max(row) FROM entry").fetchone()[0])

    def hash_of(self, row: int) -> str:
        with closing(sqlite3.connect(self.path)) as db:
            return str(db.execute("SELECT hash FROM entry WHERE row = ?", (row,)).fetchone()[0])


def route(kiosk: Kiosk, address: str, **changes: Any) -> Route:
    made = Route(kiosk.path, kiosk.path.with_name("sync.db"), key_file(kiosk.path.parent), address, every_s=60.0, timeout_s=5.0)
    return replace(made, **changes)


def held(address: str) -> Any:
    return read(address, f"/v1/kiosks/{KIOSK}").json()
