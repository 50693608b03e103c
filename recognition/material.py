"""What a picture is taken for: glass bottle, plastic bottle, can or something else, and of which material; by a small net that was trained here (``training/material``).

One vote among others, and calibrated: of what is said with 0.9, nine in ten are so. Below a limit that was set on pictures kept apart it says *unsure*. Looks of one item are added up, each
shown to the net another way round. How good it is, and on what: ``weights/MODEL_CARD.md``.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter, ValidationError

from config.told import OutOfService
from recognition.verdict import Made, MaterialVote

KINDS: Final = ("glass_bottle", "plastic_bottle", "can", "other")
MATERIALS: Final = ("glass", "plastic", "metal", "paper", "cardboard", "trash")
"""The net's outputs, in their order: these behind those."""

MATERIAL_OF: Final = dict(zip(MATERIALS, MATERIALS, strict=True)) | {
    "pet": "plastic",
    "textile": "plastic",
    "aluminium": "metal",
    "steel": "metal",
    "carton": "cardboard",
}
"""What lists of labelled pictures call a material. What stands here by no name is unknown, and neither learnt nor judged."""

FRAME: Final = (448, 336)
"""Width and height of a picture before it is turned, in pixels."""

INPUT: Final = (224, 224)
"""Of what the net is shown: the frame pressed into a square, so that it can be turned by quarters."""

WEIGHTS: Final = Path(__file__).with_name("weights")
VERSION: Final = 2
"""Of what the net is shown and says. A model that was made for another is refused."""

Picture = NDArray[np.uint8]
Logits = NDArray[np.float32]

MADE: Final = {"glass_bottle": Made.GLASS, "plastic_bottle": Made.PLASTIC, "can": Made.OTHER, "other": Made.OTHER}


class ModelUnusable(OutOfService):
    """The net cannot be asked; the other votes go on without it."""

    def __init__(self, path: Path, detail: str = "") -> None:
        super().__init__(f"{path}: {detail}" if detail else str(path))
        self.path = path
        self.detail = detail


class ModelMissing(ModelUnusable):
    """A file of the model is not there, or may not be read."""


class ModelDamaged(ModelUnusable):
    """The weights are not those that its description names, or cannot be used."""


class ModelOfAnotherVersion(ModelUnusable):
    """It was made for a program of another version."""

    def __init__(self, path: Path, found: object) -> None:
        super().__init__(path, f"version {found!r}, known is {VERSION}")
        self.found = found
        self.known = VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the folds of the training say of the net's answers.

    Logits are divided by the temperatures (Guo et al. 2017, *On calibration*). ``kind_priors``: how common each of KINDS was among what it learnt from; in a kiosk the common ones are others, so the
    answer is the kind with the most probability for the square root of that (Menon et al. 2021, *Logit adjustment*, by half). ``sure_from``: the probability from which each answer is given at all, below it is unsure; ``pays_from``: from
    which a bottle would be paid by its picture alone. ``name`` stands beside every answer that is kept.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="ignore", allow_inf_nan=False)

    name: str
    sha256: str
    kind_priors: tuple[float, float, float, float]
    kind_temperature: float
    material_temperature: float
    sure_from: dict[Made, float]
    pays_from: float


@dataclass(frozen=True, slots=True)
class Said:
    """Probabilities of KINDS and of MATERIALS, calibrated, and the vote they make; ``kind``: the answer. ``pays``: by the picture alone it would be a bottle to be paid."""

    kinds: tuple[float, ...]
    materials: tuple[float, ...]
    kind: str
    vote: MaterialVote
    pays: bool

    @property
    def confidence(self) -> float:
        """How often such an answer is right."""
        return self.kinds[KINDS.index(self.kind)]

    @property
    def material(self) -> str:
        return MATERIALS[int(np.argmax(self.materials))]


