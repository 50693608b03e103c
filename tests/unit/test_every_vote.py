"""The policy that asks every vote: outline, weight for its size, what a code is known to stand for, and what was taken before."""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.settings import Recognition
from config.vocabulary import Flag, Gtin, Material, Reason
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.gtin import OtherSymbology
from recognition.judge import ORDER, enough, judge
from recognition.policies import EVERY_VOTE, PolicyOfAnotherVersion, PolicyWrong, policy_of, read_policy
from recognition.repetition import learnt
from recognition.shape.scene import ChamberFault, Form, Pose, Scene
from recognition.verdict import Evidence, Learnt, Look, Made, MaterialVote, Taken
from simulation.virtual.sight import clear_look

POLICY = policy_of(Recognition(policy="every-vote"), demonstration=False)
BEER, WATER = Gtin("3080216000008"), Gtin("3274080005003")

PET = Entry(WATER, "water", Packaging.PLASTIC_BOTTLE, 500, 22, False, Source.OWN, date(2026, 11, 1))
GLASS_BEER = Entry(BEER, "beer", Packaging.GLASS_BOTTLE, 330, 200, False, Source.CITY, date(2026, 11, 1))
OF_PET = Learnt(Material.PLASTIC, 22, 4)

BEER_33 = Scene(1, Form.BOTTLE, Pose.LYING, 230, 61, still=True)
PET_50 = Scene(1, Form.BOTTLE, Pose.LYING, 215, 65, still=True)
CHAMPAGNE = Scene(1, Form.BOTTLE, Pose.LYING, 310, 88, still=True)
WINE_75 = Scene(1, Form.BOTTLE, Pose.LYING, 300, 75, still=True)
SMALL_20 = Scene(1, Form.BOTTLE, Pose.LYING, 175, 56, still=True)


def seen(scene: Scene | None, *codes: Gtin, looks: int = 3) -> tuple[Look, ...]:
    return tuple(replace(clear_look(frame, codes), scene=scene) for frame in range(looks))


def evidence(scene: Scene | None, weight_g: float, *codes: Gtin, **more: object) -> Evidence:
    return Evidence(seen(scene, *codes), weight_g, metal=False, **more)  # type: ignore[arg-type]


def reasons(of: Evidence) -> tuple[Reason, ...]:
    return judge(of, POLICY).reasons


@pytest.mark.parametrize(
    ("what", "scene", "weight_g", "material"),
    [
        ("a beer", BEER_33, 200, Material.GLASS),
        ("half a litre of PET", PET_50, 22, Material.PLASTIC),
        ("a wine", WINE_75, 450, Material.GLASS),
        ("a heavy wine", WINE_75, 550, Material.GLASS),
        ("a champagne", CHAMPAGNE, 835, Material.GLASS),
        ("a small bottle", SMALL_20, 118, Material.GLASS),
    ],
)
def test_an_empty_bottle_is_taken_for_what_one_of_its_size_weighs(what: str, scene: Scene, weight_g: int, material: Material) -> None:
    verdict = judge(evidence(scene, weight_g, BEER), POLICY)
    assert (verdict.accepted, verdict.material) == (True, material), what


@pytest.mark.parametrize(
    ("what", "scene", "weight_g"),
    [
        ("a full wine", WINE_75, 1200),
        ("a full beer", BEER_33, 530),
        ("a full half litre of PET", PET_50, 525),
        ("half a litre of PET with a glass of water in it", PET_50, 122),
        ("a full champagne", CHAMPAGNE, 1600),
    ],
)
def test_a_bottle_with_something_in_it_is_not_empty(what: str, scene: Scene, weight_g: int) -> None:
    assert reasons(evidence(scene, weight_g, BEER)) == (Reason.NOT_EMPTY,), what


def test_an_empty_bottle_of_dark_glass_is_not_too_light_for_the_shadow_beside_it() -> None:
    shadowed = replace(SMALL_20, width_mm=84)
    assert reasons(evidence(shadowed, 155, BEER)) == (Reason.NOT_EMPTY,)
    taken = judge(evidence(replace(shadowed, body_mm=56), 155, BEER), POLICY)
    assert (taken.accepted, taken.material) == (True, Material.GLASS)


