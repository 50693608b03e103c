"""Ten drawn pictures that nothing else reads: neither bare pyzbar nor bare zxing-cpp, nor our cascade without the likelihood stage. Each with what it is, and what explains it.

    python -m benchmarks.only_here [--picture FILE.png] [--json]

Each recipe is drawn with seed after seed until it is a picture that the others do not read and our reader reads rightly; ``drawn`` says how many it took. Exit 1 where twenty do not suffice.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.misreads import QUIET, Case, Clean, Image, drawn, drawn_word, noisy
from config.vocabulary import Gtin
from recognition.codes.cascade import read_by_decoders, read_look
from recognition.codes.crops import FINE, detected
from recognition.codes.likelihood.alphabet import EAN8, EAN13, UPCE, Layout
from recognition.codes.likelihood.guard import believed
from recognition.codes.likelihood.kernels import Compiled
from recognition.codes.likelihood.model import Candidate
from recognition.codes.likelihood.reader import candidates
from recognition.evaluation import BARE
from recognition.gtin import canonical

MOST_DRAWN: Final = 20
WIDE_PX: Final = 460

Changed = Callable[[Clean], Clean]


@dataclass(frozen=True, slots=True)
class Recipe:
    """``said``: what is hard about it, and what reads it all the same."""

    name: str
    said: str
    layout: Layout
    module_px: float
    blur: float
    noise: float
    angle_deg: float = 2.0
    changed: Changed = lambda picture: picture


@dataclass(frozen=True, slots=True)
class Found:
    name: str
    said: str
    code: Gtin
    drawn: int
    blur: float
    explained: float
    ratio: float
    margin: float


def on_dark(picture: Clean) -> Clean:
    return 255 - picture


def pale(picture: Clean) -> Clean:
    return 140 + 0.2 * picture


def half_in_glare(picture: Clean) -> Clean:
    """A lamp's reflection across the upper part of the bars."""
    rows = np.arange(picture.shape[0])[:, None] / picture.shape[0]
    lit = np.exp(-(((rows - 0.35) / 0.13) ** 2))
    return np.asarray(picture + lit * (320 - picture), np.float32)


