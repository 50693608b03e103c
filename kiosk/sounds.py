"""Which sound a visitor hears: one function of what stood on the screen and what stands there now. No device here, and no thread."""

from dataclasses import dataclass

from drivers.sound.sounds import Sound
from kiosk.deposit.view import Screen, ViewState

RUNNING_OUT_S = (30, 10)
"""Seconds before a wait for the visitor ends of itself, at which it is heard."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A view-state, and how many seconds of its wait are left; None where it waits for nobody."""

    view: ViewState
    left_s: int | None = None


def sound_of(before: Moment, now: Moment) -> Sound | None:
    """The sound of a change; of two things at once the one that a hand or a bottle hangs on."""
    was, view = before.view, now.view
    if view.screen is Screen.HAND and was.screen is not Screen.HAND:
        return Sound.HAND
    if view.item is not None and view.item.accepted and view.bottles > was.bottles and view.visit_number == was.visit_number:
        return Sound.ACCEPTED
    if _refused(was, view):
        return Sound.REFUSED
    if view.screen is Screen.STILL_HERE and was.screen is not Screen.STILL_HERE:
        return Sound.TIME
    return Sound.TIME if any(passed(mark, before, now) for mark in RUNNING_OUT_S) else None


def _refused(was: ViewState, view: ViewState) -> bool:
    """Something is to be taken out, still is after a while, or was taken out before it was judged."""
    if view.screen is Screen.REFUSED:
        return was.screen is not Screen.REFUSED or view.offered > was.offered
    refused = view.item is not None and not view.item.accepted
    return refused and view.item != was.item and view.screen in {Screen.ATTRACT, Screen.FEEDING}


def passed(mark: int, before: Moment, now: Moment) -> bool:
    """Whether of a wait for the visitor no more than ``mark`` seconds are left, for the first time.

    Only where half of the wait is over by then: nobody is hurried at once.
    """
    view, left_s = now.view, now.left_s
    if left_s is None or before.left_s is None or not view.may_stay or before.view.screen is not view.screen:
        return False
    return before.left_s > mark >= left_s and view.ends_in_s is not None and 2 * mark <= view.ends_in_s
