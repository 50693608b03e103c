"""From the frames of an item that lies still to its verdict: milliseconds of processor time and looks, on the twin's pictures of its chamber.

    python -m benchmarks.verdicts [--tries N]

Each of the twin's items is shown from each of its sides, ``N`` times with other noise. Rows: with a code in sight and without, with the likelihood stage and without; beside them the same with a policy that takes
eight looks at a thing without a code, as before outlines were seen, and a bare call of zxing-cpp on one frame in the same run. One thread.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from unittest.mock import patch

import cv2
import numpy as np
import zxingcpp

from benchmarks.arguments import at_least
from config.settings import Recognition
from drivers.twin.items import Item, chamber_items
from drivers.twin.looks import empty, render
from recognition.codes import cascade
from recognition.codes.likelihood.kernels import Compiled, compiled
from recognition.judge import enough, judge
from recognition.policies import policy_of
from recognition.policy import Policy
from recognition.shape.background import Background, Framing, Image, taken
from recognition.shape.look import Seen, seen_in
from recognition.verdict import Evidence, Look

TWIN = Framing(0.0, 0.06, 1.0, 0.94, 298.0)


@dataclass(frozen=True, slots=True)
class Took:
    """Of one item: processor time, looks, and whether a code was seen."""

    ms: float
    looks: int
    code: bool


def decoded(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def decide(item: Item, images: list[Image], policy: Policy, background: Background | None) -> Took:
    begun = time.process_time()
    looks: list[Look] = []
    seen: Seen | None = None
    for frame, image in enumerate(images):
        look = cascade.read_look(image, frame, looks)
        if background is not None:
            seen = seen_in(image, background, seen)
            look = replace(look, scene=seen.scene)
        looks.append(look)
        if enough(looks, policy):
            break
    judge(Evidence(tuple(looks), item.weight_g, item.metal), policy)
    return Took(1000 * (time.process_time() - begun), len(looks), any(look.codes for look in looks))


def shown(tries: int, most: int) -> Iterator[tuple[Item, list[Image]]]:
    for seed in range(tries):
        for item in chamber_items().values():
            for side in item.pictures:
                yield item, [decoded(jpeg) for jpeg in render(item, seed, side.roll_deg, most)]


def row(name: str, took: list[Took]) -> None:
    ms, looks = np.percentile([one.ms for one in took], (50, 95)), np.percentile([one.looks for one in took], (50, 95))
    print(f"{name:58}{len(took):6}{ms[0]:9.1f}{ms[1]:9.1f}{looks[0]:8.0f}{looks[1]:6.0f}")


def bare(images: list[Image]) -> float:
    begun = time.process_time()
    zxingcpp.read_barcodes(cv2.cvtColor(images[0], cv2.COLOR_BGR2GRAY))
    return 1000 * (time.process_time() - begun)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=at_least(1), default=3)
    tries: int = parser.parse_args().tries
    cv2.setNumThreads(1)
    policy = policy_of(Recognition(policy="every-vote"), demonstration=True)
    before = replace(policy, shape=None, without_code=None, looks_without_code=policy.most_looks)
    background = taken([decoded(jpeg) for jpeg in empty(1)], TWIN)
    whole: Compiled | None = compiled()
    by_row: dict[str, list[Took]] = {}
    one_call: list[float] = []
    for item, images in shown(tries, policy.most_looks):
        one_call.append(bare(images))
        for stage, kernels in (("with the likelihood stage", whole), ("without it", None)):
            for kind, judged_by, chamber in (("outlines", policy, background), ("before outlines", before, None)):
                # the reader asks for its compiled part at each look
                with patch.object(cascade, "compiled", return_value=kernels):
                    took = decide(item, images, judged_by, chamber)
                by_row.setdefault(f"{stage}, {kind}, {'a code in sight' if took.code else 'no code'}", []).append(took)
                by_row.setdefault(f"{stage}, {kind}, all", []).append(took)
    print(f"{'':58}{'items':>6}{'ms p50':>9}{'p95':>9}{'looks':>8}{'p95':>6}")
    for name in sorted(by_row):
        row(name, by_row[name])
    print(f"bare zxing-cpp, one frame: p50 {np.percentile(one_call, 50):.1f} ms, p95 {np.percentile(one_call, 95):.1f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
