"""From looks, weight and metal to a verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Recognition
from config.vocabulary import Gtin, Material, Reason
from recognition.gtin import is_sound, may_name_a_bottle
from recognition.judge import agreed, enough, judge
from recognition.policies import policy_of
from recognition.policy import Policy
from recognition.verdict import Evidence, Look
from simulation.virtual.sight import clear_look

POLICY = policy_of(Recognition(policy="weight-and-code"), demonstration=False)
ON_A_TWIN = policy_of(Recognition(policy="weight-and-code"), demonstration=True)
BARCODE_ONLY = policy_of(Recognition(policy="barcode-only"), demonstration=False)

BEER, WATER = Gtin("3080216000008"), Gtin("3274080005003")
IN_STORE, BOOK, DEMONSTRATION = Gtin("2000000000008"), Gtin("9780804816632"), Gtin("9520475821661")

BOTTLE_G = 25


def looks(*codes: str) -> tuple[Look, ...]:
    """One look a word: ``b`` the beer, ``w`` the water, ``bw`` both, ``s`` a shop's sticker, ``-`` nothing."""
    named = {"b": BEER, "w": WATER, "s": IN_STORE}
    return tuple(clear_look(frame, (named[letter] for letter in word if letter in named)) for frame, word in enumerate(codes))


def of(code: Gtin, times: int = 2) -> tuple[Look, ...]:
    return tuple(clear_look(frame, {code}) for frame in range(times))


any_looks = st.lists(st.sampled_from(["-", "b", "w", "bw", "s", "bs", "bws"]), max_size=10).map(lambda words: looks(*words))
any_evidence = st.builds(Evidence, any_looks, st.integers(0, 2000), st.booleans())


def test_a_code_seen_in_two_looks_is_accepted() -> None:
    verdict = judge(Evidence(looks("b", "-", "b"), BOTTLE_G, metal=False), POLICY)
    assert (verdict.accepted, verdict.gtin, verdict.material, verdict.reasons) == (True, BEER, Material.PLASTIC, ())


def test_a_code_seen_once_is_unreadable() -> None:
    assert judge(Evidence(looks("b", "-", "-"), BOTTLE_G, metal=False), POLICY).reasons == (Reason.UNREADABLE,)


def test_the_same_frame_twice_is_one_look() -> None:
    assert agreed((clear_look(7, {BEER}), clear_look(7, {BEER})), POLICY) is None


@pytest.mark.parametrize("words", ["b b w", "b b b b b b b w", "bw b b", "b b bw"])
def test_a_stray_second_value_leaves_no_code_agreed(words: str) -> None:
    verdict = judge(Evidence(looks(*words.split()), BOTTLE_G, metal=False), POLICY)
    assert (verdict.accepted, verdict.gtin, verdict.reasons) == (False, None, (Reason.UNREADABLE,))


@pytest.mark.parametrize("words", ["bw bw", "b b w w", "b w b w", "bw b w"])
def test_two_products_seen_often_enough_are_two_codes_in_sight_whatever_bears_them(words: str) -> None:
    for weight_g in (POLICY.lightest_g, BOTTLE_G, POLICY.full_g):
        assert judge(Evidence(looks(*words.split()), weight_g, metal=False), POLICY).reasons == (Reason.TWO_CODES,)


def test_two_products_heavier_than_any_empty_bottle_are_two_items_first_of_all() -> None:
    verdict = judge(Evidence(looks("bw", "bw"), POLICY.full_g + 3, metal=False), POLICY)
    assert verdict.reasons == (Reason.TWO_ITEMS, Reason.NOT_EMPTY)


STICKERS = {
    "price by weight": "2134567001991",
    "reduction in 02": "0212345678909",
    "in-store in 04": "0412345678903",
    "coupon 05": "0512345678900",
    "refund receipt 980": "9801234567892",
    "coupon 981": "9811234567891",
    "coupon 99": "9901234567899",
    "in-store EAN-8": "02123455",
    "in-store EAN-8 in 2": "21234569",
    "magazine": "9771234567003",
    "book": "9780804816632",
    "sheet music": "9790260000438",
}


@pytest.mark.parametrize("sticker", STICKERS.values(), ids=STICKERS)
def test_a_sticker_that_can_name_no_bottle_is_no_second_item_beside_a_products_code(sticker: str) -> None:
    assert is_sound(sticker)
    both = frozenset({BEER, Gtin(sticker)})
    for seen in ((both, both), (both, frozenset({BEER})), (frozenset({Gtin(sticker)}), both, both)):
        taken = tuple(clear_look(frame, codes) for frame, codes in enumerate(seen))
        assert enough(taken, POLICY)
        verdict = judge(Evidence(taken, BOTTLE_G, metal=False), POLICY)
        assert (verdict.accepted, verdict.gtin) == (True, BEER)


def test_two_stickers_on_one_bottle_do_not_hide_its_code() -> None:
    seen = frozenset({BEER, IN_STORE, BOOK})
    assert judge(Evidence((clear_look(1, seen), clear_look(2, seen)), BOTTLE_G, metal=False), POLICY).accepted


def test_two_stickers_and_no_products_code_are_a_code_that_is_no_proof_and_not_two_bottles() -> None:
    seen = frozenset({IN_STORE, BOOK})
    assert judge(Evidence((clear_look(1, seen), clear_look(2, seen)), BOTTLE_G, metal=False), POLICY).reasons == (Reason.RESTRICTED_CODE,)


