"""The picture of a refusal: what to do as a drawing, the sign that says whose fault it was, and what the machine saw. Which drawing: ``visitor/item.py``."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.screens.parts.card import octagon
from kiosk.screens.style.icons import draw_icon, draw_picture
from kiosk.screens.style.theme import Theme
from recognition.shown import Shown

SIGN_MM = 40.0
"""As high as the sign gets; on a small panel it takes ``SIGN_SHARE`` of the picture."""

SIGN_SHARE = 0.42
LEAST_MM = 24.0
LARGEST_MM = 120.0

BELOW = 0.6
"""The drawing stands below the machine's picture where it has this share of the width for its height; else on the picture's corner."""


class Exhibit(QWidget):
    """``show_picture`` changes it. An octagon for what is refused, a triangle where the machine is to blame.

    The machine's picture is painted from its bytes, and no other copy of it is kept: ``forget`` lets it go.
    """

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = "out"
        self._machine = False
        self._shown: Shown | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(LEAST_MM))

    def show_picture(self, picture: str, *, machine: bool, shown: Shown | None = None) -> None:
        self._picture, self._machine, self._shown = picture, machine, shown
        self.update()

    def forget(self) -> None:
        self._shown = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.mm(LEAST_MM), self._theme.mm(LEAST_MM))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole, shown = QRectF(self.rect()), self._shown
        if shown is None:
            self._paint_drawing(painter, whole)
            return
        width = min(whole.width(), whole.height() * shown.width / shown.height)
        height = width * shown.height / shown.width
        gap = self._theme.mm(2)
        if whole.height() >= height + gap + BELOW * whole.width():
            self._paint_shown(painter, shown, QRectF((whole.width() - width) / 2, 0, width, height))
            self._paint_drawing(painter, whole.adjusted(0, height + gap, 0, 0))
            return
        box = QRectF((whole.width() - width) / 2, (whole.height() - height) / 2, width, height)
        self._paint_shown(painter, shown, box)
        sign = min(height * SIGN_SHARE, float(self._theme.mm(SIGN_MM)))
        inset = self._theme.mm(2)
        badge = QRectF(box.left() + inset, box.bottom() - sign - inset, sign, sign)
        painter.setPen(QPen(QColor(self._theme.palette.ink), self._theme.border))
        painter.setBrush(QColor(self._theme.palette.card))
        painter.drawEllipse(badge)
        within = sign * 0.13
        draw_picture(painter, self._picture, badge.adjusted(within, within, -within, -within), self._theme.palette)
        self._paint_sign(painter, QRectF(box.right() - sign - inset, box.bottom() - sign - inset, sign, sign))

    def _paint_drawing(self, painter: QPainter, box: QRectF) -> None:
        side = min(box.height(), box.width() / 1.15, float(self._theme.mm(LARGEST_MM)))
        # beside the drawing where there is room, over its corner where there is not
        wide = min(box.width() / side, 1.35) * side
        left, top = box.left() + (box.width() - wide) / 2, box.top() + (box.height() - side) / 2
        draw_picture(painter, self._picture, QRectF(left, top, side, side), self._theme.palette)
        sign = min(side * SIGN_SHARE, float(self._theme.mm(SIGN_MM)))
        self._paint_sign(painter, QRectF(left + wide - sign, top + side - sign, sign, sign))

    def _paint_shown(self, painter: QPainter, shown: Shown, box: QRectF) -> None:
        """The picture in a frame, with a box round each code that was read in it."""
        palette, radius = self._theme.palette, self._theme.mm(3)
        frame = QPainterPath()
        frame.addRoundedRect(box, radius, radius)
        painter.save()
        painter.setClipPath(frame)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(box, QImage(shown.rgb, shown.width, shown.height, 3 * shown.width, QImage.Format.Format_RGB888))
        painter.restore()
        painter.setBrush(QColor(0, 0, 0, 0))
        painter.setPen(QPen(QColor(palette.ink), 2 * self._theme.border))
        painter.drawPath(frame)
        for code in shown.boxes:
            left, top = box.left() + code.left * box.width(), box.top() + code.top * box.height()
            around = QRectF(left, top, (code.right - code.left) * box.width(), (code.bottom - code.top) * box.height())
            for colour, width in ((palette.ink, self._theme.mm(2.4)), (palette.sun, self._theme.mm(1.2))):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRect(around)

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
