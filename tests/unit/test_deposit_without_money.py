"""Handing in without money, once the day's is used up and where the configuration offers it: asked for by the visitor, counted, worth nothing."""

from dataclasses import replace

import pytest

from config.vocabulary import NO_CENTS, Cents, Material
from drivers.camera.faults import CameraFault
from drivers.intake.bus import CommandCode, ControllerState
from drivers.intake.events import ItemDropped, ItemEntered, LinkBack, LinkLost, Rested
from kiosk.deposit.actions import CloseVisit
from kiosk.deposit.events import CameraBack, CameraLost, Elapsed, Event, Intended, TotaliserBooked, Touch, Touched, VisitClosed, VisitOpened
from kiosk.deposit.halts import Halt
from kiosk.deposit.step import resume
from kiosk.deposit.view import Screen, view
from ledger.vocabulary import Intent, Visit
from people.stories import IDENTITY, NOON, RULES, UNPLUGGED, VISIT, Story, a_standing, verdict
from wires.readings import REST

UNPAID = replace(VISIT, allowed=0)


def a_day_without_money(*, offered: bool = True) -> Story:
    story = Story()
    story.session = replace(story.session, rules=replace(RULES, without_money=offered))
    story.possible = 0
    return story.tell(LinkBack(IDENTITY, REST), story.booked())


def agreed() -> Story:
    """Up to the open gate."""
    story = a_day_without_money()
    return story.tell(Touched(Touch.WITHOUT_MONEY), Rested(story.hot), story.booked()).opened()


def falls(story: Story, visit: Visit) -> Intent:
    """The bottle in the chamber is accepted, falls and is booked in a visit that stands so afterwards."""
    intent = story.judged(verdict(Material.GLASS)).intent()
    dropped = story.at(occupied=False, totaliser=story.hot.totaliser + 1, taken=intent.sequence, counted=intent.sequence)
    story.tell(Intended(intent.sequence), ItemDropped(intent.sequence, dropped), story.booked(credited=intent, visit=visit))
    return intent


def ends(story: Story) -> Story:
    """The gate shuts after Finish, or after a time."""
    order = story.sent()
    assert order.code is CommandCode.RETURN
    return story.tell(Rested(story.at(state=ControllerState.SHUT, gate_shut=True, taken=order.sequence)))


def test_an_unknown_date_is_shown_as_long_as_the_ledger_says_so() -> None:
    story = a_day_without_money()
    assert view(story.session).date_known
    story.tell(Elapsed(), Rested(story.hot))
    answer = story.booked()
    assert isinstance(answer.news, TotaliserBooked)
    story.tell(replace(answer, news=TotaliserBooked(replace(answer.news.booked, date_known=False))))
    assert not view(story.session).date_known
    story.tell(Elapsed(), Rested(story.hot), story.booked())
    assert view(story.session).date_known


def test_where_it_is_not_offered_the_touch_means_nothing() -> None:
    story = a_day_without_money(offered=False)
    assert not view(story.session).offers_without_money
    story.tell(Touched(Touch.WITHOUT_MONEY))
    assert (story.asked, view(story.session).halt) == ([], Halt.DAY_BUDGET)


def test_nothing_is_taken_before_the_visitor_agrees() -> None:
    shown = view(a_day_without_money().session)
    assert (shown.screen, shown.halt, shown.offers_without_money) == (Screen.OUT_OF_ORDER, Halt.DAY_BUDGET, True)


def test_who_agrees_is_never_shown_the_page_that_promises_money() -> None:
    shown = view(agreed().session)
    assert (shown.screen, shown.without_money, shown.possible) == (Screen.FEEDING, True, None)


def test_bottles_are_worth_nothing_however_many_and_end_in_thanks() -> None:
    story = agreed()
    visit = UNPAID
    for bottles in range(1, 41):
        visit = replace(visit, bottles=bottles)
        assert falls(story.put_in(UNPAID), visit).amount == NO_CENTS
        story.opened()
    shown = view(story.session)
    assert (shown.bottles, shown.cents) == (40, 0)
    ends(story.tell(Touched(Touch.FINISH)))
    assert story.asked == [CloseVisit(VISIT.id)]
    assert story.tell(VisitClosed()).screen is Screen.THANKS
    assert view(story.tell(Elapsed(), Rested(story.hot), story.booked()).session).halt is Halt.DAY_BUDGET


