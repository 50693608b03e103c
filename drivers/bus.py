"""What the kiosk and the intake controller say to each other, as values: the hot block, a command, and the ``Bus``.

The registers themselves stand in ``firmware/registers.py``; the same ``Bus`` runs over pymodbus or joined to the firmware in one process.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from config.vocabulary import Bin, SequenceNumber
from firmware import registers


class ControllerState(IntEnum):
    """What the controller does. It takes a command only at rest, so ``SHUT`` and ``OPEN`` are the states a decision may rest on."""

    SHUT = registers.SHUT
    OPENING = registers.OPENING
    OPEN = registers.OPEN
    CLOSING = registers.CLOSING
    SORTING = registers.SORTING
    RETURNING = registers.RETURNING


class ControllerFault(IntEnum):
    NONE = registers.FAULT_NONE
    DROP = registers.FAULT_DROP
    STORE = registers.FAULT_STORE


class CommandCode(IntEnum):
    """Open the gate; Sort what lies in the chamber into a bin; Return what lies in the chamber, ending with the gate shut."""

    OPEN = registers.CMD_OPEN
    SORT = registers.CMD_SORT
    RETURN = registers.CMD_RETURN


@dataclass(frozen=True, slots=True)
class Command:
    """One order to the controller, executed at most once however often it is sent."""

    code: CommandCode
    sequence: SequenceNumber
    bin: Bin | None = None


@dataclass(frozen=True, slots=True)
class HotBlock:
    """The controller's present, in one answer whose nonce was checked."""

    state: ControllerState
    fault: ControllerFault
    occupied: bool
    steady: bool
    metal: bool
    gate_shut: bool
    weight_g: int
    boots: int
    totaliser: int
    taken: SequenceNumber
    sorted: SequenceNumber
    counted: SequenceNumber
    back: SequenceNumber

    @property
    def at_rest(self) -> bool:
        return self.state in (ControllerState.SHUT, ControllerState.OPEN)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers on the port; read once after each connection."""

    controller_id: int
    firmware: tuple[int, int]
    map_version: int
    bins: int
    bin_percent: tuple[int, ...]

    @property
    def demonstration(self) -> bool:
        """Whether this is a twin: money made on it is play money."""
        return self.controller_id >> 32 == registers.TWIN_PREFIX


class BusError(Exception):
    """The controller could not be asked or did not answer rightly; the same question may be asked again."""


class PortGone(BusError):
    """The port is not there, or vanished."""

    def __init__(self, port: str, detail: str) -> None:
        super().__init__(f"{port}: {detail}")
        self.port = port
        self.detail = detail


class NoAnswer(BusError):
    """Silence, noise, a short answer or one to another question, within the time-out."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class WrongController(BusError):
    """Speaks another version of the register table."""

    def __init__(self, found: int, expected: int) -> None:
        super().__init__(f"register table version {found}, this program speaks {expected}")
        self.found = found
        self.expected = expected


class Bus(Protocol):
    """Two questions, both safe to repeat.

    ::

        driver ──read(beat): FC23 nonce + beat──▶ controller      answer must hold the nonce
        driver ──write(command): FC16───────────▶ controller      taken at rest, only above *taken*; the next reads tell
    """

    def read(self, beat: int) -> HotBlock:
        """The hot block now. Raises BusError."""
        ...

    def write(self, command: Command) -> None:
        """Hands one command frame over; whether it was taken is seen in *taken*. Raises BusError."""
        ...


class Line(Bus, Protocol):
    """A ``Bus`` that must be opened, and asked who answers, before its answers mean anything."""

    def open(self) -> None:
        """Opens it anew. Raises PortGone."""
        ...

    def close(self) -> None:
        """Closes it; nothing happens if it is closed."""
        ...

    def identity(self) -> Identity:
        """Who answers. Raises BusError."""
        ...
