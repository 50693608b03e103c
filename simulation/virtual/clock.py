"""A clock that stands still until it is turned."""

from datetime import UTC, datetime, timedelta

from config.clock import Instant

BEGINS = datetime(2026, 1, 5, 7, tzinfo=UTC)
"""A Monday morning; the same for every run, so that the same seed gives the same ledger."""


class VirtualClock:
    """Counts whole milliseconds, so that no sum of small steps drifts."""

    def __init__(self) -> None:
        self._ms = 0

    def now(self) -> Instant:
        return Instant(BEGINS + timedelta(milliseconds=self._ms), trusted=True)

    def monotonic(self) -> float:
        return self._ms / 1000

    def milliseconds(self) -> int:
        return self._ms

    def turn_to(self, milliseconds: int) -> None:
        """Never back."""
        self._ms = max(self._ms, milliseconds)
