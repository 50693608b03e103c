"""Staff's own entries, in ``kiosk.db``: they win over any list, and no import touches them."""

from datetime import date
from pathlib import Path

from config.vocabulary import Gtin
from kiosk.agents import opened
from recognition.catalogue.entry import Entry, Packaging, Source

SCHEMA = """
CREATE TABLE IF NOT EXISTS product (
    gtin TEXT PRIMARY KEY, name TEXT NOT NULL, packaging TEXT NOT NULL, volume_ml INTEGER, empty_g REAL, deposit INTEGER NOT NULL, date TEXT NOT NULL);
"""


def read_own(path: Path) -> dict[Gtin, Entry]:
    """By code. What a later program wrote and this one does not know is left out. Raises AgentsUnreadable."""
    if not path.exists():
        return {}
    with opened(path, SCHEMA) as db:
        rows = db.execute("SELECT gtin, name, packaging, volume_ml, empty_g, deposit, date FROM product").fetchall()
    return {
        Gtin(gtin): Entry(Gtin(gtin), name, Packaging(packaging), volume_ml, empty_g, bool(deposit), Source.OWN, date.fromisoformat(day))
        for gtin, name, packaging, volume_ml, empty_g, deposit, day in rows
        if packaging in set(Packaging)
    }


def keep_own(path: Path, entry: Entry) -> None:
    """In the place of what was said of that code before. On the disk when it returns. Raises AgentsUnreadable."""
    values = (entry.gtin, entry.name, entry.packaging.value, entry.volume_ml, entry.empty_g, int(entry.deposit), entry.date.isoformat())
    with opened(path, SCHEMA) as db:
        db.execute("INSERT OR REPLACE INTO product VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def forget_own(path: Path, gtin: Gtin) -> bool:
    """Whether there was one. Raises AgentsUnreadable."""
    if not path.exists():
        return False
    with opened(path, SCHEMA) as db:
        return db.execute("DELETE FROM product WHERE gtin = ?", (gtin,)).rowcount == 1
