"""``consigne backup`` beside a ledger that is open and being written: what is copied, verified, kept and told."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import Settings, load
from kiosk.agents import Agents
from kiosk.backup import BackupDiffers, BackupMediumGone, BackupNoRoom, back_up
from kiosk.console.roles import Role
from ledger.database import reading
from ledger.verify import verify
from ledger.views import head
from ledger.vocabulary import NoLedger
from money.ledgers import Kiosk, LedgerIn
from people.command import consigne
from simulation.processes import Folders, write_configuration

pytest_plugins = ("money.ledger_fixtures",)

AT = datetime(2026, 11, 30, 3, 20, tzinfo=UTC)


def settings(folder: Path, **backups: object) -> Settings:
    folders = Folders(folder)
    values: dict[str, dict[str, object]] = {
        "kiosk": {"id": "essai-01", "state": str(folder)},
        "intake": {"port": "/dev/consigne-intake"},
        "camera": {"source": "/dev/consigne-camera"},
        "reward": {"voucher_page": "https://consigne.example/bon"},
        "city": {"url": "https://consigne.example"},
        "backup": {"folder": str(folder / "backups"), "keep": 2, **backups},
    }
    write_configuration(folders, values)
    return load(folders.configuration)


@pytest.fixture
def running(tmp_path: Path, ledger_in: LedgerIn) -> Kiosk:
    """A kiosk whose journal is open in the middle of a visit, with keys, agents and a log."""
    kiosk = ledger_in(tmp_path)
    kiosk.visit_of(2)
    Agents(tmp_path / "kiosk.db", kiosk.clock).add("Camille", Role.MANAGER, "274951")
    (tmp_path / "log-2026-10.jsonl").write_text('{"kind":"started"}\n')
    (tmp_path / "log-2026-11.jsonl").write_text('{"kind":"started"}\n')
    (tmp_path / "sync.key").write_text("the sync's own")
    return kiosk


@pytest.fixture
def medium(tmp_path: Path) -> Iterator[Path]:
    """A folder on another disk than the kiosk's."""
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has one file system")
    folder = Path(tempfile.mkdtemp(prefix="consigne-medium-", dir=shared))
    yield folder
    shutil.rmtree(folder)


def test_a_backup_of_a_running_kiosk_is_its_ledger_of_that_moment_sound_and_without_a_key(running: Kiosk, tmp_path: Path) -> None:
    made = back_up(settings(tmp_path), AT)
    running.credit(running.journal.standing().visit.id)  # type: ignore[union-attr]

    assert sorted(path.name for path in made.folder.iterdir()) == [
        "backup.json",
        "kiosk.db",
        "ledger.db",
        "log-2026-10.jsonl",
        "log-2026-11.jsonl",
    ]
    assert {path.stat().st_mode & 0o777 for path in made.folder.iterdir()} == {0o600}
    with reading(made.folder / "ledger.db") as connection:
        copied = head(connection)
        assert list(verify(connection)) == []
    assert (copied.row, copied.hash) == (made.row, made.hash)
    with reading(running.path) as connection:
        assert head(connection).row > copied.row
    assert [agent.name for agent in Agents(made.folder / "kiosk.db", running.clock).listed()] == ["Camille"]


def test_the_newest_stay_and_a_month_that_is_over_is_one_file_in_all_of_them(running: Kiosk, tmp_path: Path) -> None:
    there = settings(tmp_path)
    made = [back_up(there, AT + timedelta(days=day)) for day in range(3)]
    assert sorted(path.name for path in there.backup.folder.iterdir()) == [made[1].folder.name, made[2].folder.name]
    assert made[2].dropped == (made[0].folder.name,)
    month = "log-2026-10.jsonl"
    assert (made[1].folder / month).samefile(made[2].folder / month)
    assert not (made[2].folder / month).samefile(tmp_path / month)


def test_a_ledger_with_findings_is_told_and_kept_apart_and_no_sound_copy_goes_for_it(running: Kiosk, tmp_path: Path) -> None:
    there = settings(tmp_path)
    sound = [back_up(there, AT + timedelta(days=day)).folder.name for day in range(2)]
    running.journal.close()
    with closing(sqlite3.connect(running.path)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f'DROP TRIGGER "{name}"')
        raw.commit()
    end = consigne("backup", "--config", tmp_path / "kiosk.toml", folder=tmp_path)
    flawed = [back_up(there, AT + timedelta(days=10 + day)) for day in range(3)]
    assert end.returncode == 1
    assert "kept apart" in end.stdout
    kept = sorted(path.name for path in there.backup.folder.iterdir())
    assert set(sound) <= set(kept)
    assert flawed[-1].folder.name in kept
    assert len([name for name in kept if name.endswith(".findings")]) == 2


def test_the_second_medium_gets_the_same_and_one_that_is_not_mounted_is_told_after_the_first_copy(
    running: Kiosk, tmp_path: Path, medium: Path
) -> None:
    made = back_up(settings(tmp_path, second_medium=str(medium)), AT)
    assert made.second is not None
    held = json.loads((made.second / "backup.json").read_text())["sha256"]
    assert {path.name for path in made.second.iterdir()} == {*held, "backup.json"}

    nothing = tmp_path / "mnt"
    nothing.mkdir()
    there = settings(tmp_path, second_medium=str(nothing))
    with pytest.raises(BackupMediumGone) as told:
        back_up(there, AT + timedelta(days=1))
    assert (told.value.made / "ledger.db").exists()
    end = consigne("backup", "--config", tmp_path / "kiosk.toml", folder=tmp_path)
    assert end.returncode == 3
    assert f"mount {nothing}" in end.stderr


def test_what_the_medium_reads_back_otherwise_is_no_backup(
    running: Kiosk, tmp_path: Path, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfile

    def failing(source: Path, target: Path) -> None:
        copy(source, target)
        if target.is_relative_to(medium) and target.name == "ledger.db":
            with target.open("r+b") as file:
                file.write(b"\0")

    monkeypatch.setattr(shutil, "copyfile", failing)
    with pytest.raises(BackupDiffers):
        back_up(settings(tmp_path, second_medium=str(medium)), AT)
    assert [path.suffix for path in medium.iterdir()] == [".part"]


def test_a_disk_without_room_is_told_before_anything_is_written_and_what_a_power_cut_left_goes(
    running: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = settings(tmp_path)
    (there.backup.folder / "2026-11-29T03-20-00Z.part").mkdir(parents=True)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(BackupNoRoom):
        back_up(there, AT)
    assert list(there.backup.folder.iterdir()) == []


def test_without_a_ledger_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(NoLedger):
        back_up(settings(tmp_path), AT)
