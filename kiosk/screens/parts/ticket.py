"""The voucher as a ticket: its QR code, and the same code to read aloud in groups 4-4-4-5. Black on white whatever the palette, for cameras."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kiosk.screens.parts.text import Align, Paragraph, fitted
from kiosk.screens.style.theme import Theme, Type

QUIET = 4
"""Modules of white round a QR code that its standard asks for (ISO/IEC 18004)."""


def grouped(code: str) -> str:
    """A voucher's 17 letters as 4-4-4-5."""
    return " ".join((code[:4], code[4:8], code[8:12], code[12:]))


class Ticket(QLabel):
    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._code = ""
        self._modules: tuple[bytearray, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(50))

    def show_ticket(self, link: str, code: str, accessible: str) -> None:
        import segno  # here, since no start waits for a voucher

        self._modules = tuple(segno.make_qr(link, error="l", boost_error=True).matrix)
        self._code = grouped(code)
        self.setText(accessible)
        self.setAccessibleName(accessible)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pad, words = self._theme.mm(2.4), self._words()
        across = len(self._modules) + 2 * QUIET
        room = min(self.width() - pad, self.height() - words.height - pad)
        module = int(room / across)
        side = module * across
        width = max(side, words.used + 2 * pad) + 2 * pad
        height = side + words.height + pad
        box = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        painter.setPen(QPen(QColor(self._theme.palette.line), self._theme.border))
        painter.setBrush(QColor("white"))
        half = self._theme.border / 2
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)
        self._paint_code(painter, round((self.width() - side) / 2), round(box.top()), module)
        words.draw(painter, QPointF((self.width() - words.width) / 2, box.top() + side), Align.CENTRE, "#000000")

    def _words(self) -> Paragraph:
        width = self.width() - 4 * self._theme.mm(2.4)
        return fitted(self._code, self._theme, Type.LEAD, width, Qt.LayoutDirection.LeftToRight, shrink=True)

    def _paint_code(self, painter: QPainter, left: int, top: int, module: int) -> None:
        """Whole pixels and sharp edges."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for y, row in enumerate(self._modules, start=QUIET):
            for x, dark in enumerate(row, start=QUIET):
                if dark:
                    painter.fillRect(left + x * module, top + y * module, module, module, QColor("black"))
