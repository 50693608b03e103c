"""What every page of the visitor's screens is: given a theme and words, it draws view-states and says what was touched. No rules here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from config.clock import Clock
from config.vocabulary import Cents, OpeningSide
from kiosk.deposit.events import GiveTo, Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button
from kiosk.screens.parts.text import Align, Text
from kiosk.screens.style.theme import Theme
from kiosk.words.catalogue import Words


class Wish(StrEnum):
    """What a visitor asks of the screens alone; the session never hears of it."""

    BEGIN = "begin"
    HOME = "home"
    RESUME = "resume"
    HELP = "help"
    SETTINGS = "settings"
    LANGUAGES = "languages"
    CLOSE = "close"
    BIGGER = "bigger"
    CONTRAST = "contrast"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Speak:
    """The wish for another language."""

    language: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How this visitor wants the screens; back to the default when the visit has ended."""

    language: str
    bigger: bool = False
    contrast: bool = False
    calm: bool = False


@dataclass(frozen=True, slots=True)
class PageSetting:
    """What a page is made with. ``languages``: those there are to choose from, in the order of their buttons.

    ``reward`` is what a bottle is worth, ``visit_bottles`` how many one visit may bring, ``opening`` where they go in.
    """

    theme: Theme
    words: Words
    clock: Clock
    manner: Manner
    languages: tuple[Words, ...]
    reward: Cents
    visit_bottles: int
    opening: OpeningSide


CLOSING_S = 30
"""For so long before a page closes by itself it is said when."""


def in_order(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout and of those in it, as people read them.

    Not by the layout's items: they are deleted with their widgets, PySide is not told, and takes what lies there next for the item that it knows.
    """
    owner = layout.parentWidget()
    widgets = [] if owner is None else owner.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    placed: list[tuple[int, QWidget | QLayout]] = [(layout.indexOf(widget), widget) for widget in widgets]
    placed += [(layout.indexOf(inner), inner) for inner in layout.children() if isinstance(inner, QLayout)]
    for place, part in sorted(placed, key=itemgetter(0)):
        if place < 0:
            continue
        if isinstance(part, QLayout):
            yield from in_order(part)
        else:
            yield part


def put_in_order(layout: QLayout) -> None:
    """Children are read out, and chosen by the keys, in the order in which they stand."""
    for widget in in_order(layout):
        # the last raised is the last child
        widget.raise_()


class Page(QWidget):
    """One screen. ``touched`` goes to the session, ``wished`` to the window."""

    touched = Signal(object)
    wished = Signal(object)

    def __init__(self, parent: QWidget, setting: PageSetting) -> None:
        super().__init__(parent)
        self.setting = setting
        self.theme = setting.theme
        self.words = setting.words
        self.build()
        if (layout := self.layout()) is not None:
            put_in_order(layout)

    def build(self) -> None:
        """Makes the page's widgets, once."""
        raise NotImplementedError

    def show_view(self, view: ViewState) -> None:
        """Draws a view-state."""

    def show_seconds(self, seconds: int) -> bool:
        """How long until the screen goes on by itself. Whether the page says so itself; where it does not, the window does."""
        del seconds
        return False

    def spare(self) -> tuple[QWidget, ...]:
        """What the page can do without where height is short, the first to go first."""
        return ()

    def make_room(self) -> None:
        """Hides of what is spare as little as lets the rest stand."""
        spare = self.spare()
        for widget in spare:
            widget.setVisible(not isinstance(widget, QLabel) or bool(widget.text()))
        for widget in spare:
            if self.needed() <= self.height():
                return
            widget.hide()
        self.needed()

    def needed(self) -> int:
        """The height in which everything shown has room at this width. Pixels."""
        if (layout := self.layout()) is None:
            return 0
        # only activating makes the layouts inside this one forget what they had measured
        layout.invalidate()
        layout.activate()
        return int(layout.minimumHeightForWidth(self.width()))

    def fits(self) -> bool:
        """Whether all that stands here has room, every word within its line."""
        words: list[Button | Text] = [*self.findChildren(Button), *self.findChildren(Text)]
        return self.needed() <= self.height() and not any(part.overflows() for part in words if not part.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.make_room()
        super().resizeEvent(event)

    def touch_beside(self) -> None:
        """What a touch off every button does."""

    def main(self) -> Button | None:
        """What the keys choose first."""
        return None

    @property
    def align(self) -> Align:
        """Of a page's words: beside the picture they begin where people read, below it they stand in the middle."""
        return Align.START if self.theme.landscape else Align.CENTRE

    def touches(self, button: Button, touch: Touch | GiveTo) -> Button:
        button.clicked.connect(lambda: self.touched.emit(touch))
        return button

    def wishes(self, button: Button, wish: Wish | Speak) -> Button:
        button.clicked.connect(lambda: self.wished.emit(wish))
        return button

    def column(self, *, into: QLayout | None = None) -> QVBoxLayout:
        column = QVBoxLayout() if into is not None else QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap)
        return column

    def picture_and_words(self, picture: QWidget, *words: QWidget, actions: Sequence[Button] = (), below: QWidget | None = None) -> None:
        """A page on which nothing is put in: a picture, words, and what can be touched."""
        first, second = self.split(0.36 if actions or below else 0.42, below=below)
        beside = self.theme.landscape
        if not beside or not actions:
            first.addStretch(1)
        first.addWidget(picture, 12)
        into = second if beside else first
        if beside and not actions:
            second.addStretch(1)
        for widget in words:
            into.addWidget(widget)
        into.addStretch(1)
        for button in actions:
            second.addWidget(button)

    def split(self, share: float = 0.36, *, below: QWidget | None = None) -> tuple[QVBoxLayout, QVBoxLayout]:
        """Two parts: money or picture, and what can be done. One above the other, or side by side with ``share`` of the width for the first."""
        whole = self.column()
        parts = QHBoxLayout() if self.theme.landscape else QVBoxLayout()
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(2 * self.theme.gap if self.theme.landscape else self.theme.gap)
        first, second = self.column(into=parts), self.column(into=parts)
        parts.addLayout(first, round(share * 100) if self.theme.landscape else 1)
        parts.addLayout(second, round((1 - share) * 100) if self.theme.landscape else 0)
        whole.addLayout(parts, 1)
        if below is not None:
            whole.addWidget(below)
        return first, second
