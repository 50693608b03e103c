"""Watches that it is safe to go on: the kiosk's beat, the service door, the supply; and what ends by itself, a blocked gate or a scale that is off.

It only tells; what the machine then does is ``controller.py``'s. Nothing here is the safety function, which is hardware's.
"""

from firmware.lasting import Lasting
from firmware.metal import Sensors
from firmware.registers import FAULT_ENTRY_BEAM, FAULT_NONE, FAULT_SCALE, FAULT_SUPPLY

WATCHDOG_MS = 2000
"""The runner changes the beat four times a second; so long without a change and nobody minds the machine."""

SUPPLY_LOW_MV, SUPPLY_BACK_MV, SUPPLY_BACK_MS = 10500, 11000, 1000
"""Of a 12 V supply: below the first the drives may stall half way; it must stay above the second before anything begins again."""

ENTRY_BEAM_MS = 60000
"""Something in the gate for so long is no bottle that is being put in: a bag, or dirt on the beam."""

SCALE_G, SCALE_MS = 20, 5000
"""The scale of an empty chamber may be so far from zero, or for so long."""


class Guard:
    """``beat`` as last written; ``fault`` (of those that end by themselves) as of the last ``look``."""

    def __init__(self) -> None:
        self.beat = 0
        self.watchdog_ms = WATCHDOG_MS
        self.fault = FAULT_NONE
        self._beat_at: "int | None" = None
        self._door_open = False
        self._beating = False
        self._supply_low = False
        self._supply_back = Lasting()
        self._entry_beam = Lasting()
        self._scale = Lasting()

    def hear(self, beat: int, now_ms: int) -> None:
        """The beat as just written: only a change says that the runner lives."""
        if beat != self.beat:
            self.beat = beat
            self._beat_at = now_ms
            self._beating = True

    def look(self, sensors: Sensors, resting: bool, now_ms: int) -> None:
        """Once a tick. ``resting``: nothing is being moved, so that the scale of an empty chamber must be quiet."""
        self._door_open = sensors.door_open
        self._beating = self._beat_at is not None and now_ms - self._beat_at < self.watchdog_ms
        self._look_at_supply(sensors.supply_mv, now_ms)
        off = resting and not sensors.occupied and not -SCALE_G <= sensors.weight_g <= SCALE_G
        scale = self._scale.reached(off, now_ms, SCALE_MS)
        entry = self._entry_beam.reached(sensors.entry_beam, now_ms, ENTRY_BEAM_MS)
        if self._supply_low:
            self.fault = FAULT_SUPPLY
        elif entry:
            self.fault = FAULT_ENTRY_BEAM
        elif scale:
            self.fault = FAULT_SCALE
        else:
            self.fault = FAULT_NONE

    @property
    def beating(self) -> bool:
        """Whether the beat changed within ``watchdog_ms``."""
        return self._beating

    @property
    def unsafe(self) -> bool:
        """Whether nothing may begin, and an open gate must shut."""
        return self._door_open or not self._beating or self._supply_low

    def _look_at_supply(self, supply_mv: int, now_ms: int) -> None:
        if supply_mv < SUPPLY_LOW_MV:
            self._supply_low = True
        if self._supply_back.reached(supply_mv >= SUPPLY_BACK_MV, now_ms, SUPPLY_BACK_MS):
            self._supply_low = False
