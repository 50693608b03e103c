"""The way of the twin's items: the chamber, the flap, the drop beam, the bin; and how they get caught on it.

::

    CHAMBER ── flap open ──▶ FALLING ──▶ BEAM ──▶ in the bin        jammed: stays in the chamber
       ▲          │             ▲  │       │
       │          └──▶ STUCK ───┘  └───┬───┘                        STUCK keeps the flap from locking; caught in the BEAM it hangs there
       └──────── pulled up on its line ┘
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

from config.told import WrongUse
from drivers.twin.actions import Catch, CatchPoint, Fish, Stage
from drivers.twin.drives import Drive
from drivers.twin.items import Item
from drivers.twin.mechanics import Mechanics
from drivers.twin.truth import Event, Happening, Truth

LEAVES, REACHES_BEAM = 0.4, 0.7
"""Shares of the fall's time after which the item has left the chamber, and after which it interrupts the drop beam."""

BESIDE = 0.2
"""Share of the fall's time by which the second of two is behind the first."""

LINE_MS = 50
"""How long a fished item is down before it is pulled up: quicker than the flap shuts."""

STUCK_AT = 0.3
"""Where the flap stands against an item that is stuck in its way."""


class ItemGone(WrongUse):
    """An item was in the machine when the twin was killed, and the folder of items holds it no more."""

    def __init__(self, item: str) -> None:
        super().__init__(f"{item} is in the machine and not among the items")
        self.item = item


class Where(Enum):
    CHAMBER = auto()
    FALLING = auto()
    BEAM = auto()
    STUCK = auto()


class Fate(Enum):
    """What becomes of an item on its way: it falls, gets caught in a place, or is on a line that lets it down so far."""

    FALLS = auto()
    STICKS = auto()
    HANGS = auto()
    LINE_HALF = auto()
    LINE_BEAM = auto()


@dataclass(slots=True)
class Thing:
    """An item in the machine: where it is, and since when.

    ``loose_ms``: how long it stays caught, None: until something is done about it. ``held``: on its line in the chamber, so that an
    open flap does not let it fall.
    """

    happening: Happening
    metal: bool
    where: Where
    since_ms: int
    fate: Fate = Fate.FALLS
    loose_ms: int | None = None
    held: bool = False

    @property
    def is_caught(self) -> bool:
        return self.where is Where.STUCK or (self.where is Where.BEAM and self.fate is Fate.HANGS)

    @property
    def is_caught_for_good(self) -> bool:
        return self.is_caught and self.loose_ms is None


