"""The lines of people and faults: what each means, and what a wrong one is told."""

from pathlib import Path

import pytest

from drivers.twin.actions import Fault, Jam, LineFault, Pull, Put
from drivers.twin.scenario import ScenarioWrong, read_file, read_lines

ITEMS = ("pet_blue_50", "glass with a space.jpg")


def read(*lines: str) -> tuple[object, ...]:
    return read_lines(lines, "standard input", ITEMS)


def test_every_line_has_its_action() -> None:
    assert read(
        "put pet_blue_50",
        "put 'glass with a space.jpg' roll -12.5",
        "pull",
        "jam 2",
        "line lose 1",
        "line double 3",
        "line late 400",
        "line late 350 2",
        "line garble 4",
    ) == (
        Put("pet_blue_50"),
        Put("glass with a space.jpg", -12.5),
        Pull(),
        Jam(2),
        LineFault(Fault.LOSE, 1),
        LineFault(Fault.DOUBLE, 3),
        LineFault(Fault.LATE, 1, 400),
        LineFault(Fault.LATE, 2, 350),
        LineFault(Fault.GARBLE, 4),
    )


def test_remarks_and_empty_lines_mean_nothing() -> None:
    assert read("", "   ", "# a bottle that comes back", "pull # at once") == (Pull(),)


def test_a_file_says_of_its_people_that_they_are_its_own(tmp_path: Path) -> None:
    path = tmp_path / "two.scenario"
    path.write_text("put pet_blue_50\n\nput pet_blue_50 roll 90\n", encoding="utf-8")
    assert read_file(path, ITEMS) == (Put("pet_blue_50", scenario=True), Put("pet_blue_50", 90.0, scenario=True))


@pytest.mark.parametrize(
    ("line", "found", "allowed"),
    [
        ("put pet_red_50", "'pet_red_50'", "one of 2 items: glass with a space.jpg, pet_blue_50"),
        ("put", "'put'", "put ITEM"),
        ("put pet_blue_50 turn 5", "turn 5", "put ITEM [roll DEG]"),
        ("put pet_blue_50 roll sideways", "'sideways'", "an angle from -360 to 360"),
        ("put pet_blue_50 roll nan", "'nan'", "an angle"),
        ("put pet_blue_50 roll 361", "'361'", "an angle"),
        ("put 'pet_blue_50", "No closing quotation", "quotes that are closed"),
        ("pull twice", "'pull twice'", "pull"),
        ("jam", "'jam'", "jam N"),
        ("jam 0", "'0'", "a whole number from 1 to"),
        ("jam -1", "'-1'", "a whole number from 1"),
        ("jam ²", "'²'", "a whole number from 1"),
        ("line lose some", "'some'", "a whole number from 1"),
        ("line late 0", "'0'", "a whole number from 1 to 600000"),
        ("line late 5 0", "'0'", "a whole number from 1"),
        ("line cut 1", "'line cut 1'", "line lose|double|mute|garble|drop|twice|short N"),
        ("PULL", "'PULL'", "pull"),
    ],
)
def test_a_wrong_line_tells_file_line_what_was_found_and_what_is_allowed(tmp_path: Path, line: str, found: str, allowed: str) -> None:
    path = tmp_path / "wrong.scenario"
    path.write_text(f"pull\n\n{line}\npull\n", encoding="utf-8")
    with pytest.raises(ScenarioWrong) as raised:
        read_file(path, ITEMS)
    assert raised.value.source == str(path)
    assert raised.value.line == 3
    assert found in raised.value.found
    assert allowed in raised.value.allowed
    assert str(raised.value).startswith(f"{path}, line 3: found ")


def test_many_items_are_not_all_listed() -> None:
    with pytest.raises(ScenarioWrong) as raised:
        read_lines(["put nothing"], "standard input", [f"item {number}" for number in range(1000)])
    assert "one of 1000 items" in raised.value.allowed
    assert len(raised.value.allowed) < 200


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(b"put \xff\xd8")
    with pytest.raises(ScenarioWrong, match="no UTF-8"):
        read_file(path, ITEMS)
