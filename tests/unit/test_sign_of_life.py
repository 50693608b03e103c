"""A sign of life has what waits for the visitor begin anew, and nothing that waits for the machine or the ledger."""

from collections.abc import Callable

import pytest

from config.vocabulary import Material
from drivers.camera.faults import CameraFault
from kiosk.deposit.events import CameraLost, Elapsed, Touch, Touched, VoucherIssued
from kiosk.deposit.view import Screen, view
from people.stories import RULES, Story, a_voucher, finished, verdict

ALIVE = Touched(Touch.ALIVE)


def fed() -> Story:
    """A visit with a sum, before the open gate."""
    return finished().tell(Touched(Touch.ADD_MORE))


WAITING: dict[str, tuple[Callable[[], Story], float]] = {
    "choosing": (finished, RULES.idle_s),
    "confirming a gift": (lambda: finished().tell(Touched(Touch.GIVE)), RULES.idle_s),
    "a voucher": (lambda: finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher())), RULES.voucher_s),
}


@pytest.mark.parametrize("name", WAITING)
def test_what_waits_for_the_visitor_waits_anew(name: str) -> None:
    make, wait_s = WAITING[name]
    story = make()
    screen = story.screen
    story.wait_s = -1.0
    assert view(story.session).may_stay
    assert story.tell(ALIVE).screen is screen
    assert story.wait_s == wait_s
    assert story.asked == []


@pytest.mark.parametrize("asked", [finished, lambda: finished().tell(Touched(Touch.GIVE))])
def test_a_touch_anywhere_answers_the_question_whether_anybody_is_there(asked: Callable[[], Story]) -> None:
    story = asked().tell(Elapsed())
    assert story.screen is Screen.STILL_HERE
    assert story.tell(ALIVE).screen is Screen.CHOOSE


def test_nothing_that_waits_for_machine_or_ledger_waits_anew() -> None:
    starting = Story()
    closing = finished().tell(Touched(Touch.KEEP))
    for story in (starting, closing, Story().open().put_in(), Story().open().put_in().judged(verdict(Material.GLASS))):
        before, story.wait_s = story.session, -1.0
        story.tell(ALIVE)
        assert (story.session, story.wait_s, story.asked) == (before, -1.0, [])
        assert not view(story.session).may_stay


def test_a_stopped_machine_with_a_sum_waits_for_whoever_touches_it_and_one_without_does_not() -> None:
    story = Story().open().tell(CameraLost(CameraFault.BLACK))
    assert not view(story.session).may_stay
