"""What a command loads: nothing that it does not need, looked at in a process of its own."""

from pathlib import Path

import pytest

from benchmarks.imports import COMMANDS, OURS, THEIRS, begun, loaded, named


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory.mktemp("imports"))


def test_the_first_page_waits_for_no_camera_no_decoder_no_voucher_and_no_migration(configuration: Path) -> None:
    ended = loaded(COMMANDS["run"], configuration)
    found = ended.modules
    # a start that is refused loads little, too
    assert ended.code == 0
    reached = ["kiosk.app", "kiosk.screens.visitor.window", "PySide6", "sqlalchemy", "pymodbus"]
    assert named(found, reached) == reached
    assert named(found, ["cv2", "numpy", "zxingcpp", "pyzbar", "segno", "alembic", "requests", "simulation"]) == []


def test_a_kiosk_without_a_screen_loads_no_qt_and_no_thread_of_it_opencv_at_once(configuration: Path) -> None:
    ended = loaded(COMMANDS["run --lines"], configuration)
    found = ended.modules
    assert ended.code == 0
    assert named(found, ["kiosk.app", "kiosk.face"]) == ["kiosk.app", "kiosk.face"]
    assert named(found, ["PySide6", "cv2", "numpy", "zxingcpp", "pyzbar", "alembic", "requests", "simulation"]) == []


@pytest.mark.parametrize("command", ["--version", "--help"])
def test_what_only_tells_of_the_commands_loads_none_of_their_parts(configuration: Path, command: str) -> None:
    found = loaded(COMMANDS[command], configuration).modules
    assert named(found, OURS) == ["commands", "config", "kiosk", "ledger"]
    assert named(found, THEIRS) == (["typer"] if command == "--version" else ["rich", "typer"])
    # what stands in the commands' own signatures
    assert {name for name in found if name.startswith(("kiosk.", "ledger."))} == {
        "kiosk.console",
        "kiosk.console.roles",
        "kiosk.failures",
        "ledger.chain",
        "ledger.kinds",
    }


def test_the_sync_loads_no_device_no_screen_and_no_firmware(configuration: Path) -> None:
    found = loaded(COMMANDS["sync --once"], configuration).modules
    assert named(found, ["ledger.sync.rounds", "requests"]) == ["ledger.sync.rounds", "requests"]
    assert named(found, ["cv2", "numpy", "PySide6", "pymodbus", "sqlalchemy", "drivers", "firmware", "recognition", "simulation"]) == []


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("ledger ")])
def test_who_reads_a_ledger_loads_no_device_no_screen_and_no_network(configuration: Path, command: str) -> None:
    found = loaded(COMMANDS[command], configuration).modules
    assert named(found, ["ledger.views"]) == ["ledger.views"]
    assert named(found, ["cv2", "numpy", "PySide6", "pymodbus", "requests", "drivers", "firmware", "recognition", "simulation"]) == []


def test_a_mistake_in_what_is_typed_is_told_without_any_part_of_the_machine(configuration: Path) -> None:
    found = loaded(COMMANDS["no configuration"], configuration).modules
    assert named(found, ["kiosk.words.errors"]) == ["kiosk.words.errors"]
    assert named(found, ["cv2", "numpy", "PySide6", "pymodbus", "sqlalchemy", "drivers", "firmware", "recognition", "simulation"]) == []
