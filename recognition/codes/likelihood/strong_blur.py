"""Out of focus by more than a module, bars merge and no cell can be told from its neighbours: all digits are weighed jointly.

The ends of the code are guessed from where white turns dark, and tried on a grid, bent a little as well. For each point the profile becomes a row of
darkness values z, and the best digits are those whose blurred code S c is nearest: minimise |g z - S c|^2. Expanded, that is a sum over single digits and
pairs of neighbours, as the Gaussian reaches no farther than that, so an exact search over the twelve cells finds it (Viterbi over 20 alternatives). The lowest
points begin the same fit as elsewhere (``model.py``), band by band, with the min-marginals as first log-likelihoods.

EAN-13 and UPC-A only: a shorter code has too little to weigh, and 67 or 51 blurred modules fit anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.alphabet import EAN13
from recognition.codes.likelihood.interface import Kernels
from recognition.codes.likelihood.model import TABLES, Band, Candidate, explained
from recognition.codes.likelihood.rectification import percentiles
from recognition.codes.likelihood.segmentation import MODULE_PX, directed
from recognition.codes.likelihood.tables import ALTERNATIVES, BLURS, NEVER, Profile, Trellis, trellis_of
from recognition.codes.likelihood.words import Scores

GRID_BLURS: Final = (1.0, 1.35, 1.7)
GRID_BENDS: Final = (-2.5, 0.0, 2.5)
"""By how many modules the middle of the code lies off the middle between its ends: a bottle's curve seen from the side, or perspective."""

GAINS: Final = (0.42, 0.48, 0.55)
MODULES: Final = 95
PLACES: Final = 404

ENDS: Final = 4
"""Pairs of ends that are tried in one profile, the likeliest length first."""

LENGTHS: Final = (0.45, 1.5)
"""In terms of the nominal length."""

MOST: Final = 3
GRID_RESIDUAL: Final = 0.22
BENT_RESIDUAL: Final = 0.2
BAND_RESIDUAL: Final = 0.3
"""Share of a row's variance that may be left over after the grid, after bending, and in one band."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the grid. ``first`` and ``last``: ends of the code in samples; ``bend``: in modules. ``row``: the darkness that goes with it."""

    residual: float
    blur: float
    first: float
    last: float
    bend: float
    row: NDArray[np.float32]


@cache
def trellis(blur: float) -> Trellis:
    return trellis_of(blur)


def _edges(profile: Profile) -> list[int]:
    """Where a flat bright zone of four modules at the least turns into darkness, from the left."""
    smooth = cv2.GaussianBlur(profile[None], (0, 0), 1.5)[0]
    low, middle, high = percentiles(smooth, (5, 50, 95))
    span, reach = high - low, round(0.8 * 4 * MODULE_PX)
    # where the quiet zones are most of a crop, its median is white
    return _falls(smooth, middle, span, reach) or _falls(smooth, (low + high) / 2, span, reach)


def _falls(smooth: Profile, middle: float, span: float, reach: int) -> list[int]:
    length = len(smooth)
    if length <= 2 * reach:
        return []
    at = np.arange(reach, length - reach)
    here = smooth[at]
    # the highest from each place on, the lowest up to it: filters with an anchor at their end
    highest = cv2.dilate(smooth[None], np.ones((1, reach), np.uint8), anchor=(0, 0))[0][at]
    lowest = cv2.erode(smooth[None], np.ones((1, 13), np.uint8), anchor=(12, 0))[0][at]
    falls = (
        (here > smooth[at + reach] + 0.12 * span) & (here > middle + 0.1 * span) & (here >= highest - 1e-6) & (lowest > here - 0.15 * span)
    )
    found: list[int] = []
    for place in at[falls].tolist():
        if not found or place >= found[-1] + reach:
            found.append(place)
    return found


def ends(profile: Profile) -> list[tuple[float, float]]:
    nominal = MODULES * MODULE_PX
    lasts = [len(profile) - 1 - edge for edge in _edges(directed(profile, True))]
    pairs = [(float(first), float(last)) for first in _edges(profile) for last in lasts]
    fitting = [pair for pair in pairs if LENGTHS[0] * nominal < pair[1] - pair[0] < LENGTHS[1] * nominal]
    return sorted(fitting, key=lambda pair: abs(np.log((pair[1] - pair[0]) / nominal)))[:ENDS]


