"""What is acknowledged is on the disk: every connection that writes waits for the disk at each commit, whichever of the three files it writes."""

import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.ledger_syncs import count, trace
from city.store import Store, Unusable, open_store
from ledger.database import connect, driver
from ledger.sync.acknowledged import Acknowledged, StateError
from money.ledgers import Kiosk, LedgerIn

pytest_plugins = ("money.ledger_fixtures",)

FULL, EXTRA = 2, 3
"""SQLite's number for it: NORMAL, which may lose a commit when the power fails, is 1; EXTRA, which syncs the folder of a journal that ended as well, is 3."""


def durability(raw: sqlite3.Connection) -> tuple[str, int]:
    """Journal mode and ``synchronous`` of a connection; the second is each connection's own and stands in no file."""
    return raw.execute("PRAGMA journal_mode").fetchone()[0], raw.execute("PRAGMA synchronous").fetchone()[0]


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    return ledger_in(tmp_path)


def test_the_kiosks_connection_to_the_ledger_waits_for_the_disk(kiosk: Kiosk) -> None:
    assert durability(driver(kiosk.journal._writer._connection)) == ("wal", FULL)


def test_a_ledger_that_was_left_as_one_plain_file_is_written_durably_again(kiosk: Kiosk) -> None:
    kiosk.journal.close()
    with closing(sqlite3.connect(kiosk.path)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    assert durability(driver(kiosk.open()._writer._connection)) == ("wal", FULL)


def test_a_ledger_that_begins_waits_for_the_disk(tmp_path: Path) -> None:
    with connect(tmp_path / "new.db", "rwc") as connection:
        assert durability(driver(connection)) == ("wal", FULL)


def test_the_key_is_on_the_disk_under_its_name_before_a_ledger_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger_in: LedgerIn
) -> None:
    synced: list[tuple[str, bool, bool]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").resolve().name
        synced.append((name, os.fstat(descriptor).st_size > 0, (tmp_path / "ledger.db").exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    ledger_in(tmp_path)
    assert synced == [("ledger.key.new", True, False), (tmp_path.name, True, False), (tmp_path.name, True, True)]


def test_nobody_else_can_write_from_the_first_look_at_the_ledger_until_the_entry_is_written(kiosk: Kiosk) -> None:
    other = sqlite3.connect(kiosk.path, timeout=0)
    with closing(other), kiosk.journal._writer.transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")


def test_the_ledger_enforces_its_foreign_keys(kiosk: Kiosk) -> None:
    assert driver(kiosk.journal._writer._connection).execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_what_the_sync_remembers_of_the_city_waits_for_the_disk(tmp_path: Path) -> None:
    with Acknowledged(tmp_path / "sync.db") as state:
        assert durability(state._db) == ("delete", EXTRA)


def test_a_mark_with_a_wal_of_an_earlier_program_has_none_any_more(tmp_path: Path) -> None:
    with Acknowledged(tmp_path / "sync.db") as state:
        state._db.execute("PRAGMA journal_mode = WAL")
        state.acknowledge("a" * 64, 1, "b" * 64, "2026-11-24T09:00:00.000Z")
    with Acknowledged(tmp_path / "sync.db") as state:
        assert durability(state._db) == ("delete", EXTRA)
        assert state.position("a" * 64) == (1, "b" * 64)


def test_what_the_sync_cannot_write_down_is_told_with_the_name_of_its_file(tmp_path: Path) -> None:
    with Acknowledged(tmp_path / "sync.db") as state:
        state._db.execute("PRAGMA query_only = ON")
        with pytest.raises(StateError) as told:
            state.acknowledge("a" * 64, 1, "b" * 64, "2026-11-24T09:00:00.000Z")
        assert told.value.path == tmp_path / "sync.db"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'city.db'}")
    yield store
    store.close()


def test_every_connection_of_the_city_waits_for_the_disk(store: Store) -> None:
    with store.read() as reading, store.write() as writing:
        for connection in (reading, writing):
            raw: Any = connection.connection.dbapi_connection
            assert durability(raw) == ("wal", FULL)
            assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_no_other_process_can_write_from_the_citys_first_look_until_its_answer_is_stored(store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "city.db", timeout=0)
    with closing(other), store.write(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")


def test_who_waits_too_long_for_others_that_write_is_told_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("city.store.BUSY_S", 0.01)
    with store.write(), pytest.raises(Unusable, match="too long"), store.write():
        pass
    with store.write():
        pass


TESTS = Path(__file__).parents[1]


def syncs(folder: Path, what: str, level: str, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Commits by what they made the disk do, counted by strace."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(TESTS.parent), str(TESTS))))
    file = folder / f"{what}.db"
    traced = trace(folder / "trace", sys.executable, str(TESTS / "money" / "commits.py"), what, str(file), level)
    if traced is None:
        pytest.skip("strace is not installed or may not trace here")
    return count(traced, file)


@pytest.mark.long
@pytest.mark.parametrize("what", ["ledger", "city"])
def test_each_commit_makes_the_disk_sync_once(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = syncs(tmp_path, what, "FULL", monkeypatch)
    assert found["one sync"] >= 15
    assert set(found) <= {"one sync", "wal restarted", "checkpoint"}


@pytest.mark.long
@pytest.mark.parametrize("what", ["ledger", "city"])
def test_the_count_of_syncs_sees_a_connection_that_does_not_wait_for_the_disk(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert syncs(tmp_path, what, "NORMAL", monkeypatch)["0 syncs"] >= 15


@pytest.mark.long
def test_each_commit_of_the_sync_waits_for_the_disk_and_the_count_sees_one_that_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for level, name in (("FULL", "rollback journal"), ("OFF", "0 syncs")):
        folder = tmp_path / level
        folder.mkdir()
        found = syncs(folder, "sync", level, monkeypatch)
        assert found[name] >= 15
        assert set(found) == {name}
