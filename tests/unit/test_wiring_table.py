"""The board's wiring stands once: what is committed of page and drawing is what the table makes, and the table fits the chip."""

from drivers.intake.wiring_table import DRAWING, OTHER_PINS, PAGE, drawing, with_table
from firmware.wiring import ADC, PWM, TABLE, UART_RX, UART_TX, pin_of


def test_page_and_drawing_are_those_of_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page), "python -m drivers.intake.wiring_table"
    assert DRAWING.read_text(encoding="utf-8") == drawing()


def test_each_wire_has_a_pin_of_its_own_that_the_pico_brings_out() -> None:
    gpios = [wire.gpio for wire in TABLE]
    assert len(set(gpios)) == len(gpios)
    assert len({wire.name for wire in TABLE}) == len(TABLE)
    pins = {pin_of(gpio) for gpio in gpios}
    assert not pins & OTHER_PINS.keys()
    assert pins | OTHER_PINS.keys() == set(range(1, 41))


def test_what_only_some_pins_can_do_is_on_one_that_can() -> None:
    for wire in TABLE:
        if wire.kind == ADC:
            assert 26 <= wire.gpio <= 28
        elif wire.kind == UART_TX:
            assert wire.gpio in {0, 12, 16}
        elif wire.kind == UART_RX:
            assert wire.gpio in {1, 13, 17}
    slices = [wire.gpio // 2 % 8 for wire in TABLE if wire.kind == PWM]
    assert len(set(slices)) == len(slices), "two pins of one slice have one frequency"
