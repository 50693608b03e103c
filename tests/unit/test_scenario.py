"""The lines of people and faults: what each means, and what a wrong one is told."""

import re
from pathlib import Path

import pytest

from config.files import NotText
from drivers.twin import scenario
from drivers.twin.actions import (
    Action,
    Answering,
    BadAnswer,
    Blockage,
    Break,
    Camera,
    Catch,
    CatchPoint,
    Cover,
    Door,
    Drift,
    DriveFault,
    DriveName,
    Drop,
    Fill,
    Fish,
    Force,
    Hand,
    HoldSheet,
    Jam,
    Leave,
    LineFault,
    LineRate,
    LineRight,
    Manner,
    Noise,
    Plug,
    Profile,
    Pull,
    Put,
    Reach,
    Reel,
    Remove,
    Reset,
    Roll,
    SensorFault,
    Slow,
    Spoilt,
    Stage,
    Supply,
    Time,
    Wait,
)
from drivers.twin.camera import Held, Spoil
from drivers.twin.grammar import FORMS
from drivers.twin.mechanics import TIMES
from drivers.twin.scenario import ScenarioWrong, read_file, read_lines
from drivers.twin.sensing import SWITCHES

ITEMS = ("pet_blue_50", "glass with a space.jpg")

MEANINGS: dict[str, Action] = {
    "put pet_blue_50": Put("pet_blue_50"),
    "put 'glass with a space.jpg' roll -12.5": Put("glass with a space.jpg", -12.5),
    "put pet_blue_50 with 'glass with a space.jpg'": Put("pet_blue_50", beside="glass with a space.jpg"),
    "put pet_blue_50 weighing 24": Put("pet_blue_50", weight_g=24),
    "put pet_blue_50 roll 6 weighing 26 with pet_blue_50": Put("pet_blue_50", 6.0, 26, beside="pet_blue_50"),
    "put pet_blue_50 roll 6 with pet_blue_50": Put("pet_blue_50", 6.0, beside="pet_blue_50"),
    "reach 300": Reach(300),
    "wait 2000": Wait(2000),
    "pull": Pull(),
    "hand 900": Hand(900),
    "leave 2": Leave(2),
    "fish half": Fish(CatchPoint.HALF),
    "fish beam": Fish(CatchPoint.BEAM),
    "door open": Door(is_open=True),
    "door shut": Door(is_open=False),
    "remove": Remove(),
    "drop": Drop(),
    "jam 2": Jam(2),
    "jam half": Catch(CatchPoint.HALF),
    "jam beam 700": Catch(CatchPoint.BEAM, 700),
    "gate blocked": Break(DriveName.GATE, DriveFault.BLOCKED),
    "flap dead": Break(DriveName.FLAP, DriveFault.DEAD),
    "sorter right": Break(DriveName.SORTER, DriveFault.RIGHT),
    "sorter slow 4000": Slow(DriveName.SORTER, 4000),
    "flap forced 800": Force(DriveName.FLAP, 800),
    "gate obstacle 3": Blockage(3),
    "sensor drop_beam stuck on": Spoilt("drop_beam", SensorFault.ON),
    "sensor occupied stuck off": Spoilt("occupied", SensorFault.OFF),
    "sensor metal flicker": Spoilt("metal", SensorFault.FLICKER, 50),
    "sensor metal flicker 200": Spoilt("metal", SensorFault.FLICKER, 200),
    "sensor metal right": Spoilt("metal", SensorFault.RIGHT),
    "scale drift -30": Drift(-30),
    "bin 2 0": Fill(2, 0),
    "supply 9500": Supply(9500),
    "supply 0 400": Supply(0, 400),
    "mechanics instant": Profile("instant"),
    "mechanics fall_ms 250": Time("fall_ms", 250),
    "reset 500": Reset(500),
    "reset at beam 500": Reset(500, Stage.BEAM),
    "camera frozen": Camera(Spoil.FROZEN),
    "camera sheet left": HoldSheet(Held.LEFT),
    "line lose 1": LineFault(BadAnswer.LOSE, 1),
    "printer paper low": Reel(Roll.LOW),
    "printer paper out after 200": Reel(Roll.OUT, 200),
    "printer cover open": Cover(is_open=True),
    "printer plug out after 90": Plug(is_in=False, after=90),
    "printer silent": Answering(Manner.SILENT),
    "line double 3": LineFault(BadAnswer.DOUBLE, 3),
    "line mute 2": LineFault(BadAnswer.MUTE, 2),
    "line late 400": LineFault(BadAnswer.LATE, 1, 400),
    "line late 350 2": LineFault(BadAnswer.LATE, 2, 350),
    "line garble 4": LineFault(BadAnswer.GARBLE, 4),
    "line drop 1": LineFault(BadAnswer.DROP, 1),
    "line twice 1": LineFault(BadAnswer.TWICE, 1),
    "line short 1": LineFault(BadAnswer.SHORT, 1),
    "line mute rate 20": LineRate(BadAnswer.MUTE, 20),
    "line late 350 rate 10": LineRate(BadAnswer.LATE, 10, 350),
    "line noise 2": Noise(2),
    "line right": LineRight(),
}


