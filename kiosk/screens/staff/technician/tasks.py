"""What somebody at the glass does in a step of the self-test, and what the page hears of it: circles, colours, keys, sounds, a scanner. Stands while its task does."""

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from config.clock import Clock
from kiosk.screens.staff.technician.fields import ColourField, TouchField
from kiosk.screens.style.theme import Theme
from kiosk.selftest.devices import Judged, Key, KeysPressed, PointsTouched, Scanned, Task, TaskAnswer
from kiosk.words.catalogue import Words

SILENT_S = 20.0
"""Whoever has touched nothing for so long has found a place that hears nothing: the circles end with those that were touched."""

AZERTY = str.maketrans("&é\"'(-è_çà", "1234567890")

KEYS: Mapping[Qt.Key, Key] = {
    Qt.Key.Key_Left: Key.PREVIOUS,
    Qt.Key.Key_Right: Key.NEXT,
    Qt.Key.Key_Return: Key.OK,
    Qt.Key.Key_Enter: Key.OK,
    Qt.Key.Key_Select: Key.OK,
    Qt.Key.Key_F1: Key.HELP,
    Qt.Key.Key_Help: Key.HELP,
}


class Tasks:
    """``done`` is told what came of the task that stands; ``changed``: the page is to be drawn anew."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        words: Words,
        clock: Clock,
        done: Callable[[Task, TaskAnswer], None],
        changed: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._done = done
        self._changed = changed
        self._task: Task | None = None
        self._touched_at_s = -math.inf
        self._touched = 0
        self.seen = False
        """Whether all colours were."""
        self.pressed: set[Key] = set()
        self.typed = ""
        self.circles = TouchField(window, theme, words.text("selftest.task.circles"), self._circled)
        self.colours = ColourField(window, theme, self._coloured)

    def stand(self, task: Task | None) -> None:
        """Another task begins with nothing done."""
        if task is self._task:
            return
        self._task = task
        self.seen, self.typed = False, ""
        self.pressed.clear()
        self.circles.hide()
        self.colours.hide()

    def touches_circles(self) -> None:
        self._touched_at_s, self._touched = self._clock.monotonic(), 0
        self.circles.begin()

    def tick(self) -> None:
        if not self.circles.isVisible():
            return
        touched = sum(off is not None for off in self.circles.off_mm)
        if touched != self._touched:
            self._touched, self._touched_at_s = touched, self._clock.monotonic()
        elif self._clock.monotonic() - self._touched_at_s >= SILENT_S:
            self.circles.end()

    def takes_key(self, key: Qt.Key) -> bool:
        """Whether it is one of those that are being tried."""
        if self._task is not Task.KEYS or key not in KEYS:
            return False
        self.pressed.add(KEYS[key])
        if len(self.pressed) == len(Key):
            self.keys_end()
        else:
            self._changed()
        return True

    def keys_end(self) -> None:
        self._done(Task.KEYS, KeysPressed(frozenset(self.pressed)))

    def types(self, letters: str) -> bool:
        if self._task is not Task.SCANNER:
            return False
        self.typed += letters.translate(AZERTY)
        return True

    def enters(self) -> bool:
        if self._task is not Task.SCANNER or not self.typed:
            return False
        typed, self.typed = self.typed, ""
        self._done(Task.SCANNER, Scanned(typed))
        return True

    def says(self, good: bool) -> None:
        if self._task is not None:
            self._done(self._task, Judged(good))

    def nothing_scanned(self) -> None:
        self._done(Task.SCANNER, Scanned(""))

    def _circled(self, off_mm: tuple[float | None, ...]) -> None:
        self._done(Task.TOUCH, PointsTouched(off_mm))

    def _coloured(self) -> None:
        self.seen = True
        self._changed()
