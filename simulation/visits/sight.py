"""What the kiosk's own sight makes of each picture: read once, with as many looks as the policy wants, and handed to every simulated bottle that looks like it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from config.vocabulary import Gtin
from drivers.twin.items import Item
from kiosk.deposit.actions import Judge, Watch
from kiosk.deposit.events import Judged, Pictured
from kiosk.deposit.notes import Note
from kiosk.material import Materials
from kiosk.workers.sight import NoProducts
from recognition.history import History
from recognition.policy import Policy
from recognition.shape.look import seen_in_the_dark
from recognition.verdict import Look, MaterialVote
from simulation.chamber import empty_chamber
from simulation.virtual.clock import VirtualClock
from simulation.virtual.eyes import Eyes


@dataclass(frozen=True, slots=True)
class Seen:
    """One time that a thing lay there: its looks, the one with the lamp off, what its pictures are taken for by material."""

    looks: tuple[Look, ...]
    dark: Look | None
    material: tuple[MaterialVote, ...]

    def with_codes(self, codes: dict[Gtin, Gtin]) -> "Seen":
        """The same with other codes printed on it, each in its place; a value that is not among them was misread and stays."""
        return replace(self, looks=tuple(_printed(look, codes) for look in self.looks))

    def turned_away(self) -> "Seen":
        """The same with the code on the other side."""
        return replace(self, looks=tuple(replace(look, sightings=frozenset(), other=frozenset(), unsure=()) for look in self.looks))


def _printed(look: Look, codes: dict[Gtin, Gtin]) -> Look:
    return replace(look, sightings=frozenset(replace(one, code=codes.get(one.code, one.code)) for one in look.sightings), unsure=())


class Sight:
    """``takes``: so many times each picture is looked at, in other light and with other noise."""

    def __init__(self, policy: Policy, seed: int, takes: int) -> None:
        self._clock = VirtualClock()
        self._told: list[Judged] = []
        self._eyes = Eyes(
            self._clock, self._hear, policy=policy, memory=History(), products=NoProducts(), seed=seed, materials=Materials(_missed)
        )
        self._background = empty_chamber(seed)
        self._takes = takes
        self._number = 0

    def of(self, items: Iterable[Item]) -> "dict[str, tuple[Seen, ...]]":
        """By the item's name."""
        return {item.name: tuple(self._seen(item) for _ in range(self._takes)) for item in items}

    def _seen(self, item: Item) -> Seen:
        self._number += 1
        self._told.clear()
        self._eyes.show(self._number, item, None)
        self._eyes.perform(Watch(self._number))
        # the looks end by what is seen alone; of metal, which is handed back, nobody asks whether it shines
        self._eyes.perform(Judge(self._number, item.weight_g, metal=True))
        while not self._told:
            due_s = self._eyes.due_s or 0.0
            self._clock.turn_to(max(self._clock.milliseconds() + 1, math.ceil(1000 * due_s)))
            self._eyes.turn()
        evidence = self._told[0].verdict.evidence
        scene = seen_in_the_dark(self._eyes.without_lamp(), self._background)
        self._eyes.clear()
        dark = None if scene is None else Look(max(look.frame for look in evidence.looks) + 1, frozenset(), scene=scene)
        return Seen(evidence.looks, dark, evidence.material)

    def _hear(self, told: Judged | Pictured) -> None:
        if isinstance(told, Judged):
            self._told.append(told)


def _missed(note: Note) -> None:
    """The net that comes with the program cannot be asked: figures without its vote would be another kiosk's."""
    raise RuntimeError(note)
