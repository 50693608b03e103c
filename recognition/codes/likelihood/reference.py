"""The inner loops of the likelihood stage in numpy: what ``kernels.c`` computes, slowly and to be read. Tests hold the two to each other.

A *profile* is the mean of some rows across the bars, dark being low. Lengths are in samples of it unless said otherwise.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, Protocol

import cv2
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


class Kernels(Protocol):
    """What the stage asks of its inner loops: of ``Reference`` in tests, of ``kernels.Compiled`` in a kiosk."""

    def correlations(
        self, profile: Profile, among: slice, widths: NDArray[np.float64], shapes: Shapes, asked: NDArray[np.uint8], evened: Evened
    ) -> NDArray[np.float32]:
        """Best correlation with each kind of cell where it starts at x and has that module width: (guards and 3, widths, length), the last three being digits of A, of
        A or G, and of the right side. -1 where the cell does not fit ``among`` these samples; a guard that is not ``asked`` for is left out.
        """
        ...

    def segmented(
        self, scores: NDArray[np.float32], kind: NDArray[np.int32], modules: NDArray[np.int32], widths: NDArray[np.float64], cost: float
    ) -> Segmented:
        """The best row of cells (Viterbi): each begins where the one before ends, give or take a sample, its width at most one step away from the
        last's; each slip and step costs ``cost``. ``scores``: (kinds, widths, length); ``kind``, ``modules``: of each cell.
        """
        ...

    def sampled(self, profile: Profile, warp: Warp, tables: Tables) -> NDArray[np.float64]:
        """The profile at the warp's places."""
        ...

    def fitted(
        self, profile: Profile, warp: Warp, blur: int, ink: int, rounds: int, modules: NDArray[np.float64], tables: Tables, codes: Codes
    ) -> Fitted:
        """offset(x) - gain(x) * code(warp(x)) fitted to a profile: ``rounds`` of Gauss-Newton for all three, ink and blur by steps to a neighbour.

        A gain that is negative on average is refused (its residual is twice that of no code at all), and a warp that does not go on.
        """
        ...

    def darkness(
        self,
        profile: Profile,
        first: NDArray[np.float64],
        span: NDArray[np.float64],
        bend: NDArray[np.float64],
        bright: tuple[float, float],
        places: int,
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float32]]:
        """How dark an EAN-13 is at its places if its first bar begins at ``first``, it is ``span`` long and bent by ``bend``: (places, rows), its mean 1.

        ``bright``: the white at both ends. Also each row's variance times places, and its sum of squares.
        """
        ...

    def projected(self, dark: NDArray[np.float32], trellis: Trellis) -> NDArray[np.float32]:
        """S^T z of each row: (modules, rows)."""
        ...

    def joint(
        self, onto: NDArray[np.float32], energy: NDArray[np.float32], gain: float, trellis: Trellis, *, mirrored: bool
    ) -> NDArray[np.float32]:
        """|gain z - S c|^2 of each row for the best row of digits c, neighbours weighed together (Viterbi over alternatives). ``mirrored``: of each row read from its end."""
        ...

    def correlated(self, value: NDArray[np.float64], cells: "Cells", shapes: NDArray[np.float64]) -> NDArray[np.float64]:
        """First log-likelihoods of every digit, (digits, 2, 10): each cell correlated with each under a gain of its own; of the blurs the one that fits better.

        ``value``: the profile at the places. ``shapes``: (blurs, A G right, 10, samples), of mean 0 and length 1, half a module more at each end.
        """
        ...

    def weighed(
        self,
        fit: "Fitted",
        tables: Tables,
        code: NDArray[np.float64],
        pictures: NDArray[np.float64],
        own: NDArray[np.int32],
        noise: float,
        cells: "Cells",
    ) -> NDArray[np.float64]:
        """Log-likelihood of every digit in its cell, (digits, 2, 10), the other cells being the word's: what is left over, in terms of ``noise``.

        ``code``: the word's, blurred. ``pictures``: what each digit adds to it there, (digits, 20, 36); ``own``: which of the twenty the word has.
        """
        ...

    def words(self, scores: NDArray[np.float64], lattice: Lattice) -> BestTwo:
        """The two words with the highest sums of ``scores``; the first of equals."""
        ...

    def turns(self, row: Profile, step: float) -> int:
        """How often a row turns back by more than ``step``."""
        ...

    def gradients(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Means over two by two pixels of the gradients across (x) and down (y), of xx, yy and xy: (5, rows, columns). At most 1024 columns."""
        ...


class Cells(NamedTuple):
    """Where digits begin, in modules, and which stand on the right. ``two_parities``: whether those on the left have two."""

    starts: NDArray[np.int32]
    right: NDArray[np.int32]
    two_parities: bool


def cells_of(layout: Layout) -> Cells:
    return Cells(layout.digit_starts.astype(np.int32), np.array([side == "right" for side in layout.sides], np.int32), layout.two_parities)


class Reference:
    """``Kernels`` in numpy."""

    def correlations(
        self, profile: Profile, among: slice, widths: NDArray[np.float64], shapes: Shapes, asked: NDArray[np.uint8], evened: Evened
    ) -> NDArray[np.float32]:
        profile = _evened(profile, evened)
        contrast = evened.contrast * float(profile.std(dtype=np.float64))
        profile = profile[among]
        guards = [
            self._fits(profile, widths, guard[None], contrast)[0][0] * np.float32(wanted)
            for guard, wanted in zip(shapes.guards, asked, strict=True)
        ]
        mirrored = np.ascontiguousarray(-shapes.digits[:, ::-1])
        (odd, even), worst = self._fits(profile, widths, np.stack([shapes.digits, mirrored]), contrast)
        return np.stack([*guards, odd, np.maximum(odd, even), -worst[0]])

    def _fits(
        self, profile: Profile, widths: NDArray[np.float64], templates: NDArray[np.float32], contrast: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Best and worst correlation with each group of templates: (groups, widths, length)."""
        groups, _, samples = templates.shape
        length = len(profile)
        best = np.full((groups, len(widths), length), -1, np.float32)
        worst = np.full_like(best, 1)
        for row, width in enumerate(widths):
            starts = int(length - np.ceil(samples / 2 * width) - 1)
            if starts < 2:
                continue
            at = ((np.arange(samples) + 0.5) / 2 - 0.5) * width
            whole = np.floor(at).astype(int)
            part = (at - whole).astype(np.float32)
            index = np.clip(np.arange(starts)[:, None] + whole, 0, length - 2)
            cell = profile[index] * (1 - part) + profile[index + 1] * part
            cell -= cell.mean(axis=1, keepdims=True)
            norm = 1 / np.sqrt((cell**2).sum(axis=1) + samples * contrast**2)
            fits = (cell @ templates.transpose(0, 2, 1)) * norm[:, None]
            best[:, row, :starts], worst[:, row, :starts] = fits.max(axis=2), fits.min(axis=2)
        return best, worst

    def segmented(
        self, scores: NDArray[np.float32], kind: NDArray[np.int32], modules: NDArray[np.int32], widths: NDArray[np.float64], cost: float
    ) -> Segmented:
        _, many, length = scores.shape
        value = scores[kind[0]] * modules[0]
        choices: list[tuple[NDArray[np.int8], NDArray[np.int8]]] = []
        for cell in range(1, len(kind)):
            ahead = _ahead(modules[cell - 1], widths)
            moved = np.full_like(value, -1e9)
            for width in range(many):
                moved[width, ahead[width] :] = value[width, : length - ahead[width]]
            moved, slips = _best_of_three(moved, 1, cost)
            moved, steps = _best_of_three(moved, 0, cost)
            choices.append((slips, steps))
            value = moved + scores[kind[cell]] * modules[cell]
        width, start = divmod(int(value.argmax()), length)
        path = [(start, width)]
        for cell in range(len(kind) - 1, 0, -1):
            slips, steps = choices[cell - 1]
            width = int(np.clip(width - int(steps[width, start]), 0, many - 1))
            start = int(np.clip(start - int(slips[width, start]) - _ahead(modules[cell - 1], widths)[width], 0, length - 1))
            path.append((start, width))
        starts, chosen = np.array(path[::-1], np.int32).T
        return Segmented(float(value.max() / modules.sum()), starts, chosen)

    def sampled(self, profile: Profile, warp: Warp, tables: Tables) -> NDArray[np.float64]:
        at = np.clip(tables.powers @ warp, 0, len(profile) - 1.001)
        whole = at.astype(int)
        part = at - whole
        return np.asarray(profile[whole] * (1 - part) + profile[whole + 1] * part, np.float64)

    def fitted(
        self, profile: Profile, warp: Warp, blur: int, ink: int, rounds: int, modules: NDArray[np.float64], tables: Tables, codes: Codes
    ) -> Fitted:
        value, (residual, ink, blur, linear, design) = self._explained(profile, warp, blur, ink, modules, tables, codes)
        for _ in range(rounds):
            warp = self._stepped(warp, value, design, tables)
            value, (residual, ink, blur, linear, design) = self._explained(profile, warp, blur, ink, modules, tables, codes)
        line = tables.powers[:, :2]
        flat = value - line @ np.linalg.lstsq(line, value, rcond=None)[0]
        return Fitted(warp, blur, ink, value, linear, residual, float(1 - residual / max((flat**2).sum(), 1e-9)))

    def _explained(
        self, profile: Profile, warp: Warp, blur: int, ink: int, modules: NDArray[np.float64], tables: Tables, codes: Codes
    ) -> tuple[NDArray[np.float64], tuple[float, int, int, NDArray[np.float64], NDArray[np.float64]]]:
        """The profile at the places; and of the neighbouring inks and blurs the one that leaves least, with offset and gain and their design."""
        offset, gain = tables.powers[:, :4], tables.powers[:, :3]
        value = self.sampled(profile, warp, tables)
        tried: list[tuple[float, int, int, NDArray[np.float64], NDArray[np.float64]]] = []
        for d, s in sorted(((ink, blur), (ink - 1, blur), (ink + 1, blur), (ink, blur - 1), (ink, blur + 1))):
            if 0 <= d < len(INKS) and 0 <= s < len(BLURS):
                if not codes.known[d, s]:
                    codes.code[d, s], codes.known[d, s] = blurred(modules, d, s, tables), 1
                design = np.hstack([offset, -gain * codes.code[d, s][:, None]])
                linear = np.asarray(np.linalg.solve(design.T @ design + 1e-4 * np.eye(7), design.T @ value), np.float64)
                wrong_way = (gain @ linear[4:]).mean() <= 0
                residual = 2 * ((value - value.mean()) ** 2).sum() if wrong_way else ((value - design @ linear) ** 2).sum()
                tried.append((float(residual), d, s, linear, design))
        return value, min(tried, key=lambda one: one[0])

    def _stepped(self, warp: Warp, value: NDArray[np.float64], design: NDArray[np.float64], tables: Tables) -> Warp:
        """One Gauss-Newton step: at most 1.5 samples anywhere, and none that would fold the warp."""
        slope = np.gradient(value) / np.maximum(np.gradient(tables.powers @ warp), 0.2)
        jacobian = np.hstack([design, -slope[:, None] * tables.powers])
        normal = jacobian.T @ jacobian
        step = np.linalg.solve(normal + 1e-6 * np.trace(normal) / len(normal) * np.eye(len(normal)), jacobian.T @ value)[7:]
        step *= min(1.0, 1.5 / max(float(np.abs(tables.powers @ step).max()), 1e-6))
        onward = np.diff(tables.powers @ (warp + step)).min() * PER_MODULE > 1
        return warp + step if onward else warp

    def darkness(
        self,
        profile: Profile,
        first: NDArray[np.float64],
        span: NDArray[np.float64],
        bend: NDArray[np.float64],
        bright: tuple[float, float],
        places: int,
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float32]]:
        module = (np.arange(places)[:, None] + 0.5) / PER_MODULE - 3
        t = module / 95
        at = np.clip(first + span * t + bend * (4 * t * (1 - t)), 0, len(profile) - 1.001)
        whole = at.astype(int)
        part = at - whole
        seen = profile[whole] * (1 - part) + profile[whole + 1] * part
        dark = bright[0] + (bright[1] - bright[0]) * (module + 3) / 101 - seen
        dark /= np.maximum(dark[12:-12].mean(axis=0), 1)
        return dark.astype(np.float32), dark.var(axis=0) * places, (dark**2).sum(axis=0).astype(np.float32)

    def projected(self, dark: NDArray[np.float32], trellis: Trellis) -> NDArray[np.float32]:
        return trellis.spread.T @ dark

    def joint(
        self, onto: NDArray[np.float32], energy: NDArray[np.float32], gain: float, trellis: Trellis, *, mirrored: bool
    ) -> NDArray[np.float32]:
        onto = onto[::-1] if mirrored else onto

        def costs(digit: int) -> NDArray[np.float32]:
            many = ALTERNATIVES if digit < 6 else ALTERNATIVES // 2
            start = trellis.starts[digit]
            own = trellis.single[digit, :many, None] - 2 * gain * (trellis.shapes[digit, :many] @ onto[start : start + DIGIT])
            return np.asarray(own, np.float32)

        best = costs(0)
        for digit in range(1, 12):
            own = costs(digit)
            best = (best[:, None] + trellis.pair[digit - 1, : len(best), : len(own), None]).min(axis=0) + own
        total = best.min(axis=0) + gain**2 * energy + trellis.fixed_energy - 2 * gain * (trellis.fixed @ onto)
        return np.asarray(total, np.float32)

    def correlated(self, value: NDArray[np.float64], cells: Cells, shapes: NDArray[np.float64]) -> NDArray[np.float64]:
        samples = shapes.shape[-1]
        seen = value[cells.starts[:, None] * PER_MODULE - PER_MODULE // 2 + np.arange(samples)]
        seen = seen - seen.mean(axis=1, keepdims=True)
        energy = (seen**2).sum(axis=1) + 1e-6
        rows = np.array([[2, 2] if right else [0, 1] for right in cells.right])
        found = []
        for pictures in shapes:
            fits = np.maximum(np.einsum("cpds,cs->cpd", pictures[rows], seen), 0) ** 2 / energy[:, None, None]
            found.append(_only_printed(-4 * np.log(np.maximum(1 - fits, 0.02)), cells))
        return max(found, key=lambda scores: float(scores.max(axis=(1, 2)).sum()))

    def weighed(
        self,
        fit: Fitted,
        tables: Tables,
        code: NDArray[np.float64],
        pictures: NDArray[np.float64],
        own: NDArray[np.int32],
        noise: float,
        cells: Cells,
    ) -> NDArray[np.float64]:
        digits = len(cells.starts)
        around = (cells.starts[:, None] - 1) * PER_MODULE + np.arange((DIGIT + 2) * PER_MODULE)
        powers = tables.powers[around]
        gain, offset = powers[..., :3] @ fit.linear[4:], powers[..., :4] @ fit.linear[:4]
        rest = fit.value[around] - offset + gain * (code[around] - pictures[np.arange(digits), own])
        left = ((rest[:, None] + gain[:, None] * pictures) ** 2).sum(axis=2)
        return _only_printed((-left / noise).reshape(digits, 2, 10), cells)

    def words(self, scores: NDArray[np.float64], lattice: Lattice) -> BestTwo:
        families, digits = lattice.parities.shape
        fits = (lattice.only[:, :, None] < 0) | (lattice.only[:, :, None] == np.arange(10))
        cells = scores[np.arange(digits), lattice.parities] + np.where(fits, 0.0, NEVER)
        onward = (np.arange(10)[:, None] + lattice.weights[:, :, None, None] * np.arange(10)) % 10
        best = self._to_the_end(cells, lattice.weights)
        at_start = best[np.arange(families), 0, lattice.start]
        family = int(at_start.argmax())
        own, start = cells[family], int(lattice.start[family])
        path = _path(own, onward[family], best[family], start)
        marginal, cell, digit = _best_departure(own, onward[family], best[family], path, start)
        score = float(at_start[family])
        at_start[family] = -np.inf
        rival = int(at_start.argmax())
        if at_start[rival] >= marginal:
            other = _path(cells[rival], onward[rival], best[rival], int(lattice.start[rival]))
            return BestTwo(family, path, score, rival, other, float(at_start[rival]))
        bound = own.copy()
        bound[cell, digit != np.arange(10)] = NEVER
        bound_best = self._to_the_end(bound[None], lattice.weights[family : family + 1])[0]
        return BestTwo(family, path, score, family, _path(bound, onward[family], bound_best, start), marginal)

    def turns(self, row: Profile, step: float) -> int:
        found, way, highest, lowest = 0, 0, row[0], row[0]
        for value in row:
            if way >= 0 and value < highest - np.float32(step):
                found, way, lowest = found + 1, -1, value
            elif way <= 0 and value > lowest + np.float32(step):
                found, way, highest = found + 1, 1, value
            if way >= 0:
                highest = max(highest, value)
            if way <= 0:
                lowest = min(lowest, value)
        return found

    def gradients(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        across, down = (cv2.Sobel(grey, cv2.CV_32F, *way) / np.float32(8) for way in ((1, 0), (0, 1)))
        rows, columns = grey.shape[0] // 2, grey.shape[1] // 2
        planes = np.stack([across, down, across * across, down * down, across * down])[:, : 2 * rows, : 2 * columns]
        return np.asarray(planes.reshape(5, rows, 2, columns, 2).mean(axis=(2, 4)), np.float32)

    def _to_the_end(self, cells: NDArray[np.float64], weights: NDArray[np.int32]) -> NDArray[np.float64]:
        """Best sum from each remainder before each cell to remainder 0 behind the last: (families, digits + 1, 10). A digit moves the remainder by itself times its weight."""
        families, digits, _ = cells.shape
        best = np.full((families, digits + 1, 10), NEVER)
        best[:, digits, 0] = 0.0
        ten = np.arange(10)
        for cell in range(digits - 1, -1, -1):
            onward = (ten[:, None] + weights[:, cell, None, None] * ten) % 10
            best[:, cell] = (cells[:, cell, None] + best[np.arange(families)[:, None, None], cell + 1, onward]).max(axis=2)
        return best


def _ahead(modules: int, widths: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(modules * widths + 0.5).astype(int)


def _best_of_three(value: NDArray[np.float32], axis: int, cost: float) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Staying, or coming from the neighbour before (1) or behind (-1) along ``axis`` at a cost."""
    best, choice = value, np.zeros(value.shape, np.int8)
    for step in (1, -1):
        other = np.full_like(value, -1e9)
        to, of = [slice(None)] * 2, [slice(None)] * 2
        to[axis], of[axis] = (slice(1, None), slice(None, -1)) if step > 0 else (slice(None, -1), slice(1, None))
        other[tuple(to)] = value[tuple(of)] - np.float32(cost)
        better = other > best
        best = np.where(better, other, best)
        choice[better] = step
    return best, choice


def _evened(profile: Profile, evened: Evened) -> Profile:
    window = (evened.over, 1)
    mean = cv2.blur(profile[None], window)[0]
    spread = np.sqrt(np.maximum(cv2.blur((profile * profile)[None], window)[0] - mean * mean, 0))
    return np.asarray((profile - mean) / (spread + evened.floor * profile.std() + 1e-9), np.float32)


def _only_printed(scores: NDArray[np.float64], cells: Cells) -> NDArray[np.float64]:
    """Even parity stands on the left alone, and in no EAN-8."""
    scores[(cells.right != 0) | (not cells.two_parities), 1] = NEVER
    return scores


def _path(cells: NDArray[np.float64], onward: NDArray[np.int64], best: NDArray[np.float64], remainder: int) -> tuple[int, ...]:
    path: list[int] = []
    for cell in range(len(cells)):
        digit = int((cells[cell] + best[cell + 1, onward[cell, remainder]]).argmax())
        path.append(digit)
        remainder = int(onward[cell, remainder, digit])
    return tuple(path)


def _best_departure(
    cells: NDArray[np.float64], onward: NDArray[np.int64], best: NDArray[np.float64], path: tuple[int, ...], remainder: int
) -> tuple[float, int, int]:
    """The highest max-marginal of a (cell, digit) that ``path`` does not use."""
    digits = len(cells)
    forward = np.full(10, NEVER)
    forward[remainder] = 0.0
    marginals = np.empty((digits, 10))
    for cell in range(digits):
        reached = forward[:, None] + cells[cell]
        marginals[cell] = (reached + best[cell + 1, onward[cell]]).max(axis=0)
        forward = np.full(10, NEVER)
        np.maximum.at(forward, onward[cell], reached)
    marginals[np.arange(digits), list(path)] = -np.inf
    cell, digit = divmod(int(marginals.argmax()), 10)
    return float(marginals[cell, digit]), cell, digit
