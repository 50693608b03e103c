"""The touchscreen, each point on it by itself. Which button a tap presses is found here; which presses count is the guard's.

Qt makes mouse events of the first point alone: a drop, a palm or a bag that rests on the panel would leave every finger unheard. Here
each point has a life of its own: it counts for nothing if it was there before the page, stays for some seconds, or leaves another button
than it came to.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QEventPoint, QTouchEvent
from PySide6.QtWidgets import QWidget

from config.clock import Clock
from kiosk.screens.parts.button import Button

RESTS_S = 3.0
"""A point that stays for so long rests there and taps nothing; slow fingers lift within two seconds."""


@dataclass(slots=True)
class _Point:
    """One that came to ``button``, or beside every button (None)."""

    since: float
    button: Button | None
    spot: QPoint


class Glass(QObject):
    """Filters the events of the native window that ``window`` is shown in. ``beside`` hears of taps off every button, ``rests`` of what
    lies still off every button for ``RESTS_S``. While the window is hidden the glass is somebody else's."""

    def __init__(self, window: QWidget, clock: Clock, beside: Callable[[QPoint], None], rests: Callable[[QPoint], None]) -> None:
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._beside = beside
        self._rests = rests
        self._down: dict[int, _Point] = {}

    def forget(self) -> None:
        """What is down now has been heard, or was meant for another page: it counts for nothing when it leaves."""
        for point in self._down.values():
            self._lift(point)
        self._down = {}

    def tick(self) -> None:
        """A button under what rests there rises again, so that one sees that it takes no notice."""
        for number, point in list(self._down.items()):
            if self._clock.monotonic() - point.since >= RESTS_S:
                self._lift(point)
                del self._down[number]
                if point.button is None:
                    self._rests(point.spot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._window.isVisible():
            return False
        if event.type() is QEvent.Type.TouchCancel:
            self.forget()
            return True
        if not isinstance(event, QTouchEvent):
            return False
        for point in event.points():
            self._follow(point)
        # one that is not accepted comes again as the mouse's
        event.accept()
        return True

    def _follow(self, point: QEventPoint) -> None:
        spot = self._window.mapFromGlobal(point.globalPosition()).toPoint()
        match point.state():
            case QEventPoint.State.Pressed:
                self._press(point.id(), spot)
            case QEventPoint.State.Released:
                self._release(point.id(), spot)
            case QEventPoint.State.Updated if (there := self._down.get(point.id())) is not None and there.button is not None:
                there.button.setDown(self._under(spot) is there.button)

    def _press(self, number: int, spot: QPoint) -> None:
        button = self._under(spot)
        self._down[number] = _Point(self._clock.monotonic(), button, spot)
        if button is not None:
            button.setDown(button.isEnabled())

    def _release(self, number: int, spot: QPoint) -> None:
        self.tick()
        point = self._down.pop(number, None)
        if point is None:
            return
        self._lift(point)
        if self._under(spot) is not point.button:
            return
        if point.button is not None:
            point.button.click()
        else:
            self._beside(spot)

    def _under(self, spot: QPoint) -> Button | None:
        there = self._window.childAt(spot)
        return there if isinstance(there, Button) else None

    @staticmethod
    def _lift(point: _Point) -> None:
        if point.button is not None:
            point.button.setDown(False)
