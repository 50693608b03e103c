"""Evidence and policy to a verdict: a pure function. When enough looks were taken is decided here too, from the same rules.

A code counts when ``agreeing_looks`` looks saw it, by two independent witnesses in all (``codes/witness.py``). A misread must never win, and decoders repeat their misreads from look to
look, so nothing is settled by majority: **once a second product's code was seen in any look, no code is agreed any more**. What
the other value was only decides the reason::

    products' codes seen                  verdict on the code
    none, while all else is clear         taken without one, so many a visit
    none, or one seen too seldom          unreadable: turn it
    one, seen often enough                agreed
    one, by one witness alone             unreadable: turn it
    several, two of them often enough     two codes; two items, if that heavy
    several, fewer than two often enough  unreadable: turn it
    one, and bars that nobody can read    two codes
    none, but one that names no bottle    restricted

A shop's sticker beside a product's code (in-store, coupon, press, book) is no second product, but only where one look shows
both: seen in turns, they may be one print that was misread.

A bottle refused by a stray misread is turned and judged anew; a bottle credited on a misread is gone into the bin.


The other votes, where the policy asks them: the outline (is it a bottle, of a size that is taken), the weight (``weighing.py``), pictures' votes on the material, and what was taken before
(``repetition.py``). Each finds what speaks against the item; ``ORDER`` says which of it is told first, the machine's own faults before all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from config.vocabulary import Gtin, Material, Reason
from recognition.catalogue.entry import Entry, Packaging
from recognition.gtin import PrefixClass, may_name_a_bottle, prefix_class
from recognition.policy import Policy, ShapeRules
from recognition.repetition import flags_of, without_code, worn_out
from recognition.shape.scene import Form, Scene
from recognition.verdict import Evidence, Figure, Finding, Look, Made, Quantity, Verdict
from recognition.weighing import Weighed, is_glass_by_size, shows_a_weight, weigh

ORDER = (
    *(Reason.CAMERA, Reason.SCALE, Reason.HAND, Reason.MOVING, Reason.CAN, Reason.TWO_ITEMS, Reason.NOT_SEEN),
    *(Reason.SCREEN, Reason.FLAT, Reason.CARTON, Reason.NOT_A_BOTTLE, Reason.TOO_LARGE, Reason.TOO_SMALL),
    *(Reason.NOT_EMPTY, Reason.TOO_LIGHT, Reason.WRONG_WEIGHT, Reason.DEPOSIT),
    *(Reason.TWO_CODES, Reason.RESTRICTED_CODE, Reason.OTHER_CODE, Reason.UNREADABLE, Reason.NO_CODE, Reason.DEMONSTRATION_CODE),
    *(Reason.OTHER_MATERIAL, Reason.UNSURE, Reason.REPEATED),
)
"""What is told first: whose fault it is not, then what is plain to see, then what only the machine can tell."""


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

    A sticker alone is not enough: the product's code may be in the next look. Something that lies still without a trace of a code shows none in the next look either.
    """
    distinct = len({look.frame for look in looks})
    sure = bool(_products(looks, policy)) and agreed(looks, policy) is not None
    return distinct >= policy.most_looks or (sure and _outlined(looks, policy)) or _two_products(looks, policy) or _blank(looks, policy)


def _outlined(looks: Sequence[Look], policy: Policy) -> bool:
    """Whether the outline was seen often enough to count, and lying still, where it is asked for and the empty chamber is known. A machine that sees badly sees no better in the next look."""
    scenes = [look.scene for look in looks if look.scene is not None]
    if policy.shape is None or not scenes:
        return True
    return len(scenes) >= policy.shape.least_looks and scenes[-1].still is not False


def _blank(looks: Sequence[Look], policy: Policy) -> bool:
    """Whether the last looks show one and the same still thing, and none of them the trace of a code."""
    last = sorted(looks, key=lambda look: look.frame)[-policy.looks_without_code :]
    scenes = [look.scene for look in last if look.scene is not None]
    still = len(scenes) == policy.looks_without_code and all(scene.sure and scene.still is not False for scene in scenes)
    return still and scenes[-1].still is True and not any(look.sightings or look.unsure for look in looks)


