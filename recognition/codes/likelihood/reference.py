"""The inner loops of the likelihood stage in numpy: what ``kernels.c`` computes, slowly and to be read. Tests hold the two to each other.

A *profile* is the mean of some rows across the bars, dark being low. Lengths are in samples of it unless said otherwise.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, Protocol

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
        self, profile: Profile, widths: NDArray[np.float64], templates: NDArray[np.float32], contrast: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Best and worst correlation with each group of templates where a cell starts at x and has that module width: (groups, widths, length).

        ``templates``: (groups, templates, samples), each of mean 0 and length 1, two samples a module and a module more than the cell.
        ``contrast``: added to the norm, for every sample, so that noise correlates with nothing. Where the cell does not fit: -1 and 1.
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

    def joint(self, onto: NDArray[np.float32], energy: NDArray[np.float32], gain: float, trellis: Trellis) -> NDArray[np.float32]:
        """|gain z - S c|^2 of each row for the best row of digits c, neighbours weighed together (Viterbi over alternatives)."""
        ...

    def lattice(self, cells: NDArray[np.float64], weights: NDArray[np.int32]) -> NDArray[np.float64]:
        """Best sum from each remainder before each cell to remainder 0 behind the last: (families, digits + 1, 10).

        ``cells``: (families, digits, 10). A digit moves the remainder by itself times its weight, modulo 10.
        """
        ...


class Reference:
    """``Kernels`` in numpy."""

    def correlations(
        self, profile: Profile, widths: NDArray[np.float64], templates: NDArray[np.float32], contrast: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
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

    def joint(self, onto: NDArray[np.float32], energy: NDArray[np.float32], gain: float, trellis: Trellis) -> NDArray[np.float32]:
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

    def lattice(self, cells: NDArray[np.float64], weights: NDArray[np.int32]) -> NDArray[np.float64]:
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
