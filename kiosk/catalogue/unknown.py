"""Codes of bottles that were credited and that no list knows, in ``status.db``, for the city to look up: how often each came and on which days first and last. Nothing of a visit, no sum.

The file may be thrown away: a damaged one is made anew. Beyond ``KEPT`` codes those that came longest ago go.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.files import Trouble, trouble_of
from config.sqlite import REFUSALS, sqlite_trouble
from config.vocabulary import Gtin
from recognition.catalogue.store import CatalogueUnreadable

SCHEMA = "CREATE TABLE IF NOT EXISTS unknown (gtin TEXT PRIMARY KEY, times INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL)"
ADD = "INSERT INTO unknown VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times, last = excluded.last"
DROP = "DELETE FROM unknown WHERE gtin NOT IN (SELECT gtin FROM unknown ORDER BY last DESC, times DESC LIMIT ?)"

KEPT = 10_000
BUSY_S = 2.0


@dataclass(frozen=True, slots=True)
class Unknown:
    gtin: Gtin
    times: int
    first: date
    last: date


def note_unknown(path: Path, seen: Mapping[Gtin, int], day: date) -> None:
    """Raises CatalogueUnreadable."""
    try:
        _add(path, seen, day)
    except CatalogueUnreadable as error:
        if error.trouble is not Trouble.DAMAGED:
            raise
        path.unlink()
        _add(path, seen, day)


def read_unknown(path: Path) -> tuple[Unknown, ...]:
    """What came most often first. Raises CatalogueUnreadable."""
    if not path.exists():
        return ()
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)) as db:
            rows = db.execute("SELECT gtin, times, first, last FROM unknown ORDER BY times DESC, gtin").fetchall()
    except REFUSALS as error:
        raise CatalogueUnreadable(path, str(error), sqlite_trouble(path, error)) from error
    return tuple(Unknown(Gtin(gtin), times, date.fromisoformat(first), date.fromisoformat(last)) for gtin, times, first, last in rows)


def _add(path: Path, seen: Mapping[Gtin, int], day: date) -> None:
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S)) as db, db:
            db.execute(SCHEMA)
            db.executemany(ADD, [(gtin, times, day.isoformat(), day.isoformat()) for gtin, times in seen.items()])
            db.execute(DROP, (KEPT,))
    except OSError as error:
        raise CatalogueUnreadable(path, error.strerror or str(error), trouble_of(error)) from error
    except REFUSALS as error:
        raise CatalogueUnreadable(path, str(error), sqlite_trouble(path, error)) from error
