"""Whether a wrong code can be accepted: drawn codes of 1.2 to 4 pixels a module, sharp and blurred, straight and turned, still and moving.

    python -m benchmarks.misreads [--looks N] [--seed S] [--map FILE.png]

Each visit is a code with random digits, seen by the real reader look after look until the judge has enough, as in a kiosk. A bottle that lies still shows every look the
same picture under new noise; one that moves is shifted by fractions of a pixel and turned a little. An answer counts as wrong when a value is agreed on
that was not printed; a look counts as wrong when it believes one. Module widths go round in steps of 0.05, the rest is drawn anew. ``--map`` draws what
was read at which module width and blur. Exit 1 if a wrong value was agreed on.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.arguments import at_least
from config.settings import Recognition
from config.vocabulary import Gtin
from recognition.codes.cascade import read_look
from recognition.codes.likelihood.alphabet import EAN8, EAN13, UPCE, Layout, Word
from recognition.gtin import canonical
from recognition.judge import agreed, enough
from recognition.policies import policy_of
from recognition.verdict import Look

MODULES_PX: Final = np.round(np.arange(1.2, 4.0001, 0.05), 2)
BLURS: Final = (0.0, 0.2, 0.35, 0.5, 0.7, 0.9, 1.2, 1.5)
"""Standard deviation, in modules."""

NOISES: Final = (2.0, 6.0, 12.0)
"""Of a picture of 8 bits."""

MOST_HIGH_PX: Final = 160.0
QUIET: Final = 12
ROOM_PX: Final = 24
"""Frames are no larger than a code needs, as a look takes as long as they are large."""

FINE, POINTS = 8, 4
"""A code's row has so many samples a module; and a sensor's pixel is the average of so many points each way."""

Clean = NDArray[np.float32]

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Case:
    layout: Layout
    code: Gtin
    modules: NDArray[np.float64]
    module_px: float
    blur: float
    noise: float
    angle_deg: float
    moving: bool


@dataclass(slots=True)
class Tally:
    visits: int = 0
    looks: int = 0
    agreed: int = 0
    wrong: int = 0
    wrong_looks: int = 0


def drawn_word(rng: np.random.Generator) -> tuple[Layout, Gtin, NDArray[np.float64]]:
    """A word that is some number's, EAN-13 in three of four."""
    layout = (EAN13, EAN13, EAN13, EAN13, EAN13, EAN13, EAN8, UPCE)[rng.integers(8)]
    while True:
        family = int(rng.integers(len(layout.prefix)))
        digits = rng.integers(0, 10, len(layout.sides))
        digits = np.where(layout.only[family] >= 0, layout.only[family], digits)
        word = Word(family, tuple(int(digit) for digit in digits))
        code = canonical(layout.symbology, layout.text(word))
        if code is not None and (layout.weights[family] @ digits - layout.remainder[family]) % 10 == 0:
            return layout, code, layout.printed(word)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for module_px in cycle(MODULES_PX):
        layout, code, modules = drawn_word(rng)
        yield Case(
            layout,
            code,
            modules,
            float(module_px),
            float(rng.choice(BLURS)),
            float(rng.choice(NOISES)),
            float(rng.choice((0, 0, 0, 90, 180)) + rng.normal(0, 4)),
            bool(rng.random() < 0.4),
        )


def frame_around(length_px: float, height_px: float, angle: float) -> tuple[int, int]:
    """Width and height of a frame in which a code lies whole at this angle (radians), with room to move."""
    across, down = abs(np.cos(angle)), abs(np.sin(angle))
    return round(length_px * across + height_px * down + ROOM_PX), round(length_px * down + height_px * across + ROOM_PX)


def drawn(case: Case, *, shift_px: tuple[float, float] = (0.0, 0.0), turn_deg: float = 0.0) -> Clean:
    """A case without noise: bars on a light ground, 60 modules high at the most, averaged over the sensor's pixels, blurred."""
    height_px = min(60 * case.module_px, MOST_HIGH_PX)
    total = (len(case.modules) + 2 * QUIET) * case.module_px
    angle = np.radians(case.angle_deg + turn_deg)
    size = frame_around(total, height_px, angle)
    bars = np.repeat(np.pad(case.modules, QUIET), FINE)
    # the fine row becomes the picture by one affine map, taken at so many points of each pixel
    x, y = (
        ((np.arange(side * POINTS) + 0.5) / POINTS - side / 2 - moved).astype(np.float32)
        for side, moved in zip(size, shift_px, strict=True)
    )
    across, down = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    along = (x * across)[None, :] + (y * down)[:, None]
    aside = (y * across)[:, None] - (x * down)[None, :]
    place = np.clip(((along + np.float32(total / 2)) * np.float32(FINE / case.module_px)).astype(np.int32), 0, len(bars) - 1)
    dark = bars.astype(np.float32)[place] * (np.abs(aside) < height_px / 2)
    picture = cv2.resize(215 - 175 * dark, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), case.blur * case.module_px) if case.blur else picture, np.float32)


