"""How a catalogue is made anew from a dump of Open Food Facts. The one in use stays until the other is whole::

    dump ──line by line──▶ catalogue.db.import ──city's rows, list──▶ on the disk ──▶ renamed to catalogue.db
              ▲                    │ every 20,000 lines with the place
              └── cut off: goes on at that place, if it is the same dump

Whatever cuts it off, a kill, a full disk, a dump that ends too early: the file in use was not touched.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from config.files import Trouble
from config.told import WrongUse
from recognition.catalogue import open_food_facts
from recognition.catalogue.dump import Dump, DumpFlaw, DumpWrong
from recognition.catalogue.entry import Entry, Source
from recognition.catalogue.open_food_facts import LICENCE
from recognition.catalogue.store import PUT, SCHEMA, CatalogueUnreadable, check, faults, lists, values_of
from recognition.catalogue.swap import alone, day_of, forget, opened, put_in_place

LINES_A_COMMIT = 20_000

BROKEN_SHARE, BROKEN_FROM = 0.05, 200
"""A dump of which more than this share of its lines cannot be read is something else, or another encoding; judged from so many lines on, and at the end."""

SHRUNK_TO = 0.5
"""A new list with less than this share of the old one's products is told and not taken: it may be a part of a dump."""

PLACE = """
CREATE TABLE place (
    one INTEGER PRIMARY KEY CHECK (one = 1), dump TEXT NOT NULL, end INTEGER NOT NULL, number INTEGER NOT NULL,
    counts TEXT NOT NULL, newest TEXT NOT NULL) STRICT
"""


class Stage(StrEnum):
    READING = "reading"
    FINISHING = "finishing"
    IN_PLACE = "in_place"


@dataclass(frozen=True, slots=True)
class Progress:
    """``at`` of ``size`` bytes of the dump's file were read."""

    stage: Stage
    at: int
    size: int
    lines: int


class Shrunk(WrongUse):
    """The new list is much smaller than the one in use."""

    def __init__(self, path: Path, found: int, before: int) -> None:
        super().__init__(f"{path}: {found} products, {before} before")
        self.path = path
        self.found = found
        self.before = before


@dataclass(slots=True)
class Imported:
    """``dropped``: why products are no entries, and ``broken`` for lines that cannot be read. ``resumed``: the lines that an earlier run had read.

    ``lost``: the catalogue before was damaged, and what the city's lists had put there is gone with it.
    """

    lines: int = 0
    products: int = 0
    newest: date = date.min
    resumed: int = 0
    lost: bool = False
    dropped: Counter[str] = field(default_factory=Counter)


def import_dump(dump: Dump, path: Path, now: datetime, told: Callable[[Progress], None], *, smaller: bool = False) -> Imported:
    """A dump of Open Food Facts becomes the list of that source. Raises DumpWrong, Shrunk, CatalogueUnreadable; nothing has changed then."""
    columns = dump.columns
    if columns is not None and not ("code" in columns and open_food_facts.OF_PACKAGING & set(columns)):
        raise DumpWrong(dump.path, DumpFlaw.COLUMNS)
    partial = path.with_name(f"{path.name}.import")
    with alone(path):
        try:
            with faults(partial):
                with closing(_partial(partial, dump)) as db:
                    done = _read(dump, db, day_of(dump.path, now), told)
                    told(Progress(Stage.FINISHING, dump.size, dump.size, done.lines))
                    _finish(db, done, dump, path, now, smaller=smaller)
                put_in_place(partial, path)
        except DumpWrong:
            forget(partial)
            raise
        except CatalogueUnreadable as error:
            if error.trouble is Trouble.FULL:
                # the ledger may need that room
                forget(partial)
            raise
    told(Progress(Stage.IN_PLACE, dump.size, dump.size, done.lines))
    return done


def _partial(partial: Path, dump: Dump) -> sqlite3.Connection:
    """What an earlier run had read of the same dump, or nothing."""
    with suppress(sqlite3.Error):
        db = opened(partial, "rw")
        try:
            if db.execute("SELECT dump FROM place").fetchone() == (dump.identity,):
                return db
        except sqlite3.Error:
            db.close()
            raise
        db.close()
    forget(partial)
    db = opened(partial, "rwc")
    db.executescript(SCHEMA)
    db.execute("BEGIN")
    db.execute(PLACE)
    db.execute("INSERT INTO place VALUES (1, ?, 0, 0, '{}', ?)", (dump.identity, date.min.isoformat()))
    db.execute("COMMIT")
    return db


