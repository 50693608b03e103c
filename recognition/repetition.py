"""What was taken before, and what it says of this one: the same bottle again, too many without a code, the weight that a code stands for.

Counts entries, never hours: a clock that jumps changes nothing. What is remembered, and where: ``kiosk/remembered.py``.
"""

from collections.abc import Iterator, Sequence
from statistics import median, stdev

from config.vocabulary import Flag, Gtin, Material, Reason
from recognition.policy import Learning, Policy, Repeats, WithoutCode
from recognition.verdict import Evidence, Figure, Finding, Learnt, Quantity, Taken


def flags_of(evidence: Evidence, gtin: Gtin | None, policy: Policy) -> tuple[Flag, ...]:
    """What staff are told of one that is taken all the same."""
    flags = []
    if gtin is None:
        flags.append(Flag.NO_CODE)
    elif policy.learning is not None and evidence.entry is None and evidence.learnt is None:
        flags.append(Flag.UNKNOWN_PRODUCT)
    if policy.repeats is not None and gtin is not None and 1 + len(_alike(evidence, gtin, policy.repeats)) >= policy.repeats.flagged_from:
        flags.append(Flag.REPEATED)
    return tuple(flags)


def without_code(evidence: Evidence, rules: WithoutCode) -> Iterator[Finding]:
    """A bottle without a code is taken so many times a visit, and not by one visit after the other."""
    recent = [taken for taken in evidence.before[-rules.among :] if taken.gtin is None]
    here = sum(taken.same_visit for taken in recent)
    if here >= rules.a_visit:
        yield Finding(Reason.NO_CODE, Figure(Quantity.WITHOUT_CODE, here + 1, None, rules.a_visit))
    elif len(recent) >= rules.most:
        yield Finding(Reason.NO_CODE, Figure(Quantity.WITHOUT_CODE, len(recent) + 1, None, rules.most))


def worn_out(evidence: Evidence, gtin: Gtin | None, policy: Policy) -> Iterator[Finding]:
    """The same code with the same weight too often. Equal bottles of one household come as often as ``most``; one on a string is no heavier and no lighter than the scale errs."""
    rules = policy.repeats
    if rules is None or gtin is None:
        return
    alike = _alike(evidence, gtin, rules)
    if len(alike) >= rules.most:
        yield Finding(Reason.REPEATED, Figure(Quantity.ALIKE, len(alike) + 1, None, rules.most))
    elif (n := len(_one_bottle(evidence, gtin, rules, policy.scale_g))) > 0:
        yield Finding(Reason.REPEATED, Figure(Quantity.ALIKE, n, None, rules.scatter_from - 1))


def _alike(evidence: Evidence, gtin: Gtin, rules: Repeats) -> list[Taken]:
    recent = evidence.before[-rules.among :]
    return [taken for taken in recent if taken.gtin == gtin and abs(taken.weight_g - evidence.weight_g) <= rules.alike_g]


def _one_bottle(evidence: Evidence, gtin: Gtin, rules: Repeats, scale_g: float) -> Sequence[float]:
    """The last weights of this code, this one's among them, if they differ far less than those of as many bottles would."""
    recent = [taken.weight_g for taken in evidence.before[-rules.among :] if taken.gtin == gtin]
    weights = [*recent[1 - rules.scatter_from :], evidence.weight_g]
    natural = rules.scatter_share * median(weights)
    if len(weights) < rules.scatter_from or natural < scale_g:
        # a light bottle differs from the next by no more than the scale errs
        return ()
    return weights if stdev(weights) < rules.scatter_least * (natural**2 + (scale_g / 2) ** 2) ** 0.5 else ()


def learnt(weights: Sequence[tuple[float, Material, str]], rules: Learning) -> Learnt | None:
    """What a code stands for by the weights that were seen of it (weight, material, visit), the newest last; None while they are too few or disagree.

    The median bears up to half of them being wrong. That they must come from several visits, and agree, keeps one visitor from teaching a weight.
    """
    last = weights[-2 * rules.weights :]
    if len(last) < rules.weights or len({visit for _, _, visit in last}) < rules.visits:
        return None
    middle = median(weight for weight, _, _ in last)
    width = max(rules.least_g, rules.share * middle)
    within = [material for weight, material, _ in last if abs(weight - middle) <= width]
    if len(within) < rules.agreeing * len(last) or len(set(within)) > 1:
        return None
    return Learnt(within[0], middle, width)
