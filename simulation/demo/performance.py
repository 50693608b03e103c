"""The demonstration's processes while they run: what each deed does to them, and what there is to see. No Qt and no words."""

import contextlib
import json
import queue
import random
import shlex
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import IO, assert_never

from drivers.twin.items import chamber_items
from kiosk.failures import ProcessFailed
from simulation.at_city import AtCity
from simulation.demo.deeds import PARTS, Deed, Press, Provoke, PutIn, Situation
from simulation.demo.faults import LINES, Mishap
from simulation.demo.totals import ask_totals
from simulation.launcher import open_city
from simulation.processes import Folders, Processes
from simulation.visitor import Shown
from simulation.weights import weight_of_one

ASK_CITY_S = 1.0

DARK_S = 3.0
"""How long the kiosk stays without current in a power cut."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the kiosk that was started as the n-th; None: it says nothing more."""

    start: int
    text: str | None


class Performance:
    """The processes while they run: what each deed does to them, and what there is to see."""

    def __init__(
        self,
        processes: Processes,
        folders: Folders,
        hands: IO[str],
        window: Sequence[str],
        inbox: "queue.SimpleQueue[Deed | Said | None]",
        city: AtCity,
        camera: str,
    ) -> None:
        self._processes = processes
        self._folders = folders
        self._hands = hands
        self._window = window
        self._inbox = inbox
        self._kinds = chamber_items()
        self._chance = random.Random()
        self._fingers: IO[str] | None = None
        self._starts = 0
        self._light_at_s: float | None = None
        self._ask_at_s = 0.0
        self._city = city
        self.situation = Situation(city=city.url, log_in=f"{city.name} / {city.password}", camera=camera, running={})

    def light(self) -> None:
        """Starts the kiosk, for the first time or after a power cut."""
        self._light_at_s = None
        self._starts += 1
        module, *arguments = self._window
        screen, self._fingers = self._processes.start_talking("kiosk", module, *arguments, "--config", str(self._folders.configuration))
        threading.Thread(target=self._read, args=(screen, self._starts), name=f"screen-{self._starts}", daemon=True).start()

    def _read(self, screen: IO[str], start: int) -> None:
        with screen:
            for line in screen:
                self._inbox.put(Said(start, line))
        self._inbox.put(Said(start, None))

    def hear(self, line: Said) -> Shown | None:
        """A view-state, unless it is one of a kiosk that has lost its current meanwhile."""
        if line.start != self._starts or line.text is None or self._fingers is None:
            return None
        shown: Shown = json.loads(line.text)
        self.situation = replace(self.situation, shown=shown)
        return shown

    def do(self, deed: Deed) -> None:
        match deed:
            case PutIn(item, roll_deg):
                weight_g = weight_of_one(self._kinds[item].weight_g, self._chance)
                self._say(f"put {shlex.quote(item)} roll {roll_deg} weighing {weight_g}")
            case Press(touch):
                self._press(touch.value)
            case Provoke(fault, begins):
                self._provoke(fault, begins)
            case _:
                assert_never(deed)

    def _say(self, line: str) -> None:
        _write(self._hands, line)

    def _press(self, word: str) -> None:
        """Nobody touches a dark screen."""
        if self._fingers is not None:
            _write(self._fingers, word)

    def _provoke(self, fault: Mishap, begins: bool) -> None:
        lines = LINES[fault]
        for line in lines.begins if begins else lines.ends or ():
            self._say(line)
        match fault:
            case Mishap.NETWORK:
                self._cut_network() if begins else self._join_network()
            case Mishap.POWER:
                self._cut_power()
            case _:
                pass
        if lines.ends is not None:
            begun = self.situation.begun
            self.situation = replace(self.situation, begun=begun | {fault} if begins else begun - {fault})

    def _cut_network(self) -> None:
        if self._processes.runs("city"):
            self._processes.end("city")

    def _join_network(self) -> None:
        if not self._processes.runs("city"):
            open_city(self._processes, self._folders, int(self.situation.city.rpartition(":")[2]))

    def _cut_power(self) -> None:
        """The kiosk is dark at once; so is the controller, by its line. Bottles, bins and what was written stay."""
        if self._fingers is not None:
            self._processes.kill("kiosk")
            self._fingers = None
            self.situation = replace(self.situation, shown=None)
        self._light_at_s = time.monotonic() + DARK_S

    def look(self) -> bool:
        """Whether it is over because somebody closed the kiosk's window. Raises ProcessFailed for any other end of a process."""
        now = time.monotonic()
        try:
            self._processes.check()
        except ProcessFailed as ended:
            if (ended.name, ended.code) == ("kiosk", 0):
                return True
            raise
        if self._light_at_s is not None and now >= self._light_at_s:
            self.light()
        if now >= self._ask_at_s and Mishap.NETWORK not in self.situation.begun:
            self._ask_at_s = now + ASK_CITY_S
            self.look_at_city()
        self.situation = replace(self.situation, running={name: self._processes.runs(name) for name in PARTS})
        return False

    def look_at_city(self) -> None:
        self.situation = replace(self.situation, totals=ask_totals(self._city) or self.situation.totals)


def _write(stream: IO[str], line: str) -> None:
    """A process that has ended hears nothing; the next ``look`` tells of its end."""
    with contextlib.suppress(BrokenPipeError):
        stream.write(line + "\n")
        stream.flush()
