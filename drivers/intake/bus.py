"""What the kiosk and the intake controller say to each other, as values: the hot block, a command, and the ``Bus``.

The registers themselves stand in ``firmware/registers.py``; the same ``Bus`` runs over pymodbus or joined to the firmware in one process.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol

from config.told import OutOfService
from config.vocabulary import Bin, SequenceNumber
from firmware import registers


class ControllerState(IntEnum):
    """What the controller does. It takes a command only at rest: in ``SHUT`` and ``OPEN``, and in ``FAILED`` a Clear alone."""

    SHUT = registers.SHUT
    OPENING = registers.OPENING
    OPEN = registers.OPEN
    CLOSING = registers.CLOSING
    SORTING = registers.SORTING
    RETURNING = registers.RETURNING
    FAILED = registers.FAILED
    TESTING = registers.TESTING
    HELD = registers.HELD


class ControllerFault(IntEnum):
    """What the controller says is wrong; the gravest, if several are.

    ======================================  ==========================================================
    drop                                    the last Sort let nothing fall; until the next
    store                                   its memory fails; until its next start
    gate, flap, sorter, drop beam           latched until a Clear
    entry beam, scale, supply               end by themselves
    ======================================  ==========================================================
    """

    NONE = registers.FAULT_NONE
    DROP = registers.FAULT_DROP
    STORE = registers.FAULT_STORE
    GATE = registers.FAULT_GATE
    FLAP = registers.FAULT_FLAP
    SORTER = registers.FAULT_SORTER
    DROP_BEAM = registers.FAULT_DROP_BEAM
    ENTRY_BEAM = registers.FAULT_ENTRY_BEAM
    SCALE = registers.FAULT_SCALE
    SUPPLY = registers.FAULT_SUPPLY

    @property
    def latched(self) -> bool:
        """Whether only a Clear ends it."""
        return self in registers.LATCHED


class FaultCause(IntEnum):
    """What is known of a fault's cause: it took too long, drew too much current, was moved by force, or is blocked."""

    NONE = registers.CAUSE_NONE
    LATE = registers.CAUSE_LATE
    OVER_CURRENT = registers.CAUSE_OVER_CURRENT
    FORCED = registers.CAUSE_FORCED
    BLOCKED = registers.CAUSE_BLOCKED


class Answer(IntEnum):
    """What became of the last command that reached the controller. ``UNSAFE``: service door, supply or beat."""

    NONE = registers.ANSWER_NONE
    TAKEN = registers.ANSWER_TAKEN
    STALE = registers.ANSWER_STALE
    BUSY = registers.ANSWER_BUSY
    UNKNOWN = registers.ANSWER_UNKNOWN
    UNSAFE = registers.ANSWER_UNSAFE
    FAULT = registers.ANSWER_FAULT


LEAP = registers.LEAP
"""No number of a controller that is well moves further than this from one reading, or one row of the ledger, to the next."""

LAST_SEQUENCE = SequenceNumber(registers.U32 - LEAP)
"""Beyond it nothing is sent: the numbers of commands do not wrap."""


class CommandCode(IntEnum):
    """Open the gate; Sort what lies in the chamber into a bin; Return what lies in the chamber, ending with the gate shut; Test a part,
    there and back; Clear a latched fault, after a person has looked; Hold a part in motion, for as long as ``ServiceLine.hold`` says so.
    """

    OPEN = registers.CMD_OPEN
    SORT = registers.CMD_SORT
    RETURN = registers.CMD_RETURN
    TEST = registers.CMD_TEST
    CLEAR = registers.CMD_CLEAR
    HOLD = registers.CMD_HOLD


class Actuator(IntEnum):
    """What a Test moves."""

    GATE = registers.PART_GATE
    FLAP = registers.PART_FLAP
    SORTER = registers.PART_SORTER


