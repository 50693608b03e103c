"""How well pictures are told apart by what they show: glass bottle, plastic bottle, can, other; and by material. Of pictures whose labels are known.

*Balanced* is the mean of the classes' own rates, as two pictures in three show something else. The calibration error is Guo's (2017): fifteen equal bins of the probability of the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.material import KINDS, MATERIALS, Said
from recognition.verdict import Made

BINS: Final = 15
BOTTLES: Final = ("glass_bottle", "plastic_bottle")
HELD: Final = (0.01, 0.02)
"""Shares of what is no bottle that may be paid, for which it is told how many bottles are."""


@dataclass(frozen=True, slots=True)
class Told:
    """One picture: what it shows, ``material`` None where nobody says, and what was said of it. ``detail``: what kind of thing, ``colour``: of its glass or plastic, as far as the list says."""

    name: str
    kind: str
    material: str | None
    said: Said
    detail: str = ""
    colour: str = ""
    ms: float = 0.0

    @property
    def right(self) -> bool:
        return self.said.kind == self.kind


@dataclass(frozen=True, slots=True)
class Shares:
    """Of ``n`` pictures: rightly told, rightly told and sure, wrongly told and sure, paid by the picture alone."""

    n: int
    right: float
    sure: float
    wrong_and_sure: float
    paid: float

    def as_json(self) -> dict[str, object]:
        return {name: round(getattr(self, name), 4) for name in ("n", "right", "sure", "wrong_and_sure", "paid")}


def shares(told: Sequence[Told]) -> Shares:
    count = max(len(told), 1)
    sure = [one for one in told if one.said.vote.made is not Made.UNSURE]
    wrong = [one for one in sure if not _agrees(one)]
    return Shares(
        len(told),
        sum(one.right for one in told) / count,
        len(sure) / count,
        len(wrong) / count,
        sum(one.said.pays for one in told) / count,
    )


def _agrees(one: Told) -> bool:
    """Whether the vote is right: what is no bottle may be told for any other that is none."""
    return one.right or (one.kind not in BOTTLES and one.said.kind not in BOTTLES)


def by(told: Sequence[Told], field: Callable[[Told], str]) -> dict[str, Shares]:
    return {name: shares([one for one in told if field(one) == name]) for name in sorted({field(one) for one in told})}


def confusion(told: Sequence[Told]) -> NDArray[np.int64]:
    """Rows: what it shows; columns: what was said; in the order of KINDS."""
    found = np.zeros((len(KINDS), len(KINDS)), np.int64)
    for one in told:
        found[KINDS.index(one.kind), KINDS.index(one.said.kind)] += 1
    return found


def balanced(truth: Sequence[str], given: Sequence[str], names: Sequence[str]) -> float:
    """The mean of the rates of those classes that occur."""
    rates = [[float(g == name) for t, g in zip(truth, given, strict=True) if t == name] for name in names]
    found = [sum(rate) / len(rate) for rate in rates if rate]
    return sum(found) / len(found) if found else 0.0


def reliability(told: Sequence[Told]) -> list[tuple[float, float, int]]:
    """Of each bin that has pictures: mean of the probability of the answer, share that is right, number."""
    highest = np.array([one.said.confidence for one in told])
    right = np.array([one.right for one in told])
    bins = np.minimum((highest * BINS).astype(int), BINS - 1)
    return [
        (float(highest[bins == number].mean()), float(right[bins == number].mean()), int((bins == number).sum()))
        for number in range(BINS)
        if (bins == number).any()
    ]


def calibration_error(told: Sequence[Told]) -> float:
    return sum(count * abs(sure - right) for sure, right, count in reliability(told)) / max(len(told), 1)


def curve(told: Sequence[Told]) -> list[tuple[float, float, float]]:
    """For each limit: the limit, the share of what is no bottle that would be paid, the share of bottles that would be, as the material they are; the highest limit first."""
    paying = sorted(((one.said.confidence, one) for one in told if one.said.kind in BOTTLES), key=lambda pair: -pair[0])
    bottles = max(sum(one.kind in BOTTLES for one in told), 1)
    others = max(sum(one.kind not in BOTTLES for one in told), 1)
    found, wrong, right = [(1.0, 0.0, 0.0)], 0, 0
    for limit, one in paying:
        wrong += one.kind not in BOTTLES
        right += one.right
        found.append((limit, wrong / others, right / bottles))
    return found


def limit_for(told: Sequence[Told], false_pay: float) -> float:
    """The lowest limit that pays no more than that share of what is no bottle, on these pictures."""
    return min((limit for limit, wrong, _ in curve(told) if wrong <= false_pay), default=1.0)


def coverage_at(told: Sequence[Told], false_pay: float) -> float:
    return max(right for _, wrong, right in curve(told) if wrong <= false_pay)


def _share(told: Sequence[Told], of: Callable[[Told], bool], which: Callable[[Told], bool]) -> float:
    among = [one for one in told if of(one)]
    return sum(which(one) for one in among) / len(among) if among else 0.0


def figures(told: Sequence[Told]) -> dict[str, object]:
    """All figures, as JSON gives them. ``false_pay`` and ``coverage`` are at the model's own limit; ``coverage_at`` at a limit set on these very pictures, which flatters."""
    known = [one for one in told if one.material is not None]
    ms = np.array([one.ms for one in told] or [0.0])
    return {
        "n": len(told),
        "accuracy": round(_share(known, lambda _: True, lambda one: one.said.material == one.material), 4),
        "balanced_accuracy": round(balanced([str(one.material) for one in known], [one.said.material for one in known], MATERIALS), 4),
        "kiosk_accuracy": round(_share(told, lambda _: True, lambda one: one.right), 4),
        "kiosk_balanced_accuracy": round(balanced([one.kind for one in told], [one.said.kind for one in told], KINDS), 4),
        "ece": round(calibration_error(told), 4),
        "false_pay": round(_share(told, lambda one: one.kind not in BOTTLES, lambda one: one.said.pays), 4),
        "coverage": round(_share(told, lambda one: one.kind in BOTTLES, lambda one: one.said.pays and one.right), 4),
        "coverage_at": {str(held): round(coverage_at(told, held), 4) for held in HELD},
        "glass_as_plastic": round(_share(told, lambda one: one.kind == KINDS[0], lambda one: one.said.kind == KINDS[1]), 4),
        "plastic_as_glass": round(_share(told, lambda one: one.kind == KINDS[1], lambda one: one.said.kind == KINDS[0]), 4),
        "unsure": round(_share(told, lambda _: True, lambda one: one.said.vote.made is Made.UNSURE), 4),
        "confusion": confusion(told).tolist(),
        "by": {
            "kind": {name: found.as_json() for name, found in by(told, lambda one: one.kind).items()},
            "detail": {name: found.as_json() for name, found in by(told, lambda one: one.detail).items()},
            "colour": {name: found.as_json() for name, found in by(told, lambda one: one.colour).items()},
        },
        "ms": {"p50": round(float(np.percentile(ms, 50)), 2), "p95": round(float(np.percentile(ms, 95)), 2)},
    }
