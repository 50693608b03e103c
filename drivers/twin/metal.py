"""The simulated metal: gate, flap, sorter, scale and beams with travel and settling times, and the one item in the chamber.

It implements the firmware's ``Metal`` and decides nothing: people act on it from ``people.py``, the controller through
its drives. Each read moves an item at most one stage on, so that no sensor's change is too short to be seen, however short
the stated times are. What happened is in ``truth.py`` before it shows here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from drivers.twin.items import Item
from drivers.twin.mechanics import Mechanics
from drivers.twin.truth import Event, Happening, Truth
from firmware import registers
from firmware.metal import BINS, Metal, Sensors

BIN_HOLDS = 400
"""Bottles that fill a bin; stated, as nothing is known of the real ones."""

LEAVES, REACHES_BEAM = 0.4, 0.7
"""Shares of the fall's time after which the item has left the chamber, and after which it interrupts the drop beam."""

SETTLE_DECAY, SETTLE_SWINGS = 5.0, 3.0
"""The scale swings this often while it settles, and what is left at the end is e to the minus ``SETTLE_DECAY``."""


class Slide:
    """A part that travels between shut and open. Where it stands is what the last ``advance`` saw."""

    def __init__(self, open_ms: int, shut_ms: int) -> None:
        self.is_open = False
        self.is_shut = True
        self._open_ms = open_ms
        self._shut_ms = shut_ms
        self._opens = False
        self._arrives_at = 0

    def drive(self, opens: bool, now_ms: int) -> None:
        """Sets off, from wherever it stands, with the whole travel's time before it."""
        if opens != self._opens:
            self._opens = opens
            self.is_open = self.is_shut = False
            self._arrives_at = now_ms + (self._open_ms if opens else self._shut_ms)

    def advance(self, now_ms: int) -> None:
        if now_ms >= self._arrives_at:
            self.is_open, self.is_shut = self._opens, not self._opens

    @property
    def opens(self) -> bool:
        """Whether it is open or on its way there."""
        return self._opens


@dataclass(slots=True)
class _Lying:
    """The item in the chamber, and since when."""

    happening: Happening
    metal: bool
    since_ms: int


