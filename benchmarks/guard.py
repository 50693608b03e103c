"""The guard of the likelihood stage on pictures that are labelled: what its thresholds let through, right and wrong, on folds by product.

    python -m benchmarks.guard DIR [--size WxH]… [--plot FILE.png] [--json]

Every candidate of every picture is taken, those of pictures that a decoder reads too, at both scales at which a kiosk cuts its crops. A candidate is right when its value stands on the picture.
*Each test alone*: how many wrong candidates only that test stops. *ROC*: the ratio of the best other word to the best, all other tests as they are, from 1.0 on: looks of which a right candidate passes, and wrong
candidates that pass. *Folds*: five, all pictures of a product in one. On four of them the least ratio is sought that lets no wrong candidate pass, with the other tests as they are; the fifth says what it
does to pictures that it was not chosen on.
"""

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.arguments import existing_folder
from drivers.twin.items import photographs
from recognition.codes import crops
from recognition.codes.likelihood.guard import doubts
from recognition.codes.likelihood.kernels import Compiled
from recognition.codes.likelihood.reader import SCALES, every_candidate
from recognition.evaluation import fitted
from recognition.gtin import canonical

RATIOS: Final = tuple(round(1 + 0.05 * step, 2) for step in range(31))
FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Weighed:
    """One candidate. ``doubts`` without the ratio's."""

    look: tuple[str, int, float]
    fold: int
    right: bool
    short: bool
    jointly: bool
    ratio: float
    doubts: frozenset[str]


def weighed(folder: Path, sizes: Sequence[tuple[int, int]]) -> Iterator[Weighed]:
    kernels = Compiled()
    for photograph in photographs(folder):
        whole = cv2.imread(str(photograph.path), cv2.IMREAD_GRAYSCALE)
        if whole is None:
            continue
        product = "|".join(photograph.codes) or photograph.file
        fold = zlib.crc32(product.encode()) % FOLDS
        for size in sizes:
            grey = fitted(whole.astype(np.uint8, copy=False), size)
            for scale in SCALES:
                for placed in every_candidate(grey, crops.detected(grey, crops.FINE), kernels, scale):
                    candidate = placed.candidate
                    code = canonical(candidate.layout.symbology, candidate.text)
                    yield Weighed(
                        (photograph.file, size[0], scale),
                        fold,
                        code in photograph.codes,
                        len(candidate.layout.sides) < 12,
                        candidate.jointly,
                        candidate.ratio,
                        frozenset(doubts(candidate)) - {"ratio"},
                    )


def at_ratio(found: Sequence[Weighed], ratio: float) -> tuple[int, int]:
    """Looks of which a right candidate passes, and wrong candidates that pass."""
    passing = [one for one in found if not one.doubts and one.ratio >= ratio]
    return len({one.look for one in passing if one.right}), sum(not one.right for one in passing)


def stopped_alone(found: Sequence[Weighed], least: float) -> dict[str, int]:
    """Wrong candidates that fail one test and no other."""
    alone: dict[str, int] = {}
    for one in found:
        failed = one.doubts | ({"ratio"} if one.ratio < least else frozenset())
        if not one.right and len(failed) == 1:
            (name,) = failed
            alone[name] = alone.get(name, 0) + 1
    return alone


def folds(found: Sequence[Weighed]) -> Iterator[dict[str, object]]:
    for fold in range(FOLDS):
        kept = [one for one in found if one.fold != fold]
        least = next((ratio for ratio in RATIOS if at_ratio(kept, ratio)[1] == 0), RATIOS[-1])
        right, wrong = at_ratio([one for one in found if one.fold == fold], least)
        yield {"fold": fold, "ratio": least, "right": right, "wrong": wrong}


def drawn(found: Sequence[Weighed], path: Path) -> None:
    """Across: wrong candidates that pass, all other tests left out (grey) or as they are (blue); up: looks that are read."""
    width, height, edge = 760, 420, 60
    picture = np.full((height + 2 * edge, width + 2 * edge, 3), 255, np.uint8)
    looks = max(1, len({one.look for one in found if one.right}))
    bare = [
        (len({one.look for one in found if one.right and one.ratio >= ratio}), sum(not one.right and one.ratio >= ratio for one in found))
        for ratio in RATIOS
    ]
    curves = ((bare, (150, 150, 150)), ([at_ratio(found, ratio) for ratio in RATIOS], (180, 90, 20)))
    most = max(wrong for curve, _ in curves for _, wrong in curve) + 1

    def at(right: int, wrong: int) -> tuple[int, int]:
        # a wrong one counts: the axis is logarithmic
        return edge + round(width * np.log1p(wrong) / np.log1p(most)), edge + height - round(height * right / looks)

    for curve, colour in curves:
        points = [at(*point) for point in curve]
        for one, other in pairwise(points):
            cv2.line(picture, one, other, colour, 2, cv2.LINE_AA)
        for point, ratio in zip(points, RATIOS, strict=True):
            cv2.circle(picture, point, 4, colour, cv2.FILLED, cv2.LINE_AA)
            if curve is bare and ratio in (1.0, 1.1, 1.3, 1.5, 2.0):
                cv2.putText(picture, f"{ratio}", (point[0] + 8, point[1] + 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA)
    cv2.rectangle(picture, (edge, edge), (edge + width, edge + height), (0, 0, 0), 1)
    for text, place in (
        ("looks with a right candidate that passes, share (up); wrong candidates that pass, log (across)", (edge, edge - 30)),
        ("blue: all tests, by least ratio 1.0 to 2.5; grey: the ratio alone", (edge, edge - 10)),
        ("0", (edge - 5, edge + height + 20)),
        (f"{most - 1}", (edge + width - 20, edge + height + 20)),
        ("100 %", (8, edge + 10)),
    ):
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA)
    cv2.imwrite(str(path), picture)


def a_size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text} is no size, as 1280x720 is")
    return int(found[1]), int(found[2])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=existing_folder, metavar="DIR")
    parser.add_argument("--size", type=a_size, action="append")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = list(weighed(asked.folder, asked.size or [(1280, 720), (640, 480)]))
    wrong = sum(not one.right for one in found)
    table = {ratio: at_ratio(found, ratio) for ratio in RATIOS}
    told = {
        "candidates": len(found),
        "wrong_candidates": wrong,
        "looks_with_a_right_one": len({one.look for one in found if one.right}),
        "roc": [{"ratio": ratio, "right": right, "wrong": wrongly} for ratio, (right, wrongly) in table.items()],
        "stopped_by_one_test_alone": stopped_alone(found, 1.3),
        "folds": list(folds(found)),
    }
    if asked.plot:
        drawn(found, asked.plot)
    if asked.json:
        print(json.dumps(told))
    else:
        print(f"{len(found)} candidates, {wrong} wrong; {told['looks_with_a_right_one']} looks have a right one")
        print("ratio at least:  " + "  ".join(f"{ratio}: {right}/{wrongly}" for ratio, (right, wrongly) in table.items()))
        print(f"wrong candidates that one test alone stops: {told['stopped_by_one_test_alone']}")
        for fold in folds(found):
            print(
                f"fold {fold['fold']}: least ratio {fold['ratio']} on the others; here {fold['right']} looks right, {fold['wrong']} wrong"
            )
    return 1 if any(fold["wrong"] for fold in folds(found)) else 0


if __name__ == "__main__":
    sys.exit(main())
