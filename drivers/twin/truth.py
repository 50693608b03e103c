"""What really happened in the simulated metal, one JSON line an event in ``metal.jsonl``. It outlives any kill of the twin.

A line is written with one call before its event has effect, so a dead twin has told all that happened; who starts next
replays the file. No simulated thing keeps its state elsewhere, and no counter of the controller is in here: this is the
witness that the controller's counters are compared with.

::

    {"event": "in",      "n": 1, "item": "pet_blue_50", "codes": ["…"], "weight_g": 22, "bin": null, "sequence": null,
     "controlled": false, "roll_deg": null, "scenario": true, "beside": null}   beside: the number of what came in the same hand
    {"event": "fell",    …, "bin": 2, "sequence": 7, "controlled": true}        sequence: of the Sort that moved it, null without one
    {"event": "stuck",   …, "sequence": 7, "controlled": true}                  left the chamber, lies in the flap's way
    {"event": "hangs",   …, "sequence": 7, "controlled": true}                  left the chamber, hangs in the drop beam or on a line
    {"event": "up",      …, "sequence": null, "controlled": false}              pulled up on its line: in the chamber again
    {"event": "back",    …, "sequence": null, "controlled": true}               taken out during a Return
    {"event": "pulled",  …, "sequence": null, "controlled": false}              taken out while nothing was handed back
    {"event": "removed", …, "sequence": 7, "controlled": false}                 by a technician's hand; sequence as of stuck and hangs
    {"event": "bin", "bin": 2, "percent": 0}                                    somebody emptied a bin, or filled it so far
    {"event": "done"}                                                           the scenario's people have all been here
"""

import json
import os
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path


class Event(StrEnum):
    IN = "in"
    FELL = "fell"
    STUCK = "stuck"
    HANGS = "hangs"
    UP = "up"
    BACK = "back"
    PULLED = "pulled"
    REMOVED = "removed"


INSIDE = (Event.IN, Event.STUCK, Event.HANGS, Event.UP)
"""After these an item is still in the machine, and in no bin."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one item. ``n`` numbers the items that were put in; ``controlled``: a command of the controller moved it.

    ``roll_deg`` is how it was turned, None if the looks' seed decides; ``scenario`` is whether a scenario file put it in.
    ``beside`` is the number of the item that the same hand put in at once, of the second of the two.
    """

    event: Event
    n: int
    item: str
    codes: tuple[str, ...]
    weight_g: int
    bin: int | None
    sequence: int | None
    controlled: bool
    roll_deg: float | None
    scenario: bool
    beside: int | None = None

    def left(self, event: Event, sequence: int | None) -> "Happening":
        """It left the chamber, during the Sort ``sequence`` or, None, without one, and got caught."""
        return replace(self, event=event, sequence=sequence, controlled=sequence is not None)

    def fell(self, bin_number: int, sequence: int | None) -> "Happening":
        """It fell into a bin."""
        return replace(self, event=Event.FELL, bin=bin_number, sequence=sequence, controlled=sequence is not None)

    def up(self) -> "Happening":
        """Pulled up again on its line."""
        return replace(self, event=Event.UP, sequence=None, controlled=False)

    def taken_out(self, *, handed_back: bool) -> "Happening":
        """A person took it, during a Return or not."""
        return replace(self, event=Event.BACK if handed_back else Event.PULLED, controlled=handed_back)

    def removed(self) -> "Happening":
        """A technician took it, from wherever it was."""
        return replace(self, event=Event.REMOVED, controlled=False)


class TruthWrong(Exception):
    """A whole line of the file is none that a twin writes; nothing may be built on it."""

    def __init__(self, path: Path, line: int, detail: str) -> None:
        super().__init__(f"{path}, line {line}: {detail}")
        self.path = path
        self.line = line
        self.detail = detail


class Truth:
    """The file, open for appending. Reads what is there first; a last line without its end never happened and is cut off."""

    def __init__(self, path: Path) -> None:
        self.inside: dict[int, Happening] = {}
        """The last event of each item that is in the machine and in no bin, by number."""
        self.items = 0
        """How many items were ever put in; ``scenario_puts``: how often a scenario file put something in."""
        self.scenario_puts = 0
        self.fallen: defaultdict[int, Counter[str]] = defaultdict(Counter)
        """Which items fell into each bin since ``percent`` was said of it."""
        self.percent: Counter[int] = Counter()
        self.done = False
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o660)
        self._replay(path)

    def append(self, happening: Happening) -> None:
        self._write(asdict(happening))
        self._add(happening)

    def fill(self, bin_number: int, percent: int) -> None:
        """Somebody emptied a bin, or filled it so far."""
        self._write({"event": "bin", "bin": bin_number, "percent": percent})
        self._fill(bin_number, percent)

    def finish(self) -> None:
        """Says once that the scenario is over."""
        if not self.done:
            self._write({"event": "done"})
            self.done = True

    def close(self) -> None:
        os.close(self._file)

    def _write(self, values: dict[str, object]) -> None:
        line = (json.dumps(values, ensure_ascii=False) + "\n").encode()
        if os.write(self._file, line) != len(line):
            raise OSError("a line of the metal's truth was written in part")

    def _replay(self, path: Path) -> None:
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.ftruncate(self._file, whole)
        for number, line in enumerate(data[:whole].splitlines(), 1):
            try:
                self._take(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                raise TruthWrong(path, number, str(error)) from error

    def _take(self, values: dict[str, object]) -> None:
        match values["event"]:
            case "done":
                self.done = True
            case "bin":
                self._fill(int(str(values["bin"])), int(str(values["percent"])))
            case _:
                self._add(_happening(values))

    def _fill(self, bin_number: int, percent: int) -> None:
        self.percent[bin_number] = percent
        self.fallen[bin_number].clear()

    def _add(self, happening: Happening) -> None:
        self.done = False
        if happening.event is Event.IN:
            self.items += 1
            self.scenario_puts += happening.scenario and happening.beside is None
        if happening.event in INSIDE:
            self.inside[happening.n] = happening
            return
        self.inside.pop(happening.n, None)
        if happening.event is Event.FELL and happening.bin is not None:
            self.fallen[happening.bin][happening.item] += 1


def _happening(values: dict[str, object]) -> Happening:
    """ValueError, TypeError or KeyError for what is no happening."""
    codes = values.pop("codes")
    if not isinstance(codes, list):
        raise TypeError(f"codes: {codes!r}")
    event = Event(str(values.pop("event")))
    return Happening(event=event, codes=tuple(codes), **values)  # type: ignore[arg-type]
