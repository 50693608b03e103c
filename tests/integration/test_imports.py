"""What a command loads: nothing that it does not need, looked at in a process of its own."""

from pathlib import Path

import pytest

from benchmarks.imports import COMMANDS, begun, loaded, named


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory.mktemp("imports"))


def test_the_first_page_waits_for_no_camera_no_decoder_no_voucher_and_no_migration(configuration: Path) -> None:
    found = loaded(COMMANDS["run"], configuration).modules
    reached = ["kiosk.app", "kiosk.screens.visitor.window", "PySide6", "sqlalchemy", "pymodbus"]
    assert named(found, reached) == reached
    assert named(found, ["cv2", "numpy", "zxingcpp", "pyzbar", "segno", "alembic", "requests", "simulation"]) == []


def test_a_kiosk_without_a_screen_loads_no_qt(configuration: Path) -> None:
    found = loaded(COMMANDS["run --lines"], configuration).modules
    assert named(found, ["kiosk.app", "kiosk.face"]) == ["kiosk.app", "kiosk.face"]
    assert named(found, ["PySide6", "cv2", "numpy", "zxingcpp", "pyzbar", "alembic", "requests", "simulation"]) == []
