"""The page on which a visitor is helped: a number or a code is typed, the visit stands with its items, a refusal is explained, a sum is claimed, a code is shown.

Which layer stands, the console's state says; what is being typed stands here and nowhere else.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from kiosk.console.events import (
    ClaimAnswered,
    ClaimAsked,
    ContestJudged,
    DeedAsked,
    GrantAsked,
    HelpSought,
    ItemPicked,
    LeaveAsked,
    NotNow,
    RefusalPrintAsked,
    ShowAsked,
    VisitPicked,
    VoucherAsked,
    VoucherPrintAsked,
)
from kiosk.console.helping import VISIT_DIGITS, grantable, opened
from kiosk.console.printing import UNDER_WAY, is_in_hand
from kiosk.console.roles import Deed
from kiosk.console.states import NOBODY, Helping
from kiosk.console.told import OnPaper, Outcome, Seen
from kiosk.console.view import MachineView, StaffView, WorkView
from kiosk.deposit.halts import Halt
from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.steps import Step, Steps
from kiosk.screens.parts.text import Align, Text
from kiosk.screens.parts.ticket import Ticket, grouped
from kiosk.screens.staff.entry import LINE_END
from kiosk.screens.staff.keys import DIGITS, keys_of
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.staff.told_visit import day_of, explained, number_of, row_of, state_of, time_of, title_of
from kiosk.screens.style.theme import Type
from kiosk.visit_reading import Refusing
from kiosk.words.aloud import spelled
from kiosk.words.denials import tell_denial
from kiosk.words.errors import explain
from kiosk.words.obstacles import tell_obstacle
from kiosk.words.paper import tell_on_paper, tell_printer
from ledger.vocabulary import GrantRefused

HALT_LETTERS = "".join(sorted({halt.code[0] for halt in Halt}))

ROWS, ROWS_ACROSS = 6, 4
"""Items that have room at once; across they stand in two columns."""

ROWS_BIGGER, ROWS_BIGGER_ACROSS = 4, 1
"""The same in large text, in one column."""

VISITS = 5
"""With the same number, the newest: whoever comes for an older one says its day to the ledger's page."""

STEPS = (("door_open", "staff.jam.open"), ("stuck", "staff.jam.take"), ("door_shut", "staff.jam.shut"))


