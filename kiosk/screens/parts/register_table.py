"""Values in a table: a mark whose shape says how each stands, its name, what it is, and where it should be."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.console.live.ranges import Standing
from kiosk.screens.style.theme import Theme
from kiosk.screens.style.typefaces import sized

LINE_EM = 1.25
SHARES = (0.37, 0.31, 0.32)
"""Of a column: name, value, range; a value without a range has its room as well."""


@dataclass(frozen=True, slots=True)
class Row:
    standing: Standing
    name: str
    value: str
    limits: str


class RegisterTable(QWidget):
    """``show_rows``: as many at once as have room in letters that can be read; ``turns`` to the next."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: Sequence[Row] = ()
        self._first = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rows(self, rows: Sequence[Row]) -> None:
        if rows != self._rows:
            self._rows = rows
            self.setAccessibleName("\n".join(f"{row.name} {row.value}" for row in rows))
            self.update()

    @property
    def at_once(self) -> int:
        return self._across * max(1, int(self.height() / self._line))

    @property
    def more(self) -> bool:
        """Whether there are rows behind those that stand."""
        return self._first + self.at_once < len(self._rows)

    @property
    def _across(self) -> int:
        return 2 if self._theme.landscape else 1

    @property
    def _line(self) -> float:
        return self._theme.smallest * LINE_EM

    def turns(self, *, to_first: bool = False) -> None:
        self._first = 0 if to_first else self._first + self.at_once
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, palette = self._theme, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows = self._rows[self._first : self._first + self.at_once]
        deep, line, wide = self.at_once // self._across, self._line, self.width() / self._across
        font = sized(theme.smallest, 600)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        for place, row in enumerate(rows):
            left, top = place // deep * wide, place % deep * line
            side = line * 0.62
            _paint_standing(painter, row.standing, QRectF(left, top + (line - side) / 2, side, side), theme)
            at = left + line
            room = wide - line - theme.mm(1.5)
            name, value, limits = SHARES
            for share, text in ((name, row.name), (value if row.limits else value + limits, row.value), (limits, row.limits)):
                width = room * share
                painter.setPen(QColor(palette.soft if text is row.limits else palette.ink))
                told = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(width - theme.mm(0.8)))
                painter.drawText(QRectF(at, top, width, line), Qt.AlignmentFlag.AlignVCenter, told)
                at += width


def _paint_standing(painter: QPainter, standing: Standing, box: QRectF, theme: Theme) -> None:
    """Within: a full green disc. Beyond: a red triangle. Only told: a ring. Not read: a dash."""
    palette = theme.palette
    painter.setPen(QPen(QColor(palette.ink), theme.border))
    match standing:
        case Standing.WITHIN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.green))
            painter.drawEllipse(box)
        case Standing.BEYOND:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.red))
            painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))
        case Standing.TOLD:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inset = box.width() * 0.2
            painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
        case Standing.UNREAD:
            painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
