"""A catalogue's file that is missing or broken is told with its place, and no visitor gets a language that is not whole."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from commands import cli
from drivers.intake.bus import PortGone
from kiosk.words import reading
from kiosk.words.catalogue import Words, choice
from kiosk.words.errors import explain
from kiosk.words.reading import LANGUAGES, CatalogueBroken, Flaw, Spot, for_visitors


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own catalogues, in a folder where they can be broken."""
    for language in LANGUAGES:
        shutil.copy(reading.FOLDER / f"{language}.po", tmp_path)
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    return tmp_path


def change(path: Path, old: str, new: str) -> int:
    """Replaces what stands there once; gives the line of it, from 1."""
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def places(language: str) -> tuple[Spot, ...]:
    with pytest.raises(CatalogueBroken) as caught:
        Words(language)
    assert caught.value.language == language
    return caught.value.places


def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    (folder / "ar.po").unlink()
    assert places("ar") == (Spot(Flaw.NO_FILE),)


def test_a_file_that_is_not_utf_8_is_told(folder: Path) -> None:
    (folder / "ar.po").write_bytes((folder / "ar.po").read_text().encode("iso8859-6", "replace"))
    (place,) = places("ar")
    assert place.flaw is Flaw.UNREADABLE


def test_an_empty_file_lacks_every_word(folder: Path) -> None:
    (folder / "en.po").write_text("")
    assert places("en")


@pytest.mark.parametrize("broken", ['msgstr "Goodbye and thank you!', 'msgstr "Good"bye"', "msgstr", "Goodbye", '<<<<<<< "x"'])
def test_a_line_that_is_not_gettexts_is_told_with_its_number(folder: Path, broken: str) -> None:
    line = change(folder / "en.po", 'msgstr "Goodbye and thank you!"', broken)
    assert places("en") == (Spot(Flaw.NOT_PO, line, found=broken),)


def test_a_key_without_words_below_it_is_told_with_its_line(folder: Path) -> None:
    change(folder / "en.po", 'msgstr "Goodbye and thank you!"\n', "")
    (place,) = places("en")
    assert place.flaw is Flaw.NOT_PO
    assert place.line is not None


def test_a_key_that_stands_there_twice_is_told_with_the_second_line(folder: Path) -> None:
    path = folder / "en.po"
    path.write_text(path.read_text() + '\nmsgid "bye"\nmsgstr "Farewell"\n')
    assert places("en") == (Spot(Flaw.TWICE, len(path.read_text().splitlines()) - 1, "bye"),)


def test_a_key_that_is_not_there_is_told(folder: Path) -> None:
    change(folder / "ar.po", 'msgid "bye"', 'msgid "bye-bye"')
    assert places("ar") == (Spot(Flaw.LACKING, key="bye"),)


def test_a_key_without_words_is_told_with_its_line(folder: Path) -> None:
    line = change(folder / "en.po", 'msgstr "Goodbye and thank you!"', 'msgstr ""')
    assert places("en") == (Spot(Flaw.EMPTY, line - 1, "bye"),)


def test_words_that_are_marked_as_unsure_count_as_none(folder: Path) -> None:
    line = change(folder / "en.po", 'msgid "bye"', '#, fuzzy\nmsgid "bye"')
    assert places("en") == (Spot(Flaw.EMPTY, line + 1, "bye"),)


def test_a_plural_with_a_form_too_few_is_told_with_its_line(folder: Path) -> None:
    line = change(
        folder / "ar.po", 'msgstr[4] "{n}\u00a0قارورة"\nmsgstr[5] "{n}\u00a0قارورة"\n\nmsgid "feed.finish"', 'msgid "feed.finish"'
    )
    assert places("ar") == (Spot(Flaw.EMPTY, line - 6, "feed.count"),)


@pytest.mark.parametrize("words", ["Your voucher", "Your voucher: {summ}", "Your voucher: {sum", "Your voucher: {sum} {date}"])
def test_other_placeholders_than_the_french_words_have_are_told(folder: Path, words: str) -> None:
    line = change(folder / "en.po", "Your voucher: {sum}", words)
    assert places("en") == (Spot(Flaw.PLACEHOLDERS, line - 1, "voucher.title", words),)


def test_french_words_with_an_open_brace_are_told_and_not_held_against_the_others(folder: Path) -> None:
    line = change(folder / "fr.po", "Votre bon\u00a0: {sum}", "Votre bon\u00a0: {sum")
    for language in LANGUAGES:
        with pytest.raises(CatalogueBroken) as caught:
            Words(language)
        assert (caught.value.language, caught.value.places) == (
            "fr",
            (Spot(Flaw.PLACEHOLDERS, line - 1, "voucher.title", "Votre bon\u00a0: {sum"),),
        )


