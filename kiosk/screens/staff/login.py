"""The page that asks who it is: agent's number and PIN, or at a first start the one-time code and a PIN of one's own. Keys as large as a thumb, low on the glass.

What is being typed stands here and nowhere else, and is gone with the page.
"""

import math

from PySide6.QtWidgets import QGridLayout

from kiosk.console.denials import MustWait
from kiosk.console.events import FirstManagerAsked, LeaveAsked, LogInAsked
from kiosk.console.pins import LONGEST
from kiosk.console.view import LogInView, StaffView
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.style.theme import Type
from kiosk.words.denials import tell_denial

AZERTY = str.maketrans("&é\"'(-è_çà", "1234567890")
"""What the upper row of a French keyboard types where digits are meant."""

CODE_DIGITS, NUMBER_DIGITS = 12, 6

LOG_IN, FIRST = ("number", "pin"), ("code", "pin", "again")
FIELDS = ("number", "code", "pin", "again")
"""As they stand one below the other."""

SECRET = ("pin", "again")


class LogIn(StaffPage):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self._typed: dict[str, str] = dict.fromkeys(FIELDS, "")
        self._shown: LogInView | None = None
        self._field = LOG_IN[0]
        self._wait_until: float | None = None
        self.denied = Remark(self, theme, "triangle-alert", step=Type.BODY if theme.landscape else Type.LEAD)
        self.fields = {name: self.button("", f"field.{name}", step=Type.LEAD) for name in FIELDS}
        for name, field in self.fields.items():
            field.setCheckable(True)
            field.clicked.connect(lambda _=False, name=name: self._choose(name))
        self.enter = self.button(words.text("staff.enter"), "enter", icon="check", look=Weight.MAIN)
        self.enter.clicked.connect(self.enters)
        self.quit = self.button(words.text("staff.quit"), "quit", icon="undo-2")
        self.quit.clicked.connect(lambda: self.asked.emit(LeaveAsked()))
        if theme.landscape:
            self._beside()
        else:
            self._below()

    def _below(self) -> None:
        """Upright: words above, keys in the lower half."""
        column = self.column()
        column.addStretch(1)
        for widget in (self.denied, *self.fields.values()):
            column.addWidget(widget)
        column.addLayout(self._pad())
        column.addLayout(self.row((self.quit, self.enter)))

    def _beside(self) -> None:
        whole = self.row()
        left, right = self.column(into=whole), self.column(into=whole)
        for widget in (self.denied, *self.fields.values()):
            left.addWidget(widget)
        left.addStretch(1)
        left.addLayout(self.row((self.quit, self.enter)))
        right.addLayout(self._pad())
        whole.addLayout(left, 1)
        whole.addLayout(right, 1)
        self.setLayout(whole)

    def _pad(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(self.theme.gap)
        high = self.theme.mm(21 if self.theme.landscape else 28)
        keys = [*((digit, f"digit.{digit}", "") for digit in "123456789"), ("", "", ""), ("0", "digit.0", ""), ("", "erase", "arrow-left")]
        for place, (digit, name, icon) in enumerate(keys):
            if not name:
                continue
            key = self.button(digit or self.words.text("staff.erase"), name, icon=icon, step=Type.HEAD if digit else Type.BODY, height=high)
            key.clicked.connect(self.erases if name == "erase" else lambda _=False, digit=digit: self.types(digit))
            grid.addWidget(key, place // 3, place % 3)
        return grid

    def show_view(self, view: StaffView) -> None:
        shows = view.shows
        if not isinstance(shows, LogInView):
            return
        before, self._shown = self._shown, shows
        if before is None or before.first is not shows.first:
            self._field = self._names()[0]
        if shows.denied is not None and (before is None or before.times != shows.times):
            self._is_denied(shows)
        self.tick()
        self._draw()

    def _is_denied(self, shows: LogInView) -> None:
        """What is typed next begins anew; the number, which others may know, stays."""
        for name in SECRET:
            self._typed[name] = ""
        self._field = "code" if shows.first else "pin" if self._typed["number"] else "number"
        waits = isinstance(shows.denied, MustWait)
        self._wait_until = self.clock.monotonic() + shows.denied.seconds if waits and isinstance(shows.denied, MustWait) else None

    def tick(self) -> None:
        denied = self._shown.denied if self._shown is not None else None
        if isinstance(denied, MustWait) and self._wait_until is not None:
            left = math.ceil(self._wait_until - self.clock.monotonic())
            self.denied.say(tell_denial(MustWait(left), self.words) if left > 0 else "")
        else:
            self.denied.say("" if denied is None else tell_denial(denied, self.words))

    def _names(self) -> tuple[str, ...]:
        return FIRST if self._shown is not None and self._shown.first else LOG_IN

    def _draw(self) -> None:
        names = self._names()
        for name, field in self.fields.items():
            typed = self._typed[name]
            # large text on a low panel: what is being typed
            field.setVisible(name == self._field if self.theme.compact and names is FIRST else name in names)
            field.setChecked(name == self._field)
            field.say(self.words.text(f"staff.field.{name}", typed="•" * len(typed) if name in SECRET else typed or "–"))
        ready = self._shown is not None and not self._shown.judging
        self.enter.setEnabled(ready)
        self.enter.say(self.words.text("staff.enter" if ready else "moment"))

    def _choose(self, name: str) -> None:
        self._field = name
        self._draw()

    def types(self, letters: str) -> bool:
        digits = "".join(letter for letter in letters.translate(AZERTY) if letter in "0123456789")
        longest = {"code": CODE_DIGITS, "number": NUMBER_DIGITS}.get(self._field, LONGEST)
        self._typed[self._field] = (self._typed[self._field] + digits)[:longest]
        self._draw()
        return bool(digits)

    def erases(self) -> bool:
        typed = self._typed[self._field]
        self._typed[self._field] = typed[:-1]
        self._draw()
        return bool(typed)

    def goes_on(self) -> bool:
        names = self._names()
        self._choose(names[(names.index(self._field) + 1) % len(names)])
        return True

    def enters(self) -> bool:
        """On from a field to the next empty one; from the last to the session."""
        names = self._names()
        empty = next((name for name in names if not self._typed[name]), None)
        if empty is not None:
            self._choose(empty)
        elif self._shown is not None and not self._shown.judging:
            typed = self._typed
            event = (
                FirstManagerAsked(typed["code"], typed["pin"], typed["again"])
                if self._shown.first
                else LogInAsked(typed["number"], typed["pin"])
            )
            self.asked.emit(event)
        return True

    def main(self) -> Button | None:
        return self.findChild(Button, "digit.1")
