"""What of a kiosk is not the intake, as the self-test at the screen meets it: the glass and whoever stands before it, the loudspeaker, the printer, and what the sync last said.

Values and protocols only; the steps are in ``around.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.printer.state import PrinterTrouble
from drivers.sound.player import Player

POINTS = 9
"""Circles on the glass, three by three from edge to edge."""


class Task(StrEnum):
    """What only somebody at the glass can do, or tell."""

    TOUCH = "touch"
    KEYS = "keys"
    COLOURS = "colours"
    SOUNDS = "sounds"
    SCANNER = "scanner"


class Key(StrEnum):
    """The four that lead through every page; on a keyboard the arrows, Return and F1."""

    PREVIOUS = "previous"
    NEXT = "next"
    OK = "ok"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """What came of a task; each subclass is one."""


@dataclass(frozen=True, slots=True)
class PointsTouched(TaskAnswer):
    """How far from the middle of each circle it was touched, in millimetres; None: it was not, in the time there was."""

    off_mm: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class KeysPressed(TaskAnswer):
    keys: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Judged(TaskAnswer):
    """Whether it was as it should be."""

    good: bool


@dataclass(frozen=True, slots=True)
class Scanned(TaskAnswer):
    text: str


class AtTheGlass(Protocol):
    """Somebody there."""

    def at_glass(self, task: Task, code: str, keep: Callable[[], None]) -> TaskAnswer:
        """``code``: what the glass shows to be scanned. Raises NotDone."""
        ...


@dataclass(frozen=True, slots=True)
class Devices:
    """None where there is none. ``prints``: a test sheet with this code on it, and what was in its way."""

    glass: AtTheGlass
    player: Player | None
    prints: Callable[[str], PrinterTrouble | None] | None
    code: str
    """Digits drawn for this test: on the printed sheet and on the glass."""