class Model:
    """One net, read from ``path``, with its calibration. Not for two threads at a time."""

    def __init__(self, net: "cv2.dnn.Net", calibration: Calibration, path: Path = WEIGHTS) -> None:
        self._net = net
        self._path = path
        self.calibration = calibration

    def look(self, picture: Picture, number: int) -> Logits:
        """What the net gives for a picture (BGR, any size), as the look of that number of its item. Raises ModelDamaged: what can be read can still be no net of this kind."""
        try:
            self._net.setInput(cv2.dnn.blobFromImage(turned(framed(picture), number)))
            found = np.asarray(self._net.forward(), np.float32).reshape(-1)
        except cv2.error as error:
            raise ModelDamaged(self._path, str(error).strip()) from error
        if len(found) != len(KINDS) + len(MATERIALS):
            raise ModelDamaged(self._path, f"{len(found)} answers, not {len(KINDS) + len(MATERIALS)}")
        return found

    def said(self, looks: Sequence[Logits]) -> Said:
        """Of one item: the mean of its looks, which are at least one."""
        return said(np.mean(looks, axis=0), self.calibration)


def said(logits: Logits, calibration: Calibration) -> Said:
    kinds = _probabilities(logits[: len(KINDS)] / calibration.kind_temperature)
    materials = _probabilities(logits[len(KINDS) :] / calibration.material_temperature)
    best = int(np.argmax(np.array(kinds) / np.sqrt(calibration.kind_priors)))
    made = MADE[KINDS[best]]
    # a can and a tin are both nothing to be paid, whichever of the two it is
    confidence = kinds[best] if made is not Made.OTHER else sum(p for name, p in zip(KINDS, kinds, strict=True) if MADE[name] is Made.OTHER)
    vote = MaterialVote(made if confidence >= calibration.sure_from[made] else Made.UNSURE, confidence)
    return Said(kinds, materials, KINDS[best], vote, made is not Made.OTHER and confidence >= calibration.pays_from)


def _probabilities(logits: Logits) -> tuple[float, ...]:
    powers = np.exp(logits.astype(np.float64) - logits.max())
    return tuple(float(power) for power in powers / powers.sum())


def framed(picture: Picture) -> Picture:
    """Lying, and widened to the frame's proportions by its own border."""
    if picture.shape[0] > picture.shape[1]:
        picture = cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE).astype(np.uint8, copy=False)
    scale = min(FRAME[0] / picture.shape[1], FRAME[1] / picture.shape[0])
    width, height = max(1, round(scale * picture.shape[1])), max(1, round(scale * picture.shape[0]))
    if scale <= 0.5:
        # by whole halves first: the means of two by two pixels cost a tenth of those of fractions, and the rest has a quarter to do
        halves = int(np.log2(1 / scale))
        picture = cv2.resize(
            picture, (picture.shape[1] >> halves or 1, picture.shape[0] >> halves or 1), interpolation=cv2.INTER_AREA
        ).astype(np.uint8, copy=False)
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, above = (FRAME[0] - width) // 2, (FRAME[1] - height) // 2
    whole = cv2.copyMakeBorder(small, above, FRAME[1] - height - above, left, FRAME[0] - width - left, cv2.BORDER_REPLICATE)
    return whole.astype(np.uint8, copy=False)


def turned(picture: Picture, number: int) -> Picture:
    """At the input's size, as the look of that number is shown to the net: as it is, by half a turn, mirrored, by a quarter."""
    small = cv2.resize(picture, INPUT, interpolation=cv2.INTER_AREA)
    match number % 4:
        case 1:
            small = cv2.rotate(small, cv2.ROTATE_180)
        case 2:
            small = cv2.flip(small, 1)
        case 3:
            small = cv2.rotate(small, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            pass
    return small.astype(np.uint8, copy=False)


def read_model(folder: Path = WEIGHTS) -> Model:
    """``material.onnx`` with its ``material.json``. Raises ModelUnusable; nothing half right is handed out."""
    path = folder / "material.json"
    found = _described(path)
    weights = folder / "material.onnx"
    data = _bytes(weights)
    if hashlib.sha256(data).hexdigest() != found.sha256:
        raise ModelDamaged(weights, f"not the weights that {path.name} names")
    try:
        return Model(cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8)), found, weights)
    except cv2.error as error:
        raise ModelDamaged(weights, str(error).strip()) from error


def _described(path: Path) -> Calibration:
    data = _bytes(path)
    try:
        version = TypeAdapter(dict[str, object]).validate_json(data).get("version")
        if version != VERSION:
            raise ModelOfAnotherVersion(path, version)
        found = TypeAdapter(Calibration).validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise ModelDamaged(path, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    if found.sure_from.keys() != set(MADE.values()):
        raise ModelDamaged(path, "sure_from: not for each answer")
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelMissing(path, error.strerror or str(error)) from error
