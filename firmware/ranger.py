"""The distance down into a bin: an ultrasonic ranger with one signal wire for trigger and echo, asked in turn and never waited for.

A pulse of 10 µs starts it; the echo comes as a pulse on the same wire, as long as sound takes there and back. Both of its edges are caught by
interrupts, which allocate nothing: the sound of a metre is 6 ms under way, and a collection of garbage may take as long.
"""

try:
    from typing import Any
except ImportError:  # MicroPython has no typing, and evaluates no annotation
    pass

TRIGGER_US = 10

SOUND_MM_S = 343000
"""In air of 20 °C. At 5 °C it is 3 % less: 2 cm on a bin's metre."""

NO_ECHO_MM = 0
"""Shown while none comes back: a bin whose sensor is dead counts as full and not as empty."""

MISSES = 3
"""So many questions without an echo in a row, before that is shown: a bottle that slants may swallow one."""

ECHO_MS = 60
"""The longest that an echo may take, with the sensor's own wait for one (38 ms); then nothing is heard of this question."""


class Ranger:
    """``mm`` is the middle one of the last three distances. ``ticks_us`` wraps; ``ticks_diff`` knows how."""

    def __init__(self, machine: "Any", time: "Any", gpio: int) -> None:
        self._pin_of = machine.Pin
        self._time = time
        self._pin = machine.Pin(gpio, machine.Pin.IN)
        self._edge = self._on_edge  # bound once: an interrupt may not allocate
        self._rise = self._fall = 0
        self._stage = 0
        self._asked_ms: "int | None" = None
        self._last = [NO_ECHO_MM, NO_ECHO_MM, NO_ECHO_MM]
        self._missed = MISSES
        self.mm = NO_ECHO_MM

    def ask(self, now_ms: int) -> None:
        pin, kind = self._pin, self._pin_of
        self._stage = 0
        self._asked_ms = now_ms
        pin.init(kind.OUT, value=1)
        self._time.sleep_us(TRIGGER_US)
        pin.value(0)
        pin.init(kind.IN)
        pin.irq(handler=self._edge, trigger=kind.IRQ_RISING | kind.IRQ_FALLING, hard=True)

    def look(self, now_ms: int) -> bool:
        """Once a tick. Whether it may be asked again: the echo is there, or none will come."""
        if self._asked_ms is None:
            return True
        if self._stage == 2:
            self._take(self._time.ticks_diff(self._fall, self._rise) * SOUND_MM_S // 2000000)
        elif now_ms - self._asked_ms >= ECHO_MS:
            self._miss()
        else:
            return False
        self._asked_ms = None
        self._pin.irq(handler=None)
        return True

    def _on_edge(self, pin: "Any") -> None:
        if self._stage == 0 and pin.value():
            self._rise = self._time.ticks_us()
            self._stage = 1
        elif self._stage == 1 and not pin.value():
            self._fall = self._time.ticks_us()
            self._stage = 2

    def _take(self, mm: int) -> None:
        if self._missed >= MISSES:
            self._last = [mm, mm, mm]
        self._missed = 0
        self._last = [self._last[1], self._last[2], mm]
        self.mm = sorted(self._last)[1]

    def _miss(self) -> None:
        self._missed += 1
        if self._missed >= MISSES:
            self.mm = NO_ECHO_MM
