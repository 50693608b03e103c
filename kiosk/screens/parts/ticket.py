"""The voucher as a ticket: its QR code, and the same code to read aloud in groups 4-4-4-5. Black on white whatever the palette, for cameras."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import Align, Paragraph, fitted
from kiosk.screens.style.theme import CAPITAL_EM, Theme, Type

QUIET = 4
"""Modules of white round a QR code that its standard asks for (ISO/IEC 18004)."""

LEAST_MODULE_MM = 1.15
"""A code of more redundancy is taken while its modules keep this side; below it a phone at 60 cm loses more than it gains (``tests/people/phone.py``)."""

Modules = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A code as it is drawn: rows of 0 and 1, where they stand without their quiet zone, and the side of one. Pixels of the ticket."""

    modules: Modules
    box: QRect
    module: int

    @property
    def quiet(self) -> QRect:
        """With the quiet zone."""
        zone = QUIET * self.module
        return self.box.adjusted(-zone, -zone, zone, zone)


COLUMN = 4
"""So many lines stand beside the code, a group in each, and not below it."""


def grouped(code: str, lines: int = 1) -> str:
    """A voucher's 17 letters as 4-4-4-5, in one line, in two or in four."""
    groups = code[:4], code[4:8], code[8:12], code[12:]
    a_line = len(groups) // lines
    return "\N{LINE SEPARATOR}".join(" ".join(groups[at : at + a_line]) for at in range(0, len(groups), a_line))


@lru_cache(maxsize=8)
def modules_of(link: str, redundancy: str) -> Modules:
    """The code of a link. ``redundancy``: ``l``, ``m``, ``q`` or ``h``, from 7 to 30 % of what is drawn may be lost."""
    import segno  # here, since no start waits for a voucher

    return tuple(bytes(row) for row in segno.make_qr(link, error=redundancy, boost_error=False).matrix)


def fitting(link: str, room_px: int, px_per_mm: float) -> tuple[Modules, int]:
    """The code with most redundancy whose modules are large enough in that room, quiet zone and all, and the side of one in whole pixels."""
    for redundancy in "hqm":
        modules = modules_of(link, redundancy)
        module = room_px // (len(modules) + 2 * QUIET)
        if module >= LEAST_MODULE_MM * px_per_mm:
            return modules, module
    modules = modules_of(link, "l")
    return modules, max(1, room_px // (len(modules) + 2 * QUIET))


class Ticket(QLabel):
    """``lines``: in how many the letters stand with the code; none where the page has a better place for them. One or two stand below it, four beside it."""

    def __init__(self, parent: QWidget, theme: Theme, *, lines: int) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = lines
        self._code = self._link = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(50))

    def show_ticket(self, link: str, code: str, accessible: str) -> None:
        self._link, self._code = link, code
        self.setText(accessible)
        self.update()

    def placed(self) -> Placed:
        """In the middle with the letters: above them, or to their left."""
        letters = self._letters()
        below, beside = round(self._spelled(letters)), round(self._aside(letters))
        modules, module = self._fitting(self.width() - beside, self.height() - below)
        side, zone = module * len(modules), QUIET * module
        top = (self.height() - side - 2 * zone - below) // 2 + zone
        return Placed(modules, QRect((self.width() - side - 2 * zone - beside) // 2 + zone, top, side, side), module)

    def breadth(self, height: int) -> int:
        """What the ticket takes of a page that is so high, where it stands beside words."""
        letters = self._letters()
        modules, module = self._fitting(height, height - round(self._spelled(letters)))
        code = module * (len(modules) + 2 * QUIET) + 2 * (self._theme.border if self._lines else self._pad)
        return max(code, round(letters.used + 2 * self._pad))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, placed, letters = self._theme, self.placed(), self._letters()
        half = theme.border / 2
        # what room there is above and below is paper, and as much aside: the more white round a code, the more looks are read
        quiet = QRectF(placed.quiet)
        air = quiet.top() - half
        aside = max(min(air, self.width() / 2 - half - quiet.width() / 2), letters.used / 2 + self._pad - quiet.width() / 2)
        paper = quiet.adjusted(-aside, -air, aside, self._spelled(letters) + air)
        if self._lines == COLUMN:
            paper = quiet.adjusted(-air, -air, air + self._aside(letters), air).intersected(
                QRectF(self.rect()).adjusted(half, half, -half, -half)
            )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.palette.line), theme.border))
        painter.setBrush(QColor("white"))
        painter.drawRoundedRect(paper, self._round, self._round)
        if self._lines == COLUMN:
            letters.draw(painter, QPointF(quiet.right(), (self.height() - letters.height) / 2), Align.START, "#000000")
        elif self._lines:
            first, _ = letters.baselines()
            top = placed.quiet.bottom() + 1 + self._theme.border + letters.font.pixelSize() * CAPITAL_EM - first
            letters.draw(painter, QPointF((self.width() - letters.width) / 2, top), Align.CENTRE, "#000000")
        self._paint_code(painter, placed)

    @property
    def _pad(self) -> int:
        return self._theme.mm(2.4)

    @property
    def _round(self) -> int:
        """Of the corners: less than a card's, which would cut into the quiet zone."""
        return self._theme.mm(1.8)

    @property
    def _edge(self) -> int:
        """Where the square of a quiet zone begins inside a border with round corners."""
        return ceil(self._theme.border + (1 - sqrt(0.5)) * self._round)

    def _fitting(self, width: int, height: int) -> tuple[Modules, int]:
        return fitting(self._link, min(width - 2 * self._theme.border, height - 2 * self._edge), self._theme.px_per_mm)

    def _letters(self) -> Paragraph:
        words = grouped(self._code, self._lines) if self._lines else ""
        return fitted(words, self._theme, Type.LEAD, self._theme.width, Qt.LayoutDirection.LeftToRight)

    def _spelled(self, letters: Paragraph) -> float:
        """Height of the letters: from just above the first capitals, since the quiet zone is there, to a margin below the last."""
        if self._lines in (0, COLUMN):
            return 0.0
        first, last = letters.baselines()
        return last - first + letters.font.pixelSize() * CAPITAL_EM + self._pad + self._theme.border

    def _aside(self, letters: Paragraph) -> float:
        """Width of the letters that stand beside the code: its quiet zone parts them from it."""
        return letters.used + 2 * self._pad if self._lines == COLUMN else 0.0

    def _paint_code(self, painter: QPainter, placed: Placed) -> None:
        """Whole pixels and sharp edges."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        module = placed.module
        for y, row in enumerate(placed.modules):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(placed.box.left() + x * module, placed.box.top() + y * module, module, module, QColor("black"))
