"""Whether what is no whole code can be accepted as one: overprinted, spliced, covered and cut codes, add-ons, other symbologies, stripes and radiators.

    python -m benchmarks.damage [--cases N] [--seed S] [--shard I/K] [--json]

Each case is drawn with a seed of its own, so that K shards draw what one run would: they may be run one after another or on several machines. It is shown to the real reader, lying still or
turning, until the judge has enough, four looks at the most. Wrong is a value that was nowhere printed whole: *wrong looks* believe one, *wrong* is agreed on and would be paid for. Exit 1 if any was.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from benchmarks.arguments import at_least
from benchmarks.misreads import Clean, Image, drawn_word, frame_around, noisy
from config.settings import Recognition
from config.vocabulary import Gtin
from recognition.codes.cascade import read_look
from recognition.codes.likelihood.alphabet import EAN13, Layout
from recognition.gtin import check_digit
from recognition.judge import agreed, enough
from recognition.policies import policy_of
from recognition.verdict import Look

MOST_LONG_PX: Final = 456.0
ROWS: Final = 60
"""Rows of a drawn print, each a module high."""

FINE: Final = 8
MOST_LOOKS: Final = 4

Print = NDArray[np.float64]
"""How dark each module is, 0 to 1: shape (ROWS, modules), quiet zones among them."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """``printed``: the values that stand on it whole, any of which is right."""

    picture: Print
    printed: frozenset[Gtin]


def _whole(rng: np.random.Generator, quiet: int = 9) -> tuple[Print, Gtin, Layout]:
    layout, code, modules = drawn_word(rng)
    return np.tile(np.pad(modules, quiet), (ROWS, 1)), code, layout


def long_code(rng: np.random.Generator) -> tuple[Print, Gtin]:
    while True:
        picture, code, layout = _whole(rng)
        if layout is EAN13:
            return picture, code


def overprinted(rng: np.random.Generator) -> Damaged:
    """Some digits of a code carry another's bars, on all rows or on some."""
    picture, code = long_code(rng)
    other, _ = long_code(rng)
    rows = slice(0, ROWS) if rng.random() < 0.5 else slice(0, int(rng.integers(ROWS // 4, ROWS)))
    for start in rng.choice(EAN13.digit_starts, int(rng.integers(1, 6)), replace=False):
        picture[rows, 9 + start : 16 + start] = other[rows, 9 + start : 16 + start]
    return Damaged(picture, frozenset({code} | read_off(picture)))


def spliced(rng: np.random.Generator) -> Damaged:
    """The left of one code and the right of another, or one's upper half over the other's lower."""
    one, code = long_code(rng)
    two, other = long_code(rng)
    if rng.random() < 0.7:
        cut = int(rng.integers(20, one.shape[1] - 20))
        one[:, cut:] = two[:, cut:]
    else:
        one[: int(rng.integers(15, ROWS - 15))] = two[0]
    return Damaged(one, frozenset({code, other} | read_off(one)))


def read_off(picture: Print) -> set[Gtin]:
    """The number that a row's modules spell, if they do: what was damaged may be whole again, and is then printed."""
    return {
        Gtin(text) for row in (picture[0], picture[-1]) if (text := _spelt(row[9:-9])) is not None and check_digit(text[:-1]) == text[-1]
    }


def _spelt(modules: NDArray[np.float64]) -> str | None:
    digits, parities = [], []
    for digit, start in enumerate(EAN13.digit_starts):
        cell = modules[start : start + 7]
        pictures = EAN13.pictures(digit)
        found = [(parity, value) for parity, row in enumerate(pictures) for value, shape in enumerate(row) if (shape == cell).all()]
        if not found:
            return None
        parities.append(found[0][0])
        digits.append(found[0][1])
    family = np.flatnonzero((EAN13.parities == parities).all(axis=1))
    return EAN13.prefix[family[0]] + "".join(map(str, digits)) if len(family) else None


def add_on(rng: np.random.Generator) -> Damaged:
    """A code with an add-on of two or five digits beside it, the code itself cut through: a digit at the least is not whole, which the check digit may still tell."""
    picture, code = long_code(rng)
    extra = np.concatenate(
        [
            [1, 0, 1, 1],
            *(
                np.concatenate([EAN13.pictures(0)[int(rng.integers(2)), int(rng.integers(10))], [0, 1]])
                for _ in range(int(rng.choice((2, 5))))
            ),
        ]
    )
    keep = int(rng.integers(picture.shape[1] // 3, picture.shape[1] - 16))
    picture = np.hstack([picture[:, picture.shape[1] - keep :], np.tile(np.pad(extra, (0, 9)), (ROWS, 1))])
    return Damaged(picture, frozenset({code}))


def covered(rng: np.random.Generator) -> Damaged:
    """A thumb, a sticker, glare or a fold over some modules on all rows: at least one digit is seen nowhere."""
    picture, code = long_code(rng)
    wide = int(rng.integers(7, 40))
    start = int(rng.integers(9, picture.shape[1] - 9 - wide))
    shade = float(rng.choice((0.0, 0.5, 1.0)))
    if rng.random() < 0.5:
        picture[:, start : start + wide] = shade
    else:
        picture = np.delete(picture, slice(start, start + wide), axis=1)
    return Damaged(picture, frozenset({code}))


_OTHERS: Final[tuple[tuple[zxingcpp.BarcodeFormat, int], ...]] = (
    (zxingcpp.BarcodeFormat.Code128, 16),
    (zxingcpp.BarcodeFormat.Code39, 8),
    (zxingcpp.BarcodeFormat.ITF, 14),
    (zxingcpp.BarcodeFormat.Codabar, 10),
    (zxingcpp.BarcodeFormat.Code93, 10),
)


def other_symbology(rng: np.random.Generator) -> Damaged:
    format_, length = _OTHERS[int(rng.integers(len(_OTHERS)))]
    body = "".join(map(str, rng.integers(0, 10, length)))
    text = f"A{body}B" if format_ == zxingcpp.BarcodeFormat.Codabar else body
    if format_ == zxingcpp.BarcodeFormat.ITF:
        text = text[:-1] + check_digit(text[:-1])
    bars = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, format_), scale=1, add_quiet_zones=False))
    row = (bars.reshape(bars.shape[0], bars.shape[1])[bars.shape[0] // 2] < 128).astype(float)
    return Damaged(np.tile(np.pad(row, 9), (ROWS, 1)), frozenset())


def stripes(rng: np.random.Generator) -> Damaged:
    """Clothes: runs of a few widths, in chance order or repeated."""
    widths = rng.integers(1, 5, int(rng.integers(4, 60)))
    row = np.concatenate([np.full(width, place % 2, float) for place, width in enumerate(np.tile(widths, 60 // len(widths) + 1))])[:113]
    return Damaged(np.tile(row, (ROWS, 1)), frozenset())


def radiator(rng: np.random.Generator) -> Damaged:
    """Ribs: a period, a share of it in the dark, shaded from one side to the other."""
    period, share = float(rng.uniform(2, 9)), float(rng.uniform(0.2, 0.8))
    place = np.arange(113)
    ribs = ((place / period) % 1 < share) * np.linspace(float(rng.uniform(0.3, 1)), float(rng.uniform(0.3, 1)), 113)
    return Damaged(np.tile(ribs, (ROWS, 1)), frozenset())


KINDS: Final[tuple[Callable[[np.random.Generator], Damaged], ...]] = (
    overprinted,
    spliced,
    add_on,
    covered,
    other_symbology,
    stripes,
    radiator,
)


def looks_at(picture: Print, rng: np.random.Generator, *, moving: bool | None = None) -> Callable[[], Image]:
    """The same print as each look shows it: one size and blur, and new noise every time. ``moving`` ones are turned and come nearer from look to look, the others lie still; one in three
    moves where nothing is said.
    """
    module_px = float(rng.uniform(1.2, 3.6))
    module_px = min(module_px, MOST_LONG_PX / picture.shape[1])
    fine = cv2.resize(
        picture.astype(np.float32).repeat(FINE, axis=0).repeat(FINE, axis=1), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA
    )
    scale = module_px / (FINE / 2)
    angle = float(rng.choice((0, 0, 0, 90, 180)) + rng.normal(0, 5))
    middle = fine.shape[1] / 2, fine.shape[0] / 2
    width, height = frame_around(picture.shape[1] * module_px, picture.shape[0] * module_px, float(np.radians(angle)))
    over = 3
    blur = float(rng.choice((0.0, 0.3, 0.6, 0.9, 1.3))) * module_px
    noise = float(rng.choice((2.0, 6.0, 10.0)))
    moves = rng.random() < 1 / 3 if moving is None else moving

    def seen() -> Clean:
        turned, nearer = (rng.normal(0, 4), float(rng.uniform(0.9, 1.05))) if moves else (0.0, 1.0)
        size = scale * over * nearer
        to_picture = np.array([[size, 0, width * over / 2 - size * middle[0]], [0, size, height * over / 2 - size * middle[1]]])
        place = np.vstack([cv2.getRotationMatrix2D(middle, angle + turned, 1.0), [0, 0, 1]])
        large = cv2.warpAffine(fine, to_picture @ place, (width * over, height * over), flags=cv2.INTER_LINEAR)
        picture = cv2.resize(215 - 175 * large, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), blur) if blur else picture, np.float32)

    still = None if moves else seen()

    def look() -> Image:
        return noisy(seen() if still is None else still, noise, rng)

    return look


@dataclass(slots=True)
class Tally:
    cases: int = 0
    looks: int = 0
    agreed: int = 0
    """On a value that is printed on it."""

    wrong_looks: int = 0
    wrong: int = 0
    named: list[str] = field(default_factory=list)


def run(numbers: range, seed: int) -> dict[str, Tally]:
    """Cases by number. Each is drawn from the seed and its number alone."""
    policy = policy_of(Recognition(policy="barcode-only"), demonstration=True)
    tallies = {kind.__name__: Tally() for kind in KINDS}
    for number in numbers:
        kind = KINDS[number % len(KINDS)]
        rng = np.random.default_rng([seed, number])
        case = kind(rng)
        look_at = looks_at(case.picture, rng)
        looks: list[Look] = []
        while len(looks) < MOST_LOOKS and not enough(looks, policy):
            looks.append(read_look(look_at(), len(looks), looks))
        code = agreed(looks, policy)
        wrong_looks = sum(bool(look.codes - case.printed) for look in looks)
        tally = tallies[kind.__name__]
        tally.cases += 1
        tally.looks += len(looks)
        tally.agreed += code in case.printed
        tally.wrong += code is not None and code not in case.printed
        tally.wrong_looks += wrong_looks
        if wrong_looks:
            values = sorted({value for look in looks for value in look.codes})
            tally.named.append(
                f"case {number}: {', '.join(values)}, printed {', '.join(sorted(case.printed)) or 'none'}{'' if code is None else ', agreed on'}"
            )
    return tallies


def shard(text: str) -> tuple[int, int]:
    """``I/K``, counted from 1."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text} is no shard, as 1/4 is")
    return int(found[1]), int(found[2])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=at_least(1), default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shard", type=shard, default=(1, 1))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    place, shards = asked.shard
    tallies = run(range(asked.cases * (place - 1) // shards, asked.cases * place // shards), asked.seed)
    if asked.json:
        print(
            json.dumps(
                {
                    name: {
                        "cases": tally.cases,
                        "looks": tally.looks,
                        "agreed": tally.agreed,
                        "wrong_looks": tally.wrong_looks,
                        "wrong": tally.wrong,
                    }
                    for name, tally in tallies.items()
                }
            )
        )
    else:
        for name, tally in tallies.items():
            print(
                f"{name:16} {tally.cases} cases, {tally.looks} looks: agreed rightly {tally.agreed}, wrongly {tally.wrong}; looks that believed a wrong value {tally.wrong_looks}"
            )
            for line in tally.named:
                print(f"  {line}")
    return 1 if any(tally.wrong for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
