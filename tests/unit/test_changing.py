"""One key of the configuration changed at the machine: in its line, by the same schema, and never half a file."""

import os
import stat
from pathlib import Path

import pytest

from config.changing import SAFE, Key, NotSafe, Source, ValueRefused, change, keys_of
from config.settings import load

EXAMPLE = Path(__file__).parents[2] / "config" / "example.toml"
SHORT = """
[kiosk]
id = "mairie-11-hall"  # its name
state = "state"
[intake]
port = "intake"
full_percent = 90   # sacks
[camera]
source = "pictures"
[reward]
voucher_page = "https://consigne.example/bon"
[city]
url = "https://consigne.example"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def key(file: Path, name: str) -> Key:
    return next(key for key in keys_of(file) if key.name == name)


def test_each_key_tells_its_value_its_source_and_its_default(file: Path) -> None:
    assert key(file, "intake.full_percent") == Key("intake.full_percent", "90", Source.FILE, "95", "50–100", safe=True)
    assert key(file, "sound.volume_percent") == Key("sound.volume_percent", "70", Source.DEFAULT, "70", "0–100", safe=True)
    assert key(file, "kiosk.id") == Key("kiosk.id", '"mairie-11-hall"', Source.FILE, None, "name", safe=False)
    assert key(file, "limits.day_cents").safe is False
    assert {one.name for one in keys_of(EXAMPLE)} >= SAFE
    assert not {one.name for one in keys_of(EXAMPLE) if one.safe and one.section in {"limits", "reward", "hours", "gift"}}


def test_a_value_is_changed_in_its_line_and_nothing_else_is(file: Path) -> None:
    assert change(file, "intake.full_percent", "80").intake.full_percent == 80
    assert file.read_text(encoding="utf-8") == SHORT.replace("full_percent = 90   # sacks", "full_percent = 80   # sacks")
    assert list(file.parent.iterdir()) == [file]


def test_one_that_has_its_default_gets_a_line_and_if_need_be_a_section(file: Path) -> None:
    change(file, "kiosk.log_months", "12")
    change(file, "sound.volume_percent", "0")
    settings = change(file, "camera.exposure_ms", "12,5")
    assert (settings.kiosk.log_months, settings.sound.volume_percent, settings.camera.exposure_ms) == (12, 0, 12.5)
    assert 'id = "mairie-11-hall"  # its name' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("safe", sorted(SAFE))
def test_each_safe_key_of_the_example_can_be_changed(tmp_path: Path, safe: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    before = key(path, safe)
    other = {"true": "false", "false": "true"}.get(before.value) or f"{float(before.value) + 1:g}"
    if safe in {"camera.exposure_ms", "city.every_s"}:
        other = f"{float(before.value) + 1}"
    change(path, safe, other)
    assert key(path, safe).value == other
    others = [[(one.name, one.value) for one in keys_of(file) if one.name != safe] for file in (path, EXAMPLE)]
    assert others[0] == others[1]


@pytest.mark.parametrize("typed", ["", "49", "101", "ninety", "80\n[reward]\ncents = 100", "80 # \\", '"80"', "8 0", "[80]"])
def test_what_the_schema_does_not_take_changes_nothing(file: Path, typed: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        change(file, "intake.full_percent", typed)
    assert refused.value.allowed == "50–100"
    assert file.read_text(encoding="utf-8") == SHORT
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("name", ["reward.cents", "limits.day_cents", "kiosk.id", "city.url", "hours.monday", "no.key"])
def test_what_pays_or_names_is_not_changed_here(file: Path, name: str) -> None:
    with pytest.raises(NotSafe):
        change(file, name, "1")
    assert file.read_text(encoding="utf-8") == SHORT


def test_a_file_that_says_it_in_another_way_stays_as_it_is(file: Path) -> None:
    inline = SHORT.replace('[intake]\nport = "intake"\nfull_percent = 90   # sacks\n', "").replace(
        "\n[kiosk]", '\nintake = { port = "intake" }\n[kiosk]'
    )
    file.write_text(inline, encoding="utf-8")
    load(file)
    with pytest.raises(ValueRefused):
        change(file, "intake.full_percent", "80")
    assert file.read_text(encoding="utf-8") == inline


def test_the_new_file_is_as_readable_as_the_old_one(file: Path) -> None:
    file.chmod(0o640)
    change(file, "intake.full_percent", "80")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_cut_before_the_new_file_has_its_name_leaves_the_old_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*names: object) -> None:
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(OSError, match="Input/output"):
        change(file, "intake.full_percent", "80")
    assert file.read_text(encoding="utf-8") == SHORT
    assert load(file).intake.full_percent == 90


def test_the_command_lists_the_keys_and_changes_a_safe_one(file: Path) -> None:
    from typer.testing import CliRunner

    from commands.configuration import app

    runner = CliRunner()
    listed = runner.invoke(app, ["list", "--config", str(file)])
    assert "intake.full_percent = 90" in listed.output
    changed = runner.invoke(app, ["set", "intake.full_percent", "85", "--config", str(file)])
    assert (changed.exit_code, load(file).intake.full_percent) == (0, 85)
    refused = runner.invoke(app, ["set", "intake.full_percent", "30", "--config", str(file)])
    assert isinstance(refused.exception, ValueRefused)