def test_the_lightest_glass_is_heavier_than_a_bottle_of_plastic_with_a_glass_of_water() -> None:
    """Held to the thing's own width: 100 ml of water in half a litre of PET."""
    assert reasons(evidence(replace(PET_50, width_mm=72, body_mm=64), 122, BEER)) == (Reason.NOT_EMPTY,)
    assert judge(evidence(replace(BEER_33, width_mm=66, body_mm=60), 150, BEER), POLICY).material is Material.GLASS


def test_no_small_bottle_of_an_unknown_product_is_as_heavy_for_its_size_as_champagne() -> None:
    """A third of a litre of water in half a litre of PET weighs what a bottle of champagne of that size would."""
    water = replace(PET_50, width_mm=72, body_mm=64)
    assert reasons(evidence(water, 352, BEER)) == (Reason.NOT_EMPTY,)
    assert judge(evidence(replace(PET_50, length_mm=240, width_mm=72, body_mm=66), 290, BEER), POLICY).material is Material.GLASS
    assert judge(evidence(replace(CHAMPAGNE, body_mm=86), 835, BEER), POLICY).material is Material.GLASS


def test_pressed_plastic_is_no_heavier_for_its_outline() -> None:
    pressed = replace(PET_50, width_mm=36, body_mm=27)
    taken = judge(evidence(pressed, 25, WATER), POLICY)
    assert (taken.accepted, taken.material) == (True, Material.PLASTIC)


def test_bars_that_nobody_can_read_beside_a_code_are_a_second_code() -> None:
    looks = seen(BEER_33, BEER)
    hidden = (looks[0], replace(looks[1], beside=True), looks[2])
    assert judge(Evidence(hidden, 200, metal=False), POLICY).reasons == (Reason.TWO_CODES,)
    assert judge(Evidence(looks, 200, metal=False), POLICY).accepted


@pytest.mark.parametrize("weight_g", [12, 40, 122, 260, 525])
@pytest.mark.parametrize("scene", [PET_50, BEER_33, WINE_75, None])
def test_a_known_product_whose_weight_is_outside_its_window_is_refused_whatever_else(scene: Scene | None, weight_g: int) -> None:
    for known in ({"entry": PET}, {"learnt": OF_PET}):
        assert not judge(evidence(scene, weight_g, WATER, **known), POLICY).accepted


def test_what_cannot_be_told_by_its_size_is_told_by_what_its_code_stands_for() -> None:
    """A quarter of a litre of water in a half-litre of PET weighs what a bottle of glass of this size does."""
    assert judge(evidence(PET_50, 260, WATER), POLICY).material is Material.GLASS
    for known in ({"entry": PET}, {"entry": replace(PET, empty_g=None)}, {"learnt": OF_PET}):
        assert reasons(evidence(PET_50, 260, WATER, **known)) == (Reason.NOT_EMPTY,)
        assert judge(evidence(PET_50, 23, WATER, **known), POLICY).material is Material.PLASTIC


def test_a_label_of_glass_on_plastic_weighs_too_little() -> None:
    for known in ({"entry": GLASS_BEER}, {"entry": replace(GLASS_BEER, empty_g=None)}, {"learnt": Learnt(Material.GLASS, 200, 20)}):
        assert reasons(evidence(PET_50, 22, BEER, **known)) == (Reason.WRONG_WEIGHT,)


@pytest.mark.parametrize(
    ("scene", "reason"),
    [
        (replace(BEER_33, form=Form.CARTON), Reason.CARTON),
        (replace(BEER_33, form=Form.FLAT), Reason.FLAT),
        (replace(BEER_33, form=Form.SCREEN), Reason.SCREEN),
        (replace(BEER_33, form=Form.STOUT), Reason.NOT_A_BOTTLE),
        (replace(BEER_33, form=Form.MATT), Reason.NOT_A_BOTTLE),
        (replace(BEER_33, form=Form.UNSURE, length_mm=115), Reason.UNSURE),
        (replace(BEER_33, objects=2), Reason.TWO_ITEMS),
        (replace(BEER_33, hand=True, width_mm=110), Reason.HAND),
        (replace(BEER_33, still=False), Reason.MOVING),
        (Scene(0, still=True), Reason.NOT_SEEN),
        (Scene(faults=frozenset({ChamberFault.DARK})), Reason.CAMERA),
        (Scene(1, Form.BOTTLE, Pose.LYING, 330, 165, still=True), Reason.TOO_LARGE),
        (Scene(1, Form.BOTTLE, Pose.LYING, 420, 110, still=True), Reason.TOO_LARGE),
        (Scene(1, Form.BOTTLE, Pose.LYING, 229, 140, still=True), Reason.TWO_ITEMS),
        (Scene(1, Form.BOTTLE, Pose.LYING, 95, 30, still=True), Reason.TOO_SMALL),
    ],
)
def test_an_outline_that_is_no_bottles_is_handed_back_whatever_code_it_bears(scene: Scene, reason: Reason) -> None:
    assert reason in reasons(evidence(scene, 200, BEER))
    assert not judge(evidence(scene, 200, BEER), POLICY).accepted


