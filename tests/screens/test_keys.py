"""The visitor's window by four keys alone, and what it tells to those who do not see it."""

from dataclasses import replace
from enum import StrEnum

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from config.vocabulary import Reason
from kiosk.deposit.events import Touch
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import NOBODY, VISIT, VOUCHER, Shot, visitor_shots
from kiosk.screens.parts.button import Button
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Place
from kiosk.screens.visitor.touches import HANGS_S
from kiosk.words.reading import LANGUAGES
from people.person import Person, somebody
from timing import FakeClock

NEXT, PREVIOUS, OK, HELP = Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return, Qt.Key.Key_F1
SHOWING = ViewState(Screen.VOUCHER, visit_number="0417", voucher=VOUCHER, ends_in_s=60.0)


@pytest.fixture
def person(qtbot: QtBot, clock: FakeClock) -> Person:
    there = somebody(clock)
    qtbot.addWidget(there.window)
    return there


def test_a_whole_visit_goes_by_keys_alone(person: Person) -> None:
    person.press(NEXT, OK)
    assert person.place() is Place.BEGUN
    person.sees(VISIT)
    person.choose("finish")
    person.press(OK)
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.choose("give")
    person.press(OK)
    person.sees(replace(VISIT, screen=Screen.GIFT))
    person.choose("cancel_gift")
    person.press(OK)
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.choose("keep")
    person.press(OK)
    person.sees(SHOWING)
    person.choose("done")
    person.press(OK)
    assert person.heard == [Touch.FINISH, Touch.GIVE, Touch.CANCEL_GIFT, Touch.KEEP, Touch.DONE]


SHOTS = tuple(visitor_shots())
ONE_A_SCREEN = tuple({shot.view.screen: shot for shot in SHOTS}.values())


@pytest.mark.parametrize("language", ["fr", *(pytest.param(other, marks=pytest.mark.long) for other in LANGUAGES if other != "fr")])
def test_next_goes_through_all_that_can_be_touched_and_round_and_previous_back(person: Person, language: str) -> None:
    for shot in ONE_A_SCREEN:
        goes_round(person, language, shot)


@pytest.mark.long
def test_next_goes_round_in_every_picture_whatever_the_language(person: Person) -> None:
    for number, shot in enumerate(SHOTS):
        goes_round(person, tuple(LANGUAGES)[number % len(LANGUAGES)], shot)


def goes_round(person: Person, language: str, shot: Shot) -> None:
    person.window.pose(shot.view, Manner(language), shot.open)
    person.press(NEXT)
    names = [button.objectName() for button in person.window.stops()]
    there = []
    for _ in names:
        there.append(person.chosen)
        person.press(NEXT)
    assert person.chosen == there[0], shot.name
    assert sorted(there) == sorted(names), shot.name
    person.press(PREVIOUS)
    assert person.chosen == there[-1], shot.name


def test_the_first_key_only_shows_what_is_chosen(person: Person) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    assert person.chosen == ""
    person.press(OK)
    assert (person.chosen, person.heard) == ("keep", [])


def test_what_a_page_is_for_is_chosen_first(person: Person) -> None:
    person.press(NEXT)
    for view, name in (
        (NOBODY, "begin"),
        (VISIT, "finish"),
        (SHOWING, "done"),
        (replace(VISIT, screen=Screen.GIFT), "cancel_gift"),
        (replace(VISIT, screen=Screen.STILL_HERE, ends_in_s=30.0, may_stay=True), "alive"),
    ):
        person.sees(view)
        assert person.chosen == name


def test_the_ring_goes_away_when_a_finger_comes(person: Person) -> None:
    person.sees(VISIT)
    person.press(NEXT)
    assert person.chosen
    person.touch("contrast")
    assert person.chosen == ""


