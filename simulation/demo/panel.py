"""The panel beside the kiosk's window: what to put in, what to provoke, what the camera sees and what the city has heard. Layout and signals."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from drivers.twin.items import Item
from kiosk.words.catalogue import Words
from simulation.demo.camera_view import CameraView
from simulation.demo.deeds import PARTS, Deed, Provoke, PutIn, Situation
from simulation.demo.faults import LINES, Mishap
from simulation.demo.sheet import sheet
from simulation.demo.tiles import Tile
from simulation.demo.totals import totals_address

CAMERA = QSize(256, 144)
TILES_A_ROW = 6
FAULTS_A_ROW = 4


class FaultButton(QPushButton):
    """What happens, and how it ends. One that can be ended stays pressed until then."""

    def __init__(self, fault: Mishap, words: Words) -> None:
        super().__init__()
        title, note = words.text(f"panel.fault.{fault}"), words.text(f"panel.fault.{fault}.note")
        self.setCheckable(LINES[fault].ends is not None)
        self.setAccessibleName(title)
        self.setAccessibleDescription(note)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 5, 10, 5)
        column.setSpacing(0)
        for text, name in ((title, "title"), (note, "note")):
            label = QLabel(text)
            label.setObjectName(name)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ControlPanel(QWidget):
    """``do`` gets every deed. ``closed`` when its window was closed."""

    closed = Signal()

    def __init__(self, words: Words, items: Iterable[Item], do: Callable[[Deed], None]) -> None:
        super().__init__()
        self._words = words
        self._do = do
        self.setWindowTitle(words.text("panel.title"))
        self.setStyleSheet(sheet())
        self.tiles = [Tile(item, words) for item in items]
        self.faults = {fault: FaultButton(fault, words) for fault in Mishap}
        self.parts = {part: QLabel() for part in PARTS}
        self.camera = CameraView(CAMERA, words.text("panel.camera.none"))
        self.address, self.totals, self.said = QLabel(), QLabel(), QLabel()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 10, 14, 10)
        whole.setSpacing(8)
        whole.addLayout(self._head())
        whole.addLayout(self._seen())
        whole.addLayout(self._asked())
        whole.addLayout(self._pictures())
        whole.addWidget(self._heading("panel.provoke"))
        whole.addLayout(self._buttons())
        whole.addStretch(1)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        mark = QLabel(self._words.text("demonstration"))
        mark.setObjectName("mark")
        row.addWidget(mark)
        row.addWidget(QLabel(self._words.text("panel.note")))
        row.addStretch(1)
        for part, label in self.parts.items():
            self._show_part(part, runs=False)
            row.addWidget(label)
        return row

    def _seen(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        self.camera.setObjectName("camera")
        self.camera.setAccessibleName(self._words.text("panel.camera"))
        row.addWidget(self.camera)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._heading("panel.city"))
        self.totals.setObjectName("totals")
        self.totals.setText(self._words.text("panel.city.waiting"))
        self.address.setOpenExternalLinks(True)
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        column.addWidget(self.totals)
        column.addWidget(self.address)
        column.addStretch(1)
        row.addLayout(column, 1)
        return row

    def _heading(self, key: str) -> QLabel:
        label = QLabel(self._words.text(key))
        label.setObjectName("heading")
        return label

    def _asked(self) -> QHBoxLayout:
        """What to do here, until something was put in."""
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._heading("panel.put"))
        self.said.setText(self._words.text("panel.put.note"))
        row.addWidget(self.said, 1)
        return row

    def _pictures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(4)
        for n, tile in enumerate(self.tiles):
            tile.put.connect(lambda item, roll_deg, called=tile.called: self._put(PutIn(item, roll_deg), called))
            grid.addWidget(tile, n // TILES_A_ROW, n % TILES_A_ROW)
        return grid

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        for n, (fault, button) in enumerate(self.faults.items()):
            button.clicked.connect(
                lambda checked, fault=fault, button=button: self._do(Provoke(fault, checked or not button.isCheckable()))
            )
            grid.addWidget(button, n // FAULTS_A_ROW, n % FAULTS_A_ROW)
        return grid

    def _put(self, put: PutIn, called: str) -> None:
        self.said.setText(self._words.text("panel.put.done", item=called))
        self._do(put)

    def show_situation(self, situation: Situation) -> None:
        """Draws what there is to see."""
        self.camera.look_at(situation.camera)
        address = totals_address(situation.city)
        self.address.setText(f'<a href="{address}">{address}</a><br>{situation.log_in}')
        for part in PARTS:
            self._show_part(part, situation.running.get(part, False))
        for fault, button in self.faults.items():
            if button.isCheckable():
                button.setChecked(fault in situation.begun)
        self.totals.setText("<br>".join(self._heard(situation)))

    def _heard(self, situation: Situation) -> list[str]:
        words, totals = self._words, situation.totals
        told = [words.text("panel.city.waiting")]
        if totals is not None:
            glass, plastic = words.text("panel.city.glass", n=totals.glass), words.text("panel.city.plastic", n=totals.plastic)
            told = [f"<b>{words.amount(totals.cents)}</b>", f"{glass} &nbsp; {plastic}"]
        if Mishap.NETWORK in situation.begun:
            told.append(words.text("panel.city.cut"))
        return told

    def _show_part(self, part: str, runs: bool) -> None:
        """A full dot, or an empty one: not by colour alone."""
        name = self._words.text(f"panel.part.{part}")
        label = self.parts[part]
        label.setText(f"{'●' if runs else '○'} {name}")
        label.setAccessibleName(self._words.text("panel.part.on" if runs else "panel.part.off", part=name))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.camera.close_eyes()
        self.closed.emit()
        super().closeEvent(event)
