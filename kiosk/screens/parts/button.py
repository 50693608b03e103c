"""The one button of the screens: a raised face with an icon and words, or with a title, a note and an arrow. What it does, its page says.

It acts when the finger leaves it, and not if the finger slid off before. The ring round the chosen one is the window's (``focus_ring.py``).
"""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from kiosk.screens.parts.text import WIDE, Align, Paragraph, fitted
from kiosk.screens.style.icons import draw_icon
from kiosk.screens.style.theme import Theme, Type

CHOICE_ICON_MM, CHOICE_ARROW_MM = 18.0, 11.0
"""On a choice that has room for them; smaller on a lower one."""


class Weight(Enum):
    """``MAIN`` and ``OTHER`` are the two weighty ones of a screen; ``PLAIN`` is a card; a checked ``PLAIN`` one is filled with ink. ``STOP`` ends what moves."""

    MAIN = "main"
    OTHER = "other"
    PLAIN = "plain"
    STOP = "stop"


class Arrangement(Enum):
    """How icon and words stand: side by side, one above the other, as a row with title, note and perhaps an arrow, or the icon alone."""

    ROW = "row"
    STACK = "stack"
    CHOICE = "choice"
    ICON = "icon"


@dataclass(frozen=True, slots=True)
class Colours:
    face: str
    edge: str
    words: str
    border: str | None


