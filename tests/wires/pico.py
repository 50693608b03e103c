"""A Raspberry Pi Pico on the bench: MicroPython's ``machine`` and ``time`` as the board's program finds them, with metal of a kind on its pins.

Its clock stands still but for what a test lets pass, and for the two microseconds of each touch of a pin. What the chips on it want of a signal is
looked at here: the pulses of the HX711, the line's DE. Runs under MicroPython, as the board's tests do.
"""

from firmware.wiring import BY_NAME, OUT, PWM, TABLE

try:
    from collections.abc import Callable
    from typing import Any
except ImportError:  # MicroPython has neither, and evaluates no annotation
    pass

PIN_US = 2
"""What one call on a pin takes at 125 MHz, about."""

BYTE_US = 87
GATE_MS, TURN_MS, FLAP_MS = 400, 300, 60
"""From end to end."""

COUNTS_A_GRAM = 429
READING_US = 12500
"""Between two readings of the HX711 at 80 a second."""

DRIVES = tuple(BY_NAME[name].gpio for name in ("gate_opens", "gate_shuts", "sorter_to_1", "sorter_to_2"))
FLAP, SCALE_DATA, SCALE_CLOCK = BY_NAME["flap"].gpio, BY_NAME["scale_data"].gpio, BY_NAME["scale_clock"].gpio

OUTPUTS = (OUT, PWM)


class Level:
    """What stands on one GPIO, and who wants to hear of its edges. An output is low from the start: the chip pulls each pin down until it is told."""

    def __init__(self, level: int) -> None:
        self.level = level
        self.output = False
        self.handler: Callable[[Any], None] | None = None
        self.pin: Any = None
        self.trigger = 0


