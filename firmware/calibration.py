"""What the scale and the bins' sensors were set to: zero and span of the scale, how deep each bin is; kept over a power cut in a file of its own.

The metal feels nominal grams; what it felt of nothing is taken off, and the rest stretched until the test weight weighs what it must. Who decides what
is right, and refuses what cannot be, is the kiosk's technician; here is only what a cell of that kind can be off at all (``registers.py``).

One record, big-endian: ``magic u32 | zero u16 | span u16 | bin 1 u16 | bin 2 u16 | CRC-32 u32``.
"""

import binascii
import os
import struct

from firmware import registers

MAGIC = 0x43414C31
"""``CAL1``."""

_FORM = ">I4H"

BIN_EMPTY_MM = 900

NOMINAL = (registers.ZERO_AT, registers.SPAN_ONE, BIN_EMPTY_MM, BIN_EMPTY_MM)
"""A cell that is what its data sheet says, and bins as deep as most."""


class Calibration:
    """The four values as the registers hold them. ``path`` None: kept nowhere. A file that is damaged counts as none: the self-test shows what the scale is off."""

    def __init__(self, path: "str | None" = None) -> None:
        self._path = path
        self.values = NOMINAL if path is None else _read(path) or NOMINAL

    def set(self, values: "tuple[int, int, int, int]") -> None:
        """Durable when it returns; OSError, and as before, if it cannot be kept."""
        if self._path is not None:
            body = struct.pack(_FORM, MAGIC, *values)
            new = self._path + ".new"
            with open(new, "wb") as file:
                file.write(body + struct.pack(">I", binascii.crc32(body)))
                file.flush()
                if hasattr(os, "fsync"):
                    os.fsync(file.fileno())
            os.rename(new, self._path)
        self.values = values

    def grams(self, felt_g: int) -> int:
        """What lies there, of what the metal feels."""
        zero, span = self.values[0] - registers.ZERO_AT, self.values[1]
        tenths = (felt_g - zero) * registers.SPAN_ONE * 10 // span
        return (tenths + 5) // 10

    def empty_mm(self, bin_number: int) -> int:
        """From the sensor down to the ground of a bin."""
        return self.values[1 + bin_number]


def _read(path: str) -> "tuple[int, int, int, int] | None":
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return None
    size = struct.calcsize(_FORM)
    if len(data) != size + 4 or struct.pack(">I", binascii.crc32(data[:size])) != data[size:]:
        return None
    magic, zero, span, first, second = struct.unpack(_FORM, data[:size])
    return (zero, span, first, second) if magic == MAGIC else None
