"""The forms of a scenario's lines as a table, and how words are matched to one. What each means: ``scenario.py``.

In a form, small words stand for themselves, ``a|b`` for one of several, which is a value; capitals for a value of a kind below; and what
is in brackets may be left out. Values come to ``make`` in the order of the form, None for one that was left out.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from drivers.twin import actions
from drivers.twin.actions import (
    Action,
    BadAnswer,
    CatchPoint,
    DriveFault,
    DriveName,
    Manner,
    Roll,
    SensorFault,
    Stage,
)
from drivers.twin.camera import Held, Spoil
from drivers.twin.mechanics import PROFILES, TIMES
from drivers.twin.sensing import FLICKER_MS, SWITCHES
from firmware.metal import BINS

LONGEST_MS = 600_000
MOST = 1_000_000
SOME = 8
"""So many of a long list of names are told."""


class Wrong(Exception):
    """What was found, and what is allowed there."""

    def __init__(self, found: str, allowed: str) -> None:
        super().__init__(f"found {found}, allowed is {allowed}")
        self.found = found
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    low: int
    high: int

    def read(self, text: str) -> int:
        digits = text.removeprefix("-") if self.low < 0 else text
        if not (digits.isascii() and digits.isdecimal() and self.low <= int(text) <= self.high):
            raise Wrong(repr(text), f"a whole number from {self.low} to {self.high}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Angle:
    def read(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not -360 <= value <= 360:
            raise Wrong(repr(text), "an angle from -360 to 360")
        return value


@dataclass(frozen=True, slots=True)
class Name:
    """One of some names, each of which is a ``what``."""

    what: str
    names: Collection[str]

    def read(self, text: str) -> str:
        if text not in self.names:
            some = ", ".join(sorted(self.names)[:SOME])
            more = " …" if len(self.names) > SOME else ""
            raise Wrong(f"the {self.what} {text!r}", f"one of {len(self.names)} {self.what}s: {some}{more}")
        return text


KINDS: dict[str, Whole | Angle | Name] = {
    "DEG": Angle(),
    "MS": Whole(1, LONGEST_MS),
    "N": Whole(1, MOST),
    "G": Whole(1, 20_000),
    "DRIFT": Whole(-20_000, 20_000),
    "BIN": Whole(1, BINS),
    "PERCENT": Whole(0, 200),
    "PERMILLE": Whole(0, 1000),
    "MV": Whole(0, 30_000),
    "NAME": Name("sensor", SWITCHES),
    "TIME": Name("time", TIMES),
}
"""The items have another list in each scenario."""


@dataclass(frozen=True, slots=True)
class Form:
    text: str
    make: Callable[..., Action]

    @property
    def first(self) -> tuple[str, ...]:
        """What a line of this form may begin with."""
        return tuple(self.text.split()[0].split("|"))

    def read(self, words: Sequence[str], items: Collection[str]) -> Action | None:
        """The action, or None if the words have another form. Raises Wrong for a value that is not allowed."""
        found = next(_matches(self.text.replace("[", "[ ").replace("]", " ]").split(), list(words)), None)
        if found is None:
            return None
        return self.make(*(word if word is None or kind == "" else _kind(kind, items).read(word) for kind, word in found))


def _kind(kind: str, items: Collection[str]) -> Whole | Angle | Name:
    return Name("item", items) if kind == "ITEM" else KINDS[kind]


def _matches(form: list[str], words: list[str]) -> Iterator[list[tuple[str, str | None]]]:
    """The ways in which the words have the form, longest first: each value's kind and word."""
    if not form:
        if not words:
            yield []
        return
    head, rest = form[0], form[1:]
    if head == "[":
        end = rest.index("]")
        inside, after = rest[:end], rest[end + 1 :]
        yield from _matches(inside + after, words)
        left_out: list[tuple[str, str | None]] = [("", None) for word in inside if word.isupper() or "|" in word]
        for found in _matches(after, words):
            yield left_out + found
    elif words and (head.isupper() or words[0] in head.split("|")):
        value: list[tuple[str, str | None]] = []
        if head.isupper():
            value = [(head, words[0])]
        elif "|" in head:
            value = [("", words[0])]
        for found in _matches(rest, words[1:]):
            yield value + found


