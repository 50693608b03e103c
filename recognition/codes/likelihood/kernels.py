"""The compiled inner loops: found, loaded, and called with numpy arrays. What they compute is said in ``reference.py``.

The library is built by the set-up, ``python -m recognition.codes.likelihood.kernels``, and lies in the environment, under a name that holds its
source's digest: one that was built from another source is not found, and never used. Without it the cascade reads alone.
"""

import ctypes
import hashlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood import reference
from recognition.codes.likelihood.reference import ALTERNATIVES, Fitted, Profile, Segmented, Tables, Trellis, Warp

SOURCE: Final = Path(__file__).with_name("kernels.c")

FLAGS: Final = ("-O3", "-std=c99", "-ffp-contract=off", "-fPIC", "-shared")
"""Contracted, a product and a sum are rounded once on one machine and twice on another."""


class NotBuilt(Exception):
    """There is no library for this source."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing: run python -m recognition.codes.likelihood.kernels")
        self.path = path


class NotCompiled(Exception):
    """``said``: what the compiler printed, or that there is none."""

    def __init__(self, said: str) -> None:
        super().__init__(f"the likelihood stage could not be compiled: {said}")
        self.said = said


def library_path() -> Path:
    digest = hashlib.sha256(SOURCE.read_bytes() + " ".join(FLAGS).encode()).hexdigest()[:16]
    return Path(sys.prefix) / "lib" / "consigne" / f"likelihood-{digest}.so"


def build() -> Path:
    """Compiles the source into the environment. Raises NotCompiled, OSError."""
    compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        raise NotCompiled("there is no C compiler; on Debian: apt install gcc libc6-dev")
    path = library_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob("likelihood-*.so"):
        old.unlink()
    half_built = path.with_suffix(".part")
    done = subprocess.run([compiler, *FLAGS, "-o", str(half_built), str(SOURCE), "-lm"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotCompiled(done.stderr.strip())
    half_built.rename(path)
    return path


def _at(array: NDArray[Any]) -> ctypes.c_void_p:
    """The array's memory, which is one piece in the order of its shape."""
    return ctypes.c_void_p(array.__array_interface__["data"][0])


def _done(code: int) -> None:
    if code:
        raise ValueError("a profile or a code is longer than the kernels take")


class Compiled:
    """The functions of ``reference.py``, compiled. Raises NotBuilt, and OSError where the library is none of this machine's."""

    def __init__(self) -> None:
        path = library_path()
        if not path.exists():
            raise NotBuilt(path)
        self._library = ctypes.CDLL(str(path))

    def correlations(
        self, profile: Profile, widths: NDArray[np.float64], templates: NDArray[np.float32], contrast: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        groups, per_group, samples = templates.shape
        best = np.empty((groups, len(widths), len(profile)), np.float32)
        worst = np.empty_like(best)
        _done(
            self._library.correlations(
                _at(profile),
                len(profile),
                _at(widths),
                len(widths),
                samples // 2 - 1,
                _at(templates),
                groups,
                per_group,
                ctypes.c_double(contrast),
                _at(best),
                _at(worst),
            )
        )
        return best, worst

    def segmented(
        self, scores: NDArray[np.float32], kind: NDArray[np.int32], modules: NDArray[np.int32], widths: NDArray[np.float64], cost: float
    ) -> Segmented:
        _, many, length = scores.shape
        cells = len(kind)
        slips, steps = np.empty((2, cells, many, length), np.int8)
        value, moved = np.empty((2, many, length), np.float32)
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
                _at(slips),
                _at(steps),
                _at(value),
                _at(moved),
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
        codes: reference.Codes,
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
                _at(reference.KERNELS),
                reference.HALF,
                _at(reference.RADII),
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

    def joint(self, onto: NDArray[np.float32], energy: NDArray[np.float32], gain: float, trellis: Trellis) -> NDArray[np.float32]:
        modules, rows = onto.shape
        residual, scratch = np.empty(rows, np.float32), np.empty((3, ALTERNATIVES, rows), np.float32)
        _done(
            self._library.joint(
                _at(onto),
                _at(energy),
                rows,
                ctypes.c_float(gain),
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

    def lattice(self, cells: NDArray[np.float64], weights: NDArray[np.int32]) -> NDArray[np.float64]:
        families, digits, _ = cells.shape
        best = np.empty((families, digits + 1, 10))
        _done(self._library.lattice(_at(cells), _at(weights), families, digits, _at(best)))
        return best


@cache
def compiled() -> Compiled | None:
    """The library, loaded once; None where the set-up could not build it. ``why_not`` says why."""
    try:
        return Compiled()
    except (NotBuilt, OSError):
        return None


def why_not() -> str | None:
    """Why the stage does not serve; None where it does."""
    try:
        Compiled()
    except (NotBuilt, OSError) as trouble:
        return str(trouble)
    return None


if __name__ == "__main__":
    try:
        build()
    except (NotCompiled, OSError) as trouble:
        sys.exit(str(trouble))
