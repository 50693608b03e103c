"""``consigne run --window`` as a process, on a twin and a ledger, with Qt but without a display."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.system import AssumedClock
from kiosk.agents import Agents
from kiosk.console.roles import Role
from kiosk.words.reading import FOLDER, LANGUAGES
from timing import patient, wait_until
from worlds.installation import PLASTIC, Installation

ONE_TIME_CODE = re.compile(r"\b\d{12}\b")

WITH_OTHER_WORDS = """
import sys
from pathlib import Path
from kiosk.words import reading
reading.FOLDER = Path(sys.argv.pop(1))
from commands.cli import main
main()
"""
"""``consigne`` with its catalogues in another folder."""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        yield installation


@contextmanager
def shown(hall: Installation, words: Path | None = None) -> Iterator["subprocess.Popen[str]"]:
    """The kiosk in a window that nobody sees, from its start on; with the catalogues of a folder, or its own."""
    program = ["-m", "commands"] if words is None else ["-c", WITH_OTHER_WORDS, str(words)]
    command = [sys.executable, *program, "run", "--window", "--config", str(hall.folders.configuration)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "CONSIGNE_LANG": "en"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def notes(hall: Installation) -> str:
    return "".join(path.read_text() for path in hall.folders.kiosk.glob("log-*.jsonl"))


def test_a_bottle_is_credited_behind_the_window_and_a_polite_end_is_one(hall: Installation) -> None:
    with shown(hall) as process:
        hall.say(PLASTIC)
        wait_until(lambda: hall.books().credited_cents == 20 or process.poll() is not None, timeout_s=30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=patient(20)) == 0
    assert hall.books().credited_cents == 20
    assert '"stopped"' in notes(hall)


def test_a_screen_that_is_too_small_is_told_before_anything_else_is_opened(tmp_path: Path) -> None:
    with Installation(tmp_path, screen={"diagonal_in": 7.0}) as hall, shown(hall) as process:
        _, told = process.communicate(timeout=patient(20))
    assert process.returncode == 2
    assert "7" in told
    assert "screen.diagonal_in" in told
    assert notes(hall) == ""


@pytest.mark.parametrize("diagonal_in", ["0", "156"])
def test_a_diagonal_that_no_screen_has_is_told_with_its_key(hall: Installation, diagonal_in: str) -> None:
    with hall.folders.configuration.open("a") as configuration:
        configuration.write(f"\n[screen]\ndiagonal_in = {diagonal_in}\n")
    with shown(hall) as process:
        _, told = process.communicate(timeout=patient(20))
    assert process.returncode == 2
    assert "screen.diagonal_in" in told
    assert notes(hall) == ""


@pytest.fixture
def catalogues(tmp_path: Path) -> Path:
    """The program's own catalogues, in a folder where they can be broken."""
    folder = tmp_path / "words"
    folder.mkdir()
    for language in LANGUAGES:
        shutil.copy(FOLDER / f"{language}.po", folder)
    return folder


@pytest.mark.parametrize("is_there", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_language_whose_catalogue_is_missing_or_broken_is_named_and_the_others_serve(
    hall: Installation, catalogues: Path, is_there: bool
) -> None:
    lame = catalogues / "ar.po"
    if is_there:
        lame.write_text(lame.read_text()[:-40])
    else:
        lame.unlink()
    with shown(hall, catalogues) as process:
        hall.say(PLASTIC)
        wait_until(lambda: hall.books().credited_cents == 20 or process.poll() is not None, timeout_s=30)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=patient(20))
    assert (process.returncode, hall.books().credited_cents) == (0, 20)
    assert str(lame) in told


def test_without_the_language_of_the_house_the_kiosk_does_not_start_and_says_which_file(hall: Installation, catalogues: Path) -> None:
    (catalogues / "fr.po").write_bytes(b"msgid")
    with shown(hall, catalogues) as process:
        _, told = process.communicate(timeout=patient(20))
    assert process.returncode == 2
    assert str(catalogues / "fr.po") in told
    assert notes(hall) == ""


def run_until_it_has_started(hall: Installation) -> str:
    """What it said on stderr until a polite end."""
    before = notes(hall).count('"started"')
    with shown(hall) as process:
        wait_until(lambda: notes(hall).count('"started"') > before or process.poll() is not None, timeout_s=30)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=patient(20))
    assert process.returncode == 0, told
    return told


def test_the_first_managers_code_is_said_once_and_written_nowhere_and_a_damaged_file_of_agents_is_set_aside(hall: Installation) -> None:
    agents = hall.folders.kiosk / "kiosk.db"
    agents.write_bytes(b"what a failing card left of it" * 200)
    (code,) = ONE_TIME_CODE.findall(run_until_it_has_started(hall))
    assert [path.name for path in hall.folders.kiosk.iterdir() if path.is_file() and code.encode() in path.read_bytes()] == []
    assert (hall.folders.kiosk / "kiosk-damaged-1.db").exists()
    assert '"agents_set_aside"' in notes(hall)
    Agents(agents, AssumedClock()).add("Camille", Role.MANAGER, "274951")
    assert ONE_TIME_CODE.findall(run_until_it_has_started(hall)) == []
