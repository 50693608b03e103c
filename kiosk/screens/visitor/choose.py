"""The page after Finish: the sum, and what shall become of it. A limit is told before it is reached; at it nothing can be added."""

from PySide6.QtWidgets import QSizePolicy, QSpacerItem, QWidget

from config.vocabulary import Association, Reason
from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.sum import Sum
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.item import possible_of
from kiosk.screens.visitor.page import Page
from kiosk.words.catalogue import Words

GROUP_MM, WITHIN_MM = 20.0, 8.0
"""Between what belongs apart and what belongs together, on an upright panel; less where height is short."""


def limit_of(reached: Reason | None, words: Words, visit_bottles: int) -> str:
    """What ended the adding, and what that means for this visitor."""
    match reached:
        case None:
            return ""
        case Reason.VISIT_LIMIT:
            return words.plural("limit.visit_limit", visit_bottles)
        case _:
            return words.text(f"limit.{reached}")


class Choose(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.sum = Sum(self, theme, words.text("choose.thanks"))
        self.near, self.limit = Remark(self, theme, "info"), Remark(self, theme, "info")
        self.silence = Text(self, theme, Type.BODY, align=self.align, shrink=True)
        height = theme.main if theme.landscape or theme.tight else theme.mm(48)
        self.keep = self._choice("keep", Touch.KEEP, "ticket", Weight.MAIN, height)
        self.give = self._choice("give", Touch.GIVE, "hand-heart", Weight.OTHER, height)
        self.more = self.touches(Button(self, theme, words.text("choose.more"), name="add_more", icon="plus"), Touch.ADD_MORE)
        self.question = Text(self, theme, Type.HEAD, words.text("choose.question"), align=self.align, shrink=True)
        if theme.landscape:
            self._side_by_side()
        else:
            self._below_one_another()

    def show_view(self, view: ViewState) -> None:
        words, amount = self.words, self.words.amount(view.cents)
        self.sum.show_sum(amount, words.plural("choose.count", view.bottles))
        self.keep.say(words.text("choose.keep"), "" if self.theme.compact else words.text("choose.keep.note"))
        self.give.say(words.text("choose.give"), self._to_whom(view.associations))
        self.give.setVisible(bool(view.associations))
        self.near.say("" if view.limit else possible_of(view, words, self.setting.visit_bottles))
        self.limit.say(limit_of(view.limit, words, self.setting.visit_bottles))
        self.more.setVisible(view.limit is None)
        self.show_seconds(round(view.ends_in_s or 0))

    def show_seconds(self, seconds: int) -> bool:
        """Not where large text and a low panel, or one of them and a limit, leave no room for it: there the window counts."""
        if self.theme.compact or ((self.theme.landscape or self.theme.bigger) and self.more.isHidden()):
            self.silence.say("")
            return False
        self.silence.say(self.words.text("choose.silence", n=seconds))
        return True

    def spare(self) -> tuple[QWidget, ...]:
        """The buttons ask it too; how far a limit is may wait, one that is reached may not."""
        return (self.question, self.near)

    def main(self) -> Button:
        return self.keep

    def _side_by_side(self) -> None:
        first, second = self.split(below=self.limit)
        first.addWidget(self.sum, 1)
        first.addWidget(self.near)
        first.addWidget(self.silence)
        second.addWidget(self.question)
        second.addStretch(1)
        for widget in (self.keep, self.give, self.more):
            second.addWidget(widget)
        second.addStretch(1)

    def _below_one_another(self) -> None:
        """Three groups: what there is, what can become of it, and more of it. The gaps between them are the first to give way."""
        column = self.column()
        self.sum.setMaximumHeight(self.theme.mm(84))
        column.setSpacing(self.theme.mm(3.0 if self.theme.bigger else WITHIN_MM))
        apart = self.theme.mm(GROUP_MM - WITHIN_MM)
        column.addWidget(self.sum, 100)
        column.addSpacerItem(self._gap(apart))
        group: tuple[QWidget, ...] = (self.question, self.keep, self.give, self.silence)
        for widget in group:
            column.addWidget(widget)
        column.addSpacerItem(self._gap(apart))
        for widget in (self.near, self.limit, self.more):
            column.addWidget(widget)
        column.addStretch(1)

    def _gap(self, height: int) -> QSpacerItem:
        return QSpacerItem(0, height, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)

    def _to_whom(self, associations: tuple[Association, ...]) -> str:
        match associations:
            case (one,):
                return self.words.text("gift.to", name=one.name_in(self.words.language))
            case _:
                return self.words.text("choose.give.note")

    def _choice(self, name: str, touch: Touch, icon: str, look: Weight, height: int) -> Button:
        step = Type.LEAD if self.theme.landscape else Type.TITLE
        button = Button(
            self, self.theme, "", name=name, icon=icon, look=look, form=Arrangement.CHOICE, step=step, height=height, arrow=True
        )
        return self.touches(button, touch)
