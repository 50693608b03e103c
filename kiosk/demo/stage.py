"""The stage: the thread that starts twin, city, sync and the kiosk's window, does what the panel asks for, and tells what there is to see.

No Qt and no words. All processes belong to this thread alone; deeds reach it through one queue.
"""

import json
import queue
import shlex
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, assert_never

import requests

from config.settings import load
from config.vocabulary import Cents
from kiosk.begin import begin_ledger, ledger_of
from kiosk.demo.deeds import PARTS, Deed, Press, Provoke, Put, Situation, Totals
from kiosk.demo.faults import LINES, Fault
from kiosk.demo.player import Player
from kiosk.failures import ProcessFailed
from kiosk.simulate.launcher import PATIENCE_S, Plan, configure, open_city, start_city, start_twin_by_hand, testimony
from kiosk.simulate.outcome import Outcome
from kiosk.simulate.processes import Folders, Processes
from kiosk.simulate.visitor import Shown

LOOK_UP_S = 0.1
ASK_CITY_S = 1.0
CITY_TIMEOUT_S = 2.0

DARK_S = 3.0
"""How long the kiosk stays without current in a power cut."""


@dataclass(frozen=True, slots=True)
class Staging:
    """``window``: module and arguments of the kiosk's window, which get the configuration's path behind them.

    ``pace_s``: how long a played visitor looks at a screen before the next deed.
    """

    state: Path
    seed: int
    window: Sequence[str]
    pace_s: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the kiosk that was started as the n-th; None: it says nothing more."""

    start: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Hearers:
    """Called from the stage's thread: with each situation, each view-state and each deed, and once at the end."""

    situation: Callable[[Situation], None]
    view: Callable[[Shown], None]
    deed: Callable[[Deed], None]
    end: Callable[[], None]


class Stage(threading.Thread):
    """``outcome`` is what the three witnesses say after a visit was played; ``failure`` what ended the demonstration before its time."""

    def __init__(self, staging: Staging, hearers: Hearers, player: Player | None = None) -> None:
        super().__init__(name="stage")
        self._staging = staging
        self._hearers = hearers
        self._player = player
        self._folders = Folders(staging.state)
        self._inbox: queue.SimpleQueue[Deed | Line | None] = queue.SimpleQueue()
        self._over = False
        self.outcome: Outcome | None = None
        self.failure: Exception | None = None

    def post(self, deed: Deed) -> None:
        """Hands a deed over from any thread."""
        self._inbox.put(deed)

    def stop(self) -> None:
        """Ends the demonstration after the deeds already handed over."""
        self._inbox.put(None)

    def run(self) -> None:
        try:
            self._folders.make()
            with Processes(self._folders) as processes:
                self._play(processes)
        except Exception as error:  # noqa: BLE001 - whoever started this thread raises it
            self.failure = error
        finally:
            self._hearers.end()

    def _play(self, processes: Processes) -> None:
        plan = Plan(items=None, frames=None, scenario=None, seed=self._staging.seed, mechanics="standard")
        city = start_city(processes, self._folders)
        hands = start_twin_by_hand(processes, self._folders, plan)
        configure(self._folders, city, plan)
        settings = load(self._folders.configuration)
        if not ledger_of(settings).exists():
            begin_ledger(settings, by="demo", why="demonstration")
        processes.start("sync", "kiosk", "sync", "--config", str(self._folders.configuration))
        performance = _Performance(processes, self._folders, hands, self._staging, self._inbox, city, settings.camera.source)
        performance.light()
        self._attend(performance)
        if self._player is not None and self._player.over:
            processes.end("kiosk")
            self.outcome = testimony(processes, self._folders, city, plan, took_s=None)
            performance.look_at_city()
            self._hearers.situation(performance.situation)

    def _attend(self, performance: "_Performance") -> None:
        """Until the visit that is played is over, somebody closes the kiosk's window, or ``stop``."""
        told: Situation | None = None
        quiet_since = time.monotonic()
        due: list[tuple[float, Deed]] = []
        while not self._over:
            shown = self._hear(performance)
            if shown is not None:
                quiet_since = time.monotonic()
                deed = self._player.see(shown) if self._player is not None else None
                if deed is not None:
                    due.append((quiet_since + self._staging.pace_s, deed))
            while due and due[0][0] <= time.monotonic():
                self._do(performance, due.pop(0)[1])
            if self._player is not None and time.monotonic() - quiet_since > PATIENCE_S:
                raise ProcessFailed("kiosk", None, f"nothing happened for {PATIENCE_S:.0f} s", self._folders.logs / "kiosk.log")
            self._over |= self._player is not None and self._player.over
            self._over |= performance.look()
            if performance.situation != told:
                told = performance.situation
                self._hearers.situation(told)

    def _hear(self, performance: "_Performance") -> Shown | None:
        """The next deed or line. The view-state if it was one."""
        try:
            message = self._inbox.get(timeout=LOOK_UP_S)
        except queue.Empty:
            return None
        match message:
            case None:
                self._over = True
            case Line():
                shown = performance.hear(message)
                if shown is not None:
                    self._hearers.view(shown)
                return shown
            case Put() | Provoke() | Press():
                self._do(performance, message)
            case _:
                assert_never(message)
        return None

    def _do(self, performance: "_Performance", deed: Deed) -> None:
        self._hearers.deed(deed)
        performance.do(deed)


