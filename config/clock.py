"""The clock that is passed in. Nothing else in the program asks the machine for the time.

Order in the ledger is the row number, never the time; a time that cannot be vouched for says so.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
"""The kiosk's civil time: a day's budget is renewed at its midnight."""


BUILD = date(2026, 11, 20)
"""The day this program was made: a clock that shows an earlier one is wrong. Raised with each release."""


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds since the machine started, asleep or not, and which start that was."""

    boot: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Instant:
    """A time in UTC, and whether it can be trusted (synchronised recently enough, or assumed on a twin).

    ``up`` is what can be known without any date: how long the machine has been running. It is no part of what the time is.
    """

    utc: datetime
    trusted: bool
    up: Uptime | None = field(default=None, compare=False)

    def day(self) -> date:
        """The civil date in Paris."""
        return self.utc.astimezone(PARIS).date()

    def seconds_since(self, earlier: "Instant") -> float | None:
        """By the time since boot within one boot, else by two trusted clocks; None where nobody can say."""
        if self.up is not None and earlier.up is not None and self.up.boot == earlier.up.boot:
            return self.up.seconds - earlier.up.seconds
        return (self.utc - earlier.utc).total_seconds() if self.trusted and earlier.trusted else None


class Clock(Protocol):
    """Civil time for the books, monotonic seconds for waits."""

    def now(self) -> Instant: ...

    def monotonic(self) -> float:
        """Seconds that never jump; only differences mean anything."""
        ...
