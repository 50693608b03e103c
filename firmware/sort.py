"""A Sort: the sorter turns, the flap lets the item fall, and shuts behind it. What its end means for the record is the controller's.

::

    TURN ── at its bin ──▶ FALL ── seen by the beam ──▶ LOCK ── locked, clear ──▶ COUNTED
     │                     │  ▲                          ▲ │
     │                     │  └── locked ── SHAKE        │ └── locked: nothing fell; not clear, not locked in time ──▶ UNCOUNTED
     │                     │ stays: SHAKES times ▲       │
     │                     └── stays, comes back, never seen by the beam
     └── beam interrupted, sorter or gate not where it must be ──▶ UNCOUNTED
"""

from firmware.drop import ABOVE_BEAM, BELOW_BEAM, BROKEN, DROPPED, IN_CHAMBER, ZERO_G, Drop
from firmware.metal import Metal, Sensors
from firmware.motion import Motion
from firmware.registers import (
    CAUSE_BLOCKED,
    CAUSE_LATE,
    CAUSE_NONE,
    FAULT_DROP_BEAM,
    FAULT_FLAP,
    FAULT_NONE,
    FAULT_SORTER,
)

TURN_MS, FALL_MS, LOCK_MS = 2000, 2000, 2000
"""The longest a turn of the sorter, a fall and the flap's shutting may take."""

SHAKES = 2
"""So many times more the flap shuts and opens again under an item that does not fall, before the Sort is given up."""

GOING, COUNTED, UNCOUNTED = 0, 1, 2

_TURN, _FALL, _SHAKE, _LOCK = 0, 1, 2, 3


class Sort:
    """One after the other. ``fault`` and ``cause`` say what the one that ended found broken; ``drop`` is the way of its item."""

    def __init__(self, metal: Metal) -> None:
        self._metal = metal
        self.fault = FAULT_NONE
        self.cause = CAUSE_NONE
        self.drop = Drop()
        self._bin = 0
        self._step = _TURN
        self._motion = Motion()
        self._shakes = 0

    def begin(self, bin_number: int, now_ms: int) -> None:
        self.fault = FAULT_NONE
        self.cause = CAUSE_NONE
        self.drop = Drop()
        self._bin = bin_number
        self._shakes = 0
        self._advance(_TURN, now_ms)
        self._metal.turn_sorter(bin_number)

    def look(self, sensors: Sensors, now_ms: int) -> int:
        """Once a tick: GOING, or how it ended, with the flap locked unless ``fault`` is the flap's."""
        if self._step == _TURN:
            return self._turn(sensors, now_ms)
        if self._step == _FALL:
            return self._fall(sensors, now_ms)
        if self._step == _SHAKE:
            return self._shake(sensors, now_ms)
        return self._lock(sensors, now_ms)

    def _turn(self, sensors: Sensors, now_ms: int) -> int:
        """With an interrupted beam, an open gate or a sorter that does not arrive nothing may fall; it can still be handed back."""
        cause = self._motion.trouble(sensors, now_ms, TURN_MS)
        there = sensors.sorter_bin == self._bin
        if sensors.drop_beam:
            return UNCOUNTED
        if there and sensors.gate_shut:
            self._let_fall(now_ms)
        elif cause != CAUSE_NONE:
            return UNCOUNTED if there else self._broken(FAULT_SORTER, cause)
        return GOING

    def _fall(self, sensors: Sensors, now_ms: int) -> int:
        cause = self._motion.trouble(sensors, now_ms, FALL_MS)
        before = self.drop.stage
        stage = self.drop.look(sensors)
        if stage in (BELOW_BEAM, BROKEN):
            self._shut_flap(_LOCK, now_ms)
        elif stage != before:
            self._advance(_FALL, now_ms)
        elif cause != CAUSE_NONE and stage == IN_CHAMBER and self._shakes < SHAKES:
            self._shakes += 1
            self._shut_flap(_SHAKE, now_ms)
        elif cause != CAUSE_NONE:
            self._shut_flap(_LOCK, now_ms)
        return GOING

    def _shake(self, sensors: Sensors, now_ms: int) -> int:
        """The flap shuts and opens once more under what did not fall. If it falls just then, it falls."""
        cause = self._motion.trouble(sensors, now_ms, LOCK_MS)
        stage = self.drop.look(sensors)
        if stage in (BELOW_BEAM, BROKEN):
            self._advance(_LOCK, now_ms)
        elif stage == ABOVE_BEAM:
            self._open_flap(now_ms)
        elif sensors.flap_locked:
            self._let_fall(now_ms)
        elif cause != CAUSE_NONE:
            return self._broken(FAULT_FLAP, cause)
        return GOING

    def _lock(self, sensors: Sensors, now_ms: int) -> int:
        """Shuts behind the item. What is on its way down is waited for: a jam may still fall at the last moment."""
        cause = self._motion.trouble(sensors, now_ms, LOCK_MS)
        if self.drop.look(sensors) == DROPPED:
            return COUNTED
        if not sensors.flap_locked:
            return GOING if cause == CAUSE_NONE else self._broken(FAULT_FLAP, cause)
        if self.drop.falling and self._motion.took_ms(now_ms) < LOCK_MS:
            return GOING
        return self._end(sensors)

    def _end(self, sensors: Sensors) -> int:
        """Nothing fell, or it cannot be told. A beam that missed an item, or is blocked by it, must be looked at first."""
        if self.drop.stage == ABOVE_BEAM and sensors.weight_g <= ZERO_G:
            return self._broken(FAULT_DROP_BEAM, CAUSE_LATE)
        if self.drop.stage == BELOW_BEAM and sensors.drop_beam:
            return self._broken(FAULT_DROP_BEAM, CAUSE_BLOCKED)
        return UNCOUNTED

    def _broken(self, fault: int, cause: int) -> int:
        self.fault = fault
        self.cause = cause
        return UNCOUNTED

    def _let_fall(self, now_ms: int) -> None:
        self.drop = Drop()
        self._open_flap(now_ms)

    def _open_flap(self, now_ms: int) -> None:
        self._advance(_FALL, now_ms)
        self._metal.drive_flap(True)

    def _shut_flap(self, step: int, now_ms: int) -> None:
        self._advance(step, now_ms)
        self._metal.drive_flap(False)

    def _advance(self, step: int, now_ms: int) -> None:
        self._step = step
        self._motion.begin(now_ms)
