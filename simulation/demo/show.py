"""The demonstration put together: the panel in this process, the stage in a thread, the kiosk's window in a process of its own."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from drivers.twin.items import chamber_items
from kiosk.deposit.view import Screen
from kiosk.screens.style.typefaces import register, sized
from kiosk.words.catalogue import Words
from simulation.demo.deeds import Deed, Situation
from simulation.demo.panel import ControlPanel
from simulation.demo.places import LANDSCAPE, PORTRAIT, Box, Places
from simulation.demo.player import Player
from simulation.demo.stage import Hearers, Stage, Staging
from simulation.demo.teller import Teller
from simulation.outcome import Outcome

LETTERS_PX = 13
SIGNALS_EVERY_MS = 200

PACE_S, HEADLESS_PACE_S = 2.0, 1.0
"""How long a played visitor looks at a screen: people watch it, or nobody does and its motion only has to come to its end."""


@dataclass(frozen=True, slots=True)
class Options:
    """``state`` is the folder of all files. ``scale`` None: as large as the desktop lets both windows be."""

    state: Path
    auto: bool
    headless: bool
    seed: int
    landscape: bool
    scale: float | None

    @property
    def pictures(self) -> Path:
        return self.state / "screenshots"


def demonstrate(options: Options, words: Words, teller: Teller) -> Outcome | None:
    """Until a window is closed, a signal comes, or the played visit is over; then what the three witnesses say of it.

    Raises ProcessFailed, BusError, LedgerError, OSError.
    """
    application = QApplication(["consigne"])
    application.setQuitOnLastWindowClosed(False)
    register()
    application.setFont(sized(LETTERS_PX, 400))
    return _Show(application, options, words, teller).run()


class _Show(QObject):
    """Lives in Qt's thread; its signals come from the stage's."""

    _situation = Signal(object)
    _ended = Signal()

    def __init__(self, application: QApplication, options: Options, words: Words, teller: Teller) -> None:
        super().__init__()
        self._application = application
        self._options = options
        self._teller = teller
        self._told_city = False
        self._panel = ControlPanel(words, chamber_items().values(), self._post)
        self._places = self._placed()
        hearers = Hearers(self._situation.emit, teller.view, teller.deed, teller.agent, self._ended.emit)
        pace_s = HEADLESS_PACE_S if options.headless else PACE_S
        staging = Staging(options.state, options.seed, self._window(), pace_s)
        self._stage = Stage(staging, hearers, Player() if options.auto else None)
        self._situation.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(application.quit, Qt.ConnectionType.QueuedConnection)
        self._panel.closed.connect(self._stage.stop)

    def _post(self, deed: Deed) -> None:
        self._stage.post(deed)

    def _placed(self) -> Places:
        available = self._application.primaryScreen().availableGeometry()
        desk = Box(available.x(), available.y(), available.width(), available.height())
        size = self._panel.sizeHint()
        scale = 1.0 if self._options.headless and self._options.scale is None else self._options.scale
        return Places.on(desk, LANDSCAPE if self._options.landscape else PORTRAIT, (size.width(), size.height()), scale)

    def _window(self) -> tuple[str, ...]:
        screen, (left, top) = self._places.screen, self._places.kiosk
        arguments = [
            "--width",
            screen.width_px,
            "--height",
            screen.height_px,
            "--diagonal",
            screen.diagonal_in,
            "--left",
            left,
            "--top",
            top,
        ]
        if self._options.auto:
            arguments += ["--pictures", self._options.pictures]
        return ("simulation.demo.window", *map(str, arguments))

    def run(self) -> Outcome | None:
        self._teller.places(self._places)
        self._panel.move(*self._places.panel)
        if not self._options.headless:
            self._panel.show()
        self._stage.start()
        with _ended_by_signals(self._stage.stop):
            self._application.exec()
        self._stage.join()
        self._panel.camera.close_eyes()
        self._panel.close()
        if self._stage.failure is not None:
            raise self._stage.failure
        return self._stage.outcome

    def _show(self, situation: Situation) -> None:
        if not self._told_city:
            self._told_city = True
            self._teller.city(situation.city, situation.log_in)
        self._panel.show_situation(situation)
        if self._options.auto and situation.shown is not None and situation.shown["screen"] == Screen.REFUSED:
            # what was refused lies before the camera
            self._panel.grab().save(str(self._options.pictures / "panel.png"))


@contextmanager
def _ended_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C, a terminal that was closed, and a polite kill all end it in order."""
    before = {number: signal.signal(number, lambda *_: stop()) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    # Qt's loop lets Python look at signals only when it runs some Python
    awake = QTimer()
    awake.timeout.connect(lambda: None)
    awake.start(SIGNALS_EVERY_MS)
    try:
        yield
    finally:
        awake.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
