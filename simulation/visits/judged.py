"""What becomes of what is brought: each thing seen, weighed and judged by the product's own rules, put in again when it came back, and remembered when it was taken."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from config.vocabulary import Gtin, Material, Reason
from recognition.history import History, Passed
from recognition.judge import agreed, judge
from recognition.policy import Policy
from recognition.verdict import Evidence, Verdict
from simulation.visits.assumptions import Assumptions
from simulation.visits.brought import Brought
from simulation.visits.sight import Seen


class Vote(StrEnum):
    """What has a say. Left out: it is not asked."""

    CODE = "code"
    CATALOGUE = "catalogue"
    OUTLINE = "outline"
    LIGHT = "light"
    WEIGHT = "weight"
    METAL = "metal"
    MATERIAL = "material"
    LEARNT = "learnt"
    REPEATS = "repeats"


class Listed(StrEnum):
    """What the catalogue said when the thing was put in for the first time."""

    HIT = "hit"
    MISS = "miss"
    NO_CODE = "no_code"
    """No code was agreed on, so nobody asked."""


OF_WEIGHT = frozenset({Reason.NOT_EMPTY, Reason.TOO_LIGHT, Reason.WRONG_WEIGHT, Reason.SCALE})


@dataclass(frozen=True, slots=True)
class Came:
    """What became of one thing. ``taken``: at which try, from 1; None: never. ``reason``: what was told at the first try. ``as_other``: it was paid as glass and is plastic, or the other way."""

    thing: Brought
    listed: Listed
    taken: int | None
    reason: Reason | None
    as_other: bool


def came_of(
    visits: Sequence[tuple[Brought, ...]],
    sight: dict[str, tuple[Seen, ...]],
    assumed: Assumptions,
    policy: Policy,
    without: Vote | None = None,
) -> Iterator[Came]:
    """``without``: the vote that is left out."""
    rules = _rules(policy, without)
    history = History()
    for number, things in enumerate(visits):
        for thing in things:
            yield _put_in(thing, sight[thing.picture.item.name], history, str(number), assumed, rules, without)


def _rules(policy: Policy, without: Vote | None) -> Policy:
    match without:
        case Vote.OUTLINE:
            return replace(policy, shape=None)
        case Vote.METAL:
            return replace(policy, refuses_metal=False)
        case Vote.LEARNT:
            return replace(policy, learning=None)
        case Vote.REPEATS:
            return replace(policy, repeats=None)
        case Vote.CODE if policy.without_code is not None:
            # nobody asks for one
            return replace(policy, without_code=replace(policy.without_code, a_visit=10**6, most=10**6))
        case _:
            return policy


def _put_in(
    thing: Brought, takes: tuple[Seen, ...], history: History, visit: str, assumed: Assumptions, policy: Policy, without: Vote | None
) -> Came:
    listed, told = Listed.NO_CODE, list[Reason]()
    for attempt in range(assumed.people.tries):
        rng = random.Random(f"{thing.seed} {attempt}")
        facing = rng.random() < (assumed.people.facing_again if attempt else assumed.people.facing)
        seen = _seen(thing, rng.choice(takes), facing=facing, without=without)
        gtin = agreed(seen.looks, policy)
        entry = thing.entry if gtin is not None and gtin == thing.gtin and without is not Vote.CATALOGUE else None
        if not attempt:
            listed = Listed.NO_CODE if gtin is None else Listed.MISS if entry is None else Listed.HIT
        learnt = None if gtin is None or policy.learning is None else history.learnt(gtin, policy.learning)
        material = () if without is Vote.MATERIAL else seen.material
        evidence = Evidence(
            seen.looks, thing.weight_g, thing.metal, material=material, entry=entry, learnt=learnt, before=history.before(visit)
        )
        verdict = _judged(evidence, seen, policy, without)
        if not _against(verdict, without):
            as_material = verdict.material or Material.PLASTIC
            history.add(Passed(verdict.gtin, as_material, thing.weight_g, visit))
            as_other = verdict.material is not None and verdict.material.value != _material(thing)
            return Came(thing, listed, attempt + 1, told[0] if told else None, as_other)
        told.append(_against(verdict, without)[0])
    return Came(thing, listed, None, told[0], as_other=False)


def _seen(thing: Brought, seen: Seen, *, facing: bool, without: Vote | None) -> Seen:
    """``facing``: of a wrong thing's code nobody says: it lies as it was drawn."""
    if without is Vote.CODE:
        return seen.turned_away()
    if thing.product is None:
        return seen
    if not facing or not thing.labelled:
        return seen.turned_away()
    return seen.with_codes({Gtin(code): thing.product.gtin for code in thing.picture.item.codes})


def _judged(evidence: Evidence, seen: Seen, policy: Policy, without: Vote | None) -> Verdict:
    """As the kiosk's own sight does: the lamp goes off for what would be taken."""
    verdict = judge(evidence, policy)
    if _against(verdict, without) or seen.dark is None or without is Vote.LIGHT:
        return verdict
    return judge(replace(evidence, looks=(*evidence.looks, seen.dark)), policy)


def _against(verdict: Verdict, without: Vote | None) -> tuple[Reason, ...]:
    """What was said against it; of the weight nothing where that is left out."""
    return verdict.reasons if without is not Vote.WEIGHT else tuple(reason for reason in verdict.reasons if reason not in OF_WEIGHT)


def _material(thing: Brought) -> str:
    return "glass" if thing.picture.material == "glass" else "plastic"
