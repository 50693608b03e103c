"""A visit, event by event: how it begins and ends, what limits it, and its voucher, power cuts and closing time included."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.clock import PARIS, Instant
from config.demonstration import ASSOCIATIONS
from config.vocabulary import Cents, Material, Reason
from drivers.intake.bus import CommandCode, ControllerState
from drivers.intake.events import ItemDropped, ItemEntered, LinkBack, LinkLost, Rested
from kiosk.deposit.actions import CloseVisit, GiveAway, IssueVoucher, MarkShown, OpenVisit, Watch
from kiosk.deposit.events import (
    Elapsed,
    GiftGiven,
    GiveTo,
    HoursTold,
    Intended,
    Touch,
    Touched,
    VisitClosed,
    VisitOpened,
    VoucherIssued,
)
from kiosk.deposit.halts import Halt
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Cause, Unshown
from people.stories import IDENTITY, NOON, UNPLUGGED, VISIT, Story, a_standing, a_voucher, finished, verdict
from wires.readings import REST

OPENS = datetime(2026, 11, 25, 8, 30, tzinfo=PARIS)
"""When a hall that is closed opens next."""


def test_the_sum_of_an_hour_ago_is_kept_before_what_lies_in_the_chamber_is_offered_to_whoever_is_there() -> None:
    visit = replace(VISIT, bottles=1, cents=Cents(20))
    later = Instant(NOON.utc + timedelta(hours=1), trusted=True)
    story = Story(a_standing(visit=visit), later)
    story.tell(LinkBack(IDENTITY, story.at(occupied=True)), story.booked(visit=visit))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.POWER_CUT)]
    story.tell(VoucherIssued(a_voucher(Cause.POWER_CUT)), Rested(story.hot), story.booked())
    assert story.sent().code is CommandCode.RETURN


def test_finishing_shuts_the_gate_and_asks_what_to_do_with_the_sum() -> None:
    story = finished()
    assert story.screen is Screen.CHOOSE
    assert story.tell(Touched(Touch.KEEP)).asked == [IssueVoucher(VISIT.id, Cause.KEPT)]
    story.tell(VoucherIssued(a_voucher()))
    shown = view(story.session)
    assert (shown.screen, shown.visit_number, shown.cents, shown.bottles) == (Screen.VOUCHER, "0417", 40, 2)


def test_finish_is_heard_while_the_gate_still_opens() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).tell(LinkBack(IDENTITY, REST))
    opening = story.tell(story.booked(visit=story.session.visit)).sent()
    shutting = story.tell(Touched(Touch.FINISH)).sent()
    assert (shutting.code, shutting.sequence) == (CommandCode.RETURN, opening.sequence + 1)
    story.tell(Rested(story.at(state=ControllerState.OPEN, gate_shut=False, taken=opening.sequence)))
    assert view(story.session).screen is Screen.ONE_MOMENT
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=shutting.sequence)))
    assert view(story.session).screen is Screen.CHOOSE


def test_the_next_visitor_finds_an_open_gate_and_no_trace_of_the_last() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE))
    assert story.screen is Screen.PARTING
    story.tell(Touched(Touch.DONE), Rested(story.hot), story.booked())
    assert story.opened().screen is Screen.ATTRACT
    assert (view(story.session).voucher, view(story.session).kept_until, view(story.session).bottles) == (None, None, 0)


def test_the_card_of_the_last_visitors_refused_bottle_is_not_shown_to_the_next() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open().put_in()
    order = story.judged(verdict(None, Reason.CAN)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, taken=order.sequence, back=order.sequence)))
    story.tell(story.booked(visit=story.session.visit)).opened()
    shutting = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=shutting.sequence)))
    story.tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE), Touched(Touch.DONE))
    story.tell(Rested(story.hot), story.booked())
    assert story.opened().screen is Screen.ATTRACT
    assert (view(story.session).item, view(story.session).refusals) == (None, 0)


def test_a_visit_without_a_credit_just_ends() -> None:
    story = finished(bottles=0)
    assert story.asked == [CloseVisit(VISIT.id)]
    story.tell(VisitClosed(), Rested(story.hot), story.booked())
    assert story.opened().screen is Screen.ATTRACT


def test_a_visitor_who_walks_away_leaves_an_unclaimed_voucher() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open()
    assert story.tell(Elapsed()).screen is Screen.STILL_HERE
    order = story.tell(Elapsed()).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))
    assert story.asked == [IssueVoucher(VISIT.id, Cause.TIMED_OUT)]


def test_a_bottle_in_the_last_moment_keeps_the_visit_open() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open().tell(Elapsed())
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.screen is Screen.CHECKING


@pytest.mark.parametrize(("allowed", "limit"), [(30, Reason.VISIT_LIMIT), (4, Reason.DAY_BUDGET)])
def test_at_the_limit_the_gate_stays_shut_and_the_sum_is_offered(allowed: int, limit: Reason) -> None:
    visit = replace(VISIT, allowed=allowed, bottles=allowed, cents=Cents(20 * allowed))
    story = Story(a_standing(visit=visit)).tell(LinkBack(IDENTITY, REST))
    story.tell(story.booked(visit=visit))
    assert (story.screen, view(story.session).limit) == (Screen.CHOOSE, limit)
    assert story.tell(Touched(Touch.ADD_MORE)).asked == []


def test_a_bottle_beyond_the_days_budget_is_handed_back() -> None:
    story = Story().open().put_in(replace(VISIT, allowed=0)).judged(verdict(Material.GLASS))
    assert story.sent().code is CommandCode.RETURN
    item = view(story.session).item
    assert item is not None
    assert item.reason is Reason.DAY_BUDGET


@pytest.mark.parametrize(
    ("later", "trusted", "goes_on"),
    [
        (timedelta(minutes=9), True, True),
        (timedelta(minutes=10), True, True),
        (timedelta(minutes=10, milliseconds=1), True, False),
        (timedelta(minutes=1), False, False),
        (-timedelta(milliseconds=1), True, False),
    ],
    ids=["soon", "in the last moment", "late", "untrusted clock", "clock set back"],
)
def test_after_a_power_cut_a_recent_visit_goes_on_and_an_old_one_becomes_a_voucher(later: timedelta, trusted: bool, goes_on: bool) -> None:
    visit = replace(VISIT, bottles=2, cents=Cents(40))
    story = Story(a_standing(visit=visit), Instant(NOON.utc + later, trusted)).tell(LinkBack(IDENTITY, REST))
    story.tell(story.booked(visit=visit))
    if goes_on:
        assert story.opened().screen is Screen.FEEDING
    else:
        assert story.asked == [IssueVoucher(VISIT.id, Cause.POWER_CUT)]


STILL_WAITS = pytest.mark.parametrize(
    ("later", "trusted", "waits"),
    [
        (timedelta(minutes=11), True, True),
        (timedelta(minutes=30), True, True),
        (timedelta(minutes=30, milliseconds=1), True, False),
        (timedelta(minutes=11), False, False),
    ],
    ids=["soon", "in the last moment", "late", "untrusted clock"],
)
"""Whether whoever was interrupted may still stand there, half an hour after the last row."""


@STILL_WAITS
def test_who_waits_half_an_hour_for_the_power_is_told_the_number_of_the_sum(later: timedelta, trusted: bool, waits: bool) -> None:
    visit = replace(VISIT, bottles=2, cents=Cents(40))
    story = Story(a_standing(visit=visit), Instant(NOON.utc + later, trusted)).tell(LinkBack(IDENTITY, REST), Rested(REST))
    story.tell(story.booked(visit=visit), VoucherIssued(a_voucher(Cause.POWER_CUT)))
    assert (story.screen is Screen.PARTING) is waits
    assert (MarkShown("CODE") in story.asked) is not waits
    if waits:
        assert view(story.session).visit_number == VISIT.id.partition("/")[2]


@STILL_WAITS
def test_who_waits_half_an_hour_for_the_power_is_told_the_number_after_a_second_cut_too(
    later: timedelta, trusted: bool, waits: bool
) -> None:
    unshown = Unshown(a_voucher(Cause.POWER_CUT), NOON, VISIT)
    story = Story(a_standing(unshown=unshown), Instant(NOON.utc + later, trusted)).tell(LinkBack(IDENTITY, REST))
    assert (story.screen is Screen.PARTING) is waits
    assert (MarkShown("CODE") in story.asked) is not waits


def test_before_the_first_bottle_it_is_known_how_many_are_still_possible_today() -> None:
    story = Story()
    story.possible = 4
    story.tell(LinkBack(IDENTITY, REST), story.booked())
    assert view(story.opened().session).possible == 4
    assert view(story.put_in(replace(VISIT, allowed=4)).session).possible == 4


def test_a_day_whose_money_is_used_up_takes_nothing_until_midnight() -> None:
    story = Story()
    story.possible = 0
    story.tell(LinkBack(IDENTITY, REST), story.booked())
    assert view(story.session).halt is Halt.DAY_BUDGET
    story.possible = 30
    assert story.tell(Elapsed(), Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_a_hall_that_closes_shuts_the_gate_and_says_when_it_opens() -> None:
    story = Story().open().tell(HoursTold(OPENS))
    order = story.sent()
    assert order.code is CommandCode.RETURN
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)), story.booked())
    assert (view(story.session).halt, view(story.session).closed_until) == (Halt.CLOSED, OPENS)
    assert story.tell(HoursTold(None), Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_who_is_in_the_middle_of_a_visit_ends_it_after_the_hall_has_closed() -> None:
    story = Story().open().put_in().tell(HoursTold(OPENS))
    intent = story.judged(verdict(Material.GLASS)).intent()
    dropped = story.at(occupied=False, totaliser=1, taken=intent.sequence, counted=intent.sequence)
    visit = replace(VISIT, bottles=1, cents=Cents(20))
    story.tell(Intended(intent.sequence), ItemDropped(intent.sequence, dropped), story.booked(credited=intent, visit=visit))
    assert story.opened().screen is Screen.FEEDING
    order = story.tell(Touched(Touch.FINISH)).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))
    story.tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()), Touched(Touch.DONE), Elapsed(), Rested(story.hot), story.booked())
    assert view(story.session).halt is Halt.CLOSED


def test_a_first_bottle_that_is_in_when_the_hall_closes_is_not_handed_back_for_that() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)), HoursTold(OPENS))
    assert story.asked == []
    assert story.screen is Screen.CHECKING


def test_a_visit_that_a_power_cut_interrupted_says_so_until_the_next_bottle() -> None:
    story = Story(a_standing(visit=replace(VISIT, bottles=1, cents=Cents(20)))).open()
    assert view(story.session).resumed
    assert not view(story.put_in().session).resumed


@pytest.mark.parametrize(("minutes", "trusted", "shown"), [(9, True, True), (11, True, False), (9, False, False)])
def test_a_voucher_that_a_power_cut_hid_is_shown_before_the_gate_opens(minutes: int, trusted: bool, shown: bool) -> None:
    now = Instant(NOON.utc + timedelta(minutes=minutes), trusted)
    story = Story(a_standing(unshown=Unshown(a_voucher(), NOON, VISIT)), now).tell(LinkBack(IDENTITY, REST))
    if not shown:
        assert story.asked[0] == MarkShown("CODE")
        assert story.tell(Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT
        return
    assert (story.screen, view(story.session).voucher) == (Screen.VOUCHER, a_voucher())
    assert story.tell(Touched(Touch.DONE)).asked == []
    assert MarkShown("CODE") in story.tell(Touched(Touch.DONE)).asked
    assert story.tell(Rested(story.hot), story.booked()).opened().screen is Screen.ATTRACT


def test_a_voucher_that_a_power_cut_hid_is_shown_now_or_never() -> None:
    story = Story(a_standing(unshown=Unshown(a_voucher(), NOON, VISIT)), NOON).tell(LinkLost(UNPLUGGED))
    assert story.screen is Screen.VOUCHER
    assert story.tell(Elapsed()).screen is Screen.PARTING
    assert story.tell(Elapsed()).asked[0] == MarkShown("CODE")
    assert view(story.session).halt is Halt.INTAKE


def test_who_says_nothing_after_finishing_is_given_the_voucher_without_a_touch() -> None:
    story = finished()
    assert (story.wait_s, view(story.session).ends_in_s) == (15.0, 15.0)
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.KEPT)]
    assert story.tell(VoucherIssued(a_voucher())).screen is Screen.VOUCHER


def test_a_gift_that_nobody_confirms_is_none_and_the_sum_is_kept() -> None:
    story = finished().tell(Touched(Touch.GIVE))
    assert (story.wait_s, view(story.session).ends_in_s) == (15.0, 15.0)
    assert (story.tell(Elapsed()).screen, story.asked, story.wait_s) == (Screen.CHOOSE, [], 15.0)
    assert story.tell(Elapsed()).asked == [IssueVoucher(VISIT.id, Cause.KEPT)]


def test_the_voucher_stays_for_as_long_as_somebody_is_there() -> None:
    story = finished().tell(Touched(Touch.KEEP), VoucherIssued(a_voucher()))
    for _ in range(11):
        assert story.tell(Touched(Touch.ALIVE)).screen is Screen.VOUCHER
        assert story.wait_s == story.session.rules.voucher_s
    assert story.tell(Elapsed()).screen is Screen.PARTING


def test_a_visit_is_asked_for_once_however_often_its_first_bottle_comes_and_goes() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert OpenVisit() in story.asked
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, gate_shut=True)), story.booked()).opened()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    assert story.asked == [Watch(2)]
    assert view(story.tell(VisitOpened(VISIT)).session).visit_number == "0417"


def test_a_visit_whose_bottle_was_gone_before_it_was_opened_ends_by_itself() -> None:
    story = Story().open()
    story.tell(ItemEntered(story.at(state=ControllerState.CLOSING, occupied=True)))
    story.tell(Rested(story.at(state=ControllerState.SHUT, occupied=False, gate_shut=True)), story.booked()).opened()
    story.tell(VisitOpened(VISIT))
    order = story.tell(Elapsed()).sent()
    story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))
    assert story.asked == [CloseVisit(VISIT.id)]


def several() -> Story:
    """Who has finished, on a kiosk with three associations."""
    story = finished()
    story.session = replace(story.session, rules=replace(story.session.rules, associations=ASSOCIATIONS))
    return story


def test_among_several_associations_the_visitor_picks_one_and_confirms_it() -> None:
    story = several().tell(Touched(Touch.GIVE))
    assert (view(story.session).screen, view(story.session).associations) == (Screen.ASSOCIATIONS, ASSOCIATIONS)
    story.tell(Touched(GiveTo(ASSOCIATIONS[1].id)))
    assert (view(story.session).screen, view(story.session).association, story.asked) == (Screen.GIFT, ASSOCIATIONS[1], [])
    assert story.tell(Touched(Touch.CONFIRM_GIFT)).asked == [GiveAway(VISIT.id, ASSOCIATIONS[1])]
    story.tell(GiftGiven(Cents(40), ASSOCIATIONS[1]))
    assert (view(story.session).screen, view(story.session).association) == (Screen.THANKS, ASSOCIATIONS[1])


def test_nothing_is_given_to_an_association_that_is_not_there_or_was_not_asked_for() -> None:
    for touches in ((GiveTo(ASSOCIATIONS[1].id),), (Touch.GIVE, GiveTo("nobody"), Touch.CONFIRM_GIFT), (Touch.GIVE, Touch.CONFIRM_GIFT)):
        assert several().tell(*(Touched(touch) for touch in touches)).asked == []


def test_without_an_association_give_changes_nothing() -> None:
    story = finished()
    story.session = replace(story.session, rules=replace(story.session.rules, associations=()))
    assert view(story.tell(Touched(Touch.GIVE)).session).screen is Screen.CHOOSE


def test_names_that_nobody_touches_for_a_minute_lead_back_to_the_choice() -> None:
    story = several().tell(Touched(Touch.GIVE))
    assert view(story.session).ends_in_s == story.session.rules.idle_s
    assert view(story.tell(Elapsed()).session).screen is Screen.CHOOSE


def test_a_gift_is_given_only_once_it_is_confirmed_and_may_be_taken_back_until_then() -> None:
    story = finished().tell(Touched(Touch.GIVE))
    assert (view(story.session).screen, story.asked) == (Screen.GIFT, [])
    story.tell(Touched(Touch.CANCEL_GIFT))
    assert (view(story.session).screen, story.asked) == (Screen.CHOOSE, [])
    assert story.tell(Touched(Touch.GIVE), Touched(Touch.CONFIRM_GIFT)).asked == [GiveAway(VISIT.id, ASSOCIATIONS[0])]
