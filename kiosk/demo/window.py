"""The kiosk's window of the demonstration, as a process: the touchscreen on a smaller screen, that also says its view-states and hears words.

Each view-state is a line on stdout once it is drawn; a word on stdin (``finish``, ``keep`` …) is a finger on the button of that name, if it is
there to be touched. It ends when its window is closed or its stdin ends. The kiosk behind it is the product's, with nothing left out.
"""

import argparse
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

from config.settings import Settings, load
from config.vocabulary import Cents
from kiosk.app import Kiosk
from kiosk.begin import clock_of
from kiosk.demo.album import Album
from kiosk.deposit.events import Touch, Touched
from kiosk.deposit.view import ViewState
from kiosk.face import show_on
from kiosk.failures import WorkerDied
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES

DIED = 3


@dataclass(frozen=True, slots=True)
class Options:
    config: Path
    screen: Panel
    at: tuple[int, int]
    pictures: Path | None


class Bridge(QObject):
    """From the kiosk's thread and the reader's into Qt's."""

    view = Signal(object)
    word = Signal(str)
    ended = Signal(int)


class Window(VisitorWindow):
    """Tells when it is closed."""

    closed = Signal()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)


class Show:
    """The window and the kiosk behind it."""

    def __init__(self, options: Options, settings: Settings) -> None:
        self._bridge = Bridge()
        self._kiosk = Kiosk(settings, self._bridge.view.emit)
        self._tell = show_on(sys.stdout)
        self.window = Window(
            options.screen,
            Words,
            self._touch,
            languages=tuple(LANGUAGES),
            clock=clock_of(settings),
            reward=Cents(settings.reward.cents),
            visit_bottles=settings.limits.visit_bottles,
        )
        self.window.move(*options.at)
        self.window.setWindowTitle(Words().text("demonstration"))
        self._album = Album(options.pictures, self.window.grab) if options.pictures else None
        self._bridge.view.connect(self._show)
        self._bridge.word.connect(self._press)
        self._bridge.ended.connect(QApplication.exit)
        self.window.closed.connect(self._kiosk.stop)

    def run(self, application: QApplication) -> int:
        """Until the window is closed or stdin ends. The exit code."""
        self.window.show()
        served = threading.Thread(target=self._serve, name="kiosk")
        served.start()
        threading.Thread(target=self._hear, args=(sys.stdin,), name="fingers", daemon=True).start()
        code: int = application.exec()
        served.join()
        if self._album is not None:
            self._album.close()
        return code

    def _serve(self) -> None:
        try:
            self._kiosk.serve()
        except WorkerDied as died:
            sys.stderr.write(f"{died}\n")
            self._bridge.ended.emit(DIED)
        else:
            self._bridge.ended.emit(0)

    def _hear(self, fingers: TextIO) -> None:
        for line in fingers:
            self._bridge.word.emit(line.strip())
        self._kiosk.stop()

    def _touch(self, touch: Touch) -> None:
        self._kiosk.runner.post(Touched(touch))

    def _show(self, view: ViewState) -> None:
        if self._album is not None:
            self._album.turn(view)
        self.window.show_view(view)
        self._tell(view)

    def _press(self, word: str) -> None:
        found = (button for button in self.window.findChildren(QAbstractButton, word) if button.isVisible() and button.isEnabled())
        button = next(found, None)
        if button is None:
            sys.stderr.write(f"there is no button {word!r} to touch now\n")
        else:
            button.click()


def main() -> None:
    options = _options()
    settings = load(options.config)
    application = QApplication(sys.argv[:1])
    register()
    sys.exit(Show(options, settings).run(application))


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="kiosk.demo.window")
    parser.add_argument("--config", type=Path, required=True)
    for name in ("width", "height", "left", "top"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--diagonal", type=float, required=True)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    return Options(given.config, Panel(given.width, given.height, given.diagonal), (given.left, given.top), given.pictures)


if __name__ == "__main__":
    main()
