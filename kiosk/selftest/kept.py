"""How far a self-test at the screen is, in ``kiosk.db``: a start in the middle of one goes on behind the last step that ended. No picture and no name in it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.agents import opened
from kiosk.selftest.results import Figure, Measured, Outcome, Part, Result, Stated, StepReason, Unit

SCHEMA = """
CREATE TABLE IF NOT EXISTS self_test (only INTEGER PRIMARY KEY CHECK (only = 1), agent TEXT NOT NULL, over INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS self_test_step (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, result TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What steps came to, in the order in which they ended. ``over``: the test went to its end."""

    results: tuple[Result, ...]
    over: bool


def read_kept(path: Path) -> Kept | None:
    """None: nobody has begun one. What a later program wrote and this one does not know is left out. Raises AgentsUnreadable."""
    if not path.exists():
        return None
    with opened(path, SCHEMA) as db:
        run = db.execute("SELECT over FROM self_test").fetchone()
        rows = db.execute("SELECT result FROM self_test_step ORDER BY place").fetchall()
    if run is None:
        return None
    return Kept(tuple(result for (told,) in rows if (result := _result_of(told)) is not None), bool(run[0]))


def begin_kept(path: Path, agent: str, known: Iterable[Result]) -> None:
    """A test begins, or goes on with what is known. On the disk when it returns. Raises AgentsUnreadable."""
    with opened(path, SCHEMA) as db:
        db.execute("DELETE FROM self_test")
        db.execute("DELETE FROM self_test_step")
        db.execute("INSERT INTO self_test VALUES (1, ?, 0)", (agent,))
        for result in known:
            _keep(db.execute, result)


def keep_step(path: Path, result: Result) -> None:
    """Likewise."""
    with opened(path, SCHEMA) as db:
        _keep(db.execute, result)


def end_kept(path: Path) -> None:
    """It went to its end. Likewise."""
    with opened(path, SCHEMA) as db:
        db.execute("UPDATE self_test SET over = 1")


def _keep(execute: Any, result: Result) -> None:
    execute("DELETE FROM self_test_step WHERE name = ?", (result.name,))
    execute("INSERT INTO self_test_step (name, result) VALUES (?, ?)", (result.name, _told(result)))


def _told(result: Result) -> str:
    figures = [_figure(figure) for figure in result.figures]
    decisive = None if result.decisive is None else _figure(result.decisive)
    return json.dumps(
        {
            "name": result.name,
            "outcome": result.outcome,
            "figures": figures,
            "decisive": decisive,
            "part": result.part,
            "reason": result.reason,
            "detail": result.detail,
        }
    )


def _figure(figure: Measured | Stated) -> list[object]:
    match figure:
        case Measured(what, value, unit, low, high):
            return [what, value, unit, low, high]
        case Stated(what, value, expected):
            return [what, value, expected]


def _result_of(told: str) -> Result | None:
    try:
        line = json.loads(told)
        return Result(
            line["name"],
            Outcome(line["outcome"]),
            tuple(_figure_of(figure) for figure in line["figures"]),
            None if line["decisive"] is None else _figure_of(line["decisive"]),
            None if line["part"] is None else Part(line["part"]),
            None if line["reason"] is None else StepReason(line["reason"]),
            line["detail"],
        )
    except (ValueError, KeyError, TypeError):
        return None


def _figure_of(told: list[Any]) -> Measured | Stated:
    if len(told) == 3:
        what, said, expected = told
        return Stated(Figure(what), said, expected)
    what, value, unit, low, high = told
    return Measured(Figure(what), value, Unit(unit), low, high)
