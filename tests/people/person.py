"""Somebody before the visitor's window: touches by finger or by key, as slowly as people do, on a clock that stands still in between."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Protocol, assert_never

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from config.clock import Clock
from config.vocabulary import Cents, OpeningSide
from kiosk.deposit.events import GiveTo, Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.gallery import NOBODY
from kiosk.screens.parts.button import Button
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.place import Place
from kiosk.screens.visitor.touches import APART_S
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES
from timing import FakeClock

words_of = cache(Words)
"""Reading a catalogue takes longer than most tests."""

PANEL = Panel(1080, 1920, 15.6)


class Way(StrEnum):
    """How somebody uses the window: with a finger, or with four keys alone."""

    TOUCH = "touch"
    KEYS = "keys"


class Passing(Clock, Protocol):
    """A clock on which a person waits."""

    def advance(self, seconds: float) -> None: ...


@dataclass
class Person:
    """Stands before the window; ``heard`` is what the session heard of it."""

    window: VisitorWindow
    heard: list[Touch | GiveTo]
    clock: Passing
    way: Way = Way.TOUCH

    def asks(self, *names: str) -> None:
        """For what those buttons are named for, one after the other, in their own way."""
        for name in names:
            match self.way:
                case Way.TOUCH:
                    self.touch(name)
                case Way.KEYS:
                    self.choose(name)
                    self.press(Qt.Key.Key_Return)
                case _:
                    assert_never(self.way)

    def stays(self) -> None:
        """Says that they are there: by the button, or by any key."""
        if self.way is Way.TOUCH:
            self.touch("alive")
        else:
            self.press(Qt.Key.Key_Right)

    def aims_at(self, name: str) -> None:
        """The finger is above it, or the ring round it."""
        if self.way is Way.KEYS:
            self.choose(name)
        self.clock.advance(2 * APART_S)

    def asks_at_once(self, name: str) -> None:
        """For what they aimed at."""
        match self.way:
            case Way.TOUCH:
                self.touch_at_once(name)
            case Way.KEYS:
                assert self.chosen == name
                self.press_at_once(Qt.Key.Key_Return)
            case _:
                assert_never(self.way)

    def find(self, name: str) -> Button | None:
        return next((button for button in self.window.stops() if button.objectName() == name), None)

    def button(self, name: str) -> Button:
        found = self.find(name)
        assert found is not None, f"no button {name} among {[button.objectName() for button in self.window.stops()]}"
        return found

    def touch(self, *names: str) -> None:
        """One after the other."""
        for name in names:
            self.clock.advance(2 * APART_S)
            self.touch_at_once(name)

    def touch_at_once(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.clock.advance(2 * APART_S)
            self.press_at_once(key)

    def press_at_once(self, key: Qt.Key) -> None:
        focused: QWidget | None = self.window.focusWidget()
        QTest.keyClick(self.window if focused is None else focused, key)

    def place(self) -> Place:
        """Which page stands."""
        return self.window.place

    @property
    def chosen(self) -> str:
        """The name of what the ring surrounds."""
        chosen = self.window._ring.chosen
        return chosen.objectName() if chosen is not None else ""

    def choose(self, name: str) -> None:
        """Goes on with one key until the ring is there."""
        for _ in range(30):
            if self.chosen == name:
                return
            self.press(Qt.Key.Key_Right)
        raise AssertionError(f"no way to {name}: the ring is round {self.chosen!r}")

    def sees(self, *views: ViewState) -> None:
        for view in views:
            self.window.show_view(view)

    def waits(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.window.tick()

    def reads(self, words: str) -> bool:
        """Whether that stands anywhere."""
        return any(words in text for text in self.words())

    def words(self) -> list[str]:
        """All that stands there to be read."""
        labels = [label.text() for label in self.window.findChildren(QLabel) if label.isVisible()]
        return labels + [button.accessibleName() for button in self.window.stops()]


def somebody(clock: FakeClock, panel: Panel = PANEL, opening: OpeningSide = "right") -> Person:
    """Before a window that nobody has touched."""
    register()
    heard: list[Touch | GiveTo] = []
    window = VisitorWindow(
        panel, words_of, heard.append, languages=tuple(LANGUAGES), clock=clock, reward=Cents(20), visit_bottles=30, opening=opening
    )
    window.show()
    person = Person(window, heard, clock)
    person.sees(NOBODY)
    return person
