"""What is taken and what is not: a name each with its sign, in a row, or in as many rows as large letters need. Never left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.card import octagon
from kiosk.screens.parts.text import WIDE, Align, Paragraph, fitted
from kiosk.screens.style.icons import draw_icon
from kiosk.screens.style.theme import Theme, Type


@dataclass(frozen=True, slots=True)
class Kind:
    """``told`` says as a sentence what name and sign say; ``struck``: it would be taken on another day."""

    name: str
    told: str
    taken: bool
    struck: bool = False


class Kinds(QLabel):
    """``show_kinds`` shows."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kinds: tuple[Kind, ...] = ()
        self._pad = theme.mm(2.0)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_kinds(self, kinds: Sequence[Kind]) -> None:
        self._kinds = tuple(kinds)
        self.setText("\n".join(kind.told for kind in kinds))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = len(self._rows(width))
        return round(rows * self._high() + (rows - 1) * self._between())

    def sizeHint(self) -> QSize:
        width = max((self._wide(kind) for kind in self._kinds), default=0.0)
        return QSize(round(width + 1), round(self._high()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = 0.0
        for row in self._rows(self.width()):
            spare = (self.width() - sum(self._wide(kind) for kind in row) - self._between() * (len(row) - 1)) / len(row)
            x = 0.0
            for kind in row:
                wide = self._wide(kind) + spare
                left = self.width() - x - wide if self._right_to_left() else x
                self._paint_kind(painter, QRectF(left, y, wide, self._high()), kind)
                x += wide + self._between()
            y += self._high() + self._between()

    def _rows(self, width: float) -> list[list[Kind]]:
        """Each as full as it can be."""
        rows: list[list[Kind]] = [[]]
        for kind in self._kinds:
            taken = sum(self._wide(other) + self._between() for other in rows[-1])
            if rows[-1] and taken + self._wide(kind) > width:
                rows.append([])
            rows[-1].append(kind)
        return rows

    def _paint_kind(self, painter: QPainter, box: QRectF, kind: Kind) -> None:
        palette, half, sign = self._theme.palette, self._theme.border / 2, self._sign()
        painter.setPen(QPen(QColor(palette.line), self._theme.border))
        painter.setBrush(QColor(palette.card))
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)
        name = self._name(kind)
        away = self._pad + sign + self._pad * 0.6
        right_to_left = self._right_to_left()
        left = box.right() - away - name.used if right_to_left else box.left() + away
        drawn = name.draw(painter, QPointF(left, box.center().y() - name.height / 2), Align.START, palette.ink)
        if kind.struck:
            painter.setPen(QPen(QColor(palette.red), self._theme.mm(0.9)))
            painter.drawLine(QPointF(drawn.left(), box.center().y()), QPointF(drawn.left() + name.used, box.center().y()))
        centre = box.right() - self._pad - sign / 2 if right_to_left else box.left() + self._pad + sign / 2
        self._paint_sign(painter, QRectF(centre - sign / 2, box.center().y() - sign / 2, sign, sign), taken=kind.taken)

    def _paint_sign(self, painter: QPainter, box: QRectF, *, taken: bool) -> None:
        palette, inset = self._theme.palette, box.width() * 0.2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.green if taken else palette.red))
        if taken:
            painter.drawEllipse(box)
        else:
            painter.drawPolygon(octagon(box))
        colour = palette.on_green if taken else palette.on_red
        draw_icon(painter, "check" if taken else "x", box.adjusted(inset, inset, -inset, -inset), colour)

    def _name(self, kind: Kind) -> Paragraph:
        name = fitted(kind.name, self._theme, Type.BODY, WIDE, self.layoutDirection())
        return fitted(kind.name, self._theme, Type.BODY, name.used + 1, self.layoutDirection())

    def _wide(self, kind: Kind) -> float:
        """The least width of one."""
        return self._name(kind).used + 2.6 * self._pad + self._sign()

    def _high(self) -> float:
        return max((self._name(kind).snug for kind in self._kinds), default=0.0) + self._theme.mm(1.9 if self._theme.landscape else 4.0)

    def _between(self) -> float:
        return self._theme.gap / 2

    def _sign(self) -> float:
        return self._theme.text(Type.BODY) * 0.9

    def _right_to_left(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft
