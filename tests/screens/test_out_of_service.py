"""The screen of a dead kiosk: it shows whatever else is broken, and both languages can be read whole on every screen."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.out_of_service import screen
from kiosk.out_of_service.screen import PAPER, DeadScreen, letters
from kiosk.words.out_of_service import NOTICES
from timing import patient

# the offscreen plugin says so of each window, and no test looks at such hints
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

SHOWN_THEN_STAYS = """
from kiosk.out_of_service import screen
from kiosk.out_of_service.__main__ import main
class Told(screen.DeadScreen):
    def showEvent(self, event):
        print("shown", self.windowTitle(), flush=True)
screen.DeadScreen = Told
main()
"""


def test_it_shows_beside_a_broken_installation_and_ends_when_asked(tmp_path: Path) -> None:
    for library in ("babel", "sqlalchemy", "pydantic", "cv2", "numpy"):
        (tmp_path / f"{library}.py").write_text("raise ImportError('this library is broken')\n")
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", SHOWN_THEN_STAYS, "--window"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as shown:
        assert shown.stdout is not None
        assert shown.stdout.readline() == "shown Machine en panne · Out of order\n"
        shown.terminate()
        assert shown.wait(30) == -signal.SIGTERM


def test_it_needs_neither_money_nor_devices_nor_settings_nor_a_catalogue() -> None:
    looked = (
        "import sys, kiosk.out_of_service.screen, kiosk.out_of_service.__main__; "
        "print(*sorted({m if m.startswith('config.') else m.split('.')[0] for m in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True, timeout=patient(60)).stdout.split()
    assert {"PySide6", "kiosk"} <= set(loaded)
    assert {module for module in loaded if module.startswith("config.")} == {"config.streams", "config.told"}
    assert not {"ledger", "drivers", "recognition", "firmware", "babel", "cv2", "sqlalchemy", "pydantic"} & set(loaded)


def test_without_its_letters_it_takes_the_systems(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(screen, "LETTERS", tmp_path)
    assert letters() is None
    notice = DeadScreen(NOTICES, None)
    qtbot.addWidget(notice)
    notice.resize(1080, 1920)
    assert cut_off(notice) == []


def cut_off(notice: DeadScreen) -> list[str]:
    """Words that do not fit into their label, or labels that overlap or leave the screen."""
    with_layout = notice.layout()
    assert with_layout is not None
    with_layout.activate()
    labels = notice.findChildren(QLabel)
    wrong = []
    for label in labels:
        needed = label.fontMetrics().boundingRect(QRect(0, 0, label.width(), 10_000), Qt.TextFlag.TextWordWrap, label.text())
        if needed.width() > label.width() or needed.height() > label.height() or not notice.rect().contains(label.geometry()):
            wrong.append(label.text())
        wrong += [label.text() for other in labels if other is not label and other.geometry().intersects(label.geometry())]
    return wrong


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 800), (800, 1280), (640, 480)])
def test_every_word_can_be_read_whole(qtbot: QtBot, size: tuple[int, int]) -> None:
    notice = DeadScreen(NOTICES, letters())
    qtbot.addWidget(notice)
    notice.resize(*size)
    notice.show()
    assert [label.text() for label in notice.findChildren(QLabel)] == [
        text for told in NOTICES for text in (told.title, told.where, told.money)
    ]
    assert cut_off(notice) == []


def test_the_smallest_letters_are_large_enough_to_read_on_the_smallest_screen(qtbot: QtBot) -> None:
    px_per_mm = (1280**2 + 800**2) ** 0.5 / (10.1 * 25.4)
    notice = DeadScreen(NOTICES, letters())
    qtbot.addWidget(notice)
    notice.resize(1280, 800)
    notice.show()
    assert min(label.fontMetrics().capHeight() for label in notice.findChildren(QLabel)) / px_per_mm >= 4.8


def test_the_sign_is_painted_on_plain_paper(qtbot: QtBot) -> None:
    notice = DeadScreen(NOTICES, letters())
    qtbot.addWidget(notice)
    notice.resize(540, 960)
    notice.show()
    picture = notice.grab().toImage()
    colours = {QColor(picture.pixel(x, y)).name() for x in range(0, 540, 20) for y in range(0, 360, 20)}
    assert {screen.RED, screen.WHITE, PAPER} <= colours
