"""Evidence and policy to a verdict: a pure function. When enough looks were taken is decided here too, from the same rules.

A code counts when ``agreeing_looks`` looks saw it. A misread must never win, and decoders repeat their misreads from look to
look, so nothing is settled by majority: **once a second value was seen in any look, no code is agreed any more**. What the
other value was only decides the reason::

    values seen                           verdict on the code
    none, or one seen too seldom          unreadable: turn it
    one, seen often enough                agreed
    several, two of them often enough     two items
    several, fewer than two often enough  unreadable: turn it

A bottle refused by a stray misread is turned and judged anew; a bottle credited on a misread is gone into the bin.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from config.vocabulary import Gtin, Material, Reason
from recognition.gtin import RESTRICTED, PrefixClass, prefix_class
from recognition.verdict import Evidence, Look, Policy, Verdict


def _seen(looks: Sequence[Look]) -> Counter[Gtin]:
    """In how many looks each value was seen. A frame counts once, however often it is handed in."""
    return Counter(code for _, code in {(look.frame, code) for look in looks for code in look.codes})


def _confirmed(seen: Counter[Gtin], policy: Policy) -> list[Gtin]:
    return sorted(code for code, times in seen.items() if times >= policy.agreeing_looks)


def agreed(looks: Sequence[Look], policy: Policy) -> Gtin | None:
    """The code that the looks agree on: seen in ``policy.agreeing_looks`` of them, and no other value in any of them."""
    seen = _seen(looks)
    return next(iter(seen)) if len(seen) == 1 and _confirmed(seen, policy) else None


def enough(looks: Sequence[Look], policy: Policy) -> bool:
    """Whether one more look could not change the verdict for the better: a code is agreed, two items are sure, or the most were taken."""
    distinct = len({look.frame for look in looks})
    return distinct >= policy.most_looks or agreed(looks, policy) is not None or len(_confirmed(_seen(looks), policy)) >= 2


def _body_reasons(evidence: Evidence, policy: Policy) -> Iterator[Reason]:
    """What metal and weight say against it."""
    if evidence.metal and policy.refuses_metal:
        yield Reason.CAN
    if evidence.weight_g > policy.full_g:
        yield Reason.NOT_EMPTY
    if evidence.weight_g < policy.lightest_g:
        yield Reason.TOO_LIGHT


def _code_reasons(evidence: Evidence, gtin: Gtin | None, policy: Policy) -> Iterator[Reason]:
    """What the codes say against it."""
    if not evidence.looks:
        yield Reason.CAMERA
    elif len(_confirmed(_seen(evidence.looks), policy)) >= 2:
        yield Reason.TWO_ITEMS
    elif gtin is None:
        yield Reason.UNREADABLE
    else:
        kind = prefix_class(gtin)
        if kind in RESTRICTED and policy.refuses_restricted:
            yield Reason.RESTRICTED_CODE
        if kind is PrefixClass.DEMONSTRATION and policy.refuses_demonstration:
            yield Reason.DEMONSTRATION_CODE


def judge(evidence: Evidence, policy: Policy) -> Verdict:
    """Accepted or refused. ``reasons`` holds all that speak against it, the one to tell the visitor first.

    No look at all is the camera's fault and never said of the bottle. The agreed code stands in the verdict of a refusal too.
    """
    gtin = agreed(evidence.looks, policy)
    reasons = (*_body_reasons(evidence, policy), *_code_reasons(evidence, gtin, policy))
    accepted = not reasons
    material = Material.GLASS if evidence.weight_g >= policy.glass_from_g else Material.PLASTIC
    return Verdict(accepted, material if accepted else None, gtin, reasons, evidence, policy.name)
