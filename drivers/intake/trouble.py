"""Why the link to the controller is lost, as values: the type of the error and its facts, without words of the program's own."""

import errno
import termios
from dataclasses import dataclass

from drivers.intake.bus import BusError, Came, NoAnswer, PortGone, WrongController


@dataclass(frozen=True, slots=True)
class PortUnusable:
    """The ``port`` is not there, taken, or never silent: ``error`` is the type's name, ``system`` the system's name for it (``ENOENT``), or empty."""

    port: str
    error: str
    system: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """No right answer; what ``came`` instead, and of which other ``unit``."""

    came: Came
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class OtherTable:
    """The controller speaks register table ``found``, this program ``expected``: a person must update one of the two. ``firmware``: major, minor."""

    found: int
    expected: int
    firmware: tuple[int, int]


@dataclass(frozen=True, slots=True)
class DriverFailed:
    """A fault of the program itself: ``error`` is the type's name."""

    error: str


LinkTrouble = PortUnusable | Silence | OtherTable | DriverFailed


def link_trouble(error: Exception) -> LinkTrouble:
    """What an error of the line, or of the program, says about the link."""
    match error:
        case WrongController():
            return OtherTable(error.found, error.expected, error.firmware)
        case NoAnswer():
            return Silence(error.came, error.unit)
        case PortGone():
            return PortUnusable(error.port, type(error).__name__, _system(error))
        case BusError():
            return Silence(Came.OTHER)
        case _:
            return DriverFailed(type(error).__name__)


def _system(error: PortGone) -> str:
    """pyserial wraps the system's error once or twice."""
    cause = error.__cause__
    numbers = (each.args[0] for each in (cause, cause and cause.__context__) if isinstance(each, OSError | termios.error) and each.args)
    return next((errno.errorcode.get(number, "") for number in numbers if isinstance(number, int)), "")
