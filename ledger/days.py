"""The business day: by the clock where the date is known, else counted by the time that the machine has been running.

The date is known while the clock is trusted and not behind the ledger. A ledger's day never goes back by a clock alone: a day's money would be spent
twice. Where the date is not known the day ends after 24 hours of time since boot, and the next is *assumed*; or it is the clock's own, if that
is trusted: whatever it said before was wrong. Time is added up from row to row, over boots; how long a machine was off nobody can know::

    known ──the clock is not trusted, or behind──▶ counted ──24 h──▶ assumed day after ──24 h──▶ …
      ▲                                               │                       │
      └──────────── a trusted clock, not behind ──────┴───────────────────────┘

Each row whose date is not known carries the count in its body, as ``reckoned``: day, assumed, spent_s (of that day), boot, up_s.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from config.clock import Instant, Uptime
from ledger.chain import Json

DAY_S = 24 * 3600

MARK_S = 3600
"""Time that may pass before a row of its own says so: what a power cut can make the count forget."""


SHAPE = {"day": str, "assumed": bool, "spent_s": int, "boot": str, "up_s": int}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """``spent_s``: seconds of this day that the machine has been running, up to ``read``. Without ``read`` the date is known."""

    day: date
    assumed: bool = False
    spent_s: int = 0
    read: Uptime | None = None

    def body(self) -> dict[str, Json]:
        """As it stands in a row. Only while the date is not known."""
        if self.read is None:
            raise ValueError("the date is known")
        up_s = int(self.read.seconds)
        return {"day": self.day.isoformat(), "assumed": self.assumed, "spent_s": self.spent_s, "boot": self.read.boot, "up_s": up_s}


def reckoning_of(body: dict[str, Any]) -> Reckoning | None:
    """What a row with this body says of its day; None if its clock was believed. Raises AttributeError, ValueError."""
    found = body.get("reckoned")
    if found is None:
        return None
    if {name: type(value) for name, value in found.items()} != SHAPE:
        raise ValueError(f"reckoned is {found!r}")
    return Reckoning(date.fromisoformat(found["day"]), found["assumed"], found["spent_s"], Uptime(found["boot"], found["up_s"]))


def reckon(last: Reckoning, now: Instant) -> Reckoning:
    """The business day now, if ``last`` is how it stood at the newest row."""
    if now.trusted and (day := now.day()) >= last.day:
        return Reckoning(day)
    if now.up is None:
        return last
    spent_s = last.spent_s + _passed_s(last.read, now.up)
    up = Uptime(now.up.boot, int(now.up.seconds))
    days, rest_s = divmod(spent_s, DAY_S)
    if not days:
        return replace(last, spent_s=spent_s, read=up)
    return Reckoning(now.day()) if now.trusted else Reckoning(last.day + timedelta(days=days), True, rest_s, up)


def begun(now: Instant) -> Reckoning:
    """The day that a first ledger begins on: the clock's own, for want of better."""
    up = None if now.trusted or now.up is None else Uptime(now.up.boot, int(now.up.seconds))
    return Reckoning(now.day(), not now.trusted, 0, up)


def wants_a_mark(last: Reckoning, now: Instant) -> bool:
    """Whether so much time has passed since ``last``, the newest row's, that a row must say so."""
    if now.up is None or reckon(last, now).read is None:
        return False
    return (int(now.up.seconds) if last.read is None else _passed_s(last.read, now.up)) >= MARK_S


def _passed_s(read: Uptime | None, now: Uptime) -> int:
    """From the newest count to now. A count that only begins has nothing before it; of another boot, all of this one counts."""
    if read is None:
        return 0
    return max(0, int(now.seconds) - int(read.seconds)) if read.boot == now.boot else int(now.seconds)
