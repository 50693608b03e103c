"""The page on which bottles are put in: the total in its ring, the card of the last item, and Finish. Checking and taken are its cards; what is not taken has a page of its own."""

from PySide6.QtWidgets import QWidget

from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.card import Card, Tone
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Text
from kiosk.screens.parts.total import RingWords, Total
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.item import full_of, possible_of, saying_of
from kiosk.screens.visitor.page import Page


class Feeding(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.shown: ViewState | None = None
        self.title = Text(self, theme, Type.TITLE, words.text("feed.title"), align=self.align, shrink=True)
        self.total = Total(self, theme, self.setting.clock, words.amount)
        self.card = Card(self, theme)
        self.full = Remark(self, theme, "package")
        self.possible = Remark(self, theme, "info")
        self.finish = Button(
            self, theme, words.text("feed.finish"), name="finish", icon="check", look=Weight.MAIN, step=Type.TITLE, height=theme.main
        )
        self.touches(self.finish, Touch.FINISH)
        first, second = self.split()
        (second if theme.landscape else first).addWidget(self.title)
        first.addWidget(self.total, 1)
        if not theme.landscape:
            self.card.setMinimumHeight(theme.mm(46))
        for widget, stretch in ((self.card, int(theme.landscape)), (self.full, 0), (self.possible, 0)):
            second.addWidget(widget, stretch)
        second.addWidget(self.finish)

    def show_view(self, view: ViewState) -> None:
        before, self.shown = self.shown, view
        words = self.words
        saying = saying_of(view, words)
        same = before is not None and before.visit_number == view.visit_number
        standing = RingWords(
            label=words.text("feed.without_money" if view.without_money else "feed.total"),
            cents=view.cents,
            count=words.plural("feed.count", view.bottles),
            accessible=words.plural("feed.told", view.bottles, sum=words.amount(view.cents)),
        )
        if same and before is not None and view.bottles > before.bottles and view.item is not None:
            self.total.credit(standing, view.item.material)
        else:
            self.total.show_total(standing, closed=saying.tone is Tone.TAKEN)
        if saying != self.card.saying:
            self.card.say(saying)
        self.full.say(full_of(view, words))
        self.possible.say(possible_of(view, words, self.setting.visit_bottles))
        self.title.say("" if self.theme.landscape and saying.tone is not Tone.HINT else words.text("feed.title"))
        self.finish.say(words.text("moment" if view.finishing else "feed.finish"))
        self.finish.setEnabled(not view.finishing)

    def spare(self) -> tuple[QWidget, ...]:
        """The card of what just happened comes before the notes, and the bin before the number."""
        return (self.possible, self.full)

    def main(self) -> Button:
        return self.finish