class Motion(IntEnum):
    """What a Hold moves, and where to."""

    GATE_OPEN = registers.HOLD_GATE_OPEN
    GATE_SHUT = registers.HOLD_GATE_SHUT
    FLAP_OPEN = registers.HOLD_FLAP_OPEN
    FLAP_SHUT = registers.HOLD_FLAP_SHUT
    SORTER_1 = registers.HOLD_SORTER_1
    SORTER_2 = registers.HOLD_SORTER_2


class HoldEnd(IntEnum):
    """How the last Hold ended; ``NONE`` while one goes on, or before the first. ``UNSAFE``: service door, supply or beat."""

    NONE = registers.HELD_NONE
    LET_GO = registers.HELD_LET_GO
    TIME = registers.HELD_TIME
    ARRIVED = registers.HELD_ARRIVED
    UNSAFE = registers.HELD_UNSAFE
    FORCE = registers.HELD_FORCE
    HAND = registers.HELD_HAND


class TrialResult(IntEnum):
    """How the last Test ended. ``FORCE_STOPPED``: something in the gate stopped it, and it opened again."""

    NONE = registers.TEST_NONE
    ARRIVED = registers.TEST_ARRIVED
    LATE = registers.TEST_LATE
    OVER_CURRENT = registers.TEST_OVER_CURRENT
    FORCE_STOPPED = registers.TEST_FORCE_STOPPED
    LET_GO = registers.TEST_LET_GO


@dataclass(frozen=True, slots=True)
class Command:
    """One order to the controller, executed at most once however often it is sent. A Sort names a bin, a Test a part, a Hold a motion."""

    code: CommandCode
    sequence: SequenceNumber
    bin: Bin | None = None
    part: Actuator | None = None
    motion: Motion | None = None


