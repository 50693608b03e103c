"""The ledger's page: the entries that fit, their count and sum and the day's check; one of them opened; what is to be seen. Nothing can be changed here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QHideEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHeaderView, QScroller, QStackedWidget, QTableView, QVBoxLayout, QWidget

from config.vocabulary import Cents, Material
from kiosk.console.events import EntryAsked, ExportAsked, RowsAsked
from kiosk.console.roles import Deed
from kiosk.console.told import Looking
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.parts.button import Button
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Text
from kiosk.screens.staff.entry import told_entry
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.staff.rows import COLUMNS, Rows
from kiosk.screens.style.theme import Type
from kiosk.screens.style.typefaces import font
from kiosk.words.catalogue import Words
from kiosk.words.denials import tell_denial
from ledger.kinds import Kind
from ledger.selection import Selected, Selection, VoucherState

ROW_MM = 7.0

WIDE = {"row": 0.08, "booked": 0.2, "kind": 0.25, "visit": 0.08, "what": 0.27, "amount": 0.12}
"""Shares of the width."""

PERIODS = {"any": None, "today": 1, "week": 7, "month": 30}
"""Days up to today."""

AMOUNTS: dict[str, tuple[int | None, int | None]] = {"any": (None, None), "none": (0, 0), "some": (1, None), "large": (500, None)}
"""Cents: least and most."""


class Ledger(StaffPage):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self._looking: Looking | None = None
        self._today: date | None = None
        self._draft = Selection()
        self.rows = Rows(words, self.opener)
        self._layers = QStackedWidget(self)
        column = self.column()
        self.remark = Remark(self, theme, "info", step=Type.BODY)
        column.addWidget(self.remark)
        column.addWidget(self._layers, 1)
        self._layers.addWidget(self._list())
        self._layers.addWidget(self._entry())
        self._layers.addWidget(self._filters())

    def _list(self) -> QWidget:
        page, theme = QWidget(self), self.theme
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap)
        self.table = QTableView(page)
        self.table.setModel(self.rows)
        self._dress(self.table)
        self.told = Text(page, theme, Type.BODY)
        self.check = Text(page, theme, Type.NOTE)
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
            column.addLayout(self.row(buttons))
        return page

    def _entry(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap)
        self.facts = Text(page, self.theme, Type.NOTE if self.theme.landscape else Type.BODY)
        self.about = Text(page, self.theme, Type.NOTE if self.theme.landscape else Type.BODY)
        if self.theme.landscape:
            beside = self.row()
            for part in (self.facts, self.about):
                beside.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(beside)
        else:
            for part in (self.facts, self.about):
                column.addWidget(part)
        column.addStretch(1)
        self.back = self._does(page, "back", "staff.back", lambda: self.asked.emit(EntryAsked(None)), icon="undo-2")
        column.addWidget(self.back)
        return page

    def _filters(self) -> QWidget:
        """One row of choices a question; what is chosen is filled with ink."""
        page = QWidget(self)
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(self.theme.gap)
        self._choices: list[tuple[Button, Callable[[Selection], Selection], Callable[[Selection], bool]]] = []
        period = [self._period(page, name, days) for name, days in PERIODS.items()]
        kind = [self._of_kind(page, kind) for kind in (None, Kind.CREDIT, Kind.VOUCHER, Kind.PAID, Kind.GIFT)]
        state = [self._of_state(page, state) for state in VoucherState]
        material = [self._of_material(page, material) for material in (None, *Material)]
        amount = [self._of_amount(page, name) for name in AMOUNTS]
        digits = [self._digit(page, digit) for digit in "0123456789"]
        apply = self._does(page, "apply", "staff.apply", self.enters)
        nothing = self._does(page, "anything", "staff.anything", lambda: self._drafts(Selection(archive=self._draft.archive)))
        self.older = self._does(page, "older", "staff.older", self._older)
        ends = [nothing, self.older, apply]
        across = (period + material, kind + ends, digits[:5] + amount, digits[5:] + state)
        upright = (period, kind, state, material, amount, digits[:5], digits[5:], ends)
        for number, buttons in enumerate(across if self.theme.landscape else upright):
            row = self.row()
            for button in buttons:
                # by its longest word
                row.addWidget(button, max(map(len, button.text().split())))
            grid.addLayout(row, number, 0)
            grid.setRowStretch(number, 1)
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
        self.older.setEnabled(bool(looking.archives))
        if looking.selected is not None:
            self._today = self._today or looking.selected.day
            self.rows.show_rows(looking.path, looking.selected.rows)
            if before is None or before.selected is not looking.selected:
                self.table.scrollToTop()
                self.table.selectRow(0)
        self.told.say(words.text("staff.looking") if looking.selected is None else self._sum(looking.selected))
        self.check.say("" if looking.selected is None else told_check(looking.selected, words))
        if looking.opened is not None:
            said, stands = told_entry(looking.opened, words)
            self.facts.say(said)
            self.about.say(stands)
            self._layers.setCurrentIndex(1)
        elif before is None or before.opened is not None or before.selection != looking.selection:
            self._layers.setCurrentIndex(0)
        failing = tell_denial(work.failing, words) if work.failing is not None else ""
        done = looking.exported
        self.remark.say(
            failing or (words.plural("staff.exported", done.entries, path=done.path) if done is not None else self._seen(looking))
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
            words.text(f"kind.{selection.kind}") if selection.kind else "",
            words.text(f"staff.state.{selection.state}") if selection.state else "",
            words.text("staff.tile.uncounted") if selection.uncounted else "",
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
        if self._layers.currentIndex() != 2:
            self.begin_filter()
        typed = (self._draft.visit or self._draft.voucher) + letters.strip()
        number = typed.isdigit() and len(typed) <= 4
        self._drafts(replace(self._draft, visit=typed if number else "", voucher="" if number else typed[:64]))
        return True

    def erases(self) -> bool:
        typed = (self._draft.visit or self._draft.voucher)[:-1]
        number = typed.isdigit() and len(typed) <= 4
        self._drafts(replace(self._draft, visit=typed if number else "", voucher="" if number else typed))
        return True

    def enters(self) -> bool:
        """Opens the entry that is chosen, or looks for what was typed and chosen."""
        if self._layers.currentIndex() == 2:
            self.asked.emit(RowsAsked(self._draft))
            self._layers.setCurrentIndex(0)
            return True
        row = self.rows.row_at(self.table.currentIndex().row())
        if self._layers.currentIndex() == 0 and row is not None:
            self.asked.emit(EntryAsked(row))
        return True

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
        """Opens the choices, with what is looked at now."""
        self._drafts(Selection() if self._looking is None else self._looking.selection)
        self._layers.setCurrentIndex(2)

    def _drafts(self, draft: Selection) -> None:
        self._draft = draft
        for button, _, holds in self._choices:
            button.setChecked(holds(draft))
        self.remark.say(self.words.text("staff.typed", typed=draft.visit or draft.voucher or "–"))
        archive = draft.archive
        self.older.say(
            self.words.text("staff.older") if archive is None else self.words.text("staff.older_archive", row=archive.split("-")[1])
        )

    def _older(self) -> None:
        """The next older generation, and after the oldest the one that is written now."""
        archives = (None, *(self._looking.archives if self._looking is not None else ()))
        place = archives.index(self._draft.archive) if self._draft.archive in archives else 0
        self._drafts(replace(self._draft, archive=archives[(place + 1) % len(archives)]))

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
        upright.setDefaultSectionSize(theme.mm(ROW_MM))
        across = table.horizontalHeader()
        across.setFont(font(theme, Type.NOTE))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setFixedHeight(theme.mm(ROW_MM))
        colours = QPalette(table.palette())
        for role, colour in (
            (QPalette.ColorRole.Base, palette.card),
            (QPalette.ColorRole.Text, palette.ink),
            (QPalette.ColorRole.Button, palette.sun),
            (QPalette.ColorRole.ButtonText, palette.ink),
            (QPalette.ColorRole.Highlight, palette.ink),
            (QPalette.ColorRole.HighlightedText, palette.on_ink),
        ):
            colours.setColor(role, QColor(colour))
        table.setPalette(colours)
        QScroller.grabGesture(table.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        wide = theme.width - 2 * theme.margin - theme.mm(4)
        for place, name in enumerate(COLUMNS):
            table.setColumnWidth(place, round(wide * WIDE[name]))

    def _does(self, page: QWidget, name: str, key: str, does: Callable[[], object], *, icon: str = "") -> Button:
        button = Button(page, self.theme, self.words.text(key), name=name, icon="" if self.theme.landscape else icon, step=Type.NOTE)
        button.clicked.connect(does)
        if name == "down":
            self.down = button
        return button

    def _choice(
        self, page: QWidget, name: str, words: str, changes: Callable[[Selection], Selection], holds: Callable[[Selection], bool]
    ) -> Button:
        button = Button(page, self.theme, words, name=name, step=Type.NOTE)
        button.setCheckable(True)
        button.clicked.connect(lambda: self._drafts(changes(self._draft)))
        self._choices.append((button, changes, holds))
        return button

    def _digit(self, page: QWidget, digit: str) -> Button:
        button = Button(page, self.theme, digit, name=f"digit.{digit}", step=Type.LEAD)
        button.clicked.connect(lambda: self.types(digit))
        return button

    def _period(self, page: QWidget, name: str, days: int | None) -> Button:
        def bounds() -> tuple[date | None, date | None]:
            if days is None or self._today is None:
                return None, None
            return self._today - timedelta(days=days - 1), self._today

        def changes(draft: Selection) -> Selection:
            first, last = bounds()
            return replace(draft, first=first, last=last)

        return self._choice(
            page, f"period.{name}", self.words.text(f"staff.period.{name}"), changes, lambda draft: (draft.first, draft.last) == bounds()
        )

    def _of_kind(self, page: QWidget, kind: Kind | None) -> Button:
        words = self.words.text("staff.any_kind" if kind is None else f"kind.{kind}")
        return self._choice(
            page,
            f"kind.{kind or 'any'}",
            words,
            lambda draft: replace(draft, kind=kind, state=None, uncounted=False),
            lambda draft: draft.kind is kind and draft.state is None and not draft.uncounted,
        )

    def _of_state(self, page: QWidget, state: VoucherState) -> Button:
        return self._choice(
            page,
            f"state.{state}",
            self.words.text(f"staff.state.{state}"),
            lambda draft: replace(draft, kind=None, state=state, uncounted=False),
            lambda draft: draft.state is state,
        )

    def _of_material(self, page: QWidget, material: Material | None) -> Button:
        words = self.words.text("staff.any_material" if material is None else f"material.{material}")
        return self._choice(
            page,
            f"material.{material or 'any'}",
            words,
            lambda draft: replace(draft, material=material),
            lambda draft: draft.material is material,
        )

    def _of_amount(self, page: QWidget, name: str) -> Button:
        least, most = (None if cents is None else Cents(cents) for cents in AMOUNTS[name])
        return self._choice(
            page,
            f"amount.{name}",
            self.words.text(f"staff.amount.{name}"),
            lambda draft: replace(draft, least=least, most=most),
            lambda draft: (draft.least, draft.most) == (least, most),
        )


def told_check(selected: Selected, words: Words) -> str:
    """The day's check: what each account moved, and that it adds up to nothing."""
    moved = ", ".join(
        words.text("staff.moved", account=words.text(f"account.{account}"), sum=words.amount(cents)) for account, cents in selected.moved
    )
    key = "staff.check.nothing" if not moved else "staff.check.right" if selected.adds_up else "staff.check.wrong"
    return words.text(key, day=words.day(selected.day, short=True), moved=moved)
