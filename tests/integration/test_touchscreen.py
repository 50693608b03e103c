"""``consigne run --window`` as a process, on a twin and a ledger, with Qt but without a display."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installation import PLASTIC, Installation
from timing import wait_until


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        yield installation


@contextmanager
def shown(hall: Installation) -> Iterator["subprocess.Popen[str]"]:
    """The kiosk in a window that nobody sees, from its start on."""
    command = [sys.executable, "-m", "kiosk", "run", "--window", "--config", str(hall.folders.configuration)]
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
        assert process.wait(timeout=20) == 0
    assert hall.books().credited_cents == 20
    assert '"stopped"' in notes(hall)


def test_a_screen_that_is_too_small_is_told_before_anything_else_is_opened(tmp_path: Path) -> None:
    with Installation(tmp_path, screen={"diagonal_in": 7.0}) as hall, shown(hall) as process:
        _, told = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "7" in told
    assert "screen.diagonal_in" in told
    assert notes(hall) == ""
