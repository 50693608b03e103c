"""The database: opened, made, and one transaction at a time. Knows SQL dialects; knows nothing of ledgers or HTTP.

SQLite runs with WAL and synchronous FULL: what the city acknowledged is on the disk. Writers of one process queue at a lock (measured: a quarter
of the waiting time of letting them collide in SQLite); the lock is for speed alone, and a second process is held off by the database itself.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from city import tables

WAL_STAYS = 5_000_000
"""Bytes that SQLite's WAL keeps after somebody who read for long has let it grow."""

BUSY_S = 5.0


class StoreError(Exception):
    """The database cannot be used."""


class WrongAddress(StoreError):
    """Not an address of a database that this installation can open."""


class Unusable(StoreError):
    """Locked, read-only, full, missing or damaged."""


class WrongSchema(StoreError):
    """Made by another version of this program."""

    def __init__(self, found: str, expected: int) -> None:
        super().__init__(f"its tables have version {found}, this program needs {expected}")


class Store:
    """One database. ``read`` and ``write`` give a connection in a transaction; anything the database refuses becomes ``Unusable``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(begin="BEGIN")
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with _unusable(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if not self._lock.acquire(timeout=BUSY_S):
            raise Unusable("others have been writing for too long")
        try:
            with _unusable(), self._engine.begin() as connection:
                yield connection
        finally:
            self._lock.release()

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def _unusable() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise Unusable(str(error.orig)) from error


def open_store(url: str) -> Store:
    """The store at this address, its tables made if it is new. Raises StoreError."""
    try:
        address = make_url(url)
        engine = create_engine(address)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise WrongAddress(str(error)) from error
    if engine.dialect.name == "sqlite":
        if address.database in (None, "", ":memory:"):
            raise WrongAddress("a database in memory would forget what it acknowledged")
        folder = Path(str(address.database)).absolute().parent
        if not folder.is_dir():
            raise Unusable(f"there is no folder {folder}")
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
    try:
        with _unusable(), engine.begin() as connection:
            _prepare(connection)
    except StoreError:
        engine.dispose()
        raise
    return Store(engine)


def _prepare(connection: Connection) -> None:
    if not inspect(connection).has_table("schema"):
        tables.metadata.create_all(connection)
        connection.execute(insert(tables.schema).values(version=tables.SCHEMA))
        return
    found = connection.execute(select(tables.schema.c.version)).scalars().all()
    if list(found) != [tables.SCHEMA]:
        raise WrongSchema(", ".join(map(str, found)) or "none", tables.SCHEMA)


def _durable(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # transactions are begun by _begin: sqlite3's own would let two processes read before either has the right to write
    connection.isolation_level = None
    limit = f"journal_size_limit={WAL_STAYS}"
    for pragma in (f"busy_timeout={int(BUSY_S * 1000)}", "journal_mode=WAL", limit, "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))
