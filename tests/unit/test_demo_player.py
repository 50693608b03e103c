"""The visit that plays itself: when it puts in what, and what it touches, from view-states alone."""

from dataclasses import asdict

from kiosk.deposit.events import Touch
from kiosk.deposit.view import Screen, ViewState
from simulation.demo.deeds import Deed, Press, PutIn
from simulation.demo.player import Player
from simulation.visitor import Shown

ONE, TWO = PutIn("jar", 5), PutIn("cup", 100)


def shown(screen: Screen) -> Shown:
    return asdict(ViewState(screen))


def deeds(player: Player, *screens: Screen) -> list[Deed | None]:
    return [player.see(shown(screen)) for screen in screens]


def test_the_next_thing_goes_in_when_the_screen_has_told_of_the_one_before() -> None:
    way = (Screen.ONE_MOMENT, Screen.ATTRACT, Screen.ATTRACT, Screen.CHECKING, Screen.REFUSED, Screen.ONE_MOMENT, Screen.FEEDING)
    assert deeds(Player([ONE, TWO]), *way) == [None, ONE, None, None, None, None, TWO]


def test_a_bottle_that_was_never_looked_at_is_still_waited_for() -> None:
    assert deeds(Player([ONE, TWO]), Screen.ATTRACT, Screen.FEEDING, Screen.FEEDING) == [ONE, None, None]


def test_after_the_last_it_finishes_keeps_and_leaves_and_is_over_when_the_kiosk_waits_again() -> None:
    player = Player([ONE])
    deeds(player, Screen.ATTRACT, Screen.CHECKING)
    way = (Screen.FEEDING, Screen.ONE_MOMENT, Screen.CHOOSE, Screen.ONE_MOMENT, Screen.VOUCHER, Screen.THANKS)
    finish, keep, done = (Press(touch) for touch in (Touch.FINISH, Touch.KEEP, Touch.DONE))
    assert deeds(player, *way) == [finish, None, keep, None, done, None]
    assert not player.over
    assert deeds(player, Screen.ATTRACT) == [None]
    assert player.over


def test_a_screen_is_touched_once_and_again_only_when_asked_to() -> None:
    player = Player([])
    assert deeds(player, Screen.FEEDING, Screen.FEEDING) == [Press(Touch.FINISH), None]
    assert player.again() == Press(Touch.FINISH)
    assert deeds(player, Screen.ONE_MOMENT) == [None]
    assert player.again() is None


def test_who_is_asked_whether_he_is_still_there_says_so() -> None:
    player = Player([ONE])
    deeds(player, Screen.ATTRACT)
    assert deeds(player, Screen.STILL_HERE) == [Press(Touch.ALIVE)]
