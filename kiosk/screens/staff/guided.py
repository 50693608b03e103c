"""A page that leads through steps: a line that says what to do, what is known, a few things to choose, keys where something is typed, and the way back.

Its pages say for each state which ``Scene`` stands; what is being typed stands here and nowhere else, and is gone with the scene that asked for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.console.events import ConsoleEvent
from kiosk.screens.parts.button import Arrangement, Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Align, Text
from kiosk.screens.staff.login import AZERTY
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.staff.turning import Lines
from kiosk.screens.style.theme import Type

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
DIGITS = "1234567890"
WEIGHT = "1234567890,"

LONGEST = 40


@dataclass(frozen=True)
class Choice:
    """A button: ``does`` is what it asks of the session, or what the page itself does."""

    name: str
    words: str
    does: ConsoleEvent | Callable[[], None]
    note: str = ""
    main: bool = False
    icon: str = ""
    enabled: bool = True


@dataclass(frozen=True)
class Scene:
    """``name`` tells one from the next. ``types``: the letters that can be typed, to ``typed``; ``secret``: they are not shown."""

    name: str
    remark: str = ""
    told: Sequence[str] = ()
    choices: Sequence[Choice] = ()
    types: str = ""
    typed: Callable[[str], ConsoleEvent | None] = field(default=lambda _: None)
    field: str = ""
    secret: bool = False
    back: ConsoleEvent | Callable[[], None] | None = None


class Guided(StaffPage):
    def build(self) -> None:
        theme = self.theme
        self._scene = Scene("")
        self._typed = ""
        self._pads: dict[str, QWidget] = {}
        column = self.column()
        self.remark = Remark(self, theme, "info", step=Type.BODY)
        turns = [self.button(self.words.text(f"staff.{name}"), name, step=Type.NOTE) for name in ("page_up", "page_down")]
        step, larger = (Type.NOTE, None) if theme.landscape else (Type.BODY, Type.LEAD)
        self.lines = Lines(self, theme, step, *turns, larger=larger)
        self.field = Text(self, theme, Type.HEAD, align=Align.CENTRE)
        self._choices = QWidget(self)
        self._grid = QGridLayout(self._choices)
        self._offered: list[Button] = []
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.gap)
        self._pad_place = self.column(into=column)
        self._pad_place.setSpacing(0)
        column.addWidget(self.remark)
        column.addWidget(self.lines, 1)
        column.addWidget(self.field)
        column.addWidget(self._choices)
        column.addLayout(self._pad_place)
        self.back = self.button(self.words.text("staff.one_back"), "back", icon="undo-2", step=Type.BODY)
        self.back.clicked.connect(self._goes_back)
        column.addLayout(self.row((*turns, self.back)))

    def stand(self, scene: Scene) -> None:
        """What stands from now on. Another scene than before begins with nothing typed."""
        before, self._scene = self._scene, scene
        if scene.name != before.name:
            self._typed = ""
        self.remark.say(scene.remark)
        self.lines.say(scene.told)
        if [(one.name, one.main, bool(one.note), one.icon) for one in scene.choices] != [
            (one.name, one.main, bool(one.note), one.icon) for one in before.choices
        ] or scene.name != before.name:
            self._furnish_choices(scene.choices)
        for button, choice in zip(self._offered, scene.choices, strict=True):
            button.say(choice.words, choice.note)
            button.setEnabled(choice.enabled)
        for letters, pad in self._pads.items():
            pad.setVisible(letters == scene.types)
        if scene.types and scene.types not in self._pads:
            self._pads[scene.types] = self._pad(scene.types)
            self._pad_place.addWidget(self._pads[scene.types])
            self._pads[scene.types].show()
        # its place is among the keys
        self.back.setVisible(scene.back is not None and not scene.types)
        self._show_typed()

    def types(self, letters: str) -> bool:
        wanted = self._scene.types
        if not wanted:
            return False
        if "A" not in wanted:
            letters = letters.translate(AZERTY).replace(".", ",")
            letters = "".join(letter for letter in letters if letter in wanted)
        # a keyboard has more letters than the pad: names have them too
        self._typed = (self._typed + letters)[:LONGEST]
        self._show_typed()
        return bool(letters)

    def erases(self) -> bool:
        self._typed = self._typed[:-1]
        self._show_typed()
        return bool(self._scene.types)

    def enters(self) -> bool:
        """What was typed, where something is; else the main choice."""
        if self._scene.types:
            event = self._scene.typed(self._typed)
            if event is not None:
                if self._scene.secret:
                    self._typed = ""
                    self._show_typed()
                self.asked.emit(event)
            return True
        return False

    def main(self) -> Button | None:
        return next((button for button in self._offered if button.isEnabled()), None)

    def begin_anew(self) -> None:
        """Nothing of what was typed is left."""
        self._typed = ""
        self._show_typed()

    def _show_typed(self) -> None:
        shown = "•" * len(self._typed) if self._scene.secret else self._typed
        if self.theme.compact and self._scene.types:
            # what is typed stands where it was asked for: there is no line more
            self.remark.say(f"{self._scene.field} {shown}".strip() if shown else self._scene.remark)
            return
        self.field.say(f"{self._scene.field} {shown or '–'}".strip() if self._scene.types else "")

    def _furnish_choices(self, choices: Sequence[Choice]) -> None:
        # no item of the layout is asked for: why not stands in visitor/page.py, ``in_order``
        for button in self._offered:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._offered = []
        if self.theme.landscape:
            across = 2 if len(choices) == 4 else 4 if len(choices) > 12 else min(3, len(choices))
        else:
            across = 1 if len(choices) <= 6 else 2
        for place, choice in enumerate(choices):
            button = Button(
                self._choices,
                self.theme,
                choice.words,
                name=choice.name,
                icon=choice.icon,
                note=choice.note,
                look=Weight.MAIN if choice.main else Weight.PLAIN,
                form=Arrangement.CHOICE if choice.note else Arrangement.ROW,
                step=Type.BODY if self.theme.landscape else Type.LEAD,
            )
            button.clicked.connect(lambda _=False, place=place: self._chosen(place))
            self._grid.addWidget(button, place // across, place % across)
            self._offered.append(button)
            self._grid.setColumnStretch(place % across, 1)
            button.show()
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column < across))
        self._choices.setVisible(bool(choices))

    def _chosen(self, place: int) -> None:
        self._does(self._scene.choices[place].does)

    def _goes_back(self) -> None:
        if self._scene.back is not None:
            self._does(self._scene.back)

    def _does(self, what: ConsoleEvent | Callable[[], None]) -> None:
        if isinstance(what, ConsoleEvent):
            self.asked.emit(what)
        else:
            what()

    def _pad(self, letters: str) -> QWidget:
        pad, theme = QWidget(self), self.theme
        grid = QGridLayout(pad)
        grid.setContentsMargins(0, 0, 0, 0)
        many = "A" in letters
        grid.setSpacing(theme.mm(0.7) if many else theme.gap)
        across = (10 if theme.landscape else 8) if many else 7 if theme.landscape else 4
        keys = [*((letter, f"key.{letter}") for letter in letters), ("", "erase"), ("", "back_key"), ("", "enter")]
        icons = {"erase": "arrow-left", "back_key": "undo-2", "enter": "check"}
        said = {"erase": "staff.erase", "back_key": "staff.one_back", "enter": "staff.enter"}
        for place, (letter, name) in enumerate(keys):
            key = Button(
                pad,
                theme,
                letter or self.words.text(said[name]),
                name=name,
                icon=icons.get(name, ""),
                form=Arrangement.ROW if letter else Arrangement.ICON,
                look=Weight.MAIN if name == "enter" else Weight.PLAIN,
                step=Type.LEAD,
            )
            does = {"erase": self.erases, "back_key": self._goes_back, "enter": self.enters}
            key.clicked.connect(does[name] if name in does else lambda _=False, letter=letter: self.types(letter))
            # the last one has what is left of its row
            grid.addWidget(key, place // across, place % across, 1, across - place % across if name == "enter" else 1)
        for column in range(across):
            grid.setColumnStretch(column, 1)
        return pad
