"""The clock that is passed in. Nothing else in the program asks the machine for the time.

Order in the ledger is the row number, never the time; a time that cannot be vouched for says so.
"""

import os
import struct
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from config.files import ordinary
from config.told import WrongUse

PARIS = ZoneInfo("Europe/Paris")
"""The kiosk's civil time: a day's budget is renewed at its midnight."""


class WrongTimeZone(WrongUse):
    """``TZ`` names something on this machine that is no time zone's file."""

    def __init__(self, found: str) -> None:
        super().__init__(f"TZ is {found!r}, which is no time zone's file")
        self.found = found


def need_time_zone() -> None:
    """Raises WrongTimeZone, and takes ``TZ`` out of the environment then: libraries read it as they load, those that write the sentence about it too.

    The program's own times are of Paris and UTC; a name of which no file lies there is UTC to the system, and to all of them.
    """
    found = os.environ.get("TZ", "")
    if not found:
        return
    named = Path(found.removeprefix(":"))
    try:
        ordinary(named)
        with named.open("rb") as file:
            ZoneInfo.from_file(file)
    except (FileNotFoundError, NotADirectoryError):
        # a name, as it should be
        return
    except (OSError, ValueError, IndexError, struct.error) as error:
        # of a file that is none, or cut off, zoneinfo tells in all these ways
        del os.environ["TZ"]
        raise WrongTimeZone(found) from error


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
