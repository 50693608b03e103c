"""What the screen of a kiosk that is dead shows: a sign, and each language in a block of its own. The theme is not used, as it may be why the kiosk is dead."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPaintEvent, QPen, QPolygon, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kiosk.words.out_of_service import Notice

LETTERS = Path(__file__).parents[1] / "screens" / "style" / "fonts"

PAPER, INK, RED, WHITE, LINE = "#fff6e6", "#14213d", "#a12a0e", "#ffffff", "#8a7440"
"""The colours of the kiosk's screens: ink on paper 14.9:1, white on red 7.4:1."""

SHORT_SIDE_SHARE = 0.095
"""Height of the largest letters in shares of the screen's shorter side. On the smallest screen designed for, 10.1 in of 1280x800, their capitals are
8.6 mm high and the smallest ones' 5.7 mm."""


def letters() -> str | None:
    """The family of the kiosk's letters, or None for the system's."""
    families: list[str] = []
    for path in sorted(LETTERS.glob("KioskSans-*.ttf")):
        families += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    return families[0] if families else None


class Sign(QWidget):
    """An octagon with a bar: no entry, without a word and without colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def paintEvent(self, event: QPaintEvent) -> None:
        side = round(min(self.width(), self.height()) * 0.8)
        box = QRect(0, 0, side, side)
        box.moveCenter(self.rect().center())
        cut = round(side * 0.293)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(WHITE), max(2, side // 24)))
        painter.setBrush(QColor(RED))
        left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
        corners = [(left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut)]
        corners += [(right - cut, bottom), (left + cut, bottom), (left, bottom - cut), (left, top + cut)]
        painter.drawPolygon(QPolygon([QPoint(x, y) for x, y in corners]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(WHITE))
        bar = QRect(0, 0, round(side * 0.6), round(side * 0.14))
        bar.moveCenter(box.center())
        painter.drawRoundedRect(bar, bar.height() / 5, bar.height() / 5)


class DeadScreen(QWidget):
    """The whole screen: the sign, and each language in a block of its own, all of equal size."""

    def __init__(self, told: tuple[Notice, ...], family: str | None) -> None:
        super().__init__()
        self._family = family
        self._sized: list[tuple[QLabel, float, QFont.Weight]] = []
        self._blocks: list[QVBoxLayout] = []
        self._all = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._all.addWidget(Sign(), stretch=2)
        text = QVBoxLayout()
        for one in told:
            text.addStretch(1)
            text.addLayout(self._block(one))
        text.addStretch(1)
        self._all.addLayout(text, stretch=4)
        self.setWindowTitle(" · ".join(one.title for one in told))
        self.setStyleSheet(f"QWidget {{ background: {PAPER}; color: {INK}; }}")
        self.setCursor(Qt.CursorShape.BlankCursor)

    def _block(self, told: Notice) -> QVBoxLayout:
        block = QVBoxLayout()
        parts = ((told.title, 1.0, QFont.Weight.Bold), (told.where, 0.66, QFont.Weight.DemiBold), (told.money, 0.66, QFont.Weight.Normal))
        for text, size, weight in parts:
            label = QLabel(text)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
            self._sized.append((label, size, weight))
            block.addWidget(label)
        self._blocks.append(block)
        return block

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sizes follow the screen's; on a wide one the sign stands beside the words."""
        size = event.size()
        wide = size.width() > size.height()
        self._all.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        letter_px = min(size.width(), size.height()) * SHORT_SIDE_SHARE
        margin = round(letter_px / 2)
        self._all.setContentsMargins(margin, margin, margin, margin)
        for block in self._blocks:
            block.setSpacing(round(letter_px / 3))
        for label, share, weight in self._sized:
            font = QFont(self._family) if self._family else QFont(self.font())
            font.setPixelSize(max(8, round(letter_px * share)))
            font.setWeight(weight)
            label.setFont(font)
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(540, 960)
