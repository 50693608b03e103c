"""sync.db: what the city acknowledged of each ledger file, where it disagreed, and how the last round went. The sync alone writes it.

It holds nothing that the city could not tell again: losing it costs one question, never a row. So one that is damaged, or is of another
program's making, is never in the way: it is set aside under another name, which is told, and made anew.

A round in which nothing has changed writes nothing, for a kiosk's card wears by what is written: only the time of the last round is brought up to date every ``TOLD_AGAIN``. So it has a rollback journal and no WAL, whose
index is made anew by each who opens it.
"""

import itertools
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, assert_never

from config.files import Trouble, trouble_of
from config.sqlite import REFUSALS, sqlite_trouble
from ledger.chain import time_of
from ledger.reader import connect, open_reader
from ledger.sync.outcomes import CityAhead, Disagreed, Outcome, Overruled, SetAside

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

TOLD_AGAIN = timedelta(minutes=15)
"""What stays the same has at most so old a time."""

NO_DAMAGE = frozenset({Trouble.BUSY, Trouble.FULL, Trouble.NO_FOLDER, Trouble.NOT_A_FOLDER})
"""What a new file would not mend."""


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


class Mark(NamedTuple):
    """What the city acknowledged of one ledger; ``generation`` is the hash of its first row."""

    generation: str
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
    """Each call that writes is durable when it returns. Raises StateError from everything it does.

    ``set_aside`` says whether a damaged one lay there, and where it lies now.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.set_aside: SetAside | None = None
        try:
            self._db = _opened(path)
        except StateError as error:
            aside = _set_aside(error)
            self._db = _opened(path)
            self.set_aside = SetAside(str(path), str(aside), error.detail)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    def position(self, generation: str) -> Position | None:
        found = self._execute("SELECT row, head FROM acknowledged WHERE generation = ?", generation)
        return Position(*found[0]) if found else None

    def acknowledge(self, generation: str, row: int, head: str, at: str, *, newest: bool = False) -> None:
        """The city holds the ledger up to ``row``; it may say less than before when it was restored from a copy.

        ``newest``: the city knows no later one, whatever stands here. ``at``: when it said so first.
        """
        known = self._execute(
            "SELECT row, head, rowid = (SELECT max(rowid) FROM acknowledged) FROM acknowledged WHERE generation = ?", generation
        )
        if known and known[0][:2] == (row, head) and (known[0][2] or not newest):
            return
        self._execute(
            """INSERT INTO acknowledged VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                rowid = iif(?, (SELECT max(rowid) + 1 FROM acknowledged), rowid), row = excluded.row, head = excluded.head, at = excluded.at""",
            generation,
            row,
            head,
            at,
            newest,
        )

    def record(self, generation: str, found: Disagreed | CityAhead | Overruled, at: str) -> None:
        """Keeps what a person must see; the same again only counts."""
        match found:
            case Disagreed(error, row, held, sent):
                clash = error, row, held, sent
            case CityAhead(row, head):
                clash = "ahead", row, head, ""
            case Overruled(_, row, held):
                clash = "mark", row, held, ""
            case _:
                assert_never(found)
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
        name, facts = type(outcome).__name__, json.dumps(asdict(outcome))
        known = self._execute("SELECT outcome, facts, at FROM last_round")
        if known and known[0][:2] == (name, facts) and _fresh(known[0][2], at):
            return
        self._execute(
            """INSERT INTO last_round VALUES (1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                since = iif(outcome = excluded.outcome, since, excluded.since),
                outcome = excluded.outcome, facts = excluded.facts, at = excluded.at""",
            name,
            facts,
            at,
            at,
        )

    def takes_writes(self) -> None:
        """Before rows go out whose acknowledgement would have to be written down. Raises StateError where the file takes none."""
        for statement in ("BEGIN IMMEDIATE", "UPDATE last_round SET at = at", "COMMIT"):
            self._execute(statement)

    def last_round(self) -> LastRound | None:
        found = self._execute("SELECT outcome, facts, at, since FROM last_round")
        return LastRound(found[0][0], json.loads(found[0][1]), found[0][2], found[0][3]) if found else None

    def _execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(statement, values).fetchall()
        except REFUSALS as error:
            raise StateError(self._path, str(error), sqlite_trouble(self._path, error)) from error


def read_marks(path: Path) -> list[Mark]:
    """What was acknowledged of each ledger, the newest ledger last, for whoever only looks; none where there is no file. Raises StateError."""
    return [Mark(*found) for found in _read(path, "SELECT generation, row, head FROM acknowledged ORDER BY rowid")]


def last_acknowledged(path: Path) -> str | None:
    """When the city last acknowledged anything, be it once more the same, as a time of the ledger's; None where it never has. Raises StateError."""
    told = "SELECT at FROM acknowledged UNION SELECT at FROM last_round WHERE outcome = 'Delivered'"
    return max((str(at) for (at,) in _read(path, told)), default=None)


def read_last_round(path: Path) -> LastRound | None:
    """How the sync's last round went; None where there was none. Raises StateError."""
    found = _read(path, "SELECT outcome, facts, at, since FROM last_round")
    return LastRound(found[0][0], json.loads(found[0][1]), found[0][2], found[0][3]) if found else None


def _read(path: Path, statement: str) -> list[tuple[Any, ...]]:
    if not path.exists():
        return []
    try:
        with closing(open_reader(path)) as db:
            _look(db)
            return db.execute(statement).fetchall()
    except REFUSALS as error:
        raise StateError(path, str(error), sqlite_trouble(path, error)) from error
    except OSError as error:
        raise StateError(path, error.strerror or str(error), trouble_of(error)) from error
    except _Strange as error:
        raise StateError(path, str(error), Trouble.DAMAGED) from error


def _fresh(known: str, at: str) -> bool:
    """Whether a time that is known need not be told anew. One of a clock that was put back must."""
    return timedelta(0) <= time_of(at) - time_of(known) < TOLD_AGAIN


class _Strange(Exception):
    """A sound database that is not this one."""


def _opened(path: Path) -> sqlite3.Connection:
    """The file, made if there is none, and all of it looked at: it is small. Raises StateError."""
    try:
        db = connect(path, "rwc")
        try:
            db.execute("PRAGMA journal_mode = DELETE")
            # with FULL a journal may come back whose commit is over
            db.execute("PRAGMA synchronous = EXTRA")
            db.executescript(SCHEMA)
            _look(db)
        except (*REFUSALS, _Strange):
            db.close()
            raise
    except REFUSALS as error:
        raise StateError(path, str(error), sqlite_trouble(path, error)) from error
    except OSError as error:
        raise StateError(path, error.strerror or str(error), trouble_of(error)) from error
    except _Strange as error:
        raise StateError(path, str(error), Trouble.DAMAGED) from error
    return db


def _look(db: sqlite3.Connection) -> None:
    """Raises _Strange where something is not as this program writes it, sqlite3.Error where it cannot be read."""
    for (found,) in db.execute("PRAGMA integrity_check"):
        if found != "ok":
            raise _Strange(str(found))
    if _tables(db) != _own_tables():
        raise _Strange("the tables are another program's")
    for generation, row, head in db.execute("SELECT generation, row, head FROM acknowledged"):
        if not (re.fullmatch("[0-9a-f]{64}", generation) and row > 0 and re.fullmatch("[0-9a-f]{64}", head)):
            raise _Strange(f"row {row} of {generation} is acknowledged with {head}")
    for (facts,) in db.execute("SELECT facts FROM last_round"):
        try:
            json.loads(facts)
        except (ValueError, RecursionError) as error:
            raise _Strange(f"last_round: {error}") from error


def _tables(db: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


def _own_tables() -> set[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(SCHEMA)
        return _tables(empty)


def _set_aside(error: StateError) -> Path:
    """Gives what lies there another name, with its WAL. Raises the error again where that would not help, or cannot be done."""
    path = error.path
    if error.trouble in NO_DAMAGE:
        raise error
    names = (path.with_name(f"{path.stem}-damaged-{number}{path.suffix}") for number in itertools.count(1))
    aside = next(name for name in names if not name.exists())
    try:
        for part in ("-wal", "-shm", "-journal"):
            beside = path.with_name(path.name + part)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + part))
        path.rename(aside)
    except OSError:
        raise error from None
    return aside
