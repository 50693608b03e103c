"""The page while nobody is there: the deal, as what a bottle is worth, in which form it is paid, how it goes and what is taken. A bottle begins a visit, and so does a touch anywhere."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from config.vocabulary import Material
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.kinds import Kind, Kinds
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.steps import Step, Steps
from kiosk.screens.parts.text import Align, Paragraph, Text, fitted
from kiosk.screens.style.icons import draw_picture
from kiosk.screens.style.theme import Theme, Type
from kiosk.screens.visitor.item import full_of, possible_of, today_of
from kiosk.screens.visitor.page import Page, Wish

TIGHT = 1.05
"""Height of an amount, in sizes of its font: digits reach neither below their line nor as high as some letters."""


class Price(QLabel):
    """What a bottle is worth and in which form, with a bottle of each kind: on both sides where it is wide, above where it is high."""

    def __init__(self, parent: QWidget, theme: Theme, amount: str, each: str, deal: str) -> None:
        super().__init__(f"{amount} {each}\n{deal}", parent)
        self._theme = theme
        self._amount = amount
        self._each = each
        self._deal = deal
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for the words alone."""
        return round(self._high(self._lines(width)) + 2 * self._theme.mm(1.0) + 0.5)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, radius = self._theme.palette, self._theme.radius
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._theme.border / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.setPen(QPen(QColor(palette.line), self._theme.border) if self._theme.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.sun))
        painter.drawRoundedRect(box, radius, radius)
        amount, each, deal = lines = self._lines(self.width())
        words = self._high(lines)
        above = box.height() - words - 2 * self._theme.pad
        beside = (box.width() - max(amount.used, each.used)) / 2 - 2 * self._theme.pad
        top = box.top() + (box.height() - words) / 2
        if beside > self._theme.mm(14):
            high = min(_tight(amount) + each.height, 2.5 * beside)
            low = top + _tight(amount) + each.height
            for picture, left in (("glass", box.left()), ("plastic", box.right() - beside - 2 * self._theme.pad)):
                draw_picture(painter, picture, QRectF(left, low - high, beside + 2 * self._theme.pad, high), palette)
        elif above > self._theme.mm(16):
            bottles = min(above, box.width() * 0.62)
            self._paint_bottles(painter, QRectF(box.left(), top - bottles / 2, box.width(), bottles))
            top += bottles / 2
        left = (self.width() - amount.width) / 2
        raised = amount.baselines()[0] - 0.86 * amount.font.pixelSize()
        amount.draw(painter, QPointF(left, top - raised), Align.CENTRE, palette.ink)
        top += _tight(amount)
        each.draw(painter, QPointF(left, top - (each.height - each.snug) / 2), Align.CENTRE, palette.ink)
        top += each.snug + self._theme.gap
        deal.draw(painter, QPointF(left, top), Align.CENTRE, palette.ink)

    def _lines(self, width: float) -> tuple[Paragraph, Paragraph, Paragraph]:
        inner, direction = max(1.0, width - 2 * self._theme.pad), self.layoutDirection()
        return (
            fitted(self._amount, self._theme, Type.TOTAL, inner, direction),
            fitted(self._each, self._theme, Type.HEAD, inner, direction, shrink=True),
            fitted(self._deal, self._theme, Type.BODY if self._theme.landscape else Type.LEAD, inner, direction),
        )

    def _high(self, lines: tuple[Paragraph, Paragraph, Paragraph]) -> float:
        amount, each, deal = lines
        return _tight(amount) + each.snug + (self._theme.gap + deal.height if self._deal else 0.0)

    def _paint_bottles(self, painter: QPainter, box: QRectF) -> None:
        for picture, side, angle in (("glass", -0.27, -9), ("plastic", 0.27, 9)):
            size = box.height() * 0.94
            painter.save()
            painter.translate(box.center().x() + side * size, box.center().y())
            painter.rotate(angle)
            draw_picture(painter, picture, QRectF(-size / 2, -size / 2, size, size), self._theme.palette)
            painter.restore()


def _tight(amount: Paragraph) -> float:
    return TIGHT * amount.font.pixelSize()


class Attract(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.title = Text(self, theme, Type.TITLE, words.text("attract.title"), align=self.align, shrink=True)
        deal = words.text("attract.deal")
        price = Price(self, theme, words.amount(self.setting.reward), words.text("attract.each"), "" if theme.compact else deal)
        self.deal = Text(self, theme, Type.BODY, deal if theme.compact else "")
        pictures = (("not_empty", "attract.empty"), ("insert", "attract.insert"), ("voucher", "attract.voucher"))
        steps = Steps(self, theme, [Step(picture, words.text(key)) for picture, key in pictures])
        self.kinds = Kinds(self, theme)
        self.full = Remark(self, theme, "package")
        self.possible = Remark(self, theme, "info")
        self.today = Text(self, theme, Type.BODY, align=self.align, colour=theme.palette.soft)
        self.start = Text(self, theme, Type.BODY, words.text("attract.start"), align=self.align, colour=theme.palette.soft)
        self.begin = Button(
            self, theme, words.text("attract.begin"), name="begin", icon="arrow-right", look=Weight.MAIN, step=Type.TITLE, height=theme.main
        )
        self.wishes(self.begin, Wish.BEGIN)
        if theme.compact:
            self._across(price, steps)
        else:
            self._beside(price, steps)

    def _beside(self, price: Price, steps: Steps) -> None:
        """Money and the way one above the other, or beside each other."""
        first, second = self.split()
        (second if self.theme.landscape else first).addWidget(self.title)
        first.addWidget(price, 3)
        (second if self.theme.landscape else first).addWidget(steps, 2)
        for widget in (self.kinds, self.full, self.possible, self.today, self.start, self.begin):
            second.addWidget(widget)

    def _across(self, price: Price, steps: Steps) -> None:
        """Large letters where height is short: steps and kinds have the whole width."""
        whole = self.column()
        above = QHBoxLayout()
        above.setSpacing(2 * self.theme.gap)
        words = self.column(into=above)
        above.addWidget(price, 2)
        above.addLayout(words, 3)
        words.addStretch(1)
        for widget in (self.title, self.deal, self.full, self.possible, self.today, self.start):
            words.addWidget(widget)
        words.addStretch(1)
        whole.addLayout(above, 1)
        for part in (steps, self.kinds, self.begin):
            whole.addWidget(part)

    def show_view(self, view: ViewState) -> None:
        self.kinds.show_kinds([*(self._kind(view, material) for material in Material), self._cans()])
        self.full.say(full_of(view, self.words))
        self.possible.say(possible_of(view, self.words, self.setting.visit_bottles))
        self.today.say(today_of(view, self.words))

    def _kind(self, view: ViewState, material: Material) -> Kind:
        full, name = material in view.full, self.words.text(f"material.{material}")
        return Kind(name, self.words.text("attract.refused" if full else "attract.taken", kind=name), taken=not full, struck=full)

    def _cans(self) -> Kind:
        name = self.words.text("attract.cans")
        return Kind(name, self.words.text("attract.refused", kind=name), taken=False)

    def spare(self) -> tuple[QWidget, ...]:
        """Never what is taken, nor which bin is full. The title says what the name above says too, where that stands."""
        first = (self.today, self.title) if self.theme.compact else (self.title, self.today)
        return (self.start, *first, self.possible, self.deal)

    def main(self) -> Button:
        return self.begin

    def touch_beside(self) -> None:
        """It begins too."""
        self.wished.emit(Wish.BEGIN)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.touch_beside()