class Pico:
    """``machine`` and ``time`` in one: hand it over for both. The names of ``wiring.py`` are its pins."""

    def __init__(self) -> None:
        self.now_us = 1000000
        self.levels = {wire.gpio: Level(0 if wire.kind in OUTPUTS else 1) for wire in TABLE}
        self.duty: dict[int, int] = {}
        self.adc = {26: 0, 27: 0, 4: 0}
        self.fed = 0
        self.watchdog_ms = 0
        self.gate_mm = self.sorter_mm = self.flap_mm = 0.0
        self.jammed = self.moves = False
        self.echo_mm: dict[int, int | None] = {19: 800, 20: 600}
        self.echoes: dict[int, tuple[int, int]] = {}
        self.grams = 0
        self.scale_dead = False
        self.pulses, self.bits, self.high_since, self.longest_high_us, self.ready_us = 0, 0, 0, 0, self.now_us
        self.trains: list[int] = []
        self.sent, self.coming, self.sends_until = b"", b"", 0
        self.irqs_off = 0
        self.spoken_over: list[int] = []
        self.set("door", 0)
        self.set("entry_beam", 0)
        self.set("drop_beam", 0)
        self.set("occupied", 0)
        self.volts(12.0)
        self.amperes(0)
        self._ends()
        self.Pin = pin_class(self)
        self.PWM, self.ADC, self.WDT = small_classes(self)
        self.UART = uart_class(self)

    # ``machine`` and ``time``

    def unique_id(self) -> bytes:
        return b"\xe6\x60\x38\xb7\x13\x4a\x55\x2b"

    def disable_irq(self) -> int:
        self.irqs_off += 1
        return self.irqs_off - 1

    def enable_irq(self, state: int) -> None:
        self.irqs_off = state

    def ticks_us(self) -> int:
        return self.now_us & 0x3FFFFFFF

    def ticks_ms(self) -> int:
        return (self.now_us // 1000) & 0x3FFFFFFF

    def ticks_diff(self, later: int, earlier: int) -> int:
        return ((later - earlier + 0x20000000) & 0x3FFFFFFF) - 0x20000000

    def ticks_add(self, ticks: int, delta: int) -> int:
        return (ticks + delta) & 0x3FFFFFFF

    def sleep_us(self, us: int) -> None:
        self.pass_us(us)

    # what a test does and sees

    def level(self, name: str) -> int:
        return self.levels[BY_NAME[name].gpio].level

    def set(self, name: str, level: int) -> None:
        """What a sensor, or a hand, makes of a pin."""
        self.put(BY_NAME[name].gpio, level)

    def volts(self, volts: float) -> None:
        self.adc[27] = int(volts / 5.7 / 3.3 * 65535)

    def amperes(self, amperes: float) -> None:
        self.adc[26] = int(amperes / 3.3 * 65535)

    def said(self) -> bytes:
        """What it sent since this was last asked, once the last bit is out."""
        if self.now_us < self.sends_until:
            return b""
        said, self.sent = self.sent, b""
        return said

    def pass_ms(self, ms: int) -> None:
        for _ in range(ms):
            self.pass_us(1000)

    def pass_us(self, us: int) -> None:
        until = self.now_us + us
        if self.moves and not self.jammed:
            self._move(us)
        for gpio, (rises, falls) in list(self.echoes.items()) if self.echoes else ():
            if self.now_us < rises <= until:
                self.now_us = rises
                self.put(gpio, 1)
            if falls <= until:
                self.now_us = max(falls, self.now_us)
                del self.echoes[gpio]
                self.put(gpio, 0)
        self.now_us = until
        if self.pulses == 0 and not self.scale_dead and self.now_us >= self.ready_us:
            self.levels[SCALE_DATA].level = 0

    # what is on the pins

    def turn_round(self, gpio: int, output: bool) -> None:
        here = self.levels[gpio]
        if here.output and not output and gpio in self.echo_mm:
            self._trigger(gpio)
        here.output = output

    def put(self, gpio: int, level: int) -> None:
        here = self.levels[gpio]
        before, here.level = here.level, level
        if before == level:
            return
        self.moves = self.moves or gpio in DRIVES
        wanted = 8 if level else 4
        if here.handler is not None and here.trigger & wanted:
            here.handler(here.pin)
        if gpio == SCALE_CLOCK:
            self._clock(level)
        if gpio == BY_NAME["line_de"].gpio and level == 0 and self.now_us < self.sends_until:
            self.spoken_over.append(self.sends_until - self.now_us)

    def _trigger(self, gpio: int) -> None:
        self.levels[gpio].level = 0
        mm = self.echo_mm[gpio]
        if mm is not None:
            self.echoes[gpio] = (self.now_us + 500, self.now_us + 500 + mm * 2000 // 343)

    def _clock(self, level: int) -> None:
        """The HX711's side of its two wires."""
        if level:
            self.high_since = self.now_us
            if self.pulses == 0:
                self.bits = (self.grams * COUNTS_A_GRAM) & 0xFFFFFF
            self.pulses += 1
            bit = (self.bits >> (24 - self.pulses)) & 1 if self.pulses <= 24 else 1
            self.levels[SCALE_DATA].level = bit
            return
        assert self.irqs_off, "an interrupt may keep the clock high until the chip turns itself off"
        self.longest_high_us = max(self.longest_high_us, self.now_us - self.high_since)
        if self.pulses == 25:
            self.trains.append(self.pulses)
            self.pulses = 0
            self.ready_us = self.now_us + READING_US

    def _move(self, us: int) -> None:
        """Positions in thousandths of the way: 0 is shut, locked, or over bin 1."""
        flap = 1 if self.duty.get(FLAP, 0) else -1
        gate = self.level("gate_opens") - self.level("gate_shuts")
        self.gate_mm = min(1000, max(0, self.gate_mm + gate * us / GATE_MS))
        sorter = self.level("sorter_to_2") - self.level("sorter_to_1")
        self.sorter_mm = min(1000, max(0, self.sorter_mm + sorter * us / TURN_MS))
        self.flap_mm = min(1000, max(0, self.flap_mm + flap * us / FLAP_MS))
        self._ends()
        self.moves = bool(gate or sorter or flap > 0 or self.flap_mm > 0)

    def _ends(self) -> None:
        self.set("gate_shut", 0 if self.gate_mm <= 0 else 1)
        self.set("gate_open", 0 if self.gate_mm >= 1000 else 1)
        self.set("sorter_at_1", 0 if self.sorter_mm <= 0 else 1)
        self.set("sorter_at_2", 0 if self.sorter_mm >= 1000 else 1)
        self.set("flap_locked", 0 if self.flap_mm <= 0 else 1)


def pin_class(pico: "Pico") -> "Any":
    """``machine.Pin`` of that Pico, with its constants on it."""

    class Pin:
        IN, OUT, PULL_UP, PULL_DOWN = 0, 1, 1, 2
        IRQ_FALLING, IRQ_RISING = 4, 8

        def __init__(self, gpio: int, mode: "int | None" = None, pull: "int | None" = None, value: "int | None" = None) -> None:
            assert gpio in pico.levels, gpio
            self.gpio = gpio
            if mode is not None:
                self.init(mode, pull, value=value)

        def init(self, mode: int, pull: "int | None" = None, value: "int | None" = None) -> None:
            pico.turn_round(self.gpio, mode == Pin.OUT)
            if value is not None:
                self.value(value)

        def value(self, level: "int | None" = None) -> "int | None":
            pico.pass_us(PIN_US)
            if level is None:
                return pico.levels[self.gpio].level
            assert pico.levels[self.gpio].output, self.gpio
            pico.put(self.gpio, level)
            return None

        def irq(self, handler: "Callable[[Any], None] | None" = None, trigger: int = 0, hard: bool = False) -> None:
            pico.levels[self.gpio].handler = handler
            pico.levels[self.gpio].trigger = trigger
            pico.levels[self.gpio].pin = self

    return Pin


def small_classes(pico: "Pico") -> "tuple[Any, Any, Any]":
    """``machine.PWM``, ``machine.ADC`` and ``machine.WDT``."""

    class Dimmed:
        def __init__(self, pin: "Any") -> None:
            self.gpio = pin.gpio

        def freq(self, hertz: int) -> None:
            assert 7 < hertz < 100000

        def duty_u16(self, duty: int) -> None:
            pico.duty[self.gpio] = duty
            pico.moves = True

    class ADC:
        def __init__(self, what: "Any") -> None:
            self.channel = what if isinstance(what, int) else what.gpio

        def read_u16(self) -> int:
            return pico.adc[self.channel]

    class WDT:
        def __init__(self, timeout: int) -> None:
            assert 1000 <= timeout <= 8388, "what this chip's watchdog can do"
            pico.watchdog_ms = timeout

        def feed(self) -> None:
            pico.fed += 1

    return Dimmed, ADC, WDT


def uart_class(pico: "Pico") -> "Any":
    """``machine.UART``: what it sends takes its time, what comes is what a test put there."""

    class UART:
        def __init__(self, number: int, baud: int, tx: "Any", rx: "Any", rxbuf: int, txbuf: int) -> None:
            assert (number, baud, tx.gpio, rx.gpio) == (0, 115200, 0, 1)

        def any(self) -> int:
            return len(pico.coming)

        def read(self, count: int) -> bytes:
            came, pico.coming = pico.coming[:count], pico.coming[count:]
            return came

        def write(self, data: bytes) -> None:
            assert pico.level("line_de") == 1, "nobody hears a board that does not drive the line"
            pico.sent += data
            pico.sends_until = max(pico.now_us, pico.sends_until) + len(data) * BYTE_US

        def txdone(self) -> bool:
            # true while the last byte is still on its way: as this chip's does
            return pico.now_us >= pico.sends_until - BYTE_US

    return UART