class _Performance:
    """The processes while they run: what each deed does to them, and what there is to see."""

    def __init__(
        self,
        processes: Processes,
        folders: Folders,
        hands: IO[str],
        staging: Staging,
        inbox: "queue.SimpleQueue[Deed | Line | None]",
        city: str,
        camera: str,
    ) -> None:
        self._processes = processes
        self._folders = folders
        self._hands = hands
        self._window = staging.window
        self._inbox = inbox
        self._fingers: IO[str] | None = None
        self._starts = 0
        self._light_at_s: float | None = None
        self._ask_at_s = 0.0
        self.situation = Situation(city=city, camera=camera, running={})

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
                self._inbox.put(Line(start, line))
        self._inbox.put(Line(start, None))

    def hear(self, line: Line) -> Shown | None:
        """A view-state, unless it is one of a kiosk that has lost its current meanwhile."""
        if line.start != self._starts or line.text is None or self._fingers is None:
            return None
        shown: Shown = json.loads(line.text)
        self.situation = replace(self.situation, shown=shown)
        return shown

    def do(self, deed: Deed) -> None:
        match deed:
            case Put(item, roll_deg):
                self._say(f"put {shlex.quote(item)} roll {roll_deg}")
            case Press(touch):
                self._press(touch.value)
            case Provoke(fault, begins):
                self._provoke(fault, begins)
            case _:
                assert_never(deed)

    def _say(self, line: str) -> None:
        self._hands.write(line + "\n")
        self._hands.flush()

    def _press(self, word: str) -> None:
        if self._fingers is None:
            return  # nobody touches a dark screen
        try:
            self._fingers.write(word + "\n")
            self._fingers.flush()
        except BrokenPipeError:
            return  # it has ended; the next look says so

    def _provoke(self, fault: Fault, begins: bool) -> None:
        lines = LINES[fault]
        for line in lines.begins if begins else lines.ends or ():
            self._say(line)
        match fault:
            case Fault.NETWORK:
                self._cut_network() if begins else self._join_network()
            case Fault.POWER:
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
        if now >= self._ask_at_s and Fault.NETWORK not in self.situation.begun:
            self._ask_at_s = now + ASK_CITY_S
            self.look_at_city()
        self.situation = replace(self.situation, running={name: self._processes.runs(name) for name in PARTS})
        return False

    def look_at_city(self) -> None:
        self.situation = replace(self.situation, totals=ask_totals(self.situation.city) or self.situation.totals)


def totals_address(city: str) -> str:
    """Where anybody may read what the city has heard."""
    return f"{city}/v1/totals"


def ask_totals(city: str) -> Totals | None:
    """None while the city does not answer."""
    try:
        answer = requests.get(totals_address(city), timeout=CITY_TIMEOUT_S)
        answer.raise_for_status()
    except requests.RequestException:
        return None
    days = answer.json()["demonstration"]["totals"]["days"]
    glass, plastic, cents = (sum(day[name] for day in days) for name in ("glass", "plastic", "cents"))
    return Totals(glass, plastic, Cents(cents))
