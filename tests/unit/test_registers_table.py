"""The register table that people read is the one that the program uses."""

from enum import IntEnum

import pytest

from drivers.intake.bus import Actuator, Answer, CommandCode, ControllerFault, ControllerState, FaultCause, TrialResult
from drivers.intake.registers_table import BEGIN, END, README, table, with_table
from firmware import registers
from firmware.registers import TABLE, Register


def test_the_readme_shows_the_register_table_as_it_is() -> None:
    text = README.read_text(encoding="utf-8")

    assert with_table(text) == text, "run: python -m drivers.intake.registers_table"


def test_every_register_has_its_row() -> None:
    rows = table().splitlines()[2:]

    assert [row.split("|")[1].strip() for row in rows] == [register.name for register in TABLE]


def test_no_two_registers_share_an_address() -> None:
    used = [register.address + word for register in TABLE for word in range(register.words)]

    assert len(used) == len(set(used))


@pytest.mark.parametrize(
    ("space", "start", "count"),
    [
        (registers.HOT, registers.HOT_START, registers.HOT_COUNT),
        (registers.INPUT, registers.IDENTITY_START, registers.IDENTITY_COUNT + registers.HEALTH_COUNT + registers.CALIBRATION_COUNT),
    ],
)
def test_a_block_that_is_read_at_once_has_no_hole_and_no_end_beyond_its_registers(space: str, start: int, count: int) -> None:
    used = sorted(register.address + word for register in TABLE if register.space == space for word in range(register.words))

    assert used == list(range(start, start + count))


def test_every_version_of_the_table_tells_its_version_and_identity_in_the_same_place() -> None:
    """What a kiosk asks before it knows the version: moved, no kiosk could tell which of the two is older."""
    found = [(register.name, register.address, register.words) for register in TABLE if 32 <= register.address < 39]

    assert found == [("map_version", 32, 1), ("firmware", 33, 1), ("controller_id", 34, 4), ("bins", 38, 1)]


def test_no_register_is_younger_than_the_table() -> None:
    assert max(register.since for register in TABLE) == registers.MAP_VERSION


def test_the_hot_block_is_short_enough_for_fifty_readings_a_second() -> None:
    assert registers.HOT_COUNT <= 24


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("state", ControllerState),
        ("fault", ControllerFault),
        ("cause", FaultCause),
        ("answer", Answer),
        ("command", CommandCode),
        ("test_result", TrialResult),
    ],
)
def test_the_driver_has_a_word_for_each_value_that_the_table_allows_and_for_no_other(name: str, values: type[IntEnum]) -> None:
    register = registers.BY_NAME[name]

    assert sorted(values) == list(range(register.low, register.high + 1))


def test_the_driver_knows_every_part_that_can_be_tested() -> None:
    assert sorted(Actuator) == sorted(registers.PARTS)


@pytest.mark.parametrize("register", TABLE, ids=lambda register: register.name)
def test_a_value_fits_its_words_and_comes_back_as_it_was(register: Register) -> None:
    for value in (register.low, register.high):
        words = registers.pack(register.name, value)
        assert len(words) == register.words
        assert registers.unpack(register.name, [0, *words], register.address - 1) == value
    for beyond in (register.low - 1, register.high + 1):
        with pytest.raises(ValueError, match=register.name):
            registers.pack(register.name, beyond)


def test_a_readme_without_markers_is_not_written_over() -> None:
    with pytest.raises(ValueError, match="registers: end"):
        with_table("# drivers\n")
    assert with_table(f"a {BEGIN} old {END} z").startswith(f"a {BEGIN}\n| register |")
