"""One motion of one drive, from its beginning: too late, or too much current. What then becomes of it is its owner's to decide."""

from firmware.lasting import Lasting
from firmware.metal import Sensors
from firmware.registers import CAUSE_LATE, CAUSE_NONE, CAUSE_OVER_CURRENT

OVER_MA, OVER_MS = 1800, 60
"""More current than any free motion draws, for longer than a drive takes to start."""


class Motion:
    """Begun anew for each motion: what stopped the one before says nothing of this one."""

    def __init__(self) -> None:
        self._since = 0
        self._over = Lasting()

    def begin(self, now_ms: int) -> None:
        self._since = now_ms
        self._over = Lasting()

    def took_ms(self, now_ms: int) -> int:
        return now_ms - self._since

    def trouble(self, sensors: Sensors, now_ms: int, limit_ms: int) -> int:
        """Once a tick, while it goes on: CAUSE_NONE, or why it will not arrive."""
        if self._over.reached(sensors.motor_ma > OVER_MA, now_ms, OVER_MS):
            return CAUSE_OVER_CURRENT
        return CAUSE_LATE if self.took_ms(now_ms) >= limit_ms else CAUSE_NONE
