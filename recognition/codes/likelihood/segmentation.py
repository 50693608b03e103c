"""Where the cells of a code lie in a profile, before anybody knows which digits they hold.

Each cell is compared with blurred pictures of all that may stand in it, at every start and module width; the best row of cells under slowly changing
width is found by dynamic programming. This is Gallo and Manduchi's matching of deformable templates ("Reading 1D Barcodes with Mobile Phones Using Deformable
Templates", IEEE PAMI 33(9), 2011) with the two templates of a blur instead of a binary one, and with a correlation that needs contrast.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.alphabet import EAN8, EAN13, GUARDS, LAYOUTS, UPCE, A, Layout
from recognition.codes.likelihood.interface import Kernels
from recognition.codes.likelihood.tables import Evened, Profile, Segmented, Shapes

MODULE_PX: Final = 3.0
"""Nominal samples a module: so a crop is enlarged or reduced if its code is an EAN-13."""

WIDTHS: Final[NDArray[np.float64]] = np.asarray(MODULE_PX * 1.04 ** np.arange(-16, 13), np.float64)
"""Module widths that are tried, in samples: 1.6 to 4.8, each 4 % wider than the last."""

TEMPLATE_BLURS: Final = (0.5, 1.0)

COARSE_SLIP, SLIP = 0.2, 0.12
"""What a cell's shift by a sample, or a change of width by a step, costs in correlation."""

CONTRAST: Final = 0.6
"""Of a band's own standard deviation, once evened out: what varies less is hardly believed to correlate."""

FROM_SCORE: Final = {EAN13: 0.65, EAN8: 0.7, UPCE: 0.7}
MOST: Final = {EAN13: 2, EAN8: 1, UPCE: 1}
WITHIN: Final = {EAN13: 0.045, EAN8: 0.015, UPCE: 0.015}
"""Hypotheses of the coarse pass that are looked into: at least so good, and at most so far behind the best. Measured on photographs and drawn bottles: of 350 that were read
rightly none lay below 0.67 or farther behind than 0.024, short ones not below 0.74 nor farther than 0.001."""

FINE_SCORE: Final = 0.67
"""Of the best band; none that was read rightly had less than 0.71."""

ROOM_MODULES: Final = 14
"""Around a hypothesis, at both ends: bands are searched no farther."""

STEEP: Final = 7
"""Steps of 4 % between the widest and the narrowest cell from which on a code is taken to wrap round a bottle: by a third."""

EVENED: Final = Evened(over=61, floor=0.25, contrast=CONTRAST)
"""Over some digits: pale bars beside a dark edge, or under glare, are bars."""

_HANDICAP: Final = {EAN13: 0.0, EAN8: 0.02, UPCE: 0.05}
"""The fewer cells a code has, the more often it fits by chance."""

RANGES: Final = {EAN13: (slice(3, None), slice(0, 8)), EAN8: (slice(None),), UPCE: (slice(None),)}
"""Places among every second of WIDTHS. An EAN-13 is looked for among wide modules (from 2 samples on) and among narrow ones by itself: narrow cells fit by chance more often."""

NARROW_HANDICAP: Final = 0.03


def template(
    modules: NDArray[np.float64], before: Sequence[float], after: Sequence[float], blur: float, per_module: int
) -> NDArray[np.float64]:
    """What a cell looks like, dark being low: mean 0, length 1. Last axis (modules,) to (samples,), half a module more at each side.

    ``before``, ``after``: how dark the two neighbouring modules are on average. ``blur``: of the Gaussian, in modules.
    """
    count = modules.shape[-1]
    sides = [np.broadcast_to(side, (*modules.shape[:-1], 2)) for side in (before, after)]
    context = np.concatenate([sides[0], modules, sides[1]], axis=-1)
    at = (np.arange((count + 1) * per_module) + 0.5) / per_module - 0.5
    fine = np.arange(-2, count + 2)[:, None] + (np.arange(8) + 0.5) / 8
    weight = np.exp(-((at[:, None, None] - fine) ** 2) / 2 / blur**2).sum(axis=2)
    seen = -(context @ (weight / weight.sum(axis=1, keepdims=True)).T)
    seen -= seen.mean(axis=-1, keepdims=True)
    return np.asarray(seen / np.linalg.norm(seen, axis=-1, keepdims=True))


LEFT_CONTEXT: Final = ((0.5, 1.0), (0.0, 0.5))
RIGHT_CONTEXT: Final = ((0.5, 0.0), (1.0, 0.5))
_GUARD_CONTEXT: Final = {
    "start": ((0.0, 0.0), (0.0, 0.5)),
    "centre": ((0.5, 1.0), (1.0, 0.5)),
    "end": ((0.5, 0.0), (0.0, 0.0)),
    "end of UPC-E": ((0.5, 1.0), (0.0, 0.0)),
}


def _templates(modules: NDArray[np.float64], context: tuple[Sequence[float], Sequence[float]]) -> NDArray[np.float32]:
    return np.concatenate([template(np.atleast_2d(modules), *context, blur, 2) for blur in TEMPLATE_BLURS]).astype(np.float32)


_GUARD_KINDS: Final = ("start", "end", "centre", "end of UPC-E")
KINDS: Final = (*_GUARD_KINDS, "A", "A or G", "right")
"""Guards of one width are neighbours: their cells are sampled once."""

