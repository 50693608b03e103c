"""What scale and bins were set to, when and by whom: in ``kiosk.db``, never thrown away. The controller itself keeps only what holds now."""

from datetime import UTC, datetime
from pathlib import Path

from drivers.intake.bus import Calibration
from kiosk.agents import opened
from kiosk.console.calibrating.told import SetRight, What

SCHEMA = """
CREATE TABLE IF NOT EXISTS calibration (
    n INTEGER PRIMARY KEY, what TEXT NOT NULL, agent TEXT NOT NULL, utc TEXT NOT NULL,
    old_zero_g INTEGER NOT NULL, old_span REAL NOT NULL, old_bin_1_mm INTEGER NOT NULL, old_bin_2_mm INTEGER NOT NULL,
    new_zero_g INTEGER NOT NULL, new_span REAL NOT NULL, new_bin_1_mm INTEGER NOT NULL, new_bin_2_mm INTEGER NOT NULL);
"""


def read_history(path: Path) -> tuple[SetRight, ...]:
    """All of them, the newest first. Raises AgentsUnreadable."""
    if not path.exists():
        return ()
    with opened(path, SCHEMA) as db:
        rows = db.execute("SELECT * FROM calibration ORDER BY n DESC").fetchall()
    return tuple(
        SetRight(What(what), _calibration(values[:4]), _calibration(values[4:]), datetime.fromisoformat(utc).astimezone(UTC), agent)
        for _, what, agent, utc, *values in rows
        if what in list(What)
    )


def keep(path: Path, one: SetRight) -> None:
    """On the disk when it returns. Raises AgentsUnreadable."""
    with opened(path, SCHEMA) as db:
        values = (one.what.value, one.by, one.at.isoformat(), *_values(one.old), *_values(one.new))
        db.execute("INSERT INTO calibration VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def _calibration(values: list[float]) -> Calibration:
    zero, span, first, second = values
    return Calibration(int(zero), float(span), (int(first), int(second)))


def _values(one: Calibration) -> tuple[int, float, int, int]:
    return one.zero_g, one.span, *one.bin_empty_mm
