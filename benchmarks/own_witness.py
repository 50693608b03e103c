"""Whether the likelihood stage, as its own second witness, can be led to agree with itself on a wrong value: damaged codes that it alone reads, seen again from other sides.

    python -m benchmarks.own_witness [--cases N] [--seed S] [--shard I/K] [--json]

No decoder is asked, so that the stage meets all of it: what ``benchmarks.damage`` draws of codes, and beside it prints that no digit settles (*halfway*: edges of some digits lie between two
digits'), with a fold (*wrinkled*: modules that are gone, or there twice), seen twice (*ghost*), unevenly long (*stretched*), all of them out of focus more often than not. Each print is looked at from other sides and other distances, up to eight times, at both of
the stage's scales, and ended after three looks that believe nothing. *Wrong looks* believe a value that is nowhere printed whole; *repeated* are prints of which looks from two
sides or at two scales believed the same wrong one; *wrong* are those that the judge agrees on. Exit 1 if any was.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Final

import numpy as np

from benchmarks.arguments import at_least
from benchmarks.damage import Damaged, add_on, covered, long_code, looks_at, overprinted, read_off, shard, spliced
from config.settings import Recognition
from config.vocabulary import Gtin
from recognition.codes import crops
from recognition.codes.likelihood import reader as likelihood
from recognition.codes.likelihood.alphabet import EAN13
from recognition.codes.likelihood.guard import believed, sure
from recognition.codes.likelihood.kernels import Compiled
from recognition.codes.witness import OTHER_POSE_DEG, OTHER_SCALE, Decoder, Sighting, Witness, turned_deg
from recognition.gtin import canonical
from recognition.judge import agreed, enough
from recognition.policies import policy_of
from recognition.verdict import Look

QUIET: Final = 9
FINE: Final = 8
MOST_LOOKS: Final = 8
BARREN: Final = 3
"""Looks that believe nothing, after which a print is given up."""

QUADS: Final = 2


def halfway(rng: np.random.Generator) -> Damaged:
    """Some digits are a mixture of two: a share of another's bars, half of it on average."""
    picture, code = long_code(rng)
    other, _ = long_code(rng)
    share = float(rng.uniform(0.3, 0.7))
    for start in rng.choice(EAN13.digit_starts, int(rng.integers(1, 4)), replace=False):
        place = slice(QUIET + start, QUIET + start + 7)
        picture[:, place] = (1 - share) * picture[:, place] + share * other[:, place]
    return Damaged(picture, frozenset({code} | read_off(np.round(picture))))


def wrinkled(rng: np.random.Generator) -> Damaged:
    """A fold: one to eight modules are gone, or stand there twice."""
    picture, code = long_code(rng)
    wide = int(rng.integers(1, 9))
    start = int(rng.integers(QUIET, picture.shape[1] - QUIET - wide))
    fold = slice(start, start + wide)
    if rng.random() < 0.5:
        return Damaged(np.delete(picture, fold, axis=1), frozenset({code}))
    return Damaged(np.insert(picture, [start], picture[:, fold], axis=1), frozenset({code}))


def ghost(rng: np.random.Generator) -> Damaged:
    """A second picture of the same bars beside the first, as in a reflection: one to eight modules away, and as dark or paler."""
    picture, code = long_code(rng)
    share, apart = float(rng.uniform(0.2, 0.5)), int(rng.integers(1, 9))
    return Damaged((1 - share) * picture + share * np.roll(picture, apart, axis=1), frozenset({code}))


def stretched(rng: np.random.Generator) -> Damaged:
    """A label that was pulled: modules grow wider from one place on, up to twice as wide."""
    picture, code = long_code(rng)
    cut, times = int(rng.integers(QUIET, picture.shape[1] - QUIET)), float(rng.uniform(1.1, 2.0))
    fine = picture.repeat(FINE, axis=1)
    at = np.concatenate([np.arange(0, cut * FINE, FINE), np.arange(cut * FINE, fine.shape[1] - 1, FINE / times)])
    return Damaged(fine[:, at.astype(int)], frozenset({code}))


