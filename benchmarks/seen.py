"""The processes that ``benchmarks.touchscreen`` looks at: the kiosk's own program, and a bare window. Each says on stdout when what stood.

    python -m benchmarks.seen bare | idle CONFIG | touched CONFIG | live CONFIG PIN

One line of JSON: seconds of CLOCK_MONOTONIC and of the process's own time by what was reached, and the threads' names by their number at the
kernel. The kiosk is ``consigne run`` with three calls wrapped, so that somebody can look on until the line is written: once the attract page is painted, or
(*touched*) once a finger on it has led to the next page, or (*live*) once the first agent has the machine on the live page. Then it runs on as it is, until it is told to end. Imports stand where the time
they take is noted.
"""

import json
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QObject

    from config.settings import Settings
    from kiosk.app import Kiosk
    from kiosk.deposit.view import ViewState
    from kiosk.paper.sheet import Paper
    from kiosk.screens.glass import KioskWindow
    from kiosk.screens.style.theme import Panel
    from kiosk.screens.visitor.window import VisitorWindow
    from kiosk.touchscreen import Served

TOUCH_EVERY_MS: Final = 10
LOOK_EVERY_MS: Final = 200


class Times:
    """What was reached when."""

    def __init__(self) -> None:
        self._at_s: dict[str, tuple[float, float]] = {}
        self._told = False

    def note(self, name: str) -> None:
        """The first time counts."""
        self._at_s.setdefault(name, (time.monotonic(), time.process_time()))

    def tell(self) -> None:
        """All of it, once."""
        if not self._told:
            self._told = True
            threads = {thread.native_id: thread.name for thread in threading.enumerate()}
            sys.stdout.write(json.dumps({"at_s": self._at_s, "threads": threads}) + "\n")
            sys.stdout.flush()


def bare(times: Times) -> None:
    """One empty widget on the whole screen."""
    from PySide6.QtWidgets import QApplication, QWidget

    times.note("Qt imported")
    application = QApplication(sys.argv[:1])
    times.note("Qt's application made")

    from benchmarks.eyes import Eyes

    def painted(eyes: Eyes, _: "set[QObject]") -> None:
        times.note("painted")
        eyes.shut()
        times.tell()

    Eyes(application, painted)
    window = QWidget()
    window.showFullScreen()
    application.exec()


def kiosk(configuration: str, times: Times, *, touch: bool = False, pin: str = "") -> None:
    from commands import cli
    from commands import run as command

    times.note("commands imported")
    loading = command.loading

    @contextmanager
    def watched_loading() -> "Iterator[None]":
        times.note("configuration read")
        with loading():
            yield
        times.note("kiosk, Qt and screens imported, a display answers")
        watch(times, touch=touch, pin=pin)

    vars(command).update(loading=watched_loading)
    sys.argv[1:] = ["run", "--config", configuration]
    cli.main()


def watch(times: Times, *, touch: bool, pin: str) -> None:
    """What ``run`` is about to call, wrapped."""
    from kiosk import touchscreen
    from kiosk.app import Kiosk

    window_of, make = touchscreen.window_of, Kiosk.__init__
    kiosks: list[Kiosk] = []

    def watched_make(made: Kiosk, settings: "Settings", show: "Callable[[ViewState], None]", *, paper: "Paper | None" = None) -> None:
        times.note("Qt's application made, fonts read")
        make(made, settings, show, paper=paper)
        times.note("ledger open, kiosk made")
        kiosks.append(made)

    def watched_window(settings: "Settings", panel: "Panel", served: "Served") -> "KioskWindow":
        window = window_of(settings, panel, served)
        times.note("words read, window made")
        if pin:
            look_live(kiosks[0], times, pin)
        else:
            look_at(window.visitor, times, touch=touch)
        return window

    vars(touchscreen).update(window_of=watched_window)
    setattr(Kiosk, "__init__", watched_make)  # noqa: B010 - a method may not be assigned to


def look_at(window: "VisitorWindow", times: Times, *, touch: bool) -> None:
    """Until the attract page, or with a touch the page behind it, is painted."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from benchmarks.eyes import Eyes
    from kiosk.screens.visitor.place import Place

    application = QApplication.instance()
    assert application is not None
    finger = QTimer(application)

    def put_down() -> None:
        if (button := window.page.main()) is not None:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def painted(eyes: Eyes, widgets: "set[QObject]") -> None:
        times.note("first paint")
        place = window.place if window.page in widgets else None
        if place is Place.ATTRACT:
            times.note("attract page painted, the controller answers")
            if touch and not finger.isActive():
                finger.start(TOUCH_EVERY_MS)
        if place is (Place.BEGUN if touch else Place.ATTRACT):
            times.note("touch answered" if touch else "looked at")
            eyes.shut()
            finger.stop()
            times.tell()

    finger.timeout.connect(put_down)
    Eyes(application, painted)


def look_live(made: "Kiosk", times: Times, pin: str) -> None:
    """Until the machine is lent to whoever has logged in, and its picture stands."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from kiosk.console.events import DeedAsked, LogInAsked, Opened
    from kiosk.console.live.vocabulary import Stage
    from kiosk.console.roles import Deed
    from kiosk.console.states import AtWork, LoggingIn

    def look() -> None:
        match made.runner.console.face:
            case AtWork(live=live) if live is not None:
                if live.stage is Stage.LENT and live.picture is not None:
                    times.note("live")
                    asks.stop()
                    times.tell()
            case AtWork():
                made.runner.post(DeedAsked(Deed.LIVE))
            case LoggingIn(judging=False):
                made.runner.post(LogInAsked("101", pin))
            case LoggingIn():
                pass
            case _:
                made.runner.post(Opened())

    asks = QTimer(QApplication.instance())
    asks.timeout.connect(look)
    asks.start(LOOK_EVERY_MS)


def main() -> None:
    times = Times()
    times.note("Python up")
    match sys.argv[1:]:
        case ["bare"]:
            bare(times)
        case ["idle", configuration]:
            kiosk(configuration, times)
        case ["touched", configuration]:
            kiosk(configuration, times, touch=True)
        case ["live", configuration, pin]:
            kiosk(configuration, times, pin=pin)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
