"""A hall with the visitor's window in it: real firmware on simulated metal, a real ledger and the real session, on one clock that jumps.

A person puts things in and touches the window; nothing but the time is not as in a kiosk.
"""

import json
import math
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

from config.clock import Instant
from config.demonstration import ASSOCIATIONS
from config.hours import OpeningHours
from config.settings import Recognition
from config.state import Files
from config.system import AssumedClock
from config.vocabulary import Association, Bin, Cents, Material
from drivers.printer.printer import EscPos
from drivers.twin.items import chamber_items
from drivers.twin.joined import JoinedTwin
from drivers.twin.mechanics import STANDARD
from drivers.twin.scenario import read_lines
from kiosk.agents import Agents, Cost
from kiosk.composed import AnyEvent
from kiosk.console.actions import PaperAction
from kiosk.deposit.actions import PrintTicket
from kiosk.deposit.events import Touched
from kiosk.deposit.states import DayRefused, Rules, Session
from kiosk.deposit.view import ViewState
from kiosk.log import Log, refused_on
from kiosk.paper.drawn import draw
from kiosk.paper.sheet import Paper
from kiosk.screens.glass import KioskWindow
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.place import Place
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.reading import LANGUAGES
from kiosk.workers.console import Clerk
from kiosk.workers.printer import LOOK_EVERY_S, PrinterWorker
from ledger.generation import Beginning, begin
from ledger.journal import open_journal
from ledger.limits import Terms
from ledger.sync.outcomes import Outcome
from ledger.sync.rounds import Route, once
from money.callers import introduce_at, key_file
from people.person import PANEL, Person, Way, words_of
from recognition.policies import policy_of
from simulation.virtual.clock import VirtualClock
from simulation.virtual.life import Life
from simulation.virtual.sight import VirtualSight
from simulation.virtual.world import Chance
from simulation.witnesses import ask_books

GLASS, PLASTIC, CAN = 'put "glass_brown_33" roll 6', 'put "pet_clear_50" roll 5', 'put "can_33" roll 4'
BADLY_TURNED = 'put "glass_brown_33" roll 165'
WITHOUT_LABEL = 'put "pet_nolabel" roll 0'
REWARD = Cents(20)
ITEMS = chamber_items()
CHEAP = Cost(memory_kib=32, passes=1, lanes=1)
"""A PIN's hash in a test."""

PATIENCE_S = 200.0
TICK_MS = 250


PAPER = Paper(partial(draw, paper_mm=80), {language: words_of(language) for language in LANGUAGES})


@dataclass(frozen=True, slots=True)
class Printing:
    """Prints at once what its thread would a moment later."""

    worker: PrinterWorker

    def perform(self, action: PrintTicket | PaperAction) -> None:
        self.worker.does(action)


class HallClock:
    """Time passes in the hall when somebody lets it."""

    def __init__(self, booth: "Booth") -> None:
        self._booth = booth

    def now(self) -> Instant:
        return self._booth.now()

    def monotonic(self) -> float:
        return self._booth.time.monotonic()

    def advance(self, seconds: float) -> None:
        self._booth.let_pass(seconds)


@dataclass(frozen=True, slots=True)
class Glance:
    """What stood before the person at a moment: which page, and all words on it, their no-break spaces told as spaces."""

    place: Place
    words: tuple[str, ...]

    def holds(self, place: Place, *words: str) -> bool:
        return self.place is place and all(any(part in text for text in self.words) for part in words)


