"""Shares with their intervals, which count pictures: two tries with one picture are no two facts."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from simulation.redteam.attack import Outcome
from simulation.redteam.patterns import Pattern

RESAMPLINGS = 2000


@dataclass(frozen=True, slots=True)
class Figure:
    """``wrong`` of ``puts`` came out wrong, with ``pictures``; ``right`` is the share of the others, the mean over pictures, ``low`` to ``high`` its interval.

    ``reasons``: what those were told that were not paid, most often first.
    """

    pattern: str
    pictures: int
    puts: int
    wrong: int
    right: float
    low: float
    high: float
    reasons: dict[str, int]
    wrong_pictures: tuple[str, ...]


def figure(pattern: Pattern, outcomes: Sequence[Outcome], seed: int = 0) -> Figure:
    by_picture: defaultdict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        by_picture[outcome.picture].append(not outcome.is_wrong(pattern.wrong))
    shares = [mean(rights) for rights in by_picture.values()]
    low, high = interval(shares, seed)
    reasons = Counter(outcome.reason or ("paid" if outcome.material else "not counted") for outcome in outcomes)
    return Figure(
        pattern.name,
        len(shares),
        len(outcomes),
        sum(outcome.is_wrong(pattern.wrong) for outcome in outcomes),
        mean(shares) if shares else float("nan"),
        low,
        high,
        dict(reasons.most_common()),
        tuple(sorted(picture for picture, rights in by_picture.items() if not all(rights))),
    )


def interval(shares: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """Where 95 of 100 lie: where all pictures agree, Clopper and Pearson's (1934), as resampling would claim certainty; else Efron's bootstrap over pictures."""
    count = len(shares)
    if not count:
        return 0.0, 1.0
    if all(share == shares[0] for share in shares) and shares[0] in (0.0, 1.0):
        open_side = 0.025 ** (1 / count)
        return (open_side, 1.0) if shares[0] == 1.0 else (0.0, 1 - open_side)
    rng = random.Random(seed)
    means = sorted(mean(rng.choices(shares, k=count)) for _ in range(RESAMPLINGS))
    return means[round(0.025 * RESAMPLINGS)], means[round(0.975 * RESAMPLINGS) - 1]
