"""A sum on its panel: words above where there is room for them, the amount, words below. It does not move; ``total.py`` does."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import WIDE, Align, Paragraph, fitted
from kiosk.screens.style.theme import Theme, Type


class Sum(QLabel):
    def __init__(self, parent: QWidget, theme: Theme, above: str) -> None:
        super().__init__(parent)
        self._theme = theme
        self._above = above
        self._amount = ""
        self._below = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_sum(self, amount: str, below: str) -> None:
        self._amount, self._below = amount, below
        self.setText(f"{self._above} {amount} {below}")
        self.setMinimumHeight(
            round(sum(line.height for line, _ in self._lines(WIDE)[self._theme.landscape or self._theme.tight :]) + 2 * self._theme.mm(1.0))
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, pad = self._theme.palette, self._theme.mm(2.4)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._theme.border / 2
        painter.setPen(QPen(QColor(palette.line), self._theme.border) if self._theme.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.sun))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)
        lines = self._lines(self.width() - 2.0 * pad)
        if sum(line.height for line, _ in lines) > self.height():
            lines = lines[1:]
        y = (self.height() - sum(line.height for line, _ in lines)) / 2
        for line, colour in lines:
            line.draw(painter, QPointF(pad, y), Align.CENTRE, colour)
            y += line.height

    def _lines(self, width: float) -> list[tuple[Paragraph, str]]:
        palette, direction = self._theme.palette, self.layoutDirection()
        return [
            (fitted(self._above, self._theme, Type.HEAD, width, direction, shrink=True), palette.ink),
            (fitted(self._amount, self._theme, Type.TOTAL, width, direction), palette.ink),
            (fitted(self._below, self._theme, Type.LEAD, width, direction, shrink=True), palette.soft),
        ]