def test_a_heavy_bottle_of_brown_glass_is_no_hand() -> None:
    assert judge(evidence(replace(CHAMPAGNE, hand=True), 835, BEER), POLICY).accepted
    assert Reason.HAND in reasons(evidence(replace(PET_50, hand=True), 22, BEER))
    # a hand with a bottle of a product that is known: the two are too large for what they weigh
    assert Reason.HAND in reasons(evidence(replace(BEER_33, hand=True, length_mm=292, width_mm=115), 200, BEER, entry=GLASS_BEER))


def test_skin_is_a_hand_unless_what_lies_there_weighs_as_glass_of_its_size_does() -> None:
    """Brown glass has skin's colours. A hand with a bottle whose weight is known is larger than that bottle."""
    brown = replace(BEER_33, hand=True)
    assert judge(evidence(brown, 200, BEER, entry=GLASS_BEER), POLICY).accepted
    held = replace(brown, length_mm=258, width_mm=112)
    assert reasons(evidence(held, 200, BEER, entry=GLASS_BEER))[0] is Reason.HAND


def test_of_a_machine_that_sees_badly_nothing_is_said_of_the_bottle() -> None:
    verdict = judge(evidence(Scene(faults=frozenset({ChamberFault.DIRTY})), 200, BEER), POLICY)
    assert verdict.reasons == (Reason.CAMERA,)


def test_a_crushed_bottle_with_its_code_is_taken_as_long_as_it_has_a_bottles_proportions() -> None:
    assert judge(evidence(replace(PET_50, form=Form.UNSURE), 22, WATER), POLICY).accepted
    assert Reason.UNSURE in reasons(evidence(replace(PET_50, form=Form.UNSURE, length_mm=121), 22, WATER))


def test_what_has_no_neck_is_handed_back_even_if_its_product_is_known() -> None:
    """A can that the metal sensor does not feel, with a bottle's label, is as stout as a bottle crushed to a lump."""
    assert reasons(evidence(replace(PET_50, form=Form.STOUT, length_mm=123, width_mm=66), 22, WATER, entry=PET)) == (Reason.NOT_A_BOTTLE,)


def test_a_sheet_that_passes_for_a_bottle_is_not_slender_enough() -> None:
    assert Reason.UNSURE in reasons(evidence(Scene(1, Form.BOTTLE, Pose.LYING, 140, 105, still=True), 5, BEER))


def test_a_known_product_takes_nothing_that_is_too_heavy_for_its_size() -> None:
    stones = replace(PET, empty_g=150)
    assert reasons(evidence(PET_50, 150, WATER, entry=stones)) == (Reason.NOT_EMPTY,)


def test_a_bottle_of_an_unknown_product_is_credited_and_flagged() -> None:
    verdict = judge(evidence(BEER_33, 200, BEER), POLICY)
    assert (verdict.accepted, verdict.flags) == (True, (Flag.UNKNOWN_PRODUCT,))
    known = judge(evidence(BEER_33, 200, BEER, entry=GLASS_BEER), POLICY)
    assert (known.accepted, known.flags) == (True, ())


def without_code(times: int, *, same_visit: bool = True) -> tuple[Taken, ...]:
    return tuple(Taken(None, 200, same_visit) for _ in range(times))


def test_a_clear_bottle_without_any_code_is_taken_flagged_and_only_so_often_a_visit() -> None:
    taken = judge(evidence(BEER_33, 200, before=without_code(2)), POLICY)
    assert (taken.accepted, taken.gtin, taken.flags) == (True, None, (Flag.NO_CODE,))
    assert reasons(evidence(BEER_33, 200, before=without_code(3))) == (Reason.NO_CODE,)
    assert judge(evidence(BEER_33, 200, before=without_code(11, same_visit=False)), POLICY).accepted
    assert reasons(evidence(BEER_33, 200, before=without_code(12, same_visit=False))) == (Reason.NO_CODE,)


