"""The page after Finish: the sum, and what shall become of it. At a limit it says which, and nothing can be added."""

from PySide6.QtWidgets import QWidget

from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.sum import Sum
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page


class Choose(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.sum = Sum(self, theme, words.text("choose.thanks"))
        self.limit = Remark(self, theme, "info")
        self.silence = Text(self, theme, Type.BODY, align=self.align, shrink=True)
        height = theme.main if theme.landscape else theme.mm(37)
        self.keep = self._choice("keep", Touch.KEEP, "ticket", Weight.MAIN, height)
        self.give = self._choice("give", Touch.GIVE, "hand-heart", Weight.OTHER, height)
        self.more = self.touches(Button(self, theme, words.text("choose.more"), name="add_more", icon="undo-2"), Touch.ADD_MORE)
        first, second = self.split()
        first.addWidget(self.sum, 1)
        question = "" if theme.landscape else words.text("choose.question")
        self.question = Text(self, theme, Type.HEAD, question, align=self.align, shrink=True)
        second.addWidget(self.question)
        second.addStretch(1)
        second.addWidget(self.limit)
        for button in (self.keep, self.give, self.more):
            second.addWidget(button)
        (first if theme.landscape else second).addWidget(self.silence)
        second.addStretch(1)

    def show_view(self, view: ViewState) -> None:
        words, amount = self.words, self.words.amount(view.cents)
        self.sum.show_sum(amount, words.plural("choose.count", view.bottles))
        self.keep.say(words.text("choose.keep"), words.text("choose.keep.note", sum=amount))
        self.give.say(words.text("choose.give"), words.text("choose.give.note"))
        self.limit.say(words.text(f"limit.{view.limit}") if view.limit else "")
        self.more.setVisible(view.limit is None)
        self.show_seconds(round(view.ends_in_s or 0))

    def show_seconds(self, seconds: int) -> bool:
        """Not where large text leaves no room for it: there the window counts."""
        if self.theme.compact:
            return False
        self.silence.say(self.words.text("choose.silence", n=seconds))
        return True

    def spare(self) -> tuple[QWidget, ...]:
        """The buttons ask it too."""
        return (self.question,)

    def main(self) -> Button:
        return self.keep

    def _choice(self, name: str, touch: Touch, icon: str, look: Weight, height: int) -> Button:
        step = Type.LEAD if self.theme.landscape else Type.HEAD
        button = Button(self, self.theme, "", name=name, icon=icon, look=look, form=Arrangement.CHOICE, step=step, height=height)
        return self.touches(button, touch)
