"""The things that can be put into the twin's chamber, from ``labels.csv`` files, checked whole before anything starts.

Two folders are understood: the rendered pictures that come with the twin (each item from several sides, with weight and
metal), and any folder of photographs of codes (each picture an item). What a look of an item looks like: ``looks.py``.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from config.files import read_text
from config.told import WrongUse

PICTURES = Path(__file__).parent / "pictures"
EMPTY_PICTURE = PICTURES / "chamber_empty.jpg"

CHAMBER_COLUMNS = ("file", "item", "class", "roll_deg", "ean", "weight_g", "metal")
FRAME_COLUMNS = ("file", "gtin", "symbology", "kind", "source", "severity")
SHOWN_COLUMNS = ("file", "class")

FRAME_WEIGHT_G = 25
"""Nobody knows what was photographed: a common PET bottle's weight, so that weight alone refuses nothing."""

JPEG_START, JPEG_END, JPEG_TAIL = b"\xff\xd8", b"\xff\xd9", 1024
"""Markers of ISO/IEC 10918-1; some programs append up to a few hundred bytes behind the end."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One side of an item. ``in_chamber``: the picture is what the chamber's camera sees; else it is laid on a plain ground. ``dark``: the same with the lamp off, where that was drawn."""

    path: Path
    roll_deg: int
    in_chamber: bool
    dark: Path | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """``codes`` are the right codes in canonical form, none for an item without; for a photograph with several, any is right.

    ``kind`` is the class of the chamber's items (``glass_bottle`` …), or the kind of a photograph (``real``, ``synthetic``,
    ``negative``). ``roll_deg`` of a picture is the turn of the item about its axis; at 0 its code faces the camera.
    """

    name: str
    kind: str
    codes: tuple[str, ...]
    weight_g: int
    metal: bool
    pictures: tuple[Picture, ...]


class ItemsWrong(WrongUse):
    """A folder of pictures cannot be used."""


class LabelsMissing(ItemsWrong):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds no labels.csv")
        self.folder = folder


class LabelsWrong(ItemsWrong):
    """``line`` counts from 1, the header included."""

    def __init__(self, path: Path, line: int, found: str, allowed: str) -> None:
        super().__init__(f"{path}, line {line}: found {found}, allowed is {allowed}")
        self.path = path
        self.line = line
        self.found = found
        self.allowed = allowed


class PictureUnreadable(ItemsWrong):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no picture that can be read")
        self.path = path


def chamber_items() -> dict[str, Item]:
    """The rendered items that come with the twin, by name, each with its pictures by rising roll."""
    labels = PICTURES / "labels.csv"
    items: dict[str, Item] = {}
    for line, row in _rows(PICTURES, CHAMBER_COLUMNS):
        if row["item"] == EMPTY_PICTURE.stem:
            continue
        path = _readable(PICTURES / row["file"])
        dark = path.with_stem(f"{path.stem}_dark")
        picture = Picture(path, _whole(labels, line, row["roll_deg"], 0, 359), in_chamber=True, dark=dark if dark.exists() else None)
        before = items.get(row["item"])
        items[row["item"]] = Item(
            name=row["item"],
            kind=row["class"],
            codes=_codes(labels, line, row["ean"].split()),
            weight_g=_whole(labels, line, row["weight_g"], 0, 20_000),
            metal=bool(_whole(labels, line, row["metal"], 0, 1)),
            pictures=tuple(sorted((*(before.pictures if before else ()), picture), key=lambda side: side.roll_deg)),
        )
    return items


@dataclass(frozen=True, slots=True)
class Photograph:
    """One row of a folder of photographs; ``line`` counts from 1, the header included. ``source`` and ``severity``: where from, and how hard to read."""

    line: int
    file: str
    path: Path
    codes: tuple[str, ...]
    kind: str
    source: str
    severity: str


def photographs(folder: Path) -> Iterator[Photograph]:
    """Each picture of ``folder`` and its right codes. Raises ItemsWrong, NotText; every picture is decoded once to be sure."""
    labels = folder / "labels.csv"
    seen: set[str] = set()
    for line, row in _rows(folder, FRAME_COLUMNS):
        file = row["file"]
        if file in seen:
            raise LabelsWrong(labels, line, f"{file} again", "each file once")
        seen.add(file)
        codes = _codes(labels, line, row["gtin"].split("|") if row["gtin"] else [])
        yield Photograph(line, file, _readable(folder / file), codes, row["kind"], row["source"], row["severity"])


