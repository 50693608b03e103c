"""What has no room on a page at once and is turned over: things by their number, lines of words by the height that they take."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.screens.parts.button import Button
from kiosk.screens.parts.text import Text
from kiosk.screens.staff.entry import LINE_END
from kiosk.screens.style.theme import Theme, Type


class Turning:
    """``things`` stand ``at_once`` at a time. The two buttons turn over, and stand only where there is something to turn to."""

    def __init__(self, things: Sequence[QWidget], at_once: int, up: Button, down: Button) -> None:
        self._things, self._at_once = things, at_once
        self._first = 0
        self._up, self._down = up, down
        up.clicked.connect(lambda: self._turns(-at_once))
        down.clicked.connect(lambda: self._turns(at_once))
        self._turns(0)

    def _turns(self, by: int) -> None:
        self._first = max(0, self._first + by)
        for place, thing in enumerate(self._things):
            thing.setVisible(self._first <= place < self._first + self._at_once)
        # both keep their places: whoever turns on and on need not look where the button is
        self._up.setEnabled(self._first > 0)
        self._down.setEnabled(self._first + self._at_once < len(self._things))


class Lines(QWidget):
    """As many lines as have room, each whole; ``up`` and ``down`` turn over and stand only where not all have. ``larger``: where all have room so."""

    def __init__(self, parent: QWidget, theme: Theme, step: Type, up: Button, down: Button, *, larger: Type | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[str] = ()
        self._from: list[int] = [0]
        self._large = None if larger is None else Text(self, theme, larger)
        self._small = self.text = Text(self, theme, step)
        self.up, self.down = up, down
        up.clicked.connect(self._back)
        down.clicked.connect(self._on)
        # no layout: one would ask for the height of all that stands, and there is only what is left
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def say(self, lines: Sequence[str]) -> None:
        """Others than before begin at their first."""
        if lines != self._lines:
            self._lines, self._from = lines, [0]
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def _show(self) -> None:
        if self._large is not None:
            fits = self._large.paragraph_of(LINE_END.join(self._lines), self.width()).height <= self.height()
            self.text.say("")
            self.text = self._large if fits else self._small
        self.text.say(LINE_END.join(self._page()))
        self.text.setGeometry(0, 0, self.width(), self.text.heightForWidth(self.width()))
        self.up.setVisible(len(self._from) > 1)
        self.down.setVisible(self._from[-1] + len(self._page()) < len(self._lines))

    def _page(self) -> Sequence[str]:
        """One line at least, whatever it needs."""
        rest, n = self._lines[self._from[-1] :], 0
        while n < len(rest) and (n == 0 or self._height(rest[: n + 1]) <= self.height()):
            n += 1
        return rest[:n]

    def _height(self, lines: Sequence[str]) -> float:
        return self.text.paragraph_of(LINE_END.join(lines), self.width()).height

    def _on(self) -> None:
        self._from.append(self._from[-1] + len(self._page()))
        self._show()

    def _back(self) -> None:
        self._from.pop()
        self._show()
