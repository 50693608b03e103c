"""Tells assistive technology what stands on the screen: names in the tree, and announcements. Which sentences: ``spoken.py``. It has no voice of its own."""

from collections.abc import Iterable

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.screens.parts.button import Button
from kiosk.words.aloud import aloud

ENDS = (".", "!", "?", "؟", "…", ":")


def name_all(parts: Iterable[QWidget], language: str, otherwise: str) -> None:
    """Everything in these parts has a name, with sums in words; a label without words is a sign, and is named ``otherwise``."""
    for part in parts:
        for label in (*((part,) if isinstance(part, QLabel) else ()), *part.findChildren(QLabel)):
            label.setAccessibleName(aloud(label.text(), language) or otherwise)
        for button in part.findChildren(Button):
            button.setAccessibleName(aloud(button.accessibleName(), language))


class Announcer:
    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._said: tuple[str, ...] = ()

    def page(self, sentences: tuple[str, ...], *, at_once: bool, again: tuple[str, ...] | None = None) -> str | None:
        """Announces a page, unless it was the last that was; what was announced. ``again``: in its place, if something else was announced since."""
        if self._said in (sentences, again):
            return None
        self._said = sentences if again is None else again
        return self.announce(*self._said, at_once=at_once)

    def announce(self, *sentences: str, at_once: bool) -> str:
        """``at_once``: it cuts off what is being said."""
        text = " ".join(sentence if sentence.endswith(ENDS) else f"{sentence}." for sentence in sentences)
        event = QAccessibleAnnouncementEvent(self._window, text)
        if at_once:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
        return text
