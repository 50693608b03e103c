"""The visit number for the desk: words beside it, and its digits as high as a number that is read across a counter (11.6 mm)."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import CLOSE, WIDE, Align, Paragraph, fitted
from kiosk.screens.style.icons import draw_icon
from kiosk.screens.style.theme import Theme, Type

DIGITS_EM = 0.7
"""Height of Kiosk Sans' digits."""


@dataclass(frozen=True, slots=True)
class _Inside:
    """What stands in a row of some width; ``taken``: by padding and icon before the words. ``above`` them and the number alike."""

    above: Paragraph
    words: Paragraph
    label: Paragraph
    number: Paragraph
    taken: float

    @property
    def column(self) -> float:
        """The height of the number below its label: digits reach neither above capitals nor below the line."""
        return self.label.height + self.number.font.pixelSize() * DIGITS_EM


class DeskNumber(QLabel):
    """``show_number`` says what the desk does with which number. The number never shrinks; an icon stands where there is room for one."""

    def __init__(self, parent: QWidget, theme: Theme, icon: str) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = "" if theme.bigger or theme.landscape or theme.narrow else icon
        self._words = self._label = self._number = self._above = ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_number(self, words: str, label: str, number: str, *, above: str = "") -> None:
        """``above``: words that take the whole width, where lines beside the number would be more than there is height for."""
        self._words, self._label, self._number, self._above = words, label, number, above
        self.setText(" ".join(part for part in (above, words, label, number) if part))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._needed(self._inside(width)) + 0.5)

    def sizeHint(self) -> QSize:
        return QSize(round(WIDE / 1000), self.heightForWidth(round(WIDE / 1000)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, palette, radius = self._theme, self._theme.palette, float(self._theme.radius)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = theme.border / 2
        painter.setPen(QPen(QColor(palette.line), theme.border) if theme.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.sun))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        inside = self._inside(self.width())
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        icon = self._icon_px
        if self._icon:
            centre = self.width() - self._pad - icon / 2 if right_to_left else self._pad + icon / 2
            draw_icon(painter, self._icon, QRectF(centre - icon / 2, (self.height() - icon) / 2, icon, icon), palette.ink)
        inside.above.draw(painter, QPointF(self._pad, self._air), Align.START, palette.ink)
        below = self._rise(inside)
        left = self.width() - inside.taken - inside.words.width if right_to_left else inside.taken
        inside.words.draw(painter, QPointF(left, below + (self.height() - below - inside.words.height) / 2), Align.START, palette.ink)
        column = self._pad if right_to_left else self.width() - self._pad - inside.number.width
        # below a line of words the label has air of its own, the digits have none above the border
        top = below + (self.height() - below - inside.column) / 2 - (self._theme.mm(1.0) if self._above else 0)
        inside.label.draw(painter, QPointF(column, top), Align.CENTRE, palette.ink)
        baseline, _ = inside.number.baselines()
        inside.number.draw(painter, QPointF(column, top + inside.column - baseline), Align.CENTRE, palette.ink)

    def _inside(self, width: float) -> _Inside:
        theme, direction = self._theme, self.layoutDirection()
        number = fitted(self._number, theme, Type.NUMBER, WIDE, Qt.LayoutDirection.LeftToRight)
        label = fitted(self._label, theme, Type.NOTE, WIDE, direction)
        column = max(number.used, label.used) + 1
        taken = self._pad + (self._icon_px + self._pad if self._icon else 0.0)
        room = max(1.0, width - taken - column - 2 * self._pad)
        return _Inside(
            fitted(self._above, theme, Type.BODY, width - 2 * self._pad, direction),
            fitted(self._words, theme, Type.BODY, room, direction),
            fitted(self._label, theme, Type.NOTE, column, direction),
            fitted(self._number, theme, Type.NUMBER, column, Qt.LayoutDirection.LeftToRight),
            taken,
        )

    @property
    def _pad(self) -> int:
        return self._theme.mm(1.4 if self._theme.landscape else 5.4)

    @property
    def _icon_px(self) -> float:
        return self._theme.text(Type.NUMBER) * 0.9 if self._icon else 0.0

    def _rise(self, inside: _Inside) -> float:
        """From the top to the words and the number, where something stands above them."""
        return self._air + inside.above.lines * inside.above.font.pixelSize() * CLOSE if self._above else 0.0

    @property
    def _air(self) -> int:
        """Above lines that have some of their own."""
        return 0 if self._theme.landscape else self._theme.mm(1.8)

    def _needed(self, inside: _Inside) -> float:
        """Lines of words have air of their own above and below, digits have none."""
        theme = self._theme
        lines, digits = (0.4, 1.4) if theme.landscape else (1.8, 2.6)
        if self._above and not theme.landscape:
            lines = 0.9
        return self._rise(inside) + max(inside.words.height + 2 * theme.mm(lines), inside.column + 2 * theme.mm(digits))
