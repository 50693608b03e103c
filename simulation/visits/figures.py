"""The figures of a run: shares with intervals over pictures, by what may make a difference, and with each vote left out.

``wrong_accepts`` is the share of what was paid that should not have been; ``refused_first`` and ``refused_for_good`` are shares of good bottles.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from simulation.visits.judged import Came, Listed, Vote

RESAMPLINGS = 1000
GAP = 0.03
"""Groups of bottles that come back so much more often than all are named."""

MOST_WRONG, MOST_REFUSED_FIRST = 0.005, 0.03
"""The goals: of what is paid; of good bottles, at the first try, where the catalogue knows them."""


@dataclass(frozen=True, slots=True)
class Share:
    """``times`` of ``n``, and where 95 of 100 resamplings of the pictures lie: two bottles that look like one picture are no two facts."""

    times: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.times / self.n if self.n else 0.0

    def as_json(self) -> dict[str, object]:
        return {"value": round(self.value, 5), "times": self.times, "n": self.n, "interval": [round(self.low, 5), round(self.high, 5)]}


def share_of(came: Sequence[Came], counts: Callable[[Came], bool]) -> Share:
    pictures: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in came:
        pictures[one.thing.picture.item.name][0] += counts(one)
        pictures[one.thing.picture.item.name][1] += 1
    low, high = _interval(list(pictures.values()))
    return Share(sum(times for times, _ in pictures.values()), len(came), low, high)


def _interval(pictures: list[list[int]]) -> tuple[float, float]:
    """Efron's bootstrap over pictures, of a ratio; the same numbers each time."""
    if not pictures:
        return 0.0, 0.0
    rng = random.Random(0)
    shares = []
    for _ in range(RESAMPLINGS):
        drawn = rng.choices(pictures, k=len(pictures))
        shares.append(sum(times for times, _ in drawn) / sum(n for _, n in drawn))
    shares.sort()
    return shares[round(0.025 * RESAMPLINGS)], shares[round(0.975 * RESAMPLINGS) - 1]


@dataclass(frozen=True, slots=True)
class Group:
    """Good bottles that have something in common."""

    refused_first: Share
    refused_for_good: Share

    def as_json(self) -> dict[str, object]:
        first, good = self.refused_first, self.refused_for_good
        return {"n": first.n, "refused_first": first.as_json(), "refused_for_good": good.as_json()}


@dataclass(frozen=True, slots=True)
class Figures:
    """``by``: good bottles by what they have in common; ``fraud``: the share of each kind of wrong thing that was paid; ``reasons``: what good bottles were told at the first try.

    ``as_other``: the share of the good ones taken that were paid as the other material; ``gaps``: the groups whose share of first refusals is more than ``GAP`` above all's.
    """

    wrong_accepts: Share
    good: Group
    as_other: Share
    by: dict[str, dict[str, Group]]
    fraud: dict[str, Share]
    reasons: dict[str, int]

    @property
    def gaps(self) -> tuple[tuple[str, str, float], ...]:
        whole = self.good.refused_first.value
        found = (
            (field, name, group.refused_first.value - whole)
            for field in ("prefix", "colour", "label", "format")
            for name, group in self.by[field].items()
            if group.refused_first.value - whole > GAP
        )
        return tuple(sorted(found, key=lambda one: -one[2]))

    @property
    def missed(self) -> tuple[str, ...]:
        """The goals that are not reached."""
        hit = self.by["catalogue"].get(Listed.HIT)
        wrong = ("wrong_accepts",) if self.wrong_accepts.value > MOST_WRONG else ()
        return wrong + (("refused_first",) if hit is not None and hit.refused_first.value > MOST_REFUSED_FIRST else ())

    def as_json(self) -> dict[str, object]:
        by = {field: {name: group.as_json() for name, group in groups.items()} for field, groups in self.by.items()}
        return {
            "wrong_accepts": round(self.wrong_accepts.value, 5),
            "refused_first": round(self.good.refused_first.value, 5),
            "refused_for_good": round(self.good.refused_for_good.value, 5),
            "as_other": round(self.as_other.value, 5),
            "shares": {"wrong_accepts": self.wrong_accepts.as_json(), "as_other": self.as_other.as_json(), **self.good.as_json()},
            "by": {**by, "fraud": {name: share.as_json() for name, share in self.fraud.items()}},
            "reasons": self.reasons,
            "gaps": [{"field": field, "name": name, "points": round(100 * gap, 1)} for field, name, gap in self.gaps],
            "missed": list(self.missed),
        }


FIELDS: dict[str, Callable[[Came], str]] = {
    "catalogue": lambda one: one.listed.value,
    "prefix": lambda one: one.thing.product.prefix if one.thing.product is not None else "",
    "colour": lambda one: f"{one.thing.picture.material} {one.thing.picture.colour}",
    "label": lambda one: "label" if one.thing.labelled else "no_label",
    "format": lambda one: one.thing.product.form.name if one.thing.product is not None else "",
}


def figures_of(came: Iterable[Came]) -> Figures:
    everything = list(came)
    good = [one for one in everything if one.thing.wrong is None]
    taken = [one for one in good if one.taken is not None]
    paid = [one for one in everything if one.taken is not None]
    return Figures(
        share_of(paid, lambda one: one.thing.wrong is not None),
        group_of(good),
        share_of(taken, lambda one: one.as_other),
        {field: _groups(good, key) for field, key in FIELDS.items()},
        {
            kind: share_of([one for one in everything if one.thing.wrong == kind], lambda one: one.taken is not None)
            for kind in sorted({one.thing.wrong for one in everything if one.thing.wrong is not None})
        },
        dict(Counter(one.reason.value for one in good if one.reason is not None).most_common()),
    )


def group_of(good: Sequence[Came]) -> Group:
    return Group(share_of(good, lambda one: one.taken != 1), share_of(good, lambda one: one.taken is None))


def _groups(good: Sequence[Came], key: Callable[[Came], str]) -> dict[str, Group]:
    names = sorted({key(one) for one in good})
    return {name: group_of([one for one in good if key(one) == name]) for name in names}


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run: its figures, and those with each vote left out."""

    policy: str
    visits: int
    things: int
    whole: Figures
    without: dict[Vote, Figures]

    def as_json(self) -> dict[str, object]:
        return {
            "policy": self.policy,
            "visits": self.visits,
            "things": self.things,
            **self.whole.as_json(),
            "without": {
                vote.value: {key: found.as_json()[key] for key in ("wrong_accepts", "refused_first", "refused_for_good")}
                for vote, found in self.without.items()
            },
        }
