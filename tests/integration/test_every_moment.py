"""The power goes at any moment of a beginning, a succession or a start: whatever is called next reads the ledger, and the kiosk goes on."""

import io
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

# what the work imports only when it needs it: not once for each of its copies
import alembic.command
import alembic.config
import alembic.script  # noqa: F401
import pytest

from ledger.database import reading
from ledger.export import write_csv, write_journal
from ledger.generation import begin
from ledger.journal import open_journal
from ledger.kinds import Account
from ledger.reader import connect
from ledger.sync.outcomes import Unreachable
from ledger.sync.rounds import Route, once
from ledger.verify import verify
from ledger.views import balances, entries, head, open_vouchers
from ledger.vocabulary import NoLedger
from money.callers import key_file
from money.ledgers import BEGINNING, TERMS, Kiosk, SeededRandom
from money.moments import copy, moments
from people.command import consigne
from timing import FakeClock

OWED = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger that was cut off with a visit, three bottles and an intent open."""
    folder = tmp_path / "kiosk"
    folder.mkdir()
    with closing(Kiosk(folder)) as kiosk:
        visit = kiosk.visit_of(3)
        kiosk.journal.intend(kiosk.intent(visit), kiosk.now())
        for beside in ("ledger.db", "ledger.db-wal"):
            shutil.copy(folder / beside, tmp_path / beside)
    for beside in ("ledger.db", "ledger.db-wal"):
        shutil.copy(tmp_path / beside, folder / beside)
    return folder


def succeed(folder: Path) -> None:
    path = folder / "ledger.db"
    begin(path, BEGINNING, clock=FakeClock(), random=SeededRandom(7), terms=TERMS, succeeding=path.exists())


def start(folder: Path) -> None:
    open_journal(folder / "ledger.db", who="the kiosk", clock=FakeClock(), random=secrets, terms=TERMS).close()


def read_everything(path: Path) -> None:
    with reading(path) as connection:
        assert list(verify(connection)) == []
        assert len(list(entries(connection))) == head(connection).row
        write_csv(connection, io.StringIO())
        write_journal(connection, io.StringIO())
        owed = -balances(connection)[Account.VISITS] - balances(connection)[Account.VOUCHERS]
        assert OWED in (owed, sum(voucher.amount for voucher in open_vouchers(connection)))


def sync(path: Path) -> None:
    route = Route(path, path.with_name("sync.db"), key_file(path.parent), "http://127.0.0.1:9", 1.0, 1.0)
    assert isinstance(once(route, threading.Event(), FakeClock()), Unreachable)


def begin_again(path: Path) -> None:
    succeed(path.parent)
    read_everything(path)


def start_again(path: Path) -> None:
    start(path.parent)
    read_everything(path)


NEXT: tuple[Callable[[Path], None], ...] = (read_everything, sync, start_again, begin_again)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("work", [succeed, pytest.param(start, marks=pytest.mark.long)], ids=["succession", "start"])
def test_a_power_cut_at_any_moment_hinders_nothing_that_is_called_next(folder: Path, tmp_path: Path, work: Callable[[Path], None]) -> None:
    if work is start:
        # as a succession leaves it that was cut off: one plain file, which the start makes a WAL file again
        cut_off = next(filter(is_one_plain_file, moments(folder, tmp_path / "before", lambda: succeed(folder))))
        shutil.rmtree(folder)
        copy(cut_off, folder)
    seen = moments(folder, tmp_path / "images", lambda: work(folder))
    assert any(map(only_a_writer_can_open_it, seen)), "the moment at which only a writer can open the file was not met"
    for image in differing(seen):
        for call in NEXT:
            again = tmp_path / "again"
            copy(image, again)
            try:
                call(again / "ledger.db")
            except Exception as error:
                raise AssertionError(f"{call.__name__} after {image.name}: {sorted(file.name for file in image.iterdir())}") from error
            shutil.rmtree(again)


@pytest.mark.timeout(300)
def test_a_first_beginning_cut_off_at_any_moment_is_none_or_whole(tmp_path: Path) -> None:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    for image in differing(moments(folder, tmp_path / "images", lambda: succeed(folder))):
        path = image / "ledger.db"
        if not path.exists():
            with pytest.raises(NoLedger), reading(path):
                pass
            succeed(image)
        start(image)
        with reading(path) as connection:
            assert (list(verify(connection)), head(connection).row) == ([], 1)


@pytest.fixture
def hot(folder: Path, tmp_path: Path) -> Path:
    """The folder as a cut between two writes of the succession leaves it: a journal that only a writer can roll back."""
    return next(filter(only_a_writer_can_open_it, moments(folder, tmp_path / "images", lambda: succeed(folder))))


def differing(images: list[Path]) -> list[Path]:
    """One of those that differ only in what is in a file that is being made: whoever comes next looks at its name alone."""
    found: dict[object, Path] = {}
    for image in images:
        kept = tuple((file.name, b"" if ".new" in file.name else file.read_bytes()) for file in sorted(image.iterdir()))
        found.setdefault(kept, image)
    return list(found.values())


def is_one_plain_file(folder: Path) -> bool:
    """By the version in SQLite's header: 1 with a rollback journal, 2 with a WAL; and that journal is gone."""
    return (folder / "ledger.db").read_bytes()[18:20] == b"\1\1" and not (folder / "ledger.db-journal").exists()


def only_a_writer_can_open_it(folder: Path) -> bool:
    with closing(connect(folder / "ledger.db", "ro")) as database:
        try:
            database.execute("SELECT 1 FROM entry").fetchone()
        except sqlite3.OperationalError:
            return True
    return False


def test_a_reader_leaves_a_hot_journal_to_the_writer(hot: Path) -> None:
    before = {file.name: file.read_bytes() for file in hot.iterdir()}
    read_everything(hot / "ledger.db")
    assert {file.name: file.read_bytes() for file in hot.iterdir()} == before


@pytest.mark.long
def test_the_commands_read_a_ledger_with_a_hot_journal(hot: Path) -> None:
    for arguments in (("verify",), ("balance",), ("entries",), ("export", "csv"), ("export", "journal")):
        done = consigne("ledger", *arguments, "--ledger", hot / "ledger.db", folder=hot)
        assert (done.returncode, done.stderr) == (0, ""), arguments
