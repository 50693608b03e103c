"""The page on which whoever is logged in, or about to be, says how the screens shall be: larger, in high contrast, in the other language. The session never hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.staff.page import StaffPage, StaffSetting


@dataclass(frozen=True, slots=True)
class StaffManner:
    """How staff want the screens; back to what it was once they have left. ``bigger``: no letter is smaller than a visitor's."""

    language: str
    bigger: bool = False
    contrast: bool = False


class LookPage(StaffPage):
    """``wished`` says the manner that is wanted, or None: back to the page beneath. ``others``: languages to choose from, by their own names."""

    wished = Signal(object)

    def __init__(self, parent: QWidget, setting: StaffSetting, manner: StaffManner, others: Mapping[str, str]) -> None:
        self._manner, self._others = manner, others
        super().__init__(parent, setting)

    def build(self) -> None:
        theme, words, manner = self.theme, self.words, self._manner
        column = self.column()
        column.addStretch(1)
        grid = QGridLayout()
        grid.setSpacing(theme.gap)
        across = 2 if theme.landscape else 1
        looks = (
            ("bigger", "a-large-small", manner.bigger, replace(manner, bigger=not manner.bigger)),
            ("contrast", "contrast", manner.contrast, replace(manner, contrast=not manner.contrast)),
        )
        buttons = []
        for name, icon, on, wanted in looks:
            note = words.text(f"tool.{name}.note")
            button = self.button(
                words.text(f"tool.{name}"), f"look.{name}", icon="check" if on else icon, form=Arrangement.CHOICE, note=note
            )
            button.setCheckable(True)
            button.setChecked(on)
            buttons.append(self._wishes(button, wanted))
        for language, own_name in self._others.items():
            button = self.button(own_name, f"look.{language}", icon="globe")
            buttons.append(self._wishes(button, replace(manner, language=language)))
        self.back = self.button(words.text("back"), "back", icon="undo-2", look=Weight.MAIN)
        buttons.append(self._wishes(self.back, None))
        for place, button in enumerate(buttons):
            grid.addWidget(button, place // across, place % across)
        for place in range(across):
            grid.setColumnStretch(place, 1)
        column.addLayout(grid)

    def _wishes(self, button: Button, wanted: StaffManner | None) -> Button:
        button.clicked.connect(lambda: self.wished.emit(wanted))
        return button

    def enters(self) -> bool:
        self.wished.emit(None)
        return True

    def main(self) -> Button | None:
        return self.back
