"""The first two pages: the deal stands there whole on every panel, and the arrow points to the real opening in every language."""

from itertools import product

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from config.vocabulary import OpeningSide
from kiosk.screens.gallery import visitor_shots
from kiosk.screens.parts.opening import Opening
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.palette import NORMAL
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Place
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES
from people.journey import City, MakeBooth, comes_to
from people.looking import colours_of, look_at
from worlds.booth import CAN, GLASS, PLASTIC

PANELS = (Panel(1080, 1920, 15.6), Panel(1280, 800, 10.1))
SHOTS = {shot.name: shot for shot in visitor_shots()}


@pytest.mark.parametrize(("panel", "language", "bigger"), list(product(PANELS, LANGUAGES, (False, True))))
def test_what_is_taken_and_what_is_full_and_that_it_is_a_trial_stand_there_however_short_of_room(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: Panel, language: str, bigger: bool
) -> None:
    register()
    window = window_for(panel)
    qtbot.addWidget(window)
    window.show()
    take(window, SHOTS["attract-few"], Manner(language, bigger=bigger))
    written = {there.words for there in look_at(window, monkeypatch).written}
    words = Words(language)
    keys = ("material.glass", "material.plastic", "attract.cans", "note.full.glass", "attract.voucher", "attract.begin", "brand.trial")
    assert {words.text(key) for key in keys} - written == set()


@pytest.mark.parametrize("panel", [Panel(1080, 1920, 13.3), Panel(1366, 768, 11.6)], ids=["13.3 in", "11.6 in"])
def test_that_it_is_a_trial_stands_there_in_large_text_on_other_panels_too(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: Panel
) -> None:
    register()
    window = window_for(panel)
    qtbot.addWidget(window)
    window.show()
    for language in LANGUAGES:
        take(window, SHOTS["attract-few"], Manner(language, bigger=True))
        look = look_at(window, monkeypatch)
        assert Words(language).text("brand.trial") in {there.words for there in look.written}
        assert (look.clipped(), look.overlapping()) == ([], [])
        assert window.page.needed() <= window.page.height()


SIDES: tuple[OpeningSide, ...] = ("left", "right", "below")


@pytest.mark.parametrize(("panel", "language", "side"), list(product(PANELS, ("fr", "ar"), SIDES)))
def test_the_arrow_leads_to_the_configured_side_which_no_language_turns_round(
    qtbot: QtBot, panel: Panel, language: str, side: OpeningSide
) -> None:
    register()
    window = window_for(panel, side)
    qtbot.addWidget(window)
    window.show()
    take(window, SHOTS["begun"], Manner(language))
    (picture,) = window.page.findChildren(Opening)
    drawn = picture.grab().toImage()
    (arrow_x, arrow_y), (hole_x, hole_y) = middle_of(drawn, NORMAL.green), middle_of(drawn, NORMAL.hole)
    away = {"left": (hole_x - arrow_x, 0), "right": (arrow_x - hole_x, 0), "below": (arrow_y - hole_y, arrow_x - hole_x)}[side]
    assert away[0] > drawn.height() / 6
    assert abs(away[1]) < 4
    if panel.width_px > panel.height_px and side != "below":
        # beside the words it stands on that side too
        assert (picture.geometry().center().x() > window.page.width() / 2) is (side == "right")


def middle_of(image: QImage, colour: str) -> tuple[float, float]:
    """The middle of all that is drawn in that colour. Pixels."""
    y, x = np.nonzero(colours_of(image) == int(colour[1:], 16))
    return float(x.mean()), float(y.mean())


def test_who_begins_and_thinks_again_is_back_on_the_first_page_and_no_visit_was_begun(booth: MakeBooth) -> None:
    hall = booth()
    hall.person.asks("begin")
    hall.stands(Place.BEGUN)
    assert hall.person.find("finish") is None
    hall.person.asks("home")
    hall.stands(Place.ATTRACT)
    hall.let_pass(1.0)
    comes_to(
        hall,
        seen=[
            (Place.ATTRACT, "0,20", "Vous recevez un bon, à montrer à l’accueil."),
            (Place.BEGUN, "Mettez une bouteille", "L’ouverture est à droite de l’écran.", "Vide. Avec son étiquette."),
            (Place.ATTRACT, "Rendez vos bouteilles"),
        ],
        ledger={},
        city=City(),
    )


def test_finish_comes_with_the_first_bottle(booth: MakeBooth) -> None:
    hall = booth()
    hall.person.asks("begin")
    hall.stands(Place.BEGUN)
    hall.puts_in(PLASTIC)
    hall.stands(Place.FEEDING)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[(Place.BEGUN, "Besoin d’aide ?"), (Place.FEEDING, "0,20", "Terminer"), (Place.VOUCHER, "0,20")],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher kept 20": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


def test_a_full_material_is_crossed_out_and_named_while_the_other_is_taken(booth: MakeBooth) -> None:
    hall = booth()
    hall.say("bin 1 97")
    hall.sees("Le bac à verre est plein")
    hall.person.asks("begin")
    hall.stands(Place.BEGUN)
    hall.puts_in(GLASS, PLASTIC)
    hall.finishes_and_keeps()
    comes_to(
        hall,
        seen=[
            (Place.ATTRACT, "Verre : oui", "Plastique : oui", "Canettes : non"),
            (Place.ATTRACT, "Verre : non", "Plastique : oui", "Le bac à verre est plein"),
            (Place.BEGUN, "Le bac à verre est plein"),
            (Place.FEEDING, "0,00", "Terminer"),
            (Place.FEEDING, "Plastique", "0,20"),
        ],
        ledger={"visit": 1, "credit plastic 20": 1, "voucher kept 20": 1},
        city=City(plastic=1, vouchers=(1, 20)),
    )


def test_what_was_done_today_is_told_to_the_next_visitor_and_after_a_restart_too(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(PLASTIC, CAN, GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.PARTING, Place.ATTRACT)
    hall.cut(2.0)
    hall.stands(Place.ATTRACT)
    hall.let_pass(1.0)
    told = "Aujourd’hui : 2 bouteilles, 1 refusée"
    first, *_, last = (there for there in hall.seen if there.place is Place.ATTRACT)
    assert not any(words.startswith("Aujourd’hui") for words in first.words)
    assert told in last.words
    comes_to(
        hall,
        seen=[(Place.VOUCHER, "0,40"), (Place.ATTRACT, told), (Place.MOMENT,), (Place.ATTRACT, told)],
        ledger={"visit": 1, "credit plastic 20": 1, "credit glass 20": 1, "voucher kept 40": 1, "shown": 1},
        city=City(glass=1, plastic=1, vouchers=(1, 40)),
    )