@dataclass(frozen=True, slots=True)
class HotBlock:
    """The controller's present, in one answer whose nonce was checked.

    ``hand``: something keeps the gate from shutting. ``beating``: the controller hears the kiosk's beat. ``bin_percent``: how full each
    bin is, bin 1 first.
    """

    state: ControllerState
    fault: ControllerFault
    cause: FaultCause
    occupied: bool
    steady: bool
    metal: bool
    gate_shut: bool
    gate_open: bool
    entry_beam: bool
    drop_beam: bool
    flap_locked: bool
    hand: bool
    door_open: bool
    beating: bool
    weight_g: int
    boots: int
    totaliser: int
    taken: SequenceNumber
    sorted: SequenceNumber
    counted: SequenceNumber
    back: SequenceNumber
    answer: Answer
    bin_percent: tuple[int, ...]

    @property
    def at_rest(self) -> bool:
        """Whether it stands still until something is asked of it, or somebody comes."""
        return self.state in registers.AT_REST

    @property
    def ready(self) -> bool:
        """Whether it might take a command now: at rest, and nothing in the open gate."""
        return self.at_rest and not (self.state is ControllerState.OPEN and (self.occupied or self.entry_beam))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers on the port; read once after each connection."""

    controller_id: int
    firmware: tuple[int, int]
    map_version: int
    bins: int

    @property
    def demonstration(self) -> bool:
        """Whether this is a twin: money made on it is play money."""
        return self.controller_id >> 32 == registers.TWIN_PREFIX


@dataclass(frozen=True, slots=True)
class Trial:
    """How the last Test went, with time and highest current of the way out and the way back."""

    result: TrialResult
    out_ms: int
    out_ma: int
    back_ms: int
    back_ma: int


@dataclass(frozen=True, slots=True)
class ControllerHealth:
    """What a technician wants to know of the controller. The three counts of drops add up to the totaliser."""

    bin_mm: tuple[int, ...]
    motor_ma: int
    supply_mv: int
    temperature_c: float
    sorter_bin: Bin | None
    drops_visit: int
    drops_test: int
    drops_manual: int
    trial: Trial
    lamp_percent: int
    watchdog_ms: int
    held: HoldEnd


class BusError(OutOfService):
    """The controller could not be asked or did not answer rightly; the same question may be asked again."""


class PortGone(BusError):
    """The port is not there, or vanished."""

    def __init__(self, port: str, detail: str) -> None:
        super().__init__(f"{port}: {detail}")
        self.port = port
        self.detail = detail


class PortTaken(PortGone):
    """The port is there, and another program has it."""


class NeverSilent(PortGone):
    """The port is there, and something on the line talks without end."""


class Came(StrEnum):
    """What came instead of a right answer, told by its bytes (``drivers/intake/heard.py``).

    ==========  ============================================  ====================================================
    came        what                                          what that speaks for
    ==========  ============================================  ====================================================
    nothing     no byte                                       cable, power; a rate or an address that it ignores
    echo        the question alone                            the adapter hears itself, and nobody else is there
    other_unit  a whole frame of another unit                 the controller's address
    spoiled     what was an answer, some bytes of it wrong    noise: shield, terminating resistors
    garbled     bytes that hold nothing of an answer          the rate, or both wires swapped
    other       a whole frame that is not this answer         a late one, a refusal, another program
    ==========  ============================================  ====================================================
    """

    NOTHING = "nothing"
    ECHO = "echo"
    OTHER_UNIT = "other_unit"
    SPOILED = "spoiled"
    GARBLED = "garbled"
    OTHER = "other"


class NoAnswer(BusError):
    """No right answer within the time-out. ``heard`` is what came instead, without an echo; ``unit`` whose it was, if another's."""

    def __init__(self, detail: str, came: Came = Came.OTHER, heard: bytes = b"", unit: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.came = self.variant = came
        self.heard = heard
        self.unit = unit


class WrongController(BusError):
    """Speaks an older or a newer version of the register table, ``found``, than this program, ``expected``."""

    def __init__(self, found: int, expected: int, firmware: tuple[int, int]) -> None:
        self.variant = "older" if found < expected else "newer"
        self.program = f"{firmware[0]}.{firmware[1]}"
        super().__init__(
            f"the controller (program {self.program}) speaks register table version {found}, {self.variant} than this kiosk's {expected}"
        )
        self.found = found
        self.expected = expected
        self.firmware = firmware


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the controller's scale and bin sensors are set to. ``zero_g``: felt of nothing; ``span``: felt of a gram; ``bin_empty_mm``: how deep each bin is."""

    zero_g: int
    span: float
    bin_empty_mm: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Felt:
    """``weight_g``: what the scale feels now, before it is set right by ``calibration``."""

    weight_g: int
    calibration: Calibration


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
        """Who answers. Raises WrongController, or another BusError."""
        ...


class ServiceLine(Line, Protocol):
    """A line that a technician's questions may be asked on; ``drivers.intake.modbus.ModbusBus`` is one."""

    @property
    def echoes(self) -> bool:
        """Whether the adapter gives back what is asked."""
        ...

    def health(self) -> ControllerHealth:
        """What a technician wants to know. Raises BusError."""
        ...

    def light(self, percent: int) -> None:
        """Sets the chamber's lamp. Raises BusError; ValueError beyond 0 to 100."""
        ...

    def darken(self, for_ms: int) -> None:
        """The chamber's lamp off for so long; the controller lights it again by itself. Raises BusError; ValueError beyond 0 to 2000."""
        ...

    def hold(self, sequence: int) -> None:
        """The Hold of this sequence goes on for some 400 ms more; 0 ends the one that goes on at once. Raises BusError."""
        ...

    def felt(self) -> Felt:
        """What the scale feels, and what scale and bins are set to. Raises BusError."""
        ...

    def calibrate(self, calibration: Calibration) -> None:
        """Sets scale and bins, kept by the controller; only at rest. Raises BusError; ValueError for what no cell or bin can be."""
        ...


def same_line(line: ServiceLine) -> ServiceLine:
    """Wraps a line in nothing: what a test puts there may fail at an exact point."""
    return line
