"""The page while the machine is busy with itself between two others. The window shows it only if that lasts."""

from kiosk.deposit.view import ViewState
from kiosk.screens.parts.sign import Sign
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page


class Moment(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        title = Text(self, theme, Type.TITLE, words.text("moment"), align=self.align)
        self.safe = Text(self, theme, Type.LEAD, align=self.align)
        self.picture_and_words(Sign(self, theme, "hourglass"), title, self.safe)

    def show_view(self, view: ViewState) -> None:
        self.safe.say(self.words.text("out.safe", sum=self.words.amount(view.cents)) if view.cents else "")
