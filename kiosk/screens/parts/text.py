"""Text that fits where it stands: wrapped into lines of even length, a title shrunk to four fifths at most. Not which words: pages say those."""

import re
from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, qAddPostRoutine
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.style.theme import WEIGHTS, Theme, Type
from kiosk.screens.style.typefaces import sized

SHRINK = 0.8
WIDE = 1e6

LEADING = 1.42
"""From one line to the next at most, in sizes of the font: Arabic fonts keep room for signs that these words do not have."""

CLOSE = 1.24
"""The same of large text on a low or a narrow panel, where height is what there is least of: still more than the strokes need."""

SNUG = 1.22
"""Height of a single line's strokes at most, in sizes of the font: Arabic letters reach lowest."""

STAYS_WITH_NEXT = re.compile(r"(?<![-\w])(ne|l[ea]s?|une?|des|du|aux?|à|ce|cette|the|an?) ", re.IGNORECASE)
"""A line never ends in one of these: *ne* stays with its verb, an article or *ce* with its noun. Of all languages together, since
none of them is a noun in another. Arabic writes its article into the noun."""


STAYS_WITH_LAST = re.compile(r" (?=· )")
"""What parts one thing from the next ends a line and begins none."""


def together(words: str) -> str:
    """The same words, character by character, with no-break spaces where no line may break."""
    return STAYS_WITH_LAST.sub("\u00a0", STAYS_WITH_NEXT.sub("\\1\u00a0", words))


class Align(Enum):
    """``START`` is where people begin to read."""

    START = "start"
    CENTRE = "centre"


class Paragraph:
    """Words set in one font within a width, ready to be drawn. Pixels."""

    def __init__(self, words: str, font: QFont, width: float, direction: Qt.LayoutDirection, leading: float = LEADING) -> None:
        self.font = font
        self._leading = leading
        self.width = width
        self.words = words
        self._direction = direction
        self._set_words = together(words)
        self._layout = self._set(width) if words else QTextLayout()
        if any(line_width > width for line_width in _widths(self._layout)):
            # better a line that ends in an article than one that is cut off
            self._set_words = words
            self._layout = self._set(width)
        if self.lines > 1:
            self._even_out()
        boxes = [self._layout.lineAt(line).naturalTextRect() for line in range(self.lines)]
        self.used = max((box.width() for box in boxes), default=0.0)
        self.height = max((box.bottom() for box in boxes), default=0.0)

    @property
    def lines(self) -> int:
        return self._layout.lineCount()

    def line_texts(self) -> list[str]:
        """The words of each line."""
        lines = [self._layout.lineAt(number) for number in range(self.lines)]
        return [self.words[line.textStart() : line.textStart() + line.textLength()].strip() for line in lines]

    def baselines(self) -> tuple[float, float]:
        """Of the first and of the last line, below the top; 0 without words, as Qt ends the process that asks for a line that is not there."""
        if not self.lines:
            return 0.0, 0.0
        first, last = self._layout.lineAt(0), self._layout.lineAt(self.lines - 1)
        return first.y() + first.ascent(), last.y() + last.ascent()

    @property
    def snug(self) -> float:
        """The height that its strokes need in the middle of ``height``: fonts keep room for signs that no word here has."""
        return self.height - max(0.0, self.height / max(1, self.lines) - self.font.pixelSize() * SNUG)

    @property
    def overflows(self) -> bool:
        """Whether a word is wider than the width."""
        return self.used > self.width + 0.5

    def draw(self, painter: QPainter, at: QPointF, align: Align, colour: str) -> QRectF:
        """Draws it with the upper left corner of its width at ``at``; where the letters stand."""
        right_to_left = self._direction is Qt.LayoutDirection.RightToLeft
        spare = self.width - self.used
        painter.setPen(QColor(colour))
        left = at.x() + (spare / 2 if align is Align.CENTRE else spare if right_to_left else 0.0)
        for number in range(self.lines):
            line = self._layout.lineAt(number)
            inside = self.used - line.naturalTextWidth()
            indent = inside / 2 if align is Align.CENTRE else inside if right_to_left else 0.0
            line.draw(painter, QPointF(left + indent - line.naturalTextRect().left(), at.y()))
        return QRectF(left, at.y(), self.used, self.height)

    def _set(self, width: float) -> QTextLayout:
        layout = QTextLayout(self._set_words, self.font)
        option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(self._direction)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            there = self._set_words[line.textStart() : line.textStart() + line.textLength()]
            if there.endswith("-") and " " in there:
                # what a hyphen joins stays together: *videz-la*
                line.setNumColumns(there.rindex(" ") + 1)
            line.setPosition(QPointF(0, y))
            y += min(line.height(), self.font.pixelSize() * self._leading)
        layout.endLayout()
        return layout

    def _even_out(self) -> None:
        """The narrowest width that needs no line more: no word is left alone on the last line."""
        lines, widths = self.lines, _widths(self._layout)
        # lines of one length are the narrowest that there can be
        low, high = sum(widths) / lines - 1.0, max(widths)
        while high - low > 2.0:
            middle = (low + high) / 2
            tried = self._set(middle)
            widest = max(_widths(tried))
            if tried.lineCount() > lines or widest > middle:
                low = middle
            else:
                high = widest
                self._layout = tried


