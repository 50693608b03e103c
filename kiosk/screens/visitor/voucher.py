"""The page of the voucher: its code to take away as a picture, and the largest button to hide it from whoever comes next."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.text import Text
from kiosk.screens.parts.ticket import Ticket
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page


class ShowVoucher(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.title = Text(self, theme, Type.TITLE, align=self.align, shrink=True)
        self.how = Text(self, theme, Type.BODY, words.text("voucher.how"), align=self.align)
        self.ticket = Ticket(self, theme)
        self.until = Text(self, theme, Type.BODY, align=self.align, colour=theme.palette.soft)
        again = words.text("resume.go" if theme.compact else "voucher.again")
        self.again = Button(
            self, theme, again, name="again", icon="" if theme.compact else "plus", step=Type.BODY if theme.landscape else Type.LEAD
        )
        self.done = Button(
            self, theme, words.text("voucher.done"), name="done", icon="check", look=Weight.MAIN, step=Type.TITLE, height=theme.main
        )
        self.touches(self.again, Touch.AGAIN)
        self.touches(self.done, Touch.DONE)
        if theme.landscape:
            self._side_by_side()
        else:
            column = self.column()
            for widget, stretch in ((self.title, 0), (self.how, 0), (self.ticket, 1), (self.until, 0)):
                column.addWidget(widget, stretch)
            for button in (self.again, self.done):
                column.addWidget(button)

    def show_view(self, view: ViewState) -> None:
        if view.voucher is None:
            return
        words, voucher = self.words, view.voucher
        self.title.say(words.text("voucher.title", sum=words.amount(voucher.amount)))
        # the way to the desk, for what is missing in the sum, is worth more than how a code is read
        self.how.say(words.plural("note.uncounted", view.uncounted) if view.uncounted else words.text("voucher.how"))
        self.ticket.show_ticket(voucher.link, voucher.code, words.text("voucher.code", code=voucher.code))
        demonstration = words.text("voucher.demonstration") if voucher.demonstration else ""
        self.until.say(demonstration or words.text("voucher.until", date=words.day(voucher.valid_until, short=self.theme.compact)))

    def spare(self) -> tuple[QWidget, ...]:
        """The instruction goes last of all: without it the code is a pattern."""
        return (self.until,)

    def main(self) -> Button:
        return self.done

    def _side_by_side(self) -> None:
        first, second = self.split(0.38)
        first.addWidget(self.ticket, 1)
        for words in (self.title, self.how, self.until):
            second.addWidget(words)
        second.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(self.theme.gap)
        row.addWidget(self.again, 4)
        row.addWidget(self.done, 5)
        second.addLayout(row)
