"""What is safe, on every page of a visit: the sum, the bottles and, across, the visit number. Pages need not know of it.

Upright it is a row of its own below the top row, which has the number. Across there is no height for one: it stands in the top row's corner.
"""

import math
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.deposit.view import ViewState
from kiosk.screens.parts.text import WIDE, Align, Paragraph, fitted
from kiosk.screens.style.icons import draw_picture
from kiosk.screens.style.theme import Theme, Type
from kiosk.screens.visitor.place import Place
from kiosk.words.catalogue import Words

ROW_MM = 34.0
LOW_MM = 16.0
GAP_MM = 10.0

TELL_IT_THEMSELVES = (Place.FEEDING, Place.CHOOSE, Place.VOUCHER, Place.PARTING)
"""Pages on which sum, bottles and number stand by themselves."""


def is_safe(view: ViewState, place: Place) -> bool:
    """Whether there is something to be told of on this page that it does not tell."""
    return view.visit_number is not None and view.bottles > 0 and place not in TELL_IT_THEMSELVES


class Height(Enum):
    """What the page leaves it upright."""

    FULL = auto()
    LOW = auto()
    NONE = auto()


BOTTLE_MM = 9.0
BOTTLE_BROAD_MM = 5.0
"""Its picture is square, and the bottle in it narrow."""


class Strip(QLabel):
    def __init__(self, parent: QWidget, theme: Theme, words: Words) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._lines = ("", "")
        self._low = False
        self._number = self._digits = self._sum = self._count = self._bottles = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_view(self, view: ViewState, place: Place, *, shown: bool) -> None:
        words = self._words
        self._number = words.text("visit", number=view.visit_number or "")
        self._sum = words.text("feed.without_money") if view.without_money else words.amount(view.cents)
        self._count, self._bottles = words.plural("feed.count", view.bottles), str(view.bottles)
        self._digits = view.visit_number or ""
        self._lines = (f"{self._sum} · {self._count}", self._number)
        if place is Place.VOUCHER:
            # the page itself tells the number, and large
            self._lines = (words.text("voucher.title", sum=self._sum), self._count)
        self.setText(f"{self._sum} · {self._count} · {self._number}" if shown else "")
        self.setVisible(shown)
        self.update()

    def take(self, height: Height) -> None:
        """To be told to one that is a row of its own."""
        self._low = height is Height.LOW
        self.setVisible(height is not Height.NONE)
        self.setFixedHeight(self._theme.mm(LOW_MM if self._low else ROW_MM))

    def sizeHint(self) -> QSize:
        return QSize(0, self._theme.target if self._theme.landscape else self._theme.mm(ROW_MM))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, theme = self._theme.palette, self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = theme.border / 2
        painter.setPen(QPen(QColor(palette.line), theme.border) if theme.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.sun))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), theme.radius, theme.radius)
        if theme.compact:
            self._in_short(painter)
        elif theme.landscape:
            self._in_two_lines(painter)
        else:
            self._row(painter, self._sum_and_count(self.width() - 2.0 * theme.pad - theme.mm(GAP_MM)), theme.mm(GAP_MM))

    def _sum_and_count(self, width: float) -> list[Paragraph]:
        """As large as both have room beside each other."""
        told: list[Paragraph] = []
        for steps in ((Type.TITLE, Type.HEAD), (Type.HEAD, Type.LEAD), (Type.LEAD, Type.BODY))[self._low :]:
            told = [self._paragraph(words, step) for words, step in zip((self._sum, self._count), steps, strict=True)]
            if sum(paragraph.used for paragraph in told) <= width:
                break
        return told

    def _in_two_lines(self, painter: QPainter) -> None:
        pad = self._theme.mm(2.4)
        width = self.width() - 2.0 * pad
        for words, step, middle in zip(self._lines, (Type.LEAD, Type.NOTE), (0.28, 0.75), strict=True):
            line = self._paragraph(words, step, width)
            line.draw(painter, QPointF(pad, self.height() * middle - line.height / 2), Align.START, self._theme.palette.ink)

    def _in_short(self, painter: QPainter) -> None:
        """In large text on little height a picture stands for the word *bottles*; while seconds run out beside it there may be no room for them."""
        told = [self._paragraph(self._digits, Type.BODY), self._paragraph(self._sum, Type.BODY)]
        end = self._row(painter, told, self._theme.mm(3.0))
        if self.wide() > self.width():
            return
        side, broad = self._theme.mm(BOTTLE_MM), self._theme.mm(BOTTLE_BROAD_MM)
        count = self._paragraph(self._bottles, Type.BODY)
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        picture = end - broad if right_to_left else end
        square = QRectF(picture - (side - broad) / 2, (self.height() - side) / 2, side, side)
        draw_picture(painter, "plastic", square, self._theme.palette)
        left = picture - count.used if right_to_left else picture + broad
        self._draw(painter, count, left)

    def wide(self) -> int:
        """What all of it takes in large text on little height."""
        told = (self._paragraph(words, Type.BODY) for words in (self._digits, self._sum, self._bottles))
        return math.ceil(
            sum(paragraph.used for paragraph in told) + self._theme.mm(6.0) + self._theme.mm(BOTTLE_BROAD_MM) + 2 * self._pad()
        )

    def _row(self, painter: QPainter, told: list[Paragraph], gap: float) -> float:
        """One after the other from where people begin to read; where the next would begin."""
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.width() - self._pad() if right_to_left else self._pad()
        for paragraph in told:
            self._draw(painter, paragraph, x - paragraph.used if right_to_left else x)
            x += (-1 if right_to_left else 1) * (paragraph.used + gap)
        return x

    def _pad(self) -> float:
        return float(self._theme.mm(1.6) if self._theme.compact else self._theme.pad)

    def _draw(self, painter: QPainter, paragraph: Paragraph, left: float) -> None:
        """With its left edge there, whatever its direction."""
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        at = left + paragraph.used - paragraph.width if right_to_left else left
        paragraph.draw(painter, QPointF(at, (self.height() - paragraph.height) / 2), Align.START, self._theme.palette.ink)

    def _paragraph(self, words: str, step: Type, width: float = WIDE / 1000) -> Paragraph:
        return fitted(words, self._theme, step, width, self.layoutDirection(), shrink=True)
