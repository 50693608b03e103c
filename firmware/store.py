"""The controller's non-volatile record: the four sequences, the totaliser, its share of tests and of hands, and the boots, in one file
of two slots.

The slots are written in turn, so a cut at any byte leaves the record before or the new one. What the values mean is the
controller's business.

One slot, big-endian, ``SLOT_BYTES`` apart so that two never share a sector of flash::

    magic u32 | generation u32 | taken u32 | sorted u32 | counted u32 | back u32 | totaliser u32 | boots u32
    | drops_test u32 | drops_manual u32 | CRC-32 u32
"""

import binascii
import os
import struct

try:
    from typing import BinaryIO
except ImportError:  # MicroPython has no typing, and evaluates no annotation
    pass

MAGIC = 0x434E5332
"""``CNS2``: the form of a slot; another form gets another number."""

SLOT_BYTES = 4096
_FORM = ">10I"
_CRC = ">I"
RECORD_BYTES = struct.calcsize(_FORM) + struct.calcsize(_CRC)


class Record:
    """What must outlive a power cut. A value: a change makes a new one.

    ``drops_test`` and ``drops_manual`` are the shares of ``totaliser`` that a Test and a technician's hand made.
    """

    def __init__(self, values: "tuple[int, int, int, int, int, int, int, int]" = (0, 0, 0, 0, 0, 0, 0, 0)) -> None:
        self.taken, self.sorted, self.counted, self.back, self.totaliser, self.boots, self.drops_test, self.drops_manual = values

    def copy(self) -> "Record":
        return Record(self.values())

    def values(self) -> tuple[int, int, int, int, int, int, int, int]:
        return self.taken, self.sorted, self.counted, self.back, self.totaliser, self.boots, self.drops_test, self.drops_manual


class StoreBroken(Exception):
    """The file is there and neither slot holds: starting at zero would pay bottles twice, so nothing starts."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: neither slot of the controller's memory can be read")
        self.path = path


class Store:
    """The record in the file ``path``, read at once; a missing file is a controller new from the factory.

    ``record`` is the last one known to be durable. Raises StoreBroken, or OSError if the file cannot be read.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.record = Record()
        self._generation = 0
        self._exists = _exists(path)
        if self._exists:
            self._generation, self.record = _newest(path)

    def save(self, record: Record) -> None:
        """Durable when it returns. OSError: it may or may not have been kept, which only the next start tells."""
        slot = _packed(self._generation + 1, record)
        if self._exists:
            self._overwrite(SLOT_BYTES * ((self._generation + 1) % 2), slot)
        else:
            self._create(slot)
        self._generation += 1
        self.record = record

    def _overwrite(self, start: int, slot: bytes) -> None:
        """The slot that holds the record before the last; the last one stays untouched."""
        with open(self.path, "r+b") as file:
            file.seek(start)
            file.write(slot)
            _sync(file)

    def _create(self, slot: bytes) -> None:
        """The first record. A cut in the middle of it leaves no file, which is new from the factory, and never half of one."""
        new = self.path + ".new"
        with open(new, "wb") as file:
            file.write(bytes(SLOT_BYTES) + slot + bytes(SLOT_BYTES - len(slot)))
            _sync(file)
        os.rename(new, self.path)
        _sync_folder(self.path)
        self._exists = True


def _newest(path: str) -> tuple[int, Record]:
    with open(path, "rb") as file:
        data = file.read()
    found = [_unpacked(data[start : start + RECORD_BYTES]) for start in (0, SLOT_BYTES)]
    held = [slot for slot in found if slot is not None]
    if not held:
        raise StoreBroken(path)
    return max(held, key=lambda slot: slot[0])


def _packed(generation: int, record: Record) -> bytes:
    body = struct.pack(_FORM, MAGIC, generation, *record.values())
    return body + struct.pack(_CRC, binascii.crc32(body))


def _unpacked(slot: bytes) -> tuple[int, Record] | None:
    """(generation, record), or None for a slot that was never written, was cut off or has rotted."""
    if len(slot) < RECORD_BYTES:
        return None
    body, crc = slot[:-4], slot[-4:]
    if struct.pack(_CRC, binascii.crc32(body)) != crc:
        return None
    values = struct.unpack(_FORM, body)
    if values[0] != MAGIC:
        return None
    return values[1], Record(values[2:])


def _exists(path: str) -> bool:
    """By the folder's list, because the number of the error of a missing file differs from port to port of MicroPython."""
    return path.rpartition("/")[2] in os.listdir(_folder(path))


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or ("/" if path.startswith("/") else ".")


def _sync(file: "BinaryIO") -> None:
    """Down to the flash itself: fsync where the platform has it; a flush on MicroPython's littlefs is its sync of the file."""
    file.flush()
    if hasattr(os, "fsync"):
        os.fsync(file.fileno())
    elif hasattr(os, "sync"):
        os.sync()


def _sync_folder(path: str) -> None:
    """Makes a rename durable, where folders can be synced at all; MicroPython's file systems rename atomically."""
    if not hasattr(os, "fsync"):
        return
    folder = os.open(_folder(path), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
