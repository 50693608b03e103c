"""The page of an item that is not taken: what to do, why, and how to go on. It stands until the next one goes in, so that nobody has to read against the clock."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kiosk.deposit.events import Touch
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.exhibit import LEAST_MM, Exhibit
from kiosk.screens.parts.text import Text
from kiosk.screens.style.theme import Type
from kiosk.screens.visitor.item import Refusal, refusal_of, seen_as
from kiosk.screens.visitor.page import Page, Wish

WIDTHS_MM = (60.0, 52.0, 44.0, 36.0, 30.0, LEAST_MM)
"""Of the picture beside large text, from the largest."""


class Refused(Page):
    def build(self) -> None:
        theme, words, beside = self.theme, self.words, self.theme.landscape
        # large and low, a column of buttons would leave words and picture too narrow: there they stand below
        column = beside and not theme.compact
        self.refusal: Refusal | None = None
        self.exhibit = Exhibit(self, theme)
        self.title = Text(self, theme, Type.HEAD if beside else Type.TITLE, align=self.align, shrink=True)
        self.why = Text(self, theme, Type.LEAD, align=self.align, shrink=beside)
        self.todo = Text(self, theme, Type.BODY, align=self.align)
        self.seen = Text(self, theme, Type.NOTE, align=self.align)
        step = Type.HEAD if beside else Type.TITLE
        icon = "" if theme.tight and not beside else "circle-question-mark"
        self.help = self.wishes(
            Button(self, theme, words.text("tool.help"), name="offer", icon=icon, step=Type.HEAD, height=theme.main), Wish.HELP
        )
        self.finish = self.touches(
            Button(self, theme, words.text("feed.finish"), name="finish", icon="check", step=step, height=theme.main), Touch.FINISH
        )
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self.card = QBoxLayout(across if beside else down)
        pad = theme.mm(1.0 if theme.compact else 2.4) if beside else theme.pad
        self.card.setContentsMargins(theme.pad, pad, theme.pad, pad)
        self.card.setSpacing(theme.pad)
        said = QVBoxLayout()
        said.setSpacing(theme.mm(0.6 if beside else 2.0))
        for widget in (self.title, self.why, self.todo):
            said.addWidget(widget)
        if beside:
            said.insertStretch(0, 1)
            said.addStretch(1)
        self.card.addWidget(self.exhibit, 32 if beside else 1)
        if not beside:
            self.card.addWidget(self.seen)
        self.card.addLayout(said, 68 if beside else 0)
        self.buttons = QBoxLayout(down if column else across)
        self.buttons.setSpacing(theme.gap)
        if column:
            wide = max(button.sizeHint().width() for button in (self.help, self.finish))
            for button in (self.help, self.finish):
                button.setFixedWidth(wide)
                button.setMaximumHeight(round(1.7 * theme.main))
        self.buttons.addWidget(self.help, 2)
        self.buttons.addWidget(self.finish, 3)
        whole = QBoxLayout(across if column else down, self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.gap)
        whole.addLayout(self.card, 1)
        whole.addLayout(self.buttons)

    def show_view(self, view: ViewState) -> None:
        refusal = refusal_of(view, self.words)
        if refusal is None:
            return
        self.refusal = refusal
        shown = view.item.shown if view.item is not None and view.item.reason is refusal.reason else None
        self.exhibit.show_picture(refusal.picture, machine=refusal.machine, shown=shown)
        self.seen.say("" if shown is None or self.theme.landscape else self.words.text(seen_as(shown)))
        for label, words in zip((self.title, self.why, self.todo), refusal.lines, strict=True):
            label.say(words)
        self.help.dress(Weight.MAIN if refusal.help_first else Weight.OTHER)
        self.finish.dress(Weight.OTHER if refusal.help_first else Weight.MAIN)
        # once it was heard it stands there as heard, without longer words: beside help there is no room for them
        self.finish.setEnabled(not view.finishing)
        # what somebody left there before has no visit that could end
        self.finish.setVisible(view.visit_number is not None)
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """What the machine saw is nobody's once the page is left."""
        self.exhibit.forget()
        super().hideEvent(event)

    def spare(self) -> tuple[QWidget, ...]:
        """The words say what the picture shows."""
        return (self.exhibit,) if self.theme.compact else ()

    def make_room(self) -> None:
        """In large text on a low panel the picture is as wide as the words leave it."""
        if self.theme.compact:
            self.exhibit.show()
            for width_mm in WIDTHS_MM:
                self.exhibit.setFixedWidth(self.theme.mm(width_mm))
                if self.needed() <= self.height():
                    return
        super().make_room()

    def main(self) -> Button:
        first = self.refusal is not None and self.refusal.help_first
        return self.help if first or not self.finish.isVisibleTo(self) else self.finish

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, radius, half = self.theme.palette, self.theme.radius, self.theme.border / 2
        machine = self.refusal is not None and self.refusal.machine
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.line if machine else palette.red), self.theme.border, Qt.PenStyle.SolidLine))
        painter.setBrush(QColor(palette.sun if machine else palette.red_tint))
        painter.drawRoundedRect(QRectF(self.card.geometry()).adjusted(half, half, -half, -half), radius, radius)
