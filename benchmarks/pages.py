"""What it takes that pages are made when they are first shown, and all anew after a change of language.

    python -m benchmarks.pages [--rounds N]

Milliseconds from the view-state or the touch until all of it is painted, on 1080x1920 without a display: the median of the rounds, and the
most, which is mostly the first time in the process. A row beside *bare* is an empty widget of that size, made and painted. No limit.
"""

import argparse
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.arguments import at_least
from benchmarks.frames import PANEL, Ours, wait
from benchmarks.machine import Others
from config.clock import Instant
from config.system import AssumedClock
from kiosk.deposit.view import ViewState
from kiosk.screens.gallery import NOBODY, NOTHING, VISIT, visitor_shots
from kiosk.screens.parts.button import Button
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.place import Place, place_of
from kiosk.words.reading import DEFAULT, LANGUAGES

BREATH_MS = 50
"""Between two deeds: what was thrown away is deleted then, as in a kiosk."""


class LeapingClock:
    """The machine's, put forward by hand past the half second in which no second touch counts."""

    def __init__(self) -> None:
        self._machine = AssumedClock()
        self._ahead_s = 0.0

    def now(self) -> Instant:
        return self._machine.now()

    def monotonic(self) -> float:
        return self._machine.monotonic() + self._ahead_s

    def leap(self) -> None:
        self._ahead_s += 1.0


class Stopwatch:
    """Milliseconds by name."""

    def __init__(self) -> None:
        self.took_ms: dict[str, list[float]] = defaultdict(list)

    def time(self, name: str, deed: Callable[[], object]) -> None:
        """Until all that the deed changed is painted."""
        wait(BREATH_MS)
        began_s = time.perf_counter()
        deed()
        QApplication.processEvents()
        self.took_ms[name].append((time.perf_counter() - began_s) * 1000)


def views() -> dict[Place, ViewState]:
    """One for each page that the session leads to."""
    found: dict[Place, ViewState] = {}
    for shot in visitor_shots():
        if shot.open == NOTHING:
            found.setdefault(place_of(shot.view, NOTHING), shot.view)
    # the window begins with it, and shows it again only when it lasts
    del found[Place.MOMENT]
    return found


def touch(window: Ours, clock: LeapingClock, name: str) -> None:
    """A finger on the button of that name, on a page that has stood for a while."""
    clock.leap()
    next(button for button in window.findChildren(Button, name) if button.isVisible()).click()


def show_bare(windows: list[QWidget]) -> None:
    window = QWidget()
    window.setFixedSize(PANEL.width_px, PANEL.height_px)
    window.show()
    windows.append(window)


def show_ours(windows: list[Ours], clock: LeapingClock) -> None:
    window = Ours(clock)
    window.show()
    windows.append(window)


def first_showings(watch: Stopwatch) -> None:
    clock, bare, ours = LeapingClock(), list[QWidget](), list[Ours]()
    watch.time("bare: an empty widget", partial(show_bare, bare))
    watch.time("words read, window with its first page", partial(show_ours, ours, clock))
    window = ours.pop()
    for place, view in views().items():
        watch.time(f"first showing of {place}", partial(window.show_view, view))
        assert window.place is place
    window.show_view(VISIT)
    # only large text gives settings and languages a page of their own
    for name in ("help", "bigger", "languages", "settings"):
        watch.time(f"all pages anew for {name}" if name == "bigger" else f"first showing of {name}", partial(touch, window, clock, name))
    assert window.place is Place.SETTINGS
    window.close()


def changes(watch: Stopwatch) -> None:
    clock = LeapingClock()
    window = Ours(clock)
    window.show()
    for view in (NOBODY, VISIT):
        window.show_view(view)
        for language in (*(other for other in LANGUAGES if other != DEFAULT), DEFAULT):
            watch.time(f"{view.screen}: all pages anew in {language}", partial(touch, window, clock, f"language.{language}"))
            assert window.manner.language == language
    window.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=at_least(1), default=7)
    rounds: int = parser.parse_args().rounds
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(sys.argv[:1])
    register()
    watch, others = Stopwatch(), Others()
    for _ in range(rounds):
        first_showings(watch)
        changes(watch)
    application.quit()
    print("   median     most  ms")
    for name, took_ms in watch.took_ms.items():
        print(f"{statistics.median(took_ms):9.1f}{max(took_ms):9.1f}  {name}")
    print(f"the rest of the machine meanwhile: {others.percent:.0f} % of a core")


if __name__ == "__main__":
    main()
