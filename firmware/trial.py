"""A Test: one part there and back, with the time and the highest current of both ways. When one begins is the controller's business.

A flap that is tested with something in the chamber lets it fall, and the fall is told in the order of every drop.
"""

from firmware import gate
from firmware.drop import ABOVE_BEAM, BELOW_BEAM, IN_CHAMBER, Drop
from firmware.gate import Gate
from firmware.metal import BINS, Metal, Sensors
from firmware.motion import Motion
from firmware.registers import (
    CAUSE_NONE,
    CAUSE_OVER_CURRENT,
    PART_FLAP,
    PART_GATE,
    PART_SORTER,
    TEST_ARRIVED,
    TEST_FORCE_STOPPED,
    TEST_LATE,
    TEST_LET_GO,
    TEST_NONE,
    TEST_OVER_CURRENT,
)

WAY_MS = 4000
"""The longest one way of the flap, with a fall in it, or of the sorter may take. The gate has a limit of its own."""


class Trial:
    """``result`` and the four figures are of the last Test that ended. ``drop`` is the way of what lay on the flap, or None."""

    def __init__(self, metal: Metal, gate_: Gate) -> None:
        self._metal = metal
        self._gate = gate_
        self.part = 0
        self.drop: "Drop | None" = None
        self.result = TEST_NONE
        self.out_ms = self.out_ma = self.back_ms = self.back_ma = 0
        self._out = True
        self._motion = Motion()
        self._peak_ma = 0
        self._home = 1

    def begin(self, part: int, sensors: Sensors, now_ms: int) -> None:
        self.part = part
        self.drop = Drop() if part == PART_FLAP and sensors.occupied else None
        self.result = TEST_NONE
        self.out_ms = self.out_ma = self.back_ms = self.back_ma = 0
        self._home = sensors.sorter_bin or 1
        self._way(True, now_ms)

    def look(self, sensors: Sensors, now_ms: int) -> int:
        """Once a tick; CAUSE_NONE while all goes well, else why the part has failed. ``over`` tells the end."""
        self._peak_ma = max(self._peak_ma, sensors.motor_ma)
        if self.drop is not None:
            self.drop.look(sensors)
        cause = self._gate_trouble(sensors, now_ms) if self.part == PART_GATE else self._motion.trouble(sensors, now_ms, WAY_MS)
        if self._arrived(sensors, now_ms):
            self._note(now_ms)
            if self._out:
                self._way(False, now_ms)
            elif self.result == TEST_NONE:
                self.result = TEST_ARRIVED
            return CAUSE_NONE
        if cause != CAUSE_NONE:
            self._note(now_ms)
            self.result = TEST_OVER_CURRENT if cause == CAUSE_OVER_CURRENT else TEST_LATE
        return cause

    def let_go(self) -> None:
        """It ends where it is. The figures of a way that came to its end stay."""
        if self.result == TEST_NONE:
            self.result = TEST_LET_GO

    @property
    def over(self) -> bool:
        """Whether the part is back where it began."""
        if self.part == PART_GATE:
            return not self._out and self._gate.doing == gate.AT_END
        return self.result != TEST_NONE

    def _gate_trouble(self, sensors: Sensors, now_ms: int) -> int:
        """What stops the gate with force on its way back is what a technician may want to see: it is told, and the gate goes on."""
        doing = self._gate.look(sensors, now_ms)
        if doing == gate.FAILED:
            return self._gate.cause
        if not self._out and self._gate.stops > 0 and self.result == TEST_NONE:
            self._note(now_ms)
            self.result = TEST_FORCE_STOPPED
        return CAUSE_NONE

    def _arrived(self, sensors: Sensors, now_ms: int) -> bool:
        if self.part == PART_GATE:
            return self._gate.doing == gate.AT_END
        if self.part == PART_SORTER:
            return sensors.sorter_bin == (self._other if self._out else self._home)
        there = sensors.flap_locked != self._out
        return there and (not self._item_comes() or self._motion.took_ms(now_ms) >= WAY_MS)

    def _item_comes(self) -> bool:
        """Whether the flap waits, open, for the fall of what lay on it or, shut, for the end of the fall."""
        awaited = (IN_CHAMBER, ABOVE_BEAM) if self._out else (BELOW_BEAM,)
        return self.drop is not None and self.drop.stage in awaited

    @property
    def _other(self) -> int:
        return self._home % BINS + 1

    def _way(self, out: bool, now_ms: int) -> None:
        self._out = out
        self._motion.begin(now_ms)
        self._peak_ma = 0
        if self.part == PART_GATE:
            if out:
                self._gate.open(now_ms)
            else:
                self._gate.shut(now_ms)
        elif self.part == PART_FLAP:
            self._metal.drive_flap(out)
        else:
            self._metal.turn_sorter(self._other if out else self._home)

    def _note(self, now_ms: int) -> None:
        """The figures of the way under way; of a gate that force stopped, those of the first stop."""
        if self.result != TEST_NONE:
            return
        took_ms, peak_ma = min(0xFFFF, self._motion.took_ms(now_ms)), min(20000, max(0, self._peak_ma))
        if self._out:
            self.out_ms, self.out_ma = took_ms, peak_ma
        else:
            self.back_ms, self.back_ma = took_ms, peak_ma
