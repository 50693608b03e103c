"""The database: opened, made, and one transaction at a time. Knows SQL dialects; knows nothing of ledgers or HTTP.

SQLite runs with WAL and synchronous FULL: what the city acknowledged is on the disk. Writers of one process queue at a lock (measured: a quarter
of the waiting time of letting them collide in SQLite); the lock is for speed alone, and a second process is held off by the database itself.

The tables change under nobody's hands: whoever writes holds the schema and looks at its revision first, whoever migrates waits for them and
holds off the next. SQLite has one writer at a time anyway; in PostgreSQL it is an advisory lock, shared by those who write.
"""

import re
import sqlite3
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SAWarning
from sqlalchemy.pool import ConnectionPoolEntry

from city.address import without_secrets
from city.upgrade import REVISION, is_older, is_ours, named_revision, revision_of, upgrade

WAL_STAYS = 5_000_000
"""Bytes that SQLite's WAL keeps after somebody who read for long has let it grow."""

BUSY_S = 5.0
"""How long one waits for another who writes or migrates."""

SCHEMA_LOCK = 0x636F6E7369676E65
"""The advisory lock's number, the same for each program on a database: *consigne* in ASCII."""

SQLITE = b"SQLite format 3\0"
"""How each file of SQLite's begins."""


class StoreError(Exception):
    """The database cannot be used."""


class WrongAddress(StoreError):
    """Not an address of a database that this installation can open, or of what is none."""


class Unusable(StoreError):
    """Locked, read-only, full, missing or damaged."""


class OlderTables(StoreError):
    """Made by an older version of this program, and not brought up to date yet."""

    def __init__(self, found: str) -> None:
        super().__init__(f"its tables have revision {found}, this program needs {REVISION}")


class NewerTables(StoreError):
    """Made or changed by a newer version of this program."""

    def __init__(self, found: str) -> None:
        super().__init__(f"its tables have revision {found}, this program knows those up to {REVISION}")


class Store:
    """One database. ``read`` and ``write`` give a connection in a transaction; anything the database refuses becomes ``Unusable``."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url
        sqlite = engine.dialect.name == "sqlite"
        self._reading = engine.execution_options(**({"begin": "BEGIN"} if sqlite else {"isolation_level": "REPEATABLE READ"}))
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """All that is read here is of one moment."""
        with _unusable(self._url), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Raises Unusable as well where the tables have become another program's since they were opened: it may know sums that this one does not."""
        if not self._lock.acquire(timeout=BUSY_S):
            raise Unusable("others have been writing for too long")
        try:
            with _unusable(self._url), self._engine.begin() as connection:
                _hold_schema(connection, shared=True)
                if (found := named_revision(connection)) != REVISION:
                    raise Unusable(f"its tables have become those of revision {found}")
                yield connection
        finally:
            self._lock.release()

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def _unusable(url: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # SQLAlchemy's own error stays out of the chain as well: it may quote the address
        raise Unusable(_reason(str(error.orig), url)) from None


def _reason(said: str, url: str) -> str:
    """What a driver or SQLAlchemy says, as part of a sentence."""
    text = re.sub(r"\[Errno -?\d+\]|\(Background on .*", "", said)
    return " ".join(without_secrets(text, url).split()).rstrip(" .?")


def open_store(url: str, *, migrate: bool = False) -> Store:
    """The store at this address, its tables made if it is new, and brought up to date if ``migrate``. Raises StoreError."""
    engine = _engine(url)
    match engine.dialect.name:
        case "sqlite":
            if "uri" in engine.url.query:
                raise WrongAddress("a path is needed, not a URI of SQLite's")
            _look_at_file(engine.url.database)
            event.listen(engine, "connect", _durable)
            event.listen(engine, "begin", _begin)
        case "postgresql":
            event.listen(engine, "connect", _patient)
        case other:
            raise WrongAddress(f"a city is kept in SQLite or PostgreSQL, not in {other}")
    with ExitStack() as unless_ready:
        unless_ready.callback(engine.dispose)
        with _unusable(url), engine.begin() as connection:
            _prepare(connection, migrate=migrate)
        unless_ready.pop_all()
    return Store(engine, url)


def _engine(url: str) -> Engine:
    try:
        with warnings.catch_warnings():
            # a part of the address that the driver would not heed
            warnings.simplefilter("error", SAWarning)
            return create_engine(make_url(url))
    except ModuleNotFoundError as error:
        raise WrongAddress(f"the driver {error.name} is not installed") from None
    except (ArgumentError, NoSuchModuleError, SAWarning, ValueError, TypeError) as error:
        raise WrongAddress(_reason(str(error).split("\n", maxsplit=1)[0], url)) from None


def _look_at_file(database: str | None) -> None:
    """What SQLite would call *unable to open*, or wait for."""
    if database in (None, "", ":memory:"):
        raise WrongAddress("a database in memory would forget what it acknowledged")
    path = Path(str(database)).absolute()
    try:
        if not path.parent.is_dir():
            raise WrongAddress(f"there is no folder {path.parent}")
        if (path.is_symlink() or path.exists()) and not path.is_file():
            raise WrongAddress("a folder, a device or a link that leads nowhere is no database")
        if path.is_file() and _beginning(path) not in (b"", SQLITE):
            raise WrongAddress("that file is not a database")
        if path.is_file():
            _must_be_ours(path)
    except OSError as error:
        raise WrongAddress(error.strerror or str(error)) from error


def _must_be_ours(path: Path) -> None:
    """Looked at before the first write: a kiosk's ledger is a database too."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=BUSY_S)) as reader:
            names = {name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    except sqlite3.Error as error:
        raise Unusable(str(error)) from error
    if names and not is_ours(names):
        raise WrongAddress("it holds the tables of another program")


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(SQLITE))


def _prepare(connection: Connection, *, migrate: bool) -> None:
    names = inspect(connection).get_table_names()
    if names and not is_ours(names):
        raise WrongAddress("it holds the tables of another program")
    if revision_of(connection) == REVISION:
        return
    _hold_schema(connection, shared=False)
    # looked at again: another may have made them while this one waited
    found = revision_of(connection)
    if found == REVISION:
        return
    if found is not None and not is_older(found):
        raise NewerTables(found)
    if found is not None and not migrate:
        raise OlderTables(found)
    upgrade(connection, found)


def _hold_schema(connection: Connection, *, shared: bool) -> None:
    """Until the transaction ends."""
    if connection.dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        connection.exec_driver_sql(f"SELECT {lock}({SCHEMA_LOCK})")


def _durable(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # transactions are begun by _begin: sqlite3's own would let two processes read before either has the right to write
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_S * 1000)}").close()
    _use_wal(connection)
    for pragma in (f"journal_size_limit={WAL_STAYS}", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _use_wal(connection: sqlite3.Connection) -> None:
    """Of those who change a new file's mode at once SQLite lets none wait: who comes too late looks again (once in some 1,500 starts of four)."""
    ends = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            time.sleep(0.01)
        else:
            return


def _patient(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.cursor().execute(f"SET lock_timeout = {int(BUSY_S * 1000)}")
    # or a rollback would take it back
    connection.commit()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))
