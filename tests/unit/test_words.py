"""The catalogues: complete, equal in their placeholders and plural forms, and readable; amounts and dates as each language writes them."""

import ast
import re
import string
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from config.vocabulary import Cents, Material, Reason
from kiosk.deposit.states import Halt
from kiosk.words.catalogue import FOLDER, LOCALES, MissingWord, UnknownLanguage, Words, read
from ledger.verify import Fault
from ledger.vocabulary import Account, Kind

LANGUAGES = tuple(LOCALES)
STAFF_AND_COMMANDS = ("halt.", "told.", "summary.", "config.", "type.", "error.", "ledger.", "account.", "kind.", "fault.", "sync.")


def catalogue(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=LOCALES[language], abort_invalid=True)


def messages(language: str) -> dict[str, Message]:
    return {_key(message): message for message in catalogue(language) if message.id}


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (str(message.string),)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_each_catalogue_file_is_a_known_language() -> None:
    assert {path.stem for path in FOLDER.glob("*.po")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_every_key_of_the_english_one_and_no_other(language: str) -> None:
    assert set(messages(language)) == set(messages("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_marked_as_unsure(language: str) -> None:
    assert [key for key, message in messages(language).items() if message.fuzzy or not all(forms(message))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_a_message_has_the_placeholders_of_the_english_one(language: str) -> None:
    english = messages("en")
    for key, message in messages(language).items():
        for form in forms(message):
            assert placeholders(form) == placeholders(forms(english[key])[0]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_as_many_forms_as_the_language_and_shows_its_number(language: str) -> None:
    plurals = [message for message in messages(language).values() if isinstance(message.id, tuple)]
    assert plurals
    for message in plurals:
        assert len(forms(message)) == catalogue(language).num_plurals, message.id
        assert all("n" in placeholders(form) for form in forms(message)), message.id


def test_the_same_keys_are_plurals_in_every_language() -> None:
    english = {key for key, message in messages("en").items() if isinstance(message.id, tuple)}
    for language in LANGUAGES:
        assert {key for key, message in messages(language).items() if isinstance(message.id, tuple)} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_that_people_are_told_of_has_its_words(language: str) -> None:
    words = read(language)
    keys = [f"item.{reason}{part}" for reason in Reason for part in ("", ".todo")]
    keys += [f"limit.{reason}" for reason in (Reason.VISIT_LIMIT, Reason.DAY_BUDGET, Reason.BIN_FULL)]
    keys += [f"{name}.{material}" for material in Material for name in ("told", "material")]
    keys += [f"halt.{halt}" for halt in Halt]
    keys += [f"kind.{kind}" for kind in Kind] + [f"account.{account}" for account in Account] + [f"fault.{fault}" for fault in Fault]
    assert [key for key in keys if words.gettext(key) == key] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_for_visitors_has_at_most_twelve_words(language: str) -> None:
    for key, message in messages(language).items():
        if not key.startswith(STAFF_AND_COMMANDS):
            for sentence in re.split(r"[.!?…](?:\s|$)", " ".join(forms(message)[:1])):
                assert len(re.findall(r"[\w{}°]+(?:[’-][\w]+)*", sentence)) <= 12, key


def test_french_punctuation_has_a_no_break_space_before_it() -> None:
    plain = re.compile(r"(?<!\u00a0)[:;!?%]")
    assert [key for key, message in messages("fr").items() if any(plain.search(form) for form in forms(message))] == []


@pytest.mark.parametrize(
    ("language", "cents", "written"),
    [
        ("fr", 20, "0,20\u00a0€"),
        ("fr", 123_456, "1\u202f234,56\u00a0€"),
        ("fr", 0, "0,00\u00a0€"),
        ("en", 20, "€0.20"),
        ("en", 123_456, "€1,234.56"),
    ],
)
def test_an_amount_is_written_as_the_language_does(language: str, cents: int, written: str) -> None:
    assert Words(language).amount(Cents(cents)) == written


def test_a_day_is_written_as_the_language_does() -> None:
    assert Words("fr").day(date(2026, 11, 24)) == "24 novembre 2026"
    assert Words("en").day(date(2026, 11, 24)) == "24 November 2026"


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
    assert caught.value.known == LANGUAGES


def test_english_stands_in_for_a_word_that_a_language_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    french = (FOLDER / "fr.po").read_text()
    start = french.index('msgid "bye"')
    (tmp_path / "fr.po").write_text(french[:start])
    (tmp_path / "en.po").write_text((FOLDER / "en.po").read_text())
    monkeypatch.setattr("kiosk.words.catalogue.FOLDER", tmp_path)
    assert Words("fr").text("bye") == "Goodbye and thank you!"
    assert Words("fr").text("attract.title") == "Rendez vos bouteilles"


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
    assert used_keys() - set(messages("en")) == set()
    assert "sync.stopped" in used_keys()
