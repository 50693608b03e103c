"""What the outline is told for, of each kind of thing in the pool, which nothing was tuned on: the confusion, and how far the sizes are off.

    python -m benchmarks.shapes [--pool DIR] [--seed N] [--json]

One look at each picture, with the twin's noise and light; the empty chamber is the twin's. A screen is told in a look without the lamp, which is asked where it was drawn.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from drivers.twin.looks import PICTURE_MM, render
from recognition.shape.background import Background, Image
from recognition.shape.look import seen_in, seen_in_the_dark
from recognition.shape.scene import Scene
from simulation.chamber import empty_chamber
from simulation.redteam.pool import POOL, Drawn, read_pool


def picture(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def told(scene: Scene, dark: Scene | None) -> str:
    """In one word: a fault, a hand, nothing, several, a screen, or the form and, where it is, standing."""
    if scene.faults:
        return "fault"
    if scene.hand:
        return "hand"
    if scene.objects != 1:
        return "nothing" if scene.objects == 0 else "several"
    if dark is not None and dark.form is not None:
        return "screen"
    form = scene.form.value if scene.form else "unsure"
    return f"{form}, standing" if scene.pose is not None and scene.pose.value == "standing" else form


def looked_at(drawn: Drawn, background: Background, seed: int) -> tuple[Scene, Scene | None]:
    (side,) = drawn.item.pictures
    dark = None if side.dark is None else seen_in_the_dark(np.asarray(cv2.imread(str(side.dark)), np.uint8), background)
    return seen_in(picture(render(drawn.item, seed, count=1)[0]), background).scene, dark


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=Path, default=POOL)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    background = empty_chamber(arguments.seed)
    said: defaultdict[str, Counter[str]] = defaultdict(Counter)
    off: list[float] = []
    for drawn in read_pool(arguments.pool):
        scene, dark = looked_at(drawn, background, arguments.seed)
        said[drawn.pattern][told(scene, dark)] += 1
        if drawn.pattern in ("honest", "heavy_glass") and scene.length_mm is not None and drawn.length_mm < PICTURE_MM - 40:
            off.append(scene.length_mm / drawn.length_mm - 1)
    if arguments.json:
        print(json.dumps({"said": said, "length_off_median": median(off) if off else None}))
        return 0
    for pattern, words in said.items():
        print(f"{pattern:16}{sum(words.values()):4}  {', '.join(f'{word} {times}' for word, times in words.most_common())}")
    if off:
        low, high = sorted(off)[len(off) // 20], sorted(off)[-1 - len(off) // 20]
        print(
            f"lengths of {len(off)} bottles are off by {100 * median(off):+.1f} % (median), {100 * low:+.1f} to {100 * high:+.1f} (nine of ten)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
