"""What covers the whole glass in a test of it: nine circles to be touched, and plain colours one after the other. Nothing moves in the machine meanwhile."""

from collections.abc import Callable
from math import hypot

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.screens.parts.text import Align, fitted
from kiosk.screens.style.theme import Theme, Type
from kiosk.selftest.devices import POINTS

ACROSS = 3
REACH_MM = 14.0
"""A touch further from a circle is none of it."""

COLOURS = ("#000000", "#FFFFFF", "#FF0000", "#00FF00", "#0000FF")
"""In which a dead point, a line or a stain of a panel shows."""


class Field(QWidget):
    """Lies on the window that it is given, as large as that."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self.theme = theme
        self.setGeometry(window.rect())
        self.hide()


class TouchField(Field):
    """``begin`` shows it; ``done`` is told how far from each middle it was touched, in millimetres, once all were."""

    def __init__(self, window: QWidget, theme: Theme, words: str, done: Callable[[tuple[float | None, ...]], None]) -> None:
        super().__init__(window, theme)
        self._words = words
        self._done = done
        self.off_mm: list[float | None] = [None] * POINTS

    def begin(self) -> None:
        self.off_mm = [None] * POINTS
        self.show()
        self.raise_()

    def middles(self) -> list[QPointF]:
        """Of the circles, from edge to edge of the glass."""
        margin = self.theme.px_per_mm * (REACH_MM - 2)
        across = (margin, self.width() / 2, self.width() - margin)
        down = (margin, self.height() / 2, self.height() - margin)
        return [QPointF(x, y) for y in down for x in across]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        for place, middle in enumerate(self.middles()):
            off_mm = hypot(at.x() - middle.x(), at.y() - middle.y()) / self.theme.px_per_mm
            if off_mm <= REACH_MM and self.off_mm[place] is None:
                self.off_mm[place] = round(off_mm, 1)
        self.update()
        if None not in self.off_mm:
            self.end()

    def end(self) -> None:
        """With those that were touched."""
        if self.isVisible():
            self.hide()
            self._done(tuple(self.off_mm))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, theme = self.theme.palette, self.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(palette.paper))
        radius = theme.px_per_mm * 10
        for middle, off_mm in zip(self.middles(), self.off_mm, strict=True):
            painter.setPen(QPen(QColor(palette.green if off_mm is not None else palette.ink), theme.border * 1.5))
            painter.setBrush(QColor(palette.green if off_mm is not None else palette.card))
            painter.drawEllipse(middle, radius, radius)
            painter.setPen(QPen(QColor(palette.on_green if off_mm is not None else palette.ink), theme.border))
            arm = radius / 3
            if off_mm is None:
                painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
                painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))
            else:
                painter.drawPolyline([middle + QPointF(-arm, 0), middle + QPointF(-arm / 4, arm * 0.7), middle + QPointF(arm, -arm * 0.7)])
        width = self.width() * 0.6
        told = fitted(self._words, theme, Type.LEAD, width, Qt.LayoutDirection.LeftToRight)
        told.draw(painter, QPointF((self.width() - width) / 2, self.height() * 0.3 - told.height / 2), Align.CENTRE, palette.ink)


class ColourField(Field):
    """``begin`` shows the first colour, each touch the next; ``done`` hears that all were seen."""

    def __init__(self, window: QWidget, theme: Theme, done: Callable[[], None]) -> None:
        super().__init__(window, theme)
        self._done = done
        self.place = 0

    def begin(self) -> None:
        self.place = 0
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.place += 1
        if self.place == len(COLOURS):
            self.place = 0
            self.hide()
            self._done()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(COLOURS[self.place]))