def _read(dump: Dump, db: sqlite3.Connection, not_after: date, told: Callable[[Progress], None]) -> Imported:
    """Line by line from where an earlier run came to, each commit with its place."""
    end, number, counts, newest = db.execute("SELECT end, number, counts, newest FROM place").fetchone()
    done = Imported(number, newest=date.fromisoformat(newest), resumed=number, dropped=Counter(json.loads(counts)))
    committed = number
    db.execute("BEGIN")
    for record in dump.records(end, number):
        done.lines, end = record.number, record.end
        found = DumpFlaw.BROKEN if record.fields is None else open_food_facts.entry_of(record.fields, not_after)
        if isinstance(found, Entry):
            db.execute(PUT, values_of(found))
            done.newest = max(done.newest, found.date)
        else:
            done.dropped[found.value] += 1
        if done.lines - committed >= LINES_A_COMMIT:
            _commit(db, end, done)
            committed = done.lines
            _refuse_broken(dump, done)
            told(Progress(Stage.READING, dump.at, dump.size, done.lines))
    _commit(db, end, done)
    db.execute("COMMIT")
    _refuse_broken(dump, done, at_end=True)
    return done


def _commit(db: sqlite3.Connection, end: int, done: Imported) -> None:
    place = (end, done.lines, json.dumps(done.dropped), done.newest.isoformat())
    db.execute("UPDATE place SET end = ?, number = ?, counts = ?, newest = ?", place)
    db.execute("COMMIT")
    db.execute("BEGIN")


def _refuse_broken(dump: Dump, done: Imported, *, at_end: bool = False) -> None:
    broken = done.dropped[DumpFlaw.BROKEN]
    if broken > BROKEN_SHARE * done.lines and (at_end or done.lines >= BROKEN_FROM):
        raise DumpWrong(dump.path, DumpFlaw.BROKEN, done.lines)


def _finish(db: sqlite3.Connection, done: Imported, dump: Dump, path: Path, now: datetime, *, smaller: bool) -> None:
    """Takes over what the city has said, and makes a catalogue of what was read. All or nothing."""
    (done.products,) = db.execute("SELECT count(*) FROM product WHERE source = ?", (Source.OPEN_FOOD_FACTS.value,)).fetchone()
    before = _before(path)
    if not done.products:
        raise DumpWrong(dump.path, DumpFlaw.EMPTY)
    if before is not None and not smaller and done.products < SHRUNK_TO * before:
        raise Shrunk(dump.path, done.products, before)
    if before is not None:
        db.execute("ATTACH ? AS old", (f"{path.absolute().as_uri()}?mode=ro&immutable=1",))
    done.lost = before is None and path.exists()
    listed = (
        Source.OPEN_FOOD_FACTS.value,
        dump.path.name,
        done.newest.isoformat(),
        now.astimezone(UTC).date().isoformat(),
        done.products,
        LICENCE,
    )
    db.execute("BEGIN")
    # what an earlier run that was cut off here had put in
    db.execute("DELETE FROM main.product WHERE source = ?", (Source.CITY.value,))
    db.execute("DELETE FROM main.list")
    db.execute("DELETE FROM main.delta")
    if before is not None:
        db.execute("INSERT INTO main.product SELECT * FROM old.product WHERE source = ?", (Source.CITY.value,))
        db.execute("INSERT INTO main.list SELECT * FROM old.list WHERE source = ?", (Source.CITY.value,))
        db.execute("INSERT INTO main.delta SELECT * FROM old.delta")
    db.execute("INSERT INTO main.list VALUES (?, ?, ?, ?, ?, ?)", listed)
    db.execute("COMMIT")


def _before(path: Path) -> int | None:
    """How many products the catalogue in use has of this source; None: there is none, or it is damaged. Raises CatalogueUnreadable."""
    if not path.exists():
        return None
    try:
        check(path)
        return next((listed.products for listed in lists(path) if listed.source is Source.OPEN_FOOD_FACTS), 0)
    except CatalogueUnreadable as error:
        if error.trouble is Trouble.DAMAGED:
            return None
        raise
