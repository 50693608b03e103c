"""Time in tests: a clock that moves only when told, and waiting for a condition instead of a number of seconds."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from config.clock import Instant, Uptime

PATIENCE = float(os.environ.get("CONSIGNE_TEST_PATIENCE", "3"))
"""Every limit on a wait in the tests is stated for a machine that does nothing else, and holds so many times longer.

Where all is well nobody waits so long: a large number costs time only once something hangs.
"""


def patient(seconds: float) -> float:
    """How long to wait for what takes at most so long on a quiet machine."""
    return seconds * PATIENCE


class FakeClock:
    """A ``config.clock.Clock`` that stands still until ``advance`` moves civil time and time since boot together."""

    def __init__(self, utc: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC), *, trusted: bool = True) -> None:
        self.utc = utc
        self.trusted = trusted
        self.boots = 1
        self._monotonic = 1000.0

    def now(self) -> Instant:
        return Instant(self.utc, self.trusted, Uptime(f"boot-{self.boots}", self._monotonic))

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self.utc += timedelta(seconds=seconds)
        self._monotonic += seconds

    def boot(self) -> None:
        """The machine starts anew."""
        self.boots += 1
        self._monotonic = 10.0


def wait_until(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Polls until the condition holds, and fails the test when it has not in time (generous: speed is not what is tested)."""
    deadline = time.monotonic() + patient(timeout_s)
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"did not come true within {patient(timeout_s)} s: {condition}")
        time.sleep(0.01)
