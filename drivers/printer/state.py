"""What a receipt printer tells of itself, and what can be wrong with it: values. Bits as Epson's reference of ESC/POS has them (DLE EOT n, GS r n).

A printer that says nothing is *unknown*: only its own answer makes paper enough.
"""

from dataclasses import dataclass
from enum import StrEnum


class Paper(StrEnum):
    ENOUGH = "enough"
    LOW = "low"
    """The roll is near its end, and there is some left."""
    OUT = "out"
    UNKNOWN = "unknown"
    """Nothing was heard that tells it."""


class PrinterFault(StrEnum):
    """Why a printer prints nothing.

    ============  =================================================  ==============================
    fault         what is wrong                                      ends
    ============  =================================================  ==============================
    unreachable   no such device, no right to it, or nobody there    by itself, once it is there
    unplugged     it went away in the middle                         by itself, once it is there
    silent        it takes bytes, or none, and answers nothing       by itself
    garbled       what it answers is no status: wrong rate or device when a person sets it right
    paper_out     there is none                                      when a person puts a roll in
    cover_open    its cover is open                                  when it is shut
    error         the cutter, heat, or another error of its own      when a person looks at it
    offline       it says so, and not why                            by itself, or by a person
    ============  =================================================  ==============================
    """

    UNREACHABLE = "unreachable"
    UNPLUGGED = "unplugged"
    SILENT = "silent"
    GARBLED = "garbled"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    ERROR = "error"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class PrinterTrouble:
    """``said``: what the system told of it, in its own words."""

    fault: PrinterFault
    said: str = ""


@dataclass(frozen=True, slots=True)
class PrinterState:
    """``trouble`` None: it would print now."""

    paper: Paper
    trouble: PrinterTrouble | None = None

    @property
    def prints(self) -> bool:
        return self.trouble is None


class NotUnderstood(Exception):
    """A byte that no printer answers to that question."""

    def __init__(self, found: int) -> None:
        super().__init__(f"answered {found:#04x}")
        self.found = found


PRINTER, CAUSE, SENSORS = 1, 2, 4
"""The n of DLE EOT: whether it is online, why it is not, and the roll's sensors."""

_STATUS_MASK, _STATUS_BITS = 0b1001_0011, 0b0001_0010
"""Bits that every answer to DLE EOT has; XON and XOFF have others."""

_OFFLINE = 0x08
_COVER, _STOPPED_BY_PAPER, _ERROR = 0x04, 0x20, 0x40
_NEAR_END, _END = 0x0C, 0x60
_DONE_MASK = 0b1001_0000
"""Bits that are 0 in the answer to GS r, and never both in one to DLE EOT."""


def is_status(byte: int) -> bool:
    return byte & _STATUS_MASK == _STATUS_BITS


def is_done(byte: int) -> bool:
    """Whether it is the answer to GS r 1, which a printer gives once it has worked off what came before."""
    return byte & _DONE_MASK == 0


def state_of(printer: int, cause: int, sensors: int) -> PrinterState:
    """From the answers to DLE EOT 1, 2 and 4. Raises NotUnderstood."""
    for byte in (printer, cause, sensors):
        if not is_status(byte):
            raise NotUnderstood(byte)
    out = bool(sensors & _END or cause & _STOPPED_BY_PAPER)
    paper = Paper.OUT if out else Paper.LOW if sensors & _NEAR_END else Paper.ENOUGH
    if cause & _COVER:
        # with its cover open the sensors see no paper, whatever is on the roll
        return PrinterState(Paper.UNKNOWN, PrinterTrouble(PrinterFault.COVER_OPEN))
    fault = (
        PrinterFault.PAPER_OUT if out else PrinterFault.ERROR if cause & _ERROR else PrinterFault.OFFLINE if printer & _OFFLINE else None
    )
    return PrinterState(paper, None if fault is None else PrinterTrouble(fault))
