"""Seeded histories of bad luck in one process on a virtual clock: the real session, runner, driver core, firmware, metal and ledger.

Power is cut on either side before or after anything durable, and frames are lost, doubled or come late, even after their sender has
died. It is the program's own answer to the question that a model of the protocol asks: does money follow the fall?
"""

import queue
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.clock import Instant
from config.vocabulary import Bin, Cents, Gtin, Material, Reason
from drivers.bus import Command, HotBlock, Identity, NoAnswer, PortGone
from drivers.intake import Intake
from drivers.modbus import hot_block_of, words_of
from drivers.twin.items import Item
from drivers.twin.machine import Machine
from drivers.twin.mechanics import STANDARD
from drivers.twin.scenario import Put
from drivers.twin.truth import Happening, Truth
from firmware import registers
from firmware.server import framed
from firmware.store import Record, Store
from kiosk.deposit.actions import Dismiss, Judge, LedgerAction, Look, Note
from kiosk.deposit.events import Judged, LedgerFailed, Touch, Touched
from kiosk.deposit.states import Ready, Rules
from kiosk.deposit.step import resume
from kiosk.runner import Runner, Workers
from kiosk.simulate.witnesses import Books, Comparison, ask_books, ask_metal, compare
from kiosk.workers.books import halt_of, record
from ledger.database import reading
from ledger.generation import Beginning, begin
from ledger.journal import SqliteJournal, open_journal
from ledger.limits import Terms
from ledger.verify import verify
from ledger.vocabulary import LedgerError
from recognition.verdict import Evidence, Verdict

CONTROLLER = (registers.TWIN_PREFIX << 32) | 7
TERMS = Terms(reward=Cents(20), visit_bottles=30, day_cents=Cents(20_000), voucher_page="https://consigne.example/bon", voucher_days=1095)
RULES = Rules(CONTROLLER, Cents(20), 30, {Material.GLASS: Bin(1), Material.PLASTIC: Bin(2)}, retry_s=0.5)
BOTTLE = Item("bottle", "glass_bottle", ("9520475821661",), weight_g=200, metal=False, pictures=())
CAN = Item("can", "can", ("9521065324623",), weight_g=13, metal=True, pictures=())
ITEMS = {item.name: item for item in (BOTTLE, CAN)}
TICK_S = 0.005
GLASS_FROM_G = 120
WRITE_MANY, READ_WRITE = 16, 23


class KioskCut(Exception):
    pass


class ControllerCut(Exception):
    pass


class VirtualClock:
    def __init__(self) -> None:
        self._utc = datetime(2026, 11, 24, 9, tzinfo=UTC)
        self._s = 1000.0

    def now(self) -> Instant:
        return Instant(self._utc + timedelta(seconds=self._s), trusted=True)

    def monotonic(self) -> float:
        return self._s

    def milliseconds(self) -> int:
        return round(self._s * 1000)

    def advance(self, seconds: float) -> None:
        self._s += seconds


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

    def frame(self, function: int) -> str:
        """What becomes of a frame. There are few commands among many readings, so they have more of the bad luck."""
        if self.frames and self.chance.random() < (0.4 if function == WRITE_MANY else 0.01):
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


class NoPictures:
    def ready(self, n: int, item: Item, roll_deg: float | None) -> bool:
        return True

    def show(self, n: int, item: Item, roll_deg: float | None) -> None:
        pass

    def clear(self) -> None:
        pass