def noisy(picture: Clean, noise: float, rng: np.random.Generator) -> Image:
    return np.clip(picture + noise * rng.standard_normal(picture.shape, np.float32), 0, 255).astype(np.uint8)


def visited(case: Case, rng: np.random.Generator) -> tuple[Gtin | None, Sequence[Look]]:
    """What the looks agree on, as a kiosk would take them."""
    policy = policy_of(Recognition(policy="barcode-only"), demonstration=True)
    looks: list[Look] = []
    still = None if case.moving else drawn(case)
    while not enough(looks, policy):
        if still is None:
            right, down = rng.normal(0, 1.5, 2)
            picture = drawn(case, shift_px=(float(right), float(down)), turn_deg=float(rng.normal(0, 3)))
        else:
            picture = still
        looks.append(read_look(noisy(picture, case.noise, rng), len(looks), looks))
    return agreed(looks, policy), looks


def run(least_looks: int, seed: int) -> tuple[Tally, dict[tuple[float, float], Tally], list[str]]:
    rng = np.random.default_rng(seed)
    total = Tally()
    by_place: dict[tuple[float, float], Tally] = {}
    named: list[str] = []
    for case in cases(rng):
        if total.looks >= least_looks:
            break
        code, looks = visited(case, rng)
        wrong_looks = sum(bool(look.codes - {case.code}) for look in looks)
        for tally in (total, by_place.setdefault((case.module_px, case.blur), Tally())):
            tally.visits += 1
            tally.looks += len(looks)
            tally.agreed += code == case.code
            tally.wrong += code is not None and code != case.code
            tally.wrong_looks += wrong_looks
        if wrong_looks:
            values = Counter(value for look in looks for value in look.codes)
            agreement = "agreed on" if code not in (None, case.code) else "not agreed on"
            named.append(
                f"{case.layout.symbology} {case.code} at {case.module_px} px, blur {case.blur}, noise {case.noise}, {case.angle_deg:.0f} degrees, "
                f"{'moving' if case.moving else 'still'}: {dict(values)}, {agreement}"
            )
    return total, by_place, named


def drawn_map(by_place: dict[tuple[float, float], Tally], path: Path) -> None:
    """A square for each module width (across) and blur (down): green what was agreed on, red what was agreed on wrongly, grey nothing."""
    side, left, top = 18, 90, 40
    picture = np.full((top + side * len(BLURS) + 30, left + side * len(MODULES_PX) + 20, 3), 255, np.uint8)
    for column, module_px in enumerate(MODULES_PX):
        for row, blur in enumerate(BLURS):
            tally = by_place.get((float(module_px), blur), Tally())
            read = tally.agreed / tally.visits if tally.visits else 0.0
            colour = (
                (40, 40, 200)
                if tally.wrong
                else (round(225 - 165 * read), round(225 - 90 * read), round(225 - 185 * read))
                if tally.visits
                else (255, 255, 255)
            )
            corner = left + column * side, top + row * side
            cv2.rectangle(picture, corner, (corner[0] + side - 2, corner[1] + side - 2), colour, cv2.FILLED)
    for row, blur in enumerate(BLURS):
        cv2.putText(picture, f"{blur:.2f}", (40, top + row * side + 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    for column in range(0, len(MODULES_PX), 8):
        at = (left + column * side - 6, top + side * len(BLURS) + 18)
        cv2.putText(picture, f"{MODULES_PX[column]:.1f}", at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    title = "agreed on (green), wrongly (red), not (grey); across: pixels a module, down: blur in modules"
    cv2.putText(picture, title, (left, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    cv2.imwrite(str(path), picture)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--looks", type=at_least(1), default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--map", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    total, by_place, named = run(asked.looks, asked.seed)
    if asked.map:
        drawn_map(by_place, asked.map)
    if asked.json:
        print(json.dumps({name: getattr(total, name) for name in ("visits", "looks", "agreed", "wrong", "wrong_looks")}))
    else:
        print(
            f"{total.looks} looks, {total.visits} visits: agreed rightly {total.agreed}, wrongly {total.wrong}; looks that believed a wrong value {total.wrong_looks}"
        )
        for line in named:
            print(f"  {line}")
    return 1 if total.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
