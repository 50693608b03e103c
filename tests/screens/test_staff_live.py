"""The live page's buttons: a part is touched for as long as the finger stays, and let go of by whatever takes the finger or the page away."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drivers.intake.bus import Motion
from kiosk.console.events import ConsoleEvent
from kiosk.console.live.vocabulary import GoOnAsked, Lamp, LetGoAsked, StopAsked, TouchAsked
from kiosk.console.view import WorkView
from kiosk.screens.gallery import StillClock
from kiosk.screens.parts.button import Button
from kiosk.screens.staff.gallery import staff_shots
from kiosk.screens.staff.live import Live
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.style.typefaces import register
from kiosk.words.catalogue import Words
from people.person import PANEL

SHOTS = {shot.name: shot.view for shot in staff_shots() if shot.name.startswith(("staff-live", "staff-today"))}


class Page:
    def __init__(self, qtbot: QtBot) -> None:
        register()
        self.asked: list[ConsoleEvent] = []
        self.window = StaffWindow(None, PANEL, {"fr": Words("fr"), "en": Words("en")}, self.asked.append, StillClock())
        qtbot.addWidget(self.window)
        self.window.show()
        self.stands("staff-live")

    def stands(self, name: str) -> None:
        self.window.show_view(SHOTS[name])

    def button(self, name: str) -> Button:
        found = self.window.page.findChild(Button, name)
        assert found is not None
        return found

    def presses(self, name: str) -> None:
        QTest.mousePress(self.button(name), Qt.MouseButton.LeftButton)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot)


def test_a_touch_is_said_again_and_again_under_one_press_until_the_finger_leaves(page: Page, qtbot: QtBot) -> None:
    page.presses("move.gate_open")
    qtbot.waitUntil(lambda: len(page.asked) >= 3)
    assert set(map(repr, page.asked)) == {repr(TouchAsked(Motion.GATE_OPEN, 1))}
    QTest.mouseRelease(page.button("move.gate_open"), Qt.MouseButton.LeftButton)
    assert page.asked[-1] == LetGoAsked()
    page.asked.clear()
    page.presses("move.dark")
    assert page.asked == [TouchAsked(Lamp.DARK, 2)]


def test_a_finger_that_slides_off_lets_go(page: Page) -> None:
    page.presses("move.sorter_1")
    QTest.mouseMove(page.button("move.sorter_1"), QPoint(-50, -50))
    assert page.asked[-1] == LetGoAsked()


@pytest.mark.parametrize("name", ["staff-today", "staff-live-lost", "staff-live-stopped"])
def test_what_takes_the_page_or_the_machine_away_lets_go(page: Page, name: str) -> None:
    page.presses("move.flap_open")
    page.stands(name)
    assert page.asked[-1] == LetGoAsked()


def test_the_stop_acts_when_it_is_touched_and_not_when_it_is_left(page: Page) -> None:
    page.presses("stop")
    assert page.asked == [StopAsked()]
    page.stands("staff-live-stopped")
    assert not page.button("move.gate_open").isEnabled()
    QTest.mouseClick(page.button("go_on"), Qt.MouseButton.LeftButton)
    assert page.asked[-1] == GoOnAsked()


def test_new_values_alone_lay_nothing_out_anew(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    monkeypatch.setattr(page.window, "_draw", drawn.append)
    view = SHOTS["staff-live"]
    work = view.shows
    assert isinstance(work, WorkView)
    assert work.live is not None
    page.window.show_view(replace(view, shows=replace(work, live=replace(work.live, trace=work.live.trace[:-1]))))
    assert drawn == []
    page.stands("staff-live-stopped")
    assert len(drawn) == 1
    assert isinstance(page.window.page, Live)
