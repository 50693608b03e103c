"""One countdown for whatever stands on the glass, and any touch or key is a sign of life that has it begin anew."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents
from kiosk.deposit.events import Touch
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import NOBODY, VISIT, VOUCHER, visitor_shots
from kiosk.screens.style.theme import Panel
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Open, Place
from people.person import Person, somebody
from timing import FakeClock

ENDING = {shot.name: shot.view for shot in visitor_shots() if shot.view.ends_in_s}
ONE_OF_EACH = tuple({(view.screen, view.halt): view for view in ENDING.values()}.values())
OVERLAYS = (None, Place.HELP, Place.SETTINGS, Place.LANGUAGES)
WAITS_FOR_VISITOR = {
    "bottles": VISIT,
    "choose": replace(VISIT, screen=Screen.CHOOSE),
    "gift": replace(VISIT, screen=Screen.GIFT),
    "parting": replace(VISIT, screen=Screen.PARTING, may_see=True, ends_in_s=30.0),
    "voucher": ViewState(Screen.VOUCHER, visit_number="0417", voucher=VOUCHER, ends_in_s=60.0),
}


@pytest.fixture
def person(qtbot: QtBot) -> Person:
    person = somebody(FakeClock())
    qtbot.addWidget(person.window)
    return person


@pytest.mark.parametrize("opened", OVERLAYS)
@pytest.mark.parametrize("name", ENDING)
def test_whatever_stands_on_the_glass_the_seconds_of_the_page_beneath_are_seen(person: Person, name: str, opened: Place | None) -> None:
    sees_the_seconds(person, ENDING[name], Manner("fr"), opened)


@pytest.mark.parametrize("opened", OVERLAYS)
@pytest.mark.parametrize(
    ("panel", "manner"),
    [
        (Panel(1280, 800, 10.1), Manner("en")),
        (Panel(1280, 800, 10.1), Manner("ar", bigger=True)),
        (Panel(1080, 1920, 13.3), Manner("fr", bigger=True, contrast=True)),
    ],
    ids=["low", "low-bigger", "narrow-bigger"],
)
def test_the_seconds_are_seen_on_other_panels_in_other_looks_too(qtbot: QtBot, panel: Panel, manner: Manner, opened: Place | None) -> None:
    person = somebody(FakeClock(), panel)
    qtbot.addWidget(person.window)
    for view in ONE_OF_EACH:
        person.heard.clear()
        person.sees(NOBODY)
        person.clock.advance(2.0)
        sees_the_seconds(person, view, manner, opened)


def sees_the_seconds(person: Person, view: ViewState, manner: Manner, opened: Place | None) -> None:
    """With 12 left, or from the start where it is shorter; and can say that they are there, where that is what is waited for."""
    lasts_s = view.ends_in_s or 0.0
    person.window.pose(view, manner, Open(overlay=opened))
    person.waits(max(0.0, lasts_s - 12.0))
    left = round(min(12.0, lasts_s))
    assert any(str(left) in text.split() or f"{left}\u00a0s" in text for text in person.words()), (view.screen, person.words())
    if person.find("alive") is None:
        # short of room for a button, the whole glass is one
        person.window._touched_beside(person.window.rect().center())
        assert person.heard == [Touch.ALIVE] * view.may_stay


def test_of_money_that_is_kept_nothing_is_said_to_whom_none_is(person: Person) -> None:
    """Not beside the seconds of whatever lies over the page either."""
    for shot in visitor_shots():
        if shot.view.ends_in_s and not shot.view.cents and shot.view.voucher is None:
            for opened in OVERLAYS:
                person.sees(NOBODY)
                person.window.pose(shot.view, Manner("fr"), Open(overlay=opened))
                person.waits(max(0.0, shot.view.ends_in_s - 12.0))
                assert not person.reads("argent est gardé"), (shot.name, opened)


@pytest.mark.parametrize(
    "panel", [Panel(1080, 1920, 15.6), Panel(1280, 800, 10.1), Panel(1080, 1920, 13.3)], ids=["upright", "low", "narrow"]
)
@pytest.mark.parametrize("name", ["choose", "choose-visit_limit"])
def test_who_says_nothing_is_told_in_large_text_too_that_the_voucher_comes(qtbot: QtBot, panel: Panel, name: str) -> None:
    person = somebody(FakeClock(), panel)
    qtbot.addWidget(person.window)
    person.window.pose(ENDING[name], Manner("fr", bigger=True), Open())
    person.waits(3.0)
    assert any("bon" in text.lower() and re.search(r"\b12\ss\b", text) for text in person.words()), person.words()


TOUCHES: dict[str, Callable[[Person], None]] = {
    "contrast": lambda person: person.touch("contrast"),
    "help": lambda person: person.touch("help"),
    "help by its key": lambda person: person.press(Qt.Key.Key_F1),
    "a language": lambda person: person.touch("language.en"),
    "a key": lambda person: person.press(Qt.Key.Key_Right),
    "beside every button": lambda person: person.window._touched_beside(person.window.rect().center()),
}


@pytest.mark.parametrize("touch", TOUCHES)
@pytest.mark.parametrize("name", WAITS_FOR_VISITOR)
def test_any_touch_is_told_to_the_session_once_a_second_at_most(person: Person, name: str, touch: str) -> None:
    person.sees(NOBODY, replace(WAITS_FOR_VISITOR[name], may_stay=True))
    person.waits(10.0)
    TOUCHES[touch](person)
    assert person.heard == [Touch.ALIVE]
    person.clock.advance(0.4)
    person.window._touched_beside(person.window.rect().center())
    assert person.heard == [Touch.ALIVE]
    person.clock.advance(0.7)
    person.window._touched_beside(person.window.rect().center())
    assert person.heard == [Touch.ALIVE, Touch.ALIVE]


def test_where_the_machine_is_waited_for_a_touch_prolongs_nothing(person: Person) -> None:
    person.sees(NOBODY, replace(VISIT, screen=Screen.CHECKING))
    person.touch("contrast")
    person.sees(ViewState(Screen.THANKS, gift=Cents(140), ends_in_s=5.0))
    person.touch("help")
    assert person.heard == []
    assert person.find("alive") is None


def test_help_over_the_question_whether_anybody_is_there_answers_it_and_stays_open(person: Person) -> None:
    person.sees(NOBODY, replace(VISIT, screen=Screen.STILL_HERE, ends_in_s=30.0, may_stay=True))
    person.touch("help")
    assert person.heard == [Touch.ALIVE]
    person.sees(replace(VISIT, may_stay=True))
    assert person.place() is Place.HELP


def test_a_page_that_is_about_to_close_over_help_says_so_and_stays_by_one_touch(person: Person) -> None:
    person.sees(NOBODY, replace(WAITS_FOR_VISITOR["voucher"], may_stay=True))
    person.touch("help")
    person.waits(48.0)
    assert person.reads("Fin dans 12\u00a0s.")
    person.touch("alive")
    assert person.place() is Place.HELP
    assert not person.reads("Fin dans")
    person.waits(29.0)
    assert not person.reads("Fin dans")


@pytest.mark.parametrize("name", ["voucher", "parting", "gift", "choose"])
def test_what_is_opened_shut_or_spoken_otherwise_in_the_last_second_has_the_wait_begin_anew(person: Person, name: str) -> None:
    lasts_s = WAITS_FOR_VISITOR[name].ends_in_s or 15.0
    person.sees(NOBODY, replace(WAITS_FOR_VISITOR[name], ends_in_s=lasts_s, may_stay=True))
    stood = person.place()
    deeds = (TOUCHES["help by its key"], TOUCHES["help by its key"], TOUCHES["a language"], TOUCHES["a key"])
    for number, deed in enumerate(deeds, start=1):
        person.waits(lasts_s - 1.0)
        deed(person)
        assert person.heard == [Touch.ALIVE] * number
        assert not any(re.search(r"(?<!\d)[01]\u00a0s", text) for text in person.words())
    assert person.place() is stood
    assert person.reads("0417")
