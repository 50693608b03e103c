"""What every page of staff's screens is: given a theme and words, it draws the console's view and says what was asked for. No rules here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from config.clock import Clock
from kiosk.console.view import StaffView
from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.style.theme import Theme, Type
from kiosk.words.catalogue import Words
from ledger.selection import Lines, LineSource


@dataclass(frozen=True, slots=True)
class StaffSetting:
    """What a page is made with. ``opener``: how a ledger's file is opened for a list."""

    theme: Theme
    words: Words
    clock: Clock
    opener: Callable[[Path], LineSource] = Lines


class StaffPage(QWidget):
    """``asked`` goes to the session."""

    asked = Signal(object)

    def __init__(self, parent: QWidget, setting: StaffSetting) -> None:
        super().__init__(parent)
        self.theme = setting.theme
        self.words = setting.words
        self.clock = setting.clock
        self.opener = setting.opener
        self.build()

    def build(self) -> None:
        """Makes the page's widgets, once."""
        raise NotImplementedError

    def show_view(self, view: StaffView) -> None:
        """Draws a view."""

    def tick(self) -> None:
        """What time alone changes."""

    def types(self, letters: str) -> bool:
        """A keyboard or a hand scanner typed this. Whether the page had a use for it."""
        del letters
        return False

    def erases(self) -> bool:
        """The last letter that was typed. Whether there was something to erase."""
        return False

    def enters(self) -> bool:
        """Return. Whether the page had a use for it."""
        return False

    def takes_key(self, key: Qt.Key) -> bool:
        """A key before it means anything else. Whether the page had a use for it."""
        del key
        return False

    def goes_on(self) -> bool:
        """To the next field. Whether there is one."""
        return False

    def main(self) -> Button | None:
        """What the keys choose first."""
        return None

    def column(self, into: QLayout | None = None) -> QVBoxLayout:
        column = QVBoxLayout() if into is not None else QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap)
        return column

    def row(self, buttons: Sequence[QWidget] = ()) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.theme.gap)
        for button in buttons:
            row.addWidget(button, 1)
        return row

    def button(
        self,
        words: str,
        name: str,
        *,
        icon: str = "",
        look: Weight = Weight.PLAIN,
        step: Type = Type.LEAD,
        form: Arrangement = Arrangement.ROW,
        note: str = "",
        height: int | None = None,
    ) -> Button:
        return Button(self, self.theme, words, name=name, icon=icon, look=look, step=step, form=form, note=note, height=height)
