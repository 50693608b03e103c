"""The way of a bottle as three small pictures with a word each, numbered, side by side. Which: the page says."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import Align, Paragraph, fitted
from kiosk.screens.style.icons import draw_picture
from kiosk.screens.style.theme import Theme, Type


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its picture and its word."""

    picture: str
    word: str


class Steps(QLabel):
    """As many cards as steps. The picture stands above its word, or beside it where height is short (``theme.landscape``)."""

    def __init__(self, parent: QWidget, theme: Theme, steps: Sequence[Step]) -> None:
        super().__init__(" ".join(f"{number}. {step.word}" for number, step in enumerate(steps, 1)), parent)
        self._theme = theme
        self._steps = tuple(steps)
        self._pad = theme.mm(0.8 if theme.tight else 1.6)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumHeight(theme.mm(60))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """The least: room for the words and a small picture."""
        word = max(self._word(step, self._inner(width)).snug for step in self._steps)
        picture = self._theme.mm(8 if self._theme.landscape else 20)
        return round((max(word, picture) if self._theme.compact else word + picture) + 2 * self._pad + 0.5)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        width = self._card(self.width())
        for place, step in enumerate(self._steps):
            at = len(self._steps) - 1 - place if right_to_left else place
            self._paint_card(painter, QRectF(at * (width + self._theme.gap), 0, width, self.height()), place + 1, step, right_to_left)

    def _paint_card(self, painter: QPainter, card: QRectF, number: int, step: Step, right_to_left: bool) -> None:
        palette, half = self._theme.palette, self._theme.border / 2
        painter.setPen(QPen(QColor(palette.line), self._theme.border))
        painter.setBrush(QColor(palette.card))
        painter.drawRoundedRect(card.adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)
        inner = card.adjusted(self._pad, self._pad, -self._pad, -self._pad)
        word = self._word(step, self._inner(self.width()))
        if self._theme.compact:
            side = inner.width() - word.width
            left = inner.left() + word.width if right_to_left else inner.left()
            draw_picture(painter, step.picture, QRectF(left, inner.top(), side, inner.height()), palette)
            beside = inner.left() if right_to_left else inner.left() + side
            word.draw(painter, QPointF(beside, inner.center().y() - word.height / 2), Align.CENTRE, palette.ink)
            return
        digit = fitted(str(number), self._theme, Type.LEAD, inner.width(), self.layoutDirection())
        aside = digit.used + self._pad
        draw_picture(painter, step.picture, inner.adjusted(aside, 0, -aside, -word.snug), palette)
        word.draw(painter, QPointF(inner.left(), inner.bottom() - (word.height + word.snug) / 2), Align.CENTRE, palette.ink)
        digit.draw(painter, QPointF(inner.left() + (-self._pad if right_to_left else self._pad), inner.top()), Align.START, palette.soft)

    def _card(self, width: float) -> float:
        between = self._theme.gap * (len(self._steps) - 1)
        return (width - between) / len(self._steps)

    def _inner(self, width: float) -> float:
        """What a word has of the width."""
        inner = max(1.0, self._card(width) - 2 * self._pad)
        return inner - self._theme.mm(12) if self._theme.compact else inner

    def _word(self, step: Step, width: float) -> Paragraph:
        return fitted(step.word, self._theme, Type.LEAD, width, self.layoutDirection(), shrink=True)