def judge(evidence: Evidence, policy: Policy) -> Verdict:
    """Accepted or refused. ``findings`` holds all that speaks against it, the one to tell the visitor first.

    No look at all is the camera's fault and never said of the bottle. The agreed code stands in the verdict of a refusal too.
    """
    gtin = agreed(evidence.looks, policy)
    scene = evidence.scene if policy.shape is not None else None
    weighed = weigh(evidence, scene, policy) if shows_a_weight(evidence, policy) else None
    found = {finding.reason: finding for finding in _against(evidence, gtin, scene, weighed, policy)}
    findings = tuple(found[reason] for reason in ORDER if reason in found)
    material = weighed.material if weighed is not None and not findings else None
    return Verdict(
        not findings,
        material,
        gtin,
        tuple(finding.reason for finding in findings),
        evidence,
        policy.name,
        () if findings else flags_of(evidence, gtin, policy),
        findings,
        None if weighed is None else weighed.figure,
    )


def _against(evidence: Evidence, gtin: Gtin | None, scene: Scene | None, weighed: Weighed | None, policy: Policy) -> Iterator[Finding]:
    """All that speaks against it, in no order."""
    heavy = weighed is not None and weighed.finding is not None and weighed.finding.reason is Reason.NOT_EMPTY
    two = _two_products(evidence.looks, policy)
    if not evidence.looks:
        yield Finding(Reason.CAMERA)
    if evidence.metal and policy.refuses_metal:
        yield Finding(Reason.CAN)
    if evidence.jumped:
        yield Finding(Reason.MOVING)
    if weighed is None:
        yield Finding(Reason.SCALE)
    elif weighed.finding is not None:
        yield weighed.finding
    if two and heavy:
        yield Finding(Reason.TWO_ITEMS)
    hidden = scene is not None and gtin is not None and any(look.beside for look in evidence.looks)
    if hidden or (two and not heavy):
        yield Finding(Reason.TWO_CODES)
    if not two:
        clear = scene is not None and not evidence.metal and _is_bottle(scene, weighed)
        yield from _against_code(evidence, gtin, policy, clear=clear)
    if scene is not None:
        yield from _against_scene(evidence, scene, policy, named=gtin is not None)
    yield from _against_entry(evidence.entry)
    if weighed is not None and weighed.material is not None:
        yield from _against_material(evidence, weighed.material, policy)
    yield from worn_out(evidence, gtin, policy)


def _is_bottle(scene: Scene, weighed: Weighed | None) -> bool:
    """Whether outline and weight tell a bottle without any help of a code."""
    sized = scene.length_mm is not None and scene.width_mm is not None
    one = scene.sure and scene.objects == 1 and scene.form is Form.BOTTLE and scene.still is not False
    return one and sized and weighed is not None and weighed.material is not None


def _against_code(evidence: Evidence, gtin: Gtin | None, policy: Policy, *, clear: bool) -> Iterator[Finding]:
    """What a single code, or none, says against it. ``clear``: all but the code tells a bottle."""
    looks = evidence.looks
    if not looks:
        return
    seen = _seen(looks)
    if not _products(looks, policy) and _confirmed(seen, policy):
        yield Finding(Reason.RESTRICTED_CODE)
    elif gtin is None and clear and not seen and policy.without_code is not None:
        yield from without_code(evidence, policy.without_code)
    elif gtin is None and not seen and any(look.other for look in looks):
        yield Finding(Reason.OTHER_CODE)
    elif gtin is None:
        yield Finding(Reason.UNREADABLE, Figure(Quantity.LOOKS, len({look.frame for look in looks})))
    elif prefix_class(gtin) is PrefixClass.DEMONSTRATION and policy.refuses_demonstration:
        yield Finding(Reason.DEMONSTRATION_CODE)


