"""Retail codes as numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import Gtin
from recognition.gtin import PrefixClass, Symbology, canonical, check_digit, expand_upce, is_sound, prefix_class

DIGITS = "0123456789"


def bodies(length: int) -> st.SearchStrategy[str]:
    """Some digit is another than zero: zeros alone are no number."""
    return st.text(DIGITS, min_size=length, max_size=length).filter(lambda body: body.strip("0") != "")


def complete(body: str) -> str:
    return body + check_digit(body)


@pytest.mark.parametrize("code", ["4006381333931", "9520475821661", "96385074", "042100005264"])
def test_printed_codes_have_the_check_digit_that_is_worked_out(code: str) -> None:
    assert is_sound(code)


@given(body=bodies(12), place=st.integers(0, 12), other=st.sampled_from(DIGITS))
def test_one_wrong_digit_anywhere_is_noticed(body: str, place: int, other: str) -> None:
    code = complete(body)
    changed = code[:place] + other + code[place + 1 :]
    assert is_sound(changed) == (changed == code)


@given(body=bodies(12), place=st.integers(0, 11))
def test_two_neighbours_swapped_are_noticed_unless_they_differ_by_five(body: str, place: int) -> None:
    code = complete(body)
    left, right = code[place], code[place + 1]
    swapped = code[:place] + right + left + code[place + 2 :]
    assert is_sound(swapped) == (abs(int(left) - int(right)) in (0, 5))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("04252614", "042100005264"),
        ("01234505", "012000003455"),
        ("01234514", "012100003454"),
        ("01234523", "012200003453"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234558", "012345000058"),
        ("01234596", "012345000096"),
    ],
)
def test_each_rule_of_upc_e_expands_to_its_upc_a(short: str, long: str) -> None:
    assert expand_upce(short) == long
    assert is_sound(long)


@given(body=bodies(11))
def test_a_upc_a_is_the_same_code_however_a_decoder_gives_it(body: str) -> None:
    code = complete(body)
    assert canonical(Symbology.UPCA, code) == canonical(Symbology.EAN13, "0" + code) == canonical(Symbology.UPCA, "0" + code) == "0" + code


@given(system=st.sampled_from("01"), body=bodies(6))
def test_a_upc_e_is_the_same_code_short_expanded_or_padded(system: str, body: str) -> None:
    long = complete(expand_upce(f"{system}{body}0")[:-1])
    short = f"{system}{body}{long[-1]}"
    assert canonical(Symbology.UPCE, short) == canonical(Symbology.UPCE, long) == canonical(Symbology.EAN13, "0" + long) == "0" + long


@given(body=bodies(7))
def test_an_ean_8_keeps_its_eight_digits(body: str) -> None:
    assert canonical(Symbology.EAN8, complete(body)) == complete(body)


def test_the_same_eight_digits_are_another_code_as_upc_e() -> None:
    assert canonical(Symbology.EAN8, "01234565") == "01234565"
    assert canonical(Symbology.UPCE, "01234565") == "0012345000065"


def test_a_upc_e_of_another_number_system_is_none() -> None:
    assert canonical(Symbology.UPCE, "21234565") is None


@given(symbology=st.sampled_from(Symbology), text=st.text(max_size=15) | bodies(8) | bodies(12) | bodies(13) | bodies(14))
def test_what_comes_out_is_sound_or_nothing(symbology: Symbology, text: str) -> None:
    code = canonical(symbology, text)
    assert code is None or (is_sound(code) and len(code) in (8, 13))


@pytest.mark.parametrize("text", ["", "٤006381333931", "400638133393١", "40063813339310", "4006381333930", "-006381333931"])
def test_other_digits_other_lengths_and_wrong_check_digits_are_refused(text: str) -> None:
    assert canonical(Symbology.EAN13, text) is None


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("019", PrefixClass.PRODUCT),
        ("020", PrefixClass.IN_STORE),
        ("029", PrefixClass.IN_STORE),
        ("030", PrefixClass.PRODUCT),
        ("040", PrefixClass.IN_STORE),
        ("050", PrefixClass.COUPON),
        ("060", PrefixClass.PRODUCT),
        ("139", PrefixClass.PRODUCT),
        ("140", PrefixClass.UNASSIGNED),
        ("199", PrefixClass.UNASSIGNED),
        ("950", PrefixClass.PRODUCT),
        ("959", PrefixClass.PRODUCT),
        ("960", PrefixClass.UNASSIGNED),
        ("969", PrefixClass.UNASSIGNED),
        ("970", PrefixClass.PRODUCT),
        ("200", PrefixClass.IN_STORE),
        ("299", PrefixClass.IN_STORE),
        ("300", PrefixClass.PRODUCT),
        ("951", PrefixClass.UNASSIGNED),
        ("952", PrefixClass.DEMONSTRATION),
        ("976", PrefixClass.PRODUCT),
        ("977", PrefixClass.PRESS),
        ("978", PrefixClass.BOOK),
        ("979", PrefixClass.BOOK),
        ("980", PrefixClass.COUPON),
        ("990", PrefixClass.COUPON),
        ("999", PrefixClass.COUPON),
    ],
)
def test_a_prefix_says_what_kind_of_thing_bears_the_code(start: str, kind: PrefixClass) -> None:
    assert prefix_class(Gtin(complete(start + "000000000"))) is kind


@pytest.mark.parametrize(
    ("start", "kind"),
    [("000", PrefixClass.IN_STORE), ("200", PrefixClass.IN_STORE), ("299", PrefixClass.IN_STORE), ("400", PrefixClass.PRODUCT)],
)
def test_ean_8_has_prefixes_of_its_own(start: str, kind: PrefixClass) -> None:
    assert prefix_class(Gtin(complete(start + "0000"))) is kind


@pytest.mark.parametrize("text", ["ABCDEFGH", "40063813339 1", "4006381-33931", "٤٠٠٦٣٨١٣٣٣٩٣١", ""])
def test_what_is_no_row_of_digits_is_no_code(text: str) -> None:
    assert not is_sound(text)
    assert all(canonical(symbology, text) is None for symbology in Symbology)


@pytest.mark.parametrize(("symbology", "zeros"), [(Symbology.EAN8, 8), (Symbology.EAN13, 13), (Symbology.UPCA, 12), (Symbology.UPCE, 8)])
def test_zeros_alone_are_nobodys_number_though_their_check_digit_is_right(symbology: Symbology, zeros: int) -> None:
    assert is_sound("0" * 13)
    assert canonical(symbology, "0" * zeros) is None
