"""The visitor at the screen of a simulated kiosk: keeps each voucher, starts again, and finishes when there are no more bottles."""

import json
import queue
import threading
from collections.abc import Callable
from typing import IO, Any

from kiosk.deposit.events import Touch
from kiosk.deposit.halts import Halt
from kiosk.deposit.view import Screen

LOOK_UP_S = 0.1

Shown = dict[str, Any]
"""One view-state, as the kiosk wrote it."""


def touch_for(screen: Screen, halt: Halt | None, no_more: Callable[[], bool]) -> Touch | None:
    """What such a visitor touches next: keeps each voucher, takes out what was left behind, finishes when there are no more bottles."""
    match screen:
        case Screen.CHOOSE:
            return Touch.KEEP
        case Screen.VOUCHER | Screen.PARTING | Screen.THANKS:
            return Touch.DONE
        case Screen.FEEDING | Screen.STILL_HERE if no_more():
            return Touch.FINISH
        case Screen.OUT_OF_ORDER if halt is Halt.LEFT_BEHIND:
            return Touch.TAKE_OUT
        case _:
            return None


class Visitor:
    """Reads view-states from the kiosk's ``screen`` (its stdout) and answers with touches (its stdin)."""

    def __init__(self, screen: IO[str], fingers: IO[str], no_more: Callable[[], bool], tell: Callable[[Shown], None]) -> None:
        self._screen = screen
        self._fingers = fingers
        self._no_more = no_more
        self._tell = tell
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.shown: Shown | None = None
        threading.Thread(target=self._read, name="screen", daemon=True).start()

    def _read(self) -> None:
        for line in self._screen:
            self._lines.put(line)
        self._lines.put(None)

    def attend(self) -> bool:
        """Looks at the screen once and touches what is due. False when the kiosk fell silent for good."""
        try:
            line = self._lines.get(timeout=LOOK_UP_S)
        except queue.Empty:
            line = ""
        if line is None:
            return False
        if line:
            self.shown = json.loads(line)
            self._tell(self.shown)
        touch = self._due()
        if touch is not None:
            self._touch(touch)
        return True

    @property
    def gone(self) -> bool:
        """Nobody is there any more: no bottle to come, no visit open, and the kiosk waits for the next visitor."""
        return self.shown is not None and self.shown["screen"] == Screen.ATTRACT and self._no_more()

    def _due(self) -> Touch | None:
        if self.shown is None:
            return None
        halt = self.shown["halt"]
        return touch_for(Screen(self.shown["screen"]), Halt(halt) if halt else None, self._no_more)

    def _touch(self, touch: Touch) -> None:
        try:
            self._fingers.write(touch.value + "\n")
            self._fingers.flush()
        except BrokenPipeError:
            return  # it has ended; the next look says so