def _widths(layout: QTextLayout) -> list[float]:
    return [layout.lineAt(line).naturalTextWidth() for line in range(layout.lineCount())]


@lru_cache(maxsize=512)
def fitted(
    words: str, theme: Theme, step: Type, width: float, direction: Qt.LayoutDirection, *, shrink: bool = False, height: float = WIDE
) -> Paragraph:
    """The words at the size of ``step``; smaller, if that spares a line of a title, or if a word or the height would not fit otherwise.

    Kept, as a layout asks for the same words at the same width dozens of times before it stands.
    """
    size, weight = theme.text(step), WEIGHTS[step]
    floor = min(size, max(theme.smallest, round(size * SHRINK)))

    def at(size: int) -> Paragraph:
        return Paragraph(words, sized(size, weight), width, direction, CLOSE if theme.tight else LEADING)

    paragraph = at(size)
    if shrink and paragraph.lines > 1:
        natural = QFontMetricsF(sized(size, weight)).horizontalAdvance(words)
        if natural * floor <= width * size:
            size = max(floor, int(size * width / natural))
            while size >= floor:
                paragraph = at(size)
                if paragraph.lines == 1:
                    return paragraph
                size -= 1
            size = theme.text(step)
            paragraph = at(size)
    while (paragraph.overflows or paragraph.height > height) and size > floor:
        size -= 1
        paragraph = at(size)
    return paragraph


# what is set in fonts may not outlive the application that they belong to
qAddPostRoutine(fitted.cache_clear)


class Text(QLabel):
    """A label that sets its words by ``fitted``. It takes no room while it has none. ``say`` changes them."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        step: Type,
        words: str = "",
        *,
        align: Align = Align.START,
        colour: str | None = None,
        shrink: bool = False,
        one_way: Qt.LayoutDirection | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._step = step
        self._align = align
        self._colour = colour or theme.palette.ink
        self._shrink = shrink
        self._one_way = one_way
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.say(words)

    def say(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def paragraph(self, width: float) -> Paragraph:
        """What is drawn when the label is so wide."""
        return self.paragraph_of(self.text(), width)

    def paragraph_of(self, words: str, width: float) -> Paragraph:
        """What would be drawn if it said this."""
        direction = self._one_way or self.layoutDirection()
        return fitted(words, self._theme, self._step, width, direction, shrink=self._shrink)

    def overflows(self) -> bool:
        """Whether a word is wider than the label."""
        return self.paragraph(self.width()).overflows

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        paragraph = self.paragraph(width)
        # Arabic letters use what is above and below them
        snug = self._theme.compact and self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        return round((paragraph.snug if snug else paragraph.height) + 0.5)

    def sizeHint(self) -> QSize:
        paragraph = self.paragraph(WIDE)
        return QSize(round(paragraph.used + 1.5), round(paragraph.height + 0.5))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paragraph = self.paragraph(self.width())
        paragraph.draw(painter, QPointF(0, (self.height() - paragraph.height) / 2), self._align, self._colour)
