"""Touches that nobody meant, as a touchscreen sends them: several fingers, a palm, a finger that is down while the page under it goes.

And screens that nobody meant: a diagonal that is wrong leaves every button where a finger finds it.
"""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents
from kiosk.deposit.events import Touch
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import TAKEN, VISIT, VOUCHER, visitor_shots
from kiosk.screens.parts.button import Button
from kiosk.screens.studio import take, window_for
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.feeding import Feeding
from kiosk.screens.visitor.glass import RESTS_S
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Place
from kiosk.screens.visitor.touches import APART_S
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.reading import LANGUAGES
from people.person import Person, somebody
from timing import FakeClock

CHOOSE = replace(VISIT, screen=Screen.CHOOSE)
SHOWING = ViewState(Screen.VOUCHER, visit_number="0417", voucher=VOUCHER, ends_in_s=60.0)


class Hand:
    """On the touchscreen, with fingers that are numbered as they come."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._touchscreen = QTest.createTouchDevice()
        self._down: dict[int, QPoint] = {}
        self._next = 0
        self.rests()

    def rests(self) -> None:
        """As long as people do between two things."""
        self._person.clock.advance(2 * APART_S)

    def press(self, *spots: QPoint) -> None:
        """So many fingers come at once, beside those that are down."""
        event = self._event(self._down)
        for spot in spots:
            event.press(self._next, spot, self._person.window.windowHandle())
            self._down[self._next] = spot
            self._next += 1
        event.commit()

    def slides_to(self, spot: QPoint) -> None:
        """The one finger that is down."""
        (finger,) = self._down
        self._down[finger] = spot
        self._event(()).move(finger, spot, self._person.window.windowHandle()).commit()

    def release(self, *fingers: int) -> None:
        """Those, or all that are down, from where they are."""
        going = fingers or tuple(self._down)
        event = self._event(self._down.keys() - set(going))
        for finger in going:
            event.release(finger, self._down.pop(finger), self._person.window.windowHandle())
        event.commit()

    def release_last(self) -> None:
        self.release(max(self._down))

    def is_taken_back(self) -> None:
        """As when the compositor makes a gesture of it."""
        QApplication.sendEvent(self._person.window.windowHandle(), QTouchEvent(QEvent.Type.TouchCancel, self._touchscreen))

    def _event(self, still: Iterable[int]) -> QTest.QTouchEventSequence:
        event = QTest.touchEvent(self._person.window.windowHandle(), self._touchscreen)
        for finger in still:
            event.stationary(finger)
        return event


@pytest.fixture
def person(qtbot: QtBot, clock: FakeClock) -> Person:
    there = somebody(clock)
    qtbot.addWidget(there.window)
    return there


@pytest.fixture
def hand(person: Person) -> Hand:
    return Hand(person)


def middle(person: Person, name: str) -> QPoint:
    button = person.button(name)
    return button.mapTo(person.window, button.rect().center())


def beside(person: Person, name: str) -> QPoint:
    """Another spot of the same button."""
    return middle(person, name) + QPoint(person.button(name).width() // 4, 0)


def test_two_fingers_on_one_button_are_one_touch(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(middle(person, "keep"), beside(person, "keep"))
    hand.release()
    assert person.heard == [Touch.KEEP]


@pytest.mark.parametrize(("first", "heard"), [(0, Touch.KEEP), (1, Touch.GIVE)])
def test_of_two_fingers_on_two_buttons_the_one_that_lifts_first_is_heard_and_the_other_never(
    person: Person, hand: Hand, first: int, heard: Touch
) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(middle(person, "keep"))
    hand.press(middle(person, "give"))
    hand.release(first)
    hand.rests()
    hand.release()
    assert person.heard == [heard]


BESIDE = QPoint(540, 700)


@pytest.mark.parametrize("where", ["beside", "keep", "give", "help"])
def test_a_finger_is_heard_whatever_rests_elsewhere_or_on_the_very_button(person: Person, hand: Hand, where: str) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(BESIDE if where == "beside" else middle(person, where))
    for _ in range(5):
        person.waits(60.0)
        hand.press(beside(person, "keep"))
        hand.release_last()
    assert person.heard == [Touch.KEEP] * 5
    hand.rests()
    hand.release()
    assert person.heard == [Touch.KEEP] * 5


def test_a_finger_is_heard_on_each_page_under_a_drop_that_was_there_before_all_of_them(person: Person, hand: Hand) -> None:
    hand.press(BESIDE)
    person.waits(60.0)
    for view, name, touch in ((VISIT, "finish", Touch.FINISH), (CHOOSE, "keep", Touch.KEEP), (SHOWING, "done", Touch.DONE)):
        person.sees(view)
        hand.rests()
        hand.press(middle(person, name))
        hand.release_last()
        assert person.heard[-1:] == [touch]
    hand.rests()
    hand.release()
    assert person.heard == [Touch.FINISH, Touch.KEEP, Touch.DONE]


def test_a_finger_is_heard_beside_nine_points_that_rest(person: Person, hand: Hand) -> None:
    """Ten are what panels report at most."""
    person.sees(CHOOSE)
    hand.rests()
    hand.press(*(BESIDE + QPoint(20 * number, 0) for number in range(9)))
    person.waits(60.0)
    hand.press(middle(person, "give"))
    hand.release_last()
    assert person.heard == [Touch.GIVE]


def test_what_rested_on_a_button_for_seconds_taps_nothing_when_it_leaves(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(middle(person, "keep"))
    person.waits(RESTS_S)
    hand.release()
    assert person.heard == []


def test_a_slow_finger_is_heard(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(middle(person, "keep"))
    person.waits(2.0)
    hand.release()
    assert person.heard == [Touch.KEEP]


def test_a_button_rises_again_under_what_rests_on_it(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(middle(person, "keep"))
    assert person.button("keep").isDown()
    person.waits(RESTS_S)
    assert not person.button("keep").isDown()


def test_what_came_before_the_page_taps_nothing_on_it_though_the_button_stayed(person: Person, hand: Hand) -> None:
    """Languages and tools stand on every page."""
    person.sees(VISIT)
    hand.rests()
    hand.press(middle(person, "help"))
    person.sees(CHOOSE)
    hand.rests()
    hand.release()
    assert person.place() is Place.CHOOSE


@pytest.mark.parametrize("apart_s", [0.02, 0.1, 0.3])
def test_a_drop_that_comes_and_goes_on_a_button_is_one_touch_and_hides_none(person: Person, hand: Hand, apart_s: float) -> None:
    person.sees(CHOOSE)
    hand.rests()
    for _ in range(round(5.0 / apart_s)):
        hand.press(middle(person, "contrast"))
        person.waits(apart_s)
        hand.release()
    assert person.window.manner.contrast
    hand.press(middle(person, "keep"))
    hand.release()
    assert person.heard == [Touch.KEEP]


def test_a_drop_that_comes_and_goes_does_not_keep_the_last_visitors_language(person: Person, hand: Hand) -> None:
    person.touch("language.ar")
    hand.rests()
    for _ in range(250):
        hand.press(middle(person, "language.ar"))
        hand.release()
        person.waits(0.3)
    assert person.window.manner.language == "fr"


def test_a_touch_beside_every_button_of_the_first_page_begins_and_what_rested_there_does_not(person: Person, hand: Hand) -> None:
    hand.press(BESIDE)
    person.waits(RESTS_S)
    hand.release()
    assert person.place() is Place.ATTRACT
    hand.press(BESIDE)
    hand.release()
    assert person.place() is Place.BEGUN


def test_a_touch_that_the_system_takes_back_is_none(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(middle(person, "keep"))
    hand.is_taken_back()
    hand.release()
    assert person.heard == []


def test_after_two_fingers_one_is_a_touch_again(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(middle(person, "keep"), middle(person, "give"))
    hand.release()
    before = list(person.heard)
    hand.rests()
    hand.press(middle(person, "add_more"))
    hand.release()
    assert person.heard == [*before, Touch.ADD_MORE]


def test_a_palm_on_the_first_page_begins_at_most_and_asks_nothing_of_the_machine(person: Person, hand: Hand) -> None:
    hand.press(*(middle(person, name) for name in ("begin", "contrast", "help", "language.ar")), QPoint(5, 5))
    hand.release()
    assert person.heard == []
    assert person.place() in (Place.ATTRACT, Place.BEGUN, Place.HELP)


def test_a_finger_that_is_down_while_its_page_goes_does_nothing_on_the_next(person: Person, hand: Hand) -> None:
    person.sees(VISIT)
    hand.rests()
    hand.press(middle(person, "finish"))
    person.sees(CHOOSE)
    hand.rests()
    hand.release()
    assert person.heard == []
    hand.press(middle(person, "keep"))
    hand.release()
    assert person.heard == [Touch.KEEP]


def test_a_finger_that_is_down_while_the_language_changes_does_not_end_the_kiosk(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    hand.rests()
    hand.press(middle(person, "keep"))
    person.touch_at_once("language.ar")
    hand.rests()
    hand.release()
    assert person.window.manner.language == "ar"
    assert person.heard == []
    hand.press(middle(person, "give"))
    hand.release()
    assert person.heard == [Touch.GIVE]


def test_a_finger_that_slides_off_leaves_the_ring_round_what_ok_presses(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    person.choose("give")
    hand.rests()
    hand.press(middle(person, "keep"))
    hand.slides_to(QPoint(5, 5))
    hand.release()
    assert person.chosen == "give"
    hand.rests()
    person.press_at_once(Qt.Key.Key_Return)
    assert person.heard == [Touch.GIVE]


def test_a_key_pressed_while_a_finger_is_down_and_the_finger_itself_are_one_touch(person: Person, hand: Hand) -> None:
    person.sees(CHOOSE)
    person.choose("give")
    hand.rests()
    hand.press(middle(person, "keep"))
    person.press_at_once(Qt.Key.Key_Return)
    hand.release()
    assert person.heard == [Touch.GIVE]


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "fr"])
def test_a_language_changed_in_mid_movement_shows_all_of_it_at_once(person: Person, language: str) -> None:
    after = replace(VISIT, bottles=8, cents=Cents(160), item=TAKEN)
    person.sees(VISIT, after)
    page = person.window.page
    assert isinstance(page, Feeding)
    assert page.total.moving
    person.touch(f"language.{language}")
    there = person.words()
    page = person.window.page
    assert isinstance(page, Feeding)
    assert not page.total.moving
    person.window.pose(after, Manner(language), person.window._open)
    assert person.words() == there


WRONG_DIAGONALS = [
    Panel(1080, 1920, 10.0),
    Panel(1080, 1920, 21.5),
    Panel(1080, 1920, 100.0),
    Panel(1280, 800, 15.6),
    Panel(1280, 800, 100.0),
]


SHOTS = {shot.name: shot for shot in visitor_shots()}
FULLEST = ("refused-twice-unreadable", "choose-visit_limit", "voucher-closing", "out-jam-visit")

ON_WRONG_DIAGONALS = pytest.mark.parametrize(
    "panel", WRONG_DIAGONALS, ids=[f"{panel.width_px}x{panel.height_px}-{panel.diagonal_in:g}in" for panel in WRONG_DIAGONALS]
)


@ON_WRONG_DIAGONALS
def test_with_a_wrong_diagonal_every_button_is_on_the_glass_and_nothing_lies_on_it(qtbot: QtBot, panel: Panel) -> None:
    assert out_of_reach(qtbot, panel, FULLEST) == {}


@pytest.mark.long
@pytest.mark.parametrize("panel", [Panel(1080, 1920, 10.0), Panel(1280, 800, 15.6)], ids=["far too small", "far too large"])
def test_with_a_wrong_diagonal_the_same_holds_of_every_screen(qtbot: QtBot, panel: Panel) -> None:
    assert out_of_reach(qtbot, panel, SHOTS) == {}


def out_of_reach(qtbot: QtBot, panel: Panel, shots: Iterable[str]) -> dict[str, list[str]]:
    """The buttons of each screen that no finger finds."""
    register()
    window = window_for(panel)
    qtbot.addWidget(window)
    window.show()
    wrong = {}
    for name in shots:
        take(window, SHOTS[name], Manner("fr"))
        wrong[name] = [button.objectName() for button in window.stops() if not can_be_touched(window, button)]
    return {name: names for name, names in wrong.items() if names}


def can_be_touched(window: VisitorWindow, button: Button) -> bool:
    whole = window.rect().contains(button.rect().translated(button.mapTo(window, QPoint())))
    return whole and window.childAt(button.mapTo(window, button.rect().center())) is button
