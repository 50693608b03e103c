"""The compiled inner loops, called with numpy arrays. What they compute is said in ``reference.py``, where their library lies in ``library.py``.

``python -m recognition.codes.likelihood.kernels`` builds it, which the set-up does.
"""

import ctypes
import sys
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.library import NotBuilt, NotCompiled, build, loaded
from recognition.codes.likelihood.tables import (
    ALTERNATIVES,
    HALF,
    HEAPS,
    RADII,
    BestTwo,
    Cells,
    Codes,
    Evened,
    Fitted,
    Lattice,
    Profile,
    Segmented,
    Shapes,
    Tables,
    Trellis,
    Warp,
)


def _at(array: NDArray[Any]) -> ctypes.c_void_p:
    """The array's memory, which is one piece in the order of its shape."""
    return ctypes.c_void_p(array.__array_interface__["data"][0])


def _done(code: int) -> None:
    if code:
        raise ValueError("a profile or a code is longer than the kernels take")


class Compiled:
    """The functions of ``reference.py``, compiled. Raises NotBuilt, and OSError where the library is none of this machine's."""

    def __init__(self) -> None:
        self._library = loaded()

    def correlations(
        self, profile: Profile, among: slice, widths: NDArray[np.float64], shapes: Shapes, asked: NDArray[np.uint8], evened: Evened
    ) -> NDArray[np.float32]:
        guards, halves = len(shapes.guards), shapes.halves
        scores = np.empty((guards + 3, len(widths), among.stop - among.start), np.float32)
        _done(
            self._library.correlations(
                _at(profile),
                len(profile),
                among.start,
                among.stop,
                evened.over,
                ctypes.c_double(evened.floor),
                _at(widths),
                len(widths),
                ctypes.c_double(evened.contrast),
                _at(shapes.guard_modules),
                guards,
                len(shapes.guards[0]),
                _at(shapes.padded),
                _at(asked),
                _at(halves),
                len(halves),
                _at(scores),
            )
        )
        return scores

    def segmented(
        self, scores: NDArray[np.float32], kind: NDArray[np.int32], modules: NDArray[np.int32], widths: NDArray[np.float64], cost: float
    ) -> Segmented:
        _, many, length = scores.shape
        cells = len(kind)
        values = np.empty((cells, many, length), np.float32)
        starts, chosen = np.empty((2, cells), np.int32)
        score = ctypes.c_double()
        _done(
            self._library.segmented(
                _at(scores),
                _at(kind),
                _at(modules),
                cells,
                _at(widths),
                many,
                length,
                ctypes.c_float(cost),
                _at(values),
                _at(starts),
                _at(chosen),
                ctypes.byref(score),
            )
        )
        return Segmented(score.value, starts, chosen)

    def sampled(self, profile: Profile, warp: Warp, tables: Tables) -> NDArray[np.float64]:
        position, value = np.empty((2, len(tables.place)))
        _done(self._library.sampled(_at(profile), len(profile), _at(warp), _at(tables.place), len(tables.place), _at(position), _at(value)))
        return value

    def fitted(
        self,
        profile: Profile,
        warp: Warp,
        blur: int,
        ink: int,
        rounds: int,
        modules: NDArray[np.float64],
        tables: Tables,
        codes: Codes,
    ) -> Fitted:
        warp = warp.copy()
        value, linear, quality = np.empty(len(tables.place)), np.empty(7), np.empty(2)
        at_blur, at_ink = ctypes.c_int(blur), ctypes.c_int(ink)
        _done(
            self._library.fitted(
                _at(profile),
                len(profile),
                _at(warp),
                ctypes.byref(at_blur),
                ctypes.byref(at_ink),
                rounds,
                _at(modules),
                len(modules),
                _at(tables.place),
                _at(tables.place_moments),
                _at(HEAPS),
                HALF,
                _at(RADII),
                _at(tables.norms),
                _at(codes.code),
                _at(codes.moments),
                _at(codes.known),
                _at(value),
                _at(linear),
                _at(quality),
            )
        )
        return Fitted(warp, at_blur.value, at_ink.value, value, linear, float(quality[0]), float(quality[1]))

    def darkness(
        self,
        profile: Profile,
        first: NDArray[np.float64],
        span: NDArray[np.float64],
        bend: NDArray[np.float64],
        bright: tuple[float, float],
        places: int,
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float32]]:
        rows = len(first)
        dark, variance, energy = np.empty((places, rows), np.float32), np.empty(rows), np.empty(rows, np.float32)
        _done(
            self._library.darkness(
                _at(profile),
                len(profile),
                _at(first),
                _at(span),
                _at(bend),
                rows,
                ctypes.c_double(bright[0]),
                ctypes.c_double(bright[1]),
                places,
                _at(dark),
                _at(variance),
                _at(energy),
            )
        )
        return dark, variance, energy

    def projected(self, dark: NDArray[np.float32], trellis: Trellis) -> NDArray[np.float32]:
        rows, modules = dark.shape[1], trellis.spread.shape[1]
        onto = np.empty((modules, rows), np.float32)
        _done(self._library.projected(_at(dark), rows, _at(trellis.spread), modules, trellis.radius, _at(onto)))
        return onto

    def joint(
        self, onto: NDArray[np.float32], energy: NDArray[np.float32], gain: float, trellis: Trellis, *, mirrored: bool
    ) -> NDArray[np.float32]:
        modules, rows = onto.shape
        residual, scratch = np.empty(rows, np.float32), np.empty((3, ALTERNATIVES, rows), np.float32)
        _done(
            self._library.joint(
                _at(onto),
                _at(energy),
                rows,
                ctypes.c_float(gain),
                int(mirrored),
                _at(trellis.fixed),
                modules,
                ctypes.c_float(trellis.fixed_energy),
                _at(trellis.single),
                _at(trellis.pair),
                _at(trellis.shapes),
                _at(trellis.starts),
                _at(scratch),
                _at(residual),
            )
        )
        return residual

    def correlated(self, value: NDArray[np.float64], cells: Cells, shapes: NDArray[np.float64]) -> NDArray[np.float64]:
        digits = len(cells.starts)
        scores = np.empty((digits, 2, 10))
        _done(
            self._library.correlated(
                _at(value),
                _at(cells.starts),
                _at(cells.right),
                digits,
                _at(shapes),
                len(shapes),
                shapes.shape[-1],
                int(cells.two_parities),
                _at(scores),
            )
        )
        return scores

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
        scores = np.empty((digits, 2, 10))
        _done(
            self._library.weighed(
                _at(fit.value),
                _at(fit.linear),
                _at(tables.place),
                _at(code),
                _at(pictures),
                _at(cells.starts),
                _at(own),
                _at(cells.right),
                digits,
                int(cells.two_parities),
                ctypes.c_double(noise),
                _at(scores),
            )
        )
        return scores

    def words(self, scores: NDArray[np.float64], lattice: Lattice) -> BestTwo:
        families, digits = lattice.parities.shape
        word, other = np.empty((2, digits + 1), np.int32)
        sums = np.empty(2)
        _done(
            self._library.words(
                _at(scores),
                _at(lattice.parities),
                _at(lattice.only),
                _at(lattice.weights),
                _at(lattice.start),
                families,
                digits,
                _at(word),
                _at(other),
                _at(sums),
            )
        )
        (family, *path), (rival, *rivals) = word.tolist(), other.tolist()
        return BestTwo(family, tuple(path), float(sums[0]), rival, tuple(rivals), float(sums[1]))

    def turns(self, row: Profile, step: float) -> int:
        return int(self._library.turns(_at(row), len(row), ctypes.c_float(step)))

    def gradients(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        height, width = grey.shape
        found = np.empty((5, height // 2, width // 2), np.float32)
        _done(self._library.gradients(_at(grey), height, width, *map(_at, found)))
        return found


@cache
def compiled() -> Compiled | None:
    """The library, loaded once; None where the set-up could not build it. ``library.why_not`` says why."""
    try:
        return Compiled()
    except (NotBuilt, OSError):
        return None


if __name__ == "__main__":
    try:
        build()
    except (NotCompiled, OSError) as trouble:
        sys.exit(str(trouble))
