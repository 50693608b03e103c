"""Watches that it is safe to go on: the kiosk's beat, the service door, the supply; and what ends by itself, a blocked gate or a scale that is off.

It only tells; what the machine then does is ``controller.py``'s. Nothing here is the safety function, which is hardware's.
"""

from firmware.lasting import Beyond
from firmware.metal import Sensors
from firmware.registers import FAULT_ENTRY_BEAM, FAULT_NONE, FAULT_SCALE, FAULT_SUPPLY

WATCHDOG_MS = 2000
"""The runner changes the beat four times a second; so long without a change and nobody minds the machine."""

SUPPLY_LOW_MV, SUPPLY_LOW_MS = 10500, 50
"""Of a 12 V supply: below this, for longer than the spike of a drive that starts, the drives may stall half way."""

SUPPLY_BACK_MV, SUPPLY_BACK_MS = 11000, 5000
"""It must stay above this for so long before anything begins again."""

ENTRY_BEAM_MS, ENTRY_BEAM_BACK_MS = 60000, 1000
"""Something in the gate for so long is no bottle that is being put in: a bag, or dirt on the beam. Then it must be free for so long."""

SCALE_G, SCALE_MS = 20, 5000
"""The scale of an empty chamber may be so far from zero, or for so long."""

SCALE_BACK_G, SCALE_BACK_MS = 10, 2000
"""Its fault is over once it was no farther from zero than this for so long."""


class Guard:
    """``beat`` as last written; ``fault`` (of those that end by themselves) as of the last ``look``."""

    def __init__(self) -> None:
        self.beat = 0
        self.watchdog_ms = WATCHDOG_MS
        self.fault = FAULT_NONE
        self._beat_at: "int | None" = None
        self._door_open = False
        self._beating = False
        self._supply = Beyond(SUPPLY_LOW_MS, SUPPLY_BACK_MS)
        self._entry_beam = Beyond(ENTRY_BEAM_MS, ENTRY_BEAM_BACK_MS)
        self._scale = Beyond(SCALE_MS, SCALE_BACK_MS)

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
        quiet, off_g = resting and not sensors.occupied, abs(sensors.weight_g)
        supply = self._supply.look(sensors.supply_mv < SUPPLY_LOW_MV, sensors.supply_mv >= SUPPLY_BACK_MV, now_ms)
        scale = self._scale.look(quiet and off_g > SCALE_G, quiet and off_g <= SCALE_BACK_G, now_ms)
        entry = self._entry_beam.look(sensors.entry_beam, not sensors.entry_beam, now_ms)
        if supply:
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
        return self._door_open or not self._beating or self._supply.holds
