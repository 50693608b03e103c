"""The page between *Start* and the first bottle: where the bottle goes, and how. The bottle leads on; the buttons lead back, and to help."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.deposit.events import Touch
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.parts.button import Button
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.opening import Opening
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.item import full_of, possible_of
from kiosk.screens.visitor.page import Page, Wish


class Begun(Page):
    def build(self) -> None:
        theme, words, side = self.theme, self.words, self.setting.opening
        self.agreed = False
        self.title = Text(self, theme, Type.TITLE, words.text("begun.title"), align=self.align, shrink=True)
        self.where = Text(self, theme, Type.BODY, words.text(f"begun.{side}"), align=self.align, colour=theme.palette.soft)
        self.how = Text(self, theme, Type.HEAD, words.text("begun.how"), align=self.align, shrink=True)
        self.one = Text(self, theme, Type.LEAD, words.text("begun.one"), align=self.align)
        self.unpaid = Remark(self, theme, "info")
        self.full = Remark(self, theme, "package")
        self.possible = Remark(self, theme, "info")
        self.back = Button(self, theme, words.text("back"), name="home", icon="undo-2", step=Type.HEAD, height=theme.main)
        self.back.clicked.connect(self._back)
        offer = words.text("tool.help" if theme.compact else "help.offer")
        self.help = Button(self, theme, offer, name="offer", step=Type.LEAD, height=theme.main)
        self.wishes(self.help, Wish.HELP)
        self._lay_out(Opening(self, theme, side))

    def _lay_out(self, opening: Opening) -> None:
        theme, side = self.theme, self.setting.opening
        to_the_right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        # beside the words it stands on the side of the real one, which is the same in every language
        last = theme.landscape and side != "below" and (side == "left") is to_the_right
        one, other = self.split(0.58 if last else 0.42)
        picture, words = (other, one) if last else (one, other)
        (words if theme.landscape else picture).addWidget(self.title)
        picture.addWidget(opening, 1)
        for widget in (self.where, self.how, self.one, self.unpaid, self.full, self.possible):
            words.addWidget(widget)
        if theme.landscape:
            words.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.gap)
        buttons.addWidget(self.back, 1)
        buttons.addWidget(self.help, 1)
        words.addLayout(buttons)

    def show_view(self, view: ViewState) -> None:
        words = self.words
        self.agreed = view.screen is not Screen.ATTRACT
        self.unpaid.say(words.text("feed.without_money") if view.without_money else "")
        self.full.say(full_of(view, words))
        self.possible.say(possible_of(view, words, self.setting.visit_bottles))

    def spare(self) -> tuple[QWidget, ...]:
        """Where it is says the arrow too."""
        return (self.one, self.possible, self.title, self.full, self.where)

    def main(self) -> Button:
        return self.back

    def _back(self) -> None:
        """What the session has heard of it must hear the end of; a touch on the first page it has not."""
        if self.agreed:
            self.touched.emit(Touch.FINISH)
        else:
            self.wished.emit(Wish.HOME)
