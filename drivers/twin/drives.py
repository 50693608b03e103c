"""One driven part that travels between two ends: gate, flap or sorter, with its current, and what can keep it from arriving.

Position 0 is shut (the sorter: bin 1), 1 is open (bin 2). Physics alone: who drives it is the controller, who breaks it
``breaking.py``. Without current the flap's spring shuts it; the gears of gate and sorter hold them where they stand.
"""

import math
from dataclasses import dataclass

from drivers.twin.actions import DriveFault

START_MA, START_MS, FREE_MA = 900, 50, 400
"""Current of a motion in its first moments, and afterwards. Chosen as of a small geared motor; not measured."""

BLOCKED_MA, NOMINAL_MV = 2500, 12_000
"""Current of a drive that cannot turn, at the supply's nominal voltage; it falls with the voltage."""

STALLS_BELOW_MV = 8500
"""With less no drive has the force to move anything, and draws less than what tells of an obstacle: it is merely late."""


class Drive:
    """Where it stands is what the last ``advance`` saw, so that all who look between two of them see the same.

    ``out_ms`` and ``back_ms`` are the times of the whole way; ``slow_ms`` replaces both. ``stop_at``: something solid keeps it
    from going further back than there.
    """

    def __init__(self, *, spring: bool = False, position: float = 0.0) -> None:
        self.out_ms = self.back_ms = 0
        self.slow_ms: int | None = None
        self.fault = DriveFault.RIGHT
        self.stop_at = 0.0
        self.position = position
        self.began_ms = 0
        """When the motion that was ordered last began."""
        self._spring = spring
        self._out = False
        self._current = False
        self._forced_until = 0
        self._turns = False
        self._motion = _Motion(position, 0, position, None)
        self._seen_at = 0
        self._supply_mv = NOMINAL_MV

    @property
    def is_open(self) -> bool:
        return self.position == 1.0

    @property
    def is_shut(self) -> bool:
        return self.position == 0.0

    @property
    def opens(self) -> bool:
        """Whether it was last sent out: it is open, on its way there, or was kept from it."""
        return self._out

    @property
    def stopped(self) -> bool:
        """Whether it stands on its way back, against something solid."""
        return self._current and not self._out and 0.0 < self.position <= self.stop_at

    def drive(self, out: bool, now_ms: int) -> bool:
        """Sets off from wherever it stands. False if it was driven that way already: then nothing changes."""
        begins = out != self._out or not self._current
        if begins:
            self.began_ms = now_ms
            self._out, self._current = out, True
            self._set_off(now_ms)
        return begins

    def cut(self, now_ms: int) -> None:
        """Takes the current away."""
        self._current = False
        self._set_off(now_ms)

    def force(self, until_ms: int) -> None:
        """Somebody holds it open by hand."""
        self._forced_until = until_ms

    def advance(self, now_ms: int, supply_mv: int) -> None:
        """Time passes; also the moment in which a fault, an obstacle or another supply begins to tell."""
        self._seen_at, self._supply_mv = now_ms, supply_mv
        if now_ms < self._forced_until:
            self._motion = _Motion(1.0, now_ms, 1.0, None)
        self._set_off(now_ms)
        self.position = self._motion.at(now_ms)

    @property
    def motor_ma(self) -> int:
        """What it draws. At its end a switch takes the current from it."""
        if not self._current or self.fault is DriveFault.DEAD or self.position == float(self._out):
            return 0
        if not self._turns:
            return BLOCKED_MA * self._supply_mv // NOMINAL_MV
        return START_MA if self._seen_at - self.began_ms < START_MS else FREE_MA

    @property
    def due_ms(self) -> int | None:
        """When it arrives, or the hand lets go; None while it stands."""
        if self._seen_at < self._forced_until:
            return self._forced_until
        return None if self.position == self._motion.towards else self._motion.arrives_ms

    def _set_off(self, now_ms: int) -> None:
        """Goes on as it moves, or moves otherwise from where it is now; never through what came into its way."""
        at = max(self._motion.at(now_ms), min(self.stop_at, self.position))
        towards, whole_ms = self._wanted(at, now_ms)
        if (towards, whole_ms) != (self._motion.towards, self._motion.whole_ms):
            self._motion = _Motion(at, now_ms, towards, whole_ms)

    def _wanted(self, at: float, now_ms: int) -> tuple[float, int | None]:
        """Where it moves to from where it is, and how long the whole way would take; None: it stands."""
        self._turns = False
        if now_ms < self._forced_until or self.fault is DriveFault.BLOCKED:
            return at, None
        pulls = self._current and self.fault is DriveFault.RIGHT and self._supply_mv >= STALLS_BELOW_MV
        if pulls and self._out:
            self._turns = True
            return 1.0, self.out_ms if self.slow_ms is None else self.slow_ms
        if not (pulls or self._spring) or at <= self.stop_at:
            return at, None
        self._turns = pulls
        return self.stop_at, self.back_ms if self.slow_ms is None else self.slow_ms


@dataclass(frozen=True, slots=True)
class _Motion:
    """From a place at a time towards another; ``whole_ms`` is the time from end to end, None for standing."""

    start: float
    since_ms: int
    towards: float
    whole_ms: int | None

    @property
    def arrives_ms(self) -> int:
        # a rounding error must not cost a millisecond
        return self.since_ms + math.ceil(abs(self.towards - self.start) * (self.whole_ms or 0) - 1e-6)

    def at(self, now_ms: int) -> float:
        if self.whole_ms is None:
            return self.start
        if now_ms >= self.arrives_ms:
            return self.towards
        way = (now_ms - self.since_ms) / self.whole_ms
        return self.start + way if self.towards > self.start else self.start - way