def test_who_agrees_and_brings_nothing_leaves_the_machine_as_it_was() -> None:
    for touch_or_time in (Touched(Touch.FINISH), Elapsed()):
        story = ends(agreed().tell(touch_or_time))
        story.tell(Rested(story.hot), story.booked())
        assert view(story.session).halt is Halt.DAY_BUDGET


def test_who_walks_away_in_it_is_asked_first() -> None:
    story = agreed()
    falls(story.put_in(UNPAID), replace(UNPAID, bottles=1))
    story.opened()
    shown = view(story.tell(Elapsed()).session)
    assert (shown.screen, shown.without_money) == (Screen.STILL_HERE, True)
    assert ends(story.tell(Elapsed())).asked == [CloseVisit(VISIT.id)]


def test_a_visit_that_begins_after_midnight_is_paid_though_its_visitor_would_have_done_without() -> None:
    story = agreed()
    assert falls(story.put_in(VISIT), replace(VISIT, bottles=1, cents=Cents(20))).amount == RULES.reward
    assert not view(story.opened().session).without_money


def test_the_next_visitor_is_asked_anew() -> None:
    story = agreed()
    falls(story.put_in(UNPAID), replace(UNPAID, bottles=1))
    ends(story.opened().tell(Touched(Touch.FINISH))).tell(VisitClosed(), Touched(Touch.DONE), Rested(story.hot), story.booked())
    assert (view(story.session).halt, view(story.session).offers_without_money) == (Halt.DAY_BUDGET, True)
    assert not view(story.session).without_money


@pytest.mark.parametrize("stopped_by", [LinkLost(UNPLUGGED), CameraLost(CameraFault.BLACK)])
def test_what_stops_the_machine_before_the_first_bottle_ends_the_agreement(stopped_by: Event) -> None:
    story = agreed().tell(stopped_by)
    if isinstance(stopped_by, CameraLost):
        ends(story).tell(story.booked(), CameraBack(), Rested(story.hot), story.booked())
    else:
        story.tell(LinkBack(IDENTITY, story.at(state=ControllerState.SHUT, gate_shut=True)), story.booked())
    assert view(story.session).halt is Halt.DAY_BUDGET


def test_after_a_power_cut_a_visit_without_money_goes_on() -> None:
    visit = replace(UNPAID, bottles=2)
    story = Story(a_standing(visit=visit))
    story.session, _ = resume(a_standing(visit=visit), replace(RULES, without_money=True), NOON)
    story.possible = 0
    story.tell(LinkBack(IDENTITY, REST), story.booked(visit=visit))
    shown = view(story.opened().session)
    assert (shown.screen, shown.without_money, shown.bottles) == (Screen.FEEDING, True, 2)


def test_who_stands_before_a_machine_that_stopped_for_something_else_agrees_to_nothing() -> None:
    story = Story()
    story.session = replace(story.session, rules=replace(RULES, without_money=True))
    story.tell(LinkBack(IDENTITY, REST), story.booked()).opened()
    story.tell(CameraLost(CameraFault.UNPLUGGED))
    ends(story).tell(story.booked())
    assert view(story.session).halt is Halt.CAMERA
    assert story.tell(Touched(Touch.WITHOUT_MONEY)).asked == []
    assert not story.session.without_money


def test_the_agreement_outlasts_a_cut_line_once_the_first_bottle_is_in() -> None:
    story = agreed().tell(ItemEntered(REST))
    story.tell(LinkLost(UNPLUGGED), VisitOpened(UNPAID))
    assert story.session.without_money
    story.tell(LinkBack(IDENTITY, REST))
    assert view(story.tell(story.booked(visit=UNPAID)).session).without_money
