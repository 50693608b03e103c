"""The page of whoever leaves and is owed something: the visit number as large as there is room, what is kept under it, and the way to the voucher."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.number import Number
from kiosk.screens.parts.sign import Ground, Sign
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.page import Page

SIGN_MM = 24.0, 70.0
"""Upright, the least and the most height of the sign that says at a glance that all is well, or that the desk is to be seen."""


class Parting(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.sign = Sign(self, theme, "check", Ground.GOOD)
        self.title = Text(
            self, theme, Type.BODY if theme.compact else Type.HEAD if theme.landscape else Type.TITLE, align=self.align, shrink=True
        )
        self.count = Text(self, theme, Type.BODY if theme.landscape else Type.LEAD, align=self.align)
        self.number = Number(self, theme, words.text("desk.visit" if theme.compact else "parting.number"))
        self.desk = Text(self, theme, Type.BODY if theme.compact else Type.LEAD, words.text("desk.number"), align=self.align, shrink=True)
        self.until = Text(self, theme, Type.BODY, align=self.align, colour=theme.palette.soft)
        self.uncounted: Text | Remark = (
            Text(self, theme, Type.BODY) if theme.landscape else Remark(self, theme, "" if theme.tight else "package")
        )
        self.printed = Text(self, theme, Type.BODY, align=self.align)
        self.see = Button(
            self,
            theme,
            "",
            name="voucher",
            icon="" if theme.compact else "ticket",
            look=Weight.MAIN,
            step=Type.LEAD if theme.landscape else Type.TITLE,
            height=theme.target if theme.compact else theme.main,
        )
        self.again = self._other(words.text("voucher.again.short" if theme.bigger else "voucher.again"), "again", Touch.AGAIN)
        self.again.setAccessibleName(words.text("voucher.again"))
        self.stay = self._other("", "alive", Touch.ALIVE)
        self.close_ = self._other(words.text("parting.close"), "done", Touch.DONE)
        self.touches(self.see, Touch.VOUCHER)
        said = (self.title, self.printed, self.until, self.uncounted, self.desk)
        row = QHBoxLayout()
        row.setSpacing(theme.gap)
        if theme.landscape:
            # the bottles stand in the top row
            self.count.hide()
            self.sign.hide()
            whole = self.column()
            above = QHBoxLayout()
            above.setSpacing(2 * theme.gap)
            above.addWidget(self.number, 34 if theme.compact else 48)
            beside = self.column(into=above)
            beside.setSpacing(theme.mm(0.3))
            above.addLayout(beside, 66 if theme.compact else 52)
            beside.addStretch(1)
            for widget in said:
                beside.addWidget(widget)
            beside.addStretch(1)
            whole.addLayout(above, 1)
            row.addWidget(self.see, 5 if theme.compact else 8)
        else:
            self.sign.setMinimumHeight(theme.mm(SIGN_MM[0]))
            self.sign.setMaximumHeight(theme.mm(SIGN_MM[1]))
            whole = self.column()
            whole.addStretch(1)
            whole.addWidget(self.sign, 2)
            for widget in (self.title, self.count, self.printed):
                whole.addWidget(widget)
            whole.addStretch(1)
            # the number is what one leaves with: it has its whole height before the sign grows
            whole.addWidget(self.number, 40)
            for widget in (self.desk, self.until, self.uncounted):
                whole.addWidget(widget)
            whole.addStretch(1)
            whole.addWidget(self.see)
        # beside each other across, the two that say more are wider
        shares = (4, 4, 3) if theme.landscape and not theme.compact else (2, 2, 2)
        for button, share in zip((self.again, self.stay, self.close_), shares, strict=True):
            row.addWidget(button, share)
        whole.addLayout(row)

    def show_view(self, view: ViewState) -> None:
        words = self.words
        self.sign.show_sign(*(("check", Ground.GOOD) if view.cents else ("concierge-bell", Ground.CALM)))
        uncounted = words.plural("parting.uncounted", view.uncounted) if view.uncounted else ""
        self.title.say(words.text("parting.kept", sum=words.amount(view.cents)) if view.cents else uncounted)
        self.count.say(words.plural("choose.count", view.bottles) if view.cents and not self.theme.landscape else "")
        self.number.show_number(view.visit_number or "")
        until = words.text("parting.until", date=words.day(view.kept_until, short=self.theme.compact)) if view.kept_until else ""
        self.until.say(words.text("voucher.demonstration") if until and view.demonstration else until)
        self.uncounted.say(uncounted if view.cents else "")
        self.printed.say(words.text(f"print.{view.printing}") if view.printing is not None else "")
        self.see.say(words.text("parting.again" if view.seen else "parting.see"))
        self.see.setVisible(view.may_see)
        self.again.setVisible(view.may_go_on and view.seen)
        self.show_seconds(round(view.ends_in_s or 0))

    def show_seconds(self, seconds: int) -> bool:
        """Not where large text leaves no room for it: there the window counts."""
        self.stay.setVisible(not self.theme.compact)
        self.stay.say(self.words.text("parting.stay", n=seconds))
        return not self.theme.compact

    def main(self) -> Button:
        return next(button for button in (self.see, self.stay, self.close_) if button.isVisibleTo(self))

    def _other(self, said: str, name: str, touch: Touch) -> Button:
        theme = self.theme
        step = Type.NOTE if theme.landscape else Type.BODY
        return self.touches(Button(self, theme, said, name=name, step=step, height=theme.target), touch)

    def spare(self) -> tuple[QWidget, ...]:
        """The number and who notes it stay whatever happens; until when it holds is worth more than how many bottles it is for, which their visitor knows."""
        spare = (self.count, self.until, self.printed)
        return spare if self.theme.landscape else (self.sign, *spare)
