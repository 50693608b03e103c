"""The opening for bottles, with a bottle on its way in and an arrow to the real one beside the screen. It points there in every language alike."""

from typing import assert_never

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from config.vocabulary import OpeningSide
from kiosk.screens.style.icons import draw_picture
from kiosk.screens.style.theme import Theme

LARGEST_MM = 115.0
"""Of the picture's side, which has some blank round it: opening and bottle together are 100 mm long."""

ARROW = 0.34
"""Length of the arrow, in sides of the picture."""

BLANK = 0.12
"""So much of the picture's side is empty before the bottle and behind the opening."""


class Opening(QWidget):
    """The picture is drawn for an opening on the right and turned for the others."""

    def __init__(self, parent: QWidget, theme: Theme, side: OpeningSide) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, half, pad = self._theme.palette, self._theme.border / 2, self._theme.pad
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.line), self._theme.border))
        painter.setBrush(QColor(palette.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)
        along, across = self.width() - 2.0 * pad, self.height() - 2.0 * pad
        painter.translate(self.width() / 2, self.height() / 2)
        match self._side:
            case "right":
                pass
            case "left":
                painter.scale(-1, 1)
            case "below":
                painter.rotate(90)
                along, across = across, along
            case _:
                assert_never(self._side)
        self._paint_to_the_right(painter, along, across)

    def _paint_to_the_right(self, painter: QPainter, along: float, across: float) -> None:
        """In a box round the origin: the picture in its middle, the arrow at its end."""
        palette = self._theme.palette
        side = min(self._theme.mm(LARGEST_MM), across / (1 - 2 * BLANK), along / (1 - BLANK + ARROW))
        length = side * ARROW
        # as far out as it can be, but never so far that it no longer belongs to the picture
        end = min(along / 2, side * 0.5 + 1.6 * length)
        begin = end - length
        middle = min(0.0, begin - side * (0.5 - BLANK / 2))
        draw_picture(painter, "insert", QRectF(middle - side / 2, -side / 2, side, side), palette)
        wide, head = length * 0.2, length * 0.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.green))
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(begin, -wide),
                    QPointF(end - head, -wide),
                    QPointF(end - head, -length * 0.48),
                    QPointF(end, 0),
                    QPointF(end - head, length * 0.48),
                    QPointF(end - head, wide),
                    QPointF(begin, wide),
                ]
            )
        )
