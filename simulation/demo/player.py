"""Plays one visit by itself: from each view-state to the next deed. What is put in is given; when, the screen says."""

from collections.abc import Sequence

from kiosk.deposit.events import Touch
from kiosk.deposit.view import Screen
from simulation.demo.deeds import Deed, Press, PutIn
from simulation.visitor import Shown

VISIT = (
    PutIn("pet_clear_50", 5),
    PutIn("can_33", 4),
    PutIn("jar", 5),
    PutIn("glass_brown_33", 6),
)
"""A bottle that is taken; a can, which is not, nor is a jar; and a bottle of glass."""

LOOKED_AT = (Screen.CHECKING, Screen.REFUSED)


class Player:
    """``see`` is called with each view-state in turn. ``over`` once the kiosk waits for the next visitor again."""

    def __init__(self, puts: Sequence[PutIn] = VISIT) -> None:
        self._puts = list(puts)
        self._put_in = False
        """Whether something was put in whose fate the screen has not told yet."""
        self._looked_at = False
        self._pressed: Press | None = None
        self._pressed_on: Screen | None = None
        self._voucher = False
        self.over = False

    def see(self, shown: Shown) -> Deed | None:
        """What to do now; None while the kiosk is at work."""
        screen = Screen(shown["screen"])
        if screen is not self._pressed_on:
            self._pressed = self._pressed_on = None
        if self._put_in and screen in LOOKED_AT:
            self._looked_at = True
        if self._looked_at and screen is Screen.FEEDING:
            self._put_in = self._looked_at = False
        self._voucher |= screen is Screen.VOUCHER
        if self._voucher and screen is Screen.ATTRACT:
            self.over = True
            return None
        return self._next(screen)

    def _next(self, screen: Screen) -> Deed | None:
        match screen:
            case Screen.ATTRACT | Screen.FEEDING if self._puts and not self._put_in:
                self._put_in = True
                return self._puts.pop(0)
            case Screen.FEEDING if not self._put_in:
                return self._press(screen, Touch.FINISH)
            case Screen.CHOOSE:
                return self._press(screen, Touch.KEEP)
            case Screen.VOUCHER | Screen.PARTING:
                return self._press(screen, Touch.DONE)
            case Screen.STILL_HERE:
                return self._press(screen, Touch.ALIVE)
            case _:
                return None

    def again(self) -> Deed | None:
        """What to do if nothing has come of the last press: a screen that has just changed takes no touch yet."""
        return self._pressed

    def _press(self, screen: Screen, touch: Touch) -> Press | None:
        """Once for as long as a screen stands."""
        if self._pressed_on is screen:
            return None
        self._pressed, self._pressed_on = Press(touch), screen
        return self._pressed
