"""Draws the pool: ``python -m training.chamber.render --out DIR [--patterns jar,phone] [--count 20] [--first 0] [--until 16:20]``.

One picture of each pattern in turn, so that a pool that was broken off is even. Pictures that are there are left alone; each adds its row to labels.csv.
"""

import argparse
import csv
import datetime as dt
import time
from pathlib import Path

import cv2

from training.chamber.blender import OFF, Light, picture
from training.chamber.scenes import PATTERNS, Scene, scene

COLUMNS = (
    *(
        "file",
        "item",
        "pattern",
        "class",
        "material",
        "colour",
        "pose",
        "cap",
        "crushed",
        "liquid_ml",
        "label",
        "hand",
        "string",
        "things",
        "roll_deg",
    ),
    *("ean", "weight_g", "metal", "length_mm", "width_mm", "lamp", "dark", "contents_g"),
)
SAMPLES, QUALITY, DARK_QUALITY = 1, 74, 50


def row(name: str, pattern: str, made: Scene, dark: str) -> dict[str, object]:
    """What is true of a picture; of several things the first one's, and all codes and weights."""
    first = made.things[0] if made.things else None
    return {
        "file": f"{name}.webp",
        "item": name,
        "pattern": pattern,
        "class": "empty" if first is None else first.kind,
        "material": "" if first is None else first.material,
        "colour": "" if first is None else first.colour,
        "pose": made.pose,
        "cap": int(first is not None and first.cap),
        "crushed": int(first is not None and first.crushed),
        "liquid_ml": 0 if first is None else first.liquid_ml,
        "label": int(first is not None and first.label),
        "hand": int(made.hand),
        "string": int(made.string),
        "things": len(made.things),
        "roll_deg": made.roll_deg,
        "ean": " ".join(code for thing in made.things for code in thing.codes),
        "weight_g": sum(thing.weight_g for thing in made.things),
        "metal": int(any(thing.metal for thing in made.things)),
        "length_mm": 0 if first is None else round(first.size_mm[0]),
        "width_mm": 0 if first is None else round(first.size_mm[1]),
        "lamp": f"{made.light.gain:.2f}",
        "dark": dark,
        "contents_g": 0 if first is None else first.contents_g,
    }


def draw(folder: Path, pattern: str, seed: int) -> None:
    name = f"{pattern}_{seed:03d}"
    if (folder / f"{name}.webp").exists():
        return
    time.process_time()
    made = scene(pattern, seed)
    lit = picture(made.parts, made.light, samples=SAMPLES, seed=seed)
    dark = ""
    if made.looks_dark:
        dark = f"{name}_dark.webp"
        off = Light(OFF.gain, hall=made.light.hall)
        cv2.imwrite(str(folder / dark), picture(made.parts, off, samples=1, seed=seed), [cv2.IMWRITE_WEBP_QUALITY, DARK_QUALITY])
    cv2.imwrite(str(folder / f"{name}.webp"), lit, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    labels = folder / "labels.csv"
    begins = not labels.exists()
    with labels.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if begins:
            writer.writeheader()
        writer.writerow(row(name, pattern, made, dark))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--patterns", default=",".join(PATTERNS), help="names of scenes.py, with commas; one that stands twice is drawn twice as often"
    )
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first seed: pools with other seeds have nothing in common")
    parser.add_argument("--until", type=dt.time.fromisoformat, default=dt.time.max, help="local time after which no picture is begun")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for number in range(arguments.count):
        for place, pattern in enumerate(arguments.patterns.split(",")):
            if dt.datetime.now().time() > arguments.until:  # noqa: DTZ005 - the clock on the wall
                return
            again = arguments.patterns.split(",")[:place].count(pattern)
            each = arguments.patterns.split(",").count(pattern)
            draw(arguments.out, pattern, arguments.first + number * each + again)


if __name__ == "__main__":
    main()
