"""The visitor's window by touch: what counts as a touch, what it leads to, what is open on top, and when all is as for nobody again."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents, Material, Reason
from kiosk.deposit.events import Touch
from kiosk.deposit.halts import BudgetSpent, HallClosed, Halt
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import NOBODY, OBSTACLES, OPENS, TAKEN, VISIT, VOUCHER
from kiosk.screens.style.theme import Panel
from kiosk.screens.visitor.feeding import Feeding
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Place
from kiosk.screens.visitor.touches import APART_S
from kiosk.screens.visitor.window import FORGET_S
from people.person import Person, somebody
from timing import FakeClock

SHOWING = ViewState(Screen.VOUCHER, visit_number="0417", voucher=VOUCHER, ends_in_s=60.0, may_stay=True)
NOTED = replace(
    VISIT, screen=Screen.PARTING, kept_until=VOUCHER.valid_until, may_see=True, seen=True, may_go_on=True, ends_in_s=10.0, may_stay=True
)
MOMENT = ViewState(Screen.ONE_MOMENT)


@pytest.fixture
def person(qtbot: QtBot, clock: FakeClock) -> Person:
    there = somebody(clock)
    qtbot.addWidget(there.window)
    return there


def test_a_bottle_put_in_on_the_first_page_leads_to_the_second_without_a_touch(person: Person) -> None:
    assert person.place() is Place.ATTRACT
    person.sees(replace(VISIT, screen=Screen.CHECKING, bottles=0, cents=Cents(0)))
    assert person.place() is Place.FEEDING
    assert person.heard == []


def test_a_touch_beside_every_button_begins_and_back_before_the_first_bottle_asks_nothing_of_the_machine(person: Person) -> None:
    person.clock.advance(2 * APART_S)
    QTest.mouseClick(person.window.page, Qt.MouseButton.LeftButton, pos=QPoint(person.window.page.width() // 2, 4))
    assert person.place() is Place.BEGUN
    person.touch("home")
    assert person.place() is Place.ATTRACT
    assert person.heard == []


@pytest.mark.parametrize(
    ("view", "name", "touch"),
    [
        (VISIT, "finish", Touch.FINISH),
        (replace(VISIT, screen=Screen.CHECKING), "finish", Touch.FINISH),
        (replace(VISIT, screen=Screen.CHOOSE), "keep", Touch.KEEP),
        (replace(VISIT, screen=Screen.CHOOSE), "give", Touch.GIVE),
        (replace(VISIT, screen=Screen.CHOOSE), "add_more", Touch.ADD_MORE),
        (replace(VISIT, screen=Screen.GIFT), "confirm_gift", Touch.CONFIRM_GIFT),
        (replace(VISIT, screen=Screen.GIFT), "cancel_gift", Touch.CANCEL_GIFT),
        (SHOWING, "done", Touch.DONE),
        (NOTED, "again", Touch.AGAIN),
        (NOTED, "voucher", Touch.VOUCHER),
        (replace(VISIT, screen=Screen.STILL_HERE, ends_in_s=30.0, may_stay=True), "alive", Touch.ALIVE),
        (replace(VISIT, screen=Screen.STILL_HERE, ends_in_s=30.0), "finish", Touch.FINISH),
        (replace(VISIT, resumed=True), "finish", Touch.FINISH),
        (ViewState(Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.LEFT_BEHIND]), "take_out", Touch.TAKE_OUT),
        (replace(VISIT, screen=Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.JAM]), "keep", Touch.KEEP),
        (ViewState(Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.DAY_BUDGET], offers_without_money=True), "without_money", Touch.WITHOUT_MONEY),
    ],
)
def test_each_button_says_to_the_session_what_it_is_named_for(person: Person, view: ViewState, name: str, touch: Touch) -> None:
    person.sees(view)
    person.touch(name)
    assert person.heard == [touch]


def test_a_machine_without_a_date_does_not_promise_tomorrow(person: Person) -> None:
    person.sees(ViewState(Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.DAY_BUDGET]))
    assert person.reads("Revenez demain.")
    person.sees(ViewState(Screen.OUT_OF_ORDER, why=BudgetSpent(date_known=False), date_known=False))
    assert not person.reads("Revenez demain.")
    assert person.reads("La machine ignore la date. Revenez dans 24 heures.")


def test_a_stopped_machine_shows_a_code_for_the_desk_and_no_facts_unless_the_visitor_can_go_on(person: Person) -> None:
    person.sees(ViewState(Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.JAM]))
    assert person.reads("Pour l’accueil\u00a0: M4")
    assert not person.reads("clapet")
    person.sees(ViewState(Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.DAY_BUDGET], offers_without_money=True))
    assert not person.reads("Pour l’accueil")


def test_a_voucher_that_is_about_to_close_stays_for_whoever_asks(person: Person) -> None:
    person.sees(SHOWING)
    assert person.find("alive") is None
    person.waits(45.0)
    assert person.reads("Le bon reste valable. Fin dans 15\u00a0s.")
    assert person.reads("Prenez ce code en photo.")
    person.touch("alive")
    assert person.heard == [Touch.ALIVE]
    assert not person.reads("Fin dans")
    person.waits(29.0)
    assert person.find("alive") is None
    person.waits(2.0)
    assert person.find("alive") is not None


def test_a_key_is_a_sign_of_life_as_a_touch_is(person: Person) -> None:
    person.sees(SHOWING)
    person.waits(45.0)
    person.press(Qt.Key.Key_Right)
    assert person.heard == [Touch.ALIVE]
    assert not person.reads("Fin dans")


def test_a_countdown_begins_anew_when_something_else_stops_the_machine(person: Person) -> None:
    stopped = replace(VISIT, screen=Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.DOOR], ends_in_s=90.0, may_stay=True)
    person.sees(stopped)
    person.waits(80.0)
    assert person.reads("Votre argent est gardé. Fin dans 10\u00a0s.")
    person.sees(replace(stopped, why=OBSTACLES[Halt.INTAKE]))
    person.waits(1.0)
    assert not person.reads("Fin dans")


def test_a_hall_that_opens_begins_with_the_first_page_whatever_the_last_visitor_wanted(person: Person) -> None:
    person.sees(VISIT, SHOWING, NOTED)
    person.touch("again")
    person.sees(ViewState(Screen.OUT_OF_ORDER, why=HallClosed(OPENS)))
    person.waits(FORGET_S)
    person.sees(NOBODY)
    assert person.place() is Place.ATTRACT


def test_a_visit_without_money_never_speaks_of_money_that_is_kept(person: Person) -> None:
    unpaid = replace(VISIT, bottles=3, cents=Cents(0), without_money=True, possible=None)
    person.sees(replace(unpaid, item=replace(TAKEN, amount=Cents(0))))
    assert person.reads("Bouteille acceptée")
    for view in (
        replace(unpaid, screen=Screen.STILL_HERE, ends_in_s=30.0),
        replace(unpaid, screen=Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.JAM]),
    ):
        person.sees(view)
        assert not person.reads("argent est gardé")
        assert not person.reads("sans argent")
        assert person.find("keep") is None
        assert person.find("without_money") is None


def test_a_stopped_machine_says_when_the_sum_will_leave_the_screen(person: Person) -> None:
    person.sees(replace(VISIT, screen=Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.JAM], ends_in_s=90.0, may_stay=True))
    person.waits(45.0)
    assert person.reads("1,40")
    person.waits(30.0)
    assert person.reads("Votre argent est gardé. Fin dans 15\u00a0s.")


def test_of_a_double_tap_only_the_first_counts(person: Person) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.touch("keep")
    person.clock.advance(APART_S / 2)
    person.touch_at_once("keep")
    assert person.heard == [Touch.KEEP]


def test_a_double_tap_that_reaches_into_the_next_page_does_nothing_there(person: Person) -> None:
    person.sees(VISIT)
    person.touch("finish")
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.clock.advance(APART_S / 2)
    person.touch_at_once("add_more")
    assert person.heard == [Touch.FINISH]
    person.touch("add_more")
    assert person.heard == [Touch.FINISH, Touch.ADD_MORE]


def test_a_touch_that_was_meant_for_the_page_before_counts_nowhere(person: Person) -> None:
    person.sees(VISIT)
    person.clock.advance(2 * APART_S)
    person.sees(SHOWING)
    person.clock.advance(APART_S / 2)
    person.touch_at_once("done")
    assert Touch.DONE not in person.heard


def test_a_touch_counts_once_it_is_half_a_second_after_the_page_changed(person: Person) -> None:
    person.sees(SHOWING)
    person.clock.advance(APART_S)
    person.touch_at_once("done")
    assert person.heard == [Touch.DONE]


def test_a_finger_that_slides_off_changes_nothing(person: Person) -> None:
    person.sees(VISIT)
    person.clock.advance(2 * APART_S)
    finish = person.button("finish")
    QTest.mousePress(finish, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(finish, Qt.MouseButton.LeftButton, pos=QPoint(finish.width() + 50, -50))
    assert person.heard == []


def test_one_finger_on_the_glass_is_a_touch(person: Person, touchscreen: QPointingDevice) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.clock.advance(2 * APART_S)
    glass, spot = person.window.windowHandle(), middle_of(person, "keep")
    QTest.touchEvent(glass, touchscreen).press(0, spot, glass).commit()
    QTest.touchEvent(glass, touchscreen).release(0, spot, glass).commit()
    assert person.heard == [Touch.KEEP]


def test_two_fingers_on_two_buttons_are_one_touch_at_most(person: Person, touchscreen: QPointingDevice) -> None:
    person.sees(replace(VISIT, screen=Screen.CHOOSE))
    person.clock.advance(2 * APART_S)
    glass, one, other = person.window.windowHandle(), middle_of(person, "keep"), middle_of(person, "give")
    QTest.touchEvent(glass, touchscreen).press(0, one, glass).press(1, other, glass).commit()
    QTest.touchEvent(glass, touchscreen).release(0, one, glass).release(1, other, glass).commit()
    assert person.heard in ([], [Touch.KEEP], [Touch.GIVE])


def middle_of(person: Person, name: str) -> QPoint:
    button = person.button(name)
    return button.mapTo(person.window, button.rect().center())


@pytest.fixture
def touchscreen(qtbot: QtBot) -> QPointingDevice:
    return QTest.createTouchDevice()


def test_a_page_that_is_about_to_go_takes_no_touch(person: Person) -> None:
    person.sees(VISIT, replace(VISIT, screen=Screen.ONE_MOMENT))
    assert person.place() is Place.FEEDING
    person.touch("finish")
    assert person.heard == []


def test_a_pause_of_the_machine_has_a_page_only_if_it_lasts(person: Person) -> None:
    person.sees(VISIT, replace(VISIT, screen=Screen.ONE_MOMENT))
    person.waits(0.3)
    assert person.place() is Place.FEEDING
    person.waits(0.2)
    assert person.place() is Place.MOMENT


def test_language_and_look_change_on_every_page_at_once(person: Person) -> None:
    for view in (VISIT, SHOWING, replace(VISIT, screen=Screen.HAND), replace(VISIT, screen=Screen.OUT_OF_ORDER, why=OBSTACLES[Halt.DOOR])):
        person.sees(view)
        person.touch("language.en", "contrast")
        assert (person.window.manner.language, person.window.manner.contrast) == ("en", True)
        person.touch("language.fr", "contrast")
        assert person.window.manner == Manner("fr")


def test_a_language_changed_while_the_sum_counts_up_shows_the_whole_sum(person: Person) -> None:
    person.sees(VISIT, replace(VISIT, bottles=8, cents=Cents(160), item=TAKEN))
    page = person.window.page
    assert isinstance(page, Feeding)
    assert page.total.moving
    person.touch("language.en")
    page = person.window.page
    assert isinstance(page, Feeding)
    assert not page.total.moving
    assert page.total.text() == "Your total is €1.60 for 8 bottles."


def test_when_the_visit_is_over_all_is_as_for_nobody(person: Person) -> None:
    person.touch("language.ar", "contrast", "bigger")
    person.sees(VISIT, SHOWING, ViewState(Screen.THANKS, ends_in_s=5.0), MOMENT)
    assert person.window.manner == Manner("ar", bigger=True, contrast=True)
    person.sees(NOBODY)
    assert person.window.manner == Manner("fr")
    assert person.window.layoutDirection() is Qt.LayoutDirection.LeftToRight


def test_who_goes_on_with_another_voucher_keeps_language_and_look(person: Person) -> None:
    person.touch("language.en", "calm")
    person.sees(VISIT, SHOWING, NOTED)
    person.touch("again")
    person.sees(MOMENT, NOBODY)
    assert person.heard == [Touch.AGAIN]
    assert person.window.manner == Manner("en", calm=True)
    assert person.place() is Place.BEGUN


def test_a_language_chosen_by_somebody_who_left_is_forgotten_after_a_minute(person: Person) -> None:
    person.touch("language.en", "begin")
    person.waits(FORGET_S - 1)
    assert person.window.manner.language == "en"
    person.waits(1)
    assert person.window.manner == Manner("fr")
    assert person.place() is Place.ATTRACT


def test_a_first_page_that_nobody_touches_is_laid_out_no_more(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[float] = []
    monkeypatch.setattr(person.window, "_draw", lambda: drawn.append(person.clock.monotonic()))
    for _ in range(20):
        person.waits(FORGET_S)
    assert drawn == []


def test_nothing_is_forgotten_while_a_visit_is_under_way(person: Person) -> None:
    person.touch("language.en")
    person.sees(VISIT)
    person.waits(10 * FORGET_S)
    assert person.window.manner.language == "en"
    person.sees(SHOWING, ViewState(Screen.THANKS, ends_in_s=5.0))
    person.waits(1.0)
    assert person.reads("Goodbye")


def test_a_bottle_closes_what_was_open_to_read_and_its_hand_back_does_not(person: Person) -> None:
    can = replace(VISIT, item=LastItem(accepted=False, reason=Reason.CAN), refusals=1)
    person.sees(replace(can, screen=Screen.REFUSED))
    person.touch("help")
    person.sees(replace(can, screen=Screen.ONE_MOMENT), can)
    assert person.place() is Place.HELP
    person.sees(replace(VISIT, screen=Screen.CHECKING))
    assert person.place() is Place.FEEDING


def test_a_hand_in_the_gate_is_said_above_everything(person: Person) -> None:
    person.sees(VISIT)
    person.touch("help")
    person.sees(replace(VISIT, screen=Screen.HAND))
    assert person.place() is Place.HAND
    person.touch("help")
    assert person.place() is Place.HAND


def test_the_seconds_that_are_left_run_down_on_the_page(person: Person) -> None:
    person.sees(replace(VISIT, screen=Screen.STILL_HERE, ends_in_s=30.0))
    person.waits(12.0)
    assert person.reads("18 secondes")


def test_a_voucher_says_when_it_closes_before_it_does(person: Person) -> None:
    person.sees(SHOWING)
    assert not person.reads("Fin dans")
    person.waits(35.0)
    assert person.reads("Fin dans 25\u00a0s")


def test_a_visit_that_a_power_cut_interrupted_is_shown_once_and_goes_on(person: Person) -> None:
    person.sees(replace(VISIT, resumed=True))
    assert person.place() is Place.RESUMED
    assert person.reads("1,40")
    person.touch("resume")
    assert person.place() is Place.FEEDING
    assert person.heard == []


@pytest.mark.parametrize("screen", [screen for screen in Screen if screen not in {Screen.ATTRACT, Screen.THANKS, Screen.VOUCHER}])
def test_the_visit_number_stands_on_every_page_of_a_visit(person: Person, screen: Screen) -> None:
    person.sees(replace(VISIT, screen=screen, why=OBSTACLES[Halt.JAM], ends_in_s=9.0))
    person.waits(1.0)
    assert person.reads("0417")


@pytest.mark.parametrize("halt", [halt for halt in Halt if halt is not Halt.CLOSED])
def test_every_dead_end_shows_the_sum_and_lets_it_be_kept(person: Person, halt: Halt) -> None:
    person.sees(replace(VISIT, screen=Screen.OUT_OF_ORDER, why=OBSTACLES[halt]))
    assert person.reads("1,40")
    person.touch("keep")
    assert person.heard == [Touch.KEEP]


def test_a_closed_hall_says_when_it_opens(person: Person) -> None:
    person.sees(ViewState(Screen.OUT_OF_ORDER, why=HallClosed(OPENS)))
    assert person.reads("Elle ouvre mercredi 25 novembre 2026 à 8\u00a0h\u00a030.")
    person.touch("language.en")
    assert person.reads("It opens on Wednesday 25 November 2026 at 08:30.")


def test_how_many_are_still_possible_is_said_from_five_before_the_limit(person: Person) -> None:
    person.sees(replace(VISIT, possible=6))
    assert not person.reads("Encore")
    person.sees(replace(VISIT, possible=5))
    assert person.reads("Encore 5 bouteilles pour ce bon")


def test_when_the_day_has_less_than_a_visit_left_the_first_page_says_so(person: Person) -> None:
    assert not person.reads("possible")
    person.sees(replace(NOBODY, possible=29))
    assert person.reads("Encore 29 bouteilles possibles")


def test_a_full_bin_is_said_before_a_bottle_goes_in(person: Person) -> None:
    person.sees(replace(NOBODY, full=(Material.GLASS,)))
    assert person.reads("Le bac à verre est plein")


def test_a_demonstration_says_so_on_every_page(person: Person) -> None:
    for view in (NOBODY, VISIT, SHOWING):
        person.sees(replace(view, demonstration=True))
        assert person.reads("DÉMO")


@pytest.mark.parametrize("panel", [Panel(1080, 1920, 15.6), Panel(1280, 800, 10.1)], ids=["upright", "across"])
def test_a_window_that_changes_its_language_again_and_again_keeps_nothing_of_before(
    qtbot: QtBot, qapp: QApplication, clock: FakeClock, panel: Panel
) -> None:
    person = somebody(clock, panel)
    qtbot.addWidget(person.window)

    def parts() -> int:
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(person.window.findChildren(QObject))

    person.sees(VISIT)
    for language in ("en", "fr"):
        person.touch(f"language.{language}")
    before = parts()
    for language in ("en", "fr") * 3:
        person.touch(f"language.{language}")
    assert parts() == before
