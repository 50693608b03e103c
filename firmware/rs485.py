"""Two wires for both ways (RS-485): listens, and speaks only for as long as an answer takes. The frames are ``server.py``'s.

DE goes up before the first bit and down after the last. MicroPython's UART on this chip says that all is sent while the last byte still is
(``UART.txdone``), so one byte's time is added; and as the loop may be elsewhere at that moment, the last milliseconds of an answer are waited for.
"""

from firmware import wiring

try:
    from collections.abc import Callable
    from typing import Any
except ImportError:  # MicroPython has neither, and evaluates no annotation
    pass

BYTE_US = 10 * 1000000 // wiring.BAUD + 1
"""Start bit, eight bits, stop bit."""

SILENCE_US = 1750
"""Of the line before an answer: what Modbus asks between two frames above 19200 baud. Whoever asked has let the line go by then."""

NEAR_US = 3000
"""With less of an answer left than this the loop waits for its end: another turn of it might take longer."""


class Rs485:
    """One end of the line. ``feed`` takes what came and gives what is to be said."""

    def __init__(self, machine: "Any", time: "Any", feed: "Callable[[bytes], bytes]") -> None:
        pin, wires = machine.Pin, wiring.BY_NAME
        self._time = time
        self._feed = feed
        self._speak = pin(wires["line_de"].gpio, pin.OUT, value=0)
        self._uart = machine.UART(
            wiring.UART_NUMBER,
            wiring.BAUD,
            tx=pin(wires["line_tx"].gpio),
            rx=pin(wires["line_rx"].gpio),
            rxbuf=512,
            txbuf=512,
        )
        self._answer = b""
        self._heard_us = time.ticks_us()
        self._ends_us: "int | None" = None

    def turn(self) -> None:
        """Once a turn of the loop."""
        if self._ends_us is not None:
            self._end()
            return
        waiting = self._uart.any()
        if waiting:
            self._answer += self._feed(self._uart.read(waiting) or b"")
            self._heard_us = self._time.ticks_us()
        elif self._answer and self._time.ticks_diff(self._time.ticks_us(), self._heard_us) >= SILENCE_US:
            self._begin()

    def _begin(self) -> None:
        self._speak.value(1)
        self._uart.write(self._answer)
        self._ends_us = self._time.ticks_add(self._time.ticks_us(), len(self._answer) * BYTE_US)
        self._answer = b""

    def _end(self) -> None:
        """The own receiver heard nothing meanwhile: /RE is on the same pin."""
        left_us = self._time.ticks_diff(self._ends_us, self._time.ticks_us())
        if left_us > NEAR_US:
            return
        if left_us > 0:
            self._time.sleep_us(left_us)
        if not self._uart.txdone():
            return
        self._time.sleep_us(BYTE_US)
        self._speak.value(0)
        self._ends_us = None
