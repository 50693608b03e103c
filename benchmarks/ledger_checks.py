"""What checking a large ledger takes: ``verify`` and the auditor's file over a bare loop that reads and hashes the same rows, and the day's total.

    python -m benchmarks.ledger_checks [--entries N] [--folder DIR] [--keep FILE] [--json]

*bare* reads every entry with its postings and hashes the JSON object that the contract names (``chain.py``); it looks at nothing else. Each runs in a process of its own, for its
peak of memory; CPU is that process's (user and system). The ledger is made first, through the journal without a sync (with ``--keep`` in a file that a later run finds): days of
80 visits with 30 bottles each, vouchers paid or not, each day closed. The day's total is what a console's tile asks; the median of 20 questions.
"""

import argparse
import json
import resource
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.arguments import at_least, existing_folder
from benchmarks.ledger_cpu import BEGINNING
from config.clock import Instant
from config.vocabulary import Bin, Cents, Material, SequenceNumber
from ledger import audit, keys
from ledger.database import driver, reading
from ledger.generation import begin
from ledger.journal import open_journal
from ledger.limits import Terms
from ledger.verify import verify
from ledger.views import totals
from ledger.vocabulary import Cause, Intent

TERMS = Terms(Cents(20), 30, Cents(1_000_000_000), "https://consigne.example/bon", 1095)
BOTTLES = 30
VISITS_A_DAY = 80
LIMIT_RATIO, LIMIT_MB, LIMIT_DAY_MS = 2.5, 200, 5.0


@dataclass(frozen=True, slots=True)
class Took:
    cpu_s: float
    peak_mb: float


class Hall:
    """A clock that goes on by what a visit takes, so that a day has ``VISITS_A_DAY``."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)

    def now(self) -> Instant:
        return Instant(self._now, trusted=True)

    def monotonic(self) -> float:
        return 0.0

    def visit_ends(self) -> None:
        self._now += timedelta(days=1) / VISITS_A_DAY


def make(path: Path, rows: int) -> None:
    """A ledger of at least so many entries. Nothing is synced: it is thrown away."""
    clock = Hall()
    begin(path, BEGINNING, clock=clock, random=secrets, terms=TERMS)
    with open_journal(path, who="benchmark", clock=clock, random=secrets, terms=TERMS) as journal:
        driver(journal._writer._connection).execute("PRAGMA synchronous = OFF")  # noqa: SLF001 - no call of the journal weakens it
        sequence = 0
        while journal.books.row < rows:
            now = clock.now()
            visit = journal.open_visit(now).id
            for _ in range(BOTTLES):
                sequence += 1
                material = Material.GLASS if sequence % 3 else Material.PLASTIC
                number = SequenceNumber(sequence)
                journal.intend(Intent(number, visit, None, material, Cents(20), Bin(1), 412, "weight-and-code"), now)
                journal.book(sequence, number, now)
            voucher = journal.issue_voucher(visit, Cause.TIMED_OUT, now)
            journal.mark_shown(voucher.code, now)
            if sequence % (2 * BOTTLES):
                journal.desk.pay(voucher.code, "7", now)
            clock.visit_ends()
            if sequence % (VISITS_A_DAY * BOTTLES) == 0:
                journal.desk.close_days(clock.now())
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")


LINES = """SELECT entry.row, kind, subject, visit, occurred, booked, trusted, body, prev, hash, account, cents
FROM (SELECT * FROM entry NOT INDEXED ORDER BY row) AS entry LEFT JOIN posting ON posting.row = entry.row ORDER BY entry.row, posting.rowid"""


def bare(path: Path) -> None:
    """Reads every entry and hashes the object that the contract names; raises where a hash is another, so that the object is the real one."""
    with closing(sqlite3.connect(path)) as database:
        postings: list[dict[str, object]] = []
        last = None
        for line in database.execute(LINES):
            if last is not None and line[0] != last[0]:
                _same_hash(last, postings)
                postings = []
            if line[10] is not None:
                postings.append({"account": line[10], "cents": line[11]})
            last = line
        if last is not None:
            _same_hash(last, postings)


ENCODED = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _same_hash(line: tuple[Any, ...], postings: list[dict[str, object]]) -> None:
    row, kind, subject, visit, occurred, booked, trusted, body, prev, hash_ = line[:10]
    form = {"form": 1, "row": row, "kind": kind, "subject": subject, "visit": visit, "occurred": occurred, "booked": booked}
    form |= {"trusted": bool(trusted), "body": json.loads(body), "postings": postings, "prev": prev}
    if sha256(ENCODED(form).encode()).hexdigest() != hash_:
        raise ValueError(f"row {row}")


def check(path: Path) -> None:
    with reading(path) as connection:
        if found := list(verify(connection)):
            raise ValueError(str(found[0]))


def audited(path: Path) -> None:
    if found := audit.audit(path, bytes.fromhex(keys.public_text(keys.load(path))), []).found:
        raise ValueError(str(found[0]))


WAYS = {"bare": bare, "verify": check, "audit": audited}


def in_a_process(way: str, path: Path) -> Took:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.ledger_checks", "--way", way, "--ledger", path], check=True, capture_output=True, text=True
    )
    return Took(**json.loads(ran.stdout))


def took(way: str, path: Path) -> Took:
    WAYS[way](path)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return Took(round(spent.ru_utime + spent.ru_stime, 2), round(spent.ru_maxrss / 1024, 1))


def day_ms(path: Path) -> float:
    """The newest day's bottles and cents."""
    with reading(path) as connection:
        (booked,) = connection.exec_driver_sql("SELECT max(json_extract(body, '$.day')) FROM entry WHERE kind = 'credit'").one()
        times = []
        for _ in range(20):
            start = time.process_time_ns()
            totals(connection, date.fromisoformat(booked))
            times.append((time.process_time_ns() - start) / 1e6)
    return round(statistics.median(times), 2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=at_least(100), default=1_000_000)
    parser.add_argument("--folder", type=existing_folder, default=Path("/dev/shm"))  # noqa: S108 - a folder with a random name is made in it
    parser.add_argument("--keep", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--ledger", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way is not None:
        sys.stdout.write(json.dumps(asdict(took(asked.way, asked.ledger))))
        return 0
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path = asked.keep or Path(folder) / "ledger.db"
        if not path.exists():
            make(path, asked.entries)
        found = {way: in_a_process(way, path) for way in WAYS}
        day = day_ms(path)
    ratios = {way: round(found[way].cpu_s / found["bare"].cpu_s, 2) for way in WAYS}
    if asked.json:
        sys.stdout.write(
            json.dumps({"entries": asked.entries, **{way: asdict(it) for way, it in found.items()}, "ratios": ratios, "day_ms": day}) + "\n"
        )
    else:
        for way, it in found.items():
            sys.stdout.write(f"{way:7} {it.cpu_s:8.2f} s CPU, {ratios[way]:.2f} times bare, peak {it.peak_mb:.0f} MB\n")
        sys.stdout.write(f"a day's total {day:.2f} ms\n")
    good = all(ratios[way] <= LIMIT_RATIO and found[way].peak_mb <= LIMIT_MB for way in WAYS) and day <= LIMIT_DAY_MS
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
