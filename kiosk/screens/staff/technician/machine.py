"""The machine cut open, with the part marked that a step is about or a failure names. Drawn as it hangs together, not to scale: where to look, not how it is built."""

from collections.abc import Mapping

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.screens.style.icons import draw_icon
from kiosk.screens.style.theme import Theme
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Part

WIDE, HIGH = 120.0, 92.0
"""The drawing's own measure."""

LEAST_MM = 24.0

PLACES: Mapping[Part, QRectF] = {
    Part.GATE: QRectF(8, 20, 5, 26),
    Part.GATE_FORCE: QRectF(8, 20, 5, 26),
    Part.GATE_OPEN_SWITCH: QRectF(7, 12, 7, 6),
    Part.GATE_SHUT_SWITCH: QRectF(7, 48, 7, 6),
    Part.ENTRY_BEAM: QRectF(15, 20, 4, 26),
    Part.CHAMBER_SENSOR: QRectF(44, 18, 8, 5),
    Part.METAL_SENSOR: QRectF(55, 28, 6, 10),
    Part.SCALE: QRectF(24, 50, 28, 5),
    Part.FLAP: QRectF(20, 45, 36, 4),
    Part.FLAP_SWITCH: QRectF(56, 45, 6, 6),
    Part.DROP_BEAM: QRectF(18, 57, 40, 3),
    Part.SORTER: QRectF(28, 62, 22, 5),
    Part.BIN_1: QRectF(6, 72, 30, 18),
    Part.BIN_2: QRectF(42, 72, 30, 18),
    Part.BIN_SENSOR_1: QRectF(17, 68, 8, 4),
    Part.BIN_SENSOR_2: QRectF(53, 68, 8, 4),
    Part.CAMERA: QRectF(32, 4, 12, 8),
    Part.LENS: QRectF(35, 12, 6, 4),
    Part.LAMP: QRectF(20, 6, 9, 5),
    Part.LIGHT: QRectF(20, 6, 9, 5),
    Part.CODE: QRectF(26, 30, 26, 12),
    Part.DOOR_SWITCH: QRectF(108, 4, 5, 86),
    Part.CONTROLLER: QRectF(82, 8, 20, 12),
    Part.PROGRAM: QRectF(82, 8, 20, 12),
    Part.MEMORY: QRectF(82, 8, 20, 12),
    Part.WATCHDOG: QRectF(82, 8, 20, 12),
    Part.CABLE: QRectF(90, 20, 4, 14),
    Part.ADAPTER: QRectF(86, 32, 12, 6),
    Part.CLOCK: QRectF(82, 40, 20, 14),
    Part.DISK: QRectF(82, 40, 20, 14),
    Part.FOLDER: QRectF(82, 40, 20, 14),
    Part.LEDGER: QRectF(82, 40, 20, 14),
    Part.SUPPLY: QRectF(82, 62, 20, 12),
    Part.COOLING: QRectF(82, 77, 20, 11),
}

ABOUT: Mapping[str, Part] = {
    "link": Part.CABLE,
    "program": Part.PROGRAM,
    "identity": Part.CONTROLLER,
    "line": Part.CABLE,
    "watchdog": Part.WATCHDOG,
    "fault": Part.CONTROLLER,
    "totaliser": Part.MEMORY,
    "counts": Part.MEMORY,
    "clock": Part.CLOCK,
    "disk_space": Part.DISK,
    "disk_write": Part.DISK,
    "ledger": Part.LEDGER,
    "supply": Part.SUPPLY,
    "temperature": Part.COOLING,
    "door_opened": Part.DOOR_SWITCH,
    "door_shut": Part.DOOR_SWITCH,
    "chamber_empty": Part.CHAMBER_SENSOR,
    "metal_none": Part.METAL_SENSOR,
    "metal": Part.METAL_SENSOR,
    "gate_shut_at_rest": Part.GATE_SHUT_SWITCH,
    "gate_open_at_rest": Part.GATE_OPEN_SWITCH,
    "gate_switches": Part.GATE_OPEN_SWITCH,
    "entry_beam_free": Part.ENTRY_BEAM,
    "entry_beam_covered": Part.ENTRY_BEAM,
    "drop_beam_free": Part.DROP_BEAM,
    "flap_locked_at_rest": Part.FLAP_SWITCH,
    "scale_zero": Part.SCALE,
    "scale_weight": Part.SCALE,
    "bin_1": Part.BIN_SENSOR_1,
    "bin_2": Part.BIN_SENSOR_2,
    "gate": Part.GATE,
    "gate_force": Part.GATE,
    "flap": Part.FLAP,
    "sorter": Part.SORTER,
    "camera": Part.CAMERA,
    "camera_light": Part.LAMP,
    "camera_sharpness": Part.LENS,
    "lamp": Part.LAMP,
    "code": Part.CODE,
    "drop": Part.DROP_BEAM,
    "targets": Part.CAMERA,
    "printer_code": Part.CAMERA,
}
"""The part that a step is about."""

