"""The card of the last item: a picture with a sign on it, what happened, and what to do. Which words and picture: ``visitor/item.py``."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import Align, Paragraph, fitted
from kiosk.screens.style.icons import draw_icon, draw_picture
from kiosk.screens.style.theme import Theme, Type

SHARES = (0.30, 0.24, 0.19, 0.14, 0.11)
"""Of a card's width for the picture, from the largest to what the words must leave it."""


class Tone(Enum):
    """Whether the card asks, waits, or tells of a bottle that was taken, with a circle beside its colour."""

    HINT = "hint"
    WAIT = "wait"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Saying:
    tone: Tone
    picture: str
    title: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """Where things stand in a card of some size."""

    picture: QRectF
    title: Paragraph
    todo: Paragraph
    left: float


class Card(QLabel):
    """``say`` changes it."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._saying = Saying(Tone.HINT, "insert", "")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumHeight(theme.mm(26))

    @property
    def saying(self) -> Saying:
        return self._saying

    def say(self, saying: Saying) -> None:
        self._saying = saying
        self.setText(f"{saying.title}\n{saying.todo}".strip())
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """The least in which the words stand beside a small picture."""
        _, words, _ = self._columns(width, self.minimumHeight(), SHARES[-1])
        title = fitted(self._saying.title, self._theme, Type.LEAD, words, self.layoutDirection())
        todo = fitted(self._saying.todo, self._theme, Type.BODY, words, self.layoutDirection())
        return max(self.minimumHeight(), round(title.height + todo.height + 2 * self._theme.mm(1.0) + 0.5))

    def inside(self) -> Inside:
        """The largest picture beside which all words fit."""
        insides = [self._inside(share) for share in SHARES]
        return next((inside for inside in insides if inside.title.height + inside.todo.height <= self._room()), insides[-1])

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, line = {
            Tone.HINT: (palette.card, palette.line),
            Tone.WAIT: (palette.card, palette.line),
            Tone.TAKEN: (palette.green_tint, palette.green),
        }[self._saying.tone]
        half = self._theme.border / 2
        painter.setPen(QPen(QColor(line), self._theme.border))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)
        inside = self.inside()
        top = (self.height() - inside.title.height - inside.todo.height) / 2
        inside.title.draw(painter, QPointF(inside.left, top), Align.START, palette.ink)
        inside.todo.draw(painter, QPointF(inside.left, top + inside.title.height), Align.START, palette.ink)
        self._paint_sign(painter, inside.picture)

    def _inside(self, share: float) -> Inside:
        pad, width, height = self._theme.pad, self.width(), self.height()
        side, words, away = self._columns(width, height, share)
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        picture = QRectF(width - pad - side if right_to_left else pad, (height - side) / 2, side, side)
        todo = fitted(self._saying.todo, self._theme, Type.BODY, words, self.layoutDirection())
        room = self._room() - todo.height
        title = fitted(self._saying.title, self._theme, Type.LEAD, words, self.layoutDirection(), height=room)
        return Inside(picture, title, todo, pad if right_to_left else away)

    def _columns(self, width: int, height: int, share: float) -> tuple[float, float, float]:
        """Side of the picture, width of the words, and how far they stand from the border."""
        pad = self._theme.pad
        side = min(height - 1.2 * pad, width * share)
        away = pad + side + pad * 0.8
        return side, max(1.0, width - away - pad), away

    def _room(self) -> float:
        """Height for words."""
        return self.height() - 2.0 * self._theme.mm(1.0)

    def _paint_sign(self, painter: QPainter, box: QRectF) -> None:
        palette, side = self._theme.palette, box.width()
        draw_picture(painter, self._saying.picture, box.adjusted(0, 0, -side * 0.12, -side * 0.12), palette)
        sign = QRectF(box.right() - side * 0.52, box.bottom() - side * 0.52, side * 0.52, side * 0.52)
        painter.setPen(QPen(QColor(palette.card), self._theme.border))
        match self._saying.tone:
            case Tone.HINT:
                return
            case Tone.WAIT:
                painter.setBrush(QColor(palette.ink))
                painter.drawEllipse(sign)
                self._paint_mark(painter, "hourglass", sign, palette.on_ink)
            case Tone.TAKEN:
                painter.setBrush(QColor(palette.green))
                painter.drawEllipse(sign)
                self._paint_mark(painter, "check", sign, palette.on_green)

    def _paint_mark(self, painter: QPainter, icon: str, sign: QRectF, colour: str) -> None:
        inset = sign.width() * 0.19
        draw_icon(painter, icon, sign.adjusted(inset, inset, -inset, -inset), colour)


def octagon(box: QRectF) -> QPolygonF:
    cut = box.width() * 0.293
    left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
    return QPolygonF(
        [
            QPointF(left + cut, top),
            QPointF(right - cut, top),
            QPointF(right, top + cut),
            QPointF(right, bottom - cut),
            QPointF(right - cut, bottom),
            QPointF(left + cut, bottom),
            QPointF(left, bottom - cut),
            QPointF(left, top + cut),
        ]
    )
