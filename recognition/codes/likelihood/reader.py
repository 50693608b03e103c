"""The likelihood stage: codes that no decoder reads, from boxes that may hold one.

Six attempts, each on all boxes before the next, and none after the first that is believed::

    plain          cells found one by one              small, bent, badly printed, out of focus by less than a module
    strong blur    digits weighed jointly              out of focus by up to 1.8 modules
    inverted       as plain, light bars on dark        cans and dark glass
    climbing       as plain, rows along a slant        round a bottle that is seen from above or below
    own regions    as plain, boxes of our own          where OpenCV's detector saw something else
    evened         as plain, contrast evened out       under a lamp's reflection, half in a shadow

What a box cannot be is rejected early: too few alternations, a segmentation far behind the best, a grid without a good point.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood import strong_blur
from recognition.codes.likelihood.alphabet import Layout
from recognition.codes.likelihood.glare import evened
from recognition.codes.likelihood.guard import believed
from recognition.codes.likelihood.interface import Kernels
from recognition.codes.likelihood.model import TABLES, Band, Candidate, explained, holds_a_code
from recognition.codes.likelihood.proposals import Box, Grey, Quad, box_of, boxes_of, own_quads
from recognition.codes.likelihood.rectification import ROOM, alternations, bands, climbing, upright
from recognition.codes.likelihood.segmentation import (
    FINE_SCORE,
    MODULE_PX,
    SLIP,
    Hypothesis,
    cell_scores,
    directed,
    hypotheses,
    segmented,
    widths_around,
    worth_a_look,
)
from recognition.codes.likelihood.tables import Profile

ALTERNATIONS: Final = 22
ALTERNATIONS_BLURRED: Final = (15, 32)
ALTERNATIONS_INVERTED: Final = 32
"""Bars of the second-best band below which a crop holds no code for this attempt; and above which none is out of focus by more than a module, as its bars have not merged: right ones had 18 to 25."""

INVERTED_BETTER: Final = 0.01
"""By how much the inverted profile's segmentation must beat the plain one's."""

LEAST_BAND_SCORE: Final = 0.4
BEHIND_BEST_BAND: Final = 0.2

SCALES: Final = (MODULE_PX, 3.5)
"""Samples a module at which crops are cut, in turns: a second look at the same picture is worth something only at another scale."""

MOST_CANDIDATES: Final = 12
"""In one look. Counted and not timed, so that a busy machine reads what an idle one reads."""

Late = Callable[[], bool]
"""Whether the deadline has passed; asked between two candidates."""


def never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Placed:
    """``quad``: where in the frame, corners as in ``reading.py``."""

    candidate: Candidate
    quad: Quad


class _Located(NamedTuple):
    """One band, and where its cells begin."""

    score: float
    row: Profile
    starts: NDArray[np.int32]

    def band(self, layout: Layout, kernels: Kernels) -> Band:
        return Band(self.row, TABLES[layout].from_starts @ self.starts, layout, kernels)


class Crop:
    """One box, cut out once for all attempts."""

    def __init__(self, crop: Grey, box: Box, kernels: Kernels) -> None:
        self._box = box
        self.profiles = bands(crop)
        self._broad = bands(crop, 2)
        self._kernels = kernels

    @cached_property
    def alternations(self) -> int:
        return alternations(self.profiles, self._kernels)

    @cached_property
    def hypotheses(self) -> list[Hypothesis]:
        return hypotheses(self._broad, self._kernels)

    @cached_property
    def inverted_hypotheses(self) -> list[Hypothesis]:
        return hypotheses(-self._broad, self._kernels)

    def plain(self) -> Iterator[Placed]:
        if self.alternations >= ALTERNATIONS:
            yield from self._found(self.profiles, self.hypotheses)

    def strongly_blurred(self) -> Iterator[Placed]:
        if ALTERNATIONS_BLURRED[0] <= self.alternations <= ALTERNATIONS_BLURRED[1]:
            for candidate, backwards in strong_blur.candidates(self.profiles, self._kernels):
                yield self._placed(candidate, backwards)

    def inverted(self) -> Iterator[Placed]:
        if self.alternations >= ALTERNATIONS_INVERTED and self.inverted_hypotheses[0].score >= self.hypotheses[0].score + INVERTED_BETTER:
            yield from self._found(-self.profiles, self.inverted_hypotheses)

    def evened(self) -> Iterator[Placed]:
        if self.alternations >= ALTERNATIONS:
            yield from self._found(evened(self.profiles), hypotheses(evened(self._broad), self._kernels))

    def _found(self, profiles: NDArray[np.float32], ranked: Sequence[Hypothesis]) -> Iterator[Placed]:
        begun: set[Layout] = set()
        for hypothesis in worth_a_look(ranked):
            first = hypothesis.layout not in begun
            begun.add(hypothesis.layout)
            for widths in widths_around(hypothesis.chosen, first=first):
                candidate = self._explained(profiles, hypothesis, widths)
                if candidate is not None:
                    yield self._placed(candidate, hypothesis.backwards)

    def _placed(self, candidate: Candidate, backwards: bool) -> Placed:
        """The box's own height, between the ends that were fitted; the small tilt that was sheared away is left out."""
        box, length = self._box, self.profiles.shape[1]
        first, last = (length - 1 - end for end in candidate.ends) if backwards else candidate.ends
        along = [box.axis * (end / length * 2 - 1) * box.half_length * ROOM for end in (first, last)]
        across = np.array([-box.axis[1], box.axis[0]]) * box.half_height
        return Placed(candidate, box.centre + np.array([along[0] - across, along[1] - across, along[1] + across, along[0] + across]))

    def _explained(self, profiles: NDArray[np.float32], hypothesis: Hypothesis, widths: NDArray[np.float64]) -> Candidate | None:
        """Every second band first, as two in three hypotheses of no code end there."""
        layout, kernels = hypothesis.layout, self._kernels
        some = self._located(profiles[1::2], hypothesis, widths)
        if some[0].score < FINE_SCORE or not holds_a_code([found.band(layout, kernels) for found in some], layout, kernels):
            return None
        found = sorted([*some, *self._located(profiles[::2], hypothesis, widths)], key=attrgetter("score"), reverse=True)
        least = max(LEAST_BAND_SCORE, found[0].score - BEHIND_BEST_BAND)
        return explained([one.band(layout, kernels) for one in found if one.score > least], layout, kernels)

    def _located(self, profiles: NDArray[np.float32], hypothesis: Hypothesis, widths: NDArray[np.float64]) -> list[_Located]:
        """Where the cells lie in each band, the surest first."""
        layout, among = hypothesis.layout, hypothesis.among(profiles.shape[1])
        found = []
        for profile in profiles:
            row = directed(profile, hypothesis.backwards)
            cells = segmented(cell_scores(row, widths, self._kernels, layout, among), layout, widths, SLIP, self._kernels)
            found.append(_Located(cells.score, row, cells.starts + among.start))
        return sorted(found, key=attrgetter("score"), reverse=True)