class SimulatedMetal(Metal):
    """One intake's metal. ``items`` names all that may lie in it, for the item that a killed twin left there.

    ``watch`` hands in who knows the command under way: physics does not need it, the truth tells it.
    """

    def __init__(self, mechanics: Mechanics, clock_ms: Callable[[], int], truth: Truth, items: dict[str, Item]) -> None:
        self.gate = Slide(mechanics.gate_open_ms, mechanics.gate_shut_ms)
        self.hand_in_gate = False
        self._mechanics = mechanics
        self._clock_ms = clock_ms
        self._truth = truth
        self._flap = Slide(0, mechanics.flap_shut_ms)
        self._doing: Callable[[], tuple[int, int] | None] = lambda: None
        self._sorter_bin = 1
        self._sorter_arrives_at = 0
        self._jams = 0
        self._jammed = False
        self._flap_opened_at = 0
        self._falling_stage = 0
        self._lying = _left_behind(truth, items, clock_ms() - mechanics.settle_ms)

    def watch(self, doing: Callable[[], tuple[int, int] | None]) -> None:
        self._doing = doing

    @property
    def lying(self) -> Happening | None:
        """What lies in the chamber."""
        return self._lying.happening if self._lying else None

    @property
    def next_number(self) -> int:
        """The number of the item that is put in next."""
        return self._truth.items + 1

    @property
    def moving(self) -> bool:
        """Whether anything changes by itself now."""
        now = self._clock_ms()
        at_ends = (self.gate.is_open or self.gate.is_shut) and self._flap.is_shut and now >= self._sorter_arrives_at
        settled = self._lying is None or now >= self._lying.since_ms + self._mechanics.settle_ms
        return not (at_ends and settled) or self._falling_stage > 0

    def read(self) -> Sensors:
        now = self._clock_ms()
        self.gate.advance(now)
        self._flap.advance(now)
        self._fall(now)
        return Sensors(
            weight_g=self._weight_g(now),
            occupied=self._lying is not None,
            metal=self._lying is not None and self._lying.metal,
            gate_shut=self.gate.is_shut,
            gate_open=self.gate.is_open,
            entry_beam=self.hand_in_gate,
            drop_beam=self._falling_stage == 2,
            flap_locked=self._flap.is_shut,
            sorter_bin=self._sorter_bin if now >= self._sorter_arrives_at else 0,
        )

    def bin_percent(self, bin_number: int) -> int:
        return min(100, 100 * self._truth.fallen[bin_number] // BIN_HOLDS)

    def drive_gate(self, is_open: bool) -> None:
        self.gate.drive(is_open, self._clock_ms())

    def drive_flap(self, is_open: bool) -> None:
        now = self._clock_ms()
        if is_open and not self._flap.opens:
            self._flap_opened_at = now
            self._jammed = self._jams > 0 and self._lying is not None
            self._jams -= self._jammed
        self._flap.drive(is_open, now)

    def turn_sorter(self, bin_number: int) -> None:
        if not 1 <= bin_number <= BINS:
            raise ValueError(f"bin {bin_number} is not within 1 and {BINS}")
        if bin_number != self._sorter_bin:
            self._sorter_bin = bin_number
            self._sorter_arrives_at = self._clock_ms() + self._mechanics.sorter_turn_ms

    def jam(self, sorts: int) -> None:
        """The next so many times that the flap opens under an item, the item stays."""
        self._jams += sorts

    def put(self, item: Item, roll_deg: float | None, *, scenario: bool) -> Happening:
        """A person's item comes to lie in the chamber, which must be empty behind an open gate."""
        if self._lying is not None or self.gate.is_shut:
            raise ValueError("nothing can be put in")
        happening = Happening(
            Event.IN,
            self.next_number,
            item.name,
            item.codes,
            item.weight_g,
            None,
            None,
            controlled=False,
            roll_deg=roll_deg,
            scenario=scenario,
        )
        self._truth.append(happening)
        self._lying = _Lying(happening, item.metal, self._clock_ms())
        return happening

    def take_out(self) -> None:
        """A person takes the item out through the gate, which must not be shut."""
        if self._lying is None or self.gate.is_shut:
            raise ValueError("nothing can be taken out")
        handed_back = self._sequence_of(registers.CMD_RETURN) is not None
        self._truth.append(self._lying.happening.taken_out(handed_back=handed_back))
        self._lying = None

    def _fall(self, now: int) -> None:
        """One stage a read: lies (0), has left the chamber (1), is in the drop beam (2), has passed it (0)."""
        fallen_for = now - self._flap_opened_at
        fall_ms = self._mechanics.fall_ms
        if self._falling_stage == 0 and self._lying is not None:
            if self._flap.is_open and not self._jammed and fallen_for >= LEAVES * fall_ms:
                self._truth.append(self._lying.happening.fell(self._sorter_bin, self._sequence_of(registers.CMD_SORT)))
                self._lying = None
                self._falling_stage = 1
        elif self._falling_stage == 1 and fallen_for >= REACHES_BEAM * fall_ms:
            self._falling_stage = 2
        elif self._falling_stage == 2 and fallen_for >= fall_ms:
            self._falling_stage = 0

    def _weight_g(self, now: int) -> int:
        if self._lying is None:
            return 0
        weight_g, time_ms = self._lying.happening.weight_g, now - self._lying.since_ms
        if time_ms >= self._mechanics.settle_ms:
            return weight_g
        share = time_ms / self._mechanics.settle_ms
        return round(weight_g * (1 - math.exp(-SETTLE_DECAY * share) * math.cos(2 * math.pi * SETTLE_SWINGS * share)))

    def _sequence_of(self, command: int) -> int | None:
        doing = self._doing()
        return doing[1] if doing is not None and doing[0] == command else None


class ItemGone(Exception):
    """An item lay in the chamber when the twin was killed, and the folder of items holds it no more."""

    def __init__(self, item: str) -> None:
        super().__init__(f"{item} lies in the chamber and is not among the items")
        self.item = item


def _left_behind(truth: Truth, items: dict[str, Item], since_ms: int) -> _Lying | None:
    lying = truth.lying
    if lying is None:
        return None
    if lying.item not in items:
        raise ItemGone(lying.item)
    return _Lying(lying, items[lying.item].metal, since_ms)
