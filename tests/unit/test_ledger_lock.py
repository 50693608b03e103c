"""One process writes a ledger; the others are told who does. The lock dies with its holder."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.database import reading
from ledger.lock import LedgerLock, lock_path
from ledger.views import head
from ledger.vocabulary import LedgerLocked, LedgerUnavailable
from money.ledgers import Kiosk, LedgerIn
from timing import FakeClock

pytest_plugins = ("money.ledger_fixtures",)

HOLDER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from ledger.journal import open_journal
from money.ledgers import TERMS, SeededRandom
from timing import FakeClock
journal = open_journal(Path(sys.argv[1]), who="consigne run", clock=FakeClock(), random=SeededRandom(), terms=TERMS)
print("holds", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_kiosk(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A real second process that holds the ledger until its stdin closes."""
    places = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]
    command = [sys.executable, "-c", HOLDER, str(path), *places]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        yield process
        process.kill()


@pytest.fixture
def kiosk(ledger_in: LedgerIn, tmp_path: Path) -> Kiosk:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.close()
    return kiosk


def test_a_ledger_in_use_is_refused_and_the_holder_named(kiosk: Kiosk) -> None:
    with another_kiosk(kiosk.path) as process:
        with pytest.raises(LedgerLocked) as locked:
            kiosk.open()
        assert locked.value.holder == f"consigne run, process {process.pid}, since 2026-11-24T09:00:00.000Z"
        assert locked.value.path == str(kiosk.path)


def test_others_still_read_it(kiosk: Kiosk) -> None:
    with another_kiosk(kiosk.path), reading(kiosk.path) as connection:
        assert head(connection).row == 1


def test_a_killed_holder_leaves_no_lock_behind(kiosk: Kiosk) -> None:
    with another_kiosk(kiosk.path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        kiosk.open().close()


def test_the_lock_is_given_back_on_close_and_after_a_failure_to_open(kiosk: Kiosk) -> None:
    kiosk.open().close()
    kiosk.path.rename(kiosk.path.with_name("elsewhere.db"))
    with pytest.raises(Exception, match="no ledger here"):
        kiosk.open()
    kiosk.path.with_name("elsewhere.db").rename(kiosk.path)
    with kiosk.open() as journal, pytest.raises(LedgerLocked):
        kiosk.open("another")
    journal.close()
    kiosk.open().close()


def test_the_ledger_file_itself_is_never_locked_by_hand(kiosk: Kiosk) -> None:
    with LedgerLock(kiosk.path, "me", FakeClock()):
        assert lock_path(kiosk.path).name == "ledger.db.lock"
        assert lock_path(kiosk.path).read_text().startswith("me, process ")


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "something").write_text("")


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere") / "lock")


def a_link_in_a_circle(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize("damage", [a_pipe, a_folder, a_link_to_nowhere, a_link_in_a_circle])
def test_what_is_no_lock_under_its_name_is_set_aside_and_told(kiosk: Kiosk, damage: Callable[[Path], None]) -> None:
    lock = lock_path(kiosk.path)
    for number in (1, 2):
        lock.unlink()
        damage(lock)
        with kiosk.open() as journal:
            assert journal.set_aside == lock.with_name(f"ledger.db.lock-damaged-{number}")
            assert os.path.lexists(journal.set_aside)
            with pytest.raises(LedgerLocked):
                kiosk.open("another")
    with kiosk.open() as journal:
        assert journal.set_aside is None


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable):
        LedgerLock(tmp_path / "missing" / "ledger.db", "me", FakeClock())
