"""Every character that a visitor may meet has a glyph in the kiosk's own fonts, in each weight, and Arabic letters join."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QRawFont, QTextLayout

import kiosk
from config.vocabulary import Cents
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES, for_visitors, forms_of, key_of, parse
from ledger.vouchers import LETTERS

FONTS = Path(kiosk.__path__[0]) / "screens" / "style" / "fonts"
WEIGHTS = (400, 600, 700, 800)
SIZE_PX = 40


def fonts(weight: int) -> tuple[QRawFont, QRawFont]:
    """Both families in the order in which a text asks for them."""
    found = tuple(QRawFont(str(FONTS / f"{family}-{weight}.ttf"), SIZE_PX) for family in ("KioskSans", "KioskSansArabic"))
    assert all(font.isValid() for font in found)
    return found[0], found[1]


def sentences(language: str) -> list[str]:
    """All texts of a language that are for visitors."""
    return [form for message in parse(language) if message.id and for_visitors(key_of(message)) for form in forms_of(message)]


def characters(language: str) -> set[str]:
    """All that this language may show to visitors: its texts, amounts and dates."""
    words = Words(language)
    texts = sentences(language)
    texts += [words.amount(Cents(123_456_789)), *(words.day(date(2026, month, day)) for month in range(1, 13) for day in (1, 24))]
    texts += [words.isolated(text) for text in texts[:1]]
    return {character for text in texts for character in text}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_of_a_language_has_a_glyph(language: str, weight: int) -> None:
    wanted = characters(language) | set(LETTERS) | set("0123456789-")
    without = {
        f"{character} U+{ord(character):04X}"
        for character in wanted
        if not any(font.supportsCharacter(ord(character)) for font in fonts(weight))
    }
    assert without == set()


@pytest.mark.usefixtures("qapp")
def test_digits_and_the_euro_sign_come_from_one_font() -> None:
    assert all(fonts(weight)[0].supportsCharacter(ord(character)) for weight in WEIGHTS for character in "0123456789€,.")


@pytest.fixture
def registered(qapp: object) -> Iterator[None]:
    """The fonts as a screen has them."""
    numbers = [QFontDatabase.addApplicationFont(str(path)) for path in sorted(FONTS.glob("*.ttf"))]
    yield
    for number in numbers:
        QFontDatabase.removeApplicationFont(number)


def set_line(text: str, weight: int) -> QTextLayout:
    """One line as a screen would set it."""
    font = QFont(["Kiosk Sans", "Kiosk Sans Arabic"])
    font.setPixelSize(SIZE_PX)
    font.setWeight(QFont.Weight(weight))
    layout = QTextLayout(text, font)
    layout.beginLayout()
    layout.createLine().setLineWidth(10_000)
    layout.endLayout()
    return layout


def shaped(text: str, weight: int) -> list[tuple[str, list[int]]]:
    """The glyphs that a screen would paint, by the family they come from."""
    return [(run.rawFont().familyName(), run.glyphIndexes()) for run in set_line(text, weight).glyphRuns()]


def leaves_its_line(text: str, weight: int) -> bool:
    """Whether a glyph is higher or lower than the line it stands in."""
    layout = set_line(text, weight)
    boxes = [
        run.rawFont().pathForGlyph(glyph).boundingRect().translated(place)
        for run in layout.glyphRuns()
        for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True)
    ]
    return any(box.height() > 0 and (box.top() < 0 or box.bottom() > layout.lineAt(0).height()) for box in boxes)


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("weight", WEIGHTS)
def test_arabic_letters_join_and_come_from_the_kiosks_font(weight: int) -> None:
    ((family, joined),) = shaped("بيت", weight)
    assert family == "Kiosk Sans Arabic"
    # dots are glyphs of their own and stay; what carries them changes from first to middle to last
    alone = [glyphs for letter in "بيت" for _, glyphs in shaped(letter, weight)]
    assert [glyphs for glyphs in alone if set(glyphs) <= set(joined)] == []


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("weight", WEIGHTS)
def test_an_amount_within_arabic_has_the_digits_of_every_language(weight: int) -> None:
    words = Words("ar")
    families = {family for family, _ in shaped(words.text("voucher.title", sum=words.amount(Cents(140))), weight)}
    assert families == {"Kiosk Sans", "Kiosk Sans Arabic"}


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_is_higher_or_lower_than_its_line(language: str, weight: int) -> None:
    assert [text for text in sentences(language) if leaves_its_line(text, weight)] == []


def test_each_font_has_its_licence_with_every_owner_beside_it() -> None:
    assert {path.name.partition("-")[0] for path in FONTS.glob("*.ttf")} == {"KioskSans", "KioskSansArabic"}
    for family, owners in {"KioskSans": ("Atkinson Hyperlegible Next", "Figtree", "Inter"), "KioskSansArabic": ("Noto",)}.items():
        licence = (FONTS / f"{family}-OFL.txt").read_text()
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
        assert [owner for owner in owners if f"The {owner} Project Authors" not in licence] == []
