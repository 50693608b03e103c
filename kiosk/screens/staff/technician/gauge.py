"""A value with its limits: in words, and as a mark on a bar whose middle part is what is allowed. What is outside is told by word, shape and colour."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import Align, fitted
from kiosk.screens.style.icons import draw_icon
from kiosk.screens.style.theme import Theme, Type
from kiosk.selftest.results import Measured, Unit
from kiosk.selftest.telling import tell_limits, tell_value
from kiosk.words.catalogue import Words

LEAST_MM = 22.0


class Gauge(QLabel):
    """It takes no room while there is nothing to show."""

    def __init__(self, parent: QWidget, theme: Theme, words: Words) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._figure: Measured | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(LEAST_MM))

    def show_figure(self, figure: Measured | None) -> None:
        self._figure = figure
        self.setVisible(figure is not None)
        if figure is not None:
            self.setText(f"{self._words.text(f'selftest.figure.{figure.what}')} {tell_value(figure, self._words)} {self._limits(figure)}")
        self.update()

    def _limits(self, figure: Measured) -> str:
        told = tell_limits(figure, self._words)
        if told or figure.unit not in (Unit.SWITCH, Unit.YES):
            return told
        return f"[{tell_value(figure, self._words)}]"

    def sizeHint(self) -> QSize:
        return QSize(self._theme.mm(40), self._theme.mm(LEAST_MM))

    def paintEvent(self, event: QPaintEvent) -> None:
        figure, theme = self._figure, self._theme
        if figure is None:
            return
        palette, half, pad = theme.palette, theme.border / 2, theme.mm(2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.line), theme.border))
        painter.setBrush(QColor(palette.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), theme.radius, theme.radius)
        inner = QRectF(self.rect()).adjusted(pad, pad, -pad, -pad)
        direction, width = Qt.LayoutDirection.LeftToRight, inner.width()
        name = fitted(self._words.text(f"selftest.figure.{figure.what}"), theme, Type.NOTE, width, direction, shrink=True)
        value = fitted(tell_value(figure, self._words), theme, Type.HEAD, width, direction, shrink=True)
        limits = fitted(self._limits(figure), theme, Type.BODY, width, direction, shrink=True)
        bar = figure.unit not in (Unit.SWITCH, Unit.YES)
        bar_px = theme.mm(5) if bar else 0
        high = name.height + value.height + limits.height + bar_px
        y = inner.top() + max(0.0, (inner.height() - high) / 2)
        name.draw(painter, QPointF(inner.left(), y), Align.CENTRE, palette.soft)
        y += name.height
        box = value.draw(painter, QPointF(inner.left(), y), Align.CENTRE, palette.ink)
        side = value.height * 0.8
        icon = QRectF((self.width() + box.width()) / 2 + theme.mm(1.5), y + value.height * 0.1, side, side)
        if icon.right() <= inner.right():
            draw_icon(painter, "check" if figure.fits else "x", icon, palette.green if figure.fits else palette.red)
        y += value.height
        if bar:
            self._paint_bar(painter, figure, QRectF(inner.left(), y + bar_px * 0.3, width, bar_px * 0.4))
            y += bar_px
        limits.draw(painter, QPointF(inner.left(), y), Align.CENTRE, palette.soft)

    def _paint_bar(self, painter: QPainter, figure: Measured, bar: QRectF) -> None:
        """What is allowed is the middle half of the bar; one that has a single limit begins or ends there."""
        palette = self._theme.palette
        low = figure.low if figure.low is not None else min(0.0, figure.value)
        high = figure.high if figure.high is not None else max(2 * low, figure.value, 1.0)
        span = (high - low) or 1.0
        first, last = low - span / 2, high + span / 2

        def at(value: float) -> float:
            return bar.left() + bar.width() * min(1.0, max(0.0, (value - first) / (last - first)))

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.track))
        painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
        painter.setBrush(QColor(palette.green))
        painter.drawRect(QRectF(at(low), bar.top(), at(high) - at(low), bar.height()))
        x, tip = at(figure.value), bar.height() * 1.1
        painter.setBrush(QColor(palette.ink))
        painter.drawPolygon(
            QPolygonF([QPointF(x, bar.center().y()), QPointF(x - tip * 0.6, bar.top() - tip), QPointF(x + tip * 0.6, bar.top() - tip)])
        )
