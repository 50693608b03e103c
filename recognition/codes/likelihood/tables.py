"""What the inner loops of the likelihood stage are given and give: shapes of codes, blurs, and results, the same for numpy and C.

A *profile* is the mean of some rows across the bars, dark being low. Lengths are in samples of it unless said otherwise.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.alphabet import DIGIT, EAN13, Layout, Word

Profile = NDArray[np.float32]
"""Shape (length,), at most 2048 samples."""

Warp = NDArray[np.float64]
"""Coefficients of the polynomial that says where in the profile a place of the code lies, shape (5,), constant first; places run from -1 to 1."""

PER_MODULE: Final = 4
"""Places of a model in a module."""

FINE: Final = 8
"""Samples of a module before the blur."""

INKS: Final = np.arange(-1, 4)
"""By how many eighths of a module each edge of a dark bar has grown."""

BLURS: Final = np.array([0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.1, 1.25, 1.4, 1.55, 1.7, 1.9])
"""Standard deviations of the Gaussian, in modules."""

NEVER: Final = -1e9
"""Log-likelihood of what cannot be."""

ALTERNATIVES: Final = 20
"""Ten digits in two parities."""

RADII: Final = np.ceil(6 * FINE * BLURS).astype(np.int32)
"""The Gaussian ends at six standard deviations."""

HALF: Final = int(RADII.max())


def _kernels() -> NDArray[np.float64]:
    """Gaussians between fine sample j and place i, which depend on 2 i - j alone: shape (blurs, 2 HALF + 1)."""
    kernels = np.zeros((len(BLURS), 2 * HALF + 1))
    for row, (blur, radius) in enumerate(zip(BLURS, RADII, strict=True)):
        apart = np.arange(-radius, radius + 1)
        kernels[row, apart + HALF] = np.exp(-(((2 * apart + 1) / (2 * FINE)) ** 2) / 2 / blur**2)
    return kernels


KERNELS: Final = _kernels()

HEAPS: Final = np.hstack([np.zeros((len(BLURS), 1)), KERNELS.cumsum(axis=1)])
"""Their running sums: shape (blurs, 2 HALF + 2). The compiled form blurs a run of dark samples by the difference of two."""


class Tables:
    """What depends on the symbology alone. ``place``: -1 to 1, shape (places,); ``place_moments``: their sums of powers 0 to 6;
    ``norms``: the weight that the Gaussian has inside the code, shape (blurs, places).
    """

    def __init__(self, layout: Layout) -> None:
        places = layout.modules * PER_MODULE
        self.layout = layout
        self.place = (np.arange(places) + 0.5) / places * 2 - 1
        self.place_moments = np.array([(self.place**power).sum() for power in range(7)])
        self.norms = np.stack([self._weight(blur) for blur in range(len(BLURS))])
        starts = layout.starts / layout.modules * 2 - 1
        self.from_starts = np.linalg.pinv(np.vander(starts, 5, increasing=True))

    def _weight(self, blur: int) -> NDArray[np.float64]:
        return _convolved(np.ones(self.layout.modules * FINE), blur)

    @cached_property
    def powers(self) -> NDArray[np.float64]:
        """Powers 0 to 4 of each place, shape (places, 5)."""
        return np.vander(self.place, 5, increasing=True)


def _convolved(fine: NDArray[np.float64], blur: int) -> NDArray[np.float64]:
    """A fine row, blurred, at every place; not yet divided by the Gaussian's weight. Last axis (fine,) to (places,)."""
    full = np.apply_along_axis(np.convolve, -1, fine, KERNELS[blur])
    return np.asarray(full[..., HALF : HALF + fine.shape[-1] : FINE // PER_MODULE], np.float64)


def grown(modules: NDArray[np.float64], ink: int) -> NDArray[np.float64]:
    """``FINE`` samples a module; each dark bar grown, or shrunk, by ``ink`` samples at both edges. Last axis (modules,) to (fine,)."""
    fine: NDArray[np.float64] = np.repeat(modules, FINE, axis=-1)
    result, last = fine, fine.shape[-1] - 1
    for by in range(1, abs(ink) + 1):
        left, right = fine[..., np.minimum(np.arange(last + 1) + by, last)], fine[..., np.maximum(np.arange(last + 1) - by, 0)]
        result = np.maximum(result, np.maximum(left, right)) if ink > 0 else np.minimum(result, np.minimum(left, right))
    return result


class Codes:
    """The blurred code of one word for every ink and blur, worked out when a fit first asks for it: its values at the places, and their moments (sums of
    code times powers 0 to 5, then of its square times powers 0 to 4), which the compiled form alone needs.
    """

    def __init__(self, tables: Tables) -> None:
        shape = (len(INKS), len(BLURS))
        self.code = np.zeros((*shape, len(tables.place)))
        self.moments = np.zeros((*shape, 11))
        self.known = np.zeros(shape, np.uint8)


def blurred(modules: NDArray[np.float64], ink: int, blur: int, tables: Tables) -> NDArray[np.float64]:
    """The code as the camera sees it, 0 light to 1 dark, at every place. ``ink`` and ``blur`` are places in INKS and BLURS."""
    return np.asarray(_convolved(grown(modules, int(INKS[ink])), blur) / tables.norms[blur], np.float64)


def blurred_alternatives(pictures: NDArray[np.float64], beside: tuple[float, float], ink: int, blur: int) -> NDArray[np.float64]:
    """Pictures of digits, each between two modules that are the same whatever stands there, at the places of these nine modules; not yet divided
    by the Gaussian's weight. Last axis (7,) to (36,).
    """
    sides = [np.broadcast_to(side, (*pictures.shape[:-1], 1)) for side in beside]
    return _convolved(grown(np.concatenate([sides[0], pictures, sides[1]], axis=-1), int(INKS[ink])), blur)


@dataclass(frozen=True, eq=False)
class Shapes:
    """Pictures that cells are compared with, dark being low, each of mean 0 and length 1, two samples a module and a module more than the cell.

    ``guards``: by kind, (blurs, samples), in the order of the scores. ``digits``: of number set A, (blurs times ten, 16); those of G are the same
    mirrored and negative, and those of the right side negative.
    """

    guards: tuple[NDArray[np.float32], ...]
    digits: NDArray[np.float32]

    @cached_property
    def padded(self) -> NDArray[np.float32]:
        """The guards' pictures in one piece, each with nils to ``MOST_SAMPLES``."""
        room = np.zeros((len(self.guards), self.guards[0].shape[0] * MOST_SAMPLES), np.float32)
        for row, shapes in zip(room, self.guards, strict=True):
            row[: shapes.size] = shapes.ravel()
        return room

    @cached_property
    def guard_modules(self) -> NDArray[np.int32]:
        return np.array([shapes.shape[1] // 2 - 1 for shapes in self.guards], np.int32)

    @cached_property
    def halves(self) -> NDArray[np.float32]:
        """The even and the odd half of each digit's picture: (pictures, 16)."""
        mirrored = self.digits[:, ::-1]
        half = self.digits.shape[1] // 2
        return np.ascontiguousarray(np.hstack([(self.digits + mirrored)[:, :half], (self.digits - mirrored)[:, :half]]) / 2, np.float32)


MOST_SAMPLES: Final = 20


class Evened(NamedTuple):
    """How contrast is evened out before cells are compared: over so many samples, at least by ``floor`` of the profile's own deviation. ``contrast``, in terms of the evened
    profile's deviation, is added to each cell's norm, for every sample, so that noise correlates with nothing.
    """

    over: int
    floor: float
    contrast: float


class Lattice(NamedTuple):
    """Which rows of digits are words, family by family: ``parities``, ``only`` and ``weights`` as in a layout; ``start``: minus its remainder, so that words end at 0."""

    parities: NDArray[np.int32]
    only: NDArray[np.int32]
    weights: NDArray[np.int32]
    start: NDArray[np.int32]


class BestTwo(NamedTuple):
    """Families and digits of the best word and of the best other, and their scores."""

    family: int
    digits: tuple[int, ...]
    score: float
    other_family: int
    other_digits: tuple[int, ...]
    other_score: float


class Segmented(NamedTuple):
    """``score``: mean correlation a module. ``starts``: where each cell begins. ``chosen``: the width of each, as a place in the widths."""

    score: float
    starts: NDArray[np.int32]
    chosen: NDArray[np.int32]


class Fitted(NamedTuple):
    """``blur``, ``ink``: places in BLURS and INKS. ``value``: the profile at the places. ``linear``: the offset's four coefficients, then the
    gain's three. ``residual``: sum of squares. ``explained``: share of the profile's variance about a straight line, 1 at best.
    """

    warp: Warp
    blur: int
    ink: int
    value: NDArray[np.float64]
    linear: NDArray[np.float64]
    residual: float
    explained: float


@dataclass(frozen=True, eq=False)
class Trellis:
    """|z - S c|^2 of a darkness z and the EAN-13 code c under one strong blur S, split into what is fixed, one digit's, and a pair of neighbours'.

    ``spread``: S, shape (places, modules). ``fixed``: the guards' modules. ``single``: shape (12, 20); ``pair``: (11, 20, 20);
    ``shapes``: modules of every alternative, (12, 20, 7). Ten alternatives on the right; the rest is nil. ``radius``: places beyond which S is nil.
    """

    blur: float
    spread: NDArray[np.float32]
    fixed: NDArray[np.float32]
    fixed_energy: float
    single: NDArray[np.float32]
    pair: NDArray[np.float32]
    shapes: NDArray[np.float32]
    starts: NDArray[np.int32]
    radius: int


def trellis_of(blur: float) -> Trellis:
    layout = EAN13
    modules = layout.modules
    place = (np.arange(modules * PER_MODULE) + 0.5) / PER_MODULE
    fine = (np.arange(modules * FINE) + 0.5) / FINE
    spread = np.exp(-((place[:, None] - fine) ** 2) / 2 / blur**2)
    spread = (spread / spread.sum(axis=1, keepdims=True)).reshape(len(place), modules, FINE).sum(axis=2)
    product = spread.T @ spread
    starts = layout.digit_starts
    fixed = layout.printed(Word(0, (0,) * 12))
    for start in starts:
        fixed[start : start + DIGIT] = 0
    shapes = np.zeros((12, ALTERNATIVES, DIGIT))
    single = np.zeros((12, ALTERNATIVES))
    pair = np.zeros((11, ALTERNATIVES, ALTERNATIVES))
    for digit, start in enumerate(starts):
        shown = layout.pictures(digit).reshape(-1, DIGIT)
        shapes[digit, : len(shown)] = shown
        own = product[start : start + DIGIT]
        single[digit, : len(shown)] = np.einsum("am,mn,an->a", shown, own[:, start : start + DIGIT], shown) + 2 * shown @ (own @ fixed)
    for digit in range(11):
        between = product[starts[digit] : starts[digit] + DIGIT, starts[digit + 1] : starts[digit + 1] + DIGIT]
        pair[digit] = 2 * shapes[digit] @ between @ shapes[digit + 1].T
    return Trellis(
        blur,
        spread.astype(np.float32),
        fixed.astype(np.float32),
        float(fixed @ product @ fixed),
        single.astype(np.float32),
        pair.astype(np.float32),
        shapes.astype(np.float32),
        starts.astype(np.int32),
        int(np.ceil(5 * blur * PER_MODULE)),
    )


class Cells(NamedTuple):
    """Where digits begin, in modules, and which stand on the right. ``two_parities``: whether those on the left have two."""

    starts: NDArray[np.int32]
    right: NDArray[np.int32]
    two_parities: bool


def cells_of(layout: Layout) -> Cells:
    return Cells(layout.digit_starts.astype(np.int32), np.array([side == "right" for side in layout.sides], np.int32), layout.two_parities)