def round_a_bottle(picture: Clean) -> Clean:
    """From the axis to 55 degrees beside it: modules get narrower to one side, and darker."""
    height, width = picture.shape
    far = np.sin(np.radians(55))
    there = np.arcsin(np.linspace(-0.1, far, width)) / np.radians(55) * width
    seen = cv2.remap(
        picture,
        np.tile(there.astype(np.float32), (height, 1)),
        np.tile(np.arange(height, dtype=np.float32)[:, None], (1, width)),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(seen * np.linspace(1, 0.55, width)[None], np.float32)


RECIPES: Final = (
    Recipe(
        "small",
        "less than a pixel a module: bars are shades of grey, whose sum over each digit is compared with all ten",
        EAN13,
        0.9,
        0.3,
        2.0,
    ),
    Recipe(
        "soft", "out of focus by nine tenths of a module: digits are pictures under the blur that explains all best", EAN13, 2.2, 0.9, 4.0
    ),
    Recipe(
        "soft EAN-8", "half as many digits to check: white beside it and a clearer lead over the next are asked for", EAN8, 2.4, 0.8, 3.0
    ),
    Recipe("soft UPC-E", "six digits: number system and check digit stand in the parities alone", UPCE, 3.0, 0.85, 2.0),
    Recipe(
        "blurred", "by 1.3 modules: no edge of a single bar is left, and neighbouring digits are weighed together", EAN13, 2.6, 1.3, 2.0
    ),
    Recipe("much blurred", "by 1.6 modules: what is left is how dark each stretch is", EAN13, 3.0, 1.6, 1.0),
    Recipe(
        "light on dark", "light bars on dark, soft: read as its negative, where that fits better", EAN13, 2.4, 0.8, 4.0, changed=on_dark
    ),
    Recipe(
        "pale",
        "a fifth of the contrast, soft: many rows are averaged, and each of six bands must say it",
        EAN13,
        2.4,
        0.85,
        1.0,
        changed=pale,
    ),
    Recipe("in glare", "a reflection over a third of its height: bands without it count", EAN13, 2.2, 0.85, 4.0, changed=half_in_glare),
    Recipe(
        "round a bottle",
        "narrower at one end, and darker: the warp is fitted with the digits",
        EAN13,
        2.4,
        0.55,
        4.0,
        changed=round_a_bottle,
    ),
)


def tries(recipe: Recipe) -> Iterator[tuple[int, Gtin, Image]]:
    for seed in range(MOST_DRAWN):
        rng = np.random.default_rng(seed)
        while True:
            layout, code, modules = drawn_word(rng)
            if layout is recipe.layout:
                break
        case = Case(layout, code, modules, recipe.module_px, recipe.blur, recipe.noise, recipe.angle_deg, moving=False)
        room = round(QUIET * recipe.module_px)
        clean = np.pad(drawn(case), room, mode="edge")
        yield seed + 1, code, noisy(recipe.changed(clean), recipe.noise, rng)


def by_the_stage(picture: Image, code: Gtin, kernels: Compiled) -> Candidate | None:
    for placed in candidates(picture, detected(picture, FINE)[:2], kernels):
        candidate = placed.candidate
        if believed(candidate) and canonical(candidate.layout.symbology, candidate.text) == code:
            return candidate
    return None


def found(recipe: Recipe, kernels: Compiled) -> tuple[Found, Image] | None:
    for many, code, picture in tries(recipe):
        if read_look(picture, 0).codes != {code} or read_by_decoders(picture) or any(code in set(bare(picture)) for bare in BARE.values()):
            continue
        candidate = by_the_stage(picture, code, kernels)
        if candidate is not None:
            figures = (round(value, 3) for value in (candidate.blur, candidate.explained, candidate.ratio, candidate.margin))
            return Found(recipe.name, recipe.said, code, many, *figures), picture
    return None


def sheet(pictures: list[tuple[Found, Image]]) -> Image:
    """Two beside each other, each enlarged to the same width."""
    cells = []
    for one, picture in pictures:
        times = min(WIDE_PX / picture.shape[1], 3.0)
        large = cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC if times > 1 else cv2.INTER_AREA)[:190]
        cell = np.full((250, WIDE_PX + 20), 255, np.uint8)
        left = (cell.shape[1] - large.shape[1]) // 2
        cell[6 : 6 + large.shape[0], left : left + large.shape[1]] = large
        for row, text in enumerate(
            (f"{one.name}: {one.code}", f"blur {one.blur:.2f} modules, explained {one.explained:.2f}, ratio {one.ratio:.1f}")
        ):
            cv2.putText(cell, text, (12, 216 + 20 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
        cells.append(cell)
    return np.vstack([np.hstack(cells[at : at + 2]) for at in range(0, len(cells) // 2 * 2, 2)]).astype(np.uint8, copy=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    kernels = Compiled()
    by_recipe = {recipe.name: found(recipe, kernels) for recipe in RECIPES}
    pictures = [one for one in by_recipe.values() if one is not None]
    if asked.picture and pictures:
        cv2.imwrite(str(asked.picture), sheet(pictures))
    if asked.json:
        print(json.dumps([asdict(one) for one, _ in pictures]))
    else:
        for one, _ in pictures:
            print(
                f"{one.name} ({one.code}, drawn {one.drawn}): {one.said}; blur {one.blur}, explained {one.explained}, ratio {one.ratio}, margin {one.margin:.0f}"
            )
        for name in (name for name, one in by_recipe.items() if one is None):
            print(f"{name}: none of {MOST_DRAWN}")
    return 0 if len(pictures) == len(RECIPES) else 1


if __name__ == "__main__":
    sys.exit(main())