SHAPES: Final = Shapes(tuple(_templates(GUARDS[name], _GUARD_CONTEXT[name]) for name in _GUARD_KINDS), _templates(A, LEFT_CONTEXT))


def _kind(cell: str, layout: Layout) -> str:
    if cell in GUARDS or cell == "right":
        return cell
    return "A or G" if layout.two_parities else "A"


_CELLS: Final = {layout: np.array([KINDS.index(_kind(cell, layout)) for cell in layout.cells], np.int32) for layout in LAYOUTS}
_MODULES: Final = {layout: layout.widths.astype(np.int32) for layout in LAYOUTS}


def _asked(layouts: Sequence[Layout]) -> NDArray[np.uint8]:
    return np.array([any(kind in _CELLS[layout] for layout in layouts) for kind in range(len(_GUARD_KINDS))], np.uint8)


_ASKED: Final[dict[Layout | None, NDArray[np.uint8]]] = {None: _asked(LAYOUTS), **{layout: _asked([layout]) for layout in LAYOUTS}}


class Hypothesis(NamedTuple):
    """A code of this layout, read in this direction, has module widths ``chosen`` (places in WIDTHS) and its cells at ``starts``."""

    score: float
    layout: Layout
    backwards: bool
    chosen: NDArray[np.int64]
    starts: NDArray[np.int32]

    def same_as(self, other: "Hypothesis") -> bool:
        """Found among narrow modules what was found among wide ones."""
        return self.backwards is other.backwards and bool((np.abs(self.starts - other.starts) <= 1).all())

    def among(self, length: int) -> slice:
        """Where another band of the crop has it: bands are bent, and lie on a slant."""
        room = round(ROOM_MODULES * MODULE_PX)
        last = float(self.starts[-1] + WIDTHS[self.chosen[-1]] * self.layout.widths[-1])
        return slice(max(0, int(self.starts[0]) - room), min(length, int(last) + room))


def cell_scores(
    profile: Profile, widths: NDArray[np.float64], kernels: Kernels, layout: Layout | None = None, among: slice | None = None
) -> NDArray[np.float32]:
    """Correlation of each kind of cell where it starts at x and has that module width: shape (KINDS, widths, length). Guards that ``layout`` has not are left out, and all
    that does not lie ``among`` some samples.
    """
    return kernels.correlations(profile, among or slice(0, len(profile)), widths, SHAPES, _ASKED[layout], EVENED)


def segmented(scores: NDArray[np.float32], layout: Layout, widths: NDArray[np.float64], slip: float, kernels: Kernels) -> Segmented:
    return kernels.segmented(scores, _CELLS[layout], _MODULES[layout], widths, slip)


def hypotheses(broad: NDArray[np.float32], kernels: Kernels) -> list[Hypothesis]:
    """The coarse pass over two broad bands in both directions and all layouts, best first. ``broad``: shape (bands, length)."""
    widths = np.ascontiguousarray(WIDTHS[::2])
    found: dict[tuple[Layout, bool, int], Hypothesis] = {}
    for backwards in (False, True):
        for band in broad:
            scores = cell_scores(directed(band, backwards), widths, kernels)
            for layout in LAYOUTS:
                for narrow, among in enumerate(RANGES[layout]):
                    row = segmented(np.ascontiguousarray(scores[:, among]), layout, widths[among], COARSE_SLIP, kernels)
                    score = row.score - _HANDICAP[layout] - NARROW_HANDICAP * narrow
                    best = found.get((layout, backwards, narrow))
                    if best is None or score > best.score:
                        found[layout, backwards, narrow] = Hypothesis(
                            score, layout, backwards, (row.chosen.astype(np.int64) + (among.start or 0)) * 2, row.starts
                        )
    return sorted(found.values(), key=lambda hypothesis: -hypothesis.score)


def worth_a_look(ranked: Sequence[Hypothesis]) -> Iterator[Hypothesis]:
    """EAN-13 in both directions before all others: a short code fits its middle as well, and a wrong direction fits nearly as well as the right one."""
    for layout in LAYOUTS:
        of_layout: list[Hypothesis] = []
        for hypothesis in ranked:
            if hypothesis.layout is layout and not any(map(hypothesis.same_as, of_layout)):
                of_layout.append(hypothesis)
        for hypothesis in of_layout[: MOST[layout]]:
            if hypothesis.score >= max(FROM_SCORE[layout], ranked[0].score - WITHIN[layout]):
                yield hypothesis


def directed(profile: Profile, backwards: bool) -> Profile:
    return np.ascontiguousarray(profile[::-1] if backwards else profile)


def widths_around(chosen: NDArray[np.int64], *, first: bool = True) -> list[NDArray[np.float64]]:
    """The module widths of a hypothesis, and two more at either end. A width changes by one step from cell to cell at the most, so that where they change much every second is
    tried by itself too, of the ``first`` hypothesis of its layout.
    """
    low, high = int(chosen.min()), int(chosen.max())
    steps = (1, 2) if first and high - low > STEEP else (1,)
    return [np.ascontiguousarray(WIDTHS[max(0, low - 2 * step) : high + 2 * step + 1 : step]) for step in steps]
