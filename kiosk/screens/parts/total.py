"""The visitor's total in its ring: the hero of the screens. When a bottle is credited it flies along the ring into the bin and the sum counts up.

What does not move is painted once into a pixmap; a frame of the movement paints ring, bottle, bin and numbers on top of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from config.clock import Clock
from config.vocabulary import NO_CENTS, Cents, Material
from kiosk.screens.parts.motion import Motion, eased
from kiosk.screens.parts.text import WIDE, Align, Paragraph, fitted
from kiosk.screens.style.icons import draw_picture
from kiosk.screens.style.theme import WEIGHTS, Theme, Type
from kiosk.screens.style.typefaces import sized

FLIGHT_S = 0.9
INNER = 0.76
"""Of the disc's radius: where words may stand, inside the ring."""

RAISED = 0.07
"""So much of it the words stand above the middle, since the bin covers the lowest part."""

LEADING = 0.9

LANDED = 0.6
"""When the bottle is in the bin, as a part of the whole movement; the sum counts from a little before."""


@dataclass(frozen=True, slots=True)
class RingWords:
    """What the ring shows: words above, words below, the sum between."""

    label: str
    cents: Cents
    count: str
    accessible: str


@dataclass(frozen=True, slots=True)
class Shape:
    """``ring`` starts at its top and runs with the clock; ``bin`` sits on its lowest point."""

    outline: QPainterPath
    face: QPainterPath
    ring: QPainterPath
    ring_px: float
    words: QRectF
    scale: float
    round: bool
    bin: QRectF
    bottle_px: float


