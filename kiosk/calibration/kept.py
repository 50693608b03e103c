"""What scale, bins and camera were set to, when and by whom: in ``kiosk.db``, never thrown away. The controller itself keeps only what holds now."""

from datetime import UTC, datetime
from pathlib import Path

from drivers.intake.bus import Calibration
from kiosk.agents import opened
from kiosk.console.calibrating.told import Framed, SetRight, What

SCHEMA = """
CREATE TABLE IF NOT EXISTS calibration (
    n INTEGER PRIMARY KEY, what TEXT NOT NULL, agent TEXT NOT NULL, utc TEXT NOT NULL,
    old_zero_g INTEGER NOT NULL, old_span REAL NOT NULL, old_bin_1_mm INTEGER NOT NULL, old_bin_2_mm INTEGER NOT NULL,
    new_zero_g INTEGER NOT NULL, new_span REAL NOT NULL, new_bin_1_mm INTEGER NOT NULL, new_bin_2_mm INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS framing (
    n INTEGER PRIMARY KEY, agent TEXT NOT NULL, utc TEXT NOT NULL,
    old_taken INTEGER NOT NULL, right REAL NOT NULL, down REAL NOT NULL, picture_mm REAL);
CREATE TABLE IF NOT EXISTS width (n INTEGER PRIMARY KEY, agent TEXT NOT NULL, utc TEXT NOT NULL, old_mm REAL, new_mm REAL NOT NULL);
"""


def read_history(path: Path) -> tuple[SetRight, ...]:
    """All of them, the newest first. Raises AgentsUnreadable."""
    if not path.exists():
        return ()
    with opened(path, SCHEMA) as db:
        rows = db.execute("SELECT * FROM calibration ORDER BY n DESC").fetchall()
        framings = db.execute("SELECT agent, utc, old_taken, right, down, picture_mm FROM framing ORDER BY n DESC").fetchall()
        widths = db.execute("SELECT agent, utc, old_mm, new_mm FROM width ORDER BY n DESC").fetchall()
    controller = (
        SetRight(What(what), _calibration(values[:4]), _calibration(values[4:]), _time(utc), agent)
        for _, what, agent, utc, *values in rows
        if what in list(What)
    )
    camera = (
        SetRight(What.CAMERA, Framed(bool(old), picture_mm=mm), Framed(True, right, down, mm), _time(utc), agent)
        for agent, utc, old, right, down, mm in framings
    )
    width = (
        SetRight(What.WIDTH, Framed(True, picture_mm=old), Framed(True, picture_mm=new), _time(utc), agent)
        for agent, utc, old, new in widths
    )
    return tuple(sorted((*controller, *camera, *width), key=lambda one: one.at, reverse=True))


def keep(path: Path, one: SetRight) -> None:
    """On the disk when it returns. Raises AgentsUnreadable."""
    with opened(path, SCHEMA) as db:
        match one.old, one.new:
            case Calibration(), Calibration():
                values = (one.what.value, one.by, one.at.isoformat(), *_values(one.old), *_values(one.new))
                db.execute("INSERT INTO calibration VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            case Framed(), Framed() if one.what is What.WIDTH:
                db.execute(
                    "INSERT INTO width VALUES (NULL, ?, ?, ?, ?)", (one.by, one.at.isoformat(), one.old.picture_mm, one.new.picture_mm)
                )
            case Framed(), Framed():
                framed = (one.by, one.at.isoformat(), one.old.taken, one.new.right, one.new.down, one.new.picture_mm)
                db.execute("INSERT INTO framing VALUES (NULL, ?, ?, ?, ?, ?, ?)", framed)
            case _:
                raise TypeError(one)


def _time(utc: str) -> datetime:
    return datetime.fromisoformat(utc).astimezone(UTC)


def _calibration(values: list[float]) -> Calibration:
    zero, span, first, second = values
    return Calibration(int(zero), float(span), (int(first), int(second)))


def _values(one: Calibration) -> tuple[int, float, int, int]:
    return one.zero_g, one.span, *one.bin_empty_mm
