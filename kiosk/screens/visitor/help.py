"""Help: a subject in three steps, and honestly that this machine calls nobody and where the desk is. It opens at what stands beneath it."""

from enum import StrEnum
from typing import assert_never

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from config.vocabulary import Reason
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Text
from kiosk.screens.style.icons import draw_picture
from kiosk.screens.style.theme import Theme, Type
from kiosk.screens.visitor.item import reason_of
from kiosk.screens.visitor.page import Page, Wish


class Drawing(QWidget):
    """A picture of some size."""

    def __init__(self, parent: QWidget, theme: Theme, side: int) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = "insert"
        self.setFixedSize(side, side)

    def show_picture(self, picture: str) -> None:
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_picture(painter, self._picture, QRectF(self.rect()), self._theme.palette)


class Step(QWidget):
    """One step on a card: its picture and its words."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        box, pad = QHBoxLayout(self), theme.mm(0.8 if theme.compact else 1.6)
        box.setContentsMargins(theme.mm(3.2), pad, theme.mm(3.2), pad)
        box.setSpacing(theme.mm(3.2))
        self._drawing = Drawing(self, theme, theme.mm(15 if theme.landscape else 20 if theme.bigger else 28))
        self._words = Text(self, theme, Type.BODY if theme.landscape else Type.LEAD)
        box.addWidget(self._drawing)
        self._drawing.setVisible(not theme.compact)
        box.addWidget(self._words, 1)

    def show_step(self, picture: str, words: str) -> None:
        self._drawing.show_picture(picture)
        self._words.say(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._theme.border / 2
        painter.setPen(QPen(QColor(self._theme.palette.line), self._theme.border))
        painter.setBrush(QColor(self._theme.palette.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)


class Subject(StrEnum):
    """What help there is: how the machine is used, and one for each kind of refusal."""

    BEGIN = "begin"
    LABEL = "label"
    WEIGHT = "weight"
    ALONE = "alone"
    KIND = "kind"
    MACHINE = "machine"
    FULL = "full"


def subject_of(reason: Reason | None) -> Subject:
    """Which help a visitor needs who opens it while this is told."""
    match reason:
        case None:
            return Subject.BEGIN
        case (
            Reason.UNREADABLE
            | Reason.TWO_CODES
            | Reason.RESTRICTED_CODE
            | Reason.NO_CODE
            | Reason.OTHER_CODE
            | Reason.UNSURE
            | Reason.OTHER_MATERIAL
        ):
            return Subject.LABEL
        case Reason.NOT_EMPTY | Reason.TOO_LIGHT | Reason.WRONG_WEIGHT:
            return Subject.WEIGHT
        case Reason.TWO_ITEMS | Reason.PULLED_BACK | Reason.LEFT_BEHIND | Reason.FINISHED | Reason.HAND | Reason.MOVING:
            return Subject.ALONE
        case (
            Reason.CAN
            | Reason.DEMONSTRATION_CODE
            | Reason.DEPOSIT
            | Reason.NOT_A_BOTTLE
            | Reason.CARTON
            | Reason.FLAT
            | Reason.SCREEN
            | Reason.TOO_LARGE
            | Reason.TOO_SMALL
            | Reason.REPEATED
        ):
            return Subject.KIND
        case Reason.CAMERA | Reason.NOT_SEEN | Reason.SCALE | Reason.INTERRUPTED | Reason.UNCOUNTED:
            return Subject.MACHINE
        case Reason.BIN_FULL | Reason.VISIT_LIMIT | Reason.DAY_BUDGET:
            return Subject.FULL
        case _:
            assert_never(reason)


PICTURES = {
    Subject.BEGIN: ("not_empty", "insert", "coin"),
    Subject.LABEL: ("turn", "code", "desk"),
    Subject.WEIGHT: ("not_empty", "glass", "desk"),
    Subject.ALONE: ("two", "insert", "out"),
    Subject.KIND: ("plastic", "can", "desk"),
    Subject.MACHINE: ("out", "bin", "desk"),
    Subject.FULL: ("bin_full", "code", "coin"),
}


def steps_of(subject: Subject) -> tuple[str, str, str]:
    """The keys of its words."""
    if subject is Subject.BEGIN:
        return "help.empty", "help.insert", "help.finish"
    return f"help.{subject}.1", f"help.{subject}.2", f"help.{subject}.3"


class Help(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.subject = Subject.BEGIN
        self.reason: Reason | None = None
        self.title = Text(self, theme, Type.LEAD if theme.landscape else Type.TITLE, align=self.align, shrink=True)
        self.steps = [Step(self, theme) for _ in range(3)]
        self.nobody = Text(self, theme, Type.BODY, words.text("help.nobody"), align=self.align)
        self.desk = Remark(self, theme, "concierge-bell", step=Type.BODY if theme.landscape else Type.LEAD)
        self.number = Text(self, theme, Type.BODY, align=self.align)
        self.unread = Text(self, theme, Type.NOTE, words.text("language.unread") if words.unread else "", align=self.align)
        self.more = Button(self, theme, words.text("help.more"), name="more", step=Type.BODY)
        self.more.clicked.connect(self._turn_on)
        self.back = Button(self, theme, words.text("back"), name="back", icon="undo-2", look=Weight.MAIN, step=Type.HEAD, height=theme.main)
        self.wishes(self.back, Wish.CLOSE)
        self.desk.say(words.text("help.desk"))
        first, second = self.split(0.64)
        first.addWidget(self.title)
        for step in self.steps:
            first.addWidget(step, 1)
        for widget in (self.nobody, self.desk, self.number, self.unread):
            second.addWidget(widget)
        if theme.landscape:
            second.addStretch(1)
        for button in (self.more, self.back):
            second.addWidget(button)
        self._turn_to(Subject.BEGIN)

    def show_view(self, view: ViewState) -> None:
        number = view.visit_number
        self.number.say(self.words.text("help.number", number=number) if number else "")
        reason = reason_of(view)
        if reason is not self.reason:
            self.reason = reason
            self._turn_to(subject_of(reason))

    def showEvent(self, event: QShowEvent) -> None:
        """It opens at what stands beneath it."""
        self._turn_to(subject_of(self.reason))
        super().showEvent(event)

    def _turn_on(self) -> None:
        """The next subject, round and round."""
        subjects = list(Subject)
        self._turn_to(subjects[(subjects.index(self.subject) + 1) % len(subjects)])
        self.make_room()

    def _turn_to(self, subject: Subject) -> None:
        self.subject = subject
        self.title.say(self.words.text(f"help.{subject}"))
        for step, picture, key in zip(self.steps, PICTURES[subject], steps_of(subject), strict=True):
            step.show_step(picture, self.words.text(key))

    def spare(self) -> tuple[QWidget, ...]:
        """The number stands on every page."""
        return (self.number, self.unread, self.nobody, self.title, self.desk)

    def main(self) -> Button:
        return self.back
