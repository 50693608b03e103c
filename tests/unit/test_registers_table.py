"""The register table that people read is the one that the program uses."""

import pytest

from drivers.registers_table import BEGIN, END, README, table, with_table
from firmware.registers import TABLE


def test_the_readme_shows_the_register_table_as_it_is() -> None:
    text = README.read_text(encoding="utf-8")

    assert with_table(text) == text, "run: python -m drivers.registers_table"


def test_every_register_has_its_row() -> None:
    rows = table().splitlines()[2:]

    assert [row.split("|")[1].strip() for row in rows] == [register.name for register in TABLE]


def test_no_two_registers_share_an_address() -> None:
    used = [register.address + word for register in TABLE for word in range(register.words)]

    assert len(used) == len(set(used))


def test_a_readme_without_markers_is_not_written_over() -> None:
    with pytest.raises(ValueError, match="registers: end"):
        with_table("# drivers\n")
    assert with_table(f"a {BEGIN} old {END} z").startswith(f"a {BEGIN}\n| register |")
