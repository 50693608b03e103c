"""What a technician reads of faults and upkeep: from the technical log, and of what was cleaned from ``kiosk.db``."""

from datetime import UTC, datetime
from pathlib import Path

from config.state import Files
from config.wear import wear_limits
from kiosk.agents import opened
from kiosk.console.upkeep.vocabulary import Cleaned, CleaningTerms, LogQuery, UpkeepLook
from kiosk.log_reading import LogGroup, LogLine, log_search

SCHEMA = "CREATE TABLE IF NOT EXISTS cleaning (n INTEGER PRIMARY KEY, utc TEXT NOT NULL, agent TEXT NOT NULL, items INTEGER);"

SHOWN = 20
"""Cleanings, and lines of faults: the last."""

MOST_LINES = 500


def look_at_upkeep(files: Files, terms: CleaningTerms, now: datetime) -> UpkeepLook:
    """Raises OSError, AgentsUnreadable."""
    faults = log_search(files.state, LogGroup.FAULTS, None, "", SHOWN)
    return UpkeepLook(faults, read_cleaned(files.kiosk), wear_limits(), terms, now)


def read_cleaned(path: Path) -> tuple[Cleaned, ...]:
    """The last, the newest first. Raises AgentsUnreadable."""
    if not path.exists():
        return ()
    with opened(path, SCHEMA) as db:
        found = db.execute("SELECT utc, agent, items FROM cleaning ORDER BY n DESC LIMIT ?", (SHOWN,)).fetchall()
    return tuple(Cleaned(datetime.fromisoformat(utc).astimezone(UTC), agent, items) for utc, agent, items in found)


def write_cleaned(path: Path, cleaned: Cleaned) -> None:
    """On the disk when it returns. Raises AgentsUnreadable."""
    with opened(path, SCHEMA) as db:
        db.execute("INSERT INTO cleaning (utc, agent, items) VALUES (?, ?, ?)", (cleaned.at.isoformat(), cleaned.by, cleaned.items))


def search(files: Files, query: LogQuery) -> tuple[LogLine, ...]:
    """Raises OSError."""
    return log_search(files.state, query.group, query.day, query.visit, MOST_LINES)