class _Tried(NamedTuple):
    """One point of the grid, before its row is wanted. ``first`` and ``last`` in samples of the profile as it was given."""

    residual: float
    blur: float
    gain: float
    first: float
    last: float
    bend: float
    bright: tuple[float, float]


def searched(
    profile: Profile,
    around: Sequence[tuple[float, float]],
    *,
    reach: float,
    step: float,
    blurs: Sequence[float],
    bends: Sequence[float],
    gains: Sequence[float],
    kernels: Kernels,
    keep: int = 1,
) -> list[Point]:
    """The best points within ``reach`` modules of each pair of ends, in steps of ``step``; those that are kept lie two steps apart at the least."""
    tried, _ = _grid(profile, around, reach, step, blurs, bends, gains, kernels, 4 * keep, ways=(False,))
    return _kept(tried, profile, 2 * step * MODULE_PX, kernels, keep)


def searched_both_ways(profile: Profile, kernels: Kernels, keep: int) -> tuple[list[Point], list[Point]]:
    """The coarse grid around all ends, read forwards and backwards: what is dark lies mirrored, so it is worked out once."""
    forth, back = _grid(profile, ends(profile), 3, 1, GRID_BLURS, GRID_BENDS, GAINS[1:2], kernels, 4 * keep, ways=(False, True))
    end = len(profile) - 1
    mirrored = [
        one._replace(first=end - one.last, last=end - one.first, bend=-one.bend, bright=(one.bright[1], one.bright[0])) for one in back
    ]
    apart = 2 * MODULE_PX
    return _kept(forth, profile, apart, kernels, keep), _kept(mirrored, directed(profile, True), apart, kernels, keep)


def _grid(
    profile: Profile,
    around: Sequence[tuple[float, float]],
    reach: float,
    step: float,
    blurs: Sequence[float],
    bends: Sequence[float],
    gains: Sequence[float],
    kernels: Kernels,
    most: int,
    ways: Sequence[bool],
) -> tuple[list[_Tried], list[_Tried]]:
    """The lowest points for each pair of ends, blur and gain, forwards and backwards."""
    found: tuple[list[_Tried], list[_Tried]] = ([], [])
    for first, last in around:
        module = (last - first) / MODULES
        steps = np.arange(-reach, reach + 1e-6, step) * module
        firsts, lasts, bend = (values.ravel() for values in np.meshgrid(first + steps, last + steps, np.array(bends) * module))
        bright = _white(profile, first, last, module)
        dark, variance, energy = kernels.darkness(profile, firsts, lasts - firsts, bend, bright, PLACES)
        for blur in blurs:
            tables = trellis(blur)
            onto = kernels.projected(dark, tables)
            for gain, way in product(gains, ways):
                residual = kernels.joint(onto, energy, gain, tables, mirrored=way) / (variance * gain**2)
                lowest = np.sort(np.argpartition(residual, most)[:most]) if len(residual) > most else range(len(residual))
                found[way].extend(
                    _Tried(float(residual[at]), blur, gain, float(firsts[at]), float(lasts[at]), float(bend[at] / module), bright)
                    for at in lowest
                )
    return found


def _kept(tried: list[_Tried], profile: Profile, apart: float, kernels: Kernels, keep: int) -> list[Point]:
    kept: list[Point] = []
    for one in sorted(tried, key=attrgetter("residual")):
        if all(abs(one.first - other.first) + abs(one.last - other.last) > apart for other in kept):
            bend = one.bend * (one.last - one.first) / MODULES
            first, span = np.array([one.first]), np.array([one.last - one.first])
            dark, _, _ = kernels.darkness(profile, first, span, np.array([bend]), one.bright, PLACES)
            kept.append(Point(one.residual, one.blur, one.first, one.last, one.bend, dark[:, 0] * np.float32(one.gain)))
        if len(kept) == keep:
            break
    return kept


