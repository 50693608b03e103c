"""What visitors read is plain: one word for one thing, nothing that says two things, no technicians' words, short sentences of short words."""

import re
from collections.abc import Iterator
from itertools import chain

import pytest

from kiosk.words.out_of_service import NOTICES
from kiosk.words.reading import LANGUAGES, for_visitors, forms_of, key_of, parse

GLOSSARY: dict[str, dict[str, str]] = {
    "fr": {
        "bouteille": r"flacons?|contenants?|emballages?",
        "bon": r"coupons?|tickets?|reçus?|chèques?|bons? d’achat",
        "bac": r"poubelles?|conteneurs?|bennes?|corbeilles?|réservoirs?",
        "accueil": r"guichets?|réception|comptoirs?|bureaux?",
        "machine": r"bornes?|automates?|kiosques?|appareils?|distributeurs?|terminal",
        "argent": r"monnaie|fonds|solde|crédits?",
        "visite": r"sessions?|passages?|séances?|transactions?",
        "ouverture": r"fentes?|trous?|trappes?|portillons?|goulottes?",
        "code-barres": r"code à barres|codes à barres|EAN|GTIN",
        "association": r"organisations?|ONG|œuvres?",
        "écran": r"dalles?|moniteurs?|affichages?",
        "Terminer": r"Finir|Valider|Confirmer",
    },
    "en": {
        "bottle": r"containers?|packages?",
        "voucher": r"receipts?|coupons?|tickets?|slips?",
        "bin": r"trays?|hoppers?|trash|garbage",
        "desk": r"front desk|counter|reception",
        "machine": r"kiosks?|terminals?|devices?|appliances?",
        "money": r"cash|funds|balance|credits?",
        "visit": r"sessions?|transactions?",
        "opening": r"slots?|holes?|chutes?|gates?",
        "barcode": r"bar codes?|EAN|GTIN",
        "charity": r"organi[sz]ations?|associations?|NGOs?",
        "screen": r"display|monitor",
        "Finish": r"Complete|Confirm|Submit|Terminate",
    },
    "ar": {
        "قارورة": r"(?:ال)?زجاجات?|(?:ال)?زجاجة|(?:ال)?قنينة|(?:ال)?قناني|(?:ال)?عبوة|(?:ال)?عبوات",
        "قسيمة": r"(?:ال)?إيصال|(?:ال)?كوبون|(?:ال)?تذكرة|(?:ال)?وصل",
        "حاوية": r"(?:ال)?صندوق|(?:ال)?سلة",
        "الاستقبال": r"(?:ال)?مكتب|(?:ال)?شباك",
        "آلة": r"(?:ال)?جهاز|(?:ال)?ماكينة",
        "نقود": r"(?:ال)?أموال|(?:ال)?مال|(?:ال)?رصيد",
        "زيارة": r"(?:ال)?جلسة",
        "بدون": r"من دون|بلا",
        "توجهوا": r"اذهبوا",
        "جمعية": r"(?:ال)?منظمة|(?:ال)?مؤسسة",
    },
}
"""The one word of each thing, and the others that stand for the same thing nowhere on the glass."""

TECHNICAL = {
    "fr": r"capteurs?|contrôleurs?|volets?|commandes?|registres?|ports?|USB|réseau|serveurs?|grand livre|journal|journaux|redémarr\w*|"
    r"réinitialis\w*|porte de service|technicien\w*|faisceaux?|tension|mémoire|erreurs?|numéro de série",
    "en": r"sensors?|controllers?|flaps?|commands?|registers?|ports?|USB|network|servers?|ledger|log|restart\w*|reset|reboot\w*|service door|"
    r"technician\w*|beams?|voltage|memory|errors?|serial number",
    "ar": r"(?:ال)?مستشعر|(?:ال)?شبكة|(?:ال)?خادم|(?:ال)?ذاكرة|خطأ",
}
"""What staff are told on their own screens: a visitor has the sentence and the code for the desk."""

NEVER = {
    # "Plus de verre" is *more glass* and *no more glass*
    "fr": r"plus d[eu]s?\b|plus d’|pardon\b|calme\b",
    "en": r"one moment|most bottles allowed|without money|front desk|\bcalm\b|wait one moment",
    "ar": r"هدوء",
}

BEFORE = {"fr": r"\bavant\b", "en": r"\bbefore\b", "ar": r"قبل"}
"""A last day that counts is *until*: nobody knows whether *before the 23rd* holds on the 23rd."""

LONGEST_WORD = 13
"""Letters."""

EASY = {"fr": 35.0, "en": 25.0}
"""The most of Björnsson's LIX (words a sentence, and per cent of words of more than six letters): under 25 children's books, under 35 easy."""


def sentences(language: str) -> Iterator[tuple[str, str]]:
    """Key and words of all that stands on the glass, the dead screen's too. No-break spaces are spaces here, and quotes are typographic."""
    for message in parse(language):
        if message.id and for_visitors(key_of(message)):
            for form in forms_of(message):
                yield key_of(message), form.replace("\u00a0", " ")
    for notice, of in zip(NOTICES, ("fr", "en"), strict=True):
        if of == language:
            yield from (("out_of_service", words) for words in (notice.title, notice.where, notice.money))


def found(language: str, pattern: str) -> set[tuple[str, str]]:
    return {(key, words) for key, words in sentences(language) if re.search(pattern, words, re.IGNORECASE)}


def whole(words: str) -> str:
    return rf"(?<!\w)(?:{words})(?!\w)"


@pytest.mark.parametrize(
    ("language", "thing", "others"), [(language, *row) for language, rows in GLOSSARY.items() for row in rows.items()], ids=str
)
def test_one_thing_has_one_word(language: str, thing: str, others: str) -> None:
    assert found(language, whole(others)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_technicians_word_stands_on_the_glass(language: str) -> None:
    assert found(language, whole(TECHNICAL[language])) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_says_two_things_or_sounds_translated(language: str) -> None:
    assert found(language, NEVER[language]) == set()


def test_no_french_sentence_for_staff_begins_with_plus_de_either() -> None:
    forms = chain.from_iterable(forms_of(message) for message in parse("fr") if message.id)
    assert [form for form in forms if re.match(r"Plus d[e’u]", form)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_last_day_is_until_and_never_before(language: str) -> None:
    dated = {(key, words) for key, words in sentences(language) if re.search(r"\{(?:date|day)\}", words)}
    assert dated
    assert dated & found(language, BEFORE[language]) == set()


@pytest.mark.parametrize("language", EASY)
def test_words_for_visitors_are_short(language: str) -> None:
    long = re.compile(rf"[^\W\d_]{{{LONGEST_WORD + 1},}}")
    assert {word for _, words in sentences(language) for word in long.findall(re.sub(r"\{\w+\}", "", words))} == set()


@pytest.mark.parametrize("language", EASY)
def test_what_visitors_read_is_as_easy_as_a_simple_book(language: str) -> None:
    told = [re.sub(r"\{\w+\}", "7", words) for _, words in sentences(language)]
    words = [word for text in told for word in re.findall(r"[^\W_]+", text)]
    ends = sum(max(1, len(re.findall(r"[.!?…](?:\s|$)", text))) for text in told)
    assert len(words) / ends + 100 * sum(len(word) > 6 for word in words) / len(words) <= EASY[language]