class Total(QLabel):
    """``show_total`` shows, ``credit`` moves there from what is shown. ``done``: the ring is closed because something was credited."""

    def __init__(self, parent: QWidget, theme: Theme, clock: Clock, amount: Callable[[Cents], str]) -> None:
        super().__init__(parent)
        self._theme = theme
        self._amount = amount
        self._shown = RingWords("", NO_CENTS, "", "")
        self._before = self._shown
        self._material: Material | None = None
        self._progress = 1.0
        self._closed = False
        self._still: QPixmap | None = None
        self._motion = Motion(self, clock, self._frame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(46 if theme.landscape else 62))

    @property
    def moving(self) -> bool:
        return self._motion.moving

    def show_total(self, standing: RingWords, *, closed: bool) -> None:
        """At once. ``closed``: the last bottle was credited."""
        if self._motion.moving and standing == self._shown:
            self._closed = closed
            return
        self._motion.stop()
        self._take(standing)
        self._before, self._closed = standing, closed
        self.update()

    def credit(self, standing: RingWords, material: Material | None) -> None:
        """With the bottle's flight, or at once where nothing may move."""
        self._motion.stop()
        before = self._shown
        self._take(standing)
        self._before, self._material, self._closed = before, material, True
        if self._theme.calm:
            self._before = standing
            self.update()
        else:
            self._motion.start(FLIGHT_S)

    def paintEvent(self, event: QPaintEvent) -> None:
        shape = self._shape()
        if self._still is None:
            self._still = self._paint_still(shape)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._still)
        self._paint_ring(painter, shape)
        if self._progress < 1.0 and self._material is not None:
            self._paint_bottle(painter, shape, self._material)
        draw_picture(painter, "bin", shape.bin, self._theme.palette)
        self._paint_words(painter, shape)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._still = None
        super().resizeEvent(event)

    def _take(self, standing: RingWords) -> None:
        self._shown = standing
        self.setText(standing.accessible)
        self._still = None

    def _frame(self, progress: float) -> None:
        self._progress = progress
        self.update()

    def _cents(self) -> Cents:
        if self._progress >= 1.0:
            return self._shown.cents
        counted = eased(self._progress, LANDED - 0.1)
        return Cents(round(self._before.cents + (self._shown.cents - self._before.cents) * counted))

    def _lines(self, width: float, scale: float = 1.0) -> tuple[Paragraph, Paragraph, Paragraph]:
        direction = self.layoutDirection()
        landed = self._progress >= LANDED
        label = fitted(self._shown.label, self._theme, Type.BODY, width, direction)
        size = round(self._theme.text(Type.TOTAL) * scale)
        total = Paragraph(self._amount(self._cents()), sized(size, WEIGHTS[Type.TOTAL]), width, direction)
        count = fitted(self._shown.count if landed else self._before.count, self._theme, Type.LEAD, width, direction, shrink=True)
        return label, total, count

    def _shape(self) -> Shape:
        """A disc, with the sum as large as it goes in; where large words have no room in a disc, a panel with round corners."""
        width, height = float(self.width()), float(self.height())
        side = min(width, height / 1.09)
        radius = side / 2
        centre = QPointF(width / 2, (height - side * 0.085) / 2)
        box = QRectF(centre.x() - radius, centre.y() - radius, side, side)
        for scale in (1.0, 0.92, 0.84, 0.76, 0.68):
            if self._fits(radius * INNER, scale):
                return self._shape_of(box, radius, radius * 0.075, scale, round_=True)
        box = QRectF(0, 0, width, height - self._theme.mm(5.5))
        return self._shape_of(
            box,
            self._theme.radius * 2.0,
            self._theme.mm(2.2),
            self._scale_for(width - 2 * self._theme.mm(7.5), box.height() - self._theme.mm(14)),
            round_=False,
        )

    def _fits(self, inner: float, scale: float) -> bool:
        """Whether every line lies within the circle, above and below."""
        lines = self._lines(WIDE, scale)
        y = -self._height(lines) / 2 - inner * RAISED
        for line in lines:
            furthest = max(abs(y + line.height * 0.2), abs(y + line.height * 0.8))
            if furthest >= inner or line.used / 2 > (inner**2 - furthest**2) ** 0.5:
                return False
            y += line.height * LEADING
        return True

    def _scale_for(self, width: float, height: float) -> float:
        """By which the sum lets all three lines into so much room."""
        lines = self._lines(WIDE)
        others = self._height(lines) - lines[1].height * LEADING
        return min(1.0, width / lines[1].used, max(0.5, (height - others) / lines[1].height))

    @staticmethod
    def _height(lines: tuple[Paragraph, ...]) -> float:
        return sum(line.height for line in lines) - (1 - LEADING) * sum(line.height for line in lines[:-1])

    def _shape_of(self, box: QRectF, radius: float, ring_px: float, scale: float, *, round_: bool) -> Shape:
        rim = radius * 0.07 if round_ else self._theme.mm(1.8)
        face = box.adjusted(rim, rim, -rim, -rim)
        in_ = rim + ring_px * 0.95
        ring = box.adjusted(in_, in_, -in_, -in_)
        bin_width = box.width() * 0.24 if round_ else self._theme.mm(15)
        bin_height = bin_width * 110 / 150
        bottom = QPointF(box.center().x(), ring.bottom())
        bin_box = QRectF(bottom.x() - bin_width / 2, bottom.y() - bin_height * 0.42, bin_width, bin_height)
        margin = in_ + ring_px
        across = 2 * radius * INNER if round_ else box.width() - 2 * margin
        words = QRectF(box.center().x() - across / 2, box.top(), across, box.height())
        return Shape(
            outline=_around(box, radius),
            face=_around(face, radius - rim),
            ring=_around(ring, radius - in_),
            ring_px=ring_px,
            words=words,
            scale=scale,
            round=round_,
            bin=bin_box,
            bottle_px=box.width() * 0.26 if round_ else self._theme.mm(22),
        )

    def _paint_still(self, shape: Shape) -> QPixmap:
        palette = self._theme.palette
        still = QPixmap(self.size() * self.devicePixelRatioF())
        still.setDevicePixelRatio(self.devicePixelRatioF())
        still.fill(Qt.GlobalColor.transparent)
        painter = QPainter(still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(shape.outline, QColor(palette.sun))
        painter.fillPath(shape.face, QColor(palette.card))
        if self._theme.contrast:
            painter.strokePath(shape.face, QPen(QColor(palette.line), self._theme.border))
        painter.strokePath(shape.ring, self._pen(palette.track, shape))
        painter.end()
        return still

    def _paint_ring(self, painter: QPainter, shape: Shape) -> None:
        if not self._closed:
            return
        pen = self._pen(self._theme.palette.green, shape)
        if self._progress < 1.0:
            run = 0.5 * eased(self._progress, 0.0, LANDED) + 0.5 * eased(self._progress, LANDED - 0.1)
            length = shape.ring.length() / shape.ring_px
            pen.setDashPattern([max(0.01, run * length), 2 * length])
        painter.strokePath(shape.ring, pen)

    def _pen(self, colour: str, shape: Shape) -> QPen:
        pen = QPen(QColor(colour), shape.ring_px)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _paint_bottle(self, painter: QPainter, shape: Shape, material: Material) -> None:
        along = eased(self._progress, 0.0, LANDED)
        if along >= 1.0:
            return
        at = shape.ring.pointAtPercent(min(1.0, along * 0.5))
        size = shape.bottle_px * (1.0 - 0.45 * along)
        painter.save()
        painter.setOpacity(min(1.0, self._progress * 8))
        painter.translate(at.x(), at.y())
        painter.rotate(70 + 110 * along)
        draw_picture(painter, material.value, QRectF(-size / 2, -size / 2, size, size), self._theme.palette)
        painter.restore()

    def _paint_words(self, painter: QPainter, shape: Shape) -> None:
        palette = self._theme.palette
        lines = self._lines(shape.words.width(), shape.scale)
        raised = shape.words.width() / 2 * RAISED if shape.round else shape.bin.height() * 0.2
        y = shape.words.center().y() - self._height(lines) / 2 - raised
        for line, colour in zip(lines, (palette.soft, palette.ink, palette.ink), strict=True):
            line.draw(painter, QPointF(shape.words.left(), y), Align.CENTRE, colour)
            y += line.height * LEADING


def _around(box: QRectF, radius: float) -> QPainterPath:
    """A box with round corners, from the middle of its top and with the clock."""
    corner = max(0.0, min(radius, box.width() / 2, box.height() / 2))
    path = QPainterPath(QPointF(box.center().x(), box.top()))
    for x, y, angle in (
        (box.right() - 2 * corner, box.top(), 90),
        (box.right() - 2 * corner, box.bottom() - 2 * corner, 0),
        (box.left(), box.bottom() - 2 * corner, -90),
        (box.left(), box.top(), -180),
    ):
        path.arcTo(QRectF(x, y, 2 * corner, 2 * corner), angle, -90)
    path.closeSubpath()
    return path
