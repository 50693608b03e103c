"""What only hands can do in a self-test, and whose hands: those of a technician at a terminal or at a kiosk that runs, or of the twin's people.

What is then measured is the steps' business. Every wait for a person keeps the machine's beat up by calling ``keep``.
"""

import os
import queue
import select
from collections.abc import Callable
from enum import StrEnum
from typing import IO, Protocol

from kiosk.selftest.results import StepReason
from kiosk.words.catalogue import Words

KEEP_S = 0.2
"""How often ``keep`` is called while a person is waited for; the controller takes two seconds of the same beat for silence."""


class Chore(StrEnum):
    """``COVER_BEAM`` is done while the hand is in the gate, ``HOLD_BLOCK`` before the gate moves, ``TAKE_OUT`` while it stands open; a sheet is held through the service door."""

    OPEN_DOOR = "open_door"
    SHUT_DOOR = "shut_door"
    COVER_BEAM = "cover_beam"
    FREE_BEAM = "free_beam"
    HOLD_BLOCK = "hold_block"
    PUT_WEIGHT = "put_weight"
    PUT_METAL = "put_metal"
    PUT_BOTTLE = "put_bottle"
    TAKE_OUT = "take_out"
    HOLD_SHEET = "hold_sheet"
    HOLD_LEFT = "hold_left"
    HOLD_MIDDLE = "hold_middle"
    HOLD_RIGHT = "hold_right"
    LAY_TARGET = "lay_target"


class NotDone(Exception):
    """The hands did not do it: ``PERSON`` with the person's own reason in ``detail``, or ``NOBODY`` is there."""

    def __init__(self, chore: StrEnum, reason: StepReason, detail: str = "") -> None:
        super().__init__(f"{chore}: {reason} {detail}".strip())
        self.chore = chore
        self.reason = reason
        self.detail = detail


class Hands(Protocol):
    """``weight_g`` is the weight that they put on the scale."""

    weight_g: int

    def do(self, chore: Chore, keep: Callable[[], None]) -> None:
        """Returns once it is done, or begun by somebody who needs no telling. Raises NotDone."""
        ...


class TerminalHands:
    """Asks on ``ask`` and waits for a line on the file ``source``: Enter when done, ``s`` and a reason to skip."""

    weight_g = 500
    """The test weight in the technician's case: class M2 of OIML R 111 is within 0.08 g of it."""

    def __init__(self, words: Words, ask: Callable[[str], None], source: int) -> None:
        self._words = words
        self._ask = ask
        self._source = source
        self._heard = b""

    def do(self, chore: Chore, keep: Callable[[], None]) -> None:
        self._ask(self._words.text(f"selftest.chore.{chore}", weight_g=self.weight_g))
        self._ask(self._words.text("selftest.enter"))
        said = self._line(chore, keep)
        if said.split(maxsplit=1)[:1] not in (["s"], ["S"]):
            return
        why = said[1:].strip()
        while not why:
            self._ask(self._words.text("selftest.why"))
            why = self._line(chore, keep)
        raise NotDone(chore, StepReason.PERSON, why)

    def _line(self, chore: Chore, keep: Callable[[], None]) -> str:
        """The next line. Reads the file itself: what a text stream has buffered, ``select`` does not see."""
        while b"\n" not in self._heard:
            keep()
            if not select.select([self._source], [], [], KEEP_S)[0]:
                continue
            data = os.read(self._source, 4096)
            if not data:
                raise NotDone(chore, StepReason.NOBODY)
            self._heard += data
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode("utf-8", "replace").strip()


class SpokenHands:
    """A technician who says when it is done. ``ask`` tells what; the answers come from another thread."""

    weight_g = TerminalHands.weight_g

    def __init__(self, ask: Callable[[Chore], None]) -> None:
        self._ask = ask
        self._said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._gone = False

    def do(self, chore: Chore, keep: Callable[[], None]) -> None:
        self._said = queue.SimpleQueue()
        self._ask(chore)
        while not self._gone:
            keep()
            try:
                why_not = self._said.get(timeout=KEEP_S)
            except queue.Empty:
                continue
            if why_not is None:
                return
            raise NotDone(chore, StepReason.PERSON, why_not)
        raise NotDone(chore, StepReason.NOBODY)

    def done(self) -> None:
        self._said.put(None)

    def skip(self, why: str) -> None:
        self._said.put(why)

    def leave(self) -> None:
        """Nobody does anything any more."""
        self._gone = True


COVERED_MS = 3000
"""How long the twin's people keep a hand in the gate: on a busy machine a second may pass unseen."""

LINES = {
    Chore.OPEN_DOOR: "door open",
    Chore.SHUT_DOOR: "door shut",
    Chore.COVER_BEAM: f"reach {COVERED_MS}",
    Chore.FREE_BEAM: "",
    Chore.HOLD_BLOCK: "gate obstacle 1",
    Chore.PUT_WEIGHT: "put pet_full roll 5",
    Chore.PUT_METAL: "put can_33 roll 4",
    Chore.PUT_BOTTLE: "put pet_clear_50 roll 5",
    Chore.TAKE_OUT: "pull",
    Chore.HOLD_SHEET: "camera sheet middle",
    Chore.HOLD_LEFT: "camera sheet left",
    Chore.HOLD_MIDDLE: "camera sheet middle",
    Chore.HOLD_RIGHT: "camera sheet right",
    Chore.LAY_TARGET: "camera sheet middle",
}
"""What the twin's people are told (drivers/twin/scenario.py)."""


class TwinHands:
    """The twin's people do it, told on its standard input. Their weight is a full half-litre bottle."""

    weight_g = 525

    def __init__(self, stdin: IO[str]) -> None:
        self._stdin = stdin

    def do(self, chore: Chore, keep: Callable[[], None]) -> None:
        keep()
        self.say(LINES[chore])

    def say(self, line: str) -> None:
        """A line to the twin, of the scenarios' grammar."""
        self._stdin.write(line + "\n")
        self._stdin.flush()
