"""The painter of paper: a sheet in dots, set by the screens' own paragraphs and fonts, so that Arabic is shaped as it is on the glass. May be used from
any thread once a QGuiApplication stands and the fonts are registered (``ready``).
"""

import sys
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from config.settings import Settings
from drivers.printer.raster import DOTS_PER_MM, Bitmap
from kiosk.paper.sheet import Code, Line, Paper, Piece, Place, Rule, Sheet, Size
from kiosk.screens.parts.text import Align, Paragraph
from kiosk.screens.parts.ticket import QUIET, Modules, modules_of
from kiosk.screens.style.theme import CAPITAL_EM
from kiosk.screens.style.typefaces import register, sized
from kiosk.words.catalogue import choice

PRINTABLE = {80: 576, 58: 384}
"""Dots across, by the paper's millimetres: 72 and 48 mm, as printers of 203 dots an inch have them."""

LEAST_MODULE = 5
"""Dots: 0.62 mm, some five of a phone's pixels at 20 cm. Below it no redundancy is worth its modules."""
WIDEST_CODE_MM = 54

GAP_MM, PAD_MM, SIDE_MM = 1.6, 1.2, 0.5
"""Below a piece; within a frame; and from the edge to the first letter, some of which reach back."""
RULE_DOTS = 2
WEIGHT, HEAVY = 600, 800
DARK = 128
"""Of 256: what is darker is a dot."""

BLACK = "#000000"


def ready(arguments: list[str] | None = None) -> QGuiApplication | None:
    """For a kiosk without a screen: makes what Qt needs to set text, if nobody has. Whoever is given it keeps it."""
    made = None if QGuiApplication.instance() is not None else QGuiApplication([*(arguments or sys.argv[:1]), "-platform", "offscreen"])
    register()
    return made


def paper_of(settings: Settings) -> Paper | None:
    """What the configured printer's sheets are made with, None where there is none. Raises CatalogueBroken for French."""
    if settings.printer.kind == "none":
        return None
    return Paper(
        partial(draw, paper_mm=settings.printer.paper_mm),
        {words.language: words for words in choice().words},
        settings.printer.where,
        settings.kiosk.id,
    )


def draw(sheet: Sheet, paper_mm: int) -> Bitmap:
    """The dots of a sheet on paper that is so wide."""
    import numpy as np  # here, since no start waits for a ticket

    width = PRINTABLE[paper_mm]
    tall = sum(_height(piece, width) + _dots(GAP_MM) for piece in sheet) + _dots(GAP_MM)
    image = QImage(width, tall, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    top = _dots(GAP_MM)
    for piece in sheet:
        _draw(painter, piece, top, width)
        top += _height(piece, width) + _dots(GAP_MM)
    painter.end()
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(tall, image.bytesPerLine())[:, :width]
    return Bitmap(width, tall, np.packbits(grey < DARK, axis=1).tobytes())


def set_line(line: Line, width: int) -> tuple[Paragraph, ...]:
    """As it is set on paper so wide: one paragraph, or two that share a line."""
    inner = width - 2 * _beside(line)
    font = sized(round(line.size.value * DOTS_PER_MM / CAPITAL_EM + 0.5), WEIGHT if line.size in (Size.SMALL, Size.BODY) else HEAVY)
    way = Qt.LayoutDirection.RightToLeft if line.right_to_left else Qt.LayoutDirection.LeftToRight
    if line.place is Place.APART:
        left, _, right = line.words.partition("\t")
        last = Paragraph(right, font, inner, way)
        return Paragraph(left, font, inner - last.used - _dots(GAP_MM), way), last
    whole = Paragraph(line.words, font, inner, way)
    return (Paragraph(line.broken, font, inner, way),) if line.broken and (whole.lines > 1 or whole.overflows) else (whole,)


def code_of(link: str, width: int) -> tuple[Modules, int]:
    """The code with most redundancy whose modules are large enough on paper so wide, and the side of one in dots."""
    room = min(width, _dots(WIDEST_CODE_MM))
    for redundancy in "qm":
        modules = modules_of(link, redundancy)
        module = room // (len(modules) + 2 * QUIET)
        if module >= LEAST_MODULE:
            return modules, module
    modules = modules_of(link, "l")
    return modules, max(1, room // (len(modules) + 2 * QUIET))


def _height(piece: Piece, width: int) -> int:
    match piece:
        case Line():
            tall = max(round(paragraph.height + 0.5) for paragraph in set_line(piece, width))
            return tall + (2 * _dots(PAD_MM) if piece.boxed else 0)
        case Code(link):
            modules, module = code_of(link, width)
            return module * (len(modules) + 2 * QUIET)
        case Rule():
            return RULE_DOTS


def _draw(painter: QPainter, piece: Piece, top: int, width: int) -> None:
    match piece:
        case Line():
            _draw_line(painter, piece, top, width)
        case Code(link):
            modules, module = code_of(link, width)
            left = (width - module * len(modules)) // 2
            for y, row in enumerate(modules, QUIET):
                for x, dark in enumerate(row):
                    if dark:
                        painter.fillRect(left + x * module, top + y * module, module, module, QColor(BLACK))
        case Rule():
            painter.fillRect(0, top, width, RULE_DOTS, QColor(BLACK))


def _draw_line(painter: QPainter, line: Line, top: int, width: int) -> None:
    pad = _dots(PAD_MM) if line.boxed else 0
    beside = _beside(line)
    align = Align.CENTRE if line.place is Place.CENTRE else Align.START
    first, *others = set_line(line, width)
    first.draw(painter, QPointF(beside, top + pad), align, BLACK)
    for other in others:
        other.draw(painter, QPointF(width - beside - other.used, top), align, BLACK)
    if line.boxed:
        half = RULE_DOTS / 2
        painter.setPen(QColor(BLACK))
        painter.drawRect(QRectF(half, top + half, width - RULE_DOTS, first.height + 2 * pad - RULE_DOTS))


def _beside(line: Line) -> int:
    return _dots(PAD_MM if line.boxed else SIDE_MM)


def _dots(mm: float) -> int:
    return round(mm * DOTS_PER_MM)
