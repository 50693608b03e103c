"""The vouchers' page: one is scanned or typed, its state stands large, and it is paid once, after it was asked whether the money was handed over."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kiosk.console.events import PayAsked, PayNotSure, VoucherAsked, VoucherPrintAsked
from kiosk.console.printing import UNDER_WAY, is_printable
from kiosk.console.roles import Deed
from kiosk.console.told import Presented
from kiosk.console.view import StaffView, WorkView
from kiosk.console.vouchers import is_payable
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Align, Text
from kiosk.screens.staff.entry import LINE_END
from kiosk.screens.staff.keys import keys_of
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.style.theme import Type
from kiosk.words.denials import tell_denial
from kiosk.words.errors import explain
from kiosk.words.paper import tell_on_paper, tell_printer
from ledger.vouchers import CODE_LETTERS, LETTERS, grouped

LONGEST = 600
"""Letters of a link."""


class Vouchers(StaffPage):
    def build(self) -> None:
        self._typed, self._sent = "", False
        self._presented = Presented()
        column = self.column()
        self.remark = Remark(self, self.theme, "ticket", step=Type.LEAD)
        self._layers = QStackedWidget(self)
        column.addWidget(self.remark)
        column.addWidget(self._layers, 1)
        self._layers.addWidget(self._pad())
        self._layers.addWidget(self._state())

    def _pad(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        grid = keys_of(page, self.theme, self.words, LETTERS, 9 if self.theme.landscape else 7, self._key)
        if not self.theme.landscape:
            column.addStretch(1)
        column.addLayout(grid)
        return page

    def _state(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap)
        self.state = Text(page, self.theme, Type.TITLE, align=Align.CENTRE)
        self.facts = Text(page, self.theme, Type.BODY, align=Align.CENTRE)
        self.pay = self._does("pay", "staff.voucher.pay", Weight.MAIN)
        self.yes = self._does("yes", "staff.voucher.yes", Weight.MAIN)
        self.no = self._does("no", "staff.voucher.no", Weight.PLAIN)
        self.print_ = self._does("print", "staff.print.voucher", Weight.PLAIN)
        self.print_.clicked.connect(lambda: self.asked.emit(VoucherPrintAsked()))
        self.following = self._does("next", "staff.voucher.next", Weight.PLAIN)
        self.pay.clicked.connect(lambda: self.asked.emit(PayAsked(sure=False)))
        self.yes.clicked.connect(lambda: self.asked.emit(PayAsked(sure=True)))
        self.no.clicked.connect(lambda: self.asked.emit(PayNotSure()))
        self.following.clicked.connect(self._next)
        column.addStretch(1)
        for part in (self.state, self.facts):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(self.row((self.following, self.print_, self.no, self.pay, self.yes)))
        return page

    def _does(self, name: str, key: str, look: Weight) -> Button:
        return self.button(self.words.text(key, sum="") if name == "pay" else self.words.text(key), name, look=look)

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView):
            return
        here, words = work.presented, self.words
        if here != self._presented and (here.found is not None or here.refused is not None):
            self._typed = ""
        self._presented = here
        failing = "" if work.failing is None else tell_denial(work.failing, words)
        stands = here.found is not None or here.refused is not None
        self._layers.setCurrentIndex(1 if stands else 0)
        typed = grouped(self._typed) if len(self._typed) == CODE_LETTERS else self._typed
        self.remark.say(failing or ("" if stands else typed[-40:] or words.text("staff.voucher.type")))
        amount = words.amount(here.found.amount) if here.found is not None else ""
        self.state.say(self._told(here, amount))
        told = (
            tell_on_paper(work.on_paper, words)
            if work.on_paper is not None and here.found is not None and work.on_paper.code == here.found.code
            else ""
        )
        printable, printer = is_printable(here) and Deed.PRINT in work.deeds, view.machine.printer
        if printable and printer is not None and not printer.prints:
            # why it cannot be printed
            told = told or tell_printer(printer, words)
        self.facts.say(LINE_END.join(part for part in (self._facts(here), told) if part))
        payable = is_payable(here) and Deed.PAY in work.deeds
        self.pay.say(words.text("staff.voucher.pay" if here.refused is None else "staff.voucher.pay_two", sum=amount))
        self.pay.setVisible(payable and not here.sure)
        for button in (self.yes, self.no):
            button.setVisible(payable and here.sure)
        busy = work.on_paper is not None and work.on_paper.stage in UNDER_WAY
        self.print_.setVisible(printable and printer is not None and printer.prints and not busy)
        self.following.setVisible(not here.sure and not here.paying)

    def _told(self, here: Presented, amount: str) -> str:
        words = self.words
        if here.payment is not None:
            return words.text("staff.voucher.paid", sum=words.amount(here.payment.amount), row=here.payment.row)
        if here.paying:
            return words.text("moment")
        if here.refused is not None and not here.sure:
            return explain(here.refused.error(), words)
        return words.text("staff.voucher.sure" if here.sure else "staff.voucher.payable", sum=amount) if here.found is not None else ""

    def _facts(self, here: Presented) -> str:
        if here.found is None:
            return ""
        found, words = here.found, self.words
        return words.text(
            "staff.voucher.facts", code=grouped(found.code), visit=found.visit or "–", valid_until=words.day(found.valid_until)
        )

    def _key(self, key: str) -> None:
        match key:
            case "erase":
                self.erases()
            case "search":
                self.enters()
            case _:
                self.types(key)

    def _next(self) -> None:
        """At once: the letters of a scan come faster than any answer."""
        self._typed, self._presented = "", Presented()
        self._layers.setCurrentIndex(0)
        self.asked.emit(VoucherAsked(""))

    def types(self, letters: str) -> bool:
        """A scan begins the next voucher, unless it is being asked whether the money was handed over."""
        if self._presented.sure or self._presented.paying:
            return True
        if self._layers.currentIndex() == 1:
            self._next()
        if self._sent:
            # the scan before was asked about, whatever came of it
            self._typed, self._sent = "", False
        self._typed = (self._typed + letters)[:LONGEST]
        self.remark.say(grouped(self._typed) if len(self._typed) == CODE_LETTERS else self._typed[-40:])
        return True

    def erases(self) -> bool:
        self._typed, self._sent = self._typed[:-1], False
        self.remark.say(self._typed[-40:] or self.words.text("staff.voucher.type"))
        return True

    def enters(self) -> bool:
        """Never pays: a scanner ends each scan with it."""
        if self._typed.strip():
            self._sent = True
            self.asked.emit(VoucherAsked(self._typed.strip()))
        return True

    def main(self) -> Button | None:
        return self.findChild(Button, f"letter.{LETTERS[0]}")