@pytest.mark.parametrize("words", ["b s b s", "s s b b", "b b b b b b b s"])
def test_a_sticker_seen_only_in_turns_with_a_product_may_be_the_same_print_misread(words: str) -> None:
    assert judge(Evidence(looks(*words.split()), BOTTLE_G, metal=False), POLICY).reasons == (Reason.UNREADABLE,)


@pytest.mark.parametrize("words", ["bws bws", "bs ws bs ws"])
def test_a_sticker_hides_no_second_product(words: str) -> None:
    assert judge(Evidence(looks(*words.split()), BOTTLE_G, metal=False), POLICY).reasons == (Reason.TWO_CODES,)


def test_after_a_sticker_alone_the_products_code_is_still_looked_for() -> None:
    seen = looks("s", "s", "s")
    assert not enough(seen, POLICY)
    assert judge(
        Evidence((*seen, *(clear_look(look.frame + 3, look.codes) for look in looks("bs", "bs"))), BOTTLE_G, metal=False), POLICY
    ).accepted


@given(evidence=any_evidence, policy=st.sampled_from([POLICY, ON_A_TWIN, BARCODE_ONLY]))
def test_nothing_is_accepted_against_a_look(evidence: Evidence, policy: Policy) -> None:
    verdict = judge(evidence, policy)
    values = {code for look in evidence.looks for code in look.codes}
    if verdict.accepted:
        others = values - {verdict.gtin}
        assert not others or policy.refuses_restricted
        assert not any(may_name_a_bottle(code) for code in others)
        assert sum(verdict.gtin in look.codes for look in evidence.looks) >= policy.agreeing_looks


@given(evidence=any_evidence, policy=st.sampled_from([POLICY, BARCODE_ONLY]))
def test_a_verdict_has_a_material_and_a_code_or_a_reason(evidence: Evidence, policy: Policy) -> None:
    verdict = judge(evidence, policy)
    assert verdict.accepted == (not verdict.reasons) == (verdict.material is not None)
    assert verdict.gtin is not None or not verdict.accepted
    assert (verdict.evidence, verdict.policy) == (evidence, policy.name)


@given(seen=any_looks, order=st.randoms())
def test_the_order_of_the_looks_does_not_matter(seen: tuple[Look, ...], order: object) -> None:
    shuffled = list(seen)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert (
        judge(Evidence(tuple(shuffled), BOTTLE_G, metal=False), POLICY).reasons
        == judge(Evidence(seen, BOTTLE_G, metal=False), POLICY).reasons
    )


@given(seen=any_looks)
def test_looks_are_enough_as_soon_as_a_verdict_is_sure_and_at_the_most(seen: tuple[Look, ...]) -> None:
    first_reason = judge(Evidence(seen, BOTTLE_G, metal=False), POLICY).reasons[:1]
    sure = first_reason in ((), (Reason.TWO_CODES,))
    assert enough(seen, POLICY) == (sure or len(seen) >= POLICY.most_looks)


def test_no_look_is_the_cameras_fault() -> None:
    assert judge(Evidence((), BOTTLE_G, metal=False), POLICY).reasons == (Reason.CAMERA,)


@pytest.mark.parametrize(
    ("weight_g", "reasons", "material"),
    [
        (2, (Reason.TOO_LIGHT,), None),
        (3, (), Material.PLASTIC),
        (5, (), Material.PLASTIC),
        (119, (), Material.PLASTIC),
        (120, (), Material.GLASS),
        (500, (), Material.GLASS),
        (502, (), Material.GLASS),
        (503, (Reason.NOT_EMPTY,), None),
    ],
)
def test_weight_tells_glass_from_plastic_and_full_from_empty(weight_g: int, reasons: tuple[Reason, ...], material: Material | None) -> None:
    verdict = judge(Evidence(looks("b", "b"), weight_g, metal=False), POLICY)
    assert (verdict.reasons, verdict.material) == (reasons, material)


def test_metal_is_said_before_all_else() -> None:
    verdict = judge(Evidence(looks("-", "-"), 2, metal=True), POLICY)
    assert verdict.reasons == (Reason.CAN, Reason.TOO_LIGHT, Reason.UNREADABLE)


@pytest.mark.parametrize("code", [IN_STORE, BOOK])
def test_a_restricted_code_is_no_proof_of_a_bottle(code: Gtin) -> None:
    assert judge(Evidence(of(code), BOTTLE_G, metal=False), POLICY).reasons == (Reason.RESTRICTED_CODE,)


def test_a_demonstration_code_is_taken_on_a_twin_alone() -> None:
    evidence = Evidence(of(DEMONSTRATION), BOTTLE_G, metal=False)
    assert judge(evidence, POLICY).reasons == (Reason.DEMONSTRATION_CODE,)
    assert judge(evidence, ON_A_TWIN).accepted


@pytest.mark.parametrize("code", [IN_STORE, BOOK, DEMONSTRATION, BEER])
def test_barcode_only_takes_any_agreed_code_of_any_weight(code: Gtin) -> None:
    for weight_g, metal in ((0, True), (3000, False)):
        verdict = judge(Evidence(of(code), weight_g, metal), BARCODE_ONLY)
        assert (verdict.accepted, verdict.policy) == (True, "barcode-only")
    assert judge(Evidence(of(code, times=1), BOTTLE_G, metal=False), BARCODE_ONLY).reasons == (Reason.UNREADABLE,)


def test_the_configurations_thresholds_are_the_policys() -> None:
    policy = policy_of(Recognition(policy="weight-and-code", glass_from_g=90, full_g=300), demonstration=False)
    assert (policy.name, policy.glass_from_g, policy.full_g) == ("weight-and-code", 90, 300)
