"""The page before a gift: money that is given needs a second word."""

from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.sign import Ground, Sign
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page


class Gift(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.question = Text(self, theme, Type.TITLE, align=self.align, shrink=True)
        note = Text(self, theme, Type.LEAD, words.text("gift.note"), align=self.align, colour=theme.palette.soft)
        self.yes = Button(
            self, theme, words.text("gift.yes"), name="confirm_gift", icon="heart", look=Weight.OTHER, step=Type.HEAD, height=theme.main
        )
        self.no = Button(self, theme, words.text("gift.no"), name="cancel_gift", icon="ticket", step=Type.HEAD, height=theme.main)
        self.touches(self.yes, Touch.CONFIRM_GIFT)
        self.touches(self.no, Touch.CANCEL_GIFT)
        self.silence = Text(self, theme, Type.BODY, align=self.align, shrink=True)
        self.picture_and_words(Sign(self, theme, "hand-heart", Ground.GIVE), self.question, note, self.silence, actions=(self.yes, self.no))

    def show_view(self, view: ViewState) -> None:
        self.question.say(self.words.text("gift.confirm", sum=self.words.amount(view.cents)))
        self.show_seconds(round(view.ends_in_s or 0))

    def show_seconds(self, seconds: int) -> bool:
        """Not where the buttons leave no room for it: there the window counts."""
        if self.theme.landscape:
            return False
        self.silence.say(self.words.text("gift.silence", n=seconds))
        return True

    def main(self) -> Button:
        return self.no
