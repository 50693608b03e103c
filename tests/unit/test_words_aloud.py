"""Sums as they are spoken in each language, and codes in groups of letters."""

import pytest

from config.vocabulary import Cents
from kiosk.words.aloud import LARGEST, SPOKEN, aloud, amount_aloud, spelled
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES


@pytest.mark.parametrize(
    ("cents", "french", "english", "arabic"),
    [
        (0, "zéro euro", "zero euros", "صفر يورو"),
        (1, "un centime", "one cent", "سنت واحد"),
        (2, "deux centimes", "two cents", "سنتان"),
        (5, "cinq centimes", "five cents", "خمسة سنتات"),
        (20, "vingt centimes", "twenty cents", "عشرون سنتًا"),
        (100, "un euro", "one euro", "يورو واحد"),
        (105, "un euro et cinq centimes", "one euro and five cents", "يورو واحد وخمسة سنتات"),
        (140, "un euro quarante", "one euro forty", "يورو واحد وأربعون سنتًا"),
        (200, "deux euros", "two euros", "يوروان"),
        (271, "deux euros soixante et onze", "two euros seventy-one", "يوروان وواحد وسبعون سنتًا"),
        (600, "six euros", "six euros", "ستة يورو"),
        (1_180, "onze euros quatre-vingts", "eleven euros eighty", "أحد عشر يورو وثمانون سنتًا"),
        (2_112, "vingt et un euros douze", "twenty-one euros twelve", "واحد وعشرون يورو واثنا عشر سنتًا"),
        (8_000, "quatre-vingts euros", "eighty euros", "ثمانون يورو"),
        (8_191, "quatre-vingt-un euros quatre-vingt-onze", "eighty-one euros ninety-one", "واحد وثمانون يورو وواحد وتسعون سنتًا"),
        (9_980, "quatre-vingt-dix-neuf euros quatre-vingts", "ninety-nine euros eighty", "تسعة وتسعون يورو وثمانون سنتًا"),
        (10_000, "cent euros", "one hundred euros", "مئة يورو"),
        (20_000, "deux cents euros", "two hundred euros", "مئتان يورو"),
        (20_117, "deux cent un euros dix-sept", "two hundred and one euros seventeen", "مئتان وواحد يورو وسبعة عشر سنتًا"),
        (
            99_999,
            "neuf cent quatre-vingt-dix-neuf euros quatre-vingt-dix-neuf",
            "nine hundred and ninety-nine euros ninety-nine",
            "تسعمئة وتسعة وتسعون يورو وتسعة وتسعون سنتًا",
        ),
    ],
)
def test_a_sum_is_spoken_as_people_say_it(cents: int, french: str, english: str, arabic: str) -> None:
    assert [amount_aloud(Cents(cents), language) for language in ("fr", "en", "ar")] == [french, english, arabic]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_sums_are_spoken_alike_and_none_with_a_figure(language: str) -> None:
    told = [amount_aloud(Cents(cents), language) for cents in (*range(3_000), *range(3_000, LARGEST + 1, 97))]
    assert len(set(told)) == len(told)
    assert not any(character.isdigit() for sentence in told for character in sentence)


@pytest.mark.parametrize("cents", [-1, LARGEST + 1])
def test_a_sum_that_has_no_words_is_an_error(cents: int) -> None:
    with pytest.raises(ValueError, match=str(cents)):
        amount_aloud(Cents(cents), "fr")


def test_every_language_can_speak_a_sum() -> None:
    assert set(SPOKEN) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cents", [1, 20, 100, 140, 9_980, 99_999])
def test_what_stands_in_a_sentence_as_figures_is_found_again_and_spoken(cents: int, language: str) -> None:
    words = Words(language)
    written = words.text("voucher.title", sum=words.amount(Cents(cents)))
    told = aloud(written, language)
    assert amount_aloud(Cents(cents), language) in told
    assert not any(character.isdigit() or character in "€\u200f\u2068\u2069\u00a0" for character in told)


def test_numbers_that_are_no_sums_stay_as_they_are() -> None:
    assert aloud("Visite n°\u00a00417\n7 bouteilles, 30\u00a0s, 1\u202f234,56\u00a0€", "fr").startswith(
        "Visite n° 0417. 7 bouteilles, 30 s, 1"
    )


def test_a_voucher_is_spelled_letter_by_letter_in_the_groups_that_stand_on_it() -> None:
    assert spelled("K7QP4M2XR5TBW9NHJ") == "K 7 Q P, 4 M 2 X, R 5 T B, W 9 N H J"
    assert aloud("\u2068K7QP 4M2X\u2028R5TB W9NHJ\u2069", "ar") == spelled("K7QP4M2XR5TBW9NHJ")
