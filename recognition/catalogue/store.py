"""The catalogue's file: SQLite, read in place and never written there. Whoever changes it makes another file and puts that in its place, so a reader has the old one or the new one, whole.

::

    product   what a code stands for, by whom: the city's word before that of Open Food Facts
    list      what each source's list is, how old, and under which licence
    delta     which changes of the city were applied

What Open Food Facts said is a database under the ODbL: it stands in rows of its own, and the file says so of itself (``list.licence``).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from config.files import Trouble, ordinary, trouble_of
from config.sqlite import REFUSALS, DatabaseUnusable, sqlite_trouble
from config.vocabulary import Gtin
from recognition.catalogue.entry import Entry, Packaging, Source

APPLICATION_ID = 0x434E5347
"""CNSG in the file's header, for ``file`` and whoever looks."""

OLD_DAYS = 92
"""A quarter without a new word: new bottles come with each season. Chosen."""

VERSION = 1
"""Of the tables. A file of another one is made anew from its dump."""

SCHEMA = f"""
BEGIN;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
CREATE TABLE product (
    gtin TEXT NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL, packaging TEXT NOT NULL, volume_ml INTEGER, empty_g REAL,
    deposit INTEGER NOT NULL, date TEXT NOT NULL, PRIMARY KEY (gtin, source)) STRICT, WITHOUT ROWID;
CREATE TABLE list (
    source TEXT PRIMARY KEY, file TEXT NOT NULL, date TEXT NOT NULL, imported TEXT NOT NULL, products INTEGER NOT NULL, licence TEXT NOT NULL) STRICT;
CREATE TABLE delta (id TEXT PRIMARY KEY, applied TEXT NOT NULL) STRICT;
COMMIT;
"""

# "city" stands before "open_food_facts", by name as well as by right
FIND = "SELECT gtin, name, packaging, volume_ml, empty_g, deposit, source, date FROM product WHERE gtin = ? ORDER BY source LIMIT 1"

PUT = "INSERT OR REPLACE INTO product VALUES (:gtin, :source, :name, :packaging, :volume_ml, :empty_g, :deposit, :date)"


class CatalogueUnreadable(DatabaseUnusable):
    """It cannot be read, or not be written anew."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A source's list. ``newest``: when its newest word was said; ``imported``: when it was put in here; ``licence`` may be empty."""

    source: Source
    file: str
    newest: date
    imported: date
    products: int
    licence: str


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """SQLite's errors and the system's as CatalogueUnreadable."""
    try:
        yield
    except OSError as error:
        # what is read meanwhile, as a dump on a stick, may be what fails
        named = Path(os.fsdecode(error.filename)) if error.filename else path
        raise CatalogueUnreadable(named, error.strerror or str(error), trouble_of(error)) from error
    except REFUSALS as error:
        raise CatalogueUnreadable(path, str(error), sqlite_trouble(path, error)) from error


def reading(path: Path) -> sqlite3.Connection:
    """A connection that takes the file as it is, to whatever thread. Raises CatalogueUnreadable; TAKEN: something else lies there, that no import may replace."""
    with faults(path):
        ordinary(path)
        _recognise(path)
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        try:
            (found,) = db.execute("PRAGMA user_version").fetchone()
        except BaseException:
            db.close()
            raise
    if found != VERSION:
        db.close()
        raise CatalogueUnreadable(path, f"version {found}, not {VERSION}", Trouble.DAMAGED)
    return db


def _recognise(path: Path) -> None:
    """By the header of SQLite's file format (https://www.sqlite.org/fileformat.html, 1.3): what else has a name that somebody configured must not be lost for it."""
    with path.open("rb") as file:
        header = file.read(72)
    if not header:
        raise CatalogueUnreadable(path, "0 bytes", Trouble.DAMAGED)
    if not header.startswith(b"SQLite format 3\0") or header[68:] != APPLICATION_ID.to_bytes(4, "big"):
        raise CatalogueUnreadable(path, "no catalogue", Trouble.TAKEN)


class Catalogue:
    """Looks products up, by the file that lies there at that moment. Of one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int, int] | None = None
        self._db: sqlite3.Connection | None = None

    def find(self, gtin: Gtin) -> Entry | None:
        """What is known of a code in canonical form. Raises CatalogueUnreadable: also where there is no file."""
        with faults(self.path):
            row = self._current().execute(FIND, (gtin,)).fetchone()
        return None if row is None else _entry(self.path, row)

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db = self._stamp = None

    def _current(self) -> sqlite3.Connection:
        """The file may have been replaced since."""
        found = self.path.stat()
        stamp = found.st_ino, found.st_size, found.st_mtime_ns
        if self._db is None or stamp != self._stamp:
            self.close()
            self._db, self._stamp = reading(self.path), stamp
        return self._db


def lists(path: Path) -> tuple[Listed, ...]:
    """What the file is made of, the newest first. Raises CatalogueUnreadable."""
    with closing(reading(path)) as db, faults(path):
        rows = db.execute("SELECT source, file, date, imported, products, licence FROM list ORDER BY date DESC").fetchall()
    try:
        return tuple(
            Listed(Source(source), file, date.fromisoformat(of), date.fromisoformat(imported), products, licence)
            for source, file, of, imported, products, licence in rows
        )
    except ValueError as error:
        raise CatalogueUnreadable(path, str(error), Trouble.DAMAGED) from error


def age_days(found: tuple[Listed, ...], today: date) -> int | None:
    """Of the newest word in any list; None where there is none."""
    return min(((today - listed.newest).days for listed in found), default=None)


def check(path: Path) -> None:
    """Reads the whole file. Raises CatalogueUnreadable where it is damaged."""
    with closing(reading(path)) as db, faults(path):
        found = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise CatalogueUnreadable(path, str(found[0]), Trouble.DAMAGED)


def values_of(entry: Entry) -> dict[str, Any]:
    """As ``PUT`` takes them."""
    return {
        "gtin": entry.gtin,
        "source": entry.source.value,
        "name": entry.name,
        "packaging": entry.packaging.value,
        "volume_ml": entry.volume_ml,
        "empty_g": entry.empty_g,
        "deposit": int(entry.deposit),
        "date": entry.date.isoformat(),
    }


def _entry(path: Path, row: tuple[Any, ...]) -> Entry:
    gtin, name, packaging, volume_ml, empty_g, deposit, source, of = row
    try:
        return Entry(Gtin(gtin), name, Packaging(packaging), volume_ml, empty_g, bool(deposit), Source(source), date.fromisoformat(of))
    except ValueError as error:
        raise CatalogueUnreadable(path, str(error), Trouble.DAMAGED) from error
