"""How long something has been so without a break: a condition, or the weight on the scale. What follows from it is not here."""

from firmware.metal import Sensors

STILL_G = 1
"""The weight has not changed if it has not by more than this: the scale's last digit is never quite still."""


class Lasting:
    """Milliseconds for which a condition has held; told anew once a tick."""

    def __init__(self) -> None:
        self.since: "int | None" = None

    def reached(self, holds: bool, now_ms: int, limit_ms: int) -> bool:
        """Whether it holds, and has held for ``limit_ms`` by now."""
        if not holds:
            self.since = None
            return False
        if self.since is None:
            self.since = now_ms
        return now_ms - self.since >= limit_ms


class Stillness:
    """Since when the weight has stayed the same. What has just come or gone is not still yet, even if the scale has not felt it."""

    def __init__(self, now_ms: int) -> None:
        self._weight_g = 0
        self._occupied = False
        self._since = now_ms

    def look(self, sensors: Sensors, now_ms: int) -> None:
        """Once a tick."""
        if abs(sensors.weight_g - self._weight_g) > STILL_G or sensors.occupied != self._occupied:
            self._weight_g = sensors.weight_g
            self._occupied = sensors.occupied
            self._since = now_ms

    def reached(self, now_ms: int, limit_ms: int) -> bool:
        """Whether it has been still for ``limit_ms`` by now."""
        return now_ms - self._since >= limit_ms
