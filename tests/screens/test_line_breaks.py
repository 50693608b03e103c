"""Lines break where a reader would pause: *ne* never stands without its verb, nor an article without its noun."""

import pytest
from PySide6.QtCore import Qt

from kiosk.screens.parts.text import Paragraph, together
from kiosk.screens.style.typefaces import register, sized
from kiosk.words.reading import for_visitors, forms_of, key_of, parse

FONT_PX, WEIGHT = 46, 600
NOT_LAST = {
    "fr": {"ne", "n’", "le", "la", "les", "l’", "un", "une", "des", "du", "au", "aux", "à", "ce", "cette"},
    "en": {"the", "a", "an"},
}


def set_at(words: str, width: float) -> Paragraph:
    return Paragraph(words, sized(FONT_PX, WEIGHT), width, Qt.LayoutDirection.LeftToRight)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("language", NOT_LAST)
def test_no_line_ends_in_a_word_that_belongs_to_the_next(language: str) -> None:
    register()
    texts = [form for message in parse(language) if message.id and for_visitors(key_of(message)) for form in forms_of(message)]
    paragraphs = [set_at(words, width) for words in texts for width in range(420, 900, 60)]
    lasts = {(line.split()[-1].lower(), line) for paragraph in paragraphs for line in paragraph.line_texts()[:-1]}
    assert len(lasts) > 50
    assert [line for last, line in lasts if last in NOT_LAST[language]] == []


@pytest.mark.usefixtures("qapp")
def test_words_too_wide_to_stay_together_part_rather_than_leave_their_line() -> None:
    register()
    both, alone = set_at("la démonstration", 10_000).used, set_at("démonstration", 10_000).used
    paragraph = set_at("la démonstration", (both + alone) / 2)
    assert paragraph.line_texts() == ["la", "démonstration"]
    assert not paragraph.overflows


def test_what_stays_together_is_as_long_as_before_and_reads_the_same() -> None:
    words = "Mettez la bouteille à côté de la machine, elle ne peut pas l’ouvrir."
    assert together(words).replace("\u00a0", " ") == words
    assert together(words) == "Mettez la\u00a0bouteille à\u00a0côté de la\u00a0machine, elle ne\u00a0peut pas l’ouvrir."


@pytest.mark.usefixtures("qapp")
def test_no_words_have_no_line_to_ask_for() -> None:
    assert set_at("", 100).baselines() == (0.0, 0.0)
