"""Connections to a ledger file: the one that writes, and readers that cannot. Nobody else opens the file, by any means.

SQLite in WAL mode with synchronous FULL: a commit is on the disk when it returns. The library's faults become the ledger's types here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from config.files import trouble_of
from config.sqlite import REFUSALS, sqlite_trouble
from ledger import schema
from ledger.reader import connect as connect_plainly
from ledger.reader import open_reader
from ledger.schema import APPLICATION_ID
from ledger.upgrade import revision_of, upgrade
from ledger.vocabulary import LedgerError, LedgerUnavailable, NoLedger, WrongFile, WrongMoney

WAL_STAYS = 5_000_000
"""Bytes that the WAL keeps when it begins anew: a little more than the 1,000 pages after which SQLite writes it back. What a long reader made it grow
beyond is given back by the first commit after it."""


def connect(path: Path, mode: str) -> Connection:
    """A connection in SQLite's mode ``rw``, ``rwc`` (makes the file) or ``ro``. Its transactions are IMMEDIATE, a reader's are snapshots."""
    begin = "BEGIN" if mode == "ro" else "BEGIN IMMEDIATE"

    def open_file() -> sqlite3.Connection:
        raw = open_reader(path) if mode == "ro" else connect_plainly(path, mode)
        try:
            raw.execute("PRAGMA foreign_keys = ON")
            raw.execute("PRAGMA synchronous = FULL")
            if mode == "rwc":
                raw.execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error:
            raw.close()
            raise
        return raw

    engine = create_engine("sqlite://", creator=open_file, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver(connection).execute(begin)

    return engine.connect()


def driver(connection: Connection) -> sqlite3.Connection:
    """The sqlite3 connection beneath, for what SQLite refuses inside a transaction."""
    raw: Any = connection.connection.dbapi_connection
    return cast("sqlite3.Connection", raw)


@contextmanager
def straight(connection: Connection) -> Iterator[sqlite3.Connection]:
    """A transaction that writes, on sqlite3 itself: for the one that comes with every bottle, where SQLAlchemy's own way costs a fifth."""
    raw = driver(connection)
    raw.execute("BEGIN IMMEDIATE")
    try:
        yield raw
        raw.commit()
    except BaseException:
        raw.rollback()
        raise


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """SQLite's errors as the ledger's: a broken rule is WrongMoney, a file that is no database WrongFile, everything else LedgerUnavailable."""
    try:
        yield
    except IntegrityError as error:
        raise WrongMoney(str(error.orig)) from error
    except DBAPIError as error:
        raise _fault(path, error.orig) from error
    except sqlite3.IntegrityError as error:
        raise WrongMoney(str(error)) from error
    except REFUSALS as error:
        raise _fault(path, error) from error


def open_writer(path: Path) -> Connection:
    """Opens a ledger to write, its schema brought up to date. The caller holds the lock.

    Raises NoLedger, WrongFile, SchemaUnknown, LedgerUnavailable.
    """
    with faults(path):
        _keep_one_name(path)
        connection = _open(path, "rw")
        try:
            found = revision_of(connection, str(path))
            connection.rollback()
            driver(connection).execute("PRAGMA journal_mode = WAL")
            driver(connection).execute(f"PRAGMA journal_size_limit = {WAL_STAYS}")
            if found != schema.REVISIONS[-1]:
                with connection.begin():
                    upgrade(connection)
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def reading(path: Path, judging: bool = False) -> Iterator[Connection]:
    """One consistent snapshot of a ledger that another process may be writing; of one that names no revision only for whoever is ``judging`` it.

    A ledger of an older schema is read as it is. Raises NoLedger, WrongFile, SchemaUnknown (a newer program's), LedgerUnavailable.
    """
    with faults(path):
        connection = _open(path, "ro")
        try:
            _refuse_unknown(connection, path, judging)
            yield connection
        finally:
            connection.close()


def _refuse_unknown(connection: Connection, path: Path, judging: bool) -> None:
    try:
        revision_of(connection, str(path))
    except WrongFile:
        if not judging:
            raise
        connection.rollback()


def _keep_one_name(path: Path) -> None:
    """Takes an archive name off the live file: a succession was cut off after it was given (SQLite's WAL goes by the name)."""
    if path.exists() and path.stat().st_nlink > 1:
        for other in path.parent.glob(archive_name("*", "*")):
            if other.samefile(path):
                other.unlink()


def archive_name(row: object, head: str) -> str:
    """What a ledger that has been succeeded is called, by its last row and that row's hash."""
    return f"ledger-{row}-{head[:8]}.db"


def _open(path: Path, mode: str) -> Connection:
    if not path.exists():
        raise NoLedger(str(path))
    try:
        connection = connect(path, mode)
    except OSError as error:
        raise LedgerUnavailable(str(error.filename or path), error.strerror or str(error), trouble_of(error)) from error
    try:
        application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if application != APPLICATION_ID:
            raise WrongFile(str(path), f"application_id is {application}, not {APPLICATION_ID}")
    except BaseException:
        connection.close()
        raise
    return connection


def _fault(path: Path, error: BaseException | None) -> LedgerError:
    code = error.sqlite_errorcode & 0xFF if isinstance(error, sqlite3.Error) and hasattr(error, "sqlite_errorcode") else None
    if code == sqlite3.SQLITE_NOTADB:
        return WrongFile(str(path), str(error))
    return LedgerUnavailable(str(path), str(error), sqlite_trouble(path, error))