def _put(item: str, roll_deg: float | None, weight_g: int | None, beside: str | None) -> Action:
    return actions.Put(item, roll_deg, weight_g, beside=beside)


def _drive(drive: str, fault: str) -> Action:
    return actions.Break(DriveName(drive), DriveFault(fault))


FORMS = (
    Form("put ITEM [roll DEG] [weighing G] [with ITEM]", _put),
    Form("reach MS", actions.Reach),
    Form("wait MS", actions.Wait),
    Form("pull", actions.Pull),
    Form("hand MS", actions.Hand),
    Form("leave N", actions.Leave),
    Form("fish half|beam", lambda place: actions.Fish(CatchPoint(place))),
    Form("door open|shut", lambda word: actions.Door(word == "open")),
    Form("remove", actions.Remove),
    Form("drop", actions.Drop),
    Form("jam half|beam [MS]", lambda place, time_ms: actions.Catch(CatchPoint(place), time_ms)),
    Form("jam N", actions.Jam),
    Form("gate|flap|sorter blocked|dead|right", _drive),
    Form("gate|flap|sorter slow MS", lambda drive, time_ms: actions.Slow(DriveName(drive), time_ms)),
    Form("gate|flap forced MS", lambda drive, time_ms: actions.Force(DriveName(drive), time_ms)),
    Form("gate obstacle N", actions.Blockage),
    Form("sensor NAME stuck on|off", lambda name, word: actions.Spoilt(name, SensorFault(word))),
    Form("sensor NAME flicker [MS]", lambda name, period_ms: actions.Spoilt(name, SensorFault.FLICKER, period_ms or FLICKER_MS)),
    Form("sensor NAME right", lambda name: actions.Spoilt(name, SensorFault.RIGHT)),
    Form("scale drift DRIFT", actions.Drift),
    Form("bin BIN PERCENT", actions.Fill),
    Form("supply MV [MS]", actions.Supply),
    Form(f"mechanics {'|'.join(PROFILES)}", actions.Profile),
    Form("mechanics TIME MS", actions.Time),
    Form("reset MS", actions.Reset),
    Form("reset at gate|fall|beam|lock MS", lambda stage, time_ms: actions.Reset(time_ms, Stage(stage))),
    Form(f"camera {'|'.join(Spoil)}", lambda word: actions.Camera(Spoil(word))),
    Form(f"camera sheet {'|'.join(Held)}", lambda word: actions.HoldSheet(Held(word))),
    Form("printer paper enough|low|out [after N]", lambda roll, after: actions.Reel(Roll(roll), after or 0)),
    Form("printer cover open|shut [after N]", lambda word, after: actions.Cover(word == "open", after or 0)),
    Form("printer plug in|out [after N]", lambda word, after: actions.Plug(word == "in", after or 0)),
    Form("printer right|silent|garbage", lambda word: actions.Answering(Manner(word))),
    Form("line late MS [N]", lambda late_ms, frames: actions.LineFault(BadAnswer.LATE, frames or 1, late_ms)),
    Form("line late MS rate PERMILLE", lambda late_ms, permille: actions.LineRate(BadAnswer.LATE, permille, late_ms)),
    Form("line noise PERMILLE", actions.Noise),
    Form("line right", actions.LineRight),
    Form("line lose|double|mute|garble|drop|twice|short N", lambda word, frames: actions.LineFault(BadAnswer(word), frames)),
    Form(
        "line lose|double|mute|garble|drop|twice|short rate PERMILLE",
        lambda word, permille: actions.LineRate(BadAnswer(word), permille),
    ),
)


def read(words: Sequence[str], items: Collection[str]) -> Action:
    """The action of a line's words, of which there is at least one. Raises Wrong."""
    alike = [form for form in FORMS if words[0] in form.first]
    for form in alike:
        action = form.read(words, items)
        if action is not None:
            return action
    allowed = [form.text for form in alike] or list(dict.fromkeys(word for form in FORMS for word in form.text.split()[0].split("|")))
    raise Wrong(repr(" ".join(words)), ", ".join(allowed))
