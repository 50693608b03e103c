"""The page before a gift: money that is given needs a second word."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

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
        self.whom = Text(self, theme, Type.HEAD, align=self.align, shrink=True)
        self.purpose = Text(self, theme, Type.LEAD, align=self.align, colour=theme.palette.soft)
        note = Text(self, theme, Type.LEAD, words.text("gift.note"), align=self.align, colour=theme.palette.soft)
        self.yes = Button(
            self, theme, words.text("gift.yes"), name="confirm_gift", icon="heart", look=Weight.OTHER, step=Type.HEAD, height=theme.main
        )
        self.no = Button(self, theme, words.text("gift.no"), name="cancel_gift", icon="ticket", step=Type.HEAD, height=theme.main)
        self.touches(self.yes, Touch.CONFIRM_GIFT)
        self.touches(self.no, Touch.CANCEL_GIFT)
        sign = Sign(self, theme, "hand-heart", Ground.GIVE)
        self.silence = Text(self, theme, Type.BODY, align=self.align, shrink=True)
        said = (self.question, self.whom, self.purpose, note, self.silence)
        if theme.landscape:
            self.picture_and_words(sign, *said, below=self._side_by_side(self.yes, self.no))
        else:
            self.picture_and_words(sign, *said, actions=(self.yes, self.no))

    def _side_by_side(self, *buttons: Button) -> QWidget:
        """Where height is short."""
        row = QWidget(self)
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(self.theme.gap)
        for button in buttons:
            box.addWidget(button, 1)
        return row

    def show_view(self, view: ViewState) -> None:
        words, whom = self.words, view.association
        self.question.say(words.text("gift.confirm", sum=words.amount(view.cents)))
        self.whom.say("" if whom is None else words.text("gift.to", name=whom.name_in(words.language)))
        purpose = "" if whom is None else whom.purpose_in(words.language)
        self.purpose.say(words.isolated(purpose) if purpose else "")
        self.show_seconds(round(view.ends_in_s or 0))

    def show_seconds(self, seconds: int) -> bool:
        """Not where the buttons leave no room for it: there the window counts."""
        if self.theme.landscape:
            return False
        self.silence.say(self.words.text("gift.silence", n=seconds))
        return True

    def spare(self) -> tuple[QWidget, ...]:
        """Whom the sum goes to is said in any case."""
        return (self.purpose,)

    def main(self) -> Button:
        return self.no
