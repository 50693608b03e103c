"""All languages, each by its own name in its own letters; no flags."""

from PySide6.QtWidgets import QGridLayout

from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page, Speak, Wish


class Languages(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        column = self.column()
        if not theme.compact:
            column.addWidget(Text(self, theme, Type.TITLE, words.text("languages.title"), align=self.align, shrink=True))
        column.addStretch(1)
        grid = QGridLayout()
        grid.setSpacing(theme.gap)
        columns = 3 if theme.landscape else 2
        for at, language in enumerate(self.setting.languages):
            chosen = language.language == words.language
            name = f"choose.{language.language}"
            height = theme.main if not theme.landscape else theme.target
            button = Button(self, theme, language.own_name, name=name, icon="check" if chosen else "", step=Type.HEAD, height=height)
            button.setCheckable(True)
            button.setChecked(chosen)
            button.setAutoExclusive(True)
            grid.addWidget(self.wishes(button, Speak(language.language)), at // columns, at % columns)
        column.addLayout(grid)
        column.addStretch(1)
        self.back = Button(self, theme, words.text("back"), name="back", icon="undo-2", look=Weight.MAIN, step=Type.HEAD, height=theme.main)
        column.addWidget(self.wishes(self.back, Wish.CLOSE))

    def main(self) -> Button:
        return self.back
