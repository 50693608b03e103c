"""The patterns: what is tried with a picture of the pool, as lines of the twin's people, and what would be wrong about being paid for it.

A try is one thing put in by somebody who comes for it alone, or, for what only repetition makes wrong, many times over.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from drivers.twin.actions import Action, CatchPoint, Fish, Put
from drivers.twin.items import Item
from recognition.catalogue.entry import Packaging
from simulation.redteam.pool import Drawn
from simulation.weights import weight_of_one

KNOWN, HEAVY_G = 0.5, 120
"""Share of the codes that the catalogue knows; from which weight on a thing passes for glass rather than plastic."""

SAME_TIMES = 33
BASKET = 24


class Wrong(StrEnum):
    """What must not happen with a put. ``PAID``: to be credited. ``AS_PLASTIC``: to be credited as plastic. ``NOT_PAID``: to be sent away with it."""

    PAID = "paid"
    AS_PLASTIC = "as_plastic"
    NOT_PAID = "not_paid"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a catalogue knows under the code on the thing."""

    packaging: Packaging
    empty_g: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One try with one picture: its puts, each a thing of its own, and what comes before each. ``claim``: None where the catalogue does not know the code."""

    picture: str
    puts: tuple[Item, ...]
    before: tuple[Action, ...] = ()
    claim: Claim | None = None

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
    return replace(item, name=name, weight_g=weight_of_one(item.weight_g, rng))


def known(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """A bottle with its own label, which the catalogue knows, and what it weighs empty."""
    bottle = {"glass": Packaging.GLASS_BOTTLE, "pet": Packaging.PLASTIC_BOTTLE, "aluminium": Packaging.CAN}.get(
        drawn.material, Packaging.OTHER
    )
    own = Claim(bottle, (drawn.item.weight_g - drawn.contents_g) / drawn.things * rng.uniform(0.95, 1.05))
    put = _weighed(drawn.item, rng, f"{drawn.item.name}-{number}")
    return Trial(drawn.item.name, (put,), claim=own)


def once(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """The same, which the catalogue knows half of the time."""
    trial = known(drawn, rng, number)
    return trial if rng.random() < KNOWN else replace(trial, claim=None)


def disguised(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """No bottle, with the code of one: half of the time of one that the catalogue knows and that weighs nearly as much, as somebody would choose who knows how it is judged."""
    bottle = Packaging.GLASS_BOTTLE if drawn.item.weight_g >= HEAVY_G else Packaging.PLASTIC_BOTTLE
    trial = once(drawn, rng, number)
    return replace(trial, claim=trial.claim and Claim(bottle, drawn.item.weight_g * rng.uniform(0.9, 1.1)))


def _unfelt(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """The metal sensor does not feel it."""
    trial = once(drawn, rng, number)
    return replace(trial, puts=tuple(replace(item, metal=False) for item in trial.puts))


def _disguised_and_unfelt(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    return replace(_unfelt(drawn, rng, number), claim=disguised(drawn, rng, number).claim)


def _fished(place: CatchPoint) -> Make:
    return lambda drawn, rng, number: replace(once(drawn, rng, number), before=(Fish(place),))


def _foreign_label(drawn: Drawn, rng: random.Random, number: int) -> Trial:
    """The label of a product of the other material, which the catalogue knows."""
    other = Claim(Packaging.GLASS_BOTTLE, 450) if drawn.material == "pet" else Claim(Packaging.PLASTIC_BOTTLE, 25)
    return replace(once(drawn, rng, number), claim=other)


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


FRAUDS: Sequence[Pattern] = (
    *(Pattern(name, name, Wrong.PAID, disguised) for name in ("jar", "phone", "paper", "cup", "carton", "card_bottle")),
    Pattern("labelled_can", "labelled_can", Wrong.PAID, disguised),
    Pattern("unfelt_can", "can", Wrong.PAID, _unfelt),
    Pattern("unfelt_labelled_can", "labelled_can", Wrong.PAID, _disguised_and_unfelt),
    Pattern("two_labels", "two_labels", Wrong.PAID, once),
    Pattern("two_at_once", "two_at_once", Wrong.PAID, once),
    Pattern("water_100_ml", "water", Wrong.PAID, once, lambda drawn: drawn.liquid_ml < 200),
    Pattern("water_330_ml", "water", Wrong.PAID, once, lambda drawn: drawn.liquid_ml > 200),
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
    # a crushed bottle that nobody knows is handed back, as it might be a can: the policy's table says so
    Pattern("crushed", "crushed", Wrong.NOT_PAID, known),
    Pattern("equal_basket", "honest", Wrong.NOT_PAID, _equals, most_pictures=8),
)
BY_NAME = {pattern.name: pattern for pattern in (*FRAUDS, *HONEST)}
