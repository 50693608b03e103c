"""Programs that draw, where there is nothing to draw on: one sentence and an exit code, where Qt alone would abort with a stack."""

import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from kiosk import display
from kiosk.display import NoDisplay, need_display
from timing import patient
from worlds.installation import Installation

NONE_THERE: tuple[dict[str, str], ...] = (
    {"DISPLAY": ":4711"},
    {"DISPLAY": "localhost:4711.0", "XAUTHORITY": "/not/there"},
    {"WAYLAND_DISPLAY": "wayland-4711", "XDG_SESSION_TYPE": "wayland", "XDG_RUNTIME_DIR": "/tmp"},
    {"DISPLAY": ":4711", "WAYLAND_DISPLAY": "wayland-4711"},
    {"QT_QPA_PLATFORM": "banana"},
    {},
)


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "CONSIGNE_LANG": "en", "COLUMNS": "200", **more}


def started(*module_and_arguments: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", *map(str, module_and_arguments)]
    return subprocess.run(command, env=surroundings(more), capture_output=True, text=True, timeout=patient(60), check=False)


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with Installation(tmp_path_factory.mktemp("hall")) as hall:
        return hall.folders.configuration


@pytest.mark.parametrize("none_there", NONE_THERE, ids=str)
def test_a_kiosk_without_a_display_says_so_in_one_sentence(none_there: dict[str, str], configuration: Path) -> None:
    done = started("commands", "run", "--config", configuration, **none_there)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("No display to draw on (")
    assert done.stderr.count("\n") == 1
    assert all(f"{name}={value}" in done.stderr for name, value in none_there.items() if name in display.NAMED_BY)


def test_what_qt_says_of_the_cause_is_quoted_and_not_what_it_always_says(configuration: Path) -> None:
    told = started("commands", "run", "--window", "--config", configuration, DISPLAY=":4711").stderr
    assert "could not connect to display :4711" in told
    assert "plugin" not in told


def test_the_program_of_last_resort_says_it_in_both_languages() -> None:
    done = started("kiosk.out_of_service", DISPLAY=":4711")
    assert done.returncode == 3
    assert done.stderr.startswith("Aucun écran où dessiner. / No display to draw on. DISPLAY=:4711: could not connect")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("program", [("commands", "screenshots", "pictures"), ("kiosk.out_of_service",)], ids=lambda program: program[0])
def test_a_library_that_qt_lacks_is_named(tmp_path: Path, program: tuple[str, ...]) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')\n")
    done = started(*program, PYTHONPATH=str(tmp_path))
    assert done.returncode == 3
    assert "libEGL.so.1: cannot open shared object file" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_demonstration_whose_display_is_gone_plays_its_visit_without_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "commands", "demo", "--state", str(tmp_path)]
    with subprocess.Popen(
        command, env=surroundings({"DISPLAY": ":4711"}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demonstration:
        assert demonstration.stdout is not None
        assert demonstration.stderr is not None
        try:
            told = demonstration.stderr.readline()
            first_step = next((line for line in demonstration.stdout if line.startswith("→")), "")
        finally:
            demonstration.send_signal(signal.SIGTERM)
        demonstration.stdout.read()
        assert demonstration.stderr.read() == ""
    assert told.startswith("The display that is named cannot be used (DISPLAY=:4711: could not connect")
    assert "into the machine" in first_step


def test_a_display_that_never_answers_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(display, "ANSWERS_S", 1.0)
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{silent.getsockname()[1] - 6000}")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.delenv("QT_QPA_PLATFORM")
        with pytest.raises(NoDisplay) as caught:
            need_display()
    assert caught.value.named.startswith("DISPLAY=127.0.0.1:")


def test_qt_without_a_display_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    need_display()
