"""Looks at a window of the visitor's screens as a person would: which words are drawn where, in which size, and on what ground."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from typing import Generic, TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from kiosk.screens.parts.button import Button
from kiosk.screens.parts.text import Align, Paragraph
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.visitor.window import VisitorWindow


@dataclass(frozen=True)
class Written:
    """Words as they were drawn. ``ink`` is where their strokes are, in pixels of the window; ``colour`` as ``#rrggbb``."""

    words: str
    widget: QWidget
    box: QRectF
    ink: QRectF
    font_px: int
    overflows: bool
    colour: str


CUT = "…"
"""What an elided word ends in."""

Window = TypeVar("Window", VisitorWindow, StaffWindow)


@dataclass
class Look(Generic[Window]):
    window: Window
    image: QImage
    written: list[Written] = field(default_factory=list)

    @property
    def whole(self) -> QRectF:
        return QRectF(self.window.rect())

    def clipped(self) -> list[str]:
        """Words that are not wholly inside what draws them, or wider than their line."""
        return [
            written.words
            for written in self.written
            if written.overflows or not _within(written.ink, _placed(written.widget, self.window)) or not _within(written.ink, self.whole)
        ]

    def over_an_edge(self) -> list[str]:
        """Words on a button that run over the line round its face."""
        found = []
        for written in self.written:
            if isinstance(written.widget, Button):
                theme = written.widget._theme
                inset = theme.border
                pressed = written.widget.isChecked() or written.widget.isDown()
                face = _placed(written.widget, self.window).adjusted(inset, inset, -inset, -inset - (0 if pressed else theme.edge))
                if not _within(written.ink, face):
                    found.append(written.words)
        return found

    def overlapping(self) -> list[tuple[str, str]]:
        return [(one.words, other.words) for one, other in combinations(self.written, 2) if _meet(one.ink, other.ink)]

    def covered(self) -> list[tuple[str, str]]:
        """Things beside each other that lie on each other."""
        things = self.things()
        return [
            (_name(one), _name(other))
            for one, other in combinations(things, 2)
            if _meet(_placed(one, self.window), _placed(other, self.window))
        ]

    def things(self) -> list[QWidget]:
        """What is shown and holds nothing else."""
        ring = self.window._ring
        shown = [widget for widget in self.window.findChildren(QWidget) if widget.isVisible() and widget is not ring]
        return [widget for widget in shown if not any(child.isVisible() for child in widget.findChildren(QWidget))]

    def buttons(self) -> list[Button]:
        return [button for button in self.window.findChildren(Button) if button.isVisible()]

    def faint(self, least: float) -> dict[str, float]:
        """Words whose contrast in the pixels is less than that."""
        colours = colours_of(self.image)
        found = {written.words: contrast_in(colours, written) for written in self.written}
        return {words: round(contrast, 2) for words, contrast in found.items() if contrast < least}


@contextmanager
def watching(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Written, QPointF]]]:
    """Remembers what ``Paragraph`` draws, and what is drawn on a widget in a box without one: charts and tables."""
    seen: list[tuple[Written, QPointF]] = []
    draw, draw_text = Paragraph.draw, QPainter.drawText

    def remembered(self: Paragraph, painter: QPainter, at: QPointF, align: Align, colour: str) -> QRectF:
        box = draw(self, painter, at, align, colour)
        device = painter.device()
        assert isinstance(device, QWidget), "words are drawn on widgets, never into a cached picture"
        if self.lines:
            px = self.font.pixelSize()
            seen.append((Written(self.words, device, box, _ink(self, box), px, self.overflows, colour), at))
        return box

    def boxed(painter: QPainter, box: QRectF, flags: int, words: str) -> None:
        draw_text(painter, box, flags, words)
        device, font = painter.device(), painter.font()
        if words and isinstance(device, QWidget):
            room, metrics = painter.boundingRect(box, flags, words), QFontMetricsF(font)
            overflows = not _within(room, box) or words.endswith(CUT)
            strokes = metrics.tightBoundingRect(words)
            one_line = room.height() < 1.5 * metrics.height()
            ink = QRectF(room.left(), room.top() + metrics.ascent() + strokes.top(), room.width(), strokes.height()) if one_line else room
            seen.append((Written(words, device, room, ink, font.pixelSize(), overflows, painter.pen().color().name()), room.topLeft()))

    with monkeypatch.context() as patched:
        patched.setattr(Paragraph, "draw", remembered)
        patched.setattr(QPainter, "drawText", boxed)
        yield seen


def look_at(window: Window, monkeypatch: pytest.MonkeyPatch) -> Look[Window]:
    """Draws the window once."""
    with watching(monkeypatch) as seen:
        image = window.grab().toImage()
    written = []
    for found, _ in seen:
        corner = QPointF(found.widget.mapTo(window, QPoint(0, 0)))
        written.append(
            Written(
                found.words,
                found.widget,
                found.box.translated(corner),
                found.ink.translated(corner),
                found.font_px,
                found.overflows,
                found.colour,
            )
        )
    return Look(window, image, written)


def _ink(paragraph: Paragraph, box: QRectF) -> QRectF:
    """The strokes' height: of the first line from its highest letter, of the last to its lowest."""
    metrics = QFontMetricsF(paragraph.font)
    first, last = paragraph.line_texts()[0], paragraph.line_texts()[-1]
    baseline_first, baseline_last = paragraph.baselines()
    top = box.top() + baseline_first + metrics.tightBoundingRect(first).top()
    bottom = box.top() + baseline_last + metrics.tightBoundingRect(last).bottom()
    return QRectF(box.left(), top, box.width(), bottom - top)


def _placed(widget: QWidget, window: QWidget) -> QRectF:
    return QRectF(QPointF(widget.mapTo(window, QPoint(0, 0))), widget.size().toSizeF())


def _within(inner: QRectF, outer: QRectF) -> bool:
    return outer.adjusted(-1.5, -1.5, 1.5, 1.5).contains(inner)


def _meet(one: QRectF, other: QRectF) -> bool:
    common = one.intersected(other)
    return common.width() > 1.5 and common.height() > 1.5


def _name(widget: QWidget) -> str:
    return widget.objectName() or f"{type(widget).__name__} {getattr(widget, 'text', str)()}"


def colours_of(image: QImage) -> NDArray[np.uint32]:
    """``0xrrggbb`` by row and column."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    return rows[:, : plain.width()] & np.uint32(0xFFFFFF)


def contrast_in(colours: NDArray[np.uint32], written: Written) -> float:
    """Between the ground, which is the commonest colour there, and the strokes, the colour farthest from it (WCAG 2.2, 1.4.3)."""
    height, width = colours.shape
    box = written.ink.toAlignedRect().intersected(QRect(0, 0, width, height))
    found, counts = np.unique(colours[box.top() : box.bottom() + 1 : 2, box.left() : box.right() + 1 : 2], return_counts=True)
    if not found.size:
        # none of it is in the picture
        return 1.0
    ground = luminance(int(found[counts.argmax()]))
    seen = [luminance(colour) for colour in found[counts > 2].tolist()]
    return max((max(ground, other) + 0.05) / (min(ground, other) + 0.05) for other in seen)


def luminance(rgb: int) -> float:
    def linear(part: int) -> float:
        value = part / 255
        return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(rgb >> 16 & 255) + 0.7152 * linear(rgb >> 8 & 255) + 0.0722 * linear(rgb & 255)