HANDS: Mapping[Chore, tuple[str, QRectF]] = {
    Chore.OPEN_DOOR: ("hand", QRectF(94, 40, 14, 14)),
    Chore.SHUT_DOOR: ("hand", QRectF(94, 40, 14, 14)),
    Chore.COVER_BEAM: ("hand", QRectF(11, 24, 16, 16)),
    Chore.FREE_BEAM: ("arrow-left", QRectF(0, 25, 14, 14)),
    Chore.HOLD_BLOCK: ("package", QRectF(5, 26, 13, 13)),
    Chore.PUT_WEIGHT: ("arrow-right", QRectF(0, 25, 16, 16)),
    Chore.PUT_METAL: ("arrow-right", QRectF(0, 25, 16, 16)),
    Chore.PUT_BOTTLE: ("arrow-right", QRectF(0, 25, 16, 16)),
    Chore.HOLD_SHEET: ("ticket", QRectF(32, 22, 14, 14)),
    Chore.HOLD_LEFT: ("ticket", QRectF(16, 22, 14, 14)),
    Chore.HOLD_MIDDLE: ("ticket", QRectF(32, 22, 14, 14)),
    Chore.HOLD_RIGHT: ("ticket", QRectF(47, 22, 14, 14)),
    Chore.TAKE_OUT: ("arrow-left", QRectF(0, 25, 16, 16)),
}
"""What hands do, and where."""


class Machine(QWidget):
    """``mark`` says which part, whether it has failed, and what hands are asked for."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._part: Part | None = None
        self._failed = False
        self._chore: Chore | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(LEAST_MM))

    def mark(self, part: Part | None, *, failed: bool = False, chore: Chore | None = None) -> None:
        if (part, failed, chore) != (self._part, self._failed, self._chore):
            self._part, self._failed, self._chore = part, failed, chore
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.mm(LEAST_MM * 1.3), self._theme.mm(LEAST_MM))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, half = self._theme.palette, self._theme.border / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.line), self._theme.border))
        painter.setBrush(QColor(palette.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), self._theme.radius, self._theme.radius)
        pad = self._theme.mm(2)
        scale = min((self.width() - 2 * pad) / WIDE, (self.height() - 2 * pad) / HIGH)
        painter.translate((self.width() - scale * WIDE) / 2, (self.height() - scale * HIGH) / 2)
        painter.scale(scale, scale)
        self._paint_still(painter)
        self._paint_marked(painter)

    def _paint_still(self, painter: QPainter) -> None:
        """What is always there: case, chamber, a bottle, the drives, the bins, the electronics."""
        palette = self._theme.palette
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.line), 0.8))
        painter.drawRoundedRect(QRectF(2, 1, 113, 90), 3, 3)
        painter.drawLine(QLineF(78, 1, 78, 91))
        painter.setPen(QPen(QColor(palette.soft), 0.7))
        painter.drawRect(QRectF(14, 18, 47, 27))
        bottle = QRectF(26, 30, 20, 12)
        painter.setBrush(QColor(palette.pet))
        painter.drawRoundedRect(bottle, 3, 3)
        painter.drawRect(QRectF(46, 33.5, 6, 5))
        painter.setBrush(QColor(palette.track))
        for part in (
            *(Part.GATE, Part.CAMERA, Part.LENS, Part.LAMP, Part.FLAP, Part.SCALE, Part.SORTER, Part.BIN_1, Part.BIN_2),
            *(Part.BIN_SENSOR_1, Part.BIN_SENSOR_2, Part.CHAMBER_SENSOR, Part.METAL_SENSOR, Part.FLAP_SWITCH),
            *(Part.GATE_OPEN_SWITCH, Part.GATE_SHUT_SWITCH, Part.CONTROLLER, Part.CABLE, Part.ADAPTER, Part.CLOCK, Part.SUPPLY),
            *(Part.COOLING, Part.DOOR_SWITCH),
        ):
            painter.drawRoundedRect(PLACES[part], 1, 1)
        painter.setPen(QPen(QColor(palette.soft), 0.7, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(17, 20, 17, 46))
        painter.drawLine(QLineF(18, 58.5, 58, 58.5))

    def _paint_marked(self, painter: QPainter) -> None:
        palette = self._theme.palette
        colour = palette.red if self._failed else palette.blue
        if self._part is not None and (place := PLACES.get(self._part)) is not None:
            painter.setPen(QPen(QColor(colour), 2.2))
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(place, 1, 1)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colour), 1.4))
            painter.drawRoundedRect(place.adjusted(-3.4, -3.4, 3.4, 3.4), 3, 3)
        if self._chore is not None:
            icon, place = HANDS[self._chore]
            painter.setPen(QPen(QColor(palette.card), 1.2))
            painter.setBrush(QColor(palette.ink))
            painter.drawEllipse(QPointF(place.center()), place.width() * 0.62, place.height() * 0.62)
            draw_icon(painter, icon, place.adjusted(2, 2, -2, -2), palette.on_ink)
