"""How digits become bars: the cells of a retail code, and which rows of digits are words of it.

A code is a row of *cells*: guards, and digits of seven modules. The quiet zone's three modules next to a guard belong to the guard's cell, as
where the white ends is worth as much as where the bars begin. A digit on the left is printed in odd (A) or even (G) parity, on the right as the
negative of A.

Not every row of digits is a word. A *family* of words has one parity a cell and one linear condition on the digits: their sum under its weights
ends in its remainder. EAN-13 has ten families, one for each first digit, which is printed as a pattern of parities alone; EAN-8 has one; UPC-E has
two hundred, as number system and check digit choose the parities, and the last digit says where the zeros go that were left out. So one
exact search (``words.py``) serves all three.

Source: ISO/IEC 15420:2009, tables 1 to 5 (number sets A, B, C, the parity patterns of EAN-13, the zero suppression of UPC-E). Its set B is G here.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.gtin import Symbology

Modules = NDArray[np.float64]
"""1 is a dark module, 0 a light one."""

Whole = NDArray[np.int64]


def _modules(rows: str) -> Modules:
    return np.array([[float(module) for module in row] for row in rows.split()])


A: Final = _modules("0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011")
G: Final = (1 - A)[:, ::-1]
RIGHT: Final = 1 - A

GUARDS: Final[dict[str, Modules]] = {
    "start": _modules("000101")[0],
    "centre": _modules("01010")[0],
    "end": _modules("101000")[0],
    "end of UPC-E": _modules("010101000")[0],
}

QUIET: Final = 3
"""Modules of quiet zone in the first and in the last cell."""

DIGIT: Final = 7
"""Modules of a digit's cell."""


@dataclass(frozen=True, slots=True)
class Word:
    """``digits`` are those that are printed as cells; the family holds what the parities say beside them."""

    family: int
    digits: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Layout:
    """One symbology. ``cells``: names of guards, ``left`` and ``right``; families as said above, each array a row a family.

    ``parities``: 0 for A, 1 for G, shape (families, digits). ``only``: the digit that a cell must have, or -1, same shape. ``weights``: same
    shape. ``remainder``: shape (families,), of the weighted sum modulo 10. ``prefix``: what stands before the digits in print.
    """

    symbology: Symbology
    cells: tuple[str, ...]
    parities: Whole
    only: Whole
    weights: Whole
    remainder: Whole
    prefix: tuple[str, ...]
    suffix: tuple[str, ...]

    @cached_property
    def widths(self) -> Whole:
        """Modules of each cell."""
        return np.array([len(GUARDS[cell]) if cell in GUARDS else DIGIT for cell in self.cells])

    @cached_property
    def starts(self) -> Whole:
        """The first module of each cell, from the first of the quiet zone on."""
        return np.concatenate([[0], np.cumsum(self.widths)[:-1]])

    @property
    def modules(self) -> int:
        """With ``QUIET`` modules of quiet zone at each end."""
        return int(self.widths.sum())

    @cached_property
    def digit_starts(self) -> Whole:
        return np.array([start for start, cell in zip(self.starts, self.cells, strict=True) if cell not in GUARDS])

    @cached_property
    def sides(self) -> tuple[str, ...]:
        """``left`` or ``right`` of each digit."""
        return tuple(cell for cell in self.cells if cell not in GUARDS)

    @cached_property
    def two_parities(self) -> bool:
        return bool(self.parities.any())

    def pictures(self, digit: int) -> Modules:
        """All that may be printed in the cell of the ``digit``-th digit: shape (parities, 10, 7)."""
        if self.sides[digit] == "right":
            return RIGHT[None]
        return np.stack([A, G]) if self.two_parities else A[None]

    def printed(self, word: Word) -> Modules:
        """The modules of a word, shape (modules,)."""
        row = iter(zip(word.digits, self.parities[word.family], strict=True))

        def cell(name: str) -> Modules:
            if name in GUARDS:
                return GUARDS[name]
            digit, parity = next(row)
            picture: Modules = (RIGHT if name == "right" else G if parity else A)[digit]
            return picture

        return np.concatenate([cell(name) for name in self.cells])

    def text(self, word: Word) -> str:
        """The digits as printed below the bars, check digit and number system among them."""
        return self.prefix[word.family] + "".join(map(str, word.digits)) + self.suffix[word.family]


_PATTERNS_13 = ["000000", "001011", "001101", "001110", "010011", "011001", "011100", "010101", "010110", "011010"]
_PATTERNS_UPCE = ["111000", "110100", "110010", "110001", "101100", "100110", "100011", "101010", "101001", "100101"]
"""G is 1, of number system 0, by check digit; number system 1 prints their opposites."""


def _ean13() -> Layout:
    return Layout(
        symbology=Symbology.EAN13,
        cells=("start", *["left"] * 6, "centre", *["right"] * 6, "end"),
        parities=np.array([[int(parity) for parity in pattern] + [0] * 6 for pattern in _PATTERNS_13]),
        only=np.full((10, 12), -1),
        weights=np.tile([3, 1], (10, 6)),
        remainder=np.array([-first % 10 for first in range(10)]),
        prefix=tuple(str(first) for first in range(10)),
        suffix=("",) * 10,
    )


def _ean8() -> Layout:
    return Layout(
        symbology=Symbology.EAN8,
        cells=("start", *["left"] * 4, "centre", *["right"] * 4, "end"),
        parities=np.zeros((1, 8), np.int64),
        only=np.full((1, 8), -1),
        weights=np.tile([3, 1], (1, 4)),
        remainder=np.array([0]),
        prefix=("",),
        suffix=("",),
    )


def _places(last: int) -> tuple[int, ...]:
    """At which places of the twelve digits of UPC-A the six of UPC-E stand, the first place being 0; -1 where one only says how to expand."""
    match last:
        case 0 | 1 | 2:
            return 1, 2, 8, 9, 10, 3
        case 3:
            return 1, 2, 3, 9, 10, -1
        case 4:
            return 1, 2, 3, 4, 10, -1
        case _:
            return 1, 2, 3, 4, 5, 10


def _upce() -> Layout:
    """The check digit is that of the expanded code, whose odd places weigh 3: system, check and six digits add up to a multiple of 10."""
    rows = [(system, check, last) for system in (0, 1) for check in range(10) for last in range(10)]
    parities = [[int(parity) ^ system for parity in _PATTERNS_UPCE[check]] for system, check, _ in rows]
    weights = [[0 if place < 0 else 3 if place % 2 == 0 else 1 for place in _places(last)] for _, _, last in rows]
    return Layout(
        symbology=Symbology.UPCE,
        cells=("start", *["left"] * 6, "end of UPC-E"),
        parities=np.array(parities),
        only=np.array([[-1] * 5 + [last] for _, _, last in rows]),
        weights=np.array(weights),
        remainder=np.array([(-3 * system - check) % 10 for system, check, _ in rows]),
        prefix=tuple(str(system) for system, _, _ in rows),
        suffix=tuple(str(check) for _, check, _ in rows),
    )


EAN13: Final = _ean13()
EAN8: Final = _ean8()
UPCE: Final = _upce()
LAYOUTS: Final = (EAN13, EAN8, UPCE)