class Booth:
    """``person`` stands before the window that the kiosk shows now; after ``cut`` and ``restart`` it is another window.

    ``associations`` are those of the next start. ``seen`` is what stood on the glass, one after the other. ``name`` is the kiosk's, ``city_url`` the city that gets its ledger when that is
    delivered.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        city_url: str,
        visit_bottles: int = 30,
        day_cents: int = 20_000,
        without_money: bool = False,
        hours: OpeningHours | None = None,
        associations: tuple[Association, ...] = ASSOCIATIONS[:1],
        panel: Panel = PANEL,
        way: Way = Way.TOUCH,
        printer: EscPos | None = None,
    ) -> None:
        register()
        self.folder = folder
        self.name = name
        self.city_url = city_url
        self.seen: list[Glance] = []
        self._visit_bottles = visit_bottles
        self._without_money = without_money
        self._hours = hours
        self.associations = associations
        self._panel = panel
        self._way = way
        self._escpos = printer
        self.printer: PrinterWorker | None = None
        self._terms = Terms(REWARD, visit_bottles, Cents(day_cents), "https://consigne.example/bon", 1095)
        # of its own, as each kiosk has: a city takes no voucher's code twice
        self._chance = Chance(crc32(name.encode()))
        self.time = VirtualClock()
        self._later = timedelta(0)
        self._policy = policy_of(Recognition(policy="weight-and-code"), demonstration=True)
        self._sight = VirtualSight(self._policy, self, self._post)
        self._life: Life | None = None
        self._ticked_ms = 0
        self.twin = JoinedTwin(
            folder / "twin",
            mechanics=STANDARD,
            clock=self,
            clock_ms=self.time.milliseconds,
            items=ITEMS,
            sight=self._sight,
            seed=1,
            wait=self._wait,
        )
        (folder / "kiosk").mkdir()
        self._begin()
        self.restart()

    def _begin(self, *, succeeding: bool = False) -> None:
        begun = Beginning(self.name, "a test", "a journey", self.twin.controller_id, self.twin.totaliser, demonstration=True)
        begin(self.ledger, begun, clock=self, random=self._chance, terms=self._terms, succeeding=succeeding)

    def succeed(self) -> None:
        """The kiosk's program stops, a new generation of the ledger begins, and it starts again."""
        self._stop_kiosk()
        self._begin(succeeding=True)
        self.restart()
        self.stands(Place.ATTRACT)

    @property
    def ledger(self) -> Path:
        return self.folder / "kiosk" / "ledger.db"

    def now(self) -> Instant:
        told = self.time.now()
        return Instant(told.utc + self._later, told.trusted)

    def monotonic(self) -> float:
        return self.time.monotonic()

    def restart(self) -> None:
        """The kiosk's program starts, with a window of its own."""
        self._journal = open_journal(self.ledger, who="a journey", clock=self, random=self._chance, terms=self._terms)
        rules = Rules(
            self.twin.controller_id,
            REWARD,
            self._visit_bottles,
            {Material.GLASS: Bin(1), Material.PLASTIC: Bin(2)},
            associations=self.associations,
            demonstration=True,
            without_money=self._without_money,
        )
        clock = HallClock(self)
        visitor = VisitorWindow(
            self._panel,
            words_of,
            lambda touch: self._post(Touched(touch)),
            languages=tuple(LANGUAGES),
            clock=clock,
            reward=REWARD,
            visit_bottles=self._visit_bottles,
            opening="right",
        )
        self.glass = KioskWindow(visitor, self._panel, {language: words_of(language) for language in ("fr", "en")}, self._post, clock)
        self.glass.show()
        self.person = Person(visitor, [], clock, self._way)
        log = Log(self.folder / "kiosk", self)
        self.agents = Agents(Files(self.folder / "kiosk").kiosk, self, CHEAP)
        self.printer = None if self._escpos is None else PrinterWorker(self._escpos, PAPER, self, self._post, log.note)
        self.clerk = Clerk(
            self.agents,
            Files(self.folder / "kiosk"),
            self,
            self._terms.day_cents,
            REWARD,
            lambda: self.now().day(),
            printer=lambda: None if self.printer is None else self.printer.seen,
        )
        day = self.now().day()
        refused = DayRefused(day, refused_on(self.folder / "kiosk", day))
        printing = None if self.printer is None else Printing(self.printer)
        self._life = Life(
            self._journal, rules, self.twin.line, self, self._sight, log, self._show, self._hours, self.clerk, refused, printing
        )

    def cut(self, dark_s: float) -> None:
        """No current for so long, for kiosk and controller; then both start again."""
        self._stop_kiosk()
        self.say(f"reset {min(1000, round(1000 * dark_s))}")
        self.let_pass(min(1.5, dark_s + 0.5))
        self._later += timedelta(seconds=dark_s)
        self.restart()

    def close(self) -> None:
        self._stop_kiosk()
        self.twin.close()

    def _stop_kiosk(self) -> None:
        self._life = None
        self._journal.close()
        self.glass.close()
        self.glass.deleteLater()

    @property
    def session(self) -> Session:
        """What the kiosk is in the middle of."""
        assert self._life is not None
        return self._life.runner.session

    def say(self, *lines: str) -> None:
        """To the twin: what people do, and what breaks."""
        self.twin.machine.people.interject(read_lines(lines, "a journey", ITEMS))
        # now, not when the machine next has something to do: who cuts the current does not wait for that
        self.twin.machine.tick()

    def let_pass(self, seconds: float) -> None:
        until = self.time.milliseconds() + round(1000 * seconds)
        while self.time.milliseconds() < until:
            self._step(until)

    def puts_in(self, *lines: str) -> None:
        """One after the other, each when the last has been dealt with."""
        machine = self.twin.machine
        for line in lines:
            self.say(line)
            self.until(lambda: not machine.people.done)
            self.until(lambda: machine.people.done and machine.controller.doing is None)
            self.let_pass(1.5)

    def finishes_and_keeps(self) -> None:
        """The visitor's way to the voucher, which then stands."""
        for name, place in (("finish", Place.CHOOSE), ("keep", Place.VOUCHER)):
            self.person.asks(name)
            self.stands(place)

    def stands(self, *places: Place) -> None:
        """One page after the other, whatever stands in between."""
        for place in places:
            self.until(partial(self.shows, place))

    def shows(self, place: Place) -> bool:
        return self.person.place() is place

    def until(self, condition: Callable[[], bool]) -> None:
        """Lets time pass until it holds."""
        limit = self.time.milliseconds() + 1000 * PATIENCE_S
        while not condition():
            assert self.time.milliseconds() < limit, f"not within {PATIENCE_S} s; the page is {self.person.place()}"
            self._step(self.time.milliseconds() + 1000)

    def sees(self, words: str) -> None:
        self.until(lambda: self.person.reads(words))

    @property
    def metal(self) -> Path:
        """What really happened in the twin."""
        return self.folder / "twin" / "metal.jsonl"

    def deliver(self, url: str | None = None) -> Outcome:
        """One round of the sync, to the city or elsewhere."""
        address = url or self.city_url
        introduce_at(address, self.name)
        key = key_file(self.folder / "kiosk", self.name)
        route = Route(self.ledger, self.folder / "kiosk" / "sync.db", key, address, every_s=1.0, timeout_s=10.0)
        return once(route, threading.Event(), AssumedClock())

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of the ledger's entries of a kind."""
        with closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)) as database:
            return [json.loads(body) for (body,) in database.execute("SELECT body FROM entry WHERE kind = ? ORDER BY row", (kind,))]

    @property
    def credited_cents(self) -> int:
        return ask_books(self.ledger).credited_cents

    def _step(self, limit_ms: int) -> None:
        """To whatever is due next: the metal first, then the kiosk, then the window's clock."""
        now = self.time.milliseconds()
        dues: list[int | None] = [self.twin.machine.next_due_ms, limit_ms, self._ticked_ms + TICK_MS]
        if self._life is not None:
            dues.append(math.ceil(self._life.due_s * 1000))
        self.time.turn_to(max(now + 1, min(due for due in dues if due is not None)))
        self._tick()
        if self._life is not None:
            self._life.turn()
            if self.time.milliseconds() >= self._ticked_ms + TICK_MS:
                self._ticked_ms = self.time.milliseconds()
                self.person.window.tick()
                if self.glass.staff is not None:
                    self.glass.staff.tick()
                if self.printer is not None and self._ticked_ms % round(1000 * LOOK_EVERY_S) < TICK_MS:
                    self.printer.look()
                self._look()

    def _show(self, view: ViewState) -> None:
        self.glass.show_view(view)
        self._look()

    def _look(self) -> None:
        there = Glance(self.person.place(), tuple(words.replace("\u00a0", " ") for words in self.person.words()))
        if not self.seen or self.seen[-1] != there:
            self.seen.append(there)

    def _tick(self) -> None:
        due_ms = self.twin.machine.next_due_ms
        if due_ms is not None and due_ms <= self.time.milliseconds():
            self.twin.machine.tick()

    def _wait(self, seconds: float) -> None:
        """For the machine alone, while the kiosk waits for the line."""
        until = self.time.milliseconds() + math.ceil(1000 * seconds)
        while self.time.milliseconds() < until:
            due_ms = self.twin.machine.next_due_ms
            self.time.turn_to(min(until, max(self.time.milliseconds() + 1, until if due_ms is None else due_ms)))
            self._tick()

    def _post(self, event: AnyEvent) -> None:
        if self._life is not None:
            self._life.runner.post(event)
