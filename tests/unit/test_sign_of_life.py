"""A sign of life has what waits for the visitor begin anew, and nothing that waits for the machine or the ledger."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from config.vocabulary import Cents, Material
from drivers.camera.faults import CameraFault
from kiosk.deposit.events import CameraLost, Elapsed, Event, Touch, Touched, VoucherIssued
from kiosk.deposit.view import Screen, view
from people.stories import RULES, VISIT, Story, a_standing, a_voucher, finished, verdict

ALIVE = Touched(Touch.ALIVE)


def fed() -> Story:
    """A visit with a sum, before the open gate."""
    return finished().tell(Touched(Touch.ADD_MORE))


def parting(left_by: Event) -> Story:
    return finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), left_by)


WAITING: dict[str, tuple[Callable[[], Story], float]] = {
    "choosing": (finished, RULES.choose_s),
    "confirming a gift": (lambda: finished().tell(Touched(Touch.GIVE)), RULES.choose_s),
    "a voucher": (lambda: finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher())), RULES.voucher_s),
    "leaving the voucher's page": (lambda: parting(Elapsed()), RULES.parting_s),
    "having noted the voucher": (lambda: parting(Touched(Touch.DONE)), RULES.noted_s),
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


def test_a_touch_anywhere_answers_the_question_whether_anybody_is_there() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open().tell(Elapsed())
    assert story.screen is Screen.STILL_HERE
    assert story.tell(ALIVE).screen is Screen.FEEDING


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
