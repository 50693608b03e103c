"""The page of the voucher, for who has a phone and who has none: its code to take away as a picture, and the visit number for the desk.

The instruction stands as long as the code does. Across, the sum stands in the top row (``chrome.TopBar``), so that the code is as large as the page is high.
"""

from PySide6.QtWidgets import QHBoxLayout

from kiosk.deposit.events import Touch
from kiosk.deposit.states import Printing
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.desk import DeskNumber
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Text
from kiosk.screens.parts.ticket import COLUMN, Ticket, grouped
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page
from kiosk.words.aloud import spelled
from ledger.vocabulary import Voucher

ON_PAPER = (Printing.BUSY, Printing.DONE)


class ShowVoucher(Page):
    def build(self) -> None:
        theme, words, across = self.theme, self.words, self.theme.landscape
        self.title = Text(self, theme, Type.LEAD if theme.tight else Type.TITLE, align=self.align, shrink=True)
        self.how: Text | Remark = (
            Text(self, theme, Type.BODY) if across else Remark(self, theme, "" if theme.tight else "ticket", card=True)
        )
        # beside the words the letters leave the code its height; large text needs that height for itself, and leaves none beside.
        # Upright there is width to spare, and on a narrow panel no height for them below a code that is large enough
        self.ticket = Ticket(self, theme, lines=2 if theme.compact else 0 if across else COLUMN if theme.tight else 1)
        self.letters = Text(self, theme, Type.BODY)
        self.desk = DeskNumber(self, theme, "concierge-bell")
        tall = theme.target if across or theme.tight else theme.mm(26) if theme.bigger else theme.main
        self.done = Button(
            self,
            theme,
            words.text("voucher.done"),
            name="done",
            icon="" if theme.compact else "ticket",
            look=Weight.OTHER,
            step=Type.HEAD if theme.tight and not across else Type.TITLE,
            height=tall,
        )
        self.touches(self.done, Touch.DONE)
        step = Type.BODY if theme.tight else Type.LEAD
        self.print_ = Button(
            self, theme, words.text("print.ask"), name="print", icon="" if across or theme.bigger else "printer", step=step, height=tall
        )
        self.touches(self.print_, Touch.PRINT)
        below = QHBoxLayout()
        below.setSpacing(theme.gap)
        below.addWidget(self.print_, 4)
        below.addWidget(self.done, 5)
        if across:
            whole = QHBoxLayout(self)
            whole.setContentsMargins(0, 0, 0, 0)
            whole.setSpacing(theme.gap)
            column = self.column(into=whole)
            column.setSpacing(theme.mm(0.6))
            whole.addWidget(self.ticket)
            whole.addLayout(column, 1)
            self.title.hide()
            for widget in (self.letters, self.how, self.desk):
                column.addWidget(widget)
            column.addStretch(1)
        else:
            self.letters.hide()
            column = self.column()
            if theme.tight:
                column.setSpacing(theme.mm(1.2))
            column.addWidget(self.title)
            column.addWidget(self.ticket, 1)
            column.addWidget(self.how)
            column.addWidget(self.desk)
        column.addLayout(below)

    def show_view(self, view: ViewState) -> None:
        if view.voucher is None:
            return
        words, voucher, theme = self.words, view.voucher, self.theme
        if not theme.landscape:
            self.title.say(words.text("voucher.title", sum=words.amount(voucher.amount)))
        elif not theme.compact:
            self.letters.say(words.isolated(grouped(voucher.code)))
        self.ticket.show_ticket(voucher.link, voucher.code, words.text("voucher.code", code=spelled(voucher.code)))
        self.how.say(self._instruction(view, voucher))
        self.print_.setVisible(view.may_print)
        about = words.plural("note.uncounted", view.uncounted) if view.uncounted else words.text("voucher.no_phone")
        note, label, number = words.text("desk.number"), words.text("desk.visit"), view.visit_number or ""
        if theme.tight:
            self.desk.show_number(note, label, number, above=about)
        else:
            self.desk.show_number(f"{about} {note}", label, number)

    def main(self) -> Button:
        return self.done

    def make_room(self) -> None:
        if self.theme.landscape:
            self.ticket.setFixedWidth(self.ticket.breadth(self.height()))
        super().make_room()

    def _instruction(self, view: ViewState, voucher: Voucher) -> str:
        """With what there is to tell of a ticket, and what to do without one."""
        words, theme = self.words, self.theme
        day = words.day(voucher.valid_until, short=theme.landscape or theme.bigger)
        if theme.compact and view.uncounted:
            return self._shortly(view, voucher, day)
        if view.printing not in (None, Printing.OFFERED):
            then = words.text("print.show", date=day) if view.printing in ON_PAPER else words.text("print.photo")
            return f"{words.text(f'print.{view.printing}')} {words.text('voucher.demonstration') if voucher.demonstration else then}"
        if voucher.demonstration:
            return words.text("voucher.how.demonstration")
        return words.text("voucher.how", date=day)

    def _shortly(self, view: ViewState, voucher: Voucher, day: str) -> str:
        """Two lines: what was not counted leads to the desk anyhow, where the picture is shown, too."""
        words = self.words
        if voucher.demonstration:
            return words.text("voucher.demonstration")
        if view.printing in (None, Printing.OFFERED):
            return f"{words.text('print.photo')} {words.text('parting.until', date=day)}"
        then = words.text("parting.until", date=day) if view.printing in ON_PAPER else words.text("print.photo")
        return f"{words.text(f'print.{view.printing}')} {then}"