class Shaft:
    """All items in the machine. Each ``advance`` moves one at most one place on, so that no sensor's change is too short to be seen."""

    def __init__(self, truth: Truth, items: dict[str, Item], since_ms: int) -> None:
        self.things = [_left_behind(happening, items, since_ms) for happening in truth.inside.values()]
        self.jams = 0
        self.fates: deque[Catch | Fish] = deque()
        """What becomes of the next items that leave the chamber."""
        self._truth = truth
        self._jammed = False
        self._opened_ms = 0
        self._by: int | None = None
        self._passed = False

    @property
    def lying(self) -> list[Thing]:
        """What is in the chamber."""
        return [thing for thing in self.things if thing.where is Where.CHAMBER]

    @property
    def on_the_way(self) -> bool:
        """Whether something outside the chamber still moves on by itself."""
        return any(thing.where is not Where.CHAMBER and not thing.is_caught_for_good for thing in self.things)

    @property
    def removable(self) -> list[Thing]:
        """What a hand can take: what lies in the chamber, and what is caught."""
        return [thing for thing in self.things if thing.where is Where.CHAMBER or thing.is_caught]

    @property
    def sticks(self) -> bool:
        """Whether something lies in the flap's way."""
        return any(thing.where is Where.STUCK for thing in self.things)

    @property
    def beam(self) -> bool:
        return any(thing.where is Where.BEAM for thing in self.things)

    def open(self, sequence: int | None, now_ms: int, *, by_hand: bool) -> None:
        """The flap begins to open: a Sort's doing, or nobody's. A hand shakes loose what is jammed."""
        self._opened_ms, self._by, self._passed = now_ms, sequence, False
        self._jammed = self.jams > 0 and bool(self.lying) and not by_hand
        self.jams -= self._jammed

    def due_ms(self, flap: Drive, mechanics: Mechanics) -> int | None:
        """When the next item moves on."""
        dues = [due for thing in self.things if (due := self._due_ms(thing, flap, mechanics)) is not None]
        return min(dues, default=None)

    def advance(self, now_ms: int, flap: Drive, bin_number: int, mechanics: Mechanics) -> set[Stage]:
        """What the items reached."""
        reached: set[Stage] = set()
        for thing in tuple(self.things):
            thing.held = thing.held and not flap.is_shut
            due_ms = self._due_ms(thing, flap, mechanics)
            if due_ms is None or now_ms < due_ms:
                continue
            if thing.where is Where.CHAMBER:
                self._leave(thing, now_ms, bin_number)
                reached.add(Stage.FALL)
            else:
                self._go_on(thing, now_ms, flap, bin_number)
                reached |= {Stage.BEAM} if thing.where is Where.BEAM and thing.since_ms == now_ms else set()
        if self._passed and flap.is_shut:
            self._passed = False
            reached.add(Stage.LOCK)
        return reached

    def _due_ms(self, thing: Thing, flap: Drive, mechanics: Mechanics) -> int | None:
        """When it moves on from where it is, None: not by itself."""
        fall_ms = mechanics.fall_ms
        match thing.where, thing.fate:
            case Where.CHAMBER, _:
                goes = flap.is_open and not self._jammed and not thing.held
                return self._opened_ms + round(LEAVES * fall_ms) if goes else None
            case (Where.STUCK, _) if flap.is_open and self._opened_ms > thing.since_ms:
                return self._opened_ms
            case (Where.STUCK, _) | (Where.BEAM, Fate.HANGS):
                return None if thing.loose_ms is None else thing.since_ms + thing.loose_ms
            case (Where.FALLING, Fate.LINE_HALF) | (Where.BEAM, Fate.LINE_BEAM):
                return thing.since_ms + LINE_MS
            case Where.FALLING, _:
                behind = BESIDE if thing.happening.beside is not None else 0.0
                return thing.since_ms + round((REACHES_BEAM - LEAVES + behind) * fall_ms)
            case _:
                return thing.since_ms + round((1 - REACHES_BEAM) * fall_ms)

    def _leave(self, thing: Thing, now_ms: int, bin_number: int) -> None:
        """Out of the chamber, to whatever fate comes next."""
        happening = thing.happening
        match self.fates.popleft() if self.fates else None:
            case Catch(place, loose_ms):
                half = place is CatchPoint.HALF
                thing.fate, thing.loose_ms = Fate.STICKS if half else Fate.HANGS, loose_ms
                self._tell(thing, happening.left(Event.STUCK if half else Event.HANGS, self._by))
                thing.where = Where.STUCK if half else Where.FALLING
            case Fish(place):
                thing.fate = Fate.LINE_HALF if place is CatchPoint.HALF else Fate.LINE_BEAM
                self._tell(thing, happening.left(Event.HANGS, self._by))
                thing.where = Where.FALLING
            case None:
                self._tell(thing, happening.fell(bin_number, self._by))
                thing.where = Where.FALLING
        thing.since_ms = now_ms

    def _go_on(self, thing: Thing, now_ms: int, flap: Drive, bin_number: int) -> None:
        thing.since_ms = now_ms
        match thing.where, thing.fate:
            case (Where.FALLING, Fate.LINE_HALF) | (Where.BEAM, Fate.LINE_BEAM):
                self._pull_up(thing, flap, bin_number)
            case Where.STUCK, _:
                self._fall(thing, bin_number)
                thing.where = Where.FALLING
            case Where.FALLING, _:
                thing.where = Where.BEAM
            case _:
                if thing.fate is Fate.HANGS:
                    self._fall(thing, bin_number)
                self.things.remove(thing)
                self._passed = True

    def _pull_up(self, thing: Thing, flap: Drive, bin_number: int) -> None:
        """Into the chamber again; a flap that has locked above it cuts the line."""
        if flap.is_shut:
            self._fall(thing, bin_number)
            return
        self._tell(thing, thing.happening.up())
        thing.where, thing.fate, thing.held = Where.CHAMBER, Fate.FALLS, True

    def _fall(self, thing: Thing, bin_number: int) -> None:
        """What was caught, or on a line, falls now."""
        self._tell(thing, thing.happening.fell(bin_number, thing.happening.sequence))
        thing.fate = Fate.FALLS

    def _tell(self, thing: Thing, happening: Happening) -> None:
        self._truth.append(happening)
        thing.happening = happening


def _left_behind(happening: Happening, items: dict[str, Item], since_ms: int) -> Thing:
    """What a killed twin left in the machine, at rest by now."""
    if happening.item not in items:
        raise ItemGone(happening.item)
    metal = items[happening.item].metal
    match happening.event:
        case Event.STUCK:
            return Thing(happening, metal, Where.STUCK, since_ms, Fate.STICKS)
        case Event.HANGS:
            return Thing(happening, metal, Where.BEAM, since_ms, Fate.HANGS)
        case _:
            return Thing(happening, metal, Where.CHAMBER, since_ms)