class World:
    """One history: metal and ledger that last, lives of controller and kiosk on them, and a line between."""

    def __init__(self, folder: Path, seed: int, bottles: int = 5) -> None:
        chance = random.Random(seed)
        self.luck = Luck(chance, kiosk_cuts=2, controller_cuts=2, frames=8)
        self.clock = VirtualClock()
        self.folder = folder
        self._chance = chance
        self._to_come = [chance.choice(["bottle", "bottle", "can"]) for _ in range(bottles)]
        self._late: list[tuple[float, bytes]] = []
        self.machine: Machine | None = None
        self._truth: Truth | None = None
        self._powers_up_at = 0.0
        self.controller_lives = 0
        begun = Beginning("history", "a test", "history", CONTROLLER, 0, demonstration=True)
        begin(self.ledger, begun, clock=self.clock, random=Chance(chance), terms=TERMS)
        self.kiosk: KioskLife | None = None

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
        until = self.clock.monotonic() + 200
        while not self.settled:
            self.step()
            assert self.clock.monotonic() < until, f"not settled: {self.kiosk and self.kiosk.runner.session}"
        if self.kiosk is not None:
            self.kiosk.journal.close()

    @property
    def settled(self) -> bool:
        if self.kiosk is None or self.machine is None or self._late or self.machine.people.acting or not self.machine.people.done:
            return False
        session = self.kiosk.runner.session
        return isinstance(session.phase, Ready) and self.machine.controller.state == registers.OPEN and self.kiosk.runner.inbox.empty()

    def step(self) -> None:
        """5 ms: the metal, a late frame, then the kiosk."""
        self.clock.advance(TICK_S)
        with self._controller_may_die():
            if self.machine is None and self.clock.monotonic() >= self._powers_up_at:
                self._power_up()
            if self.machine is not None:
                if self._to_come and self.machine.people.done and self._chance.random() < 0.02:
                    self.machine.people.interject([Put(self._to_come.pop(), None)])
                self.machine.tick()
                while self._late and self._late[0][0] <= self.clock.monotonic():
                    self.machine.server.feed(self._late.pop(0)[1])
        try:
            self._kiosk_step()
        except KioskCut:
            assert self.kiosk is not None
            self.kiosk.journal.close()
            self.kiosk = None

    def _kiosk_step(self) -> None:
        if self.kiosk is None:
            self.kiosk = KioskLife(self)
        self.kiosk.step()
        if self._chance.random() < 0.002:
            self.kiosk.runner.post(Touched(self._chance.choice(list(Touch))))

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

    def ask(self, body: bytes) -> bytes:
        """A frame to the controller and its answer. Raises PortGone without power, NoAnswer for a frame that went wrong."""
        if self.machine is None:
            raise PortGone("line", "no power")
        fate = self.luck.frame(body[1])
        frame = framed(body)
        if fate == "late":
            self._late.append((self.clock.monotonic() + self._chance.uniform(0.0, 4.0), frame))
            self._late.sort()
        if fate in ("lost", "late"):
            self.clock.advance(0.2)
            raise NoAnswer(fate)
        answer = b""
        with self._controller_may_die():
            answer = self.machine.server.feed(frame)
            if fate == "doubled":
                self.machine.server.feed(frame)
        if fate == "answer lost" or not answer:
            self.clock.advance(0.2)
            raise NoAnswer(fate)
        return answer

    def findings(self) -> list[str]:
        with reading(self.ledger) as connection:
            return [f"{finding.row} {finding.what}" for finding in verify(connection)]

    def compare(self) -> Comparison:
        return compare(ask_metal(self.folder / "metal.jsonl"), self.books(), None)

    def books(self) -> Books:
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


