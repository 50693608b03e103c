"""The parts of the red team: what a figure counts, what a pool must say of its pictures, what is tried with them."""

import random
from pathlib import Path

import pytest

from drivers.twin.actions import CatchPoint, Fish, Put
from drivers.twin.items import LabelsMissing, LabelsWrong
from simulation.redteam.attack import Outcome
from simulation.redteam.figures import figure, interval
from simulation.redteam.patterns import BASKET, BY_NAME, SAME_TIMES
from simulation.redteam.pool import read_pool

JAR, HONEST, SMALL_GLASS = BY_NAME["jar"], BY_NAME["honest"], BY_NAME["small_glass_as_plastic"]


def test_a_figure_counts_pictures_and_not_tries() -> None:
    """A picture that was tried ten times weighs as much as one that was tried once."""
    often = [Outcome("one", "plastic", None)] * 9 + [Outcome("one", None, "not_a_bottle")]
    found = figure(JAR, [*often, Outcome("two", None, "not_a_bottle")])
    assert (found.pictures, found.puts, found.wrong) == (2, 11, 9)
    assert found.right == pytest.approx((0.1 + 1.0) / 2)
    assert found.wrong_pictures == ("one",)


def test_pictures_that_all_agree_leave_room_for_doubt() -> None:
    low, high = interval([1.0] * 20)
    assert high == 1.0
    assert low == pytest.approx(0.832, abs=0.001)
    assert interval([0.0] * 20) == pytest.approx((0.0, 1 - low))


def test_an_interval_holds_the_share_that_it_is_of() -> None:
    low, high = interval([1.0] * 15 + [0.0] * 5)
    assert low < 0.75 < high


def test_a_fraud_is_wrong_when_it_is_paid_and_an_honest_bottle_when_it_is_not() -> None:
    paid, refused = Outcome("a", "glass", None), Outcome("b", None, "unreadable")
    assert [figure(JAR, [outcome]).wrong for outcome in (paid, refused)] == [1, 0]
    assert [figure(HONEST, [outcome]).wrong for outcome in (paid, refused)] == [0, 1]


def test_small_glass_is_wrong_as_plastic_alone() -> None:
    outcomes = [Outcome("a", "plastic", None), Outcome("b", "glass", None), Outcome("c", None, "too_small")]
    assert [figure(SMALL_GLASS, [outcome]).wrong for outcome in outcomes] == [1, 0, 0]


def test_a_pool_without_its_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabelsMissing):
        read_pool(tmp_path)


def test_a_pool_whose_labels_say_too_little_is_told(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,item\njar.webp,jar\n", encoding="utf-8")
    with pytest.raises(LabelsWrong, match="pattern"):
        read_pool(tmp_path)


def test_every_pattern_has_pictures_and_every_picture_its_file() -> None:
    pool = read_pool()
    for pattern in BY_NAME.values():
        assert any(drawn.pattern == pattern.pool and pattern.chosen(drawn) for drawn in pool), pattern.name
    for drawn in pool:
        (side,) = drawn.item.pictures
        assert side.path.is_file()
        assert side.dark is None or side.dark.is_file()


def test_the_same_bottle_weighs_the_same_and_a_basket_of_equals_does_not() -> None:
    glass = next(drawn for drawn in read_pool() if drawn.pattern == "honest" and drawn.material == "glass")
    again = BY_NAME["same_bottle"].make(glass, random.Random(1), 0)
    equals = BY_NAME["equal_basket"].make(glass, random.Random(1), 0)
    assert (len(again.puts), len(equals.puts)) == (SAME_TIMES, BASKET)
    assert len({put.weight_g for put in again.puts}) <= 2 < len({put.weight_g for put in equals.puts})
    assert len({put.name for put in again.puts}) == SAME_TIMES


def test_what_is_fished_is_on_a_line_before_it_is_put_in() -> None:
    string = next(drawn for drawn in read_pool() if drawn.pattern == "string")
    assert BY_NAME["fished_in_beam"].make(string, random.Random(1), 0).lines() == (
        Fish(CatchPoint.BEAM),
        Put(f"{string.item.name}-0"),
    )
