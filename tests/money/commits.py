"""Commits to one of the files that must outlast a power cut, each between two marks that ``benchmarks.ledger_syncs`` counts by.

python commits.py ledger|sync|city FILE LEVEL    of ``PRAGMA synchronous``, behind the program's back; FULL leaves it as it is
"""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks.ledger_syncs import book
from city import tables
from city.store import open_store
from ledger.database import driver
from ledger.journal import SqliteJournal, open_journal
from ledger.sync.acknowledged import Acknowledged

COMMITS = 30


def ledger(file: Path, level: str) -> None:
    def opened(*arguments: Any, **others: Any) -> SqliteJournal:
        journal = open_journal(*arguments, **others)
        weaken(driver(journal._writer._connection), level)
        return journal

    book(file, COMMITS, opened)


def sync(file: Path, level: str) -> None:
    with Acknowledged(file) as state:
        weaken(state._db, level)
        for row in range(COMMITS):
            between_marks(partial(state.acknowledge, "a" * 64, row, "b" * 64, "2026-11-24T09:00:00.000Z"))


def city(file: Path, level: str) -> None:
    store = open_store(f"sqlite:///{file}")
    with closing(store._engine.raw_connection()) as pooled:  # the one that every write here will take
        weaken(pooled.dbapi_connection, level)

    def write(row: int) -> None:
        with store.write() as connection:
            connection.execute(insert(tables.kiosk).values(kiosk=f"hall-{row}", generation="", first_seen="", last_seen="", health="{}"))

    for row in range(COMMITS):
        between_marks(partial(write, row))
    store.close()


def weaken(raw: Any, level: str) -> None:
    if level != "FULL":
        raw.execute(f"PRAGMA synchronous = {level}").close()


def between_marks(commit: Callable[[], None]) -> None:
    os.getppid()
    commit()
    os.getppid()


if __name__ == "__main__":
    {"ledger": ledger, "sync": sync, "city": city}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
