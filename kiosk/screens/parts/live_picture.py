"""The camera's picture with what the recognition reads in it: each value in its place, the believed ones in a whole frame, the doubted in a broken one."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.screens.parts.text import Align, fitted
from kiosk.screens.style.theme import Theme, Type
from kiosk.screens.style.typefaces import sized
from recognition.shown import Mark, Shown

LEAST_MM = 40.0


class LivePicture(QWidget):
    """``show_picture``: None, and ``words`` says why. The picture is painted from its bytes, and no other copy is kept."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: Shown | None = None
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(LEAST_MM))

    def show_picture(self, shown: Shown | None, words: str) -> None:
        if shown is self._shown and words == self._words:
            return
        self._shown, self._words = shown, words
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, palette, shown = self._theme, self._theme.palette, self._shown
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = sized(theme.smallest, 600)
        painter.setFont(font)
        words = fitted(self._words, theme, Type.NOTE, self.width(), self.layoutDirection())
        whole = QRectF(self.rect()).adjusted(0, 0, 0, -words.height)
        box = whole
        if shown is not None:
            width = min(whole.width(), whole.height() * shown.width / shown.height)
            height = width * shown.height / shown.width
            box = QRectF((whole.width() - width) / 2, (whole.height() - height) / 2, width, height)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, QImage(shown.rgb, shown.width, shown.height, 3 * shown.width, QImage.Format.Format_RGB888))
            for outline in shown.outlines:
                self._paint_outline(painter, outline, box)
            taken: list[QRectF] = []
            for mark in shown.marks:
                self._paint_mark(painter, mark, box, taken)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.line), theme.border))
        painter.drawRect(box)
        words.draw(painter, QPointF(0, self.height() - words.height), Align.CENTRE, palette.ink)

    def _paint_outline(self, painter: QPainter, outline: tuple[tuple[float, float], ...], box: QRectF) -> None:
        """Thinner than the frame of a code: it says where something lies, not what was read."""
        ring = QPolygonF([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in outline])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self._theme.palette.card, self._theme.mm(0.8)), (self._theme.palette.ink, self._theme.mm(0.35))):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolygon(ring)

    def _paint_mark(self, painter: QPainter, mark: Mark, box: QRectF, taken: list[QRectF]) -> None:
        """Its value below it, or above; where both places are taken the line beneath the picture alone says it."""
        theme, palette = self._theme, self._theme.palette
        frame = QPolygonF([QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in mark.corners])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.SolidLine if mark.believed else Qt.PenStyle.DotLine
        for colour, width in ((palette.ink, theme.mm(1.4)), (palette.sun, theme.mm(0.7))):
            painter.setPen(QPen(QColor(colour), width, style))
            painter.drawPolygon(frame)
        told = mark.code if mark.believed else f"{mark.code} ?"
        metrics = painter.fontMetrics()
        size = QRectF(0, 0, metrics.horizontalAdvance(told) + 2 * theme.mm(0.8), metrics.height())
        around = frame.boundingRect()
        left = min(max(box.left(), around.left()), box.right() - size.width())
        below, above = around.bottom() + theme.mm(0.8), around.top() - theme.mm(0.8) - size.height()
        places = [size.translated(left, top) for top in (below, above) if box.top() <= top <= box.bottom() - size.height()]
        label = next((place for place in places if not any(place.intersects(other) for other in taken)), None)
        if label is None:
            return
        taken.append(label)
        painter.fillRect(label, QColor(palette.card))
        painter.setPen(QColor(palette.ink))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, told)
