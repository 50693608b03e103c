"""The kiosk on a touchscreen: Qt's event loop in this thread, the runner in another. View-states cross by one queued signal, touches by the runner's queue."""

import signal
import sys
import threading
from collections.abc import Callable
from math import hypot
from typing import Protocol

from PySide6.QtCore import QObject, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication

from config.clock import Clock
from config.settings import Settings
from config.vocabulary import Cents
from drivers.sound.sounds import Sound
from kiosk.console.events import ConsoleEvent
from kiosk.deposit.events import Touched
from kiosk.deposit.view import ViewState
from kiosk.runner import Runner
from kiosk.screens.glass import KioskWindow
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.names import check_names
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.supervision import Notifier, Pulse, Supervised, supervised
from kiosk.words.catalogue import Words, choice
from kiosk.words.reading import LANGUAGES

HEED_MS = 250
"""So often Qt's loop answers that it lives; and as Python hears of SIGTERM only between its own instructions, it hears it then."""

WINDOW_SHARE = 0.86
"""Of a desk's screen, the height of the window in which a kiosk is tried."""


DIAGONALS_DIFFER = 0.1
"""By so much of it the configured diagonal may differ from what the screen reports: makers count the frame, or round."""


ASSUMED_PER_INCH = (96, 100)
"""Dots an inch of X servers, and of Qt without a display, for a screen of unknown size."""


class Served(Protocol):
    """What ``kiosk.app.Kiosk`` is to the touchscreen."""

    @property
    def clock(self) -> Clock: ...

    @property
    def runner(self) -> Runner: ...

    def serve(self) -> None: ...

    def stop(self) -> None: ...

    def play(self, sound: Sound) -> None: ...

    def speaks(self, language: str) -> None: ...


class Living(Served, Supervised, Protocol):
    """The same, and watched."""


class Crossing(QObject):
    """From the runner's thread to Qt's."""

    shown = Signal(object)
    ended = Signal()


def panel_of(settings: Settings, screen: QScreen, *, window_mode: bool) -> Panel:
    """The screen that there is, or in a window one that fits on it, for a trial at a desk. Raises ScreenTooSmall, OutOfReach, TooCoarse."""
    size = screen.size()
    if not window_mode:
        return Panel(size.width(), size.height(), settings.screen.diagonal_in).mounted(settings.screen.lower_edge_m)
    height = round(size.height() * WINDOW_SHARE)
    return Panel(round(height * 9 / 16), height, settings.screen.diagonal_in)


class Reports(Protocol):
    """What of a screen says how large it is."""

    def size(self) -> QSize: ...
    def physicalSize(self) -> QSizeF: ...


def reported_in(screen: Reports) -> float | None:
    """The diagonal that the screen itself reports, in inches; None where it reports none.

    A display server that was told nothing assumes 96 or 100 dots an inch.
    """
    diagonal_in = hypot(screen.physicalSize().width(), screen.physicalSize().height()) / 25.4
    if diagonal_in < 1:
        return None
    per_inch = hypot(screen.size().width(), screen.size().height()) / diagonal_in
    return None if any(abs(per_inch - assumed) < 1 for assumed in ASSUMED_PER_INCH) else diagonal_in


def doubt(settings: Settings, screen: Reports) -> str | None:
    """What to tell whoever set the kiosk up, in the language of the house, where the configured diagonal is not the screen's: all sizes would be wrong."""
    reported, configured = reported_in(screen), settings.screen.diagonal_in
    if reported is None or abs(reported - configured) <= DIAGONALS_DIFFER * configured:
        return None
    return Words().text("told.diagonal", configured=round(configured, 1), reported=round(reported, 1))


def run_touchscreen(
    settings: Settings, kiosk_factory: Callable[[Callable[[ViewState], None]], Living], window_mode: bool, notifier: Notifier | None
) -> None:
    """Shows a kiosk until it ends or its window is closed, and tells the service manager, if there is one. Raises ScreenTooSmall, OutOfReach, TooCoarse, CatalogueBroken, NameTooLong, and what ``serve`` raised."""
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    register()
    panel = panel_of(settings, application.primaryScreen(), window_mode=window_mode)
    if not window_mode and (doubted := doubt(settings, application.primaryScreen())) is not None:
        sys.stderr.write(f"{doubted}\n")
    crossing = Crossing()
    kiosk = kiosk_factory(crossing.shown.emit)
    window = window_of(settings, panel, kiosk)
    crossing.shown.connect(window.show_view, Qt.ConnectionType.QueuedConnection)
    crossing.ended.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    application.lastWindowClosed.connect(kiosk.stop)
    if window_mode:
        window.show()
    else:
        window.setCursor(Qt.CursorShape.BlankCursor)
        window.showFullScreen()
    serve_beside(application, kiosk, crossing, notifier)


def window_of(settings: Settings, panel: Panel, kiosk: Served) -> KioskWindow:
    """The window of a kiosk, not shown yet; a language whose words are broken is told on stderr and left out. Raises CatalogueBroken, NameTooLong."""
    languages = choice()
    for broken in languages.broken:
        sys.stderr.write(f"{broken}\n")
    known, clock = {words.language: words for words in languages.words}, kiosk.clock

    def made() -> VisitorWindow:
        return VisitorWindow(
            panel,
            known.__getitem__,
            lambda touch: kiosk.runner.post(Touched(touch)),
            languages=tuple(known),
            clock=clock,
            reward=Cents(settings.reward.cents),
            visit_bottles=settings.limits.visit_bottles,
            opening=settings.screen.opening,
        )

    check_names(made(), settings.associations, tuple(known), panel.diagonal_in)
    visitor = made()
    visitor.sounded.connect(kiosk.play)
    visitor.spoke.connect(kiosk.speaks)
    staff = {language: words for language, words in known.items() if not LANGUAGES[language].visitors_only}

    def ask(event: ConsoleEvent) -> None:
        kiosk.runner.post(event)

    return KioskWindow(visitor, panel, staff, ask, clock)


def serve_beside(application: QApplication, kiosk: Living, crossing: Crossing, notifier: Notifier | None = None) -> None:
    """The runner in its thread, until both it and Qt's loop have ended. Raises what ``serve`` raised."""
    failures: list[Exception] = []

    def serve() -> None:
        try:
            kiosk.serve()
        except Exception as failure:  # noqa: BLE001 (raised again below, in the thread that asked)
            failures.append(failure)
        finally:
            crossing.ended.emit()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: kiosk.stop())
    screen = Pulse(kiosk.clock)
    heed = QTimer()
    heed.timeout.connect(screen.answer)
    heed.start(HEED_MS)
    QTimer.singleShot(0, screen.answer)
    runner = threading.Thread(target=serve, name="runner")
    runner.start()
    with supervised(notifier, kiosk, {"screen": screen}):
        application.exec()
    kiosk.stop()
    runner.join()
    if failures:
        raise failures[0]
