"""The page of the second agent: why, number and PIN. It stands in the place of whatever page asked for what one agent may not do alone."""

import math

from PySide6.QtWidgets import QGridLayout

from kiosk.console.denials import MustWait
from kiosk.console.events import SecondAsked, SecondLeft
from kiosk.console.pins import LONGEST
from kiosk.console.second import REASSURED
from kiosk.console.states import Seconding
from kiosk.console.told import Reassurance
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.staff.keys import DIGITS, keys_of
from kiosk.screens.staff.login import AZERTY, NUMBER_DIGITS
from kiosk.screens.staff.page import StaffPage
from kiosk.screens.style.theme import Type
from kiosk.words.denials import tell_denial

FIELDS = ("number", "pin")


class Second(StaffPage):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self._typed = dict.fromkeys(FIELDS, "")
        self._field, self._why = FIELDS[0], Reassurance.KNOWN
        self._shown: Seconding | None = None
        self._wait_until: float | None = None
        self.remark = Remark(self, theme, "info", step=Type.BODY)
        self.whys = {why: self.button(words.text(f"staff.second.{why}"), f"why.{why}", step=Type.BODY) for why in Reassurance}
        for why, button in self.whys.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, why=why: self._vouches(why))
        self.fields = {name: self.button("", f"field.{name}", step=Type.LEAD) for name in FIELDS}
        for name, field in self.fields.items():
            field.setCheckable(True)
            field.clicked.connect(lambda _=False, name=name: self._choose(name))
        self.confirm = self.button(words.text("staff.second.confirm"), "confirm", look=Weight.MAIN)
        self.confirm.clicked.connect(self.enters)
        self.back = self.button(words.text("staff.help.back"), "back")
        self.back.clicked.connect(lambda: self.asked.emit(SecondLeft()))
        if theme.compact:
            self._under()
        elif theme.landscape:
            self._beside()
        else:
            column = self.column()
            column.addWidget(self.remark)
            column.addStretch(1)
            column.addLayout(self.row(tuple(self.whys.values())))
            for field in self.fields.values():
                column.addWidget(field)
            column.addLayout(self._pad())
            column.addLayout(self.row((self.back, self.confirm)))

    def _beside(self) -> None:
        whole = self.row()
        left, right = self.column(into=whole), self.column(into=whole)
        left.addWidget(self.remark)
        left.addLayout(self.row(tuple(self.whys.values())))
        left.addStretch(1)
        left.addLayout(self.row((self.back, self.confirm)))
        right.addLayout(self.row(tuple(self.fields.values())))
        right.addLayout(self._pad())
        right.addStretch(1)
        whole.addLayout(left, 1)
        whole.addLayout(right, 1)
        self.setLayout(whole)

    def _under(self) -> None:
        """Large text on a low panel: the reasons across all of it."""
        column = self.column()
        column.addLayout(self.row(tuple(self.whys.values())))
        whole = self.row()
        left = self.column(into=whole)
        left.addWidget(self.remark)
        left.addStretch(1)
        left.addLayout(self.row(tuple(self.fields.values())))
        left.addLayout(self.row((self.back, self.confirm)))
        whole.addLayout(left, 1)
        whole.addLayout(self._pad(), 1)
        column.addLayout(whole)
        column.addStretch(1)

    def _pad(self) -> QGridLayout:
        return keys_of(
            self, self.theme, self.words, DIGITS, 4 if self.theme.landscape else 3, self._key, name="digit", ends="staff.second.confirm"
        )

    def show_view(self, view: StaffView) -> None:
        work = view.shows
        if not isinstance(work, WorkView) or work.seconding is None:
            return
        before, self._shown = self._shown, work.seconding
        if before is None or before.action != self._shown.action:
            self._typed = dict.fromkeys(FIELDS, "")
            self._field = FIELDS[0]
        if self._shown.denied is not None and (before is None or before.times != self._shown.times):
            self._typed["pin"] = ""
            self._field = "pin"
            waits = self._shown.denied
            self._wait_until = self.clock.monotonic() + waits.seconds if isinstance(waits, MustWait) else None
        self._draw()

    def tick(self) -> None:
        if self._wait_until is not None:
            self._draw()

    def _draw(self) -> None:
        here, words = self._shown, self.words
        if here is None:
            return
        denied = here.denied
        if isinstance(denied, MustWait) and self._wait_until is not None:
            left = math.ceil(self._wait_until - self.clock.monotonic())
            denied = MustWait(left) if left > 0 else None
        self.remark.say(words.text("staff.second.how") if denied is None else tell_denial(denied, words))
        for why, button in self.whys.items():
            button.setVisible(isinstance(here.action, REASSURED))
            button.setChecked(why is self._why)
        for name, field in self.fields.items():
            typed = self._typed[name]
            field.setChecked(name == self._field)
            field.say(words.text(f"staff.field.{name}", typed="•" * len(typed) if name == "pin" else typed or "–"))
        self.confirm.setEnabled(not here.judging)
        self.confirm.say(words.text("moment" if here.judging else "staff.second.confirm"))

    def _vouches(self, why: Reassurance) -> None:
        self._why = why
        self._draw()

    def _choose(self, name: str) -> None:
        self._field = name
        self._draw()

    def _key(self, key: str) -> None:
        match key:
            case "erase":
                self.erases()
            case "search":
                self.enters()
            case _:
                self.types(key)

    def types(self, letters: str) -> bool:
        digits = "".join(letter for letter in letters.translate(AZERTY) if letter in DIGITS)
        longest = NUMBER_DIGITS if self._field == "number" else LONGEST
        self._typed[self._field] = (self._typed[self._field] + digits)[:longest]
        self._draw()
        return bool(digits)

    def erases(self) -> bool:
        typed = self._typed[self._field]
        self._typed[self._field] = typed[:-1]
        self._draw()
        return bool(typed)

    def goes_on(self) -> bool:
        self._choose("pin" if self._field == "number" else "number")
        return True

    def enters(self) -> bool:
        empty = next((name for name in FIELDS if not self._typed[name]), None)
        here = self._shown
        if empty is not None:
            self._choose(empty)
        elif here is not None and not here.judging:
            why = self._why if isinstance(here.action, REASSURED) else None
            number, pin = self._typed["number"], self._typed["pin"]
            self._typed["pin"] = ""
            self.asked.emit(SecondAsked(number, pin, why))
        return True

    def main(self) -> Button | None:
        return self.findChild(Button, "digit.1")
