"""Somebody else reads the ledger for long: bookings go on, the reader is named, and the WAL is small again afterwards."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from config.vocabulary import Material
from ledger import long_reads
from ledger.database import WAL_STAYS
from ledger.long_reads import WalWatch, readers
from money.sending_kiosk import Kiosk
from timing import FakeClock

READS = """
import sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, isolation_level=None)
db.execute("BEGIN"); db.execute("SELECT count(*) FROM entry").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


@contextmanager
def foreign_reader(ledger: Path) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", READS, str(ledger)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        yield process.pid
        process.communicate()


@pytest.fixture
def kiosk(tmp_path: Path, clock: FakeClock) -> Kiosk:
    kiosk = Kiosk(tmp_path, clock)
    kiosk.visit(Material.GLASS)
    return kiosk


def test_who_reads_is_named_by_number_and_command_while_it_reads(kiosk: Kiosk) -> None:
    with kiosk.open():
        assert readers(kiosk.path) == ()
        with foreign_reader(kiosk.path) as pid:
            (found,) = readers(kiosk.path)
            assert found.pid == pid
            assert str(kiosk.path) in found.command
        assert readers(kiosk.path) == ()


def test_where_the_system_does_not_tell_locks_nobody_is_named(kiosk: Kiosk, tmp_path: Path) -> None:
    assert readers(kiosk.path, tmp_path / "none") == ()


def test_a_long_read_is_told_once_with_its_reader_and_once_when_it_is_over(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_reads, "TOLD_FROM", 100_000)
    watch = WalWatch(kiosk.path)
    with kiosk.open():
        assert watch.look() is None
        with foreign_reader(kiosk.path) as pid, closing(sqlite3.connect(kiosk.path)) as other:
            fill(other, 200_000)
            told = watch.look()
            assert told is not None
            assert (told.wal_bytes >= 200_000, told.over, [reader.pid for reader in told.readers]) == (True, False, [pid])
            fill(other, 200_000)
            assert watch.look() is None
            with foreign_reader(kiosk.path) as second:
                told = watch.look()
                assert told is not None
                assert {reader.pid for reader in told.readers} == {pid, second}
        monkeypatch.setattr(long_reads, "TOLD_FROM", 10_000_000)
        told = watch.look()
        assert told is not None
        assert told.over
        assert watch.look() is None


def test_the_wal_is_small_again_once_the_reader_has_gone(kiosk: Kiosk) -> None:
    wal = kiosk.path.with_name("ledger.db-wal")
    with kiosk.open() as journal:
        with foreign_reader(kiosk.path), closing(sqlite3.connect(kiosk.path)) as other:
            fill(other, 3 * WAL_STAYS)
        assert wal.stat().st_size > 3 * WAL_STAYS
        now = kiosk.clock.now()
        # the first commit after the reader writes the WAL back, the next begins it anew
        for _ in range(2):
            journal.close_visit(journal.open_visit(now).id, now)
        assert wal.stat().st_size <= WAL_STAYS


def fill(db: sqlite3.Connection, size: int) -> None:
    """So many bytes into the WAL, in a table of its own."""
    db.execute("CREATE TABLE IF NOT EXISTS filling (bytes BLOB)")
    db.execute("INSERT INTO filling VALUES (zeroblob(?))", (size,))
    db.commit()
