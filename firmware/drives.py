"""What moves: a motor between two ends, and the flap's solenoid. A motion starts and returns at once; nobody waits for it here."""

from firmware.switches import Switch

try:
    from typing import Any
except ImportError:  # MicroPython has no typing, and evaluates no annotation
    pass

LONGEST_MS = 5000
"""No motor is driven longer, whatever asks for it. The controller gives a motion up earlier, after 2 to 4 s."""

PULL_MS, HOLD_DUTY = 300, 22000
"""The solenoid pulls with all it can for so long, and holds with a third: it would grow hot."""

FULL_DUTY = 65535
SOLENOID_HZ = 20000
"""Above what people hear."""


class Motor:
    """One DRV8871: IN1 one way, IN2 the other, both low for no current. ``ends`` are the switches that it runs to, out and back."""

    def __init__(self, out: "Any", back: "Any", ends: "tuple[Switch, Switch]") -> None:
        self._pins = (out, back)
        self._ends = ends
        self._way: "int | None" = None
        self._since = 0
        self.cut()

    @property
    def driven(self) -> bool:
        return self._way is not None

    def drive(self, way: int, now_ms: int) -> None:
        """0 out, 1 back. Asked for again on its way, it goes on; at its end already, it stays without current."""
        if way == self._way:
            return
        self.cut()
        if not self._ends[way].holds:
            self._way = way
            self._since = now_ms
            self._pins[way].value(1)

    def look(self, now_ms: int) -> None:
        """Once a tick, after its switches: at its end, or after ``LONGEST_MS``, it gets no current any more."""
        if self._way is not None and (self._ends[self._way].holds or now_ms - self._since >= LONGEST_MS):
            self.cut()

    def cut(self) -> None:
        self._way = None
        for pin in self._pins:
            pin.value(0)


class Solenoid:
    """Pulls the flap open against its spring."""

    def __init__(self, pwm: "Any") -> None:
        self._pwm = pwm
        self._since: "int | None" = None
        pwm.freq(SOLENOID_HZ)
        self.cut()

    @property
    def driven(self) -> bool:
        return self._since is not None

    def pull(self, now_ms: int) -> None:
        if self._since is None:
            self._since = now_ms
            self._pwm.duty_u16(FULL_DUTY)

    def look(self, now_ms: int) -> None:
        """Once a tick: held with less after a while, and never longer than ``LONGEST_MS``."""
        if self._since is None:
            return
        if now_ms - self._since >= LONGEST_MS:
            self.cut()
        elif now_ms - self._since >= PULL_MS:
            self._pwm.duty_u16(HOLD_DUTY)

    def cut(self) -> None:
        self._since = None
        self._pwm.duty_u16(0)
