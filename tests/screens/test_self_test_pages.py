"""The self-test's pages under a finger and under keys: what is done at the glass, what is asked of the session by it, and STOP wherever something may move."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from config.clock import Instant
from kiosk.console.events import ConsoleEvent
from kiosk.console.roles import MAY, Deed, Role
from kiosk.console.states import Agent
from kiosk.console.technician.events import (
    GroupPicked,
    HandsReady,
    SelfTestAsked,
    SkipAsked,
    SkippedFor,
    StepPicked,
    StopPressed,
    TaskDone,
    TurnTaken,
)
from kiosk.console.technician.told import AtTest, Stage
from kiosk.console.view import StaffView, WorkView
from kiosk.screens.parts.button import Button
from kiosk.screens.staff.gallery import FINE
from kiosk.screens.staff.technician.fields import COLOURS
from kiosk.screens.staff.technician.gallery import ALL, GATE, PLAN, SOFAR
from kiosk.screens.staff.technician.self_test import SelfTest
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.selftest.devices import Judged, Key, KeysPressed, PointsTouched, Scanned, Task
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import Group
from kiosk.selftest.telling import SkipWhy
from kiosk.words.catalogue import Words


class HandClock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def now(self) -> Instant:
        raise NotImplementedError

    def monotonic(self) -> float:
        return self.now_s


class Stand:
    """A technician's window, and what was asked of the session."""

    def __init__(self, qtbot: QtBot, panel: Panel) -> None:
        register()
        self.asked: list[ConsoleEvent] = []
        self.clock = HandClock()
        self.window = StaffWindow(None, panel, {"fr": Words()}, self._hear, self.clock)
        qtbot.addWidget(self.window)
        self.window.show()

    def _hear(self, event: ConsoleEvent) -> None:
        if type(event).__name__ != "AtTheGlass":
            self.asked.append(event)

    def shows(self, testing: AtTest) -> SelfTest:
        role = Role.TECHNICIAN
        deeds = tuple(deed for deed in Deed if deed in MAY[role])
        work = WorkView(Agent("101", role), Deed.SELF_TEST, deeds, fresh=False, testing=testing)
        self.window.show_view(StaffView(work, replace(FINE, parked=True), 60.0))
        page = self.window.page
        assert isinstance(page, SelfTest)
        self.asked.clear()
        return page

    def button(self, name: str) -> Button:
        (found,) = [button for button in self.window.findChildren(Button) if button.objectName() == name and button.isVisible()]
        return found

    def touches(self, name: str) -> ConsoleEvent | None:
        self.asked.clear()
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)
        return self.asked[-1] if self.asked else None

    def presses(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)


@pytest.fixture(params=[Panel(1080, 1920, 15.6), Panel(1280, 800, 10.1)], ids=["upright", "across"])
def stand(request: pytest.FixtureRequest, qtbot: QtBot) -> Stand:
    return Stand(qtbot, request.param)


AT_WORK = AtTest(Stage.AT_WORK, PLAN, SOFAR, step="gate")


def task(which: Task, step: str) -> AtTest:
    return replace(AT_WORK, step=step, task=which, code="482019337105")


def test_nine_circles_from_edge_to_edge_are_touched_and_the_session_hears_how_far_off(stand: Stand) -> None:
    page = stand.shows(task(Task.TOUCH, "screen_touch"))
    assert stand.touches("begin") is None
    field = page.tasks.circles
    assert field.isVisible()
    assert field.size() == stand.window.size()
    off = QPoint(round(3 * field.theme.px_per_mm), 0)
    for place, middle in enumerate(field.middles()):
        QTest.mousePress(field, Qt.MouseButton.LeftButton, pos=middle.toPoint() + (off if place == 4 else QPoint()))
    assert isinstance(told := stand.asked[-1], TaskDone)
    assert isinstance(told.answer, PointsTouched)
    assert told.answer.off_mm[4] == pytest.approx(3.0, abs=0.3)
    assert all(one is not None and one < 0.3 for place, one in enumerate(told.answer.off_mm) if place != 4)
    assert not field.isVisible()


def test_a_circle_that_does_not_answer_ends_the_circles_by_itself(stand: Stand) -> None:
    page = stand.shows(task(Task.TOUCH, "screen_touch"))
    stand.touches("begin")
    field = page.tasks.circles
    for middle in field.middles()[:8]:
        QTest.mousePress(field, Qt.MouseButton.LeftButton, pos=middle.toPoint())
    stand.clock.now_s += 19
    stand.window.tick()
    assert field.isVisible()
    stand.clock.now_s += 21
    stand.window.tick()
    assert isinstance(told := stand.asked[-1], TaskDone)
    assert isinstance(told.answer, PointsTouched)
    assert [one is None for one in told.answer.off_mm] == [False] * 8 + [True]