class Help(StaffPage):
    def build(self) -> None:
        self._typed = ""
        self._here, self._machine, self._deeds = NOBODY, MachineView(None, Seen()), frozenset[Deed]()
        self._on_paper: OnPaper | None = None
        self._first = 0
        column = self.column()
        self.remark = Remark(self, self.theme, "info", step=Type.BODY if self.theme.landscape else Type.LEAD)
        self._layers = QStackedWidget(self)
        column.addWidget(self.remark)
        column.addWidget(self._layers, 1)
        self._pad, self._which, self._visit, self._refusal, self._ask, self._sure, self._glass, self._code = (
            self._layer(fill)
            for fill in (
                self._fill_pad,
                self._fill_which,
                self._fill_visit,
                self._fill_refusal,
                self._fill_ask,
                self._fill_sure,
                self._fill_glass,
                self._fill_code,
            )
        )

    def _layer(self, fill: Callable[[QWidget, QVBoxLayout], None]) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap)
        fill(page, column)
        self._layers.addWidget(page)
        return page

    def _does(self, page: QWidget, name: str, key: str, does: Callable[[], object], look: Weight = Weight.PLAIN, icon: str = "") -> Button:
        words = self.words.text(key) if key else ""
        button = Button(page, self.theme, words, name=name, look=look, icon="" if self.theme.landscape else icon)
        button.clicked.connect(does)
        return button

    def _back(self, page: QWidget, name: str = "back") -> Button:
        return self._does(page, name, "staff.help.back", lambda: self.asked.emit(NotNow()), icon="undo-2")

    def _fill_pad(self, page: QWidget, column: QVBoxLayout) -> None:
        self.resume = self._does(page, "resume", "staff.help.resume", lambda: self.asked.emit(LeaveAsked()), icon="play")
        self.jam = self._does(page, "jam", "staff.help.jam", lambda: self.asked.emit(HelpSought(Halt.JAM.code)), icon="wrench")
        if not self.theme.landscape:
            column.addStretch(1)
        across = 7 if self.theme.landscape else 5
        column.addLayout(keys_of(page, self.theme, self.words, (*DIGITS, *HALT_LETTERS), across, self._key))
        column.addLayout(self.row((self.jam, self.resume)))
        if self.theme.landscape:
            column.addStretch(1)

    def _fill_which(self, page: QWidget, column: QVBoxLayout) -> None:
        column.addStretch(1)
        grid = QGridLayout()
        grid.setSpacing(self.theme.gap)
        across = 2 if self.theme.landscape else 1
        self.days = []
        for place in range(VISITS):
            day = Button(page, self.theme, "", name=f"visit.{place}")
            day.clicked.connect(lambda _=False, place=place: self._picks(place))
            grid.addWidget(day, place // across, place % across)
            self.days.append(day)
        column.addLayout(grid)
        column.addWidget(self._another(page))

    def _another(self, page: QWidget) -> Button:
        return self._does(page, "another", "staff.help.another", self._next, icon="undo-2")

    def _fill_visit(self, page: QWidget, column: QVBoxLayout) -> None:
        self.state = Text(page, self.theme, Type.NOTE if self.theme.landscape else Type.LEAD)
        column.addWidget(self.state)
        self.rows = []
        rows = self._per_page()
        line = None
        for place in range(rows):
            row = Button(page, self.theme, "", name=f"item.{place}", form=Arrangement.CHOICE, step=Type.BODY, note=" ")
            row.clicked.connect(lambda _=False, place=place: self._opens(place))
            self.rows.append(row)
            if self.theme.landscape and not self.theme.bigger and place % 2 == 0:
                line = self.row()
                column.addLayout(line)
            (line or column).addWidget(row, 1 if line is not None else 0)
        column.addStretch(1)
        step = self._per_page()
        self.earlier = self._does(page, "page_up", "staff.page_up", lambda: self._turns(-step))
        self.later = self._does(page, "page_down", "staff.page_down", lambda: self._turns(step))
        self.grant = self._does(page, "grant", "", self._grants)
        self.claim = self._does(page, "claim", "staff.help.claim", lambda: self.asked.emit(ClaimAsked()), Weight.MAIN)
        self.show_code = self._does(page, "show", "staff.help.show", lambda: self.asked.emit(ShowAsked(shown=True)), Weight.OTHER)
        self.pay = self._does(page, "pay", "", self._pays, Weight.MAIN)
        # across, six buttons leave no room for its word
        form = Arrangement.ICON if self.theme.landscape else Arrangement.ROW
        self.print_ = Button(page, self.theme, self.words.text("print.ask"), name="print", icon="printer", form=form)
        self.print_.clicked.connect(lambda: self.asked.emit(VoucherPrintAsked()))
        if self.theme.landscape:
            column.addLayout(
                self.row((self._another(page), self.earlier, self.later, self.grant, self.claim, self.show_code, self.print_, self.pay))
            )
        else:
            column.addLayout(self.row((self.earlier, self.later)))
            column.addLayout(self.row((self._another(page), self.grant)))
            column.addLayout(self.row((self.claim, self.show_code, self.print_)))
            column.addWidget(self.pay)

    def _fill_refusal(self, page: QWidget, column: QVBoxLayout) -> None:
        self.why = Text(page, self.theme, Type.BODY if self.theme.landscape else Type.LEAD)
        column.addWidget(self.why)
        column.addStretch(1)
        self.upheld = self._does(page, "upheld", "staff.help.upheld", lambda: self.asked.emit(ContestJudged(Outcome.UPHELD)))
        self.wrong = self._does(page, "wrong", "staff.help.wrong", lambda: self.asked.emit(ContestJudged(Outcome.WRONG)))
        self.grant_refused = self._does(page, "grant_refused", "staff.help.grant_refused", self._grants_refused, Weight.MAIN)
        self.print_why = Button(page, self.theme, self.words.text("print.ask"), name="print_why", icon="printer", form=Arrangement.ICON)
        self.print_why.clicked.connect(lambda: self.asked.emit(RefusalPrintAsked()))
        column.addLayout(self.row((self._back(page), self.upheld, self.wrong, self.grant_refused, self.print_why)))

    def _fill_ask(self, page: QWidget, column: QVBoxLayout) -> None:
        self.question = Text(page, self.theme, Type.BODY if self.theme.landscape else Type.TITLE, self.words.text("staff.help.ask"))
        self.answer = Text(page, self.theme, Type.LEAD if self.theme.landscape else Type.TITLE, align=Align.CENTRE)
        column.addWidget(self.question)
        column.addStretch(1)
        column.addWidget(self.answer)
        across = 6 if self.theme.landscape else 3
        keys = keys_of(page, self.theme, self.words, DIGITS, across, self._key, name="digit", ends="staff.help.compare")
        column.addLayout(keys)
        column.addWidget(self._back(page))

    def _fill_sure(self, page: QWidget, column: QVBoxLayout) -> None:
        self.sure = Text(page, self.theme, Type.TITLE, align=Align.CENTRE)
        column.addStretch(1)
        column.addWidget(self.sure)
        column.addStretch(1)
        self.no = self._does(page, "no", "staff.help.no", lambda: self.asked.emit(NotNow()))
        self.yes = self._does(page, "yes", "staff.help.yes", self._is_sure, Weight.MAIN)
        column.addLayout(self.row((self.no, self.yes)))

    def _fill_glass(self, page: QWidget, column: QVBoxLayout) -> None:
        self.sum = Text(page, self.theme, Type.BODY if self.theme.landscape else Type.TITLE, align=Align.CENTRE, shrink=True)
        self.ticket = Ticket(page, self.theme, lines=0 if self.theme.landscape else 1)
        self.letters = Text(page, self.theme, Type.BODY, align=Align.CENTRE) if self.theme.landscape else None
        away = self._does(page, "away", "staff.help.back", lambda: self.asked.emit(ShowAsked(shown=False)), icon="undo-2")
        if self.letters is None:
            column.addWidget(self.sum)
            column.addWidget(self.ticket, 1)
            column.addWidget(away)
            return
        beside = self.row()
        beside.addWidget(self.ticket, 1)
        said = self.column(into=beside)
        said.addStretch(1)
        said.addWidget(self.sum)
        said.addWidget(self.letters)
        said.addStretch(1)
        said.addWidget(away)
        beside.addLayout(said, 1)
        column.addLayout(beside)

    def _fill_code(self, page: QWidget, column: QVBoxLayout) -> None:
        self.halt = Text(page, self.theme, Type.BODY if self.theme.landscape else Type.LEAD)
        self.steps = Steps(page, self.theme, [Step(picture, self.words.text(key)) for picture, key in STEPS])
        column.addWidget(self.halt)
        column.addStretch(1)
        column.addWidget(self.steps, 2)
        column.addStretch(1)
        column.addWidget(self._another(page))

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        before, here = self._here, work.helping
        if before != here:
            self._typed = ""
        if (before.visit is None) is not (here.visit is None) or before.typed != here.typed:
            self._first = 0
        self._here, self._machine, self._deeds, self._on_paper = here, view.machine, frozenset(work.deeds), work.on_paper
        failing = "" if work.failing is None else tell_denial(work.failing, self.words)
        self._layers.setCurrentWidget(self._stands())
        self._draw(failing)

    def _stands(self) -> QWidget:
        here = self._here
        if here.halt is not None:
            return self._code
        if here.visit is None:
            return self._which if here.visits and len(here.visits) > 1 else self._pad
        if here.shown and here.voucher is not None:
            return self._glass
        if here.granting:
            return self._sure
        if here.asking:
            return self._ask
        return self._refusal if opened(here) is not None else self._visit

    def _draw(self, failing: str) -> None:
        here = self._here
        stands = self._layers.currentWidget()
        if stands is self._pad:
            self._draw_pad(failing)
        elif stands is self._which:
            self.remark.say(failing or self.words.text("staff.help.which", number=here.typed))
            for place, day in enumerate(self.days):
                there = here.visits is not None and place < len(here.visits)
                day.setVisible(there)
                if there and here.visits is not None:
                    day.say(self.words.weekday(day_of(here.visits[place])))
        elif stands is self._code:
            self._draw_code(failing)
        else:
            self._draw_visit(failing)

    def _draw_pad(self, failing: str) -> None:
        here, words = self._here, self.words
        typed = here.typed if here.visits == () else ""
        is_number = len(typed) == VISIT_DIGITS and typed.isdecimal()
        nothing = words.text("staff.help.no_visit", number=typed) if is_number else words.text("staff.help.no_code", typed=typed)
        if is_number and here.missing is not None:
            key = "staff.help.not_here.brief" if self.theme.compact else "staff.help.not_here"
            nothing = words.text(key, number=typed, archive=here.missing)
        waits = words.text("staff.looking") if here.typed and here.visits is None else ""
        under_way = self._machine.visit
        going = "" if under_way is None else words.text("staff.help.under_way", number=number_of(under_way))
        said = nothing if typed else waits or " ".join(part for part in (going, words.text("staff.help.type")) if part)
        self.remark.say(self._typed or failing or said)
        self.resume.setVisible(under_way is not None)

    def _draw_code(self, failing: str) -> None:
        halt, words, why = self._here.halt, self.words, self._machine.why
        if halt is None:
            return
        self.remark.say(failing or words.text("staff.help.code", code=halt.code, halt=words.text(f"halt.{halt}")))
        stands = why is not None and why.halt is halt
        fact = tell_obstacle(why, words) if why is not None and stands else ""
        self.steps.setVisible(halt is Halt.JAM)
        if halt is Halt.JAM:
            self.halt.say(self._told_of_jam(fact, stands=stands))
        else:
            self.halt.say(words.text("staff.help.code_now", fact=fact) if stands else words.text("staff.help.code_over"))

    def _told_of_jam(self, fact: str, *, stands: bool) -> str:
        words = self.words
        if self._machine.seen.door_open:
            return words.text("staff.jam.opened")
        if not stands:
            return words.text("staff.jam.none")
        return words.text("staff.jam.tries") if self._machine.attended else words.text("staff.jam.begin", fact=fact)

    def _draw_visit(self, failing: str) -> None:
        here, words, seen = self._here, self.words, self._here.visit
        if seen is None:
            return
        glass = self._layers.currentWidget() is self._glass
        self.remark.say("" if glass else failing or self._told(here) or title_of(seen, words))
        self.state.say(LINE_END.join((*state_of(here, words), *(() if seen.items else (words.text("staff.help.nothing"),)))))
        for place, row in enumerate(self.rows):
            number = self._first + place
            there = number < len(seen.items)
            row.setVisible(there)
            if there:
                item = seen.items[number]
                row.say(*row_of(number + 1, item, words))
                row.setEnabled(isinstance(item, Refusing))
        self.earlier.setVisible(self._first > 0)
        self.later.setVisible(self._first + len(self.rows) < len(seen.items))
        lost = grantable(seen)
        amount = words.amount(type(seen.record.cents)(sum(bottle.amount for bottle in seen.lost if bottle.name in lost)))
        self.grant.say(words.text("staff.help.grant", sum=amount))
        self.grant.setVisible(bool(lost) and Deed.GRANT in self._deeds)
        self.claim.setVisible(here.conceals and Deed.CLAIM in self._deeds)
        self.show_code.setVisible(here.voucher is not None)
        self.pay.setVisible(here.voucher is not None and Deed.PAY in self._deeds)
        self.print_.setVisible(self._prints())
        if here.voucher is not None:
            owed = words.amount(here.voucher.amount)
            self.pay.say(words.text("staff.voucher.pay", sum=owed))
            demonstration = here.voucher.demonstration
            self.sum.say(words.text("staff.help.shown_demonstration" if demonstration else "staff.help.shown", sum=owed))
            if self.letters is not None:
                self.letters.say(grouped(here.voucher.code, 2))
            self.ticket.show_ticket(here.voucher.link, here.voucher.code, words.text("voucher.code", code=spelled(here.voucher.code)))
        self._draw_refusal(here)
        self._draw_question(here, amount)

    def _draw_refusal(self, here: Helping) -> None:
        words, refusing = self.words, opened(here)
        if refusing is None:
            return
        title = words.text("staff.help.refused", n=refusing.n, time=time_of(refusing.at, words))
        # across and in large letters a line each is more than there is room for
        apart = " " if self.theme.landscape and self.theme.bigger else LINE_END
        self.why.say(LINE_END.join((title, apart.join(explained(refusing, words)))))
        for button, outcome in ((self.upheld, Outcome.UPHELD), (self.wrong, Outcome.WRONG)):
            button.setVisible(Deed.CONTEST in self._deeds and not refusing.granted and refusing.outcome != outcome)
        busy = self._on_paper is not None and self._on_paper.stage in UNDER_WAY
        self.print_why.setVisible(
            Deed.PRINT in self._deeds and self._machine.printer is not None and self._machine.printer.prints and not busy
        )
        wrong = refusing.outcome == Outcome.WRONG and not refusing.granted
        self.grant_refused.setVisible(wrong and Deed.GRANT in self._deeds)

    def _draw_question(self, here: Helping, amount: str) -> None:
        words = self.words
        self.answer.say(words.text("moment") if here.writing else words.text("staff.help.answer", typed=self._typed or "–"))
        self.sure.say(
            words.text("moment") if here.writing else words.plural("staff.help.sure", len(here.granting), sum=self._granted_sum())
        )
        for button in (self.yes, self.no):
            button.setVisible(not here.writing)

    def _granted_sum(self) -> str:
        here, seen = self._here, self._here.visit
        if seen is None:
            return ""
        worth = {bottle.name: bottle.amount for bottle in seen.lost} | {it.bottle: it.worth for it in seen.refused}
        return self.words.amount(type(seen.record.cents)(sum(worth.get(name, 0) for name in here.granting)))

    def _told(self, here: Helping) -> str:
        """What became of what was asked last."""
        words = self.words
        if here.ungranted is not None:
            return explain(GrantRefused(here.ungranted), words)
        if here.refused is not None:
            return explain(here.refused.error(), words)
        if here.misfit:
            return words.text("staff.help.misfit")
        if opened(here) is not None and self._on_paper is not None and self._on_paper.code is None:
            return tell_on_paper(self._on_paper, words)
        if here.voucher is not None and not here.granting and opened(here) is None:
            printer, on_paper = self._machine.printer, self._on_paper
            if on_paper is not None and on_paper.code == here.voucher.code:
                return tell_on_paper(on_paper, words)
            amount = words.amount(here.voucher.amount)
            told = words.text("staff.help.granted" if here.voucher.cause == "granted" else "staff.help.fits", sum=amount)
            # why there is nothing to print with, where there is a printer
            stands = tell_printer(printer, words) if printer is not None and not printer.prints and Deed.PRINT in self._deeds else ""
            return " ".join(part for part in (told, stands) if part)
        return ""

    def _prints(self) -> bool:
        printer, on_paper = self._machine.printer, self._on_paper
        busy = on_paper is not None and on_paper.stage in UNDER_WAY
        return is_in_hand(self._here) and Deed.PRINT in self._deeds and printer is not None and printer.prints and not busy

    def _per_page(self) -> int:
        if self.theme.bigger:
            return ROWS_BIGGER_ACROSS if self.theme.landscape else ROWS_BIGGER
        return ROWS_ACROSS if self.theme.landscape else ROWS

    def _turns(self, by: int) -> None:
        self._first = max(0, self._first + by)
        self._draw_visit("")

    def _opens(self, place: int) -> None:
        seen = self._here.visit
        item = seen.items[self._first + place] if seen is not None and self._first + place < len(seen.items) else None
        if isinstance(item, Refusing):
            self.asked.emit(ItemPicked(item.n))

    def _picks(self, place: int) -> None:
        if self._here.visits is not None:
            self.asked.emit(VisitPicked(self._here.visits[place]))

    def _grants(self) -> None:
        if self._here.visit is not None:
            self.asked.emit(GrantAsked(grantable(self._here.visit), sure=False))

    def _grants_refused(self) -> None:
        refusing = opened(self._here)
        if refusing is not None:
            self.asked.emit(GrantAsked((refusing.bottle,), sure=False))

    def _is_sure(self) -> None:
        self.asked.emit(GrantAsked(self._here.granting, sure=True))

    def _pays(self) -> None:
        """Where vouchers are paid."""
        voucher = self._here.voucher
        if voucher is not None:
            self.asked.emit(DeedAsked(Deed.VOUCHERS))
            self.asked.emit(VoucherAsked(voucher.code))

    def _next(self) -> None:
        self._typed = ""
        self.asked.emit(HelpSought(""))

    def _key(self, key: str) -> None:
        match key:
            case "erase":
                self.erases()
            case "search":
                self.enters()
            case _:
                self.types(key)

    def types(self, letters: str) -> bool:
        stands = self._layers.currentWidget()
        if stands not in (self._pad, self._ask) or self._here.writing:
            return False
        # a letter that begins no code stands too: without it another code would be meant
        typed = "".join(
            letter for letter in letters.upper() if letter in DIGITS or (stands is self._pad and letter.isascii() and letter.isalpha())
        )
        self._typed = (self._typed + typed)[:VISIT_DIGITS]
        self._draw("")
        return bool(typed)

    def erases(self) -> bool:
        erased = bool(self._typed)
        self._typed = self._typed[:-1]
        self._draw("")
        return erased

    def enters(self) -> bool:
        """Never credits nor pays: a scanner ends each scan with it."""
        typed, self._typed = self._typed, ""
        if typed and self._layers.currentWidget() is self._pad:
            self.asked.emit(HelpSought(typed))
        elif typed and self._layers.currentWidget() is self._ask:
            self.asked.emit(ClaimAnswered(int(typed)))
        return True

    def main(self) -> Button | None:
        return self.findChild(Button, f"letter.{DIGITS[0]}")
