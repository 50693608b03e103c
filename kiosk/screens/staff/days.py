"""Thirty days: a bar a day, glass solid and plastic hatched upon it, the day's bottles above; the same by material in a table."""

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from config.vocabulary import Cents, Material
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Align, fitted
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.style.theme import Theme, Type
from kiosk.screens.style.typefaces import sized
from kiosk.words.catalogue import Words
from kiosk.words.denials import tell_denial
from ledger.views import DayTotal

DAYS = 30

HATCH = {Material.GLASS: Qt.BrushStyle.SolidPattern, Material.PLASTIC: Qt.BrushStyle.BDiagPattern}

SHARES = (0.22, 0.2, 0.22, 0.3)
"""Of a column of the table: day, glass, plastic, credited; the rest is the gap to the next."""

NUMBER_EM = 0.8
"""Of the smallest text, the numbers above bars of which there are thirty."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What has room together: ``days`` of them, the last so many days ``back``."""

    days: int
    back: int = 0
    chart: bool = True
    table: bool = True


LEAVES = (Leaf(10), Leaf(10, 10), Leaf(10, 20))
LEAVES_ACROSS = (
    *(Leaf(10, back, table=False) for back in (0, 10, 20)),
    *(Leaf(10, back, chart=False) for back in (0, 10, 20)),
)
"""In large text, and where height is short."""


class Chart(QWidget):
    """Bars. ``show_days`` gives them; the last is ``day``."""

    def __init__(self, parent: QWidget, theme: Theme, words: Words) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._bottles: dict[tuple[date, Material], int] = {}
        self._day: date | None = None
        self._days = DAYS
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_days(self, day: date, totals: tuple[DayTotal, ...], days: int = DAYS) -> None:
        self._day, self._days = day, days
        self._bottles = {(total.day, total.material): total.bottles for total in totals}
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._day is None:
            return
        theme, palette = self._theme, self._theme.palette
        painter = QPainter(self)
        number = sized(theme.smallest if theme.bigger else max(12, round(theme.smallest * NUMBER_EM)), 600)
        line = number.pixelSize() * 1.3
        highest = max((self._of(day) for day, _ in self._bottles), default=0) or 1
        floor, wide = self.height() - line, self.width() / self._days
        tall = floor - line - theme.border
        painter.setPen(QPen(QColor(palette.line), theme.border))
        painter.drawLine(QPointF(0, floor), QPointF(self.width(), floor))
        painter.setFont(number)
        for place in range(self._days):
            there = self._day - timedelta(days=self._days - 1 - place)
            left, top = place * wide, floor
            painter.setPen(QColor(palette.ink))
            painter.drawText(QRectF(left, floor, wide, line), Qt.AlignmentFlag.AlignCenter, str(there.day))
            for material, brush in HATCH.items():
                height = tall * self._bottles.get((there, material), 0) / highest
                top -= height
                box = QRectF(left + wide * 0.15, top, wide * 0.7, height)
                painter.setPen(QPen(QColor(palette.ink), theme.border) if height else Qt.PenStyle.NoPen)
                painter.setBrush(QBrush(QColor(palette.ink), brush))
                painter.drawRect(box)
            painter.setPen(QColor(palette.ink))
            told = str(self._of(there) or "")
            painter.drawText(QRectF(left - wide / 2, top - line, 2 * wide, line), Qt.AlignmentFlag.AlignCenter, told)

    def _of(self, day: date) -> int:
        return sum(self._bottles.get((day, material), 0) for material in HATCH)


class Table(QWidget):
    """Day by day the same numbers, in as many columns as height asks for."""

    def __init__(self, parent: QWidget, theme: Theme, words: Words) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._lines: list[tuple[str, ...]] = []
        self._days = DAYS
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_days(self, day: date, totals: tuple[DayTotal, ...], days: int = DAYS) -> None:
        words = self._words
        self._lines, self._days = [], days
        for back in range(days):
            there = day - timedelta(days=back)
            of_day = [total for total in totals if total.day == there]
            bottles = [str(sum(total.bottles for total in of_day if total.material is material)) for material in HATCH]
            self._lines.append((words.day(there, short=True)[:5], *bottles, words.amount(Cents(sum(total.cents for total in of_day)))))
        self.setAccessibleName("\n".join(" ".join(line) for line in self._lines))
        self.setFixedHeight(round((1 + -(-days // self._across())) * self._line()))
        self.update()

    def _across(self) -> int:
        columns = 3 if self._theme.landscape else 2
        return columns - 1 if self._theme.bigger else columns

    def _line(self) -> float:
        return self._theme.text(Type.NOTE) * 1.35

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, words, across = self._theme, self._words, self._across()
        painter = QPainter(self)
        deep, line, wide = -(-self._days // across), self._line(), self.width() / across
        titles = tuple(words.text(f"staff.days.{name}") for name in ("day", "glass", "plastic", "sum"))
        for column in range(across):
            for place, told in enumerate((titles, *self._lines[column * deep : (column + 1) * deep])):
                left = column * wide
                for part, (text, share) in enumerate(zip(told, SHARES, strict=True)):
                    cell = wide * share
                    set_text = fitted(text, theme, Type.NOTE, cell, self.layoutDirection())
                    # numbers end below one another
                    at = QPointF(left + (cell - set_text.used if part else 0), place * line)
                    set_text.draw(painter, at, Align.START, theme.palette.ink)
                    left += cell


class Days(StaffPage):
    """All thirty at once; in large text some of them, and on a low panel the chart or the table."""

    def build(self) -> None:
        column = self.column()
        self._shows: tuple[date, tuple[DayTotal, ...]] | None = None
        self._leaf = 0
        self._leaves = LEAVES_ACROSS if self.theme.compact else LEAVES if self.theme.bigger else (Leaf(DAYS),)
        self.remark = Remark(self, self.theme, "info", step=Type.BODY)
        self.chart = Chart(self, self.theme, self.words)
        self.table = Table(self, self.theme, self.words)
        for widget in (self.remark, self.chart, self.table):
            column.addWidget(widget, 1 if widget is self.chart else 0)
        if len(self._leaves) > 1:
            column.addStretch(0)
            self.up, self.down = (self.button(self.words.text(f"staff.{name}"), name, step=Type.NOTE) for name in ("page_up", "page_down"))
            self.up.clicked.connect(lambda: self._turns(-1))
            self.down.clicked.connect(lambda: self._turns(1))
            column.addLayout(self.row((self.up, self.down)))

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        legend = "" if self.theme.landscape or self.theme.bigger else self.words.text("staff.days.legend")
        charted = None if work.today is None else work.today.charted
        if work.today is None or charted is None:
            # the day alone is there: the twenty-nine before it would stand at nothing
            self._shows = None
            self.chart.hide()
            self.table.hide()
            legend = self.words.text("staff.looking")
        else:
            self._shows = work.today.figures.day, charted
            self._turns(0)
        self.remark.say(legend if work.failing is None else tell_denial(work.failing, self.words))

    def _turns(self, by: int) -> None:
        if self._shows is None:
            return
        self._leaf += by
        leaf = self._leaves[self._leaf]
        last, totals = self._shows
        self.chart.setVisible(leaf.chart)
        self.table.setVisible(leaf.table)
        for part in (self.chart, self.table):
            part.show_days(last - timedelta(days=leaf.back), totals, leaf.days)
        if len(self._leaves) > 1:
            self.up.setEnabled(self._leaf > 0)
            self.down.setEnabled(self._leaf + 1 < len(self._leaves))
