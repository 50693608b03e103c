"""The catalogues: complete, equal in their placeholders and plural forms, and readable; amounts and dates as each language writes them."""

import ast
import re
from datetime import date

import pytest
from babel import localedata
from babel.messages.catalog import Message

from config.vocabulary import Cents, Material, Reason
from kiosk.deposit.halts import Halt
from kiosk.deposit.notes import NoteKind
from kiosk.words.catalogue import MissingWord, UnknownLanguage, Words, choice
from kiosk.words.reading import FOLDER, LANGUAGES, flaws, for_visitors, forms_of, key_of, parse, placeholders, read, worded
from ledger.findings import FindingKind
from ledger.kinds import Account, Kind

OF_STAFF = tuple(language for language, how in LANGUAGES.items() if not how.visitors_only)


def messages(language: str) -> dict[str, Message]:
    return {key_of(message): message for message in parse(language) if message.id}


def test_each_catalogue_file_is_a_known_language() -> None:
    assert {path.stem for path in FOLDER.glob("*.po")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_no_flaw(language: str) -> None:
    assert list(flaws(language, parse(language), worded(parse("fr")))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_every_key_of_its_readers_and_no_other(language: str) -> None:
    keys = set(messages("fr"))
    assert set(messages(language)) == (keys if language in OF_STAFF else {key for key in keys if for_visitors(key)})


def test_keys_of_staff_are_complete_in_french_and_english_alone() -> None:
    assert OF_STAFF == ("fr", "en")


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fr", ["0 bouteille", "1 bouteille", "2 bouteilles", "3 bouteilles", "11 bouteilles", "100 bouteilles"]),
        ("en", ["0 bottles", "1 bottle", "2 bottles", "3 bottles", "11 bottles", "100 bottles"]),
        ("ar", ["0\u00a0قارورة", "قارورة واحدة", "قارورتان", "3\u00a0قوارير", "11\u00a0قارورة", "100\u00a0قارورة"]),
    ],
)
def test_a_number_of_bottles_is_told_in_the_form_it_asks_for(language: str, forms: list[str]) -> None:
    assert [Words(language).plural("feed.count", n) for n in (0, 1, 2, 3, 11, 100)] == forms


@pytest.mark.parametrize(("language", "n", "told"), [("fr", 9999, "9999"), ("fr", 41_212, "41\u202f212"), ("en", 41_212, "41,212")])
def test_a_number_that_is_not_read_at_a_glance_is_told_in_groups_of_three(language: str, n: int, told: str) -> None:
    assert told in Words(language).plural("staff.rows", n, sum="")


@pytest.mark.parametrize("n", [0, 1, 2, 3, 11, 100])
def test_each_number_takes_another_of_the_six_arabic_forms(n: int) -> None:
    words, catalogue = Words("ar"), parse("ar")
    plurals = [message for message in catalogue if isinstance(message.id, tuple)]
    form = {0: 0, 1: 1, 2: 2, 3: 3, 11: 4, 100: 5}[n]
    assert plurals
    for message in plurals:
        # a number, as words that are put into Arabic ones are kept apart by signs of direction
        values = dict.fromkeys(placeholders(forms_of(message)[form]) - {"n"}, 7)
        assert words.plural(key_of(message), n, **values) == forms_of(message)[form].format(n=n, **values)


def test_a_number_is_left_out_only_where_a_form_stands_for_it_alone() -> None:
    for language in LANGUAGES:
        words = Words(language)
        for key, message in messages(language).items():
            if isinstance(message.id, tuple):
                values = {name: "" for form in forms_of(message) for name in placeholders(form) - {"n"}}
                told = [words.plural(key, n, **values) for n in range(120)]
                assert len(set(told)) == len(told), key


@pytest.mark.parametrize("language", OF_STAFF)
def test_every_value_that_people_are_told_of_has_its_words(language: str) -> None:
    words = read(language)
    keys = [f"item.{reason}{part}" for reason in Reason for part in ("", ".todo")]
    keys += [f"limit.{reason}" for reason in (Reason.VISIT_LIMIT, Reason.DAY_BUDGET, Reason.BIN_FULL)]
    keys += [f"{name}.{material}" for material in Material for name in ("told", "material")]
    keys += [f"halt.{halt}" for halt in Halt] + [f"staff.log.kind.{kind}" for kind in NoteKind]
    keys += [f"kind.{kind}" for kind in Kind] + [f"account.{account}" for account in Account] + [f"fault.{fault}" for fault in FindingKind]
    assert [key for key in keys if key not in words.by_key] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_for_visitors_has_at_most_twelve_words(language: str) -> None:
    for key, message in messages(language).items():
        if for_visitors(key):
            for sentence in re.split(r"[.!?؟…](?:\s|$)", " ".join(forms_of(message)[-1:])):
                assert len(re.findall(r"[\w{}°]+(?:[’-][\w]+)*", sentence)) <= 12, key


def test_french_punctuation_has_a_no_break_space_before_it() -> None:
    plain = re.compile(r"(?<!\u00a0)[:;!?%]")
    assert [key for key, message in messages("fr").items() if any(plain.search(form) for form in forms_of(message))] == []


