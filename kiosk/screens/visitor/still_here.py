"""The page that asks whether anybody is still there, with the seconds that are left."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.countdown import Countdown
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page


class StillHere(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.lasts_s = 1.0
        self.ends = "idle.note"
        question = Text(self, theme, Type.TITLE, words.text("idle.question"), align=self.align, shrink=True)
        self.countdown = Countdown(self, theme)
        self.note = Text(self, theme, Type.LEAD, align=self.align)
        self.stay = Button(
            self, theme, words.text("idle.stay"), name="alive", icon="check", look=Weight.MAIN, step=Type.TITLE, height=theme.main
        )
        self.finish = Button(self, theme, words.text("feed.finish"), name="finish", step=Type.HEAD, height=theme.main)
        self.touches(self.stay, Touch.ALIVE)
        self.touches(self.finish, Touch.FINISH)
        first, second = self.split()
        (second if theme.landscape else first).addWidget(question)
        first.addWidget(self.countdown, 1)
        second.addWidget(self.note)
        if theme.landscape:
            second.addStretch(1)
        buttons = QHBoxLayout() if theme.landscape else QVBoxLayout()
        buttons.setSpacing(theme.gap)
        buttons.addWidget(self.stay, 3)
        buttons.addWidget(self.finish, 3 if theme.compact else 2)
        second.addLayout(buttons)

    def show_view(self, view: ViewState) -> None:
        self.lasts_s = view.ends_in_s or self.lasts_s
        self.ends = "idle.note" if view.cents else "idle.ends"
        self.show_seconds(round(self.lasts_s))

    def show_seconds(self, seconds: int) -> bool:
        self.countdown.show_left(seconds, seconds / self.lasts_s)
        self.note.say(self.words.plural(self.ends, seconds))
        return True

    def main(self) -> Button:
        return self.stay
