"""Seconds that run out, as a number in a ring that empties. It changes once a second and moves in between not at all."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import Align, Paragraph
from kiosk.screens.style.theme import WEIGHTS, Theme, Type
from kiosk.screens.style.typefaces import sized

FULL_CIRCLE = 360 * 16
TOP = 90 * 16


class Countdown(QLabel):
    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(30))

    def show_left(self, seconds: int, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.setText(str(seconds))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height(), self._theme.mm(96))
        ring = side * 0.075
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side).adjusted(ring, ring, -ring, -ring)
        painter.setBrush(QColor(palette.card))
        painter.setPen(QPen(QColor(palette.track), ring))
        painter.drawEllipse(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(QColor(palette.green), ring)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(box, TOP, round(FULL_CIRCLE * self._share))
        font = sized(min(self._theme.text(Type.TOTAL), round(side * 0.42)), WEIGHTS[Type.TOTAL])
        number = Paragraph(self.text(), font, box.width(), self.layoutDirection())
        number.draw(painter, QPointF(box.left(), box.center().y() - number.height / 2), Align.CENTRE, palette.ink)
