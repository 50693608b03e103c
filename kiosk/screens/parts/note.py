"""A line beside the main thing: words on a ground of their own, with an icon (not where height is short). It takes no room while it says nothing."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import WIDE, Align, Paragraph, fitted
from kiosk.screens.style.icons import draw_icon
from kiosk.screens.style.theme import Theme, Type


class Remark(QLabel):
    """``card``: on the ground of a card, with its border."""

    def __init__(self, parent: QWidget, theme: Theme, icon: str, *, step: Type = Type.BODY, card: bool = False) -> None:
        super().__init__(parent)
        self._card = card
        self._theme = theme
        self._icon = "" if theme.compact else icon
        self._step = step
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.say("")

    def say(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._paragraph(width).height + 2 * self._air)

    def sizeHint(self) -> QSize:
        paragraph = self._paragraph(WIDE)
        return QSize(round(paragraph.used + self._taken() + 2), round(paragraph.height + 2 * self._air))

    @property
    def _air(self) -> int:
        """Above the words and below them; across, height is short."""
        return self._theme.mm(0.6 if self._theme.landscape else 1.2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, radius = self._theme.palette, float(self._theme.radius)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._theme.border / 2
        painter.setPen(QPen(QColor(palette.line), self._theme.border) if self._card or self._theme.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.card if self._card else palette.sun))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        words = self._paragraph(self.width())
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        pad, icon = self._theme.pad, self._icon_px()
        centre = self.width() - pad - icon / 2 if right_to_left else pad + icon / 2
        if self._icon:
            draw_icon(painter, self._icon, QRectF(centre - icon / 2, (self.height() - icon) / 2, icon, icon), palette.ink)
        left = pad if right_to_left else self._taken() - pad
        words.draw(painter, QPointF(left, (self.height() - words.height) / 2), Align.START, palette.ink)

    def _paragraph(self, width: float) -> Paragraph:
        return fitted(self.text(), self._theme, self._step, max(1.0, width - self._taken()), self.layoutDirection(), shrink=True)

    def _icon_px(self) -> float:
        return self._theme.text(self._step) * 1.05 if self._icon else 0.0

    def _taken(self) -> float:
        return 2 * self._theme.pad + self._icon_px() + (self._theme.mm(1.8) if self._icon else 0.0)
