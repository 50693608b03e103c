"""Whether staff have put the kiosk to rest: in ``kiosk.db``, so that a start goes on resting. Who and when stands in the technical log as well."""

from datetime import UTC, datetime
from pathlib import Path

from kiosk.agents import opened
from kiosk.console.told import Rest
from kiosk.deposit.halts import RestMessage

SCHEMA = "CREATE TABLE IF NOT EXISTS rest (only INTEGER PRIMARY KEY CHECK (only = 1), message TEXT NOT NULL, agent TEXT NOT NULL, utc TEXT NOT NULL);"


def read_rest(path: Path) -> Rest | None:
    """None: the kiosk is not at rest. Raises AgentsUnreadable."""
    if not path.exists():
        return None
    with opened(path, SCHEMA) as db:
        found = db.execute("SELECT message, agent, utc FROM rest").fetchone()
    if found is None:
        return None
    message, agent, utc = found
    # a later program may know more reasons
    known = RestMessage(message) if message in list(RestMessage) else RestMessage.DESK
    return Rest(known, agent, datetime.fromisoformat(utc).astimezone(UTC))


def write_rest(path: Path, rest: Rest | None) -> None:
    """On the disk when it returns. Raises AgentsUnreadable."""
    with opened(path, SCHEMA) as db:
        db.execute("DELETE FROM rest")
        if rest is not None:
            db.execute("INSERT INTO rest VALUES (1, ?, ?, ?)", (rest.message.value, rest.by, rest.since.isoformat()))
