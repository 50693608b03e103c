"""What is heard at the window: the same events as are seen, and a wait that runs out."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents
from drivers.sound.sounds import Sound
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.gallery import NOBODY, TAKEN, VISIT, VOUCHER
from people.person import Person, somebody
from timing import FakeClock

SHOWING = ViewState(Screen.VOUCHER, visit_number="0417", voucher=VOUCHER, ends_in_s=60.0, may_stay=True)


@pytest.fixture
def person(qtbot: QtBot, clock: FakeClock) -> Person:
    there = somebody(clock)
    qtbot.addWidget(there.window)
    return there


@pytest.fixture
def heard(person: Person) -> list[Sound]:
    sounds: list[Sound] = []
    person.window.sounded.connect(sounds.append)
    return sounds


def test_a_bottle_is_heard_when_it_is_credited_and_not_when_the_visit_begins(person: Person, heard: list[Sound]) -> None:
    person.sees(NOBODY, VISIT, replace(VISIT, screen=Screen.CHECKING))
    assert heard == []
    person.sees(replace(VISIT, bottles=8, cents=Cents(160), item=TAKEN))
    assert heard == [Sound.ACCEPTED]


def test_a_wait_is_heard_at_thirty_and_ten_seconds_and_again_after_a_sign_of_life(person: Person, heard: list[Sound]) -> None:
    person.sees(SHOWING)
    person.waits(29)
    assert heard == []
    person.waits(1)
    assert heard == [Sound.TIME]
    person.waits(20)
    assert heard == [Sound.TIME, Sound.TIME]
    person.waits(3)
    person.touch("alive")
    person.waits(20)
    assert heard == [Sound.TIME, Sound.TIME]
    person.waits(10)
    assert heard == [Sound.TIME, Sound.TIME, Sound.TIME]


def test_a_change_of_look_or_language_makes_no_sound(person: Person, heard: list[Sound]) -> None:
    person.sees(replace(VISIT, bottles=8, item=TAKEN))
    person.touch("contrast", "bigger", "languages")
    assert heard == []
