"""The page while the kiosk takes nothing: what is wrong, what to do, and that the money is safe. A code for the desk stands below."""

from typing import assert_never

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.deposit.events import Touch
from kiosk.deposit.halts import Halt, Resting
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.sign import Ground, Sign
from kiosk.screens.parts.text import Align, Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page
from kiosk.words.catalogue import Words


def told_as(halt: Halt) -> tuple[str, str]:
    """The key of what a visitor is told, and the sign."""
    match halt:
        case Halt.DOOR | Halt.BINS_FULL | Halt.CLOSED | Halt.DAY_BUDGET | Halt.LEFT_BEHIND | Halt.JAM:
            signs = {
                Halt.DOOR: "door-open",
                Halt.BINS_FULL: "picture:bin_full",
                Halt.CLOSED: "clock",
                Halt.DAY_BUDGET: "picture:coin",
                Halt.LEFT_BEHIND: "picture:out",
                Halt.JAM: "triangle-alert",
            }
            return f"out.{halt}", signs[halt]
        case Halt.SERVICE:
            return "out.service", "wrench"
        case Halt.REST:
            return "out.rest", "circle-pause"
        case Halt.STAFF:
            return "out.pause", "hourglass"
        case Halt.INTAKE | Halt.CAMERA | Halt.LEDGER | Halt.SENSOR | Halt.SUPPLY:
            return "out.pause", "hourglass"
        case (
            Halt.MEMORY
            | Halt.LEDGER_BROKEN
            | Halt.OTHER_VERSION
            | Halt.OTHER_CONTROLLER
            | Halt.TOTALISER_FELL
            | Halt.NUMBERS
            | Halt.NO_LEDGER
        ):
            return "out.broken", "wrench"
        case _:
            assert_never(halt)


def todo_of(view: ViewState, words: Words) -> str:
    """What the visitor can do about it."""
    if (opens := view.closed_until) is not None:
        return words.text("out.closed.todo", day=words.weekday(opens.date()), time=words.time_of_day(opens))
    if isinstance(view.why, Resting):
        return words.text(f"out.rest.{view.why.message}")
    if view.offers_without_money:
        return words.text("out.without_money.todo")
    if view.halt is Halt.DAY_BUDGET and not view.date_known:
        return words.text("out.date_unknown.todo")
    key, _ = told_as(view.halt or Halt.INTAKE)
    return words.text(f"{key}.todo")


class OutOfOrder(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.sign = Sign(self, theme, "wrench")
        self.title = Text(self, theme, Type.HEAD if theme.landscape else Type.TITLE, align=self.align, shrink=True)
        self.todo = Text(self, theme, Type.LEAD, align=self.align)
        self.safe = Remark(self, theme, "check", step=Type.LEAD)
        self.sum = Text(self, theme, Type.HEAD, align=Align.CENTRE)
        self.code = Remark(self, theme, "concierge-bell", step=Type.NOTE)
        self.take_out = Button(
            self, theme, words.text("out.take_out"), name="take_out", icon="package", look=Weight.MAIN, step=Type.HEAD, height=theme.main
        )
        self.keep = Button(
            self, theme, words.text("out.keep"), name="keep", icon="ticket", look=Weight.OTHER, step=Type.HEAD, height=theme.main
        )
        self.without_money = Button(
            self, theme, words.text("out.without_money"), name="without_money", look=Weight.MAIN, step=Type.HEAD, height=theme.main
        )
        self.touches(self.take_out, Touch.TAKE_OUT)
        self.touches(self.without_money, Touch.WITHOUT_MONEY)
        self.touches(self.keep, Touch.KEEP)
        buttons = (self.take_out, self.without_money, self.keep)
        if theme.landscape:
            left = QWidget(self)
            under = QVBoxLayout(left)
            under.setContentsMargins(0, 0, 0, 0)
            under.addWidget(self.sign, 1)
            under.addWidget(self.sum)
            self.picture_and_words(left, self.title, self.todo, actions=buttons, below=self.code)
            # the row with the desk's code is as near to the buttons as may be: it goes where height is short
            if (whole := self.layout()) is not None:
                whole.setSpacing(theme.mm(1.0))
        else:
            self.picture_and_words(self.sign, self.title, self.todo, self.safe, actions=buttons, below=self.code)

    def show_view(self, view: ViewState) -> None:
        words = self.words
        halt = view.halt or Halt.INTAKE
        key, sign = told_as(halt)
        self.sign.show_sign(sign, Ground.CALM)
        self.title.say(words.text(key))
        self.todo.say(todo_of(view, words))
        amount = words.amount(view.cents)
        # beside each other there is room for the bare sum alone, under the picture
        self.safe.say(words.text("out.safe", sum=amount) if view.cents and not self.theme.landscape else "")
        self.sum.say(amount if view.cents and self.theme.landscape else "")
        self.take_out.setVisible(halt is Halt.LEFT_BEHIND)
        self.keep.setVisible(view.cents > 0)
        self.without_money.setVisible(view.offers_without_money)
        # nobody need mend anything where the visitor can go on
        self.code.say("" if view.offers_without_money else words.text("out.code", code=halt.code))

    def spare(self) -> tuple[QWidget, ...]:
        """The button to take something out says as much as the words; and the desk finds the code in the log."""
        if not self.take_out.isVisibleTo(self):
            return (self.code,)
        return (self.todo, self.code)

    def main(self) -> Button | None:
        return next((button for button in (self.take_out, self.without_money, self.keep) if button.isVisibleTo(self)), None)