class Button(QAbstractButton):
    """``say`` changes its words. Its accessible name is words and note together."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        words: str,
        *,
        name: str,
        icon: str = "",
        note: str = "",
        look: Weight = Weight.PLAIN,
        form: Arrangement = Arrangement.ROW,
        step: Type = Type.LEAD,
        height: int | None = None,
        arrow: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._theme = theme
        self._icon = icon
        self._note = note
        self._look = look
        self._form = form
        self._step = step
        self._least = height or theme.target
        self._arrow = arrow
        # a finger chooses nothing for the keys: one that slid off would leave the ring round another button than OK presses
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(theme.target, theme.target)
        self.say(words, note)

    def say(self, words: str, note: str = "") -> None:
        self._note = note
        self.setText(words)
        self.setAccessibleName(f"{words}. {note}" if note else words)
        self.updateGeometry()
        self.update()

    def dress(self, look: Weight) -> None:
        """How weighty it is among its page's buttons."""
        self._look = look
        self.update()

    def overflows(self) -> bool:
        """Whether a word is wider than its place."""
        return self._form is not Arrangement.ICON and any(part.overflows for part in self._paragraphs(self.width()) if part is not None)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self._form is Arrangement.ICON:
            return self._least
        words, note = self._paragraphs(width)
        height = (
            words.height
            + (note.height if note else 0.0)
            + self._theme.edge
            + 2 * self._theme.mm(0.1 if self._theme.compact else 0.4 if self._theme.bigger else 0.7 if self._theme.landscape else 1.4)
        )
        if self._form is Arrangement.STACK:
            height += self._icon_px(self._least)
        return max(self._least, round(height + 0.5))

    def sizeHint(self) -> QSize:
        if self._form is Arrangement.ICON:
            return QSize(round(self._least * 1.1), self._least)
        words, note = self._paragraphs(round(WIDE))
        width = max(words.used, note.used if note else 0.0) + self._taken() + 2
        return QSize(max(self._least, round(width)), self._least)

    def nextCheckState(self) -> None:
        """A touch changes nothing here: what is on is shown once the window has agreed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys are the window's, so that they do the same wherever the focus is."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = self._paint_face(painter)
        words, note = self._paragraphs(self.width())
        match self._form:
            case Arrangement.ICON:
                self._paint_icon(painter, self._square(face.center(), face.height() * 0.56))
            case Arrangement.STACK:
                self._paint_stack(painter, face, words)
            case Arrangement.ROW:
                self._paint_row(painter, face, words)
            case Arrangement.CHOICE:
                self._paint_choice(painter, face, words, note)

    def _colours(self) -> Colours:
        palette = self._theme.palette
        if not self.isEnabled():
            ground = palette.card if self._theme.contrast else palette.track
            return Colours(ground, palette.track, palette.ink, palette.track)
        if self.isChecked():
            return Colours(palette.ink, palette.ink, palette.on_ink, None)
        match self._look:
            case Weight.MAIN:
                return Colours(palette.green, palette.green_edge, palette.on_green, None)
            case Weight.OTHER:
                return Colours(palette.blue, palette.blue_edge, palette.on_blue, None)
            case Weight.STOP:
                return Colours(palette.red, palette.ink, palette.on_red, None)
            case Weight.PLAIN:
                return Colours(palette.card, palette.line, palette.ink, palette.line)

    def _paint_face(self, painter: QPainter) -> QRectF:
        colours, edge, radius = self._colours(), self._theme.edge, self._theme.radius
        whole = QRectF(self.rect())
        face = whole.adjusted(0, edge, 0, 0) if self.isDown() or self.isChecked() else whole.adjusted(0, 0, 0, -edge)
        painter.setPen(Qt.PenStyle.NoPen)
        if not (self.isDown() or self.isChecked()):
            painter.setBrush(QColor(colours.edge))
            painter.drawRoundedRect(whole, radius, radius)
        elif self.isChecked():
            face = whole
        inset = self._theme.border / 2 if colours.border else 0.0
        painter.setPen(QPen(QColor(colours.border), self._theme.border) if colours.border else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.face))
        painter.drawRoundedRect(face.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
        return face

    def _paint_stack(self, painter: QPainter, face: QRectF, words: Paragraph) -> None:
        icon = self._icon_px(face.height())
        top = face.top() + (face.height() - icon - words.height) / 2
        self._paint_icon(painter, self._square(QPointF(face.center().x(), top + icon / 2), icon))
        words.draw(painter, QPointF((self.width() - words.width) / 2, top + icon), Align.CENTRE, self._colours().words)

    def _paint_row(self, painter: QPainter, face: QRectF, words: Paragraph) -> None:
        icon = self._icon_px(face.height()) if self._icon else 0.0
        between = self._between() if icon else 0.0
        start = face.left() + (face.width() - icon - between - words.used) / 2
        y = face.center().y() - words.height / 2
        if self._right_to_left():
            self._paint_icon(painter, self._square(QPointF(start + words.used + between + icon / 2, face.center().y()), icon))
            words.draw(painter, QPointF(start - (words.width - words.used) / 2, y), Align.CENTRE, self._colours().words)
            return
        self._paint_icon(painter, self._square(QPointF(start + icon / 2, face.center().y()), icon))
        words.draw(painter, QPointF(start + icon + between - (words.width - words.used) / 2, y), Align.CENTRE, self._colours().words)

    def _paint_choice(self, painter: QPainter, face: QRectF, words: Paragraph, note: Paragraph | None) -> None:
        icon, pad = self._icon_px(face.height()), self._theme.pad
        lines = words.height + (note.height if note else 0.0)
        y = face.center().y() - lines / 2
        away = face.left() + pad + (icon + self._between() if self._icon else 0.0)
        left = face.right() - (away - face.left()) - words.width if self._right_to_left() else away
        centre = face.right() - pad - icon / 2 if self._right_to_left() else face.left() + pad + icon / 2
        self._paint_icon(painter, self._square(QPointF(centre, face.center().y()), icon))
        if (arrow := self._arrow_px()) > 0:
            end = face.left() + pad + arrow / 2 if self._right_to_left() else face.right() - pad - arrow / 2
            into = self._square(QPointF(end, face.center().y()), arrow)
            draw_icon(painter, "arrow-right", into, self._colours().words, mirrored=self._right_to_left())
        words.draw(painter, QPointF(left, y), Align.START, self._colours().words)
        if note:
            note.draw(painter, QPointF(left, y + words.height), Align.START, self._colours().words)

    def _paint_icon(self, painter: QPainter, into: QRectF) -> None:
        if self._icon:
            mirrored = self._right_to_left() and self._icon in {"arrow-right", "arrow-left", "undo-2", "log-out"}
            draw_icon(painter, self._icon, into, self._colours().words, mirrored=mirrored)

    def _paragraphs(self, width: float) -> tuple[Paragraph, Paragraph | None]:
        inner = max(1.0, width - self._taken())
        direction = self.layoutDirection()
        words = fitted(self.text(), self._theme, self._step, inner, direction, shrink=True)
        return words, fitted(self._note, self._theme, Type.BODY, inner, direction) if self._note else None

    def _taken(self) -> float:
        """Of the width, by padding and icon."""
        match self._form:
            case Arrangement.STACK | Arrangement.ICON:
                return 2.0 * self._theme.mm(1.0)
            case Arrangement.CHOICE:
                beside = (px + self._between() for px in (self._icon_px(self._least) if self._icon else 0.0, self._arrow_px()) if px)
                return 2.0 * self._theme.pad + sum(beside)
            case Arrangement.ROW:
                return 2.0 * self._theme.mm(2.6) + (self._icon_px(self._least) + self._between() if self._icon else 0.0)

    def _icon_px(self, height: float) -> float:
        match self._form:
            case Arrangement.STACK:
                return self._least * 0.46
            case Arrangement.CHOICE:
                return min(self._least * (0.5 if self._arrow else 0.62), self._theme.mm(CHOICE_ICON_MM))
            case Arrangement.ROW | Arrangement.ICON:
                return min(height * 0.6, self._theme.text(self._step) * 1.1)

    def _arrow_px(self) -> float:
        """At the end of a choice that leads on; large text on a low panel needs its room."""
        return 0.0 if self._theme.compact or not self._arrow else self._icon_px(self._least) * CHOICE_ARROW_MM / CHOICE_ICON_MM

    def _between(self) -> float:
        return self._theme.mm(2.0)

    def _right_to_left(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    @staticmethod
    def _square(centre: QPointF, side: float) -> QRectF:
        return QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
