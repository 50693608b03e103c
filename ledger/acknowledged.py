"""sync.db: what the city acknowledged of each ledger file, where it disagreed, and how the last round went. The sync alone writes it.

It holds nothing that the city could not tell again: losing it costs one question, never a row.
"""

import json
import sqlite3
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote

from config.files import Trouble, ordinary, trouble_of
from ledger.outcomes import CityAhead, Disagreed, Outcome
from ledger.trouble import sqlite_trouble

SCHEMA = """
CREATE TABLE IF NOT EXISTS acknowledged (
    generation TEXT PRIMARY KEY, row INTEGER NOT NULL, head TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS conflict (
    generation TEXT NOT NULL, error TEXT NOT NULL, row INTEGER NOT NULL, held TEXT NOT NULL, sent TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, times INTEGER NOT NULL,
    PRIMARY KEY (generation, error, row, held, sent)) STRICT;
CREATE TABLE IF NOT EXISTS last_round (
    one INTEGER PRIMARY KEY CHECK (one = 1), outcome TEXT NOT NULL, facts TEXT NOT NULL, at TEXT NOT NULL, since TEXT NOT NULL) STRICT;
"""
"""``conflict.sent`` is empty where this ledger has no row to send. ``last_round.since``: the first of an unbroken line of the same outcome."""

BUSY_S = 5.0


class StateError(Exception):
    """sync.db cannot be used."""

    def __init__(self, path: Path, detail: str, trouble: Trouble) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail
        self.trouble = trouble


class Position(NamedTuple):
    row: int
    head: str


class Conflict(NamedTuple):
    error: str
    row: int
    held: str
    sent: str
    times: int


class LastRound(NamedTuple):
    """The name of an outcome's type with its facts; times as in the ledger."""

    outcome: str
    facts: dict[str, object]
    at: str
    since: str


class Acknowledged:
    """Each call that writes is durable when it returns. Raises StateError from everything it does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            if path.exists():
                ordinary(path)
            self._db = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=rwc", uri=True, timeout=BUSY_S, isolation_level=None)
        except sqlite3.Error as error:
            raise StateError(path, str(error), sqlite_trouble(path, error)) from error
        except OSError as error:
            raise StateError(path, error.strerror or str(error), trouble_of(error)) from error
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(SCHEMA)
        except sqlite3.Error as error:
            self._db.close()
            raise StateError(path, str(error), sqlite_trouble(path, error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    def position(self, generation: str) -> Position | None:
        found = self._execute("SELECT row, head FROM acknowledged WHERE generation = ?", generation)
        return Position(*found[0]) if found else None

    def acknowledge(self, generation: str, row: int, head: str, at: str) -> None:
        """The city holds the ledger up to ``row``; it may say less than before when it was restored from a copy."""
        self._execute(
            "INSERT INTO acknowledged VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET row = excluded.row, head = excluded.head, at = excluded.at",
            generation,
            row,
            head,
            at,
        )

    def record(self, generation: str, found: Disagreed | CityAhead, at: str) -> None:
        """Keeps what a person must see; the same again only counts."""
        clash = (found.error, found.row, found.held, found.sent) if isinstance(found, Disagreed) else ("ahead", found.row, found.head, "")
        self._execute(
            "INSERT INTO conflict VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, times = times + 1",
            generation,
            *clash,
            at,
            at,
        )

    def conflicts(self, generation: str) -> list[Conflict]:
        found = self._execute("SELECT error, row, held, sent, times FROM conflict WHERE generation = ? ORDER BY first_seen", generation)
        return [Conflict(*row) for row in found]

    def finish(self, outcome: Outcome, at: str) -> None:
        """How the round went, for whoever looks."""
        name = type(outcome).__name__
        self._execute(
            """INSERT INTO last_round VALUES (1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                since = iif(outcome = excluded.outcome, since, excluded.since),
                outcome = excluded.outcome, facts = excluded.facts, at = excluded.at""",
            name,
            json.dumps(asdict(outcome)),
            at,
            at,
        )

    def last_round(self) -> LastRound | None:
        found = self._execute("SELECT outcome, facts, at, since FROM last_round")
        return LastRound(found[0][0], json.loads(found[0][1]), found[0][2], found[0][3]) if found else None

    def _execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise StateError(self._path, str(error), sqlite_trouble(self._path, error)) from error
