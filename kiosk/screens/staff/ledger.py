"""The ledger's page: the entries that fit, their count and sum and the day's check; one of them opened; what is to be seen. Nothing can be changed here."""

from collections.abc import Callable
from datetime import date
from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHideEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QScroller, QStackedWidget, QTableView, QVBoxLayout, QWidget

from kiosk.console.events import EntryAsked, ExportAsked, RowsAsked
from kiosk.console.roles import Deed
from kiosk.console.told import Looking
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.parts.button import Button
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Text
from kiosk.screens.staff.entry import LINE_END, told_entry
from kiosk.screens.staff.filters import Filters, told_kind
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.staff.rows import COLUMNS, STACKED, TALL, Rows
from kiosk.screens.staff.turning import Lines
from kiosk.screens.style.theme import Type
from kiosk.screens.style.typefaces import font
from kiosk.words.catalogue import Words
from kiosk.words.denials import tell_denial
from ledger.kinds import Kind
from ledger.selection import Selected, Selection

ROW_MM = 7.0
"""At least: of a line."""

LINE_EM, BESIDE_EM = 1.3, 0.35
"""From one line of the table to the next, and what a cell keeps free beside its letters."""

LONGEST = {"row": "0000000", "booked": "00/00 00:00:00 ?", "visit": "0000", "amount": "000,00 €", "what": "B2EQ-WMMW-UW28-UPW56"}
"""What must have room in a column; of kinds the longest word. A visit's sum has three digits before the comma at most. Of a thousand codes one is wider."""

BAR_MM = 4.0
"""Of the width, the scroll bar's."""

LIST, ENTRY, FILTERS = range(3)
"""The layers of the page."""


