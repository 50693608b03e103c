"""Labelled pictures of any folder with a labels.csv: TrashNet's, the chamber's, what ``consigne capture`` has collected.

Columns that are read: ``file``, ``class`` (glass_bottle, plastic_bottle, can, other; a row of another class is left out), ``material`` or ``trashnet_class``, and ``look_group``: pictures of
one thing, which never stand on both sides of a split. Without it the thing is its ``item``, else the file.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.material import KINDS, MATERIAL_OF, MATERIALS, framed

UNKNOWN = -1

Picture = NDArray[np.uint8]


class LabelsWrong(Exception):
    """A row of labels.csv that cannot be used, with its line."""


@dataclass(frozen=True)
class Labelled:
    """``kind`` and ``material`` are places in KINDS and MATERIALS, ``material`` UNKNOWN where nobody says; ``group``: what is one thing."""

    path: Path
    kind: int
    material: int
    group: str
    detail: str
    colour: str

    def read(self) -> Picture:
        """In the shape of the net's input, twice as large as it: what is cut out of it stays sharp. Raises LabelsWrong."""
        found = cv2.imread(str(self.path), cv2.IMREAD_COLOR)
        if found is None:
            raise LabelsWrong(f"{self.path} is no picture that can be read")
        return framed(found.astype(np.uint8, copy=False))


def labelled(folder: Path) -> list[Labelled]:
    """In the order of the list. Raises LabelsWrong, OSError."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not {"file", "class"} <= rows[0].keys():
        raise LabelsWrong(f"{folder / 'labels.csv'} has no rows with a file and a class")
    return [_labelled(folder, row, line) for line, row in enumerate(rows, 2) if row["class"] in KINDS]


def _labelled(folder: Path, row: dict[str, str], line: int) -> Labelled:
    path = folder / row["file"]
    if not path.is_file():
        raise LabelsWrong(f"{folder / 'labels.csv'}, line {line}: there is no {path}")
    material = MATERIAL_OF.get(row.get("material") or row.get("trashnet_class") or "")
    group = row.get("look_group") or row.get("item") or row["file"]
    return Labelled(
        path,
        KINDS.index(row["class"]),
        UNKNOWN if material is None else MATERIALS.index(material),
        f"{folder.name}/{group}",
        row.get("kind") or row.get("pattern") or row.get("item") or "",
        row.get("colour") or "",
    )


def folds(pictures: Sequence[Labelled], count: int, seed: int = 0) -> NDArray[np.int64]:
    """The fold of each picture: whole groups, the largest first, each to where its kind and its material are rarest. One group, one fold."""
    groups: dict[str, list[int]] = {}
    for place, picture in enumerate(pictures):
        groups.setdefault(picture.group, []).append(place)
    names = sorted(groups)
    np.random.default_rng(seed).shuffle(names)
    names.sort(key=lambda name: -len(groups[name]))
    what = np.zeros((len(pictures), len(KINDS) + len(MATERIALS)))
    for place, picture in enumerate(pictures):
        what[place, picture.kind] = 1
        if picture.material != UNKNOWN:
            what[place, len(KINDS) + picture.material] = 1
    what /= what.sum(0).clip(1)
    held = np.zeros((count, what.shape[1]))
    found = np.zeros(len(pictures), np.int64)
    for name in names:
        adds = what[groups[name]].sum(0)
        fold = int(np.argmin([held[one] @ adds + 1e-6 * held[one].sum() for one in range(count)]))
        held[fold] += adds
        found[groups[name]] = fold
    return found
