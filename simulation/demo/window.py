"""The kiosk's window of the demonstration, as a process: the touchscreen on a smaller screen, that also says its view-states and hears words.

Each view-state is a line on stdout once it is drawn; a word on stdin (``finish``, ``keep`` …) is a finger on the button of that name, if it is
there to be touched. It ends when its window is closed or its stdin ends. The kiosk and its window are the product's, with nothing left out.
"""

import argparse
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication

from config.settings import load
from kiosk.app import Kiosk
from kiosk.deposit.view import ViewState
from kiosk.face import Lines
from kiosk.paper.drawn import paper_of
from kiosk.screens.glass import KioskWindow
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.touchscreen import Crossing, serve_beside, window_of
from kiosk.words.catalogue import Words
from simulation.demo.album import Album


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """``at``: where the window's upper left corner stands. ``pictures``: the folder for pictures of its screens."""

    config: Path
    screen: Panel
    at: tuple[int, int]
    pictures: Path | None


class Fingers(QObject):
    """Words from a stream, told in Qt's thread."""

    word = Signal(str)
    left = Signal()

    def read(self, stream: TextIO) -> None:
        """Until the stream ends."""
        for line in stream:
            self.word.emit(line.strip())
        self.left.emit()


class Mirror(QObject):
    """What is drawn is told, and kept as a picture where that is asked for; what is told is touched. It lives in Qt's thread."""

    def __init__(self, window: KioskWindow, album: Album | None) -> None:
        super().__init__()
        self._window = window
        self._album = album
        self._tell = Lines(sys.stdout).show

    def show(self, view: ViewState) -> None:
        if self._album is not None:
            self._album.turn(view)
        self._window.show_view(view)
        self._tell(view)

    def press(self, word: str) -> None:
        buttons = (button for button in self._window.findChildren(QAbstractButton, word) if button.isVisible() and button.isEnabled())
        button = next(buttons, None)
        if button is None:
            sys.stderr.write(f"there is no button {word!r} to touch now\n")
        else:
            button.click()


def main() -> None:
    """Raises ConfigurationError, LedgerError, and what ends a kiosk."""
    options = _options()
    settings = load(options.config)
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    register()
    crossing, fingers = Crossing(), Fingers()
    kiosk = Kiosk(settings, crossing.shown.emit, paper=paper_of(settings))
    window = window_of(settings, options.screen, kiosk)
    window.setWindowTitle(Words().text("panel.kiosk"))
    window.move(*options.at)
    album = Album(options.pictures, window.grab) if options.pictures else None
    mirror = Mirror(window, album)
    crossing.shown.connect(mirror.show, Qt.ConnectionType.QueuedConnection)
    crossing.ended.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    fingers.word.connect(mirror.press, Qt.ConnectionType.QueuedConnection)
    fingers.left.connect(kiosk.stop, Qt.ConnectionType.QueuedConnection)
    application.lastWindowClosed.connect(kiosk.stop)
    window.show()
    threading.Thread(target=fingers.read, args=(sys.stdin,), name="fingers", daemon=True).start()
    serve_beside(application, kiosk, crossing)
    if album is not None:
        album.close()


def _options() -> WindowOptions:
    parser = argparse.ArgumentParser(prog="simulation.demo.window")
    parser.add_argument("--config", type=Path, required=True)
    for name in ("width", "height", "left", "top"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--diagonal", type=float, required=True)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    return WindowOptions(given.config, Panel(given.width, given.height, given.diagonal), (given.left, given.top), given.pictures)


if __name__ == "__main__":
    main()
