"""Evidence and policy to a verdict: a pure function. When enough looks were taken is decided here too, from the same rules.

A code counts when ``agreeing_looks`` looks saw it, by two independent witnesses in all (``codes/witness.py``). A misread must never win, and decoders repeat their misreads from look to
look, so nothing is settled by majority: **once a second product's code was seen in any look, no code is agreed any more**. What
the other value was only decides the reason::

    products' codes seen                  verdict on the code
    none, or one seen too seldom          unreadable: turn it
    one, seen often enough                agreed
    one, by one witness alone             unreadable: turn it
    several, two of them often enough     two codes; two items, if that heavy
    several, fewer than two often enough  unreadable: turn it
    none, but one that names no bottle    restricted

A shop's sticker beside a product's code (in-store, coupon, press, book) is no second product, but only where one look shows
both: seen in turns, they may be one print that was misread.

A bottle refused by a stray misread is turned and judged anew; a bottle credited on a misread is gone into the bin.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from config.vocabulary import Gtin, Material, Reason
from recognition.gtin import PrefixClass, may_name_a_bottle, prefix_class
from recognition.verdict import Evidence, Look, Policy, Verdict


def _witnessed(looks: Sequence[Look], code: Gtin) -> bool:
    """Whether two witnesses to a value, in whichever looks, are independent: a decoder shown the same picture again only repeats itself."""
    witnesses = {sighting.witness for look in looks for sighting in look.sightings if sighting.code == code}
    return any(one.independent_of(other) for one, other in combinations(witnesses, 2))


def _seen(looks: Sequence[Look]) -> Counter[Gtin]:
    """In how many looks each value was seen. A frame counts once, however often it is handed in."""
    return Counter(code for _, code in {(look.frame, code) for look in looks for code in look.codes})


def _products(looks: Sequence[Look], policy: Policy) -> Counter[Gtin]:
    """The same of those that can name a bottle under this policy."""
    return Counter({code: times for code, times in _seen(looks).items() if not policy.refuses_restricted or may_name_a_bottle(code)})


def _confirmed(seen: Counter[Gtin], policy: Policy) -> list[Gtin]:
    return sorted(code for code, times in seen.items() if times >= policy.agreeing_looks)


def agreed(looks: Sequence[Look], policy: Policy) -> Gtin | None:
    """The code that the looks agree on: seen in ``policy.agreeing_looks`` of them, and no other value but stickers beside it."""
    seen, products = _seen(looks), _products(looks, policy)
    among = products or seen
    if len(among) != 1 or not _confirmed(among, policy):
        return None
    (code,) = among
    if not _witnessed(looks, code):
        return None
    beside = {other for look in looks if code in look.codes for other in look.codes}
    return code if seen.keys() <= beside else None


def _two_products(looks: Sequence[Look], policy: Policy) -> bool:
    return len(_confirmed(_products(looks, policy), policy)) >= 2


def enough(looks: Sequence[Look], policy: Policy) -> bool:
    """Whether one more look could not change the verdict for the better: a code is agreed, two are sure, or the most were taken.

    A sticker alone is not enough: the product's code may be in the next look.
    """
    distinct = len({look.frame for look in looks})
    sure = bool(_products(looks, policy)) and agreed(looks, policy) is not None
    return distinct >= policy.most_looks or sure or _two_products(looks, policy)


def _reasons(evidence: Evidence, gtin: Gtin | None, policy: Policy) -> Iterator[Reason]:
    """All that speaks against it, the one to tell first before the others. Two codes on too much weight are more than one bottle."""
    two, heavy = _two_products(evidence.looks, policy), evidence.weight_g > policy.full_g + policy.scale_g
    if evidence.metal and policy.refuses_metal:
        yield Reason.CAN
    if two and heavy:
        yield Reason.TWO_ITEMS
    if heavy:
        yield Reason.NOT_EMPTY
    if evidence.weight_g < policy.lightest_g - policy.scale_g:
        yield Reason.TOO_LIGHT
    if two and not heavy:
        yield Reason.TWO_CODES
    elif not two:
        yield from _code_reasons(evidence.looks, gtin, policy)


def _code_reasons(looks: Sequence[Look], gtin: Gtin | None, policy: Policy) -> Iterator[Reason]:
    """What a single code, or none, says against it."""
    stickers_alone = not _products(looks, policy) and _confirmed(_seen(looks), policy)
    if not looks:
        yield Reason.CAMERA
    elif stickers_alone:
        yield Reason.RESTRICTED_CODE
    elif gtin is None:
        yield Reason.UNREADABLE
    elif prefix_class(gtin) is PrefixClass.DEMONSTRATION and policy.refuses_demonstration:
        yield Reason.DEMONSTRATION_CODE


def judge(evidence: Evidence, policy: Policy) -> Verdict:
    """Accepted or refused. ``reasons`` holds all that speak against it, the one to tell the visitor first.

    No look at all is the camera's fault and never said of the bottle. The agreed code stands in the verdict of a refusal too.
    """
    gtin = agreed(evidence.looks, policy)
    reasons = tuple(_reasons(evidence, gtin, policy))
    accepted = not reasons
    material = Material.GLASS if evidence.weight_g >= policy.glass_from_g else Material.PLASTIC
    return Verdict(accepted, material if accepted else None, gtin, reasons, evidence, policy.name)