KINDS: Final[tuple[Callable[[np.random.Generator], Damaged], ...]] = (
    halfway,
    overprinted,
    wrinkled,
    spliced,
    ghost,
    covered,
    stretched,
    add_on,
)


@dataclass(slots=True)
class Tally:
    cases: int = 0
    looks: int = 0
    agreed: int = 0
    wrong_looks: int = 0
    repeated: int = 0
    wrong: int = 0
    named: list[str] = field(default_factory=list)


def seen(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], turn: int, kernels: Compiled) -> frozenset[Sighting]:
    """What the stage alone believes of one look."""
    found = likelihood.candidates(
        picture, crops.detected(picture, crops.FINE)[:QUADS], kernels, module_px=likelihood.SCALES[turn % len(likelihood.SCALES)]
    )
    sightings = set()
    for placed in found:
        candidate = placed.candidate
        code = canonical(candidate.layout.symbology, candidate.text)
        if code is not None and believed(candidate):
            along = placed.quad[1] - placed.quad[0]
            angle = float(np.degrees(np.arctan2(along[1], along[0]))) % 180
            sightings.add(Sighting(code, Witness(Decoder.LIKELIHOOD, candidate.module_px, angle, sure(candidate))))
    return frozenset(sightings)


def looked_different(one: Witness, other: Witness) -> bool:
    """At another scale or from another side, whatever ``Witness.independent_of`` makes of it."""
    wider, narrower = max(one.module_px, other.module_px), min(one.module_px, other.module_px)
    return wider >= OTHER_SCALE * narrower or turned_deg(one.angle_deg, other.angle_deg) >= OTHER_POSE_DEG


def repeats(looks: list[Look], wrong: frozenset[Gtin]) -> bool:
    for code in wrong:
        of_code = [sighting.witness for look in looks for sighting in look.sightings if sighting.code == code]
        if any(looked_different(one, other) for one, other in combinations(of_code, 2)):
            return True
    return False


def tried(case: Damaged, rng: np.random.Generator, kernels: Compiled) -> tuple[Gtin | None, list[Look]]:
    policy = policy_of(Recognition(policy="barcode-only"), demonstration=True)
    look_at = looks_at(case.picture, rng, moving=True)
    looks: list[Look] = []
    while len(looks) < MOST_LOOKS and not enough(looks, policy):
        looks.append(Look(len(looks), seen(look_at(), len(looks), kernels)))
        if len(looks) == BARREN and not any(look.sightings for look in looks):
            break
    return agreed(looks, policy), looks


def run(numbers: range, seed: int) -> dict[str, Tally]:
    """Cases by number. Each is drawn from the seed and its number alone."""
    kernels = Compiled()
    tallies = {kind.__name__: Tally() for kind in KINDS}
    for number in numbers:
        kind = KINDS[number % len(KINDS)]
        rng = np.random.default_rng([seed, number])
        case = kind(rng)
        code, looks = tried(case, rng, kernels)
        tally = tallies[kind.__name__]
        wrong = frozenset(value for look in looks for value in look.codes) - case.printed
        tally.cases += 1
        tally.looks += len(looks)
        tally.agreed += code in case.printed
        tally.wrong_looks += sum(bool(look.codes - case.printed) for look in looks)
        tally.repeated += repeats(looks, wrong)
        tally.wrong += code is not None and code not in case.printed
        if wrong:
            agreement = "" if code is None else ", agreed on"
            tally.named.append(f"case {number}: {', '.join(sorted(wrong))}, printed {', '.join(sorted(case.printed))}{agreement}")
    return tallies


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=at_least(1), default=8_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shard", type=shard, default=(1, 1))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    place, shards = asked.shard
    tallies = run(range(asked.cases * (place - 1) // shards, asked.cases * place // shards), asked.seed)
    if asked.json:
        print(json.dumps({name: asdict(tally) for name, tally in tallies.items()}))
    else:
        for name, tally in tallies.items():
            print(
                f"{name:12} {tally.cases} cases, {tally.looks} looks: agreed rightly {tally.agreed}, wrongly {tally.wrong}; wrong looks {tally.wrong_looks}, repeated from another side {tally.repeated}"
            )
            for line in tally.named:
                print(f"  {line}")
    return 1 if any(tally.wrong for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
