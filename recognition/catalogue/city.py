"""What the city says of products: a whole list, or a delta to it. Either is taken whole or not at all; what is not in it, Open Food Facts may still know.

::

    list, delta ──▶ a copy of the catalogue, changed, on the disk ──▶ renamed to catalogue.db
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from recognition.catalogue.dump import Dump, DumpFlaw, DumpWrong, Record
from recognition.catalogue.entry import Source
from recognition.catalogue.own_list import LineWrong, ValueWrong, entry_of, gtin_of
from recognition.catalogue.store import PUT, SCHEMA, check, faults, reading, values_of
from recognition.catalogue.swap import alone, day_of, forget, opened, put_in_place

REMOVE = "DELETE FROM product WHERE gtin = ? AND source = ?"


@dataclass(frozen=True, slots=True)
class Taken:
    """``changed``: lines of the list or delta. ``delta`` is its id; ``known``: it was applied before, and nothing has changed."""

    changed: int
    delta: str = ""
    known: bool = False


def import_list(dump: Dump, path: Path, now: datetime) -> Taken:
    """The city's list takes the place of the one before, deltas and all. Raises DumpWrong, LineWrong, CatalogueUnreadable; nothing has changed then."""
    day = day_of(dump.path, now)
    with alone(path), _changed(path) as db:
        db.execute("DELETE FROM product WHERE source = ?", (Source.CITY.value,))
        newest, lines = day, 0
        for record in dump.records():
            newest, lines = max(newest, _put(db, dump, record, day)), lines + 1
        _listed(db, dump, newest, now)
    return Taken(lines)


def apply_delta(dump: Dump, path: Path, now: datetime) -> Taken:
    """Once, by its id. Raises as ``import_list``; a delta that has not as many lines as it says was cut off."""
    records = dump.records()
    named = next(records)
    name, promised = delta_of(named), (named.fields or {}).get("lines")
    day, lines = day_of(dump.path, now), 0
    if name is None:
        raise DumpWrong(dump.path, DumpFlaw.COLUMNS)
    with alone(path):
        if _is_known(path, name):
            return Taken(0, name, known=True)
        with _changed(path) as db:
            newest = day
            for record in records:
                newest, lines = max(newest, _put(db, dump, record, day)), lines + 1
            if lines != promised:
                raise DumpWrong(dump.path, DumpFlaw.CUT_OFF, lines + 1)
            db.execute("INSERT INTO delta VALUES (?, ?)", (name, now.astimezone(UTC).isoformat()))
            _listed(db, dump, newest, now)
    return Taken(lines, name)


def delta_of(record: Record) -> str | None:
    """The id of a delta, by its first line."""
    name = (record.fields or {}).get("delta")
    return name if isinstance(name, str) and name else None


def _is_known(path: Path, name: str) -> bool:
    if not path.exists():
        return False
    with closing(reading(path)) as db, faults(path):
        return db.execute("SELECT 1 FROM delta WHERE id = ?", (name,)).fetchone() is not None


@contextmanager
def _changed(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a copy, which takes the catalogue's place if nothing was raised."""
    new = path.with_name(f"{path.name}.new")
    try:
        with faults(new):
            forget(new)
            with closing(opened(new, "rwc")) as db:
                if path.exists():
                    check(path)
                    with closing(reading(path)) as old:
                        old.backup(db)
                else:
                    db.executescript(SCHEMA)
                db.execute("BEGIN")
                yield db
                db.execute("COMMIT")
            put_in_place(new, path)
    except BaseException:
        forget(new)
        raise


def _put(db: sqlite3.Connection, dump: Dump, record: Record, day: date) -> date:
    """One line; its date. Raises LineWrong, DumpWrong."""
    fields = record.fields
    if fields is None:
        raise DumpWrong(dump.path, DumpFlaw.LINE, record.number)
    try:
        if fields.get("gone") is True:
            db.execute(REMOVE, (gtin_of(fields), Source.CITY.value))
            return day
        entry = entry_of(fields, Source.CITY, day)
    except ValueWrong as error:
        raise LineWrong(dump.path, record.number, error.column, error.found, error.allowed) from error
    db.execute(PUT, values_of(entry))
    return entry.date


def _listed(db: sqlite3.Connection, dump: Dump, newest: date, now: datetime) -> None:
    (products,) = db.execute("SELECT count(*) FROM product WHERE source = ?", (Source.CITY.value,)).fetchone()
    row = (Source.CITY.value, dump.path.name, newest.isoformat(), now.astimezone(UTC).date().isoformat(), products, "")
    db.execute("INSERT OR REPLACE INTO list VALUES (?, ?, ?, ?, ?, ?)", row)
