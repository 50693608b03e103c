"""The words of recognition: what was seen, by which policy it is judged, and the verdict with its reasons.

::

    frame ──read_look──▶ Look ─┐
    frame ──read_look──▶ Look ─┼─▶ Evidence ──judge(policy)──▶ Verdict(accepted | refused with reasons)
    weight, metal ─────────────┘
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.vocabulary import Gtin, Material, Reason
from recognition.codes.witness import Sighting
from recognition.gtin import OtherSymbology
from recognition.shape.scene import Scene

if TYPE_CHECKING:
    from recognition.codes.likelihood.model import Candidate


@dataclass(frozen=True, slots=True)
class Look:
    """One frame, read: every value that is believed, by every witness to it.

    ``other``: what else was seen where no code was, by a look that asked for it: the first of an item's looks from the second on of which none has a code yet.
    ``unsure``: what the likelihood stage saw and did not believe; a later look may add its own to it. ``scene``: what lies there, by its outline; None where the empty chamber is not known.
    """

    frame: int
    sightings: frozenset[Sighting]
    other: frozenset[OtherSymbology] = frozenset()
    unsure: "tuple[Candidate, ...]" = field(default=(), compare=False, repr=False)
    scene: Scene | None = None

    @property
    def codes(self) -> frozenset[Gtin]:
        """The distinct values: more than one is a contradiction, or two items."""
        return frozenset(sighting.code for sighting in self.sightings)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of the item in the chamber when it is judged."""

    looks: tuple[Look, ...]
    weight_g: int
    metal: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds a verdict rests on; every output that rests on them names the policy.

    Weights stand in until shape, material and a catalogue decide: a wine bottle weighs some 450 g empty, a
    full half-litre 525 g, a half-litre of PET 22 g, the lightest small PET bottle about 9 g. Nothing is refused for being
    beyond a limit by no more than ``scale_g``, which the scale is never sure of.
    """

    name: str
    agreeing_looks: int = 2
    most_looks: int = 8
    lightest_g: int = 5
    glass_from_g: int = 120
    full_g: int = 500
    scale_g: int = 2
    refuses_metal: bool = True
    refuses_restricted: bool = True
    refuses_demonstration: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the machine decided and why. ``reasons`` is empty exactly when it is accepted; then material and gtin are set."""

    accepted: bool
    material: Material | None
    gtin: Gtin | None
    reasons: tuple[Reason, ...]
    evidence: Evidence
    policy: str
