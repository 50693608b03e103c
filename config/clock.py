"""The clock that is passed in. Nothing else in the program asks the machine for the time.

Order in the ledger is the row number, never the time; a time that cannot be vouched for says so.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
"""The kiosk's civil time: a day's budget is renewed at its midnight."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A time in UTC, and whether it can be trusted (synchronised recently enough, or assumed on a twin)."""

    utc: datetime
    trusted: bool

    def day(self) -> date:
        """The civil date in Paris."""
        return self.utc.astimezone(PARIS).date()


class Clock(Protocol):
    """Civil time for the books, monotonic seconds for waits."""

    def now(self) -> Instant: ...

    def monotonic(self) -> float:
        """Seconds that never jump; only differences mean anything."""
        ...
