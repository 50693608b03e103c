"""The ring round what the keys have chosen: one widget above all others, so that it never takes room and looks the same everywhere."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.screens.style.theme import Theme


class FocusRing(QWidget):
    """Drawn in the gap round a widget: the focus colour on a thin line of paper, so that it shows on any ground."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._within = parent
        self._theme = theme
        self._chosen: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def chosen(self) -> QWidget | None:
        """What it surrounds."""
        return self._chosen

    def surround(self, chosen: QWidget | None) -> None:
        """None: no ring."""
        if self._chosen is not None:
            self._chosen.removeEventFilter(self)
        self._chosen = chosen
        if chosen is None:
            self.hide()
            return
        chosen.installEventFilter(self)
        self._follow(chosen)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A layout may move what is chosen later."""
        if self._chosen is not None and watched is self._chosen:
            if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
                self._follow(self._chosen)
            elif event.type() is QEvent.Type.Hide:
                self.hide()
        return False

    def _follow(self, chosen: QWidget) -> None:
        away = self._theme.focus + self._theme.border
        corner = chosen.mapTo(self._within, chosen.rect().topLeft())
        self.setGeometry(QRect(corner, chosen.size()).adjusted(-away, -away, away, away))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, width, line = self._theme.palette, self._theme.focus, self._theme.border
        radius = self._theme.radius + width
        for pen, colour in ((width + line, palette.paper), (width, palette.focus)):
            half = pen / 2
            box = QRectF(self.rect()).adjusted(half, half, -half, -half)
            painter.setPen(QPen(QColor(colour), pen))
            painter.drawRoundedRect(box, radius - half, radius - half)
