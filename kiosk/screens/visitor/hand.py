"""The page while a hand is in the gate: nothing moves until it is out."""

from kiosk.screens.parts.sign import Ground, Sign
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page


class Hand(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        title = Text(self, theme, Type.TITLE, words.text("hand.title"), align=self.align, shrink=True)
        note = Text(self, theme, Type.LEAD, words.text("hand.note"), align=self.align)
        self.picture_and_words(Sign(self, theme, "hand", Ground.WARN), title, note)