@pytest.mark.parametrize(
    ("language", "cents", "written"),
    [
        ("fr", 20, "0,20\u00a0€"),
        ("fr", 123_456, "1\u202f234,56\u00a0€"),
        ("fr", 0, "0,00\u00a0€"),
        ("en", 20, "€0.20"),
        ("en", 123_456, "€1,234.56"),
        ("ar", 140, "\u200f1.40\u00a0€"),
        ("ar", 123_456, "\u200f1,234.56\u00a0€"),
    ],
)
def test_an_amount_is_written_as_the_language_does(language: str, cents: int, written: str) -> None:
    assert Words(language).amount(Cents(cents)) == written


def test_a_day_is_written_as_the_language_does() -> None:
    assert Words("fr").day(date(2026, 11, 24)) == "24 novembre 2026"
    assert Words("en").day(date(2026, 11, 24)) == "24 November 2026"
    assert Words("ar").day(date(2026, 11, 24)) == "24 نوفمبر 2026"


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    assert Words("fr").day(date(2026, 12, 1)) == "1er décembre 2026"
    assert Words("en").day(date(2026, 12, 1)) == "1 December 2026"


def test_none_and_one_are_singular_in_french_and_only_one_in_english() -> None:
    assert [Words("fr").plural("feed.count", n) for n in (0, 1, 2)] == ["0 bouteille", "1 bouteille", "2 bouteilles"]
    assert [Words("en").plural("feed.count", n) for n in (0, 1, 2)] == ["0 bottles", "1 bottle", "2 bottles"]


def test_values_take_the_place_of_their_names() -> None:
    words = Words("fr")
    assert words.text("voucher.title", sum=words.amount(Cents(140))) == "Votre bon\u00a0: 1,40\u00a0€"


def test_a_number_with_a_fraction_is_written_as_the_language_does() -> None:
    assert Words("fr").text("summary.rate", rate=14.5).startswith("14,5 ")
    assert Words("en").text("summary.rate", rate=14.5).startswith("14.5 ")


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Words("fr").text("voucher.title")


def test_a_key_that_no_catalogue_holds_is_an_error_and_is_never_shown() -> None:
    with pytest.raises(MissingWord):
        Words("fr").text("no.such.key")
    with pytest.raises(MissingWord):
        Words("fr").plural("no.such.key", 2)


def test_an_unknown_language_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownLanguage) as caught:
        Words("tlh")
    assert caught.value.known == ", ".join(LANGUAGES)


def test_staff_get_french_words_where_a_language_is_for_visitors_alone() -> None:
    assert Words("ar").text("ledger.balance") == "Solde"
    assert Words("ar").plural("summary.refused", 2) == "2 objets refusés et rendus"


def test_every_language_names_itself_and_arabic_alone_runs_from_right_to_left() -> None:
    offered = choice()
    assert offered.broken == ()
    assert [(words.own_name, words.right_to_left) for words in offered.words] == [
        ("Français", False),
        ("English", False),
        ("العربية", True),
    ]


def test_words_that_no_native_speaker_has_read_say_so() -> None:
    assert [words.language for words in choice().words if words.unread] == ["ar"]
    assert Words("ar").text("language.unread")


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_the_button_as_it_is_named(language: str) -> None:
    words = Words(language)
    assert words.text("feed.finish") in words.text("help.finish")


def test_what_is_put_into_arabic_keeps_its_own_direction() -> None:
    assert Words("ar").text("voucher.code", code="2BCD-3FGH") == "رمز القسيمة: \u20682BCD-3FGH\u2069"
    assert Words("fr").text("voucher.code", code="2BCD-3FGH").endswith(" 2BCD-3FGH")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_name_from_right_to_left_is_isolated_in_the_other_languages_too_and_nothing_else_there_is(language: str) -> None:
    words = Words(language)
    assert words.text("gift.to", name="جمعية ABC 12").endswith("\u2068جمعية ABC 12\u2069")
    assert "\u2068" not in words.text("gift.to", name="Sans nom (2)")
    assert words.isolated("שלום") == words.isolated(words.isolated("שלום")) == "\u2068שלום\u2069"


def test_a_sentence_with_such_a_name_may_stand_in_another_and_a_foreign_text_ends_no_isolate_but_its_own() -> None:
    words = Words("fr")
    inner = words.text("gift.to", name="جمعية")
    assert words.text("gift.to", name=inner).endswith(f"\u2068{inner}\u2069")
    assert words.text("gift.to", name="abc\u2069def").endswith("abc\\u2069def")
    assert words.text("gift.to", name="جمعية\u2068").endswith("\u2068جمعية\\u2068\u2069")
    assert Words("ar").text("gift.to", name="abc\u2069").endswith("\u2068abc\\u2069\u2069")


def used_keys() -> set[str]:
    """Keys that stand as plain text in a call of ``text`` or ``plural`` anywhere under kiosk/."""
    calls = (node for path in FOLDER.parent.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"text", "plural"} and call.args
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def test_every_key_that_the_program_asks_for_is_in_the_catalogue() -> None:
    assert used_keys() - set(messages("fr")) == set()
    assert "sync.stopped" in used_keys()


def test_of_a_value_without_end_begin_and_end_are_told() -> None:
    told = Words("en").text("error.file.missing", path="a" * 100_000 + "z", folder="", detail="")
    assert len(told) < 3000
    assert "aaa" in told
    assert "aaz does not exist" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_what_babel_knows_only_what_words_need_stays_in_memory(language: str) -> None:
    Words(language).amount(Cents(140))
    kept = localedata.load(LANGUAGES[language].locale)
    assert {"currency_formats", "months", "plural_form"} <= set(kept)
    assert not {"languages", "territories", "time_zones", "unit_patterns"} & set(kept)