def candidates(
    grey: Grey, quads: Sequence[Quad], kernels: Kernels, late: Late = never, module_px: float = MODULE_PX, *, elsewhere: bool = True
) -> Iterator[Placed]:
    """Candidates, believed or not, up to the first attempt of which one is believed, or to the ``MOST_CANDIDATES``-th.

    ``quads``: what OpenCV's detector found. ``late`` ends it between two candidates. ``module_px``: of ``SCALES``. ``elsewhere``: whether boxes of our own are tried too.
    """
    left = MOST_CANDIDATES
    for attempt in _attempts(grey, quads, kernels, module_px, elsewhere=elsewhere):
        any_believed = False
        for of_crop in attempt:
            for placed in of_crop:
                yield placed
                left -= 1
                sure = believed(placed.candidate)
                any_believed |= sure
                if late() or not left:
                    return
                if sure:
                    break
        if any_believed or late():
            return


def every_candidate(grey: Grey, quads: Sequence[Quad], kernels: Kernels, module_px: float = MODULE_PX) -> Iterator[Placed]:
    """The same to the end, whatever is believed: for those who measure the guard."""
    for attempt in _attempts(grey, quads, kernels, module_px, elsewhere=True):
        for of_crop in attempt:
            yield from of_crop


def _attempts(
    grey: Grey, quads: Sequence[Quad], kernels: Kernels, module_px: float, *, elsewhere: bool
) -> Iterator[Iterator[Iterator[Placed]]]:
    """Each attempt on each crop."""
    boxes = boxes_of(grey, quads)
    if elsewhere and not boxes:
        boxes = boxes_of(grey, own_quads(grey, kernels))
    crops = [Crop(upright(grey, box, module_px), box, kernels) for box in boxes]
    yield (crop.plain() for crop in crops)
    yield (crop.strongly_blurred() for crop in crops)
    yield (crop.inverted() for crop in crops)
    yield (
        Crop(followed, box, kernels).plain()
        for crop, box in zip(crops, boxes, strict=True)
        if crop.alternations >= ALTERNATIONS and (followed := climbing(grey, box, module_px)) is not None
    )
    if elsewhere and quads:
        others = [
            box
            for quad in own_quads(grey, kernels)
            if (box := box_of(grey, quad)) is not None and all(_apart(box, other) for other in boxes)
        ]
        elsewhere_crops = [Crop(upright(grey, box, module_px), box, kernels) for box in others]
        yield (crop.plain() for crop in elsewhere_crops)
        crops += elsewhere_crops
    yield (crop.evened() for crop in crops)


def alternates(grey: Grey, quad: Quad, kernels: Kernels) -> bool:
    """Whether what a detector saw changes between dark and bright as often as a code at least, a short and blurred one too. What shines on a bottle's ribs does so a few times."""
    box = box_of(grey, quad)
    return box is not None and Crop(upright(grey, box, MODULE_PX), box, kernels).alternations >= ALTERNATIONS_BLURRED[0]


def _apart(box: Box, other: Box) -> bool:
    return float(np.hypot(*(box.centre - other.centre))) > 0.5 * other.half_length
