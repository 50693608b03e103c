"""What the likelihood stage asks of its inner loops, which are compiled in a kiosk (``kernels.py``) and stand in numpy in ``reference.py``."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recognition.codes.likelihood.tables import (
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

    def correlated(self, value: NDArray[np.float64], cells: Cells, shapes: NDArray[np.float64]) -> NDArray[np.float64]:
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
        cells: Cells,
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
