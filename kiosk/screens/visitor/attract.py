"""The page while nobody is there: what this is, what a bottle is worth, what is taken. A bottle begins a visit, and so does a touch anywhere."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from config.vocabulary import Material
from kiosk.deposit.view import ViewState
from kiosk.screens.parts.button import Button, Weight
from kiosk.screens.parts.card import octagon
from kiosk.screens.parts.note import Remark
from kiosk.screens.parts.text import WIDE, Align, Text, fitted
from kiosk.screens.style.icons import draw_icon, draw_picture
from kiosk.screens.style.theme import Theme, Type
from kiosk.screens.visitor.item import full_of, possible_of
from kiosk.screens.visitor.page import Page, Wish
from kiosk.words.catalogue import Words


class Price(QLabel):
    """What a bottle is worth, between a bottle of each kind."""

    def __init__(self, parent: QWidget, theme: Theme, amount: str, each: str) -> None:
        super().__init__(f"{amount} {each}", parent)
        self._theme = theme
        self._amount = amount
        self._each = each
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, radius = self._theme.palette, self._theme.radius
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._theme.border / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.setPen(QPen(QColor(palette.line), self._theme.border) if self._theme.contrast else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.sun))
        painter.drawRoundedRect(box, radius, radius)
        width = box.width() - 2 * self._theme.pad
        amount = fitted(self._amount, self._theme, Type.TOTAL, width, self.layoutDirection())
        each = fitted(self._each, self._theme, Type.HEAD, width, self.layoutDirection(), shrink=True)
        words = amount.height * 0.92 + each.height
        bottles = max(0.0, min(box.height() - words - 2 * self._theme.pad, box.width() * 0.62))
        top = box.top() + (box.height() - bottles - words) / 2
        if bottles > self._theme.mm(16):
            self._paint_bottles(painter, QRectF(box.left(), top, box.width(), bottles))
        else:
            top = box.top() + (box.height() - words) / 2 - bottles
        amount.draw(painter, QPointF(box.left() + self._theme.pad, top + bottles), Align.CENTRE, palette.ink)
        each.draw(painter, QPointF(box.left() + self._theme.pad, top + bottles + amount.height * 0.92), Align.CENTRE, palette.ink)

    def _paint_bottles(self, painter: QPainter, box: QRectF) -> None:
        for picture, side, angle in (("glass", -0.27, -9), ("plastic", 0.27, 9)):
            size = box.height() * 0.94
            painter.save()
            painter.translate(box.center().x() + side * size, box.center().y())
            painter.rotate(angle)
            draw_picture(painter, picture, QRectF(-size / 2, -size / 2, size, size), self._theme.palette)
            painter.restore()


SIGN_MM = 9.0


class MaterialCard(QLabel):
    """One material that is taken, or not now because its bin is full."""

    def __init__(self, parent: QWidget, theme: Theme, words: Words, material: Material) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._material = material
        self._taken = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_kind(taken=True)

    def show_kind(self, *, taken: bool) -> None:
        self._taken = taken
        self.setText(self._words.text(f"material.{self._material}"))
        self.update()

    def sizeHint(self) -> QSize:
        height = self._theme.mm(17 if self._theme.compact else 14 if self._theme.landscape else 28)
        name = fitted(self.text(), self._theme, Type.LEAD, WIDE, self.layoutDirection())
        height = max(height, round(name.height + 0.5))
        return QSize(round(name.used + self._beside(height)) + 2, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, radius = self._theme.palette, self._theme.radius
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._theme.border / 2
        painter.setPen(QPen(QColor(palette.line), self._theme.border))
        painter.setBrush(QColor(palette.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        pad, sign, picture = self._pad(), self._theme.mm(SIGN_MM), self._picture(self.height())
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        width = max(1.0, self.width() - self._beside(self.height()))
        away = pad + (picture + pad if picture else 0)
        name = fitted(self.text(), self._theme, Type.LEAD, width, self.layoutDirection(), shrink=True)
        left = self.width() - away - width if right_to_left else away
        name.draw(painter, QPointF(left, (self.height() - name.height) / 2), Align.START, palette.ink)
        if picture:
            side = self.height() - pad
            draw_picture(painter, self._material.value, self._side(pad, picture, side, right_to_left), palette)
        self._paint_sign(painter, self._side(self.width() - sign - pad, sign, sign, right_to_left))

    def _pad(self) -> float:
        return self._theme.mm(2.2)

    def _picture(self, height: float) -> float:
        """Width of the bottle; short of height there is none."""
        return 0.0 if self._theme.compact else height * 0.38

    def _beside(self, height: float) -> float:
        """Width of all but the name."""
        picture = self._picture(height)
        return 3 * self._pad() + self._theme.mm(SIGN_MM) + (picture + self._pad() if picture else 0.0)

    def _side(self, left: float, width: float, height: float, right_to_left: bool) -> QRectF:
        return QRectF(self.width() - left - width if right_to_left else left, (self.height() - height) / 2, width, height)

    def _paint_sign(self, painter: QPainter, box: QRectF) -> None:
        palette = self._theme.palette
        inset = box.width() * 0.2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.green if self._taken else palette.red))
        if self._taken:
            painter.drawEllipse(box)
        else:
            painter.drawPolygon(octagon(box))
        colour = palette.on_green if self._taken else palette.on_red
        draw_icon(painter, "check" if self._taken else "x", box.adjusted(inset, inset, -inset, -inset), colour)


class Attract(Page):
    def build(self) -> None:
        theme, words = self.theme, self.words
        self.title = Text(self, theme, Type.TITLE, words.text("attract.title"), align=self.align, shrink=True)
        price = Price(self, theme, words.amount(self.setting.reward), words.text("attract.each"))
        self.kinds = {material: MaterialCard(self, theme, words, material) for material in Material}
        self.full = Remark(self, theme, "package")
        self.possible = Remark(self, theme, "info")
        self.start = Text(self, theme, Type.BODY, words.text("attract.start"), align=self.align, colour=theme.palette.soft)
        self.begin = Button(
            self, theme, words.text("attract.begin"), name="begin", icon="arrow-right", look=Weight.MAIN, step=Type.TITLE, height=theme.main
        )
        self.wishes(self.begin, Wish.BEGIN)
        first, second = self.split()
        (second if theme.landscape else first).addWidget(self.title)
        first.addWidget(price, 1)
        kinds = QHBoxLayout()
        kinds.setSpacing(theme.gap)
        for kind in self.kinds.values():
            kinds.addWidget(kind)
        second.addLayout(kinds)
        for widget in (self.full, self.possible, self.start):
            second.addWidget(widget)
        if theme.landscape:
            second.addStretch(1)
        second.addWidget(self.begin)

    def show_view(self, view: ViewState) -> None:
        for material, kind in self.kinds.items():
            kind.show_kind(taken=material not in view.full)
        self.full.say(full_of(view, self.words))
        self.possible.say(possible_of(view, self.words, self.setting.visit_bottles))

    def spare(self) -> tuple[QWidget, ...]:
        return (self.start, *self.kinds.values(), self.title)

    def main(self) -> Button:
        return self.begin

    def touch_beside(self) -> None:
        """It begins too."""
        self.wished.emit(Wish.BEGIN)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.touch_beside()
