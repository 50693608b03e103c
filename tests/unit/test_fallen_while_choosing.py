"""What falls while a visitor chooses is booked before the visit ends: its step names the visit."""

import pytest

from config.demonstration import ASSOCIATIONS
from config.vocabulary import SequenceNumber
from drivers.intake.bus import Identity
from drivers.intake.events import ItemDropped, LinkBack, LinkLost
from kiosk.deposit.actions import Book, GiveAway, IssueVoucher
from kiosk.deposit.events import Touch, Touched
from ledger.vocabulary import Cause
from people.stories import CONTROLLER, UNPLUGGED, VISIT, Story, finished

STRANGE = SequenceNumber(99)


def something_fell(steps: int = 1) -> Story:
    """By an order that this kiosk did not send."""
    story = finished()
    return story.tell(ItemDropped(STRANGE, story.at(totaliser=story.hot.totaliser + steps)))


@pytest.mark.parametrize("steps", [1, 2])
def test_what_fell_is_booked_before_the_voucher(steps: int) -> None:
    story = something_fell(steps).tell(Touched(Touch.KEEP))
    assert story.asked == [Book(story.hot.totaliser, story.hot.counted), IssueVoucher(VISIT.id, Cause.KEPT)]


def test_what_fell_is_booked_before_the_gift() -> None:
    story = something_fell().tell(Touched(Touch.GIVE), Touched(Touch.CONFIRM_GIFT))
    assert story.asked == [Book(story.hot.totaliser, story.hot.counted), GiveAway(VISIT.id, ASSOCIATIONS[0])]


def test_where_nothing_fell_there_is_nothing_to_book() -> None:
    assert finished().tell(Touched(Touch.KEEP)).asked == [IssueVoucher(VISIT.id, Cause.KEPT)]


def test_a_count_that_leaps_or_is_another_controllers_or_of_a_lost_link_is_not_booked() -> None:
    leapt = something_fell(100_000).tell(Touched(Touch.KEEP))
    lost = something_fell().tell(LinkLost(UNPLUGGED), Touched(Touch.KEEP))
    other = finished()
    other.tell(LinkBack(Identity(CONTROLLER + 1, (1, 0), 1, 2), other.at(totaliser=5)), Touched(Touch.KEEP))
    for story in (leapt, lost, other):
        assert story.asked == [IssueVoucher(VISIT.id, Cause.KEPT)]
