"""A large sign in a disc: the one picture of a page on which nothing is put in. ``Disc.WARN`` has three corners."""

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.screens.style.icons import draw_icon, draw_picture
from kiosk.screens.style.theme import Theme

LARGEST_MM = 108.0


class Ground(Enum):
    CALM = "calm"
    GOOD = "good"
    GIVE = "give"
    WARN = "warn"


class Sign(QWidget):
    """An icon, or a picture whose name begins with ``picture:``. ``show_sign`` changes it."""

    def __init__(self, parent: QWidget, theme: Theme, icon: str, ground: Ground = Ground.CALM) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._ground = ground
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(20))
        self.setMaximumHeight(theme.mm(LARGEST_MM))

    def show_sign(self, icon: str, ground: Ground) -> None:
        self._icon, self._ground = icon, ground
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.mm(60), self._theme.mm(60))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height(), self._theme.mm(LARGEST_MM))
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        ground, mark = {
            Ground.CALM: (palette.sun, palette.ink),
            Ground.GOOD: (palette.green, palette.on_green),
            Ground.GIVE: (palette.blue, palette.on_blue),
            Ground.WARN: (palette.sun, palette.ink),
        }[self._ground]
        pen = self._theme.mm(1.4)
        painter.setPen(QPen(QColor(palette.line), pen) if self._ground is Ground.WARN or self._theme.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        inner = box.adjusted(pen, pen, -pen, -pen)
        if self._ground is Ground.WARN:
            painter.drawPolygon(QPolygonF([QPointF(inner.center().x(), inner.top()), inner.bottomRight(), inner.bottomLeft()]))
            inset, drop = side * 0.31, side * 0.13
        else:
            painter.drawEllipse(inner)
            inset, drop = side * 0.24, 0.0
        within = box.adjusted(inset, inset + drop, -inset, -inset + drop)
        if self._icon.startswith("picture:"):
            draw_picture(painter, self._icon.removeprefix("picture:"), within, palette)
        else:
            draw_icon(painter, self._icon, within, mark)
