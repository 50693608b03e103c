"""The page of a visit that a power cut interrupted: what is there, and to go on or to keep it."""

from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.sign import Sign
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page, Wish


class Resumed(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        title = Text(self, theme, Type.TITLE, words.text("resume.title"), align=self.align, shrink=True)
        self.total = Text(self, theme, Type.LEAD if theme.landscape else Type.HEAD, align=self.align, shrink=True)
        self.go_on = Button(
            self, theme, words.text("resume.go"), name="resume", icon="plus", look=Weight.MAIN, step=Type.HEAD, height=theme.main
        )
        self.keep = Button(self, theme, words.text("out.keep"), name="finish", icon="ticket", step=Type.HEAD, height=theme.main)
        self.wishes(self.go_on, Wish.RESUME)
        self.touches(self.keep, Touch.FINISH)
        self.picture_and_words(Sign(self, theme, "zap"), title, self.total, actions=(self.go_on, self.keep))

    def show_view(self, view: ViewState) -> None:
        self.total.say(self.words.text("resume.total", sum=self.words.amount(view.cents)))
        self.keep.setVisible(view.cents > 0)

    def main(self) -> Button:
        return self.go_on
