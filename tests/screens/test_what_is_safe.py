"""What is safe: sum, bottles and visit number can be read on every page of a visit, whatever lies over it."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from kiosk.deposit.states import Printing
from kiosk.deposit.view import Screen
from kiosk.screens.gallery import VISIT, Shot, visitor_shots
from kiosk.screens.parts.number import DIGITS_MM
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.out_of_order import OutOfOrder
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.parting import Parting
from kiosk.screens.visitor.place import Open, Place
from kiosk.screens.visitor.strip import is_safe
from kiosk.words.reading import LANGUAGES
from people.looking import look_at
from people.person import somebody, words_of
from timing import FakeClock

PANELS = {"upright": Panel(1080, 1920, 15.6), "across": Panel(1280, 800, 10.1)}
OVERLAYS = (None, Place.HELP, Place.SETTINGS, Place.LANGUAGES)
IN_A_VISIT = [shot for shot in visitor_shots() if shot.view.visit_number is not None and shot.view.bottles > 0]
"""Before the first bottle nothing is there that could be lost."""


def one_of_each() -> list[Shot]:
    """Of each page and each cause of a stop, one: what else differs stands on the page itself."""
    return list({(shot.view.screen, shot.view.halt, shot.view.resumed): shot for shot in IN_A_VISIT}.values())


def unread(shot: Shot, manner: Manner, drawn: list[str]) -> list[str]:
    """What of the three is drawn nowhere."""
    words, view, told = words_of(manner.language), shot.view, " | ".join(drawn).replace("\u2068", "").replace("\u2069", "")
    amount = words.text("feed.without_money") if view.without_money else words.amount(view.cents)
    return [part for part in (str(view.visit_number), amount, words.plural("feed.count", view.bottles)) if part not in told]


@pytest.mark.parametrize("language", ["fr", pytest.param("ar", marks=pytest.mark.long)])
@pytest.mark.parametrize("panel", PANELS)
def test_sum_bottles_and_number_can_be_read_whatever_stands_on_the_glass(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: str, language: str
) -> None:
    register()
    window, manner = window_for(PANELS[panel]), Manner(language)
    qtbot.addWidget(window)
    window.show()
    take(window, IN_A_VISIT[0], manner)
    missing = {}
    for shot in one_of_each():
        window.show_view(shot.view)
        for overlay in OVERLAYS:
            window._show_open(Open(overlay=overlay))
            drawn = [written.words for written in look_at(window, monkeypatch).written]
            if wanting := unread(shot, manner, drawn):
                missing[shot.name, overlay] = wanting
    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS)
def test_the_code_for_the_desk_stands_on_every_page_of_a_machine_that_stopped(qtbot: QtBot, panel: str, language: str) -> None:
    register()
    window = window_for(PANELS[panel])
    qtbot.addWidget(window)
    window.show()
    stopped = [shot for shot in IN_A_VISIT if shot.name.startswith("out-") and not shot.view.offers_without_money]
    for bigger in (False, True):
        for shot in stopped:
            take(window, shot, Manner(language, bigger=bigger))
            assert isinstance(window.page, OutOfOrder)
            assert window.page.code.isVisible(), (shot.name, bigger)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bigger", [False, True], ids=["normal", "bigger"])
def test_nine_names_upright_leave_the_row_its_room(qtbot: QtBot, bigger: bool, language: str) -> None:
    register()
    window = window_for(PANELS["upright"])
    qtbot.addWidget(window)
    window.show()
    take(window, next(shot for shot in IN_A_VISIT if shot.name == "associations-9"), Manner(language, bigger=bigger))
    assert window._strip.isVisible()
    assert window.page.fits()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["refused-can", "refused-twice-can", "out-jam-visit", "out-jam-closing", "voucher-demonstration"])
def test_in_large_text_on_a_low_panel_the_row_has_room_for_the_bottles_beside_a_demonstrations_mark_too(
    qtbot: QtBot, name: str, language: str
) -> None:
    register()
    window = window_for(PANELS["across"])
    qtbot.addWidget(window)
    window.show()
    take(window, next(shot for shot in IN_A_VISIT if shot.name == name), Manner(language, bigger=True))
    strip = window._top.safe
    assert strip.isVisible()
    assert strip.wide() <= strip.width()


@pytest.mark.parametrize("place", Place)
def test_who_has_brought_nothing_yet_is_told_of_nothing_safe(place: Place) -> None:
    assert not is_safe(replace(VISIT, bottles=0), place)
    assert not is_safe(replace(VISIT, visit_number=None), place)


def test_whose_only_bottle_was_not_counted_is_told_the_number_and_of_no_sum_of_nothing(qtbot: QtBot) -> None:
    person = somebody(FakeClock(), PANELS["across"])
    qtbot.addWidget(person.window)
    person.sees(next(shot.view for shot in visitor_shots() if shot.name == "parting-uncounted-alone"))
    assert person.reads("0417")
    assert not person.reads("0,00")


LAST_PAGES = [shot for shot in visitor_shots() if shot.view.kept_until is not None and not shot.view.demonstration]


def printed_on_paper(shot: Shot) -> bool:
    """Then the paper says until when, and that it is to be taken is worth more."""
    return shot.view.printing is Printing.DONE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bigger", [False, True], ids=["normal", "bigger"])
@pytest.mark.parametrize("panel", [*PANELS, "narrow"])
def test_the_last_page_says_until_when_whatever_else_it_has_to_say(qtbot: QtBot, panel: str, bigger: bool, language: str) -> None:
    register()
    window, words = window_for(PANELS.get(panel, Panel(1080, 1920, 13.3))), words_of(language)
    qtbot.addWidget(window)
    window.show()
    for shot in LAST_PAGES:
        take(window, shot, Manner(language, bigger=bigger))
        page = window.page
        assert isinstance(page, Parting)
        assert page.until.isVisible() or (printed_on_paper(shot) and page.printed.isVisible()), shot.name
        assert shot.view.kept_until is not None
        assert page.until.text() == words.text("parting.until", date=words.day(shot.view.kept_until, short=window.theme.compact)), shot.name
        assert page.fits(), shot.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_upright_the_number_of_the_last_page_is_as_high_as_may_be(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    window = window_for(PANELS["upright"])
    qtbot.addWidget(window)
    window.show()
    for shot in visitor_shots():
        if shot.view.screen is Screen.PARTING:
            take(window, shot, Manner(language))
            (number,) = (written for written in look_at(window, monkeypatch).written if written.words == shot.view.visit_number)
            assert number.ink.height() / window.theme.px_per_mm >= 0.95 * DIGITS_MM, shot.name
