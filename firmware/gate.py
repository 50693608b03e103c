"""The gate's travel: opens, shuts, gives way to a hand and to whatever stops it, and knows when it has failed. Decides nothing else.

::

    OPENING ── open ──▶ AT_END          late, over-current ──▶ FAILED
    SHUTTING ── shut ──▶ AT_END         late, or stopped by force TRIES times ──▶ FAILED
        │ ▲
        │ └── beam free for CLEAR_MS
        └── hand in the beam, or stopped by force ──▶ YIELDING (opens again, waits)    cannot open ──▶ FAILED
"""

from firmware.lasting import Lasting
from firmware.metal import Metal, Sensors
from firmware.motion import Motion
from firmware.registers import CAUSE_NONE, CAUSE_OVER_CURRENT

TRAVEL_MS = 3000
"""The longest the gate may take from end to end."""

CLEAR_MS = 500
"""The beam must be free for so long before the gate shuts again: a child's second hand comes right after the first."""

TRIES = 3
"""Stopped by force so many times in one shutting, it stays where it is and a person must look."""

AT_END, OPENING, SHUTTING, YIELDING, FAILED = 0, 1, 2, 3, 4


class Gate:
    """``cause`` says why it failed. ``stops`` counts how often force stopped it in the shutting under way, or the last one."""

    def __init__(self, metal: Metal) -> None:
        self._metal = metal
        self.doing = AT_END
        self.cause = CAUSE_NONE
        self.stops = 0
        self._motion = Motion()
        self._gave_way = False
        self._free = Lasting()

    @property
    def hand(self) -> bool:
        """Whether something keeps the gate from shutting."""
        return self.doing == YIELDING

    def open(self, now_ms: int) -> None:
        self._begin(OPENING, now_ms)

    def shut(self, now_ms: int) -> None:
        """Begins to shut, with all its tries before it; a gate that already shuts, or gives way, goes on doing so."""
        self.stops = 0
        if self.doing not in (SHUTTING, YIELDING):
            self._begin(SHUTTING, now_ms)

    def stand(self) -> None:
        """It is driven no more, wherever it is. Whoever asks it takes the current from it."""
        self.doing = AT_END

    def halt(self, cause: int) -> None:
        """It has failed. Whoever asks it takes the current from it."""
        self.doing = FAILED
        self.cause = cause

    def look(self, sensors: Sensors, now_ms: int) -> int:
        """Once a tick; what it does now."""
        if self.doing == OPENING:
            self._opening(sensors, now_ms)
        elif self.doing == SHUTTING:
            self._shutting(sensors, now_ms)
        elif self.doing == YIELDING:
            self._yielding(sensors, now_ms)
        return self.doing

    def _opening(self, sensors: Sensors, now_ms: int) -> None:
        cause = self._motion.trouble(sensors, now_ms, TRAVEL_MS)
        if sensors.gate_open:
            self.doing = AT_END
        elif cause != CAUSE_NONE:
            self.halt(cause)

    def _shutting(self, sensors: Sensors, now_ms: int) -> None:
        cause = self._motion.trouble(sensors, now_ms, TRAVEL_MS)
        if sensors.gate_shut:
            self.doing = AT_END
        elif sensors.entry_beam:
            self._give_way(now_ms)
        elif cause == CAUSE_OVER_CURRENT and self.stops + 1 < TRIES:
            self.stops += 1
            self._give_way(now_ms)
        elif cause != CAUSE_NONE:
            self.halt(cause)

    def _yielding(self, sensors: Sensors, now_ms: int) -> None:
        cause = self._motion.trouble(sensors, now_ms, TRAVEL_MS)
        self._gave_way = self._gave_way or sensors.gate_open
        if self._free.reached(not sensors.entry_beam, now_ms, CLEAR_MS):
            self._begin(SHUTTING, now_ms)
        elif cause != CAUSE_NONE and not self._gave_way:
            self.halt(cause)

    def _give_way(self, now_ms: int) -> None:
        self._free = Lasting()
        self._gave_way = False
        self._begin(YIELDING, now_ms)

    def _begin(self, doing: int, now_ms: int) -> None:
        self.doing = doing
        self.cause = CAUSE_NONE
        self._motion.begin(now_ms)
        self._metal.drive_gate(doing != SHUTTING)
