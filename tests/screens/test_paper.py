"""The ticket on paper: what it says in each language, that it is there whole in dots, and that its code is read from what came out of a printer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot
from pyzbar import pyzbar

from config.system import AssumedClock
from drivers.printer.raster import Bitmap
from kiosk.paper.drawn import PRINTABLE, draw, set_line
from kiosk.paper.sheet import Line, Rule, Sheet, Size
from kiosk.paper.ticket import ticket
from kiosk.screens.gallery import VOUCHER
from kiosk.screens.style.typefaces import register
from kiosk.words.catalogue import Words
from wires.paper_end import PaperEnd

DOTS_OF_4_MM = 32
FRENCH = Words()
BY_LANGUAGE = {language: Words(language) for language in ("fr", "en", "ar")}

FACTS = {
    "fr": [
        "Votre bon : 1,40 €",
        "Visite n° 0417",
        "Émis le 24 novembre 2026",
        "Valable jusqu’au 23 novembre 2029",
        "Payé à l’accueil de cette mairie, pendant ses heures d’ouverture.",
        "Payé une seule fois. Gardez ce papier.",
    ],
    "en": [
        "Your voucher: €1.40",
        "Visit no. 0417",
        "Issued on 24 November 2026",
        "Valid until 23 November 2029",
        "Paid at this town hall’s desk, during its hours.",
        "Paid only once. Keep this paper.",
    ],
    "ar": [
        "قسيمتكم: 1.40 €",
        "زيارة رقم 0417",
        "صدرت في 24 نوفمبر 2026",
        "صالحة حتى 23 نوفمبر 2029",
        "تُدفع في استقبال هذه البلدية خلال أوقات العمل.",
        "تُدفع مرة واحدة. احتفظوا بهذه الورقة.",
    ],
}
PLAIN = {**dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2068\u2069")), 0xA0: " "}


@pytest.fixture(autouse=True)
def fonts(qtbot: QtBot) -> Iterator[None]:
    register()
    return iter(())


def a_ticket(language: str, copy: int = 1, *, demonstration: bool = False, where: str = "") -> Sheet:
    return ticket(replace(VOUCHER, demonstration=demonstration), copy, where, FRENCH, BY_LANGUAGE[language])


def said(sheet: Sheet) -> list[str]:
    return [piece.words.translate(PLAIN) for piece in sheet if isinstance(piece, Line)]


def dots(bitmap: Bitmap) -> NDArray[np.uint8]:
    packed = np.frombuffer(bitmap.rows, np.uint8).reshape(bitmap.height, bitmap.stride)
    return np.unpackbits(packed, axis=1)[:, : bitmap.width]


@pytest.mark.parametrize("language", FACTS)
def test_it_says_all_in_french_first_and_then_in_the_visitors_language(language: str) -> None:
    told = ["Bon de consigne", "1,40 €", "K7QP-4M2X-R5TB-W9NHJ", *FACTS["fr"]]
    assert said(a_ticket(language)) == told + (FACTS[language] if language != "fr" else [])


@pytest.mark.parametrize("language", FACTS)
def test_a_demonstrations_ticket_says_that_it_is_worth_nothing_before_all_else(language: str) -> None:
    words = [BY_LANGUAGE["fr"], *([BY_LANGUAGE[language]] if language != "fr" else [])]
    assert said(a_ticket(language, demonstration=True))[: len(words)] == [one.text("voucher.demonstration") for one in words]


def test_a_second_copy_says_duplicata_and_its_number_and_a_first_one_does_not() -> None:
    assert said(a_ticket("en", copy=3))[:2] == ["DUPLICATA : exemplaire 3", "DUPLICATE: copy 3"]
    assert not any("DUPLICATA" in line for line in said(a_ticket("en")))


def test_where_and_when_it_is_paid_is_as_configured_in_french_and_said_by_the_house_in_other_languages() -> None:
    lines = said(a_ticket("en", where="Accueil, rez-de-chaussée, 9 h - 17 h"))
    assert "Accueil, rez-de-chaussée, 9 h - 17 h" in lines
    assert FACTS["fr"][4] not in lines
    assert FACTS["en"][4] in lines


@pytest.mark.parametrize("paper_mm", PRINTABLE)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_all_of_it_is_in_dots_and_nothing_is_cut_off(language: str, paper_mm: int) -> None:
    sheet = a_ticket(language, copy=2)
    for line in (piece for piece in sheet if isinstance(piece, Line)):
        assert not any(paragraph.overflows for paragraph in set_line(line, PRINTABLE[paper_mm])), line.words
        alone = dots(draw((replace(line, boxed=False),), paper_mm))
        assert alone.any(), line.words
        assert not any(edge.any() for edge in (alone[:, 0], alone[:, -1], alone[0], alone[-1])), line.words
    apart = sum(int(dots(draw((piece,), paper_mm)).sum()) for piece in sheet if not isinstance(piece, Rule))
    rules = sum(2 * PRINTABLE[paper_mm] for piece in sheet if isinstance(piece, Rule))
    assert int(dots(draw(sheet, paper_mm)).sum()) == apart + rules, "something lies over something else"


@pytest.mark.parametrize("paper_mm", PRINTABLE)
def test_the_code_is_four_millimetres_high_and_in_the_middle(paper_mm: int) -> None:
    (code,) = (piece for piece in a_ticket("fr") if isinstance(piece, Line) and piece.size is Size.CODE)
    drawn = dots(draw((replace(code, words="H7", broken=""),), paper_mm))
    inked = np.flatnonzero(drawn.any(axis=1))
    assert inked[-1] - inked[0] + 1 >= DOTS_OF_4_MM
    across = np.flatnonzero(dots(draw((code,), paper_mm)).any(axis=0))
    assert abs((across[0] + across[-1]) / 2 - PRINTABLE[paper_mm] / 2) < DOTS_OF_4_MM


@pytest.mark.parametrize("paper_mm", PRINTABLE)
def test_its_code_is_read_from_what_came_out_of_the_printer(tmp_path: Path, paper_mm: int) -> None:
    """Through the driver, over a line, to the twin's paper, and from there by two readers."""
    drawn = draw(a_ticket("ar", demonstration=True), paper_mm)
    clock = AssumedClock()
    with PaperEnd(tmp_path) as end:
        assert end.printer(clock).print_picture(drawn) is None
    (printed,) = end.tickets()
    picture = np.pad(255 - 255 * dots(printed), 40, constant_values=255).astype(np.uint8)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [VOUCHER.link]
    assert [found.data.decode() for found in pyzbar.decode(picture)] == [VOUCHER.link]
