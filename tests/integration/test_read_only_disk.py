"""A ledger on a disk that takes no writes, as a dying card is mounted: everything in it is read, the rows in its WAL included."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.database import reading
from ledger.generation import begin
from ledger.journal import open_journal
from ledger.views import head
from ledger.vocabulary import LedgerUnavailable
from money.ledgers import BEGINNING, TERMS, Kiosk, SeededRandom
from money.moments import copy, moments
from people.command import consigne
from timing import FakeClock

ROWS = 9
"""Of a visit with three bottles and an open intent: all but the first are only in the WAL."""

READ_ONLY_ROOT = (
    'mount -o remount,bind,ro / && for at in /tmp /var/tmp "$PWD"; do mountpoint -q $at && mount -o remount,bind,ro $at; done; exec "$@"'
)
IN_A_ROOM_OF_ITS_OWN = ("unshare", "--map-root-user", "--mount", "sh", "-c", READ_ONLY_ROOT, "sh")


def killed(folder: Path) -> None:
    """A kiosk that was killed: the WAL holds its rows, its index lies beside it."""
    with closing(Kiosk(folder)) as kiosk:
        kiosk.journal.intend(kiosk.intent(kiosk.visit_of(3)), kiosk.now())
        copy(folder, folder.with_name("left"))
    shutil.rmtree(folder)
    folder.with_name("left").rename(folder)


def without_an_index(folder: Path) -> None:
    killed(folder)
    (folder / "ledger.db-shm").unlink()


def stopped(folder: Path) -> None:
    """A kiosk that was stopped: no WAL at all."""
    with closing(Kiosk(folder)) as kiosk:
        kiosk.journal.intend(kiosk.intent(kiosk.visit_of(3)), kiosk.now())


def cut_off_in_a_succession(folder: Path) -> None:
    killed(folder)

    def succeed() -> None:
        begin(folder / "ledger.db", BEGINNING, clock=FakeClock(), random=SeededRandom(7), terms=TERMS, succeeding=True)

    images = folder.with_name("images")
    hot = [image for image in moments(folder, images, succeed) if (image / "ledger.db-journal").exists()]
    shutil.rmtree(folder)
    copy(hot[-1], folder)


LEFT = {killed: ROWS, without_an_index: ROWS, stopped: ROWS, cut_off_in_a_succession: ROWS + 2}


@pytest.fixture(params=LEFT, ids=lambda left: left.__name__)
def left(request: pytest.FixtureRequest) -> Iterator[tuple[Path, int]]:
    """A folder that everybody may look into, and how many rows its ledger has."""
    with tempfile.TemporaryDirectory() as around:
        Path(around).chmod(0o755)
        folder = Path(around) / "kiosk"
        folder.mkdir()
        request.param(folder)
        yield folder, LEFT[request.param]


@pytest.mark.skipif(
    subprocess.run([*IN_A_ROOM_OF_ITS_OWN, "true"], capture_output=True, check=False).returncode != 0 if shutil.which("unshare") else True,
    reason="this system makes no read-only mounts for its users",
)
def test_a_ledger_on_a_read_only_disk_is_verified_and_exported(left: tuple[Path, int]) -> None:
    folder, rows = left
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    verified, exported = (
        consigne("ledger", *arguments, "--ledger", folder / "ledger.db", folder=folder, around=IN_A_ROOM_OF_ITS_OWN)
        for arguments in (("verify", "--json"), ("export", "csv"))
    )
    assert (verified.returncode, exported.returncode, verified.stderr + exported.stderr) == (0, 0, "")
    assert json.loads(verified.stdout)["row"] == rows
    assert f"\n{rows};" in exported.stdout
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.skipif(
    subprocess.run([*IN_A_ROOM_OF_ITS_OWN, "true"], capture_output=True, check=False).returncode != 0 if shutil.which("unshare") else True,
    reason="this system makes no mounts for its users",
)
def test_a_ledger_on_a_full_disk_is_verified_and_a_kiosk_is_told_that_the_disk_is_full(left: tuple[Path, int]) -> None:
    folder, rows = left
    full = folder.with_name("full")
    full.mkdir()
    fill = (
        f"mount -t tmpfs -o size=4m tmpfs {full} && cp {folder}/ledger.* {full} && rm -f {full}/ledger.db-shm"
        f' && cat /dev/zero >{full}/fill 2>/dev/null; export TMPDIR={full}; exec "$@"'
    )
    around = ("unshare", "--map-root-user", "--mount", "sh", "-c", fill, "sh")
    verified = consigne("ledger", "verify", "--json", "--ledger", full / "ledger.db", folder=folder, around=around)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert json.loads(verified.stdout)["row"] == rows
    path = folder / "kiosk.toml"
    path.write_text(
        f'[kiosk]\nid = "{BEGINNING.kiosk}"\nstate = "{full}"\n[intake]\nport = "none"\n[camera]\nsource = "none"\n'
        '[reward]\nvoucher_page = "https://consigne.example/bon"\n[city]\nurl = "http://127.0.0.1:9"\n'
    )
    started = consigne("run", "--lines", "--config", path, folder=folder, around=around, stdin="")
    assert started.returncode == 3
    assert "is full" in started.stderr


def as_somebody_else(work: object) -> int:
    """Runs in a child that may write nothing in the folder; its exit status."""
    assert callable(work)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setresgid(65534, 65534, 65534)
                os.setresuid(65534, 65534, 65534)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_ledger_in_a_folder_without_write_permission_is_read(left: tuple[Path, int]) -> None:
    folder, rows = left
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)

    def read() -> None:
        with reading(folder / "ledger.db") as connection:
            assert head(connection).row == rows

    try:
        assert as_somebody_else(read) == 0
    finally:
        folder.chmod(0o755)


def test_a_reader_without_permission_reads_beside_a_kiosk_that_writes() -> None:
    with tempfile.TemporaryDirectory() as around:
        Path(around).chmod(0o755)
        with closing(Kiosk(Path(around))) as kiosk:
            visit = kiosk.visit_of(3)
            for file in Path(around).glob("ledger.db*"):
                file.chmod(0o644)

            def read() -> None:
                with reading(kiosk.path) as connection:
                    assert head(connection).row == ROWS - 1

            assert as_somebody_else(read) == 0
            kiosk.credit(visit)


def test_a_kiosk_on_a_read_only_disk_says_so_and_does_not_start(left: tuple[Path, int]) -> None:
    folder, _ = left
    folder.chmod(0o555)

    def start() -> None:
        with pytest.raises(LedgerUnavailable):
            open_journal(folder / "ledger.db", who="the kiosk", clock=FakeClock(), random=SeededRandom(), terms=TERMS)

    try:
        assert as_somebody_else(start) == 0
    finally:
        folder.chmod(0o755)


def test_without_any_disk_the_copy_is_read_from_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    cut_off_in_a_succession(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))
    with reading(folder / "ledger.db") as connection:
        assert head(connection).row == ROWS + 2