def test_a_number_left_out_where_a_form_stands_for_many_is_told(folder: Path) -> None:
    line = change(folder / "ar.po", 'msgstr[2] "قارورتان"\nmsgstr[3] "{n}\u00a0قوارير"', 'msgstr[2] "قارورتان"\nmsgstr[3] "قوارير"')
    assert places("ar") == (Spot(Flaw.PLACEHOLDERS, line - 4, "feed.count", "قوارير"),)


@pytest.mark.parametrize(
    "rule",
    ["nplurals=2; plural=(n > 1);", "nplurals=6; plural=(n > 5 ? 5 : n);", "nplurals=6; plural=(n ==);", "nplurals=six; plural=0;", ""],
)
def test_a_plural_rule_of_another_language_is_told(folder: Path, rule: str) -> None:
    text = (folder / "ar.po").read_text()
    start = text.index("Plural-Forms: ")
    end = text.index("\n", start)
    (folder / "ar.po").write_text(text[:start] + (f"Plural-Forms: {rule}" if rule else "X-Nothing: ") + '\\n"' + text[end:])
    (place,) = places("ar")
    assert place.flaw in {Flaw.FORMS, Flaw.NOT_PO}
    assert place.line is not None


def test_a_language_whose_catalogue_is_broken_is_not_offered_and_named(folder: Path) -> None:
    (folder / "ar.po").unlink()
    offered = choice()
    assert [words.language for words in offered.words] == ["fr", "en"]
    assert [error.path for error in offered.broken] == [folder / "ar.po"]


def test_a_catalogue_is_read_once_as_long_as_its_file_says_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def listened(file: StringIO, locale: str, abort_invalid: bool) -> Catalog:
        read.append(locale)
        return read_po(file, locale=locale, abort_invalid=abort_invalid)

    monkeypatch.setattr(reading, "read_po", listened)
    for language in LANGUAGES:
        change(folder / f"{language}.po", 'msgid "bye"', '# read here for the first time\nmsgid "bye"')
    choice()
    choice()
    Words("en")
    assert read == [how.locale for how in LANGUAGES.values()]
    change(folder / "en.po", 'msgid "bye"', '# read anew\nmsgid "bye"')
    Words("en")
    assert read[3:] == [LANGUAGES["en"].locale]


def test_without_french_there_is_no_kiosk(folder: Path) -> None:
    change(folder / "fr.po", 'msgid "bye"', "msgid")
    with pytest.raises(CatalogueBroken):
        choice()
    with pytest.raises(CatalogueBroken):
        Words("ar")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("flaw", Flaw)
def test_each_flaw_is_told_with_file_line_and_what_to_do(flaw: Flaw, language: str) -> None:
    told = explain(CatalogueBroken("ar", Path("words/ar.po"), (Spot(flaw, 12, "bye", "?!"),)), Words(language))
    assert "words/ar.po" in told
    assert told.endswith(".")
    if flaw in {Flaw.NOT_PO, Flaw.TWICE, Flaw.EMPTY, Flaw.FORMS, Flaw.PLACEHOLDERS}:
        assert "12" in told


def test_a_broken_catalogue_is_told_without_any_catalogue() -> None:
    told = str(CatalogueBroken("fr", Path("words/fr.po"), (Spot(Flaw.EMPTY, 12, "bye"), Spot(Flaw.LACKING, key="out"))))
    assert (
        told
        == "words/fr.po cannot be used (line 12: empty bye; lacking out). Put the file of the installed version back, or mend these places."
    )


def test_a_command_tells_what_it_met_even_without_any_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "fr.po").unlink()
    assert cli._told(PortGone("/dev/ttyX", "no such device"), 3) == 3
    told = capsys.readouterr().err
    assert "/dev/ttyX" in told
    assert f"{folder / 'fr.po'} cannot be used" in told


def test_a_broken_catalogue_is_told_by_a_command_in_french(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ar.po").unlink()
    with pytest.raises(CatalogueBroken) as caught:
        Words("ar")
    assert cli._told(caught.value, 2) == 2
    assert capsys.readouterr().err == f"{folder / 'ar.po'} n’existe pas. Remettez le fichier de la version installée.\n"


def test_a_new_key_is_for_visitors_unless_it_is_said_to_be_for_staff() -> None:
    assert for_visitors("something.new")
    assert not for_visitors("halt.jam")
