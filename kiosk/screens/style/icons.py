"""Draws the icons (``icons/*.svg``, lines in one colour) and the pictures (``pictures/*.svg``, in the palette's colours).

A picture names its colours by the palette's words, ``fill="green"``; an icon's are ``currentColor``.
"""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer

from kiosk.screens.style.palette import Palette

HERE = Path(__file__).parent


def draw_icon(painter: QPainter, name: str, into: QRectF, colour: str, *, mirrored: bool = False) -> None:
    """``mirrored``: for arrows where people read from right to left."""
    source = (HERE / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    _render(painter, source.replace("currentColor", colour), into, mirrored)


def draw_picture(painter: QPainter, name: str, into: QRectF, palette: Palette) -> None:
    """In its own proportions, in the middle of ``into``."""
    source = (HERE / "pictures" / f"{name}.svg").read_text(encoding="utf-8")
    for colour in Palette.__slots__:
        source = source.replace(f'"{colour}"', f'"{getattr(palette, colour)}"')
    _render(painter, source, into, mirrored=False)


def _render(painter: QPainter, source: str, into: QRectF, mirrored: bool) -> None:
    renderer = QSvgRenderer(QByteArray(source.encode()))
    size = renderer.defaultSize()
    scale = min(into.width() / size.width(), into.height() / size.height())
    width, height = size.width() * scale, size.height() * scale
    box = QRectF(into.center().x() - width / 2, into.center().y() - height / 2, width, height)
    painter.save()
    if mirrored:
        painter.translate(2 * box.center().x(), 0)
        painter.scale(-1, 1)
    renderer.render(painter, box)
    painter.restore()