def test_without_a_code_nothing_is_taken_that_is_not_clear() -> None:
    for scene in (replace(BEER_33, form=Form.UNSURE), replace(BEER_33, length_mm=None), replace(BEER_33, form=Form.STOUT), None):
        assert Reason.UNREADABLE in reasons(evidence(scene, 200))


def test_a_code_that_one_look_alone_saw_is_no_bottle_without_a_code() -> None:
    looks = (replace(clear_look(0, {BEER}), scene=BEER_33), *seen(BEER_33)[1:])
    assert judge(Evidence(looks, 200, metal=False), POLICY).reasons == (Reason.UNREADABLE,)


@pytest.mark.parametrize("weight_g", [math.nan, math.inf, -3, 70_000])
def test_a_weight_that_is_none_is_the_scales_fault(weight_g: float) -> None:
    verdict = judge(evidence(BEER_33, weight_g, BEER), POLICY)
    assert verdict.reasons == (Reason.SCALE,)
    assert verdict.facts()["weight_g"] in (None, weight_g)


def test_a_weight_that_jumped_is_of_something_that_moves() -> None:
    assert reasons(evidence(BEER_33, 200, BEER, jumped=True)) == (Reason.MOVING,)


@pytest.mark.parametrize(
    ("votes", "reason"),
    [
        ((Made.PLASTIC, 0.9), Reason.OTHER_MATERIAL),
        ((Made.OTHER, 0.9), Reason.NOT_A_BOTTLE),
        ((Made.PLASTIC, 0.6), None),
        ((Made.UNSURE, 0.99), None),
        ((Made.GLASS, 0.9), None),
    ],
)
def test_a_picture_vetoes_what_it_contradicts_strongly_and_an_unsure_one_nothing(votes: tuple[Made, float], reason: Reason | None) -> None:
    verdict = judge(evidence(BEER_33, 200, BEER, material=(MaterialVote(*votes),) * 3), POLICY)
    assert verdict.reasons == (() if reason is None else (reason,))


def test_a_bottle_with_a_deposit_is_the_shops() -> None:
    assert reasons(evidence(BEER_33, 200, BEER, entry=replace(GLASS_BEER, deposit=True))) == (Reason.DEPOSIT,)


@pytest.mark.parametrize(("packaging", "reason"), [(Packaging.CAN, Reason.CAN), (Packaging.OTHER, Reason.NOT_A_BOTTLE)])
def test_the_code_of_what_is_no_bottle_is_handed_back(packaging: Packaging, reason: Reason) -> None:
    assert reasons(evidence(PET_50, 22, BEER, entry=replace(GLASS_BEER, packaging=packaging))) == (reason,)


def test_a_code_that_is_no_retail_code_is_not_turned_in_vain() -> None:
    looks = tuple(replace(look, other=frozenset({OtherSymbology.QR})) for look in seen(replace(BEER_33, form=Form.UNSURE)))
    assert Reason.OTHER_CODE in judge(Evidence(looks, 200, metal=False), POLICY).reasons


def handed_in(weights: list[int], gtin: Gtin = BEER) -> tuple[list[bool], list[bool]]:
    """One after the other, each remembered if it was taken: which were, and which were flagged as repeated."""
    taken: list[Taken] = []
    accepted, flagged = [], []
    for weight_g in weights:
        verdict = judge(evidence(PET_50 if weight_g < 60 else WINE_75, weight_g, gtin, before=tuple(taken)), POLICY)
        accepted.append(verdict.accepted)
        flagged.append(Flag.REPEATED in verdict.flags)
        if verdict.accepted:
            taken.append(Taken(gtin, weight_g, same_visit=True))
    return accepted, flagged


GLASS = [450, 441, 457, 446, 452, 449, 455, 443, 460, 448, 451, 439, 453, 447, 456, 450, 444, 458, 449, 452, 445, 454, 448, 450]
"""24 bottles of one kind, as they come from a factory: they differ by some 1 %."""


def test_24_equal_bottles_of_one_household_are_taken_and_flagged() -> None:
    for weights in (GLASS, [22, 23, 22, 21, 22, 22] * 4, [22] * 24):
        assert all(handed_in(weights)[0])
    assert handed_in([22] * 24)[1] == [False] * 12 + [True] * 12


def test_the_same_bottle_again_and_again_is_refused() -> None:
    light, _ = handed_in([22] * 33)
    assert light == [True] * 24 + [False] * 9
    heavy, _ = handed_in([450, 451, 450, 449] * 8 + [450])
    assert heavy == [True] * 9 + [False] * 24


