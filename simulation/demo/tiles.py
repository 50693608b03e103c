"""The things to put in, as small pictures: one tile for each, with arrows that turn it. What becomes of a click is ``panel.py``'s."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from drivers.twin.items import Item, Picture
from kiosk.words.catalogue import Words

PICTURE = QSize(112, 60)
SHOWN = QRect(60, 40, 1160, 620)
"""Of a picture of 1280 x 720: where an item lies, without the walls of the chamber."""

ARROW = QSize(20, 20)
ARROW_INSIDE_PX = 4


class Tile(QWidget):
    """``put`` tells the item's name and how it is turned. It begins with its code to the camera, or as nearly as there is a picture."""

    put = Signal(str, int)

    def __init__(self, item: Item, words: Words) -> None:
        super().__init__()
        self.name = item.name
        self._item = item
        self.called = words.text(f"panel.item.{item.name}")
        self._side = min(range(len(item.pictures)), key=lambda side: _from_camera(item.pictures[side]))
        self._pictures = [QIcon(_thumbnail(picture)) for picture in item.pictures]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        self.picture = QToolButton()
        self.picture.setIconSize(PICTURE)
        self.picture.setFixedSize(PICTURE + QSize(8, 8))
        self.picture.setAccessibleName(self.called)
        self.picture.setToolTip(self.called)
        self.picture.clicked.connect(lambda: self.put.emit(item.name, self.roll_deg))
        column.addWidget(self.picture, alignment=Qt.AlignmentFlag.AlignHCenter)
        caption = QLabel(self.called)
        caption.setObjectName("caption")
        caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(caption)
        self.arrows = [self._arrow(arrow, words) for arrow in (Qt.ArrowType.LeftArrow, Qt.ArrowType.RightArrow)] if self._turns else []
        self._show()

    @property
    def roll_deg(self) -> int:
        return self._item.pictures[self._side].roll_deg

    @property
    def _turns(self) -> bool:
        return len(self._pictures) > 1

    def _arrow(self, arrow: Qt.ArrowType, words: Words) -> QToolButton:
        right = arrow is Qt.ArrowType.RightArrow
        button = QToolButton(self.picture)
        button.setObjectName("arrow")
        button.setArrowType(arrow)
        button.setFixedSize(ARROW)
        button.setAccessibleName(words.text("panel.turn.right" if right else "panel.turn.left", item=self.called))
        left, top = ARROW_INSIDE_PX, self.picture.height() - ARROW.height() - ARROW_INSIDE_PX
        button.move(self.picture.width() - ARROW.width() - left if right else left, top)
        button.clicked.connect(lambda: self._turn(1 if right else -1))
        return button

    def _turn(self, sides: int) -> None:
        self._side = (self._side + sides) % len(self._pictures)
        self._show()

    def _show(self) -> None:
        self.picture.setIcon(self._pictures[self._side])


def _from_camera(picture: Picture) -> int:
    """How far its code is turned away from the camera, in degrees."""
    return min(picture.roll_deg, 360 - picture.roll_deg)


def _thumbnail(picture: Picture) -> QPixmap:
    reader = QImageReader(str(picture.path))
    reader.setClipRect(SHOWN)
    reader.setScaledSize(PICTURE)
    return QPixmap.fromImage(reader.read())
