"""Seeded histories of bad luck in one process on a virtual clock: the real session, runner, driver core, firmware, metal and ledger.

Power is cut on either side before or after anything durable, and frames are lost, doubled or come late, even after their sender has
died. It is the program's own answer to the question that a model of the protocol asks: does money follow the fall?
"""

import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.demonstration import ASSOCIATIONS
from config.vocabulary import Bin, Cents, Gtin, Material, Reason
from drivers.intake.bus import Command, HotBlock, Identity, PortGone
from drivers.twin.actions import Put
from drivers.twin.badline import Reply
from drivers.twin.camera import Spoil
from drivers.twin.items import Item
from drivers.twin.joined import JoinedLine
from drivers.twin.machine import Machine
from drivers.twin.mechanics import STANDARD
from drivers.twin.truth import Happening, Truth
from firmware import registers
from firmware.store import Record, Store
from kiosk.deposit.actions import Judge, SightAction
from kiosk.deposit.events import Judged, Touch, Touched
from kiosk.deposit.notes import Note
from kiosk.deposit.states import Ready, Rules
from ledger.database import reading
from ledger.generation import Beginning, begin
from ledger.journal import SqliteJournal, open_journal
from ledger.limits import Terms
from ledger.verify import verify
from ledger.vocabulary import Journal
from recognition.verdict import Evidence, Verdict
from simulation.virtual.clock import VirtualClock
from simulation.virtual.life import Life
from simulation.virtual.world import Chance
from simulation.witnesses import Comparison, LedgerSays, ask_books, ask_metal, compare

CONTROLLER = (registers.TWIN_PREFIX << 32) | 7
TERMS = Terms(reward=Cents(20), visit_bottles=30, day_cents=Cents(20_000), voucher_page="https://consigne.example/bon", voucher_days=1095)
RULES = Rules(CONTROLLER, Cents(20), 30, {Material.GLASS: Bin(1), Material.PLASTIC: Bin(2)}, associations=ASSOCIATIONS, retry_s=0.5)
BOTTLE = Item("bottle", "glass_bottle", ("9520475821661",), weight_g=200, metal=False, pictures=())
CAN = Item("can", "can", ("9521065324623",), weight_g=13, metal=True, pictures=())
ITEMS = {item.name: item for item in (BOTTLE, CAN)}
GLASS_FROM_G = 120
LONGEST_STEP_MS = 20
"""People come and touch at any time, so a history is looked at this often at least."""


class KioskCut(Exception):
    pass


class ControllerCut(Exception):
    pass


@dataclass
class Luck:
    """Bad luck still to come, drawn from a seed. ``calm`` ends it."""

    chance: random.Random
    kiosk_cuts: int
    controller_cuts: int
    frames: int

    def calm(self) -> None:
        self.kiosk_cuts = self.controller_cuts = self.frames = 0

    def cut_kiosk(self) -> None:
        if self.kiosk_cuts and self.chance.random() < 0.03:
            self.kiosk_cuts -= 1
            raise KioskCut

    def cut_controller(self) -> None:
        if self.controller_cuts and self.chance.random() < 0.08:
            self.controller_cuts -= 1
            raise ControllerCut

    def frame(self, command: bool) -> str:
        """What becomes of a frame. There are few commands among many readings, so they have more of the bad luck."""
        if self.frames and self.chance.random() < (0.4 if command else 0.01):
            self.frames -= 1
            return self.chance.choice(["lost", "doubled", "late", "answer lost"])
        return "right"


class FusedStore(Store):
    def __init__(self, path: str, luck: Luck) -> None:
        super().__init__(path)
        self._luck = luck

    def save(self, record: Record) -> None:
        self._luck.cut_controller()
        super().save(record)
        self._luck.cut_controller()


class FusedTruth(Truth):
    def __init__(self, path: Path, luck: Luck) -> None:
        super().__init__(path)
        self._luck = luck

    def append(self, happening: Happening) -> None:
        self._luck.cut_controller()
        super().append(happening)
        self._luck.cut_controller()


class FusedJournal:
    """Power may go before and after anything that the kiosk writes."""

    def __init__(self, journal: SqliteJournal, luck: Luck) -> None:
        self._journal = journal
        self._luck = luck

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._journal, name)
        if name in ("books", "standing", "close"):
            return method

        def fused(*arguments: object) -> object:
            self._luck.cut_kiosk()
            result = method(*arguments)
            self._luck.cut_kiosk()
            return result

        return fused


