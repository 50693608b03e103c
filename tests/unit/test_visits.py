"""Simulated visits: the same file gives the same figures; what is assumed is what happens; each vote's loss shows; a wrong file is told."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from config.settings import Recognition
from config.vocabulary import Gtin
from recognition.policies import policy_of
from simulation.redteam.pool import Drawn, read_pool
from simulation.visits.assumptions import Assumptions, AssumptionsWrong, read_assumptions
from simulation.visits.brought import KINDS, Brought, NoPictures, visits_of
from simulation.visits.figures import Figures, figures_of, share_of
from simulation.visits.judged import Came, Listed, Vote, came_of
from simulation.visits.run import Looked
from simulation.visits.sight import Seen

PARIS = Path(__file__).parents[2] / "simulation" / "visits" / "paris.toml"
POLICY = policy_of(Recognition(policy="every-vote"), demonstration=True)
FEW = ("honest_002", "honest_010", "jar_001", "labelled_can_000")
"""A green bottle of glass, a clear one of plastic, and two that are none."""


@cache
def paris() -> Assumptions:
    return read_assumptions(PARIS, frozenset(KINDS))


@cache
def few() -> Assumptions:
    """Some visits with few pictures: two formats, two wrong things."""
    names = {"glass juice 25 cl", "pet water 50 cl"}
    formats = tuple(form for form in paris().format if form.name in names)
    bottles = replace(paris().bottles, products=20, without_label=0.0)
    people = replace(paris().people, wrong=0.2, facing=1.0, facing_again=1.0)
    return replace(paris(), visits=30, format=formats, bottles=bottles, people=people, wrong={"jar": 1.0, "labelled_can": 1.0})


@cache
def pool() -> tuple[Drawn, ...]:
    return tuple(drawn for drawn in read_pool() if drawn.item.name in FEW)


@cache
def seen() -> tuple[Sequence[tuple[Brought, ...]], dict[str, tuple[Seen, ...]]]:
    looked = Looked(few(), pool())
    for name in looked.names:
        looked.look(name)
    return looked.visits, looked.seen


def came(assumed: Assumptions | None = None, without: Vote | None = None) -> list[Came]:
    visits, sight = seen()
    return list(came_of(visits, sight, assumed or few(), POLICY, without))


def figures(without: Vote | None = None) -> Figures:
    return figures_of(came(without=without))


def test_the_file_that_comes_with_the_program_can_be_used_with_the_pool_that_comes_with_it() -> None:
    visits = list(visits_of(replace(paris(), visits=200), read_pool()))
    assert len(visits) == 200
    assert {thing.wrong for things in visits for thing in things} >= {None, "jar", "carton", "water_100_ml"}


def test_the_same_seed_brings_the_same_and_another_something_else() -> None:
    one, two = list(visits_of(few(), pool())), list(visits_of(few(), pool()))
    assert one == two
    assert one != list(visits_of(replace(few(), seed=2), pool()))


def test_a_bottle_weighs_what_its_format_says_and_not_what_its_picture_was_drawn_with() -> None:
    products = {thing.product for things in visits_of(few(), pool()) for thing in things if thing.product is not None}
    assert all(product.form.grams[0] <= product.grams <= product.form.grams[2] for product in products)
    assert len({product.grams for product in products}) == len(products)


def test_what_is_judged_is_the_product_s_own_code_and_not_the_picture_s() -> None:
    visits, sight = seen()
    bottle = next(thing for things in visits for thing in things if thing.product is not None)
    printed = sight[bottle.picture.item.name][0].with_codes({Gtin(bottle.picture.item.codes[0]): Gtin("3200000000010")})
    assert {code for look in printed.looks for code in look.codes} == {"3200000000010"}


@pytest.mark.long
def test_good_bottles_are_taken_and_wrong_things_are_not() -> None:
    found = figures()
    assert found.wrong_accepts.times == 0
    assert found.good.refused_for_good.value < 0.1
    assert found.fraud.keys() == {"jar", "labelled_can"}
    assert found.by["catalogue"].keys() == {Listed.HIT, Listed.MISS}


@pytest.mark.long
def test_the_same_run_gives_the_same_figures() -> None:
    assert figures().as_json() == figures().as_json()


@pytest.mark.long
def test_without_metal_and_outline_cans_and_jars_would_be_paid() -> None:
    assert figures(Vote.OUTLINE).fraud["jar"].times > 0
    assert figures(Vote.METAL).fraud["labelled_can"].value >= figures().fraud["labelled_can"].value


@pytest.mark.long
def test_where_nobody_turns_a_code_to_the_camera_the_catalogue_is_never_asked() -> None:
    away = replace(few(), people=replace(few().people, facing=0.0, facing_again=0.0))
    assert {one.listed for one in came(away) if one.thing.wrong is None} == {Listed.NO_CODE}


@pytest.mark.long
def test_more_tries_refuse_fewer_for_good_and_as_many_at_first() -> None:
    half = replace(few().people, facing=0.3, facing_again=0.5)
    one, many = (figures_of(came(replace(few(), people=replace(half, tries=tries)))).good for tries in (1, 8))
    assert many.refused_for_good.value < one.refused_for_good.value == one.refused_first.value


def test_an_interval_is_of_pictures_and_not_of_bottles() -> None:
    thing = next(thing for things in visits_of(few(), pool()) for thing in things)
    one = share_of([Came(thing, Listed.HIT, 1, None, as_other=False)] * 1000, lambda came: came.taken is None)
    assert (one.times, one.n, one.low, one.high) == (0, 1000, 0.0, 0.0)


def changed(tmp_path: Path, before: str, after: str) -> Path:
    path = tmp_path / "hall.toml"
    text = PARIS.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("version = 1", "version = 2", "version 2"),
        ("visits = 1500", "", "visits"),
        ("facing = 0.80", "facing = 1.2", "facing"),
        ("facing = 0.80", "facing = nan", "facing"),
        ("facing = 0.80", "facing = 0.8\nfacign = 1", "facign"),
        ('digits = "32"', 'digits = "3x"', "3x"),
        ("grams = [9.2, 12, 19]", "grams = [19, 12, 9]", "pet water 50 cl"),
        ("jar = 0.20", "vase = 0.20", "wrong.vase"),
        ("[people]", "[people", "line"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_stands_there(tmp_path: Path, before: str, after: str, told: str) -> None:
    with pytest.raises(AssumptionsWrong, match=told):
        read_assumptions(changed(tmp_path, before, after), frozenset(KINDS))


def test_a_format_without_a_picture_is_named() -> None:
    with pytest.raises(NoPictures, match="pet soda 50 cl"):
        list(visits_of(replace(paris(), visits=1), pool()))