@dataclass(frozen=True, slots=True)
class ShownThing:
    """One row of a folder of pictures whose things are known by class. ``material``, ``detail`` (what kind of thing) and ``colour`` are as the list says, or empty."""

    file: str
    path: Path
    kind: str
    material: str
    detail: str
    colour: str


def shown_things(folder: Path, kinds: Sequence[str]) -> Iterator[ShownThing]:
    """Each picture whose class is one of ``kinds``; rows of others (unclear, empty) are for nobody to judge. Raises as ``photographs``; LabelsWrong too where no row is one of them."""
    none = True
    for _, row in _rows(folder, SHOWN_COLUMNS):
        if row["class"] not in kinds:
            continue
        none = False
        material = row.get("material") or row.get("trashnet_class") or ""
        detail = row.get("kind") or row.get("pattern") or row.get("item") or ""
        yield ShownThing(row["file"], _readable(folder / row["file"]), row["class"], material, detail, row.get("colour") or "")
    if none:
        raise LabelsWrong(folder / "labels.csv", 2, "no class that is known", ", ".join(kinds))


def frame_items(folder: Path) -> dict[str, Item]:
    """Each photograph of ``folder`` as an item, by its file column. Raises as ``photographs``."""
    return {
        photograph.file: Item(
            name=photograph.file,
            kind=photograph.kind,
            codes=photograph.codes,
            weight_g=FRAME_WEIGHT_G,
            metal=False,
            pictures=(Picture(photograph.path, 0, in_chamber=False),),
        )
        for photograph in photographs(folder)
    }


def _rows(folder: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Line number and named values of each row below the header, which must hold all ``columns``."""
    path = folder / "labels.csv"
    if not path.is_file():
        raise LabelsMissing(folder)
    # a spreadsheet marks a UTF-8 file at its begin, which would be part of the first column's name
    reader = csv.DictReader(read_text(path).removeprefix("\ufeff").splitlines(), restkey="beyond", restval=None)
    if not set(columns) <= set(reader.fieldnames or ()):
        raise LabelsWrong(path, 1, ",".join(reader.fieldnames or ("nothing",)), f"the columns {','.join(columns)}")
    empty = True
    for row in _parsed(path, reader):
        if "beyond" in row or None in row.values():
            raise LabelsWrong(path, reader.line_num, "another number of values", f"{len(reader.fieldnames or ())} values")
        empty = False
        yield reader.line_num, row
    if empty:
        raise LabelsWrong(path, 2, "nothing", "at least one picture")


def _parsed(path: Path, reader: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise LabelsWrong(path, reader.line_num, f"a value too long ({error})", "the name of a file") from error


def _codes(path: Path, line: int, values: list[str]) -> tuple[str, ...]:
    for value in values:
        if not (value.isascii() and value.isdecimal() and len(value) in (8, 13)):
            raise LabelsWrong(path, line, f"the code {value!r}", "13 digits, or 8 for EAN-8")
    return tuple(values)


def _whole(path: Path, line: int, text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        raise LabelsWrong(path, line, text or "nothing", f"{low} to {high}")
    return int(text)


def _readable(path: Path) -> Path:
    """``path``, once it has been decoded. A JPEG that was cut off decodes all the same, so its end is looked for as well."""
    data = np.fromfile(path, np.uint8) if path.is_file() else np.empty(0, np.uint8)
    if not data.size or is_cut_off(data) or not _decodes(data):
        raise PictureUnreadable(path)
    return path


def is_cut_off(data: NDArray[np.uint8]) -> bool:
    """Whether a file is a JPEG without its end."""
    return data[:2].tobytes() == JPEG_START and JPEG_END not in data[-JPEG_TAIL:].tobytes()


def _decodes(data: NDArray[np.uint8]) -> bool:
    """OpenCV says nothing of what is no picture, and raises for one that is too large, or smaller than an eighth of it can be."""
    try:
        return cv2.imdecode(data, cv2.IMREAD_REDUCED_GRAYSCALE_8) is not None
    except cv2.error:
        return False
