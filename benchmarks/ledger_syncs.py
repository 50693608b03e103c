"""How often the ledger makes the disk sync: system calls of the real process, counted by strace, one durable commit at a time.

    python -m benchmarks.ledger_syncs [--bottles N] [--folder DIR] [--json]

A child books N bottles and marks each commit with a call that nothing else makes (getppid). Between two marks there must be one
fdatasync, of the WAL. Commits that also write the ledger file back (a checkpoint, every 1000 pages) or that start the WAL anew after one
are counted apart. Exits 1 if any other commit has other than one sync; where strace may not run, one sentence says so.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.arguments import at_least, existing_folder
from benchmarks.ledger_cpu import BEGINNING, BOTTLES_A_VISIT, TERMS
from config.demonstration import ASSOCIATIONS
from config.system import AssumedClock
from config.vocabulary import Bin, Cents, Gtin, Material, SequenceNumber
from ledger.generation import begin
from ledger.journal import SqliteJournal, open_journal
from ledger.vocabulary import Intent

MARK = "getppid("
SYNC = re.compile(r"(?:fdatasync|fsync)\(\d+<(?P<path>[^>]*)>")
WRITE = re.compile(r"pwrite64\(\d+<(?P<path>[^>]*)>.*, (?P<offset>\d+)\) =")


def book(path: Path, bottles: int, opening: Callable[..., SqliteJournal] = open_journal) -> None:
    """The traced child: each commit between two marks."""
    clock = AssumedClock()
    begin(path, BEGINNING, clock=clock, random=secrets, terms=TERMS)
    with opening(path, who="benchmark", clock=clock, random=secrets, terms=TERMS) as journal:
        for _ in range(bottles // BOTTLES_A_VISIT):
            _visit(journal, clock)


def _visit(journal: SqliteJournal, clock: AssumedClock) -> None:
    now = clock.now()
    os.getppid()
    visit = journal.open_visit(now).id
    os.getppid()
    first = journal.standing().booked_totaliser
    for number in range(first + 1, first + 1 + BOTTLES_A_VISIT):
        sequence = SequenceNumber(number)
        intent = Intent(sequence, visit, Gtin("9520000000011"), Material.GLASS, Cents(20), Bin(1), 412, "weight-and-code")
        journal.intend(intent, now)
        os.getppid()
        journal.book(number, sequence, now)
        os.getppid()
    journal.give(visit, ASSOCIATIONS[0], now)
    os.getppid()


def count(trace: str, database: Path) -> Counter[str]:
    """Commits to the file by what they made the disk do: ``one sync``, ``checkpoint``, ``wal restarted``, ``rollback journal`` for a file without a WAL, or what should not be."""
    found: Counter[str] = Counter()
    for calls in _commits(trace):
        synced = [match["path"] for match in map(SYNC.search, calls) if match]
        written = [(match["path"], match["offset"]) for match in map(WRITE.search, calls) if match]
        wal, journal = f"{database}-wal", f"{database}-journal"
        if any(path == journal for path, _ in written):
            found["rollback journal" if {journal, str(database)} <= {*synced} else f"{len(synced)} syncs"] += 1
        elif any(path == str(database) for path, _ in written) or str(database) in synced:
            found["checkpoint"] += 1
        elif (wal, "0") in written:
            found["wal restarted"] += 1
        elif synced == [wal]:
            found["one sync"] += 1
        else:
            found[f"{len(synced)} syncs"] += 1
    return found


def _commits(trace: str) -> Iterator[list[str]]:
    """The calls between marks, as far as there are any writes: marks of the next bottle follow each other."""
    calls: list[str] = []
    marked = False
    for line in trace.splitlines():
        if MARK in line:
            if marked and any("pwrite64" in call for call in calls):
                yield calls
            calls, marked = [], True
        else:
            calls.append(line)


def trace(log: Path, *child: str) -> str | None:
    """What a command that marks its commits asks of the disk, or None where strace is missing or not allowed to trace."""
    strace = shutil.which("strace")
    if strace is None:
        return None
    watched = "trace=fsync,fdatasync,pwrite64,getppid"
    ran = subprocess.run([strace, "-f", "-y", "-s", "0", "-e", watched, "-o", log, *child], check=False, capture_output=True, text=True)
    if ran.returncode and "ptrace" in ran.stderr:
        return None
    ran.check_returncode()
    return log.read_text(encoding="utf-8", errors="replace")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bottles", type=at_least(1), default=300)
    parser.add_argument("--folder", type=existing_folder, default=Path.cwd())
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child is not None:
        book(asked.child, asked.bottles)
        return 0
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        ledger = Path(folder) / "ledger.db"
        child = (sys.executable, "-m", "benchmarks.ledger_syncs", "--child", str(ledger), "--bottles", str(asked.bottles))
        traced = trace(ledger.with_name("trace"), *child)
        if traced is None:
            print("syncs not counted: strace is not installed or may not trace here")
            return 0
        found = count(traced, ledger)
    wrong = {name: times for name, times in found.items() if name not in {"one sync", "checkpoint", "wal restarted"}}
    if asked.json:
        print(json.dumps({"commits": found.total(), **found}))
    else:
        print(f"{found.total()} commits: " + ", ".join(f"{name} {times}" for name, times in found.most_common()))
    return 1 if wrong or not found["one sync"] else 0


if __name__ == "__main__":
    sys.exit(main())
