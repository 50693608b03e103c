"""The kiosk's reader beside a bare ``pyzbar.decode`` call, on the same looks of a folder of photographs.

    python -m benchmarks.bare_pyzbar --frames DIR [--seed S] [--items N] [--json]

An item counts as read by bare pyzbar when two of its looks each give exactly one value and it is right. The kiosk's side is
``read_look`` and ``judge`` under the barcode-only policy, look by look until ``enough``. The looks are those that the twin's
camera shows for this seed, decoded from JPEG; serial port, ledger and stream are left out.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from pyzbar import pyzbar

from benchmarks.arguments import at_least, existing_folder
from config.settings import Recognition
from drivers.twin.items import Item, frame_items
from drivers.twin.looks import render
from recognition.codes.cascade import read_look
from recognition.gtin import is_sound
from recognition.judge import enough, judge
from recognition.policies import policy_of
from recognition.verdict import Evidence, Look, Verdict

Image = NDArray[np.uint8]


@dataclass
class Figures:
    """Names of items, but for the counts; times are those of one item's looks and verdict together."""

    seed: int
    policy: str
    items: int = 0
    with_code: int = 0
    bare_read: int = 0
    both: int = 0
    accepted: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    misread: list[str] = field(default_factory=list)
    bare_misread: list[str] = field(default_factory=list)
    negatives: int = 0
    negatives_accepted: list[str] = field(default_factory=list)
    verdict_ms: dict[str, float] = field(default_factory=dict)
    looks_read: int = 0


def bare_reads(image: Image) -> frozenset[str]:
    """All that the bare call gives, with 12-digit values padded so that they can be compared."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    values = (found.data.decode("utf-8", "replace") for found in pyzbar.decode(grey))
    return frozenset(value.zfill(13) if len(value) == 12 else value for value in values)


def bare_answer(images: list[Image]) -> frozenset[str]:
    """The values that two looks gave alone."""
    alone = Counter(next(iter(values)) for values in map(bare_reads, images) if len(values) == 1)
    return frozenset(value for value, times in alone.items() if times >= 2)


def decoded(jpeg: bytes) -> Image:
    """A look in colour, as the camera gives it."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("a look that is no JPEG")
    return image.astype(np.uint8, copy=False)


def ours(images: list[Image], item: Item, settings: Recognition) -> tuple[Verdict, float]:
    """The verdict, and the milliseconds from the first look to it."""
    policy = policy_of(settings, demonstration=True)
    began_s = time.perf_counter()
    looks: list[Look] = []
    for number, image in enumerate(images):
        looks.append(read_look(image, number, looks))
        if enough(looks, policy):
            break
    verdict = judge(Evidence(tuple(looks), item.weight_g, item.metal), policy)
    return verdict, (time.perf_counter() - began_s) * 1000


def drawn(items: dict[str, Item], seed: int, count: int | None) -> Iterator[Item]:
    """``count`` items without repetition, or all, in an order that depends on the seed alone."""
    names = sorted(items)
    random.Random(seed).shuffle(names)
    return (items[name] for name in names[:count])


def measure(items: Iterator[Item], seed: int) -> Figures:
    settings = Recognition(policy="barcode-only")
    figures = Figures(seed, settings.policy)
    times_ms: list[float] = []
    refused: Counter[str] = Counter()
    for item in items:
        images = [decoded(jpeg) for jpeg in render(item, seed)]
        verdict, took_ms = ours(images, item, settings)
        times_ms.append(took_ms)
        refused.update(verdict.reasons[:1])
        count(figures, item, bare_answer(images), verdict)
    figures.refused = {str(reason): times for reason, times in sorted(refused.items())}
    if times_ms:
        figures.verdict_ms = {"p50": round(float(np.percentile(times_ms, 50)), 1), "p95": round(float(np.percentile(times_ms, 95)), 1)}
    return figures


def count(figures: Figures, item: Item, bare: frozenset[str], verdict: Verdict) -> None:
    """One item's outcome into the figures."""
    right = frozenset(item.codes)
    figures.items += 1
    figures.accepted += verdict.accepted
    figures.looks_read += len(verdict.evidence.looks)
    figures.with_code += bool(right)
    figures.negatives += not right
    if verdict.accepted and not right:
        figures.negatives_accepted.append(f"{item.name}: {verdict.gtin}")
    elif verdict.accepted and verdict.gtin not in right:
        figures.misread.append(f"{item.name}: {verdict.gtin}, not {'|'.join(item.codes)}")
    if bare and bare <= right:
        figures.bare_read += 1
        if verdict.accepted and verdict.gtin in right:
            figures.both += 1
        else:
            figures.missed.append(f"{item.name}: {', '.join(verdict.reasons) or verdict.gtin}")
    elif wrong := sorted(value for value in bare - right if is_sound(value)):
        figures.bare_misread.append(f"{item.name}: {', '.join(wrong)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="The kiosk's reader beside a bare pyzbar call, on the same looks.")
    parser.add_argument("--frames", type=existing_folder, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--items", type=at_least(1))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    began_s = time.monotonic()
    figures = measure(drawn(frame_items(asked.frames), asked.seed, asked.items), asked.seed)
    if asked.json:
        print(json.dumps(asdict(figures), indent=1))
        return
    share = 100 * figures.both / figures.bare_read if figures.bare_read else 100.0
    print(
        f"{figures.items} items, {figures.with_code} with a code, seed {figures.seed}, policy {figures.policy}, {time.monotonic() - began_s:.0f} s"
    )
    print(f"bare pyzbar reads {figures.bare_read}; of these the kiosk accepts {figures.both} ({share:.1f} %)")
    print(
        f"the kiosk accepts {figures.accepted}, refuses {figures.refused}, looks read {figures.looks_read}, verdict ms {figures.verdict_ms}"
    )
    print(
        f"misread {len(figures.misread)}, by bare pyzbar {len(figures.bare_misread)}; negatives {figures.negatives}, accepted {len(figures.negatives_accepted)}"
    )
    for title, names in (("missed", figures.missed), ("misread", figures.misread), ("negative accepted", figures.negatives_accepted)):
        for name in names:
            print(f"  {title}: {name}")


if __name__ == "__main__":
    main()
