"""Movement: at most one second, on an event, at most 30 frames a second, and only the widget that moves is painted again."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from config.clock import Clock

FRAME_MS = 34
"""A little under 30 frames a second."""


class Motion(QObject):
    """Calls ``frame`` with the progress from 0 to 1; the last call is always 1. Starting again ends what moves."""

    def __init__(self, parent: QObject, clock: Clock, frame: Callable[[float], None]) -> None:
        super().__init__(parent)
        self._clock = clock
        self._frame = frame
        self._begun = 0.0
        self._lasts_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.step)

    @property
    def moving(self) -> bool:
        return self._timer.isActive()

    def start(self, lasts_s: float) -> None:
        self._begun, self._lasts_s = self._clock.monotonic(), lasts_s
        self._timer.start()
        self._frame(0.0)

    def stop(self) -> None:
        """Jumps to the end."""
        if self.moving:
            self._timer.stop()
            self._frame(1.0)

    def step(self) -> None:
        """One frame."""
        progress = (self._clock.monotonic() - self._begun) / self._lasts_s
        if progress >= 1.0:
            self.stop()
        else:
            self._frame(max(0.0, progress))


def eased(progress: float, begins: float = 0.0, ends: float = 1.0) -> float:
    """How far a part of the movement is that lasts from ``begins`` to ``ends``: slow at both ends."""
    part = min(1.0, max(0.0, (progress - begins) / (ends - begins)))
    return part * part * (3.0 - 2.0 * part)
