"""The machine's clock, and whether its time may be trusted. The only place that reads the time of day.

A time is trusted when the clock was set from the network at most 40 days ago and was kept since::

    synchronised ──within 40 days──▶ since this boot? ──yes──▶ trusted
                                          └─no──▶ does a battery clock agree? ──yes──▶ trusted
    everything else, and whatever shows a day before this program was built: not trusted

The kernel forgets at a restart when it was last synchronised, so the kiosk writes that down in one small file: not as its time stamp, which a
copy of the folder would set by whatever the clock shows then.
"""

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.clock import BUILD, Instant, Uptime
from config.files import ordinary

TRUSTED_FOR = timedelta(days=40)
"""A quartz that is 50 ppm off has lost under three minutes by then."""

RTC_MAY_DIFFER = timedelta(minutes=1)
"""The kernel copies its time to the battery clock every 11 minutes while synchronised; one that lost power shows 1970."""

REMEMBER_EVERY = timedelta(hours=1)

_TIME_ERROR = 5
"""adjtimex(2): the clock is not synchronised."""


def kernel_synchronised() -> bool:
    """Whether the kernel's clock follows a time server now, whichever program steers it: adjtimex(2) with nothing to change."""
    timex = ctypes.create_string_buffer(512)  # struct timex is 208 bytes; zeroed, its modes ask for no change
    answer: int = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    if answer < 0:
        raise OSError(ctypes.get_errno(), "adjtimex")
    return answer != _TIME_ERROR


def battery_clock() -> datetime | None:
    """What the battery-backed clock shows; None on a machine without one."""
    try:
        return datetime.fromtimestamp(int(Path("/sys/class/rtc/rtc0/since_epoch").read_text()), UTC)
    except FileNotFoundError:
        return None


def seconds_since_boot() -> float:
    """Monotonic, and running on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def boot() -> str:
    """The kernel's name for this run of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


@dataclass(frozen=True, slots=True)
class Readers:
    """Where the facts come from; tests pass others."""

    utc: Callable[[], datetime] = lambda: datetime.now(UTC)
    seconds_since_boot: Callable[[], float] = seconds_since_boot
    synchronised: Callable[[], bool] = kernel_synchronised
    battery_clock: Callable[[], datetime | None] = battery_clock
    boot: Callable[[], str] = boot


class SystemClock:
    """A ``config.clock.Clock`` on the machine's time. ``memory`` is the file that holds the last synchronisation seen."""

    def __init__(self, memory: Path, readers: Readers | None = None) -> None:
        self._memory = memory
        self._read = readers or Readers()
        self._boot = self._read.boot()
        self._written: datetime | None = None
        self._seen = self._remembered()

    def now(self) -> Instant:
        """UTC, trusted or not."""
        utc = self._read.utc()
        if self._read.synchronised():
            self._seen = utc
            self._write_down(utc)
        return Instant(utc, self._trusted(utc), Uptime(self._boot, self._read.seconds_since_boot()))

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return self._read.seconds_since_boot()

    def _trusted(self, utc: datetime) -> bool:
        if utc.date() < BUILD or self._seen is None or not timedelta(0) <= utc - self._seen <= TRUSTED_FOR:
            return False
        booted = utc - timedelta(seconds=self._read.seconds_since_boot())
        if self._seen >= booted:
            return True
        battery = self._read.battery_clock()
        return battery is not None and abs(battery - utc) <= RTC_MAY_DIFFER

    def _remembered(self) -> datetime | None:
        try:
            ordinary(self._memory)
            found = datetime.fromisoformat(self._memory.read_text(encoding="ascii"))
        except (OSError, ValueError):
            # whatever lies there is only a mark: without it the time is trusted less, never more
            return None
        return None if found.tzinfo is None else found

    def _write_down(self, utc: datetime) -> None:
        if self._written is not None and abs(utc - self._written) < REMEMBER_EVERY:
            return
        self._written = utc
        try:
            made = self._memory.with_name(f"{self._memory.name}.new")
            made.write_text(utc.isoformat(), encoding="ascii")
            made.replace(self._memory)
        except OSError:
            # a full disk must not stop the clock, and the ledger tells of it; what is forgotten is trusted less, never more
            return


class AssumedClock:
    """The clock of a demonstration on the twin: the machine's time, taken as right because nothing real depends on it."""

    def __init__(self) -> None:
        self._boot = boot()

    def now(self) -> Instant:
        return Instant(datetime.now(UTC), trusted=True, up=Uptime(self._boot, seconds_since_boot()))

    def monotonic(self) -> float:
        return seconds_since_boot()