class FusedLine(JoinedLine):
    """Power may go after what the kiosk reads, and before and after what it sends."""

    def __init__(self, world: "World") -> None:
        super().__init__(world.carry, world.clock, world.let_pass)
        self._world = world

    def open(self) -> None:
        if self._world.machine is None:
            raise PortGone("line", "no power")
        super().open()

    def identity(self) -> Identity:
        return Identity(CONTROLLER, (0, 2), registers.MAP_VERSION, 2)

    def read(self, beat: int) -> HotBlock:
        hot = super().read(beat)
        self._world.luck.cut_kiosk()
        return hot

    def write(self, command: Command) -> None:
        self._world.luck.cut_kiosk()
        self._world.writes_command = True
        try:
            super().write(command)
        finally:
            self._world.writes_command = False
        self._world.luck.cut_kiosk()


class World:
    """One history: metal and ledger that last, lives of controller and kiosk on them, and a line between."""

    def __init__(self, folder: Path, seed: int, bottles: int = 5) -> None:
        self._chance = random.Random(seed)
        self.luck = Luck(self._chance, kiosk_cuts=2, controller_cuts=2, frames=8)
        self.clock = VirtualClock()
        self.folder = folder
        self._to_come = [self._chance.choice(["bottle", "bottle", "can"]) for _ in range(bottles)]
        self._late: list[tuple[float, bytes]] = []
        self.writes_command = False
        self.machine: Machine | None = None
        self._truth: Truth | None = None
        self._powers_up_at = 0.0
        self.controller_lives = 0
        begun = Beginning("history", "a test", "history", CONTROLLER, 0, demonstration=True)
        begin(self.ledger, begun, clock=self.clock, random=Chance(seed), terms=TERMS)
        self._journal: SqliteJournal | None = None
        self.kiosk: Life | None = None

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    def run(self) -> None:
        """Lives through the history, then through calm until nothing is open."""
        until = self.clock.monotonic() + 60
        while self._to_come or self.luck.frames or self.clock.monotonic() < until - 30:
            self.step()
            if self.clock.monotonic() > until:
                break
        self.luck.calm()
        # idle, asked whether anybody is there, chosen by silence, shown, parted: together over three minutes
        until = self.clock.monotonic() + 400
        while not self.reconciled:
            self.step()
            assert self.clock.monotonic() < until, f"not reconciled: {self.kiosk and self.kiosk.runner.session}"
        self._end_kiosk()
        if self._truth is not None:
            self._truth.close()

    @property
    def reconciled(self) -> bool:
        if self.kiosk is None or self.machine is None or self._late or self.machine.people.acting or not self.machine.people.done:
            return False
        session = self.kiosk.runner.session
        return isinstance(session.phase, Ready) and self.machine.controller.state == registers.OPEN and self.kiosk.runner.inbox.empty()

    def step(self) -> None:
        """Up to what is due next: the metal, a late frame, then the kiosk."""
        now = self.clock.milliseconds()
        dues = [now + LONGEST_STEP_MS]
        if self.machine is not None and (due_ms := self.machine.next_due_ms) is not None:
            dues.append(due_ms)
        if self.kiosk is not None:
            dues.append(math.ceil(1000 * self.kiosk.due_s))
        self.clock.turn_to(max(now + 1, min(dues)))
        self._turn_machine()
        try:
            self._turn_kiosk()
        except KioskCut:
            self._end_kiosk()

    def let_pass(self, seconds: float) -> None:
        """For the machine alone: the kiosk waits for the line."""
        until = self.clock.milliseconds() + round(1000 * seconds)
        while self.clock.milliseconds() < until:
            due_ms = self.machine.next_due_ms if self.machine is not None else None
            self.clock.turn_to(min(until, max(self.clock.milliseconds() + 1, until if due_ms is None else due_ms)))
            self._turn_machine()

    def _turn_machine(self) -> None:
        with self._controller_may_die():
            if self.machine is None and self.clock.monotonic() >= self._powers_up_at:
                self._power_up()
            if self.machine is not None:
                if self._to_come and self.machine.people.done and self._chance.random() < 0.05:
                    self.machine.people.interject([Put(self._to_come.pop(), None)])
                self.machine.tick()
                while self._late and self._late[0][0] <= self.clock.monotonic():
                    self.machine.feed(self._late.pop(0)[1])

    def _turn_kiosk(self) -> None:
        if self.kiosk is None:
            random_of_life = Chance(self.clock.milliseconds())
            self._journal = open_journal(self.ledger, who="history", clock=self.clock, random=random_of_life, terms=TERMS)
            journal: Journal = FusedJournal(self._journal, self.luck)
            self.kiosk = self._life(journal)
        self.kiosk.turn()
        if self._chance.random() < 0.008:
            self.kiosk.runner.post(Touched(self._chance.choice(list(Touch))))

    def _life(self, journal: Journal) -> Life:
        sight = SlowSight(self, lambda judged: self.kiosk.runner.post(judged) if self.kiosk else None)
        return Life(journal, RULES, FusedLine(self), self.clock, sight, _NoLog(), show=lambda view: None)

    def _end_kiosk(self) -> None:
        if self._journal is not None:
            self._journal.close()
        self._journal = self.kiosk = None

    def _power_up(self) -> None:
        self.controller_lives += 1
        self._truth = FusedTruth(self.folder / "metal.jsonl", self.luck)
        self.machine = Machine(
            mechanics=STANDARD,
            clock_ms=self.clock.milliseconds,
            store=FusedStore(str(self.folder / "controller.bin"), self.luck),
            truth=self._truth,
            items=ITEMS,
            sight=NoPictures(),
            break_line=lambda fault: None,
            printer=lambda deed: None,
            controller_id=CONTROLLER,
        )

    @contextmanager
    def _controller_may_die(self) -> Iterator[None]:
        try:
            yield
        except ControllerCut:
            self.machine = None
            if self._truth is not None:
                self._truth.close()
                self._truth = None
            self._powers_up_at = self.clock.monotonic() + self._chance.choice([0.05, 0.5, 3.0])

    def carry(self, frame: bytes) -> list[Reply]:
        """A frame to the controller and what comes back. Raises PortGone without power."""
        if self.machine is None:
            raise PortGone("line", "no power")
        fate = self.luck.frame(self.writes_command)
        if fate == "late":
            self._late.append((self.clock.monotonic() + self._chance.uniform(0.0, 4.0), frame))
            self._late.sort()
        if fate in ("lost", "late"):
            return []
        answer = b""
        with self._controller_may_die():
            self.machine.tick()
            answer = self.machine.feed(frame)
            if fate == "doubled":
                self.machine.feed(frame)
        return [Reply(0, answer)] if answer and fate != "answer lost" else []

    def findings(self) -> list[str]:
        with reading(self.ledger) as connection:
            return [f"{finding.row} {finding.what}" for finding in verify(connection)]

    def compare(self) -> Comparison:
        return compare(ask_metal(self.folder / "metal.jsonl"), self.books())

    def books(self) -> LedgerSays:
        return ask_books(self.ledger)

    @property
    def booked_totaliser(self) -> int:
        with reading(self.ledger) as connection:
            query = "SELECT max(json_extract(body, '$.totaliser')) FROM entry WHERE kind IN ('generation', 'credit', 'step')"
            return int(connection.exec_driver_sql(query).scalar_one())

    @property
    def machine_totaliser(self) -> int:
        assert self.machine is not None
        return self.machine.controller.record.totaliser

    @property
    def controller_was_never_cut(self) -> bool:
        return self.controller_lives == 1


