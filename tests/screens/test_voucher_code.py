"""The voucher's QR code is read from the pixels of the screen by a decoder, and its letters stand as they are read aloud."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import zxingcpp
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.screens.gallery import VOUCHER, Shot, visitor_shots
from kiosk.screens.parts.ticket import LEAST_MODULE_MM, QUIET, fitting, grouped
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Open
from kiosk.screens.visitor.voucher import ShowVoucher
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.aloud import spelled
from kiosk.words.reading import LANGUAGES
from people.looking import Look, look_at
from people.person import somebody
from people.phone import pixels
from timing import FakeClock

SIZES = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}
PANELS = tuple(SIZES.values())
NARROW = {"13.3in": Panel(1080, 1920, 13.3)}
SHOTS = {shot.name: shot for shot in visitor_shots()}
SHOT = SHOTS["voucher"]
MANNERS = [Manner(language, bigger=bigger) for language, bigger in product(LANGUAGES, (False, True))]
MANNERS += [Manner("fr", bigger=bigger, contrast=True) for bigger in (False, True)]


@pytest.fixture
def pose(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Callable[[Panel, Manner, Shot], Look[VisitorWindow]]:
    register()
    windows: dict[Panel, VisitorWindow] = {}

    def posed(panel: Panel, manner: Manner, shot: Shot) -> Look[VisitorWindow]:
        if panel not in windows:
            windows[panel] = window_for(panel)
            qtbot.addWidget(windows[panel])
            windows[panel].show()
        take(windows[panel], shot, manner)
        return look_at(windows[panel], monkeypatch)

    return posed


@pytest.mark.parametrize(("panel", "bigger", "contrast"), list(product(PANELS, (False, True), (False, True))))
def test_a_decoder_reads_the_vouchers_link_from_the_screen(qtbot: QtBot, panel: Panel, bigger: bool, contrast: bool) -> None:
    register()
    window = window_for(panel)
    qtbot.addWidget(window)
    window.show()
    take(window, SHOT, Manner("fr", bigger=bigger, contrast=contrast))
    seen = window.grab().toImage()
    # a phone sees it smaller than it is
    smaller = seen.scaledToWidth(round(seen.width() * 0.7))
    for image in (seen, smaller):
        assert [code.text for code in zxingcpp.read_barcodes(pixels(image))] == [VOUCHER.link]


def test_the_code_stands_in_groups_of_four_four_four_and_five_from_left_to_right(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    register()
    window = window_for(PANELS[0])
    qtbot.addWidget(window)
    window.show()
    take(window, SHOT, Manner("ar"))
    assert grouped(VOUCHER.code) == "K7QP 4M2X R5TB W9NHJ"
    assert spelled(VOUCHER.code) == "K 7 Q P, 4 M 2 X, R 5 T B, W 9 N H J"
    assert any(spelled(VOUCHER.code) in label.accessibleName() for label in window.page.findChildren(QLabel))
    assert grouped(VOUCHER.code) in [written.words for written in look_at(window, monkeypatch).written]


LEAST_MM = {"15.6in": 80.0, "13.3in": 79.5, "10.1in": 66.0}
"""Side of the QR code alone, which is drawn in whole pixels. On 10.1 in it is what the height of the page holds beside the words."""

NUMBER_MM = 11.6


def named(manner: Manner) -> str:
    return "-".join([manner.language, *(name for name in ("bigger", "contrast") if getattr(manner, name))])


@pytest.mark.parametrize(("panel", "manner"), list(product(SIZES, (Manner("ar"), Manner("fr", bigger=True, contrast=True)))))
def test_code_and_number_are_as_large_as_phone_and_desk_need_them(
    pose: Callable[[Panel, Manner, Shot], Look[VisitorWindow]], panel: str, manner: Manner
) -> None:
    measured(pose(SIZES[panel], manner, SHOTS["voucher-uncounted"]), LEAST_MM[panel])


@pytest.mark.parametrize("manner", [Manner("fr", bigger=True), Manner("ar", bigger=True)], ids=named)
def test_on_a_narrow_panel_in_large_text_the_letters_stand_beside_a_code_as_large(
    pose: Callable[[Panel, Manner, Shot], Look[VisitorWindow]], manner: Manner
) -> None:
    look = pose(NARROW["13.3in"], manner, SHOTS["voucher-uncounted"])
    measured(look, LEAST_MM["13.3in"])
    (letters,) = (written for written in look.written if written.words == grouped(VOUCHER.code, 4))
    assert isinstance(look.window.page, ShowVoucher)
    assert letters.ink.left() >= look.window.page.ticket.mapTo(look.window, look.window.page.ticket.placed().quiet.topRight()).x()


@pytest.mark.long
@pytest.mark.parametrize("manner", MANNERS, ids=named)
@pytest.mark.parametrize("panel", [*SIZES, *NARROW])
def test_code_and_number_are_as_large_in_every_language_look_and_state(
    pose: Callable[[Panel, Manner, Shot], Look[VisitorWindow]], panel: str, manner: Manner
) -> None:
    for name, shot in SHOTS.items():
        # high contrast changes colours alone, which are the same in every state
        if name == "voucher" or (name.startswith("voucher") and not manner.contrast):
            measured(pose({**SIZES, **NARROW}[panel], manner, shot), LEAST_MM[panel])


def measured(look: Look[VisitorWindow], least_mm: float) -> None:
    """Sizes on the glass, pixels of the modules and of the quiet zone, and nothing cut off."""
    page, px_per_mm = look.window.page, look.window.theme.px_per_mm
    assert isinstance(page, ShowVoucher)
    placed = page.ticket.placed()
    assert placed.box.width() / px_per_mm >= least_mm
    assert placed.box.width() == placed.module * len(placed.modules)
    assert placed.module >= LEAST_MODULE_MM * px_per_mm
    assert page.ticket.rect().contains(placed.quiet)
    grey = pixels(look.image)
    corner = page.ticket.mapTo(look.window, placed.box.topLeft())
    left, top, side, zone = corner.x(), corner.y(), placed.box.width(), QUIET * placed.module
    with_zone = grey[top - zone : top + side + zone, left - zone : left + side + zone].copy()
    drawn = with_zone[zone:-zone, zone:-zone]
    cells = drawn.reshape(len(placed.modules), placed.module, len(placed.modules), placed.module)
    assert np.ptp(cells, axis=(1, 3)).max() == 0, "a module is not of whole pixels"
    with_zone[zone:-zone, zone:-zone] = 255
    assert with_zone.min() == 255, "the quiet zone is not white"
    (number,) = (written for written in look.written if written.widget is page.desk and written.words == "0417")
    assert number.ink.height() / px_per_mm >= NUMBER_MM
    assert look.clipped() == []


@pytest.mark.parametrize(("panel", "bigger"), [("15.6in", True), ("10.1in", False), ("10.1in", True)])
def test_instruction_code_and_number_stand_as_long_as_the_page(qtbot: QtBot, panel: str, bigger: bool) -> None:
    person = somebody(FakeClock(), SIZES[panel])
    qtbot.addWidget(person.window)
    person.window.pose(SHOT.view, Manner("fr", bigger=bigger), Open())
    assert person.find("alive") is None
    for seconds in (0.0, 29.0, 2.0, 17.0, 11.0):
        person.waits(seconds)
        assert person.reads("Prenez ce code en photo.")
        assert person.reads("jusqu’au")
        assert person.reads("Pas de\u00a0téléphone\u00a0?")
        assert person.reads("Dites ce numéro à l’accueil.")
        assert person.reads("0417")
        assert person.reads(spelled(VOUCHER.code))
    assert person.find("alive") is not None


def test_no_button_that_hides_a_code_promises_to_go_on(qtbot: QtBot) -> None:
    person = somebody(FakeClock(), SIZES["10.1in"])
    qtbot.addWidget(person.window)
    for language, bigger in product(LANGUAGES, (False, True)):
        person.window.pose(SHOT.view, Manner(language, bigger=bigger), Open())
        words = person.window._setting.words
        assert words.text("resume.go") not in [button.text() for button in person.window.stops()]
        assert person.button("done").text() == words.text("voucher.done") != words.text("feed.finish")


def test_what_was_not_counted_stands_beside_the_number_that_the_desk_finds_the_visit_by(qtbot: QtBot) -> None:
    person = somebody(FakeClock())
    qtbot.addWidget(person.window)
    person.sees(replace(SHOT.view, uncounted=2))
    assert person.reads("2\u00a0bouteilles non comptées. Dites ce numéro à l’accueil. Visite n° 0417")


@pytest.mark.parametrize("name", ["voucher-uncounted", "voucher-print-again", "voucher-print-uncounted", "voucher-demonstration-uncounted"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_large_text_on_a_low_panel_the_number_keeps_what_to_do_with_it(
    pose: Callable[[Panel, Manner, Shot], Look[VisitorWindow]], language: str, name: str
) -> None:
    look = pose(SIZES["10.1in"], Manner(language, bigger=True), SHOTS[name])
    said, words = [written.words for written in look.written], look.window._setting.words
    assert {words.plural("note.uncounted", 2), words.text("desk.number"), "0417"} <= set(said)
    assert (look.clipped(), look.overlapping(), look.window.page.fits()) == ([], [], True)


@pytest.mark.parametrize(("panel", "bigger"), [("15.6in", True), ("10.1in", False), ("10.1in", True)])
def test_a_code_of_wide_letters_is_whole_too(pose: Callable[[Panel, Manner, Shot], Look[VisitorWindow]], panel: str, bigger: bool) -> None:
    code = "MW2M" + "W4MW" + "7WM9" + "MWB3W"
    view = replace(SHOT.view, voucher=replace(VOUCHER, code=code))
    look = pose(SIZES[panel], Manner("fr", bigger=bigger), replace(SHOT, view=view))
    assert (look.clipped(), look.overlapping(), look.covered()) == ([], [], [])
    assert look.window.page.needed() <= look.window.page.height()


@pytest.mark.parametrize("kiosk", ["a" * 3, "mairie-du-onzieme-arrondissement-hall-02"])
def test_a_longer_link_takes_less_redundancy_never_smaller_modules(kiosk: str) -> None:
    link = VOUCHER.link.replace("paris-11-01", kiosk)
    modules, module = fitting(link, 480, SIZES["10.1in"].px_per_mm)
    assert module >= LEAST_MODULE_MM * SIZES["10.1in"].px_per_mm
    assert (len(modules) + 2 * QUIET) * module <= 480
