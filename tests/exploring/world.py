"""What a world is made of: numbers of values, what has happened, and how much of everything may still happen."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from drivers.intake.worker import Intake
from exploring.books import MemoryJournal
from exploring.device import REAL, Variant
from exploring.life import Step
from exploring.metal import Fact, Fell, Out
from kiosk.deposit.step import step

V = TypeVar("V", bound=Hashable)

WIDTH = 4
"""Bits for each of the bounds: at most 15 of everything."""


class Bounds(NamedTuple):
    """How often each may happen. ``bottles`` come one after the other, the last ``refused`` of them are of a kind that is not taken."""

    bottles: int = 2
    refused: int = 0
    kiosk_cuts: int = 1
    controller_cuts: int = 1
    losses: int = 0
    doubles: int = 1
    delays: int = 0
    jams: int = 0
    manual: int = 0
    """Things that a technician lets fall by hand."""
    doors: int = 0
    waits: int = 0
    """Time-outs of the kiosk: its session's or its driver's."""
    stalls: int = 0
    """Time-outs of the controller: what moves does not arrive, or a visitor leaves what is handed back."""
    silences: int = 0
    """Times that the runner of a living kiosk hangs long enough for the controller to miss its beat."""
    unplugged: int = 0
    touches: int = 0
    prints: int = 0
    """What a ticket printer says: that it is ready, that a ticket is out, or that it broke off."""
    behind: int = 0
    """Times that the runner is busy while more comes in."""
    late: int = 0
    """Answers of the ledger that come after anything else, later answers too."""
    strangers: int = 0
    """Commands of another master on the line: a Sort with the next sequence, or an Open with the highest of all."""
    services: int = 0
    """Times that a technician asks for the machine."""
    loans: int = 0
    """Times that a tool asks for its line."""
    orders: int = 0
    """Commands of a tool that has the line, whatever it finds: an Open, a Return, or a Test of the flap."""


LUCK = Bounds._fields[2:]
ONE = {name: 1 << (WIDTH * place) for place, name in enumerate(LUCK)}
"""What one event of each kind costs."""
MASK = {name: ((1 << WIDTH) - 1) * one for name, one in ONE.items()}


def all_of(bounds: Bounds) -> int:
    """What is left before anything has happened, in one number."""
    assert max(bounds) < 1 << WIDTH, f"bounds go to {(1 << WIDTH) - 1}"
    return sum(ONE[name] * getattr(bounds, name) for name in LUCK)


def left_of(left: int, name: str) -> int:
    return (left & MASK[name]) // ONE[name]


def affords(left: int, costs: int) -> bool:
    """``costs`` are single events, so that there must be some left of each."""
    return not costs or all(left & mask for mask in MASK.values() if costs & mask)


class Past(NamedTuple):
    """What has happened and no part remembers. ``complaint``: what the ledger said when the session asked for what it forbids.
    ``paper``: (code, copy) of each ticket that came out, whole or not."""

    to_come: int
    fell: tuple[Fell, ...] = ()
    out: frozenset[int] = frozenset()
    complaint: str = ""
    paper: tuple[tuple[str, int], ...] = ()

    def with_facts(self, facts: tuple[Fact, ...], came: int) -> "Past":
        """``came``: how many bottles were put in."""
        fell = tuple(fact for fact in facts if isinstance(fact, Fell))
        out = {fact.bottle for fact in facts if isinstance(fact, Out)}
        return self._replace(to_come=self.to_come - came, fell=self.fell + fell, out=self.out | out)


class World(NamedTuple):
    """Numbers of values; ``kiosk`` is 0 without power. ``wire`` has a bit for each frame under way."""

    device: int
    wire: int
    kiosk: int
    books: int
    past: int
    left: int


class Numbers(Generic[V]):
    """Values by number and back."""

    def __init__(self, *first: V) -> None:
        self._numbers: dict[V, int] = {}
        self.values: list[V] = []
        for value in first:
            self(value)

    def __call__(self, value: V) -> int:
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


@dataclass(frozen=True)
class System:
    """What the world is built of. The tests' own parts leave out one rule each."""

    machine: Variant = REAL
    step: Step = step
    driver: type[Intake] = Intake
    journal: type[MemoryJournal] = MemoryJournal
