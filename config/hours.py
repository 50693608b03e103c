"""When visitors may hand in: spans of the week in Paris, and days on which the hall is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from config.clock import PARIS, Instant

Span = tuple[int, int]
"""From and until, in minutes of one day (1440 is its end); the first is the earlier."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """``spans`` by day of the week, Monday is 0; a day that is left out is closed, but not all of them are."""

    spans: Mapping[int, tuple[Span, ...]]
    closed_on: frozenset[date] = frozenset()

    def opens(self, now: Instant) -> datetime | None:
        """When the hall opens next, in Paris; None while it is open, and while the time cannot be trusted: no visitor is sent away by a guess."""
        here = now.utc.astimezone(PARIS)
        if not now.trusted or any(begin <= here.hour * 60 + here.minute < end for begin, end in self._on(here.date())):
            return None
        days = (here.date() + timedelta(days=days) for days in count())
        begins = (datetime.combine(day, time(*divmod(begin, 60)), PARIS) for day in days for begin, _ in sorted(self._on(day)))
        return next(at for at in begins if at > here)

    def _on(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed_on else self.spans.get(day.weekday(), ())
