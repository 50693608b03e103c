"""How the screens shall be: larger, in high contrast, without movement."""

from PySide6.QtWidgets import QGridLayout

from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page, Wish


class SettingsPage(Page):
    def build(self) -> None:
        theme, words, manner = self.theme, self.words, self.setting.manner
        column = self.column()
        column.addWidget(Text(self, theme, Type.TITLE, words.text("tool.settings"), align=self.align))
        column.addStretch(1)
        grid = QGridLayout()
        grid.setSpacing(theme.gap)
        column.addLayout(grid)
        columns = 2 if theme.landscape else 1
        for column_ in range(columns):
            grid.setColumnStretch(column_, 1)
        for at, (name, wish, icon, on) in enumerate(
            (
                ("bigger", Wish.BIGGER, "a-large-small", manner.bigger),
                ("contrast", Wish.CONTRAST, "contrast", manner.contrast),
                ("calm", Wish.CALM, "circle-pause", manner.calm),
            )
        ):
            note = "" if theme.landscape else words.text(f"tool.{name}.note")
            step, height = (Type.LEAD, theme.target) if theme.landscape else (Type.HEAD, theme.mm(30))
            button = Button(
                self,
                theme,
                words.text(f"tool.{name}"),
                note=note,
                name=name,
                icon="check" if on else icon,
                form=Arrangement.CHOICE,
                step=step,
                height=height,
            )
            button.setCheckable(True)
            button.setChecked(on)
            grid.addWidget(self.wishes(button, wish), at // columns, at % columns)
        column.addStretch(1)
        self.back = Button(
            self,
            theme,
            words.text("back"),
            name="back",
            icon="undo-2",
            look=Weight.MAIN,
            step=Type.HEAD,
            height=theme.target if theme.landscape or theme.tight else theme.main,
        )
        if theme.landscape:
            grid.addWidget(self.back, 1, 1)
        else:
            column.addWidget(self.back)
        self.wishes(self.back, Wish.CLOSE)

    def main(self) -> Button:
        return self.back
