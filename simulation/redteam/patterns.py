"""The patterns: what is tried with a picture of the pool, as lines of the twin's people, and what would be wrong about being paid for it.

A try is one thing put in by somebody who comes for it alone, or, for what only repetition makes wrong, many times over.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from config.vocabulary import Material
from drivers.twin.actions import Action, CatchPoint, Fish, Put
from drivers.twin.items import Item
from simulation.redteam.pool import Drawn

SCATTER = 0.01
"""Two bottles of one kind differ by so much in weight (one standard deviation). A choice: nothing was measured."""

SAME_TIMES = 33
BASKET = 24


class Wrong(StrEnum):
    """What must not happen with a put. ``PAID``: to be credited. ``AS_PLASTIC``: to be credited as plastic. ``NOT_PAID``: to be sent away with it."""

    PAID = "paid"
    AS_PLASTIC = "as_plastic"
    NOT_PAID = "not_paid"


@dataclass(frozen=True, slots=True)
class Trial:
    """One try with one picture: its puts, each a thing of its own, and what comes before each. ``entry``: the material that a catalogue claims for its code."""

    picture: str
    puts: tuple[Item, ...]
    before: tuple[Action, ...] = ()
    entry: tuple[Material, int] | None = None

    def lines(self) -> tuple[Action, ...]:
        return tuple(line for put in self.puts for line in (*self.before, Put(put.name)))


Make = Callable[[Drawn, random.Random, int], Trial]


@dataclass(frozen=True, slots=True)
class Pattern:
    """``pool``: the pictures' pattern there. ``forgiven``: so many puts of a trial are any honest person's too and count for nothing."""

    name: str
    pool: str
    wrong: Wrong
    make: Make
    chosen: Callable[[Drawn], bool] = lambda drawn: True  # noqa: ARG005 - all of them
    forgiven: int = 0
    most_pictures: int = 1000


def _weighed(item: Item, rng: random.Random, name: str) -> Item:
    """Another one of its kind."""
    return replace(item, name=name, weight_g=max(1, round(item.weight_g * rng.gauss(1, SCATTER))))


def once(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    return Trial(drawn.item.name, (_weighed(drawn.item, rng, f"{drawn.item.name}-{number}"),))


def _unfelt(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """The metal sensor does not feel it."""
    trial = once(drawn, rng, number)
    return replace(trial, puts=tuple(replace(item, metal=False) for item in trial.puts))


def _fished(place: CatchPoint) -> Make:
    return lambda drawn, rng, number: replace(once(drawn, rng, number), before=(Fish(place),))


def _foreign_label(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """The label of a product of the other material, which a catalogue knows."""
    plastic = drawn.material == "pet"
    return replace(once(drawn, rng, number), entry=(Material.GLASS, 450) if plastic else (Material.PLASTIC, 25))


def _same(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """One bottle, again and again: the scale's last gram apart, it weighs the same."""
    whole = _weighed(drawn.item, rng, "one")
    puts = (
        replace(whole, name=f"{drawn.item.name}-{number}-{turn}", weight_g=whole.weight_g + rng.choice((0, 0, 0, 1)))
        for turn in range(SAME_TIMES)
    )
    return Trial(drawn.item.name, tuple(puts))


def _equals(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """A basket of bottles of one product."""
    return Trial(drawn.item.name, tuple(_weighed(drawn.item, rng, f"{drawn.item.name}-{number}-{turn}") for turn in range(BASKET)))


def _is_wet(least_ml: int) -> Callable[[Drawn], bool]:
    return lambda drawn: (drawn.liquid_ml > 200) == (least_ml > 200)


FRAUDS: Sequence[Pattern] = (
    *(Pattern(name, name, Wrong.PAID, once) for name in ("jar", "phone", "paper", "cup", "carton", "card_bottle", "labelled_can")),
    Pattern("unfelt_can", "can", Wrong.PAID, _unfelt),
    Pattern("two_labels", "two_labels", Wrong.PAID, once),
    Pattern("two_at_once", "two_at_once", Wrong.PAID, once),
    Pattern("water_100_ml", "water", Wrong.PAID, once, _is_wet(100)),
    Pattern("water_330_ml", "water", Wrong.PAID, once, _is_wet(330)),
    Pattern("stones", "stones", Wrong.PAID, once),
    Pattern("restricted_code", "restricted", Wrong.PAID, once),
    Pattern("small_glass_as_plastic", "small_glass", Wrong.AS_PLASTIC, once),
    Pattern("hand_in_view", "hand", Wrong.PAID, once),
    Pattern("fished_before_beam", "string", Wrong.PAID, _fished(CatchPoint.HALF)),
    Pattern("fished_in_beam", "string", Wrong.PAID, _fished(CatchPoint.BEAM)),
    Pattern("foreign_label", "honest", Wrong.PAID, _foreign_label, most_pictures=20),
    Pattern("same_bottle", "honest", Wrong.PAID, _same, forgiven=BASKET, most_pictures=8),
)
HONEST: Sequence[Pattern] = (
    Pattern("honest", "honest", Wrong.NOT_PAID, once),
    Pattern("heavy_glass", "heavy_glass", Wrong.NOT_PAID, once),
    Pattern("crushed", "crushed", Wrong.NOT_PAID, once),
    Pattern("equal_basket", "honest", Wrong.NOT_PAID, _equals, most_pictures=8),
)
BY_NAME = {pattern.name: pattern for pattern in (*FRAUDS, *HONEST)}
