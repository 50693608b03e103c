"""What a bin ought to weigh against what the carrier's slip says, by bin and by agent over time: the fraud that no camera sees. Pure.

Less than expected: bottles were credited that were not in the bin. More: something was thrown in that nobody counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from config.vocabulary import Material
from ledger.bins import Emptying

MOST_G = 1_000_000
"""More is a slip of the finger: 1,500 bottles of glass, as many as any such machine stores, weigh some 600 kg."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Grams a bottle that the chamber's scale may be off, by material, and what the carrier's may be off in all."""

    a_bottle_g: Mapping[Material, int]
    slip_g: int

    def of(self, counts: Mapping[str, int]) -> int:
        """Grams, for so many bottles by material."""
        return self.slip_g + sum(self.a_bottle_g.get(Material(material), 0) * n for material, n in counts.items())


@dataclass(frozen=True, slots=True)
class Compared:
    """Emptyings that are weighed, together. ``outside``: how many of them are off by more than is tolerated. Grams."""

    times: int
    expected_g: int
    weighed_g: int
    outside: int

    @property
    def percent(self) -> int:
        """More (+) or less (-) than expected."""
        return round(100 * (self.weighed_g - self.expected_g) / self.expected_g) if self.expected_g else 0


def grams_of(typed: str) -> int | None:
    """Of kilograms, with a comma or a point; None where it is no weight."""
    try:
        kilograms = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return round(kilograms * 1000) if kilograms.is_finite() and kilograms >= 0 else None


def is_outside(emptying: Emptying, grams: int, tolerance: Tolerance) -> bool:
    """Whether a weight is off by more than is tolerated."""
    return abs(grams - emptying.content.grams) > tolerance.of(emptying.content.counts)


def compared(emptyings: Iterable[Emptying], tolerance: Tolerance) -> Compared:
    """Those of them that are weighed."""
    weighed = [(one, one.weighed) for one in emptyings if one.weighed is not None]
    return Compared(
        len(weighed),
        sum(one.content.grams for one, _ in weighed),
        sum(grams for _, grams in weighed),
        sum(is_outside(one, grams, tolerance) for one, grams in weighed),
    )


def by_bin(emptyings: Iterable[Emptying], tolerance: Tolerance) -> dict[int, Compared]:
    found = tuple(emptyings)
    bins = sorted({one.content.bin for one in found})
    return {bin: compared((one for one in found if one.content.bin == bin), tolerance) for bin in bins}


def by_agent(emptyings: Iterable[Emptying], tolerance: Tolerance) -> dict[str, Compared]:
    """Who most often was off first."""
    found = tuple(emptyings)
    told = {agent: compared((one for one in found if one.agent == agent), tolerance) for agent in {one.agent for one in found}}
    return dict(sorted(told.items(), key=lambda item: (-item[1].outside, item[1].percent, item[0])))
