"""A Hold: one part that a technician moves for as long as they touch it. When one may begin is the controller's business.

::

    MOVES ── let go, not renewed for RENEW_MS, LONGEST_MS over, unsafe, force, a hand ──▶ STANDS, without current ── STANDS_MS ──▶ home
      │                                                                                     ▲
      └── it has arrived ───────────────────────────────────────────────────────────────────┘

It never goes on by itself: a line that falls silent, a screen that hangs and a finger that slides off all end it. Where it was left it stands,
so that a technician can look; home it goes by a Clear, when nobody minds the machine any more, or after ``STANDS_MS`` behind a shut door.
"""

from firmware.metal import Metal, Sensors
from firmware.motion import Motion
from firmware.registers import (
    CAUSE_OVER_CURRENT,
    HELD_ARRIVED,
    HELD_FORCE,
    HELD_HAND,
    HELD_LET_GO,
    HELD_NONE,
    HELD_TIME,
    HELD_UNSAFE,
    HOLD_FLAP_OPEN,
    HOLD_FLAP_SHUT,
    HOLD_GATE_OPEN,
    HOLD_GATE_SHUT,
    HOLD_SORTER_1,
)

LONGEST_MS = 3000
"""One Hold; then the part stands, whatever is still touched."""

RENEW_MS = 400
"""Without a renewal for so long it stands. The kiosk renews every 100 ms: three may be lost."""

STANDS_MS = 30000
"""Left where it is, it goes home by itself after so long, behind a shut service door."""


class Hold:
    """``ended`` says how the last one ended, HELD_NONE while one goes on."""

    def __init__(self, metal: Metal) -> None:
        self._metal = metal
        self.ended = HELD_NONE
        self._target = 0
        self._began_at = self._renewed_at = self._stood_at = 0
        self._motion = Motion()

    @property
    def moves(self) -> bool:
        return self._target != 0

    def objects(self, target: int, sensors: Sensors) -> bool:
        """Whether this motion would meet something: one part at a time is away from home, and nothing lies in the chamber or the gate."""
        if sensors.occupied or sensors.entry_beam:
            return True
        if target in (HOLD_GATE_OPEN, HOLD_GATE_SHUT):
            return not sensors.flap_locked
        if target in (HOLD_FLAP_OPEN, HOLD_FLAP_SHUT):
            return not sensors.gate_shut or sensors.drop_beam
        return not (sensors.gate_shut and sensors.flap_locked)

    def begin(self, target: int, now_ms: int) -> None:
        self.ended = HELD_NONE
        self._target = target
        self._began_at = self._renewed_at = now_ms
        self._motion.begin(now_ms)
        if target in (HOLD_GATE_OPEN, HOLD_GATE_SHUT):
            self._metal.drive_gate(target == HOLD_GATE_OPEN)
        elif target in (HOLD_FLAP_OPEN, HOLD_FLAP_SHUT):
            self._metal.drive_flap(target == HOLD_FLAP_OPEN)
        else:
            self._metal.turn_sorter(target - HOLD_SORTER_1 + 1)

    def renew(self, now_ms: int) -> None:
        """It is still touched."""
        self._renewed_at = now_ms

    def let_go(self, now_ms: int) -> None:
        self._end(HELD_LET_GO, now_ms)

    def stand(self, now_ms: int) -> None:
        """What a Test moved stands from now on, as what was held does."""
        self._stand(HELD_LET_GO, now_ms)

    def look(self, sensors: Sensors, unsafe: bool, now_ms: int) -> bool:
        """Once a tick. Whether it is to go home: it has stood for so long behind a shut door."""
        if self.moves:
            self._stops(sensors, unsafe, now_ms)
        return not self.moves and not sensors.door_open and now_ms - self._stood_at >= STANDS_MS

    def _stops(self, sensors: Sensors, unsafe: bool, now_ms: int) -> None:
        trouble = self._motion.trouble(sensors, now_ms, 2 * LONGEST_MS)
        if unsafe:
            self._end(HELD_UNSAFE, now_ms)
        elif sensors.entry_beam:
            self._end(HELD_HAND, now_ms)
        elif trouble == CAUSE_OVER_CURRENT:
            self._end(HELD_FORCE, now_ms)
        elif self._there(sensors):
            self._end(HELD_ARRIVED, now_ms)
        elif now_ms - self._renewed_at >= RENEW_MS:
            self._end(HELD_LET_GO, now_ms)
        elif now_ms - self._began_at >= LONGEST_MS:
            self._end(HELD_TIME, now_ms)

    def _there(self, sensors: Sensors) -> bool:
        """A flap that is open has no switch that says so: it is held until it is let go."""
        if self._target == HOLD_GATE_OPEN:
            return sensors.gate_open
        if self._target == HOLD_GATE_SHUT:
            return sensors.gate_shut
        if self._target == HOLD_FLAP_SHUT:
            return sensors.flap_locked
        if self._target == HOLD_FLAP_OPEN:
            return False
        return sensors.sorter_bin == self._target - HOLD_SORTER_1 + 1

    def _end(self, how: int, now_ms: int) -> None:
        if self.moves:
            self._stand(how, now_ms)

    def _stand(self, how: int, now_ms: int) -> None:
        self._target = 0
        self._stood_at = now_ms
        self.ended = how
        self._metal.stop()
