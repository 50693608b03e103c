"""What the weight says: of which material an empty bottle like this one is, or why it can be none. Three ways, the best one that there is::

its product is known (catalogue, or learnt here)     its window
its outline is known                                 grams per millilitre of the outline
neither                                              two limits for all bottles
"""

import math
from dataclasses import dataclass

from config.vocabulary import Material, Reason
from recognition.policy import Policy, ShapeRules
from recognition.shape.scene import Scene
from recognition.verdict import Evidence, Figure, Finding, Quantity


@dataclass(frozen=True, slots=True)
class Weighed:
    """``material`` is None where the weight leaves it open; then ``finding`` says why. ``figure``: the weight beside the limits that it was held to."""

    material: Material | None
    figure: Figure
    finding: Finding | None = None


def shows_a_weight(evidence: Evidence, policy: Policy) -> bool:
    """Whether the scale gave a number that it can have meant."""
    return math.isfinite(evidence.weight_g) and 0 <= evidence.weight_g <= policy.scale_most_g


def weigh(evidence: Evidence, scene: Scene | None, policy: Policy) -> Weighed:
    """Of a weight that the scale shows."""
    if evidence.weight_g < policy.lightest_g - policy.scale_g:
        return _off(evidence, Reason.TOO_LIGHT, policy.lightest_g, None)
    window = window_of(evidence, policy)
    if window is not None:
        found = _within(evidence, policy, *window)
        return _too_dense(evidence, scene, policy, found) or found
    found = _by_size_or_at_all(evidence, scene, policy)
    if found.material is None or evidence.known in (None, found.material):
        return found
    # heavier than plastic can be, lighter than glass can be: what its code stands for is empty otherwise
    reason = Reason.NOT_EMPTY if evidence.known is Material.PLASTIC else Reason.WRONG_WEIGHT
    limit = found.figure.least if reason is Reason.NOT_EMPTY else found.figure.most
    return _off(evidence, reason, *((None, limit) if reason is Reason.NOT_EMPTY else (limit, None)))


def _too_dense(evidence: Evidence, scene: Scene | None, policy: Policy, found: Weighed) -> Weighed | None:
    """What keeps to its product's weight, and is heavier than anything empty of its size and material: the catalogue is wrong, or it is another thing."""
    volume_ml = None if scene is None or policy.shape is None else volume_of(scene, policy.shape)
    if policy.shape is None or volume_ml is None or found.material is None:
        return None
    most_g = policy.shape.glass_most * volume_ml if found.material is Material.GLASS else _plastic_most(policy.shape, volume_ml)
    return _off(evidence, Reason.NOT_EMPTY, None, most_g) if evidence.weight_g > most_g + policy.scale_g else None


def window_of(evidence: Evidence, policy: Policy) -> tuple[Material, float, float] | None:
    """Material, least and most grams of an empty bottle of this code; what the catalogue says comes first."""
    entry, learnt = evidence.entry, evidence.learnt
    if entry is not None and entry.empty_g is not None and entry.material is not None:
        width = max(policy.window_least_g, policy.window_share * entry.empty_g)
        return entry.material, entry.empty_g - width, entry.empty_g + width + policy.cap_g
    if learnt is not None and evidence.known is learnt.material:
        return learnt.material, learnt.weight_g - learnt.width_g, learnt.weight_g + learnt.width_g
    return None


def is_glass_by_size(evidence: Evidence, scene: Scene, policy: Policy) -> bool:
    """Whether it is as heavy for its outline as empty glass is: of a bottle with a hand beside it the outline is far too large for that."""
    volume_ml = None if policy.shape is None else volume_of(scene, policy.shape)
    if policy.shape is None or volume_ml is None:
        return False
    return (
        policy.shape.glass_least * volume_ml - policy.scale_g <= evidence.weight_g <= policy.shape.glass_most * volume_ml + policy.scale_g
    )


def _by_size_or_at_all(evidence: Evidence, scene: Scene | None, policy: Policy) -> Weighed:
    volume_ml = None if scene is None or policy.shape is None else volume_of(scene, policy.shape)
    if scene is not None and policy.shape is not None and volume_ml is not None:
        least_ml = _volume(scene.length_mm, scene.body_mm, policy.shape)
        return _by_size(evidence, policy, policy.shape, volume_ml, volume_ml if least_ml is None else least_ml)
    if evidence.weight_g > policy.full_g + policy.scale_g:
        return _off(evidence, Reason.NOT_EMPTY, None, policy.full_g)
    glass = evidence.weight_g >= policy.glass_from_g
    limits = (policy.glass_from_g, policy.full_g) if glass else (policy.lightest_g, policy.glass_from_g)
    return Weighed(Material.GLASS if glass else Material.PLASTIC, Figure(Quantity.WEIGHT, evidence.weight_g, *limits))


def volume_of(scene: Scene, rules: ShapeRules) -> float | None:
    """Of the outline, in millilitres; None where its size is not known."""
    return _volume(scene.length_mm, scene.width_mm, rules)


def _volume(length_mm: float | None, width_mm: float | None, rules: ShapeRules) -> float | None:
    if length_mm is None or width_mm is None:
        return None
    return math.pi / 4 * width_mm**2 * length_mm * rules.filling / 1000


def _by_size(evidence: Evidence, policy: Policy, rules: ShapeRules, volume_ml: float, least_ml: float) -> Weighed:
    """``volume_ml``: of the outline; ``least_ml``: without what may be its shadow, which dark glass drops on both sides and which makes it half as wide again. Between the two the bottle has the benefit of the doubt."""
    plastic_most = _plastic_most(rules, volume_ml)
    glass_least, glass_most = rules.glass_least * least_ml, rules.glass_most * volume_ml
    if (middle_ml := math.sqrt(volume_ml * least_ml)) < rules.small_ml:
        glass_most = rules.small_glass_most * middle_ml
    if evidence.weight_g <= plastic_most + policy.scale_g:
        return Weighed(Material.PLASTIC, Figure(Quantity.WEIGHT, evidence.weight_g, policy.lightest_g, round(plastic_most)))
    if evidence.weight_g < glass_least - policy.scale_g:
        # too heavy for plastic, too light for glass: something is in it
        return _off(evidence, Reason.NOT_EMPTY, None, plastic_most)
    if evidence.weight_g > glass_most + policy.scale_g:
        return _off(evidence, Reason.NOT_EMPTY, None, glass_most)
    return Weighed(Material.GLASS, Figure(Quantity.WEIGHT, evidence.weight_g, round(glass_least), round(glass_most)))


def _plastic_most(rules: ShapeRules, volume_ml: float) -> float:
    """What a bottle of that size may weigh, or one that was pressed smaller."""
    return max(rules.plastic_most * volume_ml, rules.plastic_any_g)


def _within(evidence: Evidence, policy: Policy, material: Material, least_g: float, most_g: float) -> Weighed:
    if evidence.weight_g > most_g + policy.scale_g:
        return _off(evidence, Reason.NOT_EMPTY, least_g, most_g)
    if evidence.weight_g < least_g - policy.scale_g:
        return _off(evidence, Reason.WRONG_WEIGHT, least_g, most_g)
    return Weighed(material, Figure(Quantity.WEIGHT, evidence.weight_g, round(least_g), round(most_g)))


def _off(evidence: Evidence, reason: Reason, least_g: float | None, most_g: float | None) -> Weighed:
    limits = (None if least_g is None else round(least_g), None if most_g is None else round(most_g))
    figure = Figure(Quantity.WEIGHT, evidence.weight_g, *limits)
    return Weighed(None, figure, Finding(reason, figure))
