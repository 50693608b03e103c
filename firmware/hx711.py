"""The scale's converter (HX711, Avia Semiconductor): a reading whenever one is ready, and never a wait for one.

From its data sheet: DOUT is high until a reading is ready. Then each of 24 pulses on PD_SCK shifts out one bit, the highest first, valid
0.1 µs after the rising edge; a 25th lets DOUT go high again and chooses channel A with gain 128 for the next one. A pulse is high for 0.2 to
50 µs: after 60 µs the chip turns itself off, so no interrupt may come in between. RATE tied high: 80 readings a second.
"""

try:
    from typing import Any
except ImportError:  # MicroPython has no typing, and evaluates no annotation
    pass

BITS = 24
GAIN_PULSES = 1
"""Beyond the 24: 1 is channel A, gain 128; 2 and 3 are the other channel and gain."""

LOWEST, HIGHEST = -0x800000, 0x7FFFFF
"""What the chip gives for a cell beyond its range."""

SILENT_MS = 500
"""So long without a reading, where one comes every 12.5 ms: the chip is off, or a wire is loose."""


class Hx711:
    """``counts`` is the last reading, None before the first, beyond the chip's range, and once it has been silent for ``SILENT_MS``.

    ``machine`` gives ``disable_irq`` and ``enable_irq``.
    """

    def __init__(self, machine: "Any", data: "Any", clock: "Any", now_ms: int) -> None:
        self._machine = machine
        self._data = data
        self._clock = clock
        self._heard_ms = now_ms
        self.counts: "int | None" = None

    def look(self, now_ms: int) -> None:
        """Once a tick: takes a reading that is ready, in some 0.3 ms."""
        if self._data.value() == 0:
            self._heard_ms = now_ms
            counts = self._shift()
            self.counts = counts if LOWEST < counts < HIGHEST else None
        elif now_ms - self._heard_ms >= SILENT_MS:
            self.counts = None

    def _shift(self) -> int:
        counts = 0
        for _ in range(BITS):
            counts = (counts << 1) | self._pulse()
        for _ in range(GAIN_PULSES):
            self._pulse()
        return counts - (1 << BITS) if counts & (1 << (BITS - 1)) else counts

    def _pulse(self) -> int:
        """One bit. Whatever interrupts would come while the clock is high wait for these few microseconds."""
        clock = self._clock
        state = self._machine.disable_irq()
        clock.value(1)
        clock.value(0)
        self._machine.enable_irq(state)
        bit: int = self._data.value()
        return bit
