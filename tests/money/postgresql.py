"""A PostgreSQL of the tests' own: Debian's programs on a folder of its own, reached through a socket in it, and gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from city.store import Store
from timing import patient, wait_until

Database = Callable[[], str]
"""Makes an empty database and says its address."""

NOBODY = "nobody"
"""Whom root starts the server as: PostgreSQL does not run as root."""


def programs() -> Path | None:
    """Where the server's programs are: Debian keeps them out of PATH, in a folder a version."""
    found = [Path(name).parent for name in (shutil.which("initdb"),) if name is not None]
    found += sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1] if found else None


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed (script/bootstrap all)")
    user = NOBODY if os.getuid() == 0 else None
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    make = [str(where / "initdb"), "--pgdata", str(data), "--username", "city", "--auth", "trust", "--no-sync", "--locale", "C.UTF-8"]
    subprocess.run(make, cwd=folder, check=True, capture_output=True, timeout=patient(60), user=user)
    # what is written need not survive this machine
    options = [f"-c{name}={value}" for name, value in (("listen_addresses", ""), ("fsync", "off"), ("unix_socket_directories", folder))]
    with (folder / "log").open("wb") as log:
        command = [str(where / "postgres"), "-D", str(data), *options]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, user=user)
    try:
        wait_until(lambda: _answers(folder) or process.poll() is not None, timeout_s=30)
        assert process.poll() is None, (folder / "log").read_text()
        yield f"host={folder} user=city"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(patient(30))


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(f"host={folder} user=city dbname=postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def postgresql_server() -> Iterator[Database]:
    """Its databases are gone with it."""
    # not below pytest's own folder, which root keeps to itself; short, as a socket's path must be
    with tempfile.TemporaryDirectory(prefix="city-") as folder, _server(Path(folder)) as where:
        numbers = count(1)

        def make() -> str:
            name = f"city_{next(numbers)}"
            with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            return f"postgresql://city@/{name}?host={folder}"

        yield make


def somebody_waits(store: Store) -> bool:
    """Whether a transaction waits for what another one holds."""
    with store.read() as connection:
        return bool(connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar_one())
