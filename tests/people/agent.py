"""Somebody of the staff before the machine: holds the mark, types on the pad or on a keyboard, and reads what stands there."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kiosk.screens.glass import KioskWindow
from kiosk.screens.parts.button import Button
from kiosk.screens.staff.window import StaffWindow
from people.person import Passing, Way

PIN, OTHER_PIN = "274951", "839017"


@dataclass
class StaffMember:
    """``way``: with a finger, or with a keyboard alone."""

    glass: KioskWindow
    clock: Passing
    way: Way = Way.TOUCH

    @property
    def window(self) -> StaffWindow:
        assert self.glass.staff is not None
        return self.glass.staff

    def has_the_glass(self) -> bool:
        return self.glass.staff is not None and not self.glass.staff.isHidden()

    def holds_the_mark(self, seconds: float = 3.0) -> None:
        """Or presses the key that means the same."""
        if self.way is Way.KEYS:
            QTest.keyClick(self._focused(self.glass.visitor), Qt.Key.Key_F12)
        else:
            mark = self.glass.visitor._top.mark
            QTest.mousePress(mark, Qt.MouseButton.LeftButton)
            self.clock.advance(seconds)
            self.glass.visitor.tick()
            QTest.mouseRelease(mark, Qt.MouseButton.LeftButton)
        self.clock.advance(0.5)

    def touches(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def asks(self, name: str) -> None:
        """By finger, or by going there with the arrow and Return."""
        if self.way is Way.TOUCH:
            self.touches(name)
        else:
            self.chooses(name)
            self.presses(Qt.Key.Key_Return)
        self.clock.advance(0.5)

    def chooses(self, name: str) -> None:
        for _ in range(60):
            chosen = self.window._ring.chosen
            if chosen is not None and chosen.objectName() == name:
                return
            self.presses(Qt.Key.Key_Right)
        raise AssertionError(f"no way to {name}")

    def types(self, letters: str) -> None:
        if self.way is Way.TOUCH:
            for letter in letters:
                self.touches(f"digit.{letter}")
        else:
            self.types_at(self.window, letters)

    def types_at(self, window: QWidget, letters: str) -> None:
        """On a keyboard, or as a hand scanner does."""
        for letter in letters:
            if letter.isascii():
                QTest.keyClicks(self._focused(window), letter)
                continue
            # of some letters of a French keyboard QTest knows no key, and aborts
            for way in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(way, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(self._focused(window), event)

    def enters(self) -> None:
        if self.way is Way.TOUCH:
            self.touches("enter")
        else:
            self.presses(Qt.Key.Key_Return)
        self.clock.advance(0.5)

    def logs_in(self, number: str = "101", pin: str = PIN) -> None:
        self.holds_the_mark()
        self.types(number)
        self.enters()
        self.types(pin)
        self.enters()

    def presses(self, key: Qt.Key) -> None:
        QTest.keyClick(self._focused(self.window), key)

    def button(self, name: str) -> Button:
        found = [button for button in self.window.stops() if button.objectName() == name]
        assert found, f"no button {name} among {[button.objectName() for button in self.window.stops()]}"
        return found[0]

    def reads(self) -> str:
        """All words that stand there."""
        widgets = [
            widget
            for widget in self.window.findChildren(QWidget)
            if isinstance(widget, QLabel | Button) and widget.isVisibleTo(self.window)
        ]
        said = [widget.accessibleName() if isinstance(widget, Button) else widget.text() for widget in widgets]
        return "\n".join(said).replace("\u00a0", " ").replace("\u202f", " ")

    @staticmethod
    def _focused(window: QWidget) -> QWidget:
        focused: QWidget | None = window.focusWidget()
        return window if focused is None else focused
