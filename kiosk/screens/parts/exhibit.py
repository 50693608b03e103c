"""The picture of a refusal: what to do as a drawing, and the sign that says whose fault it was. Which drawing: ``visitor/item.py``."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.screens.parts.card import octagon
from kiosk.screens.style.icons import draw_icon, draw_picture
from kiosk.screens.style.theme import Theme

SIGN_MM = 40.0
"""As high as the sign gets; on a small panel it takes ``SIGN_SHARE`` of the picture."""

SIGN_SHARE = 0.42
LEAST_MM = 24.0
LARGEST_MM = 120.0


class Exhibit(QWidget):
    """``show_picture`` changes it. An octagon for what is refused, a triangle where the machine is to blame."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = "out"
        self._machine = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(LEAST_MM))

    def show_picture(self, picture: str, *, machine: bool) -> None:
        self._picture, self._machine = picture, machine
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.mm(LEAST_MM), self._theme.mm(LEAST_MM))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(float(self.height()), self.width() / 1.15, float(self._theme.mm(LARGEST_MM)))
        # beside the drawing where there is room, over its corner where there is not
        wide = min(self.width() / side, 1.35) * side
        left, top = (self.width() - wide) / 2, (self.height() - side) / 2
        draw_picture(painter, self._picture, QRectF(left, top, side, side), self._theme.palette)
        sign = min(side * SIGN_SHARE, float(self._theme.mm(SIGN_MM)))
        self._paint_sign(painter, QRectF(left + wide - sign, top + side - sign, sign, sign))

    def _paint_sign(self, painter: QPainter, box: QRectF) -> None:
        palette = self._theme.palette
        if self._machine:
            draw_icon(painter, "triangle-alert", box, palette.ink)
            return
        half, inset = self._theme.border / 2, box.width() * 0.22
        painter.setPen(QPen(QColor(palette.card), self._theme.border))
        painter.setBrush(QColor(palette.red))
        painter.drawPolygon(octagon(box.adjusted(half, half, -half, -half)))
        draw_icon(painter, "x", box.adjusted(inset, inset, -inset, -inset), palette.on_red)
