"""What the kiosk tells the service manager: that it is ready, that it lives, that it ends. Its watchdog is fed only while every part answers.

::

    runner, screen, serial ─answer()─▶ Pulse ◀─ Supervision, four times a second: all answered in the last second?
                                                 ├─ yes ▶ READY=1 once, then WATCHDOG=1; RELOADING=1 at the end of one that begins anew
                                                 └─ no  ▶ nothing, and the part is named once; systemd ends the process by SIGABRT

The protocol is sd_notify(3): one datagram to the socket that NOTIFY_SOCKET names. Started by a shell, there is none, and nothing is told. No Qt.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from config.clock import Clock

ANSWERED_WITHIN_S = 1.0
LOOK_EVERY_S = 0.25
"""As often as the parts answer; a watchdog's period is many times longer (``systemd/README.md``)."""

AT_FIRST_S = 0.02
"""As often before that, for READY is waited for."""

START_US = 90_000_000
"""A kiosk that begins anew in the same process may take as long as a start does (``TimeoutStartSec=`` of its unit)."""


class Pulse:
    """One part's sign of life: the part answers in its own thread, whoever supervises it looks from another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answered_at: float | None = None

    def answer(self) -> None:
        self._answered_at = self._clock.monotonic()

    def silent(self) -> bool:
        """Whether it has not answered within the last second, or never."""
        at = self._answered_at
        return at is None or self._clock.monotonic() - at > ANSWERED_WITHIN_S


class Notifier:
    """The service manager's socket."""

    def __init__(self, address: str, watchdog_us: str | None = None) -> None:
        self.watchdog_us = watchdog_us
        self._address = "\0" + address[1:] if address.startswith("@") else address

    @classmethod
    def named_by(cls, environment: Mapping[str, str]) -> "Notifier | None":
        """None where nobody wants to be told: no service manager started this process."""
        address = environment.get("NOTIFY_SOCKET")
        return cls(address, environment.get("WATCHDOG_USEC")) if address else None

    def tell(self, state: str) -> None:
        """Never waits and never fails: a manager that is gone or busy hears the next one."""
        # a manager that restarts itself has no socket for a moment
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as outlet:
            outlet.setblocking(False)
            outlet.sendto(state.encode(), self._address)


class Supervised(Protocol):
    """What is watched: ``kiosk.app.Kiosk``."""

    @property
    def clock(self) -> Clock: ...

    @property
    def pulses(self) -> Mapping[str, Pulse]: ...

    @property
    def starts_anew(self) -> bool: ...

    def heard_silent(self, part: str) -> None:
        """A part has fallen silent, told once each time. From the supervision's thread."""
        ...


class Supervision:
    """Looks at the pulses and tells the manager. ``heard_silent`` gets the name of a part once each time that it falls silent, after it was ready."""

    def __init__(self, notifier: Notifier, pulses: Mapping[str, Pulse], heard_silent: Callable[[str], None]) -> None:
        self._notifier = notifier
        self._pulses = dict(pulses)
        self._heard_silent = heard_silent
        self.ready = False
        """Whether all have answered once."""
        self._silent: frozenset[str] = frozenset()

    def look(self) -> None:
        silent = frozenset(name for name, pulse in self._pulses.items() if pulse.silent())
        if not silent:
            self._notifier.tell("WATCHDOG=1" if self.ready else self._first())
            self.ready = True
        elif self.ready:
            for name in sorted(silent - self._silent):
                self._heard_silent(name)
        self._silent = silent

    def _first(self) -> str:
        """With the watchdog's own period, as the start before may have asked for a longer one."""
        period = self._notifier.watchdog_us
        return "READY=1\nWATCHDOG=1" + ("" if period is None else f"\nWATCHDOG_USEC={period}")

    def over(self, *, starts_anew: bool) -> None:
        self._notifier.tell(f"RELOADING=1\nWATCHDOG_USEC={START_US}" if starts_anew else "STOPPING=1")


@contextmanager
def supervised(notifier: Notifier | None, kiosk: Supervised, more: Mapping[str, Pulse] | None = None) -> Iterator[None]:
    """While the block runs, a thread of its own tells the manager of the kiosk's pulses and ``more``; at the block's end, that the kiosk ends."""
    if notifier is None:
        yield
        return
    supervision, ended = Supervision(notifier, {**kiosk.pulses, **(more or {})}, kiosk.heard_silent), threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK_EVERY_S if supervision.ready else AT_FIRST_S):
            supervision.look()

    thread = threading.Thread(target=watch, name="supervision", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        supervision.over(starts_anew=kiosk.starts_anew)
