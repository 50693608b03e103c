"""One line syntax of people and faults: for scenario files, for the twin's standard input, for whoever drives a demonstration.

Lines to values; who carries them out is ``people.py``. Words as in a shell (quotes, ``#`` for a remark), one line each::

    put ITEM [roll DEG]    a person waits for the open gate and puts ITEM in, turned by DEG; without, the seed decides
    pull                   a person takes out what lies in the chamber, if the gate is not shut; else nothing happens
    jam N                  the next N times that the flap opens under an item, the item stays where it is
    line lose N            the next N requests never reach the controller
    line double N          the next N requests reach the controller twice, and both are answered
    line late MS [N]       the next N answers (one if not said) come MS milliseconds late
    line garble N          the next N answers arrive with a byte changed

In a file each line acts as soon as the one before it is done; a ``put`` is done when its item lies in the chamber. On
standard input ``put`` takes its place behind those that wait, all else acts at once.
"""

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

LONGEST_MS = 60_000
MOST = 1_000_000


class Fault(StrEnum):
    LOSE = "lose"
    DOUBLE = "double"
    LATE = "late"
    GARBLE = "garble"


@dataclass(frozen=True, slots=True)
class Put:
    item: str
    roll_deg: float | None = None
    scenario: bool = False


@dataclass(frozen=True, slots=True)
class Pull:
    pass


@dataclass(frozen=True, slots=True)
class Jam:
    sorts: int


@dataclass(frozen=True, slots=True)
class LineFault:
    """``late_ms`` is of ``Fault.LATE`` alone."""

    fault: Fault
    frames: int
    late_ms: int = 0


Action = Put | Pull | Jam | LineFault


class ScenarioWrong(Exception):
    """``line`` counts from 1 in ``source``, a file or the standard input."""

    def __init__(self, source: str, line: int, found: str, allowed: str) -> None:
        super().__init__(f"{source}, line {line}: found {found}, allowed is {allowed}")
        self.source = source
        self.line = line
        self.found = found
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class _Line:
    """One line being read: its words, and where it stands, for the error."""

    source: str
    number: int
    items: Collection[str]

    def wrong(self, found: str, allowed: str) -> ScenarioWrong:
        return ScenarioWrong(self.source, self.number, found, allowed)

    def whole(self, text: str, low: int, high: int) -> int:
        if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
            raise self.wrong(repr(text), f"a whole number from {low} to {high}")
        return int(text)

    def degrees(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not -360 <= value <= 360:
            raise self.wrong(repr(text), "an angle from -360 to 360")
        return value

    def item(self, name: str) -> str:
        if name not in self.items:
            some = ", ".join(sorted(self.items)[:8])
            raise self.wrong(f"the item {name!r}", f"one of {len(self.items)} items: {some}{' …' if len(self.items) > 8 else ''}")
        return name


def read_file(path: Path, items: Collection[str]) -> tuple[Action, ...]:
    """The actions of a scenario file; every line is checked before any acts. Raises ScenarioWrong, or OSError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ScenarioWrong(str(path), 1, f"byte {error.start} that is no UTF-8", "UTF-8 text") from error
    return read_lines(text.splitlines(), str(path), items, scenario=True)


def read_lines(lines: Sequence[str], source: str, items: Collection[str], *, first: int = 1, scenario: bool = False) -> tuple[Action, ...]:
    """The actions of some lines, the first of which has the number ``first``. Raises ScenarioWrong."""
    actions = (_action(text, _Line(source, first + offset, items), scenario) for offset, text in enumerate(lines))
    return tuple(action for action in actions if action is not None)


def _action(text: str, line: _Line, scenario: bool) -> Action | None:
    try:
        words = shlex.split(text, comments=True)
    except ValueError as error:
        raise line.wrong(f"{text.strip()!r} ({error})", "quotes that are closed") from error
    match words:
        case []:
            return None
        case ["put", item]:
            return Put(line.item(item), scenario=scenario)
        case ["put", item, "roll", degrees]:
            return Put(line.item(item), line.degrees(degrees), scenario=scenario)
        case ["pull"]:
            return Pull()
        case ["jam", sorts]:
            return Jam(line.whole(sorts, 1, MOST))
        case ["line", "late", late_ms]:
            return LineFault(Fault.LATE, 1, line.whole(late_ms, 1, LONGEST_MS))
        case ["line", "late", late_ms, frames]:
            return LineFault(Fault.LATE, line.whole(frames, 1, MOST), line.whole(late_ms, 1, LONGEST_MS))
        case ["line", ("lose" | "double" | "garble") as fault, frames]:
            return LineFault(Fault(fault), line.whole(frames, 1, MOST))
        case _:
            raise line.wrong(repr(text.strip()), _ALLOWED)


_ALLOWED = "put ITEM [roll DEG], pull, jam N, line lose N, line double N, line garble N, line late MS [N]"
