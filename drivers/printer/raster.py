"""A picture in dots, and the bytes that print it: bands of GS v 0, a feed to the knife, a cut. Nothing else of ESC/POS is used, so no printer's fonts,
code pages or codes of its own are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

DOTS_PER_MM = 8
"""203 dots an inch, as most receipt printers have them."""

BAND_ROWS = 128
"""Rows of one GS v 0: small printers keep no more than some 8 kB, and a band of 576 dots has 9 kB then."""

RESET = b"\x1b@"
NO_AUTOMATIC_STATUS = b"\x1da\x00"
"""Some printers are set to tell each change by themselves; between answers that would be taken for one."""
FEED_AND_CUT = b"\x1dVB\x10"
"""To the knife and 16 dots beyond, then a cut that leaves a bridge."""
FORGET = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 8: empties the printer's memory at once, also while it waits for paper. One that does not know it prints nothing of it."""
ASK_DONE = b"\x1dr\x01"


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Black on white: ``rows`` has (width + 7) // 8 bytes a row, the leftmost dot in the highest bit, 1 is black. Sizes in dots."""

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or len(self.rows) != self.stride * self.height:
            raise ValueError(f"{len(self.rows)} bytes are no {self.width}x{self.height} dots")

    @property
    def stride(self) -> int:
        """Bytes a row."""
        return (self.width + 7) // 8


def bands(bitmap: Bitmap) -> Iterator[bytes]:
    """The bytes of a whole ticket, in pieces that a printer can take one after the other."""
    yield RESET + NO_AUTOMATIC_STATUS
    for top in range(0, bitmap.height, BAND_ROWS):
        rows = min(BAND_ROWS, bitmap.height - top)
        head = b"\x1dv0\x00" + bitmap.stride.to_bytes(2, "little") + rows.to_bytes(2, "little")
        yield head + bitmap.rows[top * bitmap.stride : (top + rows) * bitmap.stride]
    yield FEED_AND_CUT


def ask(n: int) -> bytes:
    """DLE EOT n, which a printer answers at once, whatever else it is at."""
    return bytes((0x10, 0x04, n))
