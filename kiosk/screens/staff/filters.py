"""What of the ledger is to be seen: a page of questions with their answers, and behind each a page that asks it. What may be answered stands in ``console/searching.py``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from config.vocabulary import Cents, Material
from kiosk.console.events import RowsAsked
from kiosk.console.searching import (
    FIELDS,
    Draft,
    Question,
    Typed,
    Wrong,
    between_days,
    between_sums,
    drafted,
    erases,
    looked_for,
    opened,
    types,
)
from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.staff.turning import Turning
from kiosk.screens.style.theme import Theme, Type
from kiosk.words.catalogue import Words
from ledger.kinds import Kind
from ledger.selection import Selection, VoucherState
from ledger.vouchers import CODE_LETTERS, LETTERS, grouped

PERIODS = {"any": None, "today": 1, "week": 7, "month": 30}
"""Days up to today."""

AMOUNTS: dict[str, tuple[int | None, int | None]] = {"any": (None, None), "none": (0, 0), "some": (1, None), "large": (500, None)}
"""Cents: least and most."""

SHOWN = 24
"""Letters of a link that stand on a button."""


class Filters(QStackedWidget):
    """``asked`` gets what is to be looked for, ``said`` what is wrong with it."""

    asked = Signal(object)
    said = Signal(str)

    def __init__(self, parent: QWidget, theme: Theme, words: Words) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._draft = drafted(Selection())
        self._today: date | None = None
        self._archives: tuple[str | None, ...] = (None,)
        self._choices: list[tuple[Button, Callable[[Draft], Draft]]] = []
        self._fields: dict[Typed, Button] = {}
        self._questions: dict[Question, Button] = {}
        self._pages: dict[Question, QWidget] = {}
        self._every = self._all()
        self.addWidget(self._every)
        pages: dict[Question, Callable[[QWidget], None]] = {
            Question.PERIOD: self._period,
            Question.KIND: self._kind,
            Question.MATERIAL: self._material,
            Question.AMOUNT: self._amount,
            Question.VISIT: self._visit,
            Question.VOUCHER: self._voucher,
        }
        for question, builds in pages.items():
            page = self._pages[question] = QWidget(self)
            builds(page)
            self.addWidget(page)

    # what happens

    def begin(self, selection: Selection, archives: Sequence[str], today: date | None) -> None:
        """The questions, with what is looked at now."""
        self._today = today
        self._archives = (None, *archives)
        self._asks(None, drafted(selection))

    def types(self, letters: str) -> None:
        self._drafts(types(self._draft, letters))

    def erases(self) -> None:
        self._drafts(erases(self._draft))

    def looks(self) -> None:
        """Looks for what was answered, or says why it cannot."""
        found = looked_for(self._draft)
        if isinstance(found, Wrong):
            self.said.emit(self._words.text(f"staff.wrong.{found}"))
        else:
            self.asked.emit(RowsAsked(found))

    def asks(self, question: Question | None) -> None:
        """Opens a question, or goes back to all of them."""
        self._asks(question, self._draft)

    def _asks(self, question: Question | None, draft: Draft) -> None:
        self.setCurrentWidget(self._every if question is None else self._pages[question])
        self._drafts(opened(draft, question))

    def _older(self) -> None:
        """The next older generation, and after the oldest the one that is written now."""
        chosen = self._draft.chosen
        place = self._archives.index(chosen.archive) if chosen.archive in self._archives else 0
        self._chooses(replace(chosen, archive=self._archives[(place + 1) % len(self._archives)]))

    def _chooses(self, chosen: Selection) -> None:
        self._drafts(replace(self._draft, chosen=chosen))

    def _drafts(self, draft: Draft) -> None:
        self._draft = draft
        for button, changes in self._choices:
            button.setChecked(changes(draft) == draft)
        for which, button in self._fields.items():
            button.say(self._words.text(f"staff.typed.{which}"), self._told_field(which))
            button.setChecked(draft.at is which)
        for question, button in self._questions.items():
            button.say(self._words.text(f"staff.question.{question}"), self._told(question))
        self._questions[Question.GENERATION].setEnabled(len(self._archives) > 1)
        # across there is no room for a field above the letters
        across = self._theme.landscape and draft.at is Typed.VOUCHER
        self.said.emit(self._told_field(Typed.VOUCHER) if across else "")

    # in words

    def _told(self, question: Question) -> str:
        """What is answered to a question."""
        words, chosen = self._words, self._draft.chosen
        match question:
            case Question.PERIOD | Question.AMOUNT:
                days = question is Question.PERIOD
                keys = ("staff.seen.from", "staff.seen.until") if days else ("staff.seen.least", "staff.seen.most")
                parts = [
                    words.text(key, **{"day" if days else "sum": self._told_field(which)})
                    for key, which in zip(keys, FIELDS[question], strict=True)
                    if self._draft.said(which)
                ]
                return " · ".join(parts) or words.text("staff.period.any" if days else "staff.amount.any")
            case Question.KIND:
                return told_kind(chosen, words) or words.text("staff.any_kind")
            case Question.MATERIAL:
                return words.text("staff.any_material" if chosen.material is None else f"material.{chosen.material}")
            case Question.VISIT | Question.VOUCHER:
                return self._told_field(*FIELDS[question])
            case Question.GENERATION:
                return told_archive(chosen.archive, words)

    def _told_field(self, which: Typed) -> str:
        """What was typed there, as it will be understood."""
        text = self._draft.said(which)
        match which:
            case _ if not text:
                return "–"
            case Typed.FIRST | Typed.LAST:
                return "/".join(text[place : place + 2] for place in range(0, len(text), 2))
            case Typed.LEAST | Typed.MOST:
                return self._words.amount(Cents(int(text)))
            case Typed.VISIT | Typed.VOUCHER:
                return grouped(text) if len(text) == CODE_LETTERS else text[-SHOWN:]

    # how it is made

    def _all(self) -> QWidget:
        """All questions."""
        page = QWidget(self)
        grid = self._grid(page)
        across = (3 if self._theme.compact else 4) if self._theme.landscape else 2
        for place, question in enumerate(Question):
            button = Button(
                page,
                self._theme,
                self._words.text(f"staff.question.{question}"),
                name="older" if question is Question.GENERATION else f"question.{question}",
                form=Arrangement.CHOICE,
                step=Type.BODY,
                note=" ",
            )
            button.clicked.connect(
                self._older if question is Question.GENERATION else lambda _=False, question=question: self.asks(question)
            )
            self._questions[question] = button
            grid.addWidget(button, place // across, place % across)
        nothing = self._does(
            page, "anything", "staff.anything", lambda: self._drafts(drafted(Selection(archive=self._draft.chosen.archive)))
        )
        apply = self._apply(page)
        rows = -(-len(Question) // across)
        if self._theme.compact:
            for place, button in enumerate((nothing, apply), len(Question)):
                grid.addWidget(button, place // across, place % across)
            self._even(grid, rows, across)
            return page
        grid.addWidget(nothing, len(Question) // across, len(Question) % across, 1, across - len(Question) % across)
        grid.addWidget(apply, rows, 0, 1, across)
        self._even(grid, rows + 1, across)
        return page

    def _period(self, page: QWidget) -> None:
        quick = [
            self._choice(page, f"period.{name}", f"staff.period.{name}", partial(self._of_days, days)) for name, days in PERIODS.items()
        ]
        self._keys(page, quick, FIELDS[Question.PERIOD])

    def _of_days(self, days: int | None, draft: Draft) -> Draft:
        if days is None or self._today is None:
            return between_days(draft, None, None)
        return between_days(draft, self._today - timedelta(days=days - 1), self._today)

    def _amount(self, page: QWidget) -> None:
        quick = [self._choice(page, f"amount.{name}", f"staff.amount.{name}", partial(_of_sums, *sums)) for name, sums in AMOUNTS.items()]
        self._keys(page, quick, FIELDS[Question.AMOUNT])

    def _visit(self, page: QWidget) -> None:
        self._keys(page, (), FIELDS[Question.VISIT])

    def _keys(self, page: QWidget, quick: Sequence[Button], fields: Iterable[Typed]) -> None:
        """Ready answers, what is typed, and the ten digits."""
        typed = [self._field(page, which) for which in fields]
        digits = [self._key(page, digit, f"digit.{digit}") for digit in "0123456789"]
        erase = self._does(page, "erase", "staff.erase", self.erases, icon="arrow-left", form=Arrangement.ICON)
        ends = self._ends(page, Arrangement.ICON if self._theme.bigger else Arrangement.ROW)
        rows: tuple[Sequence[QWidget], ...]
        if self._theme.compact:
            rows = (*((quick,) if quick else ()), typed, (*digits[:5], erase), (*digits[5:], *ends))
        elif self._theme.bigger:
            rows = (*((quick[:2], quick[2:]) if quick else ()), typed, digits[:5], digits[5:], (erase, *ends))
        elif self._theme.landscape:
            rows = ((*quick, *typed), (*digits[:5], erase), digits[5:], ends)
        else:
            rows = (*((quick,) if quick else ()), typed, digits[:5], digits[5:], (erase, *ends))
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.gap)
        if not self._theme.landscape:
            # keys within reach
            column.addStretch(1)
        for buttons in rows:
            line = QGridLayout()
            line.setSpacing(self._theme.gap)
            for place, button in enumerate(buttons):
                line.addWidget(button, 0, place)
                line.setColumnStretch(place, 1)
            column.addLayout(line)

    def _kind(self, page: QWidget) -> None:
        """Each kind of entry, the states of vouchers, and what fell uncounted: one of them at a time."""
        grid = self._grid(page)
        anything: list[tuple[str, str, Selection]] = [("kind.any", "staff.any_kind", Selection())]
        anything += [(f"state.{state}", f"staff.state.{state}", Selection(state=state)) for state in VoucherState]
        anything += [("uncounted", "staff.tile.uncounted", Selection(uncounted=True))]
        anything += [(f"kind.{kind}", f"kind.{kind}", Selection(kind=kind)) for kind in Kind]
        buttons = [self._choice(page, name, key, partial(_of_kind, only)) for name, key, only in anything]
        across = 7 if self._theme.landscape else 4
        if self._theme.bigger:
            self._kinds_turned(page, grid, buttons)
            return
        for place, button in enumerate((*buttons, *self._ends(page))):
            grid.addWidget(button, place // across, place % across)
        self._even(grid, -(-(len(buttons) + 2) // across), across)

    def _kinds_turned(self, page: QWidget, grid: QGridLayout, buttons: Sequence[Button]) -> None:
        """Large text: so many at a time as have room."""
        across, deep = (3, 3) if self._theme.landscape else (2, 8)
        turns = [self._does(page, name, f"staff.{name}", _only_turns) for name in ("page_up", "page_down")]
        for place, button in enumerate(buttons):
            there = place % (across * deep)
            grid.addWidget(button, there // across, there % across)
        below = QGridLayout()
        below.setSpacing(self._theme.gap)
        for place, button in enumerate((*turns, *self._ends(page, Arrangement.ICON))):
            below.addWidget(button, 0, place)
            below.setColumnStretch(place, 1)
        grid.addLayout(below, deep, 0, 1, across)
        self._turning = Turning(buttons, across * deep, *turns)
        self._even(grid, deep, across)

    def _material(self, page: QWidget) -> None:
        grid = self._grid(page)
        for place, material in enumerate((None, *Material)):
            key = "staff.any_material" if material is None else f"material.{material}"
            button = self._choice(page, f"material.{material or 'any'}", key, partial(_of_material, material))
            grid.addWidget(button, place, 0, 1, 2)
        for place, button in enumerate(self._ends(page)):
            grid.addWidget(button, len(Material) + 1, place)
        self._even(grid, len(Material) + 2, 2)

    def _voucher(self, page: QWidget) -> None:
        """The letters of a code, and what was typed above them."""
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.gap)
        if not self._theme.landscape:
            column.addWidget(self._field(page, Typed.VOUCHER))
            column.addStretch(1)
        grid = QGridLayout()
        grid.setSpacing(self._theme.gap)
        erase = self._does(page, "erase", "staff.erase", self.erases, icon="arrow-left", form=Arrangement.ICON)
        back, apply = self._ends(page, form=Arrangement.ICON)
        keys: list[QWidget] = [*(self._key(page, letter, f"letter.{letter}") for letter in LETTERS), erase, back, apply]
        across = 9 if self._theme.landscape else 7
        for place, key in enumerate(keys):
            grid.addWidget(key, place // across, place % across)
        self._even(grid, 0, across)
        column.addLayout(grid)

    def _grid(self, page: QWidget) -> QGridLayout:
        """All of the page where height is short or text is large; else as high as its buttons need, within reach."""
        column, grid = QVBoxLayout(page), QGridLayout()
        column.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(self._theme.gap)
        fills = self._theme.landscape or self._theme.bigger
        if not fills:
            column.addStretch(1)
        column.addLayout(grid, 1 if fills else 0)
        return grid

    @staticmethod
    def _even(grid: QGridLayout, rows: int, across: int) -> None:
        for row in range(rows):
            grid.setRowStretch(row, 1)
        for place in range(across):
            grid.setColumnStretch(place, 1)

    def _ends(self, page: QWidget, form: Arrangement = Arrangement.ROW) -> tuple[Button, Button]:
        back = self._does(page, "back", "staff.questions", lambda: self.asks(None), icon="undo-2", form=form)
        return back, self._apply(page, form)

    def _apply(self, page: QWidget, form: Arrangement = Arrangement.ROW) -> Button:
        return self._does(page, "apply", "staff.apply", self.looks, icon="check", form=form, look=Weight.MAIN)

    def _does(
        self,
        page: QWidget,
        name: str,
        key: str,
        does: Callable[[], object],
        *,
        icon: str = "",
        form: Arrangement = Arrangement.ROW,
        look: Weight = Weight.PLAIN,
    ) -> Button:
        shown = icon if form is Arrangement.ICON or not self._theme.landscape else ""
        button = Button(page, self._theme, self._words.text(key), name=name, icon=shown, form=form, step=Type.NOTE, look=look)
        button.clicked.connect(does)
        return button

    def _key(self, page: QWidget, letter: str, name: str) -> Button:
        button = Button(page, self._theme, letter, name=name, step=Type.LEAD)
        button.clicked.connect(lambda: self.types(letter))
        return button

    def _field(self, page: QWidget, which: Typed) -> Button:
        button = Button(
            page,
            self._theme,
            self._words.text(f"staff.typed.{which}"),
            name=f"typed.{which}",
            form=Arrangement.CHOICE,
            step=Type.BODY,
            note=" ",
        )
        button.setCheckable(True)
        button.clicked.connect(lambda: self._drafts(replace(self._draft, at=which)))
        self._fields[which] = button
        return button

    def _choice(self, page: QWidget, name: str, key: str, changes: Callable[[Draft], Draft]) -> Button:
        """An answer that is ready. It is filled with ink while it would change nothing."""
        button = Button(page, self._theme, self._words.text(key), name=name, step=Type.NOTE)
        button.setCheckable(True)
        button.clicked.connect(lambda: self._drafts(changes(self._draft)))
        self._choices.append((button, changes))
        return button


def _only_turns() -> None:
    """What is turned over hears of it, too."""


def _of_sums(least: int | None, most: int | None, draft: Draft) -> Draft:
    return between_sums(draft, None if least is None else Cents(least), None if most is None else Cents(most))


def _of_kind(only: Selection, draft: Draft) -> Draft:
    return replace(draft, chosen=replace(draft.chosen, kind=only.kind, state=only.state, uncounted=only.uncounted))


def _of_material(material: Material | None, draft: Draft) -> Draft:
    return replace(draft, chosen=replace(draft.chosen, material=material))


def told_kind(selection: Selection, words: Words) -> str:
    """Which entries are looked at, by kind or state; empty where it is all of them."""
    if selection.kind is not None:
        return words.text(f"kind.{selection.kind}")
    if selection.state is not None:
        return words.text(f"staff.state.{selection.state}")
    return words.text("staff.tile.uncounted") if selection.uncounted else ""


def told_archive(archive: str | None, words: Words) -> str:
    return words.text("staff.older") if archive is None else words.text("staff.older_archive", row=archive.split("-")[1])