def test_all_colours_are_seen_before_anybody_says_that_they_are_faultless(stand: Stand) -> None:
    page = stand.shows(task(Task.COLOURS, "screen_colours"))
    assert not stand.button("good").isEnabled()
    stand.touches("begin")
    for _ in COLOURS:
        assert page.tasks.colours.isVisible()
        QTest.mousePress(page.tasks.colours, Qt.MouseButton.LeftButton)
    assert not page.tasks.colours.isVisible()
    assert stand.touches("good") == TaskDone(Task.COLOURS, Judged(good=True))
    assert stand.touches("bad") == TaskDone(Task.COLOURS, Judged(good=False))


def test_each_of_the_four_keys_is_heard_and_leads_nowhere_meanwhile(stand: Stand) -> None:
    stand.shows(task(Task.KEYS, "screen_keys"))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return):
        stand.presses(key)
    assert stand.asked == []
    stand.presses(Qt.Key.Key_F1)
    assert stand.asked == [TaskDone(Task.KEYS, KeysPressed(frozenset(Key)))]
    stand.shows(AT_WORK)
    stand.shows(task(Task.KEYS, "screen_keys"))
    stand.presses(Qt.Key.Key_Left)
    assert stand.touches("bad") == TaskDone(Task.KEYS, KeysPressed(frozenset({Key.PREVIOUS})))


@pytest.mark.parametrize("typed", ["482019337105", '\'_é&""è&à('])
def test_what_a_scanner_of_either_layout_types_is_heard_with_its_return(stand: Stand, typed: str) -> None:
    stand.shows(task(Task.SCANNER, "scanner"))
    for letter in typed:
        stand.window.page.types(letter)
    stand.presses(Qt.Key.Key_Return)
    assert isinstance(told := stand.asked[-1], TaskDone)
    assert isinstance(told.answer, Scanned)
    assert told.answer.text.isdigit()
    assert stand.touches("bad") == TaskDone(Task.SCANNER, Scanned(""))


def test_stop_is_the_largest_thing_on_every_page_on_which_something_may_move(stand: Stand) -> None:
    for testing in (AT_WORK, replace(AT_WORK, chore=Chore.HOLD_BLOCK), replace(AT_WORK, results=(*SOFAR, GATE), failed=True)):
        stand.shows(testing)
        stop = stand.button("stop")
        others = [button for button in stand.window.page.findChildren(Button) if button.isVisible() and button is not stop]
        assert all(stop.width() * stop.height() > button.width() * button.height() for button in others)
        assert stand.touches("stop") == StopPressed()
    page = stand.shows(AtTest(Stage.LISTED, PLAN, ALL))
    assert not page.stop.isVisible()


def test_what_hands_do_is_told_by_a_touch_or_by_return_and_is_skipped_only_for_a_reason(stand: Stand) -> None:
    chore = replace(AT_WORK, step="door_opened", chore=Chore.OPEN_DOOR)
    stand.shows(chore)
    assert stand.touches("ready") == HandsReady()
    stand.shows(chore)
    stand.presses(Qt.Key.Key_Return)
    assert stand.asked == [HandsReady()]
    assert stand.touches("skip") == SkipAsked(skip=True)
    stand.shows(replace(chore, skipping=True))
    assert stand.touches("why.no_tool") == SkippedFor(SkipWhy.NO_TOOL)
    assert stand.touches("back") == SkipAsked(skip=False)


def test_a_failure_says_part_cause_and_what_to_check_first_and_is_done_again_or_left(stand: Stand) -> None:
    page = stand.shows(replace(AT_WORK, results=(*SOFAR, GATE), failed=True))
    told = page.lines.text() + page.beside.text()
    words = Words()
    for key in ("selftest.part.gate", "selftest.causes.gate", "selftest.first.gate"):
        assert words.text(key) in told
    assert stand.touches("again") == TurnTaken(again=True)
    assert stand.touches("on") == TurnTaken(again=False)


def test_the_list_leads_to_a_group_its_steps_and_one_of_them_alone(stand: Stand) -> None:
    listed = AtTest(Stage.LISTED, PLAN, ALL)
    asks: tuple[tuple[AtTest, str, ConsoleEvent], ...] = (
        (listed, "group.actuators", GroupPicked(Group.ACTUATORS)),
        (listed, "all", SelfTestAsked(anew=True)),
        (listed, "unpassed", SelfTestAsked(unpassed=True)),
        (replace(listed, results=SOFAR), "left", SelfTestAsked()),
        (replace(listed, group=Group.ACTUATORS), "step.gate", StepPicked("gate")),
        (replace(listed, group=Group.ACTUATORS, opened="gate"), "again", SelfTestAsked(step="gate")),
    )
    for testing, name, event in asks:
        stand.shows(testing)
        assert stand.touches(name) == event


def test_what_lies_over_the_glass_goes_with_its_technician(stand: Stand) -> None:
    page = stand.shows(task(Task.COLOURS, "screen_colours"))
    stand.touches("begin")
    gone: Callable[[], bool] = page.tasks.colours.isVisible
    stand.window.show_view(None)
    assert not gone()
