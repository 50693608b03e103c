"""A number to be remembered, on its panel: as high as there is room, below what it is."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import WIDE, Align, Paragraph, fitted
from kiosk.screens.style.theme import CAPITAL_EM, WEIGHTS, Theme, Type
from kiosk.screens.style.typefaces import sized

DIGITS_MM = 26.0
"""High enough to be read back from two steps away, while one walks to the desk."""

AIR = 0.8, 0.8, 2.0
"""Shares of what is empty above the label, below it and below the digits: a line of words has some of its own, digits have none."""


class Number(QLabel):
    """Digits run from left to right in every language."""

    def __init__(self, parent: QWidget, theme: Theme, above: str) -> None:
        super().__init__(parent)
        self._theme = theme
        self._above = above
        self._number = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if not theme.landscape:
            self.setMaximumHeight(round(self._label(WIDE).height + theme.mm(DIGITS_MM) + sum(AIR) * self._air))

    def show_number(self, number: str) -> None:
        self._number = number
        self.setText(f"{self._above} {number}")
        self.setMinimumHeight(round(self._label(WIDE).height + self._theme.text(Type.TOTAL) * CAPITAL_EM + sum(AIR) * self._air))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, pad = self._theme.palette, self._theme.mm(2.4)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._theme.border / 2
        painter.setPen(QPen(QColor(palette.line), self._theme.border) if self._theme.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.sun))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)
        width = self.width() - 2.0 * pad
        label = self._label(width)
        number = self._digits(width, self.height() - label.height - sum(AIR) * self._air)
        # digits reach neither above capitals nor below the line
        digits = number.font.pixelSize() * CAPITAL_EM
        above, between, below = AIR
        air = (self.height() - label.height - digits) / (above + between + below)
        label.draw(painter, QPointF(pad, above * air), Align.CENTRE, palette.ink)
        baseline, _ = number.baselines()
        number.draw(painter, QPointF(pad, (above + between) * air + label.height + digits - baseline), Align.CENTRE, palette.ink)

    @property
    def _air(self) -> int:
        return self._theme.mm(1.4 if self._theme.landscape else 3.4)

    def _label(self, width: float) -> Paragraph:
        return fitted(self._above, self._theme, Type.LEAD, width, self.layoutDirection(), shrink=True)

    def _digits(self, width: float, height: float) -> Paragraph:
        """As large as width and height allow, up to ``DIGITS_MM``."""
        largest = round(self._theme.mm(DIGITS_MM) / CAPITAL_EM)
        one = Paragraph(self._number, sized(100, WEIGHTS[Type.TOTAL]), WIDE, Qt.LayoutDirection.LeftToRight)
        size = min(largest, int(100 * width / max(1.0, one.used)), int(height / CAPITAL_EM))
        return Paragraph(self._number, sized(max(self._theme.smallest, size), WEIGHTS[Type.TOTAL]), width, Qt.LayoutDirection.LeftToRight)
