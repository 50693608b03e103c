"""Inputs that are on or off: a contact that bounces, and a beam whose shortest interruption must not be missed."""

try:
    from typing import Any
except ImportError:  # MicroPython has no typing, and evaluates no annotation
    pass

BOUNCE_MS = 5
"""A small switch's contact has come to rest after so long."""


class Switch:
    """A contact. It ``is_on`` once it was on for ``on_ms``, and off once it was off for ``off_ms``, without a break."""

    def __init__(self, pin: "Any", active: int, on_ms: int = BOUNCE_MS, off_ms: int = BOUNCE_MS) -> None:
        self._pin = pin
        self._active = active
        self._on_ms = on_ms
        self._off_ms = off_ms
        self.is_on: bool = pin.value() == active
        self._since: "int | None" = None

    @property
    def holds(self) -> bool:
        """Whether it is on, and was not let go of in this very moment either."""
        return bool(self.is_on and self._pin.value() == self._active)

    def look(self, now_ms: int) -> bool:
        """Once a tick."""
        if (self._pin.value() == self._active) == self.is_on:
            self._since = None
            return self.is_on
        if self._since is None:
            self._since = now_ms
        if now_ms - self._since >= (self._off_ms if self.is_on else self._on_ms):
            self.is_on = not self.is_on
            self._since = None
        return self.is_on


class Beam:
    """What interrupts it between two looks is held until the next, however short: a falling bottle may be in it for a few milliseconds."""

    def __init__(self, machine: "Any", pin: "Any", active: int) -> None:
        self._pin = pin
        self._active = active
        self._caught = False
        edge = machine.Pin.IRQ_RISING if active else machine.Pin.IRQ_FALLING
        pin.irq(handler=self._on_edge, trigger=edge)

    def look(self) -> bool:
        """Once a tick. The flag is taken down before the pin is read: what comes in between is not lost."""
        caught, self._caught = self._caught, False
        return bool(caught or self._pin.value() == self._active)

    def _on_edge(self, _pin: "Any") -> None:
        self._caught = True
