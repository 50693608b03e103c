"""What scale and bins are set to: two points, a weight that is another is refused, and so is a bin that is not empty."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.intake.bus import Calibration
from kiosk.agents import AgentsUnreadable
from kiosk.calibration.kept import keep, read_history
from kiosk.console.calibrating.rules import depth_of, span_of, zero_of
from kiosk.console.calibrating.told import SetRight, What
from kiosk.console.calibrating.wrong import BinNotEmpty, BinNotStill, BinOutOfReach, NothingOnScale, SomethingOnScale, Wrong, WrongWeight
from kiosk.screens.staff.technician.calibration_gallery import WRONG
from kiosk.words.calibrations import tell_change, tell_wrong
from kiosk.words.catalogue import Words

NEW = Calibration(0, 1.0, (900, 900))
SET = Calibration(12, 1.041, (900, 900))


@pytest.mark.parametrize(("felt", "found"), [(0, 0), (-31, -31), (1000, 1000)])
def test_what_is_felt_of_nothing_is_the_zero(felt: int, found: int) -> None:
    assert zero_of(felt, SET) == Calibration(found, 1.041, (900, 900))


@pytest.mark.parametrize("felt", [1001, -1001])
def test_more_than_dirt_is_no_zero(felt: int) -> None:
    assert zero_of(felt, NEW) == SomethingOnScale(felt)


@pytest.mark.parametrize(
    ("felt", "now", "found"),
    [
        (500, NEW, 1.0),
        (575, NEW, 1.15),
        (425, NEW, 0.85),
        (532, SET, 1.04),
        (544, SET, 1.064),
    ],
)
def test_the_test_weight_gives_the_span(felt: int, now: Calibration, found: float) -> None:
    assert span_of(felt, 500, now) == Calibration(now.zero_g, found, (900, 900))


@pytest.mark.parametrize(
    ("felt", "now", "why"),
    [
        (200, NEW, WrongWeight(200, 500)),
        (1000, NEW, WrongWeight(1000, 500)),
        (49, NEW, NothingOnScale()),
        (-400, NEW, NothingOnScale()),
        (553, SET, WrongWeight(520, 500)),
        (510, SET, WrongWeight(478, 500)),
    ],
)
def test_another_weight_than_the_one_that_was_asked_for_is_refused(felt: int, now: Calibration, why: Wrong) -> None:
    assert span_of(felt, 500, now) == why


def test_an_empty_bin_is_as_deep_as_the_middle_of_some_readings() -> None:
    assert depth_of(What.BIN_1, (900, 1031, 1020, 1025, 1030)[1:], NEW) == Calibration(0, 1.0, (1030, 900))
    assert depth_of(What.BIN_2, (805, 810, 812, 808, 809), NEW) == Calibration(0, 1.0, (900, 809))


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        ((0, 0, 0), BinOutOfReach(0, 300, 1500)),
        ((1600, 1600, 1600), BinOutOfReach(1600, 300, 1500)),
        ((880, 900, 901), BinNotStill(21)),
        ((790, 795, 799), BinNotEmpty(795, 900)),
    ],
)
def test_a_bin_that_is_not_empty_or_not_there_is_not_measured(seen: tuple[int, ...], why: Wrong) -> None:
    assert depth_of(What.BIN_1, seen, NEW) == why


def test_what_was_set_is_kept_with_who_and_when_the_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    assert read_history(path) == ()
    at = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    first, second = SetRight(What.SCALE, NEW, SET, at, "101"), SetRight(What.BIN_2, SET, NEW, at, "102")
    keep(path, first)
    keep(path, second)
    assert read_history(path) == (second, first)


def test_a_file_that_is_damaged_is_told(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    path.write_bytes(b"no database at all, and long enough to be looked at" * 40)
    with pytest.raises(AgentsUnreadable):
        read_history(path)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_reason_and_each_value_has_its_words(language: str) -> None:
    words = Words(language)
    assert {type(wrong).__name__ for _, wrong in WRONG} == {kind.__name__ for kind in Wrong.__subclasses__()}
    told = [tell_wrong(wrong, words) for _, wrong in WRONG]
    assert len(set(told)) == len(told)
    assert "204" in tell_wrong(WrongWeight(204, 500), words)
    zero, span = tell_change(What.SCALE, NEW, Calibration(-7, 1.0234, (900, 900)), words)
    assert "−7\u00a0g" in zero
    assert ("102,34" if language == "fr" else "102.34") in span
