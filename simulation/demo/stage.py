"""The stage: the thread that starts twin, city, sync and the kiosk's window, does what the panel asks for, and tells what there is to see.

No Qt and no words. All processes belong to this thread alone; deeds reach it through one queue.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from config.settings import load
from kiosk.agents import Agents
from kiosk.begin import begin_ledger, clock_of
from kiosk.failures import ProcessFailed
from recognition.catalogue.city import import_list
from recognition.catalogue.dump import Dump
from simulation.at_city import enrol
from simulation.demo.agent import demonstration_agent
from simulation.demo.deeds import Deed, Press, Provoke, PutIn, Situation
from simulation.demo.performance import Performance, Said
from simulation.demo.player import Player
from simulation.launcher import KIOSK, PATIENCE_S, Plan, configure, start_city, start_twin_by_hand, testimony
from simulation.outcome import Outcome
from simulation.processes import CONSIGNE, Folders, Processes
from simulation.visitor import Shown

PRODUCTS = Path(__file__).parent / "products.csv"
"""Invented products under the codes of the chamber's pictures, as a city's list: a jar and a carton are no bottles, and for one bottle a shop pays a deposit."""

LOOK_UP_S = 0.1

AGAIN_S = 3.0
"""A played visitor whose touch changed nothing touches once more after so long."""


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
class Hearers:
    """Called from the stage's thread: with each situation, each view-state and each deed, with an agent and their PIN, and once at the end."""

    situation: Callable[[Situation], None]
    view: Callable[[Shown], None]
    deed: Callable[[Deed], None]
    agent: Callable[[str, str], None]
    end: Callable[[], None]


class Stage(threading.Thread):
    """``outcome`` is what the three witnesses say after a visit was played; ``failure`` what ended the demonstration before its time."""

    def __init__(self, staging: Staging, hearers: Hearers, player: Player | None = None) -> None:
        super().__init__(name="stage")
        self._staging = staging
        self._hearers = hearers
        self._player = player
        self._folders = Folders(staging.state)
        self._inbox: queue.SimpleQueue[Deed | Said | None] = queue.SimpleQueue()
        self._over = False
        self._seen_at_s = self._next_at_s = time.monotonic()
        self._next: Deed | None = None
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
        configure(self._folders, city.url, plan, printer=True)
        settings = load(self._folders.configuration)
        if not settings.files.ledger.exists():
            begin_ledger(settings, by="demo", why="demonstration")
        enrol(self._folders, KIOSK, settings.files.sync_key)
        if not settings.catalogue.exists():
            with Dump(PRODUCTS) as products:
                import_list(products, settings.catalogue, clock_of(settings).now().utc)
        if self._player is None:
            self._hearers.agent(*demonstration_agent(Agents(settings.files.kiosk, clock_of(settings))))
        processes.start("sync", CONSIGNE, "sync", "--config", str(self._folders.configuration))
        performance = Performance(processes, self._folders, hands, self._staging.window, self._inbox, city, settings.camera.source)
        performance.light()
        self._attend(performance)
        if self._player is not None and self._player.over:
            processes.end("kiosk")
            self.outcome = testimony(processes, self._folders, city, plan, took_s=None)
            performance.look_at_city()
            self._hearers.situation(performance.situation)

    def _attend(self, performance: Performance) -> None:
        """Until the visit that is played is over, somebody closes the kiosk's window, or ``stop``."""
        told: Situation | None = None
        while not self._over:
            shown = self._hear(performance)
            if self._player is not None:
                self._play_on(self._player, performance, shown)
            self._over |= performance.look()
            if performance.situation != told:
                told = performance.situation
                self._hearers.situation(told)

    def _play_on(self, player: Player, performance: Performance, shown: Shown | None) -> None:
        """The played visitor looks at what is new on the screen, or, if nothing is, touches it once more. Raises ProcessFailed."""
        now = time.monotonic()
        if shown is not None:
            self._seen_at_s = now
            deed = player.see(shown)
            if deed is not None:
                self._next, self._next_at_s = deed, now + self._staging.pace_s
            elif isinstance(self._next, Press) and player.again() is None:
                self._next = None
        elif self._next is None and now - self._next_at_s > AGAIN_S:
            self._next, self._next_at_s = player.again(), now
        if self._next is not None and now >= self._next_at_s:
            self._do(performance, self._next)
            self._next = None
        if now - self._seen_at_s > PATIENCE_S:
            raise ProcessFailed("kiosk", None, f"nothing happened for {PATIENCE_S:.0f} s", self._folders.logs / "kiosk.log")
        self._over |= player.over

    def _hear(self, performance: Performance) -> Shown | None:
        """The next deed or line. The view-state if it was one."""
        try:
            message = self._inbox.get(timeout=LOOK_UP_S)
        except queue.Empty:
            return None
        match message:
            case None:
                self._over = True
            case Said():
                shown = performance.hear(message)
                if shown is not None:
                    self._hearers.view(shown)
                return shown
            case PutIn() | Provoke() | Press():
                self._do(performance, message)
            case _:
                assert_never(message)
        return None

    def _do(self, performance: Performance, deed: Deed) -> None:
        self._hearers.deed(deed)
        performance.do(deed)