class Ledger(StaffPage):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self._looking: Looking | None = None
        self._today: date | None = None
        # a low panel has the width, an upright one the height
        across = STACKED if theme.bigger else COLUMNS
        self._columns = across if theme.landscape else TALL if theme.bigger else STACKED
        self.rows = Rows(words, self.opener, self._columns)
        self._layers = QStackedWidget(self)
        column = self.column()
        self.remark = Remark(self, theme, "info", step=Type.BODY)
        column.addWidget(self.remark)
        column.addWidget(self._layers, 1)
        self._layers.addWidget(self._list())
        self._layers.addWidget(self._entry())
        self.filters = Filters(self, theme, words)
        self.filters.asked.connect(self._looks_for)
        self.filters.said.connect(self.remark.say)
        self._layers.addWidget(self.filters)

    def _list(self) -> QWidget:
        page, theme = QWidget(self), self.theme
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap)
        self.table = QTableView(page)
        self.table.setModel(self.rows)
        self._dress(self.table)
        self.told = Text(page, theme, Type.BODY)
        self.check = Text(page, theme, Type.NOTE, shrink=theme.compact)
        for widget in (self.table, self.told, self.check):
            column.addWidget(widget, 1 if widget is self.table else 0)
        moves: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("page_up", "staff.page_up", lambda: self._moves(QAbstractItemView.CursorAction.MovePageUp)),
            ("up", "staff.up", lambda: self._moves(QAbstractItemView.CursorAction.MoveUp)),
            ("down", "staff.down", lambda: self._moves(QAbstractItemView.CursorAction.MoveDown)),
            ("page_down", "staff.page_down", lambda: self._moves(QAbstractItemView.CursorAction.MovePageDown)),
        )
        self.filter = self._does(page, "filter", "staff.filter", self.begin_filter, icon="sliders-horizontal")
        self.open = self._does(page, "open", "staff.open", self.enters, icon="info")
        self.export = self._does(page, "export", "staff.export", lambda: self.asked.emit(ExportAsked()), icon="arrow-right")
        steps = [self._does(page, name, key, does) for name, key, does in moves]
        rows = (
            ((*steps, self.filter, self.open, self.export),) if theme.landscape else (tuple(steps), (self.filter, self.open, self.export))
        )
        for buttons in rows:
            line = self.row(buttons)
            for place in range(len(buttons) if theme.compact else 0):
                # each by its word
                line.setStretch(place, 0)
            column.addLayout(line)
        return page

    def _entry(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap)
        turns = [self._does(page, name, f"staff.{name}", _only_turns) for name in ("page_up", "page_down")]
        self.whole = Lines(page, self.theme, Type.NOTE, *turns)
        self.facts = Text(page, self.theme, Type.NOTE if self.theme.landscape else Type.BODY)
        self.about = Text(page, self.theme, Type.NOTE if self.theme.landscape else Type.BODY)
        if self.theme.bigger:
            # one after the other, as much as has room
            column.addWidget(self.whole, 1)
        elif self.theme.landscape:
            beside = self.row()
            for part in (self.facts, self.about):
                beside.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(beside)
        else:
            for part in (self.facts, self.about):
                column.addWidget(part)
        if not self.theme.bigger:
            column.addStretch(1)
        self.back = self._does(page, "back", "staff.back", lambda: self.asked.emit(EntryAsked(None)), icon="undo-2")
        self.row_before = self._does(page, "row_before", "staff.entry.row_before", lambda: self._walks(-1), icon="arrow-left")
        self.row_after = self._does(page, "row_after", "staff.entry.row_after", lambda: self._walks(1), icon="arrow-right")
        self.follows = self._does(page, "follows", "staff.entry.neighbour", self._follows, icon="info")
        if self.theme.landscape:
            column.addLayout(self.row((self.back, *turns, self.row_before, self.row_after, self.follows)))
        else:
            column.addLayout(self.row(turns))
            column.addLayout(self.row((self.row_before, self.row_after)))
            column.addLayout(self.row((self.back, self.follows)))
        return page

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        looking, words = work.looking, self.words
        before, self._looking = self._looking, looking
        if work.today is not None:
            self._today = work.today.figures.day
        self.export.setVisible(Deed.EXPORT in work.deeds)
        if looking.selected is not None:
            self._today = self._today or looking.selected.day
            self.rows.show_rows(looking.path, looking.selected.rows)
            if before is None or before.selected is not looking.selected:
                self.table.scrollToTop()
                self.table.selectRow(0)
        seen = self._seen(looking)
        told = words.text("staff.looking") if looking.selected is None else self._sum(looking.selected)
        # what is looked at takes more lines than a low panel has for large text: that it is not all
        self.told.say(words.text("staff.filtered", rows=told) if self.theme.compact and seen else told)
        self.check.say("" if looking.selected is None else told_check(looking.selected, words, brief=self.theme.compact))
        if looking.opened is not None:
            said, stands = told_entry(looking.opened, words)
            self.facts.say("" if self.theme.bigger else said)
            self.about.say("" if self.theme.bigger else stands)
            self.whole.say([*said.split(LINE_END), *stands.split(LINE_END)] if self.theme.bigger else ())
            self.row_before.setEnabled(looking.opened.entry.row > 1)
            self.row_after.setEnabled(looking.opened.after is not None)
            self.follows.setVisible(bool(looking.opened.corrected_by or looking.opened.followed))
            self._layers.setCurrentIndex(ENTRY)
        elif before is None or before.opened is not None or before.selection != looking.selection:
            self._layers.setCurrentIndex(LIST)
        failing = tell_denial(work.failing, words) if work.failing is not None else ""
        done = looking.exported
        self.remark.say(
            failing
            or (words.plural("staff.exported", done.entries, path=done.path) if done is not None else "" if self.theme.compact else seen)
        )

    def _sum(self, selected: Selected) -> str:
        return self.words.plural("staff.rows", len(selected.rows), sum=self.words.amount(selected.cents))

    def _seen(self, looking: Looking) -> str:
        """What is looked at, where that is not all of the ledger that is written now."""
        selection, words = looking.selection, self.words
        parts = [
            words.text("staff.seen.archive", name=selection.archive) if selection.archive else "",
            words.text("staff.seen.from", day=words.day(selection.first, short=True)) if selection.first else "",
            words.text("staff.seen.until", day=words.day(selection.last, short=True)) if selection.last else "",
            told_kind(selection, words),
            words.text(f"material.{selection.material}") if selection.material else "",
            words.text("staff.seen.least", sum=words.amount(selection.least)) if selection.least is not None else "",
            words.text("staff.seen.most", sum=words.amount(selection.most)) if selection.most is not None else "",
            words.text("visit", number=selection.visit) if selection.visit else "",
            selection.voucher,
        ]
        return " · ".join(part for part in parts if part)

    # what is typed and chosen

    def types(self, letters: str) -> bool:
        """A visit's number of four digits, or a voucher's code; from the list on it begins a new search."""
        if self._layers.currentIndex() != FILTERS:
            self.filters.begin(Selection(archive=self._selection.archive), *self._bounds())
            self._layers.setCurrentIndex(FILTERS)
        self.filters.types(letters)
        return True

    def erases(self) -> bool:
        self.filters.erases()
        return True

    def enters(self) -> bool:
        """Opens the entry that is chosen, or looks for what was typed and chosen."""
        if self._layers.currentIndex() == FILTERS:
            self.filters.looks()
            return True
        row = self.rows.row_at(self.table.currentIndex().row())
        if self._layers.currentIndex() == LIST and row is not None:
            self.asked.emit(EntryAsked(row))
        return True

    def _walks(self, by: int) -> None:
        """To the entry's neighbour in the chain, whether it is in the list or not."""
        if self._looking is not None and self._looking.opened is not None:
            self.asked.emit(EntryAsked(self._looking.opened.entry.row + by))

    def _follows(self) -> None:
        """To what corrected it, or came of it."""
        opened = None if self._looking is None else self._looking.opened
        if opened is not None and (rows := (*opened.corrected_by, *(row for row, _ in opened.followed))):
            self.asked.emit(EntryAsked(rows[0]))

    def _looks_for(self, asked: RowsAsked) -> None:
        self._layers.setCurrentIndex(LIST)
        self.asked.emit(asked)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more: the file is let go of."""
        self.rows.close()
        super().hideEvent(event)

    def main(self) -> Button | None:
        return self.down

    def _moves(self, how: QAbstractItemView.CursorAction) -> None:
        index = self.table.moveCursor(how, Qt.KeyboardModifier.NoModifier)
        if index.isValid():
            self.table.selectRow(index.row())

    def begin_filter(self) -> None:
        """Opens the questions, with what is looked at now."""
        self.filters.begin(self._selection, *self._bounds())
        self._layers.setCurrentIndex(FILTERS)

    @property
    def _selection(self) -> Selection:
        return Selection() if self._looking is None else self._looking.selection

    def _bounds(self) -> tuple[tuple[str, ...], date | None]:
        return (() if self._looking is None else self._looking.archives), self._today

    # how it is made

    def _dress(self, table: QTableView) -> None:
        theme, palette = self.theme, self.theme.palette
        table.setObjectName("rows")
        table.setFont(font(theme, Type.NOTE))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.doubleClicked.connect(lambda _: self.enters())
        upright = table.verticalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines = len(self._columns[0])
        deep = max(theme.mm(ROW_MM), round(theme.text(Type.NOTE) * LINE_EM * (lines + (0.3 if lines > 1 else 0))))
        upright.setDefaultSectionSize(deep)
        table.setAlternatingRowColors(lines > 1)
        across = table.horizontalHeader()
        across.setFont(font(theme, Type.NOTE))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setFixedHeight(max(theme.mm(ROW_MM), round(theme.text(Type.NOTE) * LINE_EM * lines)))
        # height is what there is least of, and each cell says what it is
        across.setVisible(not theme.compact)
        colours = QPalette(table.palette())
        for role, colour in (
            (QPalette.ColorRole.Base, palette.card),
            (QPalette.ColorRole.AlternateBase, palette.paper),
            (QPalette.ColorRole.Text, palette.ink),
            (QPalette.ColorRole.Button, palette.sun),
            (QPalette.ColorRole.ButtonText, palette.ink),
            (QPalette.ColorRole.Highlight, palette.ink),
            (QPalette.ColorRole.HighlightedText, palette.on_ink),
        ):
            colours.setColor(role, QColor(colour))
        table.setPalette(colours)
        QScroller.grabGesture(table.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        for place, wide in enumerate(self._widths()):
            table.setColumnWidth(place, wide)

    def _widths(self) -> list[int]:
        """As wide as what must be whole, and what is left to the words."""
        theme, words = self.theme, self.words
        metrics = QFontMetricsF(font(theme, Type.NOTE))
        longest = {name: [LONGEST[name], words.text(f"staff.column.{name}")] for name in LONGEST}
        longest["kind"] = [words.text(f"kind.{kind}") for kind in Kind]
        beside = theme.text(Type.NOTE) * BESIDE_EM
        wide = [ceil(max(metrics.horizontalAdvance(text) for name in names for text in longest[name]) + beside) for names in self._columns]
        spare = theme.width - 2 * theme.margin - theme.mm(BAR_MM) - sum(wide)
        return [width + max(0, spare) // len(wide) for width in wide]

    def _does(self, page: QWidget, name: str, key: str, does: Callable[[], object], *, icon: str = "") -> Button:
        button = Button(page, self.theme, self.words.text(key), name=name, icon="" if self.theme.landscape else icon, step=Type.NOTE)
        button.clicked.connect(does)
        if name == "down":
            self.down = button
        return button


def _only_turns() -> None:
    """What is turned over hears of it, too."""


def told_check(selected: Selected, words: Words, *, brief: bool = False) -> str:
    """The day's check: what each account moved, and that it adds up to nothing. ``brief``: whether it does."""
    moved = ", ".join(
        words.text("staff.moved", account=words.text(f"account.{account}"), sum=words.amount(cents)) for account, cents in selected.moved
    )
    key = "staff.check.nothing" if not moved else "staff.check.right" if selected.adds_up else "staff.check.wrong"
    if brief and moved:
        return words.text(f"{key}.brief", day=words.day(selected.day, short=True))
    return words.text(key, day=words.day(selected.day, short=True), moved=moved)
