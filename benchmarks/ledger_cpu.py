"""CPU of one bottle in the ledger, intent and credit together, over raw sqlite3 writing the same rows to a file of the same schema.

    python -m benchmarks.ledger_cpu [--bottles N] [--folder DIR] [--json]

Both sides write with WAL, synchronous FULL, foreign keys, all triggers and indexes, and the same SQL, in two transactions a bottle; visits
take turns, so that a slow moment of the machine meets both. *raw* has its rows ready, hashes included: it neither checks, nor hashes,
nor reads a clock. *hashing* is raw plus the canonical text and SHA-256 of the two ready entries. *ours* is ``SqliteJournal.intend`` and
``book`` with all that they do. CPU is the process's own time (user and system), the median visit's; opening and ending visits is not in it.
Run on memory (/dev/shm), and on the disk under ``--folder`` (default: the working folder).
"""

import argparse
import json
import secrets
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks.arguments import at_least, existing_folder
from config.demonstration import ASSOCIATIONS
from config.system import AssumedClock
from config.vocabulary import Bin, Cents, Gtin, Material, SequenceNumber
from ledger.chain import Entry, canonical, digest
from ledger.database import reading
from ledger.generation import Beginning, begin
from ledger.journal import SqliteJournal, open_journal
from ledger.kinds import Kind
from ledger.limits import Terms
from ledger.views import entries
from ledger.vocabulary import Intent
from ledger.writer import INSERT_ENTRY, INSERT_POSTINGS

BOTTLES_A_VISIT = 30
LIMIT_US, GOAL_US = 250, 150
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder with a random name is made in it
TERMS = Terms(Cents(20), BOTTLES_A_VISIT, Cents(10_000_000), "https://consigne.example/bon", 1095)
BEGINNING = Beginning("benchmark", "benchmark", "benchmark", 1, 0, demonstration=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """Microseconds of CPU a bottle (two transactions)."""

    where: str
    bottles: int
    raw_us: float
    hashing_us: float
    ours_us: float
    over_raw_us: float


def measure(folder: Path, bottles: int) -> Figures:
    ours, raw = folder / "ours.db", folder / "raw.db"
    clock = AssumedClock()
    begin(ours, BEGINNING, clock=clock, random=secrets, terms=TERMS)
    shutil.copy(ours, raw)
    times: dict[str, list[float]] = {"raw": [], "hashing": [], "ours": []}
    with (
        open_journal(ours, who="benchmark", clock=clock, random=secrets, terms=TERMS) as journal,
        closing(sqlite3.connect(raw, isolation_level=None)) as database,
    ):
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            database.execute(f"PRAGMA {pragma}")
        for _ in range(bottles // BOTTLES_A_VISIT):
            first = journal.standing().booked_totaliser
            times["ours"].append(_ours(journal, clock, first))
            rows = _new_rows(ours, database)
            of_bottles = [entry for entry in rows if entry.kind in {Kind.INTENT, Kind.CREDIT}]
            times["hashing"].append(_cpu_us(partial(_hash, of_bottles)))
            _write(database, _ready(rows[:1]))
            times["raw"].append(_cpu_us(partial(_write, database, _ready(of_bottles))))
            _write(database, _ready(rows[-1:]))
    _same(ours, raw)
    raw_us, hashing_us, ours_us = (statistics.median(times[side]) for side in ("raw", "hashing", "ours"))
    return Figures(
        str(folder.parent), bottles, round(raw_us, 1), round(raw_us + hashing_us, 1), round(ours_us, 1), round(ours_us - raw_us, 1)
    )


def _ours(journal: SqliteJournal, clock: AssumedClock, totaliser: int) -> float:
    now = clock.now()
    visit = journal.open_visit(now).id
    intents = [
        Intent(SequenceNumber(totaliser + n), visit, Gtin("9520000000011"), Material.GLASS, Cents(20), Bin(1), 412, "weight-and-code")
        for n in range(1, BOTTLES_A_VISIT + 1)
    ]

    def bottles() -> None:
        for intent in intents:
            journal.intend(intent, now)
            journal.book(intent.sequence, intent.sequence, now)

    spent = _cpu_us(bottles)
    journal.give(visit, ASSOCIATIONS[0], now)
    return spent


def _cpu_us(call: Callable[[], None]) -> float:
    start = time.process_time_ns()
    call()
    return (time.process_time_ns() - start) / 1000 / BOTTLES_A_VISIT


def _new_rows(ours: Path, raw: sqlite3.Connection) -> list[Entry]:
    (last,) = raw.execute("SELECT max(row) FROM entry").fetchone()
    with reading(ours) as connection:
        return list(entries(connection, after=last))


def _hash(ready: list[Entry]) -> None:
    for entry in ready:
        digest(entry)


Values = tuple[object, ...]


def _ready(rows: list[Entry]) -> list[tuple[Values, Values | None]]:
    """The parameters of each entry and of its postings."""
    ready: list[tuple[Values, Values | None]] = []
    for entry in rows:
        times = (entry.occurred, entry.booked, int(entry.trusted))
        values = (entry.row, entry.kind, entry.subject, entry.visit, *times, canonical(entry.body), entry.prev, entry.hash)
        postings = tuple(value for posting in entry.postings for value in (entry.row, posting.account, posting.cents))
        ready.append((values, postings or None))
    return ready


def _write(database: sqlite3.Connection, ready: list[tuple[Values, Values | None]]) -> None:
    for values, postings in ready:
        database.execute("BEGIN IMMEDIATE")
        database.execute(INSERT_ENTRY, values)
        if postings:
            database.execute(INSERT_POSTINGS, postings)
        database.execute("COMMIT")


def _same(ours: Path, raw: Path) -> None:
    """Both sides must have written the same rows, or the comparison says nothing."""
    with reading(ours) as one, reading(raw) as other:
        assert list(entries(one)) == list(entries(other))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bottles", type=at_least(1), default=1500)
    parser.add_argument("--folder", type=existing_folder, default=Path.cwd())
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = []
    for place in (MEMORY, asked.folder):
        with tempfile.TemporaryDirectory(dir=place) as folder:
            found.append(measure(Path(folder), asked.bottles))
    if asked.json:
        print(json.dumps({"limit_us": LIMIT_US, "goal_us": GOAL_US, "figures": [asdict(figures) for figures in found]}))
        return
    print(f"CPU a bottle (intent and credit), microseconds; limit over raw {LIMIT_US}, goal {GOAL_US}")
    for figures in found:
        print(
            f"{figures.where:30} raw {figures.raw_us:6.1f}   raw + hashing {figures.hashing_us:6.1f}   ours {figures.ours_us:6.1f}"
            f"   over raw {figures.over_raw_us:6.1f}"
        )


if __name__ == "__main__":
    main()
