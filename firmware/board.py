"""The metal on the pins of a Raspberry Pi Pico: ``Metal`` for MicroPython's ``machine``. Nothing waits; which pin is what stands in ``wiring.py``.

**The door cuts.** While the service door is open, sorter and flap get no current, whatever is asked: they stand where a technician's hands are.
Nothing goes on by itself once it is shut. The gate, which stands on the visitor's side behind its own force limit, may still shut. The door
switch's second contact does the same in hardware, before the drives: this here is the second of the two, not the safety function.
"""

from firmware import wiring
from firmware.drives import FULL_DUTY, Motor, Solenoid
from firmware.hx711 import Hx711
from firmware.metal import BINS, Metal, Sensors
from firmware.ranger import Ranger
from firmware.switches import Beam, Switch

try:
    from collections.abc import Callable
    from typing import Any
except ImportError:  # MicroPython has neither, and evaluates no annotation
    pass

DOOR_SHUT_MS = 50
"""A door that is pushed shut bounces longer than a switch. That it is open is believed at once."""

COUNTS_A_GRAM = 429
"""Of a cell for 5 kg with 1 mV/V: a thousandth of the supply at 5 kg, where the converter's range at gain 128 is a 256th of it for 2^23 counts."""

DEAD_SCALE_G = 30000
"""Shown while the converter gives nothing: beyond all that a chamber holds, so that no drop counts and the scale's fault is told."""

RANGE_EVERY_MS = 100
"""The bins' rangers are asked in turn, so that neither hears the other's echo."""

AMPLIFIER_MV_A = 1000
"""INA180A2: 50 times what 20 mΩ make of an ampere."""

DIVIDER_TENTHS = 57
"""47 kΩ over 10 kΩ."""

ADC_MV, ADC_FULL = 3300, 65535
ADC_TEMPERATURE = 4
"""The chip's own sensor, on no pin: 0.706 V at 27 °C, 1.721 mV less a degree (RP2040 data sheet, 4.9.5)."""

LAMP_HZ = 1000


