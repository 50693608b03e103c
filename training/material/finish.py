"""From the folds' answers to a calibrated model: temperatures, limits, figures, the net as ONNX.

No picture is judged by a net that saw its group, nor by a temperature or a limit that was set on its own fold.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from commands.material_page import plots
from recognition.material import KINDS, MADE, MATERIALS, VERSION, Calibration, said
from recognition.material_evaluation import BOTTLES, Told, figures, limit_for
from recognition.verdict import Made
from training.material.fit import averaged
from training.material.net import Top, export, published
from training.material.pictures import UNKNOWN, Labelled
from training.material.tables import tables

NAME = "material-3"

PLOTS = {
    "sure": "Said with this probability",
    "right": "is right so often",
    "false_pay": "No bottles that are paid",
    "coverage": "bottles that are paid, as what they are",
}

PAYS = 0.003
"""Of what is no bottle this share may be paid by the picture alone, where the limit is set: on other pictures it is some three times as much, and 1 % is what it is held to."""

WRONG = 0.02
"""Of the answers of one kind that are given at all this share may be wrong, where the limit is set."""

VETOED = 0.003
"""Of bottles this share may be told surely for what they are not, where the limit is set: in a kiosk nearly everything is a bottle, and each of these is one that is handed back."""

Floats = NDArray[np.float64]


def finish(photographs: Sequence[Labelled], drawn: Sequence[Labelled], work: Path, weights: Path, out: Path, folds: int) -> None:
    """Writes ``material.onnx``, ``material.json``, ``FIGURES.md`` and the plots of the model card."""
    logits = np.zeros((len(photographs), len(KINDS) + len(MATERIALS)))
    which = np.zeros(len(photographs), int)
    for fold in range(folds):
        found = np.load(work / f"fold-{fold}.npz")
        logits[found["places"]] = found["logits"].mean(1)
        which[found["places"]] = fold
    told: list[Told] = []
    told_drawn: list[Told] = []
    for fold in range(folds):
        others, own = np.flatnonzero(which != fold), np.flatnonzero(which == fold)
        limits = calibration(photographs, logits, others)
        print(f"fold {fold}: {limits}")
        told += told_of(photographs, logits, own, limits)
        found = np.load(work / f"fold-{fold}.npz")
        if len(drawn):
            own_drawn = np.zeros((len(drawn), logits.shape[1]))
            own_drawn[found["drawn"]] = found["drawn_logits"].mean(1)
            told_drawn += told_of(drawn, own_drawn, found["drawn"], limits)
    every = calibration(photographs, logits, np.arange(len(photographs)))
    out.mkdir(parents=True, exist_ok=True)
    tops = []
    for path in sorted(work.glob("whole-*.pt")):
        top = Top()
        top.load_state_dict(torch.load(path, weights_only=True))
        tops.append(top)
    stem, _ = published(weights)
    export(stem, averaged(tops), out / "material.onnx")
    digest = hashlib.sha256((out / "material.onnx").read_bytes()).hexdigest()
    every = replace(every, sha256=digest)
    described = {"version": VERSION, **{one.name: getattr(every, one.name) for one in fields(Calibration)}}
    (out / "material.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    every_figure = {"photographs": figures(told), "drawn": figures(told_drawn)}
    (out / "FIGURES.md").write_text("\n".join(tables(every_figure)) + "\n", encoding="utf-8")
    for name, plot in zip(("sure", "paid"), plots(told, PLOTS.__getitem__), strict=True):
        (out / f"{name}.svg").write_text(plot + "\n", encoding="utf-8")
    print(json.dumps(every_figure, indent=1))


def told_of(pictures: Sequence[Labelled], logits: Floats, places: Sequence[int] | NDArray[np.int64], limits: Calibration) -> list[Told]:
    return [
        Told(
            str(pictures[place].path),
            KINDS[pictures[place].kind],
            None if pictures[place].material == UNKNOWN else MATERIALS[pictures[place].material],
            said(logits[place].astype(np.float32), limits),
            pictures[place].detail,
            pictures[place].colour,
        )
        for place in places
    ]


def calibration(pictures: Sequence[Labelled], logits: Floats, places: NDArray[np.int64]) -> Calibration:
    """Set on these pictures alone."""
    kinds = np.array([pictures[place].kind for place in places])
    materials = np.array([pictures[place].material for place in places])
    known = materials != UNKNOWN
    limits = Calibration(
        name=NAME,
        sha256="",
        kind_priors=tuple(np.bincount(kinds, minlength=len(KINDS)) / len(kinds)),
        kind_temperature=temperature(logits[places, : len(KINDS)], kinds),
        material_temperature=temperature(logits[places, len(KINDS) :][known], materials[known]),
        sure_from=dict.fromkeys((Made.GLASS, Made.PLASTIC, Made.OTHER), 0.0),
        pays_from=1.0,
    )
    told = told_of(pictures, logits, places, limits)
    sure = {made: sure_from(told, made) for made in limits.sure_from}
    return replace(limits, sure_from=sure, pays_from=round(limit_for(told, PAYS), 4))


def temperature(logits: Floats, truth: NDArray[np.int64]) -> float:
    """The one with the least cross-entropy."""
    tried = np.exp(np.linspace(np.log(0.3), np.log(4), 200))
    return round(float(min(tried, key=lambda one: _entropy(logits / one, truth))), 4)


def _entropy(logits: Floats, truth: NDArray[np.int64]) -> float:
    highest = logits.max(1, keepdims=True)
    return float((np.log(np.exp(logits - highest).sum(1)) + highest[:, 0] - logits[np.arange(len(truth)), truth]).mean())


def sure_from(told: Sequence[Told], made: Made) -> float:
    """The lowest confidence from which no more than WRONG of that answer are wrong, and no more than VETOED of the bottles get it that are none such; a half at the least."""
    answers = sorted(
        ((one.said.vote.confidence, MADE[one.kind] is made) for one in told if MADE[one.said.kind] is made), key=lambda pair: -pair[0]
    )
    found, wrong = 1.0, 0
    for count, (confidence, right) in enumerate(answers, 1):
        wrong += not right
        if wrong <= WRONG * count:
            found = confidence
    vetoed = sorted(
        (one.said.vote.confidence for one in told if one.kind in BOTTLES and MADE[one.kind] is not made is MADE[one.said.kind]),
        reverse=True,
    )
    bottles = sum(one.kind in BOTTLES and MADE[one.kind] is not made for one in told)
    allowed = int(VETOED * bottles)
    # above the first that is one too many
    above = float(np.nextafter(np.float32(vetoed[allowed]), np.float32(2))) if len(vetoed) > allowed else 0.0
    return round(min(max(found, above, 0.5) + 1e-4, 1.0), 4)
