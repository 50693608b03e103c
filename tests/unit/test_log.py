"""The log: a file a month, of which the old ones go, but never by a clock that cannot be trusted."""

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.clock import BUILD
from kiosk.deposit.notes import TABLE, Note, NoteKind
from kiosk.log import RESERVE_BYTES, Log
from kiosk.log_table import README, with_table
from timing import FakeClock


@contextmanager
def room_up_to(size: int) -> Iterator[None]:
    """No file grows beyond ``size`` bytes: the kernel refuses the rest, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


NOTE = Note(NoteKind.STARTED, {})


def months(folder: Path) -> list[str]:
    return sorted(path.name[4:11] for path in folder.glob("log-*.jsonl"))


def test_months_beyond_those_that_are_kept_are_dropped_whole(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 1, 15, tzinfo=UTC))
    log = Log(tmp_path, clock, months=2)
    for month in range(1, 7):
        clock.utc = datetime(2026, month, 15, tzinfo=UTC)
        log.note(NOTE)
    assert months(tmp_path) == ["2026-04", "2026-05", "2026-06"]


def test_an_old_month_that_cannot_be_dropped_keeps_no_line_from_the_new_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "log-2019-01.jsonl"
    old.mkdir()
    clock = FakeClock()
    Log(tmp_path, clock).note(NOTE)
    assert len((tmp_path / f"log-{clock.now().day():%Y-%m}.jsonl").read_text().splitlines()) == 1
    assert str(old) in capsys.readouterr().err


def test_a_year_s_end_is_counted_in_months(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 15, tzinfo=UTC))
    log = Log(tmp_path, clock, months=1)
    for at in (datetime(2026, 11, 15, tzinfo=UTC), datetime(2026, 12, 15, tzinfo=UTC), datetime(2027, 1, 15, tzinfo=UTC)):
        clock.utc = at
        log.note(NOTE)
    assert months(tmp_path) == ["2026-12", "2027-01"]


def test_other_files_stay(tmp_path: Path) -> None:
    for name in ("log-of-somebody.jsonl", "log-2020-01.jsonl.gz", "ledger.db"):
        (tmp_path / name).touch()
    Log(tmp_path, FakeClock(), months=1).note(NOTE)
    assert {"log-of-somebody.jsonl", "log-2020-01.jsonl.gz", "ledger.db"} <= {path.name for path in tmp_path.iterdir()}


def test_a_clock_that_is_ahead_and_not_trusted_drops_nothing(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 1, 15, tzinfo=UTC))
    log = Log(tmp_path, clock, months=1)
    log.note(NOTE)
    clock.utc, clock.trusted = datetime(2099, 1, 1, tzinfo=UTC), False
    log.note(NOTE)
    assert months(tmp_path) == ["2026-01", "2099-01"]


def test_lines_of_a_clock_that_begins_at_1970_stand_in_the_newest_file_with_their_time_and_stay(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2027, 5, 15, tzinfo=UTC))
    log = Log(tmp_path, clock, months=1)
    log.note(NOTE)
    clock.utc, clock.trusted = datetime(1970, 1, 1, tzinfo=UTC), False
    log.note(NOTE)
    clock.utc, clock.trusted = datetime(2027, 6, 1, tzinfo=UTC), True
    log.note(NOTE)
    assert months(tmp_path) == ["2027-05", "2027-06"]
    lines = [json.loads(line) for line in (tmp_path / "log-2027-05.jsonl").read_text().splitlines()]
    assert [(line["at"][:4], line["trusted"]) for line in lines] == [("2027", True), ("1970", False)]


def test_the_first_lines_of_a_machine_without_a_clock_are_kept_once_it_knows_the_time(tmp_path: Path) -> None:
    clock = FakeClock(datetime(1970, 1, 1, tzinfo=UTC), trusted=False)
    log = Log(tmp_path, clock, months=1)
    log.note(NOTE)
    clock.utc, clock.trusted = datetime(BUILD.year, BUILD.month, 28, tzinfo=UTC), True
    log.note(NOTE)
    assert months(tmp_path) == [f"{BUILD:%Y-%m}"]
    assert len((tmp_path / f"log-{BUILD:%Y-%m}.jsonl").read_text().splitlines()) == 2


def test_a_line_that_a_power_cut_tore_does_not_spoil_the_next(tmp_path: Path) -> None:
    log = Log(tmp_path, FakeClock())
    log.note(NOTE)
    (path,) = tmp_path.glob("log-*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    log.note(Note(NoteKind.STOPPED, {}))
    log.note(NOTE)
    first, torn, told, second, third = path.read_text(encoding="utf-8").splitlines()
    assert torn == whole[:20].decode()
    assert [json.loads(line)["kind"] for line in (first, told, second, third)] == ["started", "torn_line", "stopped", "started"]
    assert json.loads(told)["bytes"] == 20


def test_what_a_full_disk_took_of_a_line_is_taken_back_and_the_file_goes_on_with_whole_lines(tmp_path: Path) -> None:
    clock = FakeClock()
    log = Log(tmp_path, clock)
    log.note(NOTE)
    (path,) = tmp_path.glob("log-*.jsonl")
    before = path.read_bytes()
    with room_up_to(len(before) + 10), pytest.raises(OSError, match="File too large"):
        log.write(clock.now(), NOTE)
    assert path.read_bytes() == before
    log.note(NOTE)
    assert path.read_bytes() == 2 * before


def test_the_log_is_not_for_everybody_whatever_the_shell_says(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        Log(tmp_path, FakeClock()).note(NOTE)
    finally:
        os.umask(umask)
    (path,) = tmp_path.glob("log-*.jsonl")
    assert path.stat().st_mode & 0o777 == 0o660


def test_the_readme_shows_the_table_of_the_log_as_it_is() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_table(text) == text, "run: python -m kiosk.log_table"
    assert set(TABLE) == set(NoteKind)


def a_year(folder: Path, size: int) -> list[str]:
    names = [f"log-2026-{month:02}.jsonl" for month in range(1, 12)]
    for name in names:
        (folder / name).write_bytes(b"x" * (size - 1) + b"\n")
    return names


def test_a_disk_that_is_nearly_full_drops_the_oldest_months_and_tells_it_and_never_the_one_that_is_written(tmp_path: Path) -> None:
    names = a_year(tmp_path, 1_000)

    def free(folder: Path) -> int:
        return RESERVE_BYTES + 8_000 - sum(path.stat().st_size for path in folder.glob("log-*.jsonl"))

    log = Log(tmp_path, FakeClock(), months=120, free=free)
    log.note(Note(NoteKind.DATE_KNOWN, {}))
    assert sorted(path.name for path in tmp_path.iterdir()) == names[3:]
    told = [json.loads(line) for line in (tmp_path / names[-1]).read_text().splitlines()[1:]]
    assert [(line["kind"], line.get("month"), line.get("bytes")) for line in told] == [
        *(("month_dropped", f"2026-{month:02}", 1_000) for month in (1, 2, 3)),
        ("date_known", None, None),
    ]
    full = Log(tmp_path, FakeClock(), months=120, free=lambda folder: 0)
    full.note(Note(NoteKind.DATE_KNOWN, {}))
    assert [path.name for path in tmp_path.iterdir()] == names[-1:]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_on_a_real_disk_full_of_logs_the_ledger_goes_on_writing(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.log.RESERVE_BYTES", 512 * 1024)
    a_year(small_disk, 120 * 1024)
    with pytest.raises(OSError, match="No space left"):
        (small_disk / "ledger.db").write_bytes(bytes(900 * 1024))
    (small_disk / "ledger.db").unlink()
    Log(small_disk, FakeClock(), months=120).note(Note(NoteKind.DATE_KNOWN, {}))
    (small_disk / "ledger.db").write_bytes(bytes(500 * 1024))
    assert shutil.disk_usage(small_disk).free >= 0
    assert (small_disk / "log-2026-11.jsonl").exists()
