"""The picture of a refused item in the session: it joins the refusal that it explains, and no other, and goes with its item."""

import pytest

from config.vocabulary import Gtin, Reason
from drivers.camera.faults import CameraFault
from drivers.intake.bus import ControllerState
from drivers.intake.events import Hand, Rested
from kiosk.deposit.events import CameraLost, Pictured, Touch, Touched
from kiosk.deposit.states import Session
from kiosk.deposit.view import view
from people.stories import VISIT, Story, verdict
from recognition.shown import Shown

ONE, OTHER = Gtin("9520696885275"), Gtin("9520475821661")


def picture(*codes: Gtin) -> Shown:
    return Shown(2, 1, bytes(6), frozenset(codes))


def refused(reason: Reason = Reason.UNREADABLE) -> Story:
    return Story().open().put_in().judged(verdict(None, reason))


def shown(session: Session) -> Shown | None:
    item = view(session).item
    return item.shown if item is not None else None


def test_the_picture_joins_the_refusal_and_asks_for_nothing() -> None:
    story, seen = refused(), picture()
    before = story.session.phase
    story.tell(Pictured(story.session.items_seen, seen))
    assert shown(story.session) is seen
    assert story.asked == []
    assert story.session.phase == before


@pytest.mark.parametrize(
    ("reason", "codes", "fits"),
    [
        (Reason.UNREADABLE, (), True),
        (Reason.UNREADABLE, (ONE,), False),
        (Reason.TWO_CODES, (ONE, OTHER), True),
        (Reason.TWO_CODES, (ONE,), False),
        (Reason.TWO_ITEMS, (ONE, OTHER), True),
        (Reason.RESTRICTED_CODE, (ONE,), True),
        (Reason.RESTRICTED_CODE, (), False),
        (Reason.DEMONSTRATION_CODE, (ONE,), True),
        (Reason.CAMERA, (), False),
        (Reason.CAN, (ONE,), False),
        (Reason.NOT_EMPTY, (ONE,), False),
        (Reason.TOO_LIGHT, (), False),
    ],
)
def test_only_a_picture_that_bears_the_verdict_out_is_shown(reason: Reason, codes: tuple[Gtin, ...], fits: bool) -> None:
    story = refused(reason)
    story.tell(Pictured(story.session.items_seen, picture(*codes)))
    assert (shown(story.session) is not None) is fits


def test_the_picture_of_an_item_before_is_not_shown_for_this_one() -> None:
    story = refused()
    story.tell(Pictured(story.session.items_seen - 1, picture()))
    assert shown(story.session) is None


def test_no_picture_is_shown_while_a_hand_is_in_the_way() -> None:
    story = refused()
    story.tell(Hand(True, story.hot), Pictured(story.session.items_seen, picture()))
    assert shown(story.session) is None


def test_it_goes_with_the_next_item_and_comes_back_no_more() -> None:
    story = refused()
    first = story.session.items_seen
    order = story.sent()
    story.tell(Pictured(first, picture()))
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, taken=order.sequence)), story.booked(visit=VISIT)).opened()
    assert shown(story.session) is not None
    story.put_in().tell(Pictured(first, picture()))
    assert shown(story.session) is None


def test_a_picture_that_comes_when_all_is_over_changes_nothing() -> None:
    story = Story().open().tell(CameraLost(CameraFault.UNPLUGGED), Touched(Touch.FINISH))
    before = story.session
    story.tell(Pictured(0, picture()))
    assert story.session == before