class NoPictures:
    def ready(self, n: int, item: Item, roll_deg: float | None) -> bool:
        return True

    def show(self, n: int, item: Item, roll_deg: float | None) -> None:
        pass

    def clear(self) -> None:
        pass

    def light(self, percent: int) -> None:
        pass

    def spoil(self, spoil: Spoil) -> None:
        pass


class SlowSight:
    """Accepts what weighs like a glass bottle, some time later, so that an old command finds a new bottle in the chamber."""

    def __init__(self, world: World, post: Callable[[Judged], None]) -> None:
        self._world = world
        self._post = post
        self._verdicts: list[tuple[float, Judged]] = []

    @property
    def due_s(self) -> float | None:
        return self._verdicts[0][0] if self._verdicts else None

    def turn(self) -> None:
        while self._verdicts and self._verdicts[0][0] <= self._world.clock.monotonic():
            self._post(self._verdicts.pop(0)[1])

    def set_pace(self, in_visit: bool) -> None:
        pass

    def perform(self, action: SightAction) -> None:
        if not isinstance(action, Judge):
            return
        accepted = action.weight_g >= GLASS_FROM_G
        verdict = Verdict(
            accepted=accepted,
            material=Material.GLASS if accepted else None,
            gtin=Gtin(BOTTLE.codes[0]),
            reasons=() if accepted else (Reason.CAN,),
            evidence=Evidence((), action.weight_g, action.metal),
            policy="history",
        )
        due_s = self._world.clock.monotonic() + self._world.luck.chance.uniform(0.0, 1.5)
        self._verdicts.append((due_s, Judged(action.item, verdict, 0.0)))


class _NoLog:
    def note(self, note: Note) -> None:
        pass
