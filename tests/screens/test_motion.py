"""What moves: a bottle into the bin, the sum. Short, on an event, and nothing else is painted meanwhile."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents, Reason
from kiosk.deposit.states import LastItem
from kiosk.deposit.view import Screen
from kiosk.screens.gallery import NOBODY, TAKEN, VISIT
from kiosk.screens.parts.motion import FRAME_MS, Motion
from kiosk.screens.visitor.feeding import Feeding
from people.person import Person, somebody
from timing import FakeClock

CREDITED = replace(VISIT, bottles=8, cents=Cents(160), item=TAKEN)
REFUSED = replace(VISIT, screen=Screen.REFUSED, item=LastItem(accepted=False, reason=Reason.CAN), refusals=1)


@pytest.fixture
def person(qtbot: QtBot, clock: FakeClock) -> Person:
    there = somebody(clock)
    qtbot.addWidget(there.window)
    return there


def feeding(person: Person) -> Feeding:
    page = person.window.page
    assert isinstance(page, Feeding)
    return page


def frame(person: Person, seconds: float) -> QImage:
    """The total's picture after so long."""
    person.clock.advance(seconds)
    for motion in feeding(person).findChildren(Motion):
        if motion.moving:
            motion.step()
    return feeding(person).total.grab().toImage()


def test_a_credit_moves_for_less_than_a_second_and_ends_at_the_sum(person: Person) -> None:
    person.sees(VISIT, replace(VISIT, screen=Screen.CHECKING), CREDITED)
    pictures = [frame(person, 0.1) for _ in range(9)]
    assert all(one != other for one, other in pairwise(pictures))
    last = frame(person, 0.099)
    assert not feeding(person).total.moving
    assert frame(person, 5.0) == last
    assert feeding(person).total.text() == "Votre total est de 1,60\u00a0€ pour 8 bouteilles."


def test_the_words_tell_the_whole_sum_while_it_still_counts(person: Person) -> None:
    person.sees(VISIT, CREDITED)
    assert feeding(person).total.moving
    assert feeding(person).total.text() == "Votre total est de 1,60\u00a0€ pour 8 bouteilles."


def test_two_bottles_in_quick_succession_end_at_the_second_sum(person: Person) -> None:
    person.sees(VISIT, CREDITED)
    frame(person, 0.4)
    person.sees(replace(CREDITED, bottles=9, cents=Cents(180)))
    assert frame(person, 2.0) == frame(person, 1.0)
    assert feeding(person).total.text() == "Votre total est de 1,80\u00a0€ pour 9 bouteilles."


def test_a_refusal_stands_still_to_be_read(person: Person) -> None:
    person.sees(VISIT, REFUSED)
    assert [motion for motion in person.window.page.findChildren(Motion) if motion.moving] == []


def test_nothing_moves_for_those_who_asked_for_calm(person: Person) -> None:
    person.touch("calm")
    person.sees(VISIT, CREDITED)
    assert not feeding(person).total.moving
    assert feeding(person).total.text() == "Votre total est de 1,60\u00a0€ pour 8 bouteilles."


def test_a_state_that_was_not_seen_to_come_about_does_not_move(person: Person) -> None:
    """As after a start, or when the page was not there."""
    person.sees(CREDITED)
    assert not feeding(person).total.moving


class Painted(QObject):
    """Counts paint events by widget."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt names it)
        if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
            self.counted[type(watched).__name__] += 1
        return False


def test_only_what_moves_is_painted_in_a_frame(person: Person) -> None:
    person.sees(VISIT, CREDITED)
    QApplication.processEvents()
    painted = Painted()
    for widget in (person.window, *person.window.findChildren(QWidget)):
        widget.installEventFilter(painted)
    for _ in range(5):
        person.clock.advance(0.05)
        for motion in feeding(person).findChildren(Motion):
            if motion.moving:
                motion.step()
        QApplication.processEvents()
    assert painted.counted["Total"] == 5
    assert set(painted.counted) <= {"Total", "VisitorWindow", "Feeding", "QStackedWidget"}


def test_thirty_frames_a_second_at_most() -> None:
    assert 1000 / FRAME_MS <= 30


def test_the_first_page_asks_for_no_frame_at_all(person: Person) -> None:
    person.sees(NOBODY)
    assert [motion for motion in person.window.findChildren(Motion) if motion.moving] == []