def _white(profile: Profile, first: float, last: float, module: float) -> tuple[float, float]:
    """The quiet zones' brightness: the highest within six modules outside either end."""
    zone, end = int(6 * module), len(profile) - 2
    left, right = int(np.clip(first, 0, end)), int(np.clip(last, 0, end))
    return float(profile[max(0, left - zone) : left + 2].max()), float(profile[right : right + zone + 2].max())


def marginals(point: Point) -> Scores:
    """First log-likelihoods: what is left over at least with each digit in its cell, in units of the row's noise."""
    tables = trellis(point.blur)
    onto = point.row @ tables.spread
    shown = [ALTERNATIVES if digit < 6 else ALTERNATIVES // 2 for digit in range(12)]
    own = [
        tables.single[digit, :many] - 2 * (tables.shapes[digit, :many] @ onto[start : start + 7])
        for digit, (start, many) in enumerate(zip(tables.starts, shown, strict=True))
    ]
    pairs = [tables.pair[digit, : shown[digit], : shown[digit + 1]] for digit in range(11)]
    before, behind = [own[0]], [np.zeros(shown[-1], np.float32)]
    for digit in range(11):
        before.append((before[digit][:, None] + pairs[digit]).min(axis=0) + own[digit + 1])
    for digit in range(10, -1, -1):
        behind.append(((behind[-1] + own[digit + 1])[None] + pairs[digit]).min(axis=1))
    noise = point.residual * float((point.row**2).sum()) / PLACES * 8
    scores = np.full((12, 2, 10), NEVER)
    for digit, (forth, back) in enumerate(zip(before, behind[::-1], strict=True)):
        scores[digit, : shown[digit] // 10] = -(forth + back).reshape(-1, 10) / max(noise, 1e-9)
    return scores


def candidates(profiles: NDArray[np.float32], kernels: Kernels) -> Iterator[tuple[Candidate, bool]]:
    """What the bands of one crop hold, the best point first, and whether it was read backwards. ``profiles``: (bands, length)."""
    profiles = profiles - profiles.min()
    middle = len(profiles) // 2
    broad = (profiles[1:-1].mean(axis=0), profiles[middle - 1 : middle + 1].mean(axis=0))
    found: list[tuple[Point, Profile, bool]] = []
    for profile in broad:
        for backwards, points in zip((False, True), searched_both_ways(profile, kernels, keep=2), strict=True):
            found += [(point, directed(profile, backwards), backwards) for point in points]
    for point, row, backwards in sorted(found, key=lambda one: one[0].residual)[:MOST]:
        if point.residual > GRID_RESIDUAL:
            return
        bent = searched(
            row,
            [(point.first, point.last)],
            reach=1,
            step=0.5,
            blurs=(point.blur,),
            bends=tuple(point.bend + by for by in (-1.5, -0.75, 0, 0.75, 1.5)),
            gains=GAINS,
            kernels=kernels,
        )[0]
        if bent.residual <= BENT_RESIDUAL:
            candidate = _by_bands([directed(profile, backwards) for profile in profiles], bent, kernels)
            if candidate is not None:
                yield replace(candidate, jointly=True), backwards


def _by_bands(profiles: Sequence[Profile], point: Point, kernels: Kernels) -> Candidate | None:
    tables = TABLES[EAN13]
    along = (EAN13.starts - 3) / MODULES
    found: list[tuple[float, Band, Scores]] = []
    for profile in profiles:
        own = searched(
            profile,
            [(point.first, point.last)],
            reach=1.5,
            step=0.5,
            blurs=(point.blur,),
            bends=(point.bend - 0.5, point.bend, point.bend + 0.5),
            gains=GAINS,
            kernels=kernels,
        )[0]
        if own.residual > BAND_RESIDUAL:
            continue
        module = (own.last - own.first) / MODULES
        starts = own.first + (own.last - own.first) * along + own.bend * module * 4 * along * (1 - along)
        blur = int(np.abs(BLURS - own.blur).argmin())
        found.append((own.residual, Band(profile, tables.from_starts @ starts, EAN13, kernels, blur), marginals(own)))
    if not found:
        return None
    _, bands, scores = zip(*sorted(found, key=itemgetter(0)), strict=True)
    return explained(bands, EAN13, kernels, scores)
