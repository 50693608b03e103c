"""The board's wiring, once: what hangs on which pin of a Raspberry Pi Pico (RP2040).

``board.py`` takes its pins from ``TABLE``, and so do the table and the drawing of ``FLASHING.md`` (``drivers/intake/wiring_table.py``).
Runs under MicroPython: no dataclasses, no imports beyond the language.

Each input is wired so that a broken wire, or a sensor without power, reads as the safe side: a door that is open, a beam that is
interrupted, an end that is not reached. ``active`` is the level at which the name is true; an input is pulled to the other one's side.
"""

UART_TX, UART_RX, OUT, IN, PWM, ADC, ECHO = "UART TX", "UART RX", "out", "in", "PWM", "ADC", "trigger and echo"


class Wire:
    """One GPIO: its ``name``, what it is (``kind``), the level at which the name is true, the ``part`` and where on it the wire ends."""

    def __init__(self, name: str, gpio: int, kind: str, active: "int | None", part: str, end: str, meaning: str) -> None:
        self.name = name
        self.gpio = gpio
        self.kind = kind
        self.active = active
        self.part = part
        self.end = end
        self.meaning = meaning


TABLE = (
    Wire("line_tx", 0, UART_TX, None, "MAX3485", "DI", "RS-485 to the kiosk, 115200 8N1"),
    Wire("line_rx", 1, UART_RX, None, "MAX3485", "RO", "the same, what the kiosk says; pull-up 10 kΩ, as RO floats while DE is high"),
    Wire("line_de", 2, OUT, 1, "MAX3485", "DE and /RE", "high: the board speaks; pull-down 10 kΩ, so that it is silent while it boots"),
    Wire("gate_opens", 3, OUT, 1, "DRV8871, gate", "IN1", "drives the gate open"),
    Wire("gate_shuts", 4, OUT, 1, "DRV8871, gate", "IN2", "drives the gate shut"),
    Wire("gate_open", 5, IN, 0, "end switch", "NO, other side to GND", "closed once the gate is open"),
    Wire("gate_shut", 6, IN, 0, "end switch", "NO, other side to GND", "closed once the gate is shut"),
    Wire("sorter_to_1", 7, OUT, 1, "DRV8871, sorter", "IN1", "turns the chute towards bin 1"),
    Wire("sorter_to_2", 8, OUT, 1, "DRV8871, sorter", "IN2", "turns the chute towards bin 2"),
    Wire("sorter_at_1", 9, IN, 0, "end switch", "NO, other side to GND", "closed once the chute points at bin 1"),
    Wire("sorter_at_2", 10, IN, 0, "end switch", "NO, other side to GND", "closed once the chute points at bin 2"),
    Wire("flap", 11, PWM, 1, "MOSFET, solenoid", "gate", "pulls the flap open; a spring shuts it; pull-down 10 kΩ, diode across the coil"),
    Wire("flap_locked", 12, IN, 0, "end switch", "NO, other side to GND", "closed once the flap is shut and locked"),
    Wire("entry_beam", 13, IN, 1, "through-beam, gate", "NPN output, on while lit", "high: something is in the gate"),
    Wire("drop_beam", 14, IN, 1, "through-beam, shaft", "NPN output, on while lit", "high: something falls"),
    Wire("occupied", 15, IN, 1, "through-beam, chamber", "NPN output, on while lit", "high: something lies in the chamber"),
    Wire("scale_data", 16, IN, 0, "HX711", "DOUT", "low: a reading is ready; then its bits"),
    Wire("scale_clock", 17, OUT, 1, "HX711", "PD_SCK", "low but for 25 pulses a reading; high for 60 µs turns the chip off"),
    Wire("metal", 18, IN, 0, "inductive sensor", "NPN output, NO", "low: metal in the chamber"),
    Wire("bin_1", 19, ECHO, 1, "ultrasonic ranger, bin 1", "signal", "out: 10 µs start it; in: high for as long as the echo takes"),
    Wire("bin_2", 20, ECHO, 1, "ultrasonic ranger, bin 2", "signal", "the same"),
    Wire("door", 21, IN, 1, "door switch, first contact", "NC, other side to GND", "high: the service door is open"),
    Wire("lamp", 22, PWM, 1, "MOSFET, lamp", "gate", "the chamber's lamp, dimmed; pull-down 10 kΩ"),
    Wire("motor_current", 26, ADC, None, "INA180A2, 20 mΩ", "OUT", "1 V an ampere: what all drives together draw"),
    Wire("supply", 27, ADC, None, "divider 47 kΩ / 10 kΩ", "middle", "the drives' 12 V, divided by 5.7"),
)

BY_NAME = {wire.name: wire for wire in TABLE}

GPIO_PINS = (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22, 24, 25, 26, 27, 29)
"""The Pico's pins that GP0 to GP22 come out on, of 40; GP26 to GP28 are on 31, 32 and 34, all others are ground, power, and RUN."""

UART_NUMBER, BAUD = 0, 115200


def pin_of(gpio: int) -> int:
    """The pin of the Pico's forty that a GPIO comes out on."""
    return {26: 31, 27: 32, 28: 34}[gpio] if gpio > 22 else GPIO_PINS[gpio]