class Chance:
    """Randomness for codes and visit numbers, from the history's seed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def token_bytes(self, nbytes: int | None = None) -> bytes:
        return self._chance.randbytes(32 if nbytes is None else nbytes)

    def randbelow(self, exclusive_upper_bound: int) -> int:
        return self._chance.randrange(exclusive_upper_bound)


class JoinedLine:
    """A ``Line`` of frames without a wire."""

    def __init__(self, world: World) -> None:
        self._world = world

    def open(self) -> None:
        if self._world.machine is None:
            raise PortGone("line", "no power")

    def close(self) -> None:
        pass

    def identity(self) -> Identity:
        return Identity(CONTROLLER, (0, 1), registers.MAP_VERSION, 2, (0, 0))

    def read(self, beat: int) -> HotBlock:
        start, count, written = registers.HOT_START, registers.HOT_COUNT, [1, beat]
        head = (0, start, 0, count, 0, registers.BEAT_START, 0, len(written), 2 * len(written))
        body = bytes((registers.UNIT, READ_WRITE, *head)) + b"".join(word.to_bytes(2, "big") for word in written)
        answer = self._world.ask(body)
        hot = hot_block_of([int.from_bytes(answer[at : at + 2], "big") for at in range(3, 3 + 2 * count, 2)])
        self._world.luck.cut_kiosk()
        return hot

    def write(self, command: Command) -> None:
        self._world.luck.cut_kiosk()
        words = words_of(command)
        body = bytes((registers.UNIT, WRITE_MANY, 0, registers.COMMAND_START, 0, len(words), 2 * len(words)))
        self._world.ask(body + b"".join(word.to_bytes(2, "big") for word in words))
        self._world.luck.cut_kiosk()


class KioskLife:
    """One life of the kiosk, turned by the world's clock. It is its runner's intake, sight and books in one thread."""

    def __init__(self, world: World) -> None:
        self._world = world
        clock = world.clock
        self.journal: SqliteJournal = open_journal(
            world.ledger, who="history", clock=clock, random=Chance(random.Random(clock.milliseconds())), terms=TERMS
        )
        session, _ = resume(self.journal.standing(), RULES, clock.now())
        self.runner = Runner(session, clock, show=lambda view: None)
        self._intake = Intake(JoinedLine(world), clock, self.runner.beat)
        self._workers = Workers(self, _Sight(self), _Books(self), _NoLog())
        self._verdicts: list[tuple[float, Judged]] = []
        self._later: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def step(self) -> None:
        if self._world.clock.monotonic() >= self._intake.next_at:
            for told in self._intake.turn():
                self.runner.post(told)
        while self._verdicts and self._verdicts[0][0] <= self._world.clock.monotonic():
            self.runner.post(self._verdicts.pop(0)[1])
        self.runner.elapse(self._workers)
        while not self.runner.inbox.empty():
            event = self.runner.inbox.get()
            if event is not None:
                self.runner.handle(event, self._workers)
        while not self._later.empty():
            self._later.get()()

    def send(self, command: Command) -> None:
        for event in self._intake.send(command):
            self.runner.post(event)

    def ask(self) -> None:
        self._intake.ask()

    def set_pace(self, in_visit: bool) -> None:
        self._intake.set_pace(in_visit)

    def judge(self, action: Judge) -> None:
        """The verdict comes some time later, so that an old command finds a new bottle in the chamber."""
        accepted = action.weight_g >= GLASS_FROM_G
        evidence = Evidence((), action.weight_g, action.metal)
        verdict = Verdict(
            accepted=accepted,
            material=Material.GLASS if accepted else None,
            gtin=Gtin(BOTTLE.codes[0]),
            reasons=() if accepted else (Reason.CAN,),
            evidence=evidence,
            policy="history",
        )
        due_s = self._world.clock.monotonic() + self._world.luck.chance.uniform(0.0, 1.5)
        self._verdicts.append((due_s, Judged(action.item, verdict, 0.0)))

    def book(self, action: LedgerAction, occurred: Instant) -> None:
        """As the books' thread does it, a moment later."""

        def act() -> None:
            self._world.luck.cut_kiosk()
            try:
                event = record(self.journal, action, occurred)
            except LedgerError as error:
                event = LedgerFailed(halt_of(error), str(error))
            self._world.luck.cut_kiosk()
            self.runner.post(event)

        self._later.put(act)


class _Books:
    def __init__(self, life: KioskLife) -> None:
        self._life = life

    def perform(self, action: LedgerAction, occurred: Instant) -> None:
        self._life.book(action, occurred)


class _Sight:
    """Accepts what weighs like a glass bottle."""

    def __init__(self, life: KioskLife) -> None:
        self._life = life

    def perform(self, action: Look | Judge | Dismiss) -> None:
        if isinstance(action, Judge):
            self._life.judge(action)

    def set_pace(self, in_visit: bool) -> None:
        pass


class _NoLog:
    def note(self, note: Note) -> None:
        pass
