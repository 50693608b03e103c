"""The pool: pictures of the chamber that were drawn for this (``training/chamber``), each with what is true of it.

Those in ``pool/`` are for figures alone: whoever sets a threshold draws others.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from config.files import read_text
from drivers.twin.items import Item, LabelsMissing, LabelsWrong, Picture

POOL = Path(__file__).parent / "pool"
COLUMNS = frozenset(
    {
        "file",
        "item",
        "pattern",
        "class",
        "material",
        "liquid_ml",
        "roll_deg",
        "ean",
        "weight_g",
        "metal",
        "contents_g",
        "things",
        "length_mm",
        "width_mm",
        "colour",
        "label",
        "dark",
    }
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture, as an item of its own. ``contents_g``: of its weight, what is in it. ``things``: how many lie there; weight and codes are of all of them. ``length_mm``, ``width_mm``: the first one's, 0 where nothing lies there. ``label``: whether it has one."""

    pattern: str
    item: Item
    material: str
    liquid_ml: int
    contents_g: int
    things: int
    length_mm: int
    width_mm: int
    colour: str
    label: bool


def read_pool(folder: Path = POOL) -> tuple[Drawn, ...]:
    """All pictures, in the order of their names. Raises LabelsMissing, LabelsWrong, NotText."""
    path = folder / "labels.csv"
    if not path.is_file():
        raise LabelsMissing(folder)
    reader = csv.DictReader(read_text(path).splitlines())
    if not COLUMNS.issubset(reader.fieldnames or ()):
        raise LabelsWrong(path, 1, ",".join(reader.fieldnames or ("nothing",)), f"the columns {','.join(sorted(COLUMNS))}")
    drawn = [_drawn(folder, row) for row in reader if (folder / row["file"]).is_file()]
    return tuple(sorted(drawn, key=lambda one: one.item.name))


def _drawn(folder: Path, row: dict[str, str]) -> Drawn:
    dark = folder / row["dark"] if row["dark"] else None
    picture = Picture(folder / row["file"], int(row["roll_deg"]), in_chamber=True, dark=dark)
    item = Item(row["item"], row["class"], tuple(row["ean"].split()), int(row["weight_g"]), bool(int(row["metal"])), (picture,))
    contents_g, things, length_mm, width_mm = (int(row[name]) for name in ("contents_g", "things", "length_mm", "width_mm"))
    liquid_ml, label = int(row["liquid_ml"]), bool(int(row["label"]))
    return Drawn(row["pattern"], item, row["material"], liquid_ml, contents_g, things, length_mm, width_mm, row["colour"], label)