def read(*lines: str) -> tuple[Action, ...]:
    return read_lines(lines, "standard input", ITEMS)


@pytest.mark.parametrize("line", MEANINGS)
def test_every_line_has_its_action(line: str) -> None:
    assert read(line) == (MEANINGS[line],)


def test_no_form_is_without_an_example_above() -> None:
    for form in FORMS:
        assert any(form.read(_words(line), ITEMS) for line in MEANINGS), form.text


def test_the_reference_says_of_every_form_what_it_means_and_of_none_that_is_not() -> None:
    """The forms as the docstring has them, with the tables' alternatives written out."""
    assert scenario.__doc__ is not None
    told = [re.split(r" {2,}", line.strip())[0] for line in scenario.__doc__.splitlines() if re.match(r" {4}\S", line)]
    told_forms = {alternative for text in told for alternative in _written_out(text)}
    assert told_forms == {alternative for form in FORMS for alternative in _written_out(form.text)}


@pytest.mark.parametrize("name", [*SWITCHES, *TIMES])
def test_the_reference_names_every_sensor_and_every_time(name: str) -> None:
    assert name in (scenario.__doc__ or "")


def _words(line: str) -> list[str]:
    return [word.strip("'") for word in re.findall(r"'[^']*'|\S+", line)]


def _written_out(form: str) -> list[str]:
    """``a|b c`` as ``a c`` and ``b c``."""
    lines = [""]
    for word in form.split():
        lines = [f"{line} {one}" for line in lines for one in word.split("|")]
    return lines


def test_remarks_and_empty_lines_mean_nothing() -> None:
    assert read("", "   ", "# a bottle that comes back", "pull # at once") == (Pull(),)


def test_a_file_says_of_its_people_that_they_are_its_own(tmp_path: Path) -> None:
    path = tmp_path / "two.scenario"
    path.write_text("put pet_blue_50\n\nput pet_blue_50 roll 90\npull\n", encoding="utf-8")
    assert read_file(path, ITEMS) == (Put("pet_blue_50", scenario=True), Put("pet_blue_50", 90.0, scenario=True), Pull())


@pytest.mark.parametrize(
    ("line", "found", "allowed"),
    [
        ("put pet_red_50", "'pet_red_50'", "one of 2 items: glass with a space.jpg, pet_blue_50"),
        ("put pet_blue_50 with pet_red_50", "'pet_red_50'", "one of 2 items"),
        ("put", "'put'", "put ITEM [roll DEG] [weighing G] [with ITEM]"),
        ("put pet_blue_50 turn 5", "turn 5", "put ITEM [roll DEG]"),
        ("put pet_blue_50 with pet_blue_50 roll 5", "roll 5", "put ITEM [roll DEG] [weighing G] [with ITEM]"),
        ("put pet_blue_50 roll sideways", "'sideways'", "an angle from -360 to 360"),
        ("put pet_blue_50 roll nan", "'nan'", "an angle"),
        ("put pet_blue_50 roll 361", "'361'", "an angle"),
        ("put 'pet_blue_50", "No closing quotation", "quotes that are closed"),
        ("pull twice", "'pull twice'", "pull"),
        ("jam", "'jam'", "jam half|beam [MS], jam N"),
        ("jam 0", "'0'", "a whole number from 1 to"),
        ("jam -1", "'-1'", "a whole number from 1"),
        ("jam ²", "'²'", "a whole number from 1"),
        ("fish up", "'fish up'", "fish half|beam"),
        ("gate open", "'gate open'", "gate|flap|sorter blocked|dead|right"),
        ("sorter forced 100", "'sorter forced 100'", "gate|flap|sorter slow MS"),
        ("sensor nose right", "the sensor 'nose'", "one of 8 sensors: door_open, drop_beam"),
        ("scale drift 20001", "'20001'", "a whole number from -20000 to 20000"),
        ("scale drift --5", "'--5'", "a whole number from -20000"),
        ("bin 3 0", "'3'", "a whole number from 1 to 2"),
        ("mechanics lightning", "'mechanics lightning'", "mechanics standard|instant, mechanics TIME MS"),
        ("mechanics speed 5", "the time 'speed'", "one of 9 times"),
        ("reset at noon 5", "'reset at noon 5'", "reset at gate|fall|beam|lock MS"),
        ("line lose some", "'some'", "a whole number from 1"),
        ("line late 0", "'0'", "a whole number from 1 to 600000"),
        ("line late 5 0", "'0'", "a whole number from 1"),
        ("line noise 1001", "'1001'", "a whole number from 0 to 1000"),
        ("line cut 1", "'line cut 1'", "line lose|double|mute|garble|drop|twice|short N"),
        ("PULL", "'PULL'", "pull"),
        ("ITEM", "'ITEM'", "put, reach"),
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
    with pytest.raises(NotText):
        read_file(path, ITEMS)
