"""Help: three steps, and honestly that this machine calls nobody and where the desk is."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import Text
from kiosk.screens.style.icons import draw_picture
from kiosk.screens.style.theme import Theme, Type
from kiosk.screens.visitor.page import Page, Wish


class Drawing(QWidget):
    """A picture of some size."""

    def __init__(self, parent: QWidget, theme: Theme, picture: str, side: int) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = picture
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_picture(painter, self._picture, QRectF(self.rect()), self._theme.palette)


class Step(QWidget):
    """One step on a card: its picture and its words."""

    def __init__(self, parent: QWidget, theme: Theme, picture: str, words: str) -> None:
        super().__init__(parent)
        self._theme = theme
        box, pad = QHBoxLayout(self), theme.mm(1.6)
        box.setContentsMargins(2 * pad, pad, 2 * pad, pad)
        box.setSpacing(2 * pad)
        box.addWidget(
            Drawing(self, theme, picture, theme.mm(10 if theme.compact else 15 if theme.landscape else 20 if theme.bigger else 28))
        )
        box.addWidget(Text(self, theme, Type.BODY if theme.landscape else Type.LEAD, words), 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._theme.border / 2
        painter.setPen(QPen(QColor(self._theme.palette.line), self._theme.border))
        painter.setBrush(QColor(self._theme.palette.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)


class Help(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.nobody = Text(self, theme, Type.BODY, words.text("help.nobody"), align=self.align)
        self.desk = Remark(self, theme, "concierge-bell", step=Type.BODY if theme.landscape else Type.LEAD)
        self.number = Text(self, theme, Type.BODY, align=self.align)
        self.unread = Text(self, theme, Type.NOTE, words.text("language.unread") if words.unread else "", align=self.align)
        self.back = Button(self, theme, words.text("back"), name="back", icon="undo-2", look=Weight.MAIN, step=Type.HEAD, height=theme.main)
        self.wishes(self.back, Wish.CLOSE)
        self.desk.say(words.text("help.desk"))
        first, second = self.split(0.5)
        if not theme.landscape:
            first.addWidget(Text(self, theme, Type.TITLE, words.text("tool.help"), align=self.align))
        for picture, key in (("not_empty", "help.empty"), ("insert", "help.insert"), ("coin", "help.finish")):
            first.addWidget(Step(self, theme, picture, words.text(key)), 1)
        for widget in (self.nobody, self.desk, self.number, self.unread):
            second.addWidget(widget)
        if theme.landscape:
            second.addStretch(1)
        second.addWidget(self.back)

    def show_view(self, view: ViewState) -> None:
        number = view.visit_number
        self.number.say(self.words.text("help.number", number=number) if number else "")

    def spare(self) -> tuple[QWidget, ...]:
        """The number stands on every page."""
        return (self.number, self.unread)

    def main(self) -> Button:
        return self.back
