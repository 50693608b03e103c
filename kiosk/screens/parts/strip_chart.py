"""A strip chart: the weight as a line and each sensor as a lane, over one minute that ends now. Told by shape: a lane is a bar while its sensor sees something."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.screens.style.theme import Theme
from kiosk.screens.style.typefaces import sized

LEAST_G = 50
"""The scale's noise fills no chart."""

LANE_EM = 1.25
WEIGHT_SHARE = 0.3
MOST_COLUMNS = 3
LEAST_MM = 40.0


@dataclass(frozen=True, slots=True)
class Lane:
    """One sensor: its name, and what it saw at each of the chart's moments."""

    name: str
    seen: tuple[bool, ...]


class StripChart(QWidget):
    """``show_minute`` gives seconds before now, grams, and lanes; all of one length."""

    def __init__(self, parent: QWidget, theme: Theme, seconds: float) -> None:
        super().__init__(parent)
        self._theme = theme
        self._seconds = seconds
        self._ago: Sequence[float] = ()
        self._grams: Sequence[int] = ()
        self._lanes: Sequence[Lane] = ()
        self._titles = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.mm(LEAST_MM))

    def show_minute(self, ago: Sequence[float], grams: Sequence[int], lanes: Sequence[Lane], titles: tuple[str, str]) -> None:
        """``titles``: of the weight, and of the time."""
        self._ago, self._grams, self._lanes, self._titles = ago, grams, lanes, titles
        self.setAccessibleName(" ".join((titles[0], *(lane.name for lane in lanes if lane.seen and lane.seen[-1]))))
        self.update()

    def _arranged(self) -> tuple[int, float]:
        """In how many columns the lanes stand, and how high one is: in the fewest in which its words are no smaller than they ordinarily are."""
        theme, lanes = self._theme, max(1, len(self._lanes))
        room, ordinary = self.height() * (1 - WEIGHT_SHARE), replace(theme, bigger=False).smallest
        columns = next((n for n in range(1, MOST_COLUMNS) if room / -(-lanes // n) >= ordinary * LANE_EM), MOST_COLUMNS)
        return columns, min(theme.smallest * LANE_EM, room / -(-lanes // columns))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, palette = self._theme, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns, line = self._arranged()
        painter.setFont(sized(int(line / LANE_EM), 600))
        names = max((painter.fontMetrics().horizontalAdvance(lane.name) for lane in self._lanes), default=0) + theme.mm(1.5) + line
        deep, wide = -(-len(self._lanes) // columns), self.width() / columns
        box = QRectF(names, 0, self.width() - names, self.height() - deep * line)
        self._paint_weight(painter, box, names)
        for place, lane in enumerate(self._lanes):
            left, top = place // deep * wide, box.bottom() + place % deep * line
            self._paint_lane(
                painter, lane, QRectF(left + names, top, wide - names - (theme.mm(1.5) if place // deep + 1 < columns else 0), line), left
            )
        painter.setPen(QPen(QColor(palette.line), theme.border))
        painter.drawLine(QPointF(names, 0), QPointF(names, self.height()))

    def _x(self, box: QRectF, ago: float) -> float:
        return box.right() - box.width() * min(1.0, ago / self._seconds)

    def _paint_weight(self, painter: QPainter, box: QRectF, names: float) -> None:
        theme, palette = self._theme, self._theme.palette
        painter.fillRect(box, QColor(palette.card))
        for part in range(1, 6):
            x = box.left() + box.width() * part / 6
            painter.setPen(QPen(QColor(palette.track), theme.border))
            painter.drawLine(QPointF(x, 0), QPointF(x, box.bottom()))
        painter.setPen(QColor(palette.ink))
        left = QRectF(0, 0, names - theme.mm(1), box.height())
        painter.drawText(left, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self._titles[0])
        painter.drawText(left, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), self._titles[1])
        high = max(LEAST_G, *self._grams) if self._grams else LEAST_G
        inset = theme.mm(0.8)
        points = [
            QPointF(self._x(box, ago), box.bottom() - inset - (box.height() - 2 * inset) * grams / high)
            for ago, grams in zip(self._ago, self._grams, strict=True)
        ]
        painter.setPen(QPen(QColor(palette.ink), theme.border))
        painter.drawPolyline(QPolygonF(points))
        scale = box.adjusted(theme.mm(0.6), 0, 0, 0)
        painter.drawText(scale, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), f"{high} g")

    def _paint_lane(self, painter: QPainter, lane: Lane, box: QRectF, left: float) -> None:
        """A bar while the sensor sees something, a thin line while not; before the name a full square, or an empty one."""
        theme, palette = self._theme, self._theme.palette
        now = bool(lane.seen) and lane.seen[-1]
        side = box.height() * 0.55
        mark = QRectF(left, box.center().y() - side / 2, side, side)
        painter.setPen(QPen(QColor(palette.ink), theme.border))
        painter.setBrush(QColor(palette.ink) if now else Qt.BrushStyle.NoBrush)
        painter.drawRect(mark.adjusted(1, 1, -1, -1))
        painter.drawText(
            QRectF(left + box.height(), box.top(), box.left() - left - box.height(), box.height()), Qt.AlignmentFlag.AlignVCenter, lane.name
        )
        painter.setPen(QPen(QColor(palette.line), theme.border))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
        for since, until in self._spans(lane.seen):
            begins, right = self._x(box, since), self._x(box, until)
            bar = QRectF(begins, box.top() + box.height() * 0.22, max(2.0, right - begins), box.height() * 0.56)
            painter.fillRect(bar, QColor(palette.ink))

    def _spans(self, seen: Sequence[bool]) -> list[tuple[float, float]]:
        """From and until how many seconds ago the sensor saw something; what it sees now lasts until now."""
        spans: list[tuple[float, float]] = []
        since: float | None = None
        for ago, sees in zip(self._ago, seen, strict=True):
            if sees and since is None:
                since = ago
            elif not sees and since is not None:
                spans.append((since, ago))
                since = None
        if since is not None:
            spans.append((since, 0.0))
        return spans