class Board(Metal):
    """``machine`` and ``time`` are MicroPython's modules, ``clock_ms`` milliseconds that only rise."""

    def __init__(self, machine: "Any", time: "Any", clock_ms: "Callable[[], int]") -> None:
        self._machine = machine
        self._clock_ms = clock_ms
        now = clock_ms()
        self._switches: "list[Switch]" = []
        self._gate_open, self._gate_shut = self._switch("gate_open"), self._switch("gate_shut")
        self._at_bin = (self._switch("sorter_at_1"), self._switch("sorter_at_2"))
        self._flap_locked = self._switch("flap_locked")
        door = wiring.BY_NAME["door"]
        self._door = Switch(self._input("door"), self._active(door), on_ms=0, off_ms=DOOR_SHUT_MS)
        self._switches.append(self._door)
        self._gate = Motor(self._output("gate_opens"), self._output("gate_shuts"), (self._gate_open, self._gate_shut))
        self._sorter = Motor(self._output("sorter_to_1"), self._output("sorter_to_2"), self._at_bin)
        self._flap = Solenoid(self._pwm("flap"))
        self._lamp = self._pwm("lamp")
        self._lamp.freq(LAMP_HZ)
        self._beams = {name: self._beam(name) for name in ("entry_beam", "drop_beam")}
        self._occupied = self._switch("occupied")
        self._metal = self._switch("metal")
        self._scale = Hx711(machine, self._input("scale_data"), self._output("scale_clock"), now)
        self._rangers = [Ranger(machine, time, wiring.BY_NAME["bin_" + str(number)].gpio) for number in range(1, BINS + 1)]
        self._ranging = 0
        self._asked_ms = now - RANGE_EVERY_MS
        self._current, self._supply = self._adc("motor_current"), self._adc("supply")
        self._temperature = machine.ADC(ADC_TEMPERATURE)

    def read(self) -> Sensors:
        """Looks at every pin once. Drives that have arrived, or that the door stops, lose their current here."""
        now = self._clock_ms()
        for switch in self._switches:
            switch.look(now)
        if self._door.is_on:
            self._sorter.cut()
            self._flap.cut()
        for drive in (self._gate, self._sorter, self._flap):
            drive.look(now)
        self._scale.look(now)
        self._range(now)
        counts = self._scale.counts
        return Sensors(
            weight_g=DEAD_SCALE_G if counts is None else (counts + COUNTS_A_GRAM // 2) // COUNTS_A_GRAM,
            occupied=self._occupied.is_on,
            metal=self._metal.is_on,
            gate_shut=self._gate_shut.is_on,
            gate_open=self._gate_open.is_on,
            entry_beam=self._beams["entry_beam"].look(),
            drop_beam=self._beams["drop_beam"].look(),
            flap_locked=self._flap_locked.is_on,
            sorter_bin=self._sorter_bin(),
            door_open=self._door.is_on,
            motor_ma=self._millivolts(self._current) * 1000 // AMPLIFIER_MV_A,
            supply_mv=self._millivolts(self._supply) * DIVIDER_TENTHS // 10,
            temperature_dk=self._temperature_dk(),
        )

    def bin_mm(self, bin_number: int) -> int:
        return self._rangers[bin_number - 1].mm

    def drive_gate(self, is_open: bool) -> None:
        self._gate.drive(0 if is_open else 1, self._clock_ms())

    def drive_flap(self, is_open: bool) -> None:
        if is_open and not self._door_open():
            self._flap.pull(self._clock_ms())
        else:
            self._flap.cut()

    def turn_sorter(self, bin_number: int) -> None:
        if not self._door_open():
            self._sorter.drive(bin_number - 1, self._clock_ms())

    def stop(self) -> None:
        for drive in (self._gate, self._sorter, self._flap):
            drive.cut()

    def light(self, percent: int) -> None:
        self._lamp.duty_u16(FULL_DUTY * percent // 100)

    def _door_open(self) -> bool:
        """Now, and not at the last tick."""
        is_open: bool = self._door.look(self._clock_ms())
        return is_open

    def _sorter_bin(self) -> int:
        """0 with neither switch closed, or both: then one of them lies."""
        first, second = self._at_bin[0].is_on, self._at_bin[1].is_on
        if first == second:
            return 0
        return 1 if first else 2

    def _range(self, now: int) -> None:
        if self._rangers[self._ranging].look(now) and now - self._asked_ms >= RANGE_EVERY_MS:
            self._ranging = (self._ranging + 1) % BINS
            self._rangers[self._ranging].ask(now)
            self._asked_ms = now

    def _temperature_dk(self) -> int:
        microvolts: int = self._temperature.read_u16() * ADC_MV * 1000 // ADC_FULL
        return 3001 - (microvolts - 706000) * 10 // 1721

    def _millivolts(self, adc: "Any") -> int:
        millivolts: int = adc.read_u16() * ADC_MV // ADC_FULL
        return millivolts

    def _switch(self, name: str) -> Switch:
        switch = Switch(self._input(name), self._active(wiring.BY_NAME[name]))
        self._switches.append(switch)
        return switch

    def _beam(self, name: str) -> Beam:
        return Beam(self._machine, self._input(name), self._active(wiring.BY_NAME[name]))

    def _active(self, wire: wiring.Wire) -> int:
        return 1 if wire.active is None else wire.active

    def _input(self, name: str) -> "Any":
        """Pulled up, all of them: contacts and open collectors go to ground."""
        pin = self._machine.Pin
        return pin(wiring.BY_NAME[name].gpio, pin.IN, pin.PULL_UP)

    def _output(self, name: str) -> "Any":
        pin = self._machine.Pin
        return pin(wiring.BY_NAME[name].gpio, pin.OUT, value=0)

    def _pwm(self, name: str) -> "Any":
        pwm = self._machine.PWM(self._output(name))
        pwm.duty_u16(0)
        return pwm

    def _adc(self, name: str) -> "Any":
        return self._machine.ADC(self._machine.Pin(wiring.BY_NAME[name].gpio))