def test_the_ring_lies_round_what_is_chosen_and_can_be_seen(person: Person) -> None:
    person.sees(VISIT)
    person.press(NEXT)
    ring, button = person.window._ring, person.button(person.chosen)
    inner = button.mapTo(person.window, button.rect().topLeft())
    assert ring.isVisible()
    assert ring.geometry().contains(button.rect().translated(inner))
    image = person.window.grab().toImage()
    edge = ring.geometry()
    assert (
        image.pixelColor(edge.left() + person.window.theme.border // 2 + 3, edge.center().y()).name()
        == person.window.theme.palette.focus.lower()
    )


def key(person: Person, kind: QEvent.Type, which: Qt.Key, *, marked: bool) -> None:
    """As it comes from the system; ``marked``: known to be a repeat."""
    focused: QWidget | None = person.window.focusWidget()
    QApplication.sendEvent(
        person.window if focused is None else focused, QKeyEvent(kind, which, Qt.KeyboardModifier.NoModifier, "", marked)
    )


class Hanging(StrEnum):
    """How a key that is never let go looks."""

    MARKED = "presses marked as repeats"
    UNMARKED = "presses that look new"
    UP_AND_DOWN = "up and down in the same instant, as X says it"
    CHATTERS = "a contact that opens and closes"


def hangs(person: Person, which: Qt.Key, how: Hanging, seconds: float) -> None:
    """From now on, after the two thirds of a second that systems wait at first."""
    key(person, QEvent.Type.KeyPress, which, marked=False)
    if how is not Hanging.CHATTERS:
        person.clock.advance(0.66)
    for _ in range(round(seconds / 0.04)):
        if how in (Hanging.UP_AND_DOWN, Hanging.CHATTERS):
            key(person, QEvent.Type.KeyRelease, which, marked=False)
        if how is Hanging.CHATTERS:
            person.clock.advance(0.02)
        key(person, QEvent.Type.KeyPress, which, marked=how is Hanging.MARKED)
        person.clock.advance(0.02 if how is Hanging.CHATTERS else 0.04)


@pytest.mark.parametrize("how", Hanging)
def test_a_key_that_hangs_presses_once(person: Person, how: Hanging) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.press(NEXT)
    person.clock.advance(1.0)
    hangs(person, OK, how, 10.0)
    assert person.heard == [Touch.KEEP]


@pytest.mark.parametrize("how", Hanging)
def test_beside_a_key_that_hangs_the_others_do_what_they_always_do(person: Person, how: Hanging) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.clock.advance(1.0)
    hangs(person, NEXT, how, 10.0)
    assert person.chosen == "keep"
    person.press(OK)
    assert person.heard == [Touch.KEEP]
    person.press(HELP)
    assert person.place() is Place.HELP
    person.press(HELP)
    person.touch("give")
    assert person.heard[-1] is Touch.GIVE


def test_a_key_that_hangs_does_not_keep_the_last_visitors_language(person: Person) -> None:
    person.touch("language.ar")
    person.clock.advance(1.0)
    hangs(person, NEXT, Hanging.MARKED, 70.0)
    person.window.tick()
    assert person.window.manner.language == "fr"


def test_a_key_whose_release_got_lost_works_again(person: Person) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.press(NEXT)
    person.clock.advance(1.0)
    key(person, QEvent.Type.KeyPress, OK, marked=False)
    person.clock.advance(HANGS_S)
    key(person, QEvent.Type.KeyPress, OK, marked=False)
    assert person.heard == [Touch.KEEP, Touch.KEEP]


def test_a_tab_that_hangs_goes_on_by_one(person: Person) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.press(NEXT)
    for marked in (False, True, True, True):
        QTest.simulateEvent(person.window, True, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "\t", marked)
    assert person.chosen == "give"


def test_the_help_key_opens_help_and_closes_it_again(person: Person) -> None:
    person.sees(VISIT)
    person.press(HELP)
    assert person.place() is Place.HELP
    person.press(HELP)
    assert person.place() is Place.FEEDING


def test_tab_and_its_way_back_go_on_like_next_and_previous(person: Person) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.press(NEXT, Qt.Key.Key_Tab)
    assert person.chosen == "give"
    person.press(Qt.Key.Key_Backtab)
    assert person.chosen == "keep"


def test_after_another_language_was_chosen_by_key_the_ring_is_still_there(person: Person) -> None:
    person.sees(VISIT)
    person.choose("language.en")
    person.press(OK)
    assert person.window.manner.language == "en"
    assert person.chosen == "language.en"


def test_what_is_switched_off_under_the_ring_leaves_it_on_something_that_can_be_pressed(person: Person) -> None:
    person.sees(VISIT)
    person.choose("finish")
    person.press(OK)
    person.sees(replace(VISIT, screen=Screen.CHECKING, finishing=True))
    person.press(NEXT)
    assert person.chosen in [button.objectName() for button in person.window.stops()]


def told(person: Person) -> list[tuple[QAccessible.Role, str]]:
    """What a screen reader finds, in its order."""
    found: list[tuple[QAccessible.Role, str]] = []

    def walk(interface: QAccessibleInterface) -> None:
        if not interface.state().invisible:
            found.append((interface.role(), interface.text(QAccessible.Text.Name)))
            for number in range(interface.childCount()):
                walk(interface.child(number))

    walk(QAccessible.queryAccessibleInterface(person.window))
    return found


def test_what_is_seen_of_the_last_item_and_the_sum_is_told_too(person: Person) -> None:
    person.sees(replace(VISIT, item=LastItem(accepted=False, reason=Reason.NOT_EMPTY)))
    names = [name for _, name in told(person)]
    assert {"Videz la bouteille", "Elle est trop lourde pour une bouteille vide.", "Remettez-la quand elle est vide."} <= set(names)
    person.sees(VISIT)
    assert any("Votre total est de un euro quarante" in name for _, name in told(person))


def test_it_is_told_in_the_order_in_which_it_is_read(person: Person) -> None:
    person.sees(VISIT)
    names = [name for _, name in told(person)]
    order = ("Français", "Mettez vos bouteilles", "Votre total est de", "Terminer", "Aide")
    at = [next(number for number, name in enumerate(names) if name.startswith(begin)) for begin in order]
    assert at == sorted(at)


def test_an_option_that_is_on_says_so(person: Person) -> None:
    person.touch("contrast")
    assert QAccessible.queryAccessibleInterface(person.button("contrast")).state().checked
    assert not QAccessible.queryAccessibleInterface(person.button("calm")).state().checked


def test_nothing_but_buttons_takes_the_focus(person: Person) -> None:
    person.sees(VISIT)
    focusable = [widget for widget in person.window.findChildren(QWidget) if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus]
    assert [widget for widget in focusable if not isinstance(widget, Button)] == []
