"""The words of recognition: what was seen, what came before it, and the verdict with its reasons. By which policy: ``policy.py``.

::

    frame ──read_look──▶ Look ─┐
    frame ──read_look──▶ Look ─┼─▶ Evidence ──judge(policy)──▶ Verdict(accepted with flags | refused with reasons)
    weight, metal ─────────────┤
    what was taken before ─────┘
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from config.vocabulary import Flag, Gtin, Material, Reason
from recognition.catalogue.entry import Entry
from recognition.codes.witness import Sighting
from recognition.gtin import OtherSymbology
from recognition.shape.scene import Scene, together

if TYPE_CHECKING:
    from recognition.codes.likelihood.model import Candidate


@dataclass(frozen=True, slots=True)
class Look:
    """One frame, read: every value that is believed, by every witness to it.

    ``other``: what else was seen where no code was, by a look that asked for it: the first of an item's looks from the second on of which none has a code yet.
    ``unsure``: what the likelihood stage saw and did not believe; a later look may add its own to it. ``scene``: what lies there, by its outline; None where the empty chamber is not known.
    ``beside``: bars that nobody could read were seen beside a code that was read.
    """

    frame: int
    sightings: frozenset[Sighting]
    other: frozenset[OtherSymbology] = frozenset()
    unsure: "tuple[Candidate, ...]" = field(default=(), compare=False, repr=False)
    scene: Scene | None = None
    beside: bool = False

    @property
    def codes(self) -> frozenset[Gtin]:
        """The distinct values: more than one is a contradiction, or two items."""
        return frozenset(sighting.code for sighting in self.sightings)


class Made(StrEnum):
    """What a picture is taken for, by what it is made of. ``unsure`` is an honest answer, and no vote."""

    GLASS = "glass"
    PLASTIC = "plastic"
    OTHER = "other"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class MaterialVote:
    """Of one look; ``confidence`` from 0 to 1."""

    made: Made
    confidence: float

    def as_json(self) -> dict[str, object]:
        return {"made": self.made.value, "confidence": round(self.confidence, 3)}


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the bottles of one code weighed at this kiosk: the middle of them, and how far an empty one may be from it."""

    material: Material
    weight_g: float
    width_g: float


@dataclass(frozen=True, slots=True)
class Taken:
    """A bottle that was taken before. ``same_visit``: as the one that is judged. Without a ``gtin`` it was taken without a code."""

    gtin: Gtin | None
    weight_g: int
    same_visit: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of the item in the chamber when it is judged.

    ``weight_g`` is no number, or none that a scale shows, where the scale fails; ``jumped``: it was another a moment ago. ``material``: votes of pictures.
    ``entry``: what the catalogue says of the agreed code, ``learnt``: what its bottles weighed here, as far as either is known; ``before``: what was taken before, the oldest first.
    """

    looks: tuple[Look, ...]
    weight_g: float
    metal: bool
    jumped: bool = False
    material: tuple[MaterialVote, ...] = ()
    entry: Entry | None = None
    learnt: Learnt | None = None
    before: tuple[Taken, ...] = ()

    @property
    def known(self) -> Material | None:
        """The material of what the code stands for, if that is a bottle that somebody knows."""
        if self.entry is not None:
            return self.entry.material
        return None if self.learnt is None else self.learnt.material

    @property
    def known_by(self) -> str | None:
        """Who says what the code stands for: a catalogue's source, or this kiosk has learnt it."""
        if self.entry is not None:
            return self.entry.source.value
        return None if self.learnt is None else "learnt"

    @property
    def scene(self) -> Scene | None:
        """What the looks show together; None where the empty chamber is not known."""
        return together([look.scene for look in self.looks if look.scene is not None])


class Quantity(StrEnum):
    """What is measured and compared."""

    WEIGHT = "weight_g"
    LENGTH = "length_mm"
    WIDTH = "width_mm"
    OBJECTS = "objects"
    ALIKE = "alike"
    WITHOUT_CODE = "without_code"
    LOOKS = "looks"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, with what it may be. None: no limit on this side."""

    quantity: Quantity
    value: float
    least: float | None = None
    most: float | None = None

    def as_json(self) -> dict[str, object]:
        return {"quantity": self.quantity.value, "value": self.value, "least": self.least, "most": self.most}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that speaks against an item, with the figure that says so, where it is one."""

    reason: Reason
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the machine decided and why. ``findings`` is empty exactly when it is accepted; then the material is set, and the code unless it is flagged for having none.

    ``reasons``: the same without figures, the one to tell first before the others. ``weighed``: the weight beside what an empty bottle like it weighs.
    """

    accepted: bool
    material: Material | None
    gtin: Gtin | None
    reasons: tuple[Reason, ...]
    evidence: Evidence
    policy: str
    flags: tuple[Flag, ...] = ()
    findings: tuple[Finding, ...] = ()
    weighed: Figure | None = None

    def facts(self) -> dict[str, object]:
        """What explains it, for whoever keeps or tells it: numbers, codes and names, no pictures and no words."""
        evidence, scene = self.evidence, self.evidence.scene
        return {
            "accepted": self.accepted,
            "material": self.material.value if self.material else None,
            "gtin": self.gtin,
            "reasons": [reason.value for reason in self.reasons],
            "flags": [flag.value for flag in self.flags],
            "weight_g": evidence.weight_g if math.isfinite(evidence.weight_g) else None,
            "metal": evidence.metal,
            "looks": [sorted(look.codes) for look in evidence.looks],
            "policy": self.policy,
            "figures": {finding.reason.value: finding.figure.as_json() for finding in self.findings if finding.figure is not None},
            "weighed": None if self.weighed is None else self.weighed.as_json(),
            "scene": None if scene is None else _told(scene),
            "picture": [vote.as_json() for vote in evidence.material],
            "product": None if evidence.entry is None else {"name": evidence.entry.name, "packaging": evidence.entry.packaging.value},
            "known_by": evidence.known_by,
        }


def _told(scene: Scene) -> dict[str, object]:
    return {
        "objects": scene.objects,
        "form": scene.form.value if scene.form else None,
        "pose": scene.pose.value if scene.pose else None,
        "length_mm": None if scene.length_mm is None else round(scene.length_mm),
        "width_mm": None if scene.width_mm is None else round(scene.width_mm),
        "body_mm": None if scene.body_mm is None else round(scene.body_mm),
        "still": scene.still,
        "hand": scene.hand,
        "faults": sorted(scene.faults),
    }
