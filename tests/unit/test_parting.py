"""Whoever leaves and is owed something: the number under which it is kept stands there first, with the way to the voucher, and then for nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from config.clock import PARIS, Instant
from config.vocabulary import Cents, Material, SequenceNumber
from drivers.camera.faults import CameraFault
from drivers.intake.bus import CommandCode, ControllerState
from drivers.intake.events import DoorOpened, DoorShut, Hand, ItemEntered, LinkBack, LinkLost, Restarted, Rested
from kiosk.deposit.actions import Book, CloseVisit, IssueVoucher, MarkShown, Send
from kiosk.deposit.events import (
    CameraLost,
    Elapsed,
    Event,
    HoursTold,
    Intended,
    LedgerFailed,
    MarkedShown,
    ServiceAsked,
    StaffCame,
    StaffLeft,
    Touch,
    Touched,
    VisitClosed,
    VoucherIssued,
)
from kiosk.deposit.halts import Halt
from kiosk.deposit.states import Parting, Showing, Thanking
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Cause, Unshown
from people.stories import DISK_FULL, IDENTITY, NOON, RULE_BROKEN, UNPLUGGED, VISIT, Story, a_standing, a_voucher, finished, verdict
from wires.readings import REST

WITH_A_SUM = replace(VISIT, bottles=2, cents=Cents(40))
UNCOUNTED = replace(VISIT, uncounted=1)
SHOWN = MarkShown("CODE")
UNTIL = date(2029, 11, 23)


def shown_voucher() -> Story:
    return finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()))


def timed_out() -> Story:
    """Nobody answered whether they are still there."""
    story = Story(a_standing(visit=WITH_A_SUM)).open().tell(Elapsed())
    order = story.tell(Elapsed()).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]
    return story.tell(VoucherIssued(a_voucher(Cause.TIMED_OUT)))


def walked_off_a_stopped_machine() -> Story:
    story = Story(a_standing(visit=WITH_A_SUM)).open().tell(LinkLost(UNPLUGGED), Elapsed())
    assert story.asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]
    return story.tell(VoucherIssued(a_voucher(Cause.TIMED_OUT)))


def left_the_voucher_alone() -> Story:
    return shown_voucher().tell(Elapsed())


def noted() -> Story:
    return shown_voucher().tell(Touched(Touch.DONE))


def after_a_power_cut(minutes: int = 20, *, trusted: bool = True) -> Story:
    """The visit is too old to go on."""
    story = Story(a_standing(visit=WITH_A_SUM), Instant(NOON.utc + timedelta(minutes=minutes), trusted))
    story.tell(LinkBack(IDENTITY, story.hot), story.booked(visit=WITH_A_SUM))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.POWER_CUT)]
    return story.tell(VoucherIssued(a_voucher(Cause.POWER_CUT)))


WITH_A_VOUCHER = {
    "timed out": timed_out,
    "walked off a stopped machine": walked_off_a_stopped_machine,
    "left the voucher alone": left_the_voucher_alone,
    "noted": noted,
}


@pytest.mark.parametrize("make", WITH_A_VOUCHER.values(), ids=WITH_A_VOUCHER)
def test_number_sum_bottles_and_last_day_stand_there_and_the_voucher_is_one_touch_away(make: Callable[[], Story]) -> None:
    story = make()
    shown = view(story.session)
    assert (shown.screen, shown.visit_number, shown.cents, shown.bottles, shown.kept_until) == (Screen.PARTING, "0417", 40, 2, UNTIL)
    assert (shown.voucher, shown.may_see, shown.may_stay) == (None, True, True)
    assert shown.ends_in_s == story.wait_s == (10.0 if make is noted else 30.0)
    story.tell(Touched(Touch.VOUCHER))
    assert (story.screen, story.asked, story.wait_s) == (Screen.VOUCHER, [], 60.0)
    assert view(story.session).bottles == 2
    assert view(story.tell(Touched(Touch.DONE)).session).seen
    assert story.wait_s == 10.0
    assert story.tell(Elapsed()).asked[0] == SHOWN


@pytest.mark.parametrize("ends", [Elapsed(), Touched(Touch.DONE), Touched(Touch.AGAIN)])
@pytest.mark.parametrize("make", [*WITH_A_VOUCHER.values(), after_a_power_cut], ids=[*WITH_A_VOUCHER, "after a power cut"])
def test_a_voucher_counts_as_shown_once_its_visitor_has_parted_and_not_before(make: Callable[[], Story], ends: Event) -> None:
    story = make().tell(Touched(Touch.ALIVE))
    assert story.asked == []
    assert story.tell(ends).asked.count(SHOWN) == 1
    assert view(story.session).visit_number is None
    assert story.tell(MarkedShown()).asked == []


def test_more_bottles_are_not_asked_for_over_a_code_that_nobody_has_noted_yet() -> None:
    story = shown_voucher().tell(Touched(Touch.AGAIN))
    assert (story.screen, story.asked) == (Screen.VOUCHER, [])


def test_who_has_noted_the_voucher_may_see_it_again_for_ten_seconds() -> None:
    story = shown_voucher().tell(Touched(Touch.DONE))
    assert (story.screen, story.asked, story.wait_s) == (Screen.PARTING, [], 10.0)
    assert view(story.session).seen
    assert isinstance(story.tell(Touched(Touch.VOUCHER)).session.phase, Showing)
    assert isinstance(story.tell(Elapsed()).session.phase, Parting)
    assert (story.wait_s, view(story.session).seen) == (30.0, True)


def test_the_next_visitor_finds_an_open_gate() -> None:
    story = noted().tell(Touched(Touch.AGAIN))
    assert story.tell(Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def uncounted(*events: Event) -> Story:
    """One bottle, which fell and was not counted."""
    return Story(a_standing(visit=UNCOUNTED)).open().tell(*events)


@pytest.mark.parametrize("events", [(Touched(Touch.FINISH),), (Elapsed(),)], ids=["finished", "walked away"])
def test_who_put_in_only_what_was_not_counted_is_shown_the_number_for_it(events: tuple[Event, ...]) -> None:
    story = uncounted(*events)
    order = story.sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))
    assert story.asked == [CloseVisit(VISIT.id)]
    shown = view(story.tell(VisitClosed()).session)
    assert (shown.screen, shown.visit_number, shown.uncounted, shown.cents, shown.kept_until) == (Screen.PARTING, "0417", 1, 0, None)
    assert not shown.may_see
    assert isinstance(story.tell(Touched(Touch.VOUCHER)).session.phase, Parting)
    assert not any(isinstance(action, MarkShown) for action in story.tell(Elapsed()).asked)
    assert story.tell(Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_a_stopped_machine_ends_a_visit_of_uncounted_bottles_with_its_number() -> None:
    story = uncounted(LinkLost(UNPLUGGED), Elapsed())
    assert story.asked == [CloseVisit(VISIT.id)]
    assert story.tell(VisitClosed()).screen is Screen.PARTING


def test_who_is_owed_nothing_does_not_hold_up_the_next() -> None:
    story = finished(bottles=0)
    assert story.asked == [CloseVisit(VISIT.id)]
    story.tell(VisitClosed(), Rested(story.hot), story.booked())
    assert story.opened().screen is Screen.ATTRACT


@pytest.mark.parametrize(
    ("minutes", "trusted", "told"), [(11, True, True), (30, True, True), (31, True, False), (1440, True, False), (11, False, False)]
)
def test_after_a_power_cut_the_number_is_told_to_who_may_still_wait_and_to_nobody_later(minutes: int, trusted: bool, told: bool) -> None:
    story = after_a_power_cut(minutes, trusted=trusted)
    assert (story.screen is Screen.PARTING) is told
    if told:
        assert (view(story.session).visit_number, view(story.session).cents) == ("0417", 40)
    else:
        assert view(story.session).visit_number is None
        assert SHOWN in story.asked


def test_after_a_power_cut_the_number_is_told_and_never_the_code() -> None:
    story = after_a_power_cut()
    assert not view(story.session).may_see
    assert isinstance(story.tell(Touched(Touch.VOUCHER)).session.phase, Parting)


def test_uncounted_bottles_of_a_visit_that_a_power_cut_ended_are_told_too() -> None:
    for minutes, told in ((20, True), (60, False)):
        story = Story(a_standing(visit=UNCOUNTED), Instant(NOON.utc + timedelta(minutes=minutes), trusted=True))
        story.tell(LinkBack(IDENTITY, story.hot), story.booked(visit=UNCOUNTED))
        assert story.asked == [CloseVisit(VISIT.id)]
        assert (story.tell(VisitClosed()).screen is Screen.PARTING) is told


@pytest.mark.parametrize(
    ("cause", "minutes", "screen"),
    [
        (Cause.KEPT, 9, Screen.VOUCHER),
        (Cause.TIMED_OUT, 9, Screen.PARTING),
        (Cause.POWER_CUT, 9, Screen.PARTING),
        (Cause.POWER_CUT, 29, Screen.PARTING),
        (Cause.KEPT, 11, Screen.ATTRACT),
        (Cause.TIMED_OUT, 11, Screen.ATTRACT),
        (Cause.POWER_CUT, 31, Screen.ATTRACT),
    ],
)
def test_what_a_power_cut_hid_stands_there_again_with_sum_and_bottles(cause: Cause, minutes: int, screen: Screen) -> None:
    hidden = Unshown(a_voucher(cause), NOON, replace(WITH_A_SUM, uncounted=1))
    story = Story(a_standing(unshown=hidden), Instant(NOON.utc + timedelta(minutes=minutes), trusted=True)).tell(LinkBack(IDENTITY, REST))
    if screen is Screen.ATTRACT:
        assert story.asked[0] == SHOWN
        assert story.tell(Rested(story.hot), story.booked()).opened().screen is screen
        return
    shown = view(story.session)
    assert (shown.screen, shown.visit_number, shown.cents, shown.bottles, shown.uncounted) == (screen, "0417", 40, 2, 1)
    assert shown.may_see is (cause is Cause.TIMED_OUT)


DISTURBED: dict[str, tuple[Callable[[Story], Event], ...]] = {
    "a line that is lost": (lambda story: LinkLost(UNPLUGGED),),
    "a line that comes and goes": (lambda story: LinkLost(UNPLUGGED), lambda story: LinkBack(IDENTITY, story.hot)),
    "another controller": (lambda story: LinkBack(replace(IDENTITY, controller_id=9), story.hot),),
    "a controller that starts anew": (lambda story: Restarted(story.at(boots=2)),),
    "a door": (lambda story: DoorOpened(story.at(door_open=True)), lambda story: DoorShut(story.at(door_open=False))),
    "a hand": (lambda story: Hand(True, story.at(hand=True)),),
    "a bottle at the shut gate": (lambda story: ItemEntered(story.at(entry_beam=True)),),
    "a bottle that falls": (lambda story: Rested(story.at(totaliser=1)),),
    "a camera that is lost": (lambda story: CameraLost(CameraFault.BLACK),),
    "a hall that closes": (lambda story: HoursTold(datetime(2026, 11, 25, 8, 30, tzinfo=PARIS)),),
    "a technician": (lambda story: ServiceAsked(),),
    "a ledger that fails": (lambda story: LedgerFailed(DISK_FULL, Book(0, SequenceNumber(0))),),
    "staff who come and go": (lambda story: StaffCame(), lambda story: StaffLeft()),
}


@pytest.mark.parametrize("name", DISTURBED)
def test_whatever_happens_to_the_machine_the_number_stands_for_its_time(name: str) -> None:
    story = timed_out()
    for event in DISTURBED[name]:
        story.tell(event(story))
        assert not any(isinstance(action, Send) for action in story.asked)
    assert (story.screen, view(story.session).visit_number) == (Screen.PARTING, "0417")
    assert story.tell(Elapsed()).asked[0] == SHOWN


def test_a_bottle_that_fell_meanwhile_is_booked_to_nobody_before_the_gate_opens() -> None:
    story = timed_out().tell(Rested(story_hot := replace(REST, totaliser=1, taken=SequenceNumber(2))))
    story.hot = story_hot
    assert story.tell(Elapsed(), Rested(story.hot)).asked[-1] == Book(1, SequenceNumber(0))


def test_a_ledger_that_only_a_person_can_mend_hides_neither_code_nor_number() -> None:
    story = shown_voucher().tell(LedgerFailed(RULE_BROKEN, Book(0, SequenceNumber(0))))
    assert isinstance(story.session.phase, Showing)
    story.tell(Elapsed(), LedgerFailed(RULE_BROKEN, Book(0, SequenceNumber(0))))
    assert story.screen is Screen.PARTING
    assert view(story.tell(Elapsed()).session).halt is Halt.LEDGER_BROKEN


def test_a_voucher_that_is_told_late_and_that_nobody_asked_for_shows_its_number() -> None:
    story = Story(a_standing(visit=WITH_A_SUM)).open().tell(LinkLost(UNPLUGGED), Elapsed())
    story.session = replace(story.session, phase=walked_off_a_stopped_machine().tell(Elapsed()).session.phase)
    shown = view(story.tell(VoucherIssued(a_voucher(Cause.TIMED_OUT))).session)
    assert (shown.screen, shown.visit_number, shown.cents) == (Screen.PARTING, "0417", 40)


def test_who_has_waited_beside_a_machine_that_could_not_keep_the_sum_is_not_told_again_when_it_can() -> None:
    story = Story(a_standing(visit=WITH_A_SUM)).open().put_in()
    story.tell(LedgerFailed(DISK_FULL, Book(0, SequenceNumber(0))))
    story.session = replace(story.session, overdue=Cause.TIMED_OUT, gone=True)
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False)), story.booked(visit=WITH_A_SUM))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]
    assert SHOWN in story.tell(VoucherIssued(a_voucher(Cause.TIMED_OUT))).asked
    assert view(story.session).visit_number is None


def test_the_way_on_is_offered_only_where_nothing_is_known_to_bar_it() -> None:
    assert view(noted().session).may_go_on
    assert not view(noted().tell(LinkLost(UNPLUGGED)).session).may_go_on
    assert not view(noted().tell(ServiceAsked()).session).may_go_on
    assert not view(at_the_limit(allowed=2).session).may_go_on
    assert view(at_the_limit(allowed=30).session).may_go_on


def at_the_limit(allowed: int) -> Story:
    """Of the visit, or of a day that had no more money for it."""
    visit = replace(VISIT, allowed=allowed, bottles=allowed, cents=Cents(20 * allowed))
    story = Story(a_standing(visit=visit)).tell(LinkBack(IDENTITY, REST))
    story.tell(story.booked(visit=visit), Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE))
    assert story.screen is Screen.PARTING
    return story


def test_a_gift_is_thanked_for_and_parts_with_no_number() -> None:
    story = finished().tell(Touched(Touch.GIVE), Touched(Touch.CONFIRM_GIFT))
    assert not isinstance(story.session.phase, Parting | Thanking)


def test_a_gate_is_opened_only_after_the_parting() -> None:
    story = timed_out().tell(Elapsed(), Rested(REST), MarkedShown())
    assert story.tell(story.booked()).sent().code is CommandCode.OPEN


def test_who_comes_back_to_a_sum_that_was_overdue_is_there_again() -> None:
    story = Story(a_standing(visit=WITH_A_SUM)).open().tell(LinkLost(UNPLUGGED))
    story.session = replace(story.session, overdue=Cause.TIMED_OUT, gone=True)
    story.tell(Touched(Touch.KEEP), Touched(Touch.KEEP))
    assert story.tell(VoucherIssued(a_voucher())).screen is Screen.VOUCHER


def test_the_next_visitor_is_there_whoever_had_gone() -> None:
    story = after_a_power_cut(minutes=60)
    story.tell(Rested(story.hot), story.booked()).opened().put_in()
    assert not story.session.gone


def test_a_power_cut_stays_the_cause_where_no_line_comes_back() -> None:
    story = Story(a_standing(visit=WITH_A_SUM), Instant(NOON.utc + timedelta(hours=1), trusted=True)).tell(LinkLost(UNPLUGGED))
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.POWER_CUT)]


def test_who_waits_beside_an_open_bottle_counts_as_gone_half_a_minute_after_their_time() -> None:
    story = Story(a_standing(visit=WITH_A_SUM)).open().put_in()
    intent = story.judged(verdict(Material.PLASTIC)).intent()
    story.tell(Intended(intent.sequence), LinkLost(UNPLUGGED), Elapsed())
    assert (story.session.gone, story.wait_s, story.asked) == (False, 30.0, [])
    assert story.tell(Elapsed()).session.gone
