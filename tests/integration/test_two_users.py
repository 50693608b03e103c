"""Kiosk and sync are two users of one folder: whoever reads the other's database leaves nothing that keeps its owner from writing it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from money.ledgers import Kiosk, LedgerIn

pytest_plugins = ("money.ledger_fixtures",)
pytestmark = pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root can be two users")

KIOSK, SYNC, GROUP = 64_001, 64_002, 64_003
BECOMES = """
import os, sqlite3, sys, tempfile
from pathlib import Path
from ledger.reader import open_reader
path, user, group = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
os.setgroups([])
os.setgid(group)
os.setuid(user)
os.umask(0o007)
"""
"""Everything is loaded before: the checkout may be where nobody else may come."""
READS = "print(open_reader(path).execute('SELECT count(*) FROM entry').fetchone()[0])"
WRITES = """
db = sqlite3.connect(path, isolation_level=None)
db.execute('BEGIN IMMEDIATE')
db.execute('CREATE TABLE IF NOT EXISTS proof (x)')
db.execute('INSERT INTO proof VALUES (1)')
db.execute('COMMIT')
"""
DIES = WRITES + "os._exit(0)"


def as_user(user: int, program: str, path: Path) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", BECOMES + program, str(path), str(user), str(GROUP)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture
def closed(tmp_path: Path, ledger_in: LedgerIn) -> Iterator[Kiosk]:
    """A ledger of the kiosk's user that nobody has open, in a folder of the group's."""
    kiosk = ledger_in(tmp_path)
    kiosk.visit_of(1)
    kiosk.journal.close()
    # whoever is no user of this machine must get there
    opened = [(folder, folder.stat().st_mode) for folder in tmp_path.parents if not folder.stat().st_mode & 0o001]
    for folder, mode in opened:
        folder.chmod(mode | 0o111)
    os.chown(tmp_path, KIOSK, GROUP)
    tmp_path.chmod(0o2770)
    for path in tmp_path.iterdir():
        os.chown(path, KIOSK, GROUP)
    kiosk.path.chmod(0o640)
    yield kiosk
    for folder, mode in opened:
        folder.chmod(mode)


def test_a_closed_ledger_that_another_user_has_read_can_be_written_by_its_owner(closed: Kiosk) -> None:
    read = as_user(SYNC, READS, closed.path)
    assert (read.returncode, read.stderr) == (0, "")
    assert int(read.stdout) >= 4
    assert {path.stat().st_uid for path in closed.path.parent.iterdir()} == {KIOSK}
    written = as_user(KIOSK, WRITES, closed.path)
    assert (written.returncode, written.stderr) == (0, "")


def test_what_a_killed_kiosk_left_is_read_by_the_sync_and_written_by_the_next_kiosk(closed: Kiosk) -> None:
    assert as_user(KIOSK, DIES, closed.path).returncode == 0
    assert closed.path.with_name("ledger.db-wal").stat().st_size > 0
    read = as_user(SYNC, READS, closed.path)
    assert (read.returncode, read.stderr) == (0, "")
    assert {path.stat().st_uid for path in closed.path.parent.iterdir()} == {KIOSK}
    written = as_user(KIOSK, WRITES, closed.path)
    assert (written.returncode, written.stderr) == (0, "")


def test_others_read_nothing(closed: Kiosk) -> None:
    command = ["setpriv", "--reuid=64009", "--regid=64009", "--clear-groups", "cat", str(closed.path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