def test_other_bottles_between_them_change_nothing_until_they_are_the_most() -> None:
    before = tuple(Taken(gtin, 22, same_visit=False) for gtin in [BEER, BEER, WATER] * 16)
    assert reasons(evidence(PET_50, 22, BEER, before=before)) == (Reason.REPEATED,)
    assert judge(
        evidence(PET_50, 22, BEER, before=tuple(Taken(gtin, 22, same_visit=False) for gtin in [BEER, WATER] * 23)), POLICY
    ).accepted


def test_a_weight_is_learnt_from_several_visits_that_agree() -> None:
    rules = POLICY.learning
    assert rules is not None
    agreeing = [(weight, Material.PLASTIC, visit) for weight, visit in zip([22, 23, 22, 24, 22, 21, 22, 23], "aabbccdd", strict=True)]
    product = learnt(agreeing, rules)
    assert product == Learnt(Material.PLASTIC, 22, 4)
    assert learnt(agreeing[:-1], rules) is None
    assert learnt([(weight, material, "a") for weight, material, _ in agreeing], rules) is None
    spoilt = [*agreeing, *((352, Material.GLASS, visit) for visit in "abc")]
    assert learnt(spoilt, rules) is None
    assert learnt([*agreeing, (352, Material.GLASS, "e")], rules) == product


def test_looks_are_enough_once_a_still_thing_has_shown_no_trace_of_a_code() -> None:
    looks = seen(BEER_33, looks=8)
    assert [enough(looks[:taken], POLICY) for taken in range(1, 5)] == [False, True, True, True]
    for other in (replace(BEER_33, still=False), Scene(faults=frozenset({ChamberFault.DARK})), None):
        assert not enough(seen(other, looks=7), POLICY)


def test_a_code_is_not_enough_before_the_outline_was_seen() -> None:
    looks = (clear_look(0, {BEER}), replace(clear_look(1, {BEER}), scene=BEER_33))
    assert not enough(looks, POLICY)
    assert enough((*looks, replace(clear_look(2, {BEER}), scene=BEER_33)), POLICY)
    assert enough((clear_look(0, {BEER}), clear_look(1, {BEER})), POLICY)


def test_a_thing_that_still_moves_is_looked_at_until_it_lies_still() -> None:
    rolling = seen(replace(BEER_33, still=False), BEER, looks=7)
    assert not enough(rolling, POLICY)
    assert enough((*rolling, replace(clear_look(7, {BEER}), scene=BEER_33)), POLICY)


def test_every_reason_of_the_recognition_has_its_place_in_the_telling() -> None:
    sessions = {"pulled_back", "visit_limit", "day_budget", "bin_full", "interrupted", "uncounted", "finished", "left_behind"}
    assert {reason.value for reason in ORDER} | sessions == {reason.value for reason in Reason}
    assert len(ORDER) >= 16


def test_where_the_empty_chamber_is_not_known_weight_and_code_decide_as_before() -> None:
    assert judge(evidence(None, 200, BEER), POLICY).material is Material.GLASS
    assert reasons(evidence(None, 503, BEER)) == (Reason.NOT_EMPTY,)
    assert reasons(evidence(None, 200)) == (Reason.UNREADABLE,)


def test_a_policy_of_another_version_is_refused_with_both_numbers(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(EVERY_VOTE.read_text(encoding="utf-8").replace("version = 1", "version = 2"), encoding="utf-8")
    with pytest.raises(PolicyOfAnotherVersion) as told:
        read_policy(path)
    assert (told.value.found, told.value.known) == (2, 1)


@pytest.mark.parametrize(
    ("said", "instead", "named"),
    [
        ("alike_g = 1", "", "repeats.alike_g"),
        ("alike_g = 1", "alike_g = nan", "repeats.alike_g"),
        ("most_looks = 8", 'most_looks = "eight"', "most_looks"),
        ("[shape]", "[form]", "shape"),
        ("veto_from", "vetoes_from = 1\nveto_from", "vetoes_from"),
        ("[shape]", "[shape", "line"),
    ],
)
def test_a_policy_with_a_mistake_is_refused_and_the_mistake_named(tmp_path: Path, said: str, instead: str, named: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(EVERY_VOTE.read_text(encoding="utf-8").replace(said, instead, 1), encoding="utf-8")
    with pytest.raises(PolicyWrong, match=named):
        read_policy(path)