FORMS = {
    Form.SCREEN: Reason.SCREEN,
    Form.FLAT: Reason.FLAT,
    Form.CARTON: Reason.CARTON,
    Form.STOUT: Reason.NOT_A_BOTTLE,
    Form.MATT: Reason.NOT_A_BOTTLE,
}


def _against_scene(evidence: Evidence, scene: Scene, policy: Policy, *, named: bool) -> Iterator[Finding]:
    """What the outline says against it; ``named``: a code was agreed. Of a machine that sees badly nothing is said of the item."""
    rules = policy.shape
    if rules is None:
        return
    if not scene.sure:
        yield Finding(Reason.CAMERA)
        return
    if scene.hand and not (scene.form is Form.BOTTLE and is_glass_by_size(evidence, scene, policy)):
        # brown glass that fills the chamber has skin's colours; a hand with a bottle is too large for what the two weigh
        yield Finding(Reason.HAND)
    if scene.still is False:
        yield Finding(Reason.MOVING)
    if scene.objects == 0:
        yield Finding(Reason.NOT_SEEN)
        return
    if scene.objects > 1:
        yield Finding(Reason.TWO_ITEMS, Figure(Quantity.OBJECTS, scene.objects, None, 1))
        return
    if scene.form in FORMS:
        yield Finding(FORMS[scene.form])
    elif scene.form is Form.UNSURE and not (named and _slender(scene, rules)):
        # with a code, and as slender as a bottle, the weight may decide; without either nobody knows what it is
        yield Finding(Reason.UNSURE)
    elif scene.form is Form.BOTTLE and not _slender(scene, rules) and not _wide(scene, rules):
        yield Finding(Reason.UNSURE)
    yield from _against_size(scene, rules)


def _slender(scene: Scene, rules: ShapeRules) -> bool:
    """Whether it is as long for its width as a bottle is, as far as its size is known."""
    return scene.length_mm is None or scene.width_mm is None or scene.length_mm >= rules.slender * scene.width_mm


def _wide(scene: Scene, rules: ShapeRules) -> bool:
    return scene.width_mm is not None and scene.width_mm > rules.widest_mm


def _against_size(scene: Scene, rules: ShapeRules) -> Iterator[Finding]:
    length_mm, width_mm = scene.length_mm, scene.width_mm
    if length_mm is None or width_mm is None:
        return
    if _wide(scene, rules):
        two = not _slender(scene, rules)
        yield Finding(Reason.TWO_ITEMS if two else Reason.TOO_LARGE, Figure(Quantity.WIDTH, round(width_mm), None, rules.widest_mm))
    elif not rules.shortest_mm <= length_mm <= rules.longest_mm:
        reason = Reason.TOO_LARGE if length_mm > rules.longest_mm else Reason.TOO_SMALL
        yield Finding(reason, Figure(Quantity.LENGTH, round(length_mm), rules.shortest_mm, rules.longest_mm))


def _against_entry(entry: Entry | None) -> Iterator[Finding]:
    """What the catalogue says of the code's product against it: a claim, which counts where it says no."""
    if entry is not None and entry.deposit:
        yield Finding(Reason.DEPOSIT)
    if entry is not None and entry.material is None:
        yield Finding(Reason.CAN if entry.packaging is Packaging.CAN else Reason.NOT_A_BOTTLE)


def _against_material(evidence: Evidence, material: Material, policy: Policy) -> Iterator[Finding]:
    """A picture is one vote: it vetoes what it contradicts strongly, and decides nothing by itself."""
    against = [
        vote for vote in evidence.material if vote.made not in (Made.UNSURE, Made(material.value)) and vote.confidence >= policy.veto_from
    ]
    if 2 * len(against) > len(evidence.material):
        other = all(vote.made is Made.OTHER for vote in against)
        yield Finding(Reason.NOT_A_BOTTLE if other else Reason.OTHER_MATERIAL)
