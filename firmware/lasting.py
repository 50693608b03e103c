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


class Beyond:
    """Whether a measure is beyond its limit, told by a band and by time: noise round the limit, or in the band, changes nothing.

    It is, once it was beyond the outer limit for a while without a break; and then for as long as it has not been within the inner one
    for a while without a break.
    """

    def __init__(self, beyond_ms: int, within_ms: int) -> None:
        self.holds = False
        self._beyond_ms = beyond_ms
        self._within_ms = within_ms
        self._turning = Lasting()

    def look(self, beyond: bool, within: bool, now_ms: int) -> bool:
        """Once a tick."""
        turns, limit_ms = (within, self._within_ms) if self.holds else (beyond, self._beyond_ms)
        if self._turning.reached(turns, now_ms, limit_ms):
            self.holds = not self.holds
            self._turning = Lasting()
        return self.holds


class Follower:
    """What is shown of a measure that is never quite still: it rises once that was higher for a while, and falls once it was lower by a band.

    What must not overflow is so told in time, and nothing goes up and down.
    """

    def __init__(self, band: int, lasts_ms: int) -> None:
        self.shown: "int | None" = None
        self._band = band
        self._lasts_ms = lasts_ms
        self._above = Lasting()
        self._below = Lasting()

    def look(self, measured: int, now_ms: int) -> int:
        """Whenever somebody asks."""
        if self.shown is None:
            self.shown = measured
        above = self._above.reached(measured > self.shown, now_ms, self._lasts_ms)
        below = self._below.reached(measured <= self.shown - self._band, now_ms, self._lasts_ms)
        if above or below:
            self.shown = measured
        return self.shown


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
