"""The intake's thread and the controller's own program on one real serial line; only the metal is the simplest that can be."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest

from config.clock import Instant
from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import Actuator, Answer, Command, CommandCode, ControllerFault, ControllerState, FaultCause, TrialResult
from drivers.intake.events import (
    BinLevel,
    CommandUnanswered,
    DoorOpened,
    DoorShut,
    FaultChanged,
    Hand,
    IntakeEvent,
    ItemDropped,
    ItemEntered,
    ItemSettled,
    LinkBack,
    LinkLost,
    Restarted,
    Rested,
    TakenBack,
)
from drivers.intake.modbus import ModbusBus
from drivers.intake.trouble import PortUnusable
from drivers.intake.worker import IntakeWorker
from firmware.controller import Controller
from firmware.server import Server, framed
from firmware.store import Store
from timing import wait_until
from wires.instant_metal import InstantMetal
from wires.pty_end import PtyEnd

WRITE_MANY = 16

E = TypeVar("E", bound=IntakeEvent)


class RealClock:
    def now(self) -> Instant:
        return Instant(datetime.now(UTC), trusted=True)

    def monotonic(self) -> float:
        return time.monotonic()


def now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class Machine:
    """A controller on its metal, behind a line that a test may spoil in ``line``."""

    def __init__(self, folder: Path) -> None:
        self.metal = InstantMetal()
        self.memory = str(folder / "controller.bin")
        self.line: Callable[[bytes], bytes] = self.serve
        self.asked = 0
        self.start()

    def start(self) -> None:
        self.controller = Controller(self.metal, Store(self.memory), now_ms)
        self.server = Server(self.controller, 0x5457494E00000001, now_ms)

    def serve(self, data: bytes) -> bytes:
        return self.server.feed(data)

    def feed(self, data: bytes) -> bytes:
        self.asked += 1
        return self.line(data)

    def tick(self) -> None:
        self.controller.tick()


class Bench:
    def __init__(self, machine: Machine, end: PtyEnd) -> None:
        self.machine = machine
        self.end = end
        self.told: list[IntakeEvent] = []
        self.runner = count(1)
        self.worker = IntakeWorker(ModbusBus(end.port), self.told.append, RealClock(), self.beat)

    def beat(self) -> int:
        """A runner that lives."""
        return next(self.runner)

    def order(self, code: CommandCode, sequence: int, bin: int | None = None) -> None:
        self.worker.send(Command(code, SequenceNumber(sequence), None if bin is None else Bin(bin)))

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.told if isinstance(event, kind)]

    def rests(self, sequence: int) -> bool:
        """Whether it was told to rest after the command of this sequence."""
        return any(event.hot.taken == sequence for event in self.of(Rested))

    def gate_opens(self, sequence: int) -> None:
        self.order(CommandCode.OPEN, sequence)
        wait_until(lambda: any(event.hot.state is ControllerState.OPEN and event.hot.taken == sequence for event in self.of(Rested)))

    def bottle_in(self, sequence: int, weight_g: int = 300) -> None:
        self.gate_opens(sequence)
        self.machine.metal.bottle_g = weight_g
        wait_until(lambda: self.of(ItemSettled))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def bench(machine: Machine, tmp_path: Path) -> Iterator[Bench]:
    with PtyEnd(tmp_path / "intake", machine.feed, machine.tick) as end:
        bench = Bench(machine, end)
        bench.worker.start()
        wait_until(lambda: bench.told)
        yield bench
        bench.worker.stop()
        bench.worker.join()


def test_a_bottle_is_let_in_sorted_and_counted_once(bench: Bench) -> None:
    (linked,) = bench.of(LinkBack)
    assert linked.identity.demonstration
    assert linked.hot.bin_percent == (10, 20)

    bench.bottle_in(1, weight_g=417)
    assert bench.of(ItemSettled)[0].hot.weight_g == 417
    bench.order(CommandCode.SORT, 2, bin=2)
    wait_until(lambda: bench.of(ItemDropped) and bench.rests(2))

    assert [type(event) for event in bench.told if not isinstance(event, Rested)] == [LinkBack, ItemEntered, ItemSettled, ItemDropped]
    assert bench.of(ItemDropped)[0].sequence == 2
    assert bench.of(Rested)[-1].hot.totaliser == 1
    assert bench.machine.metal.sorter_bin == 2


def test_a_refused_bottle_is_told_as_taken_back_when_it_is_out(bench: Bench) -> None:
    bench.bottle_in(1)
    bench.order(CommandCode.RETURN, 2)
    wait_until(lambda: bench.machine.metal.gate_open)
    assert bench.of(TakenBack) == []

    bench.machine.metal.bottle_g = 0
    wait_until(lambda: bench.of(TakenBack) and bench.rests(2))

    assert bench.of(TakenBack)[0].sequence == 2
    assert bench.machine.metal.fallen == []


def test_a_bottle_is_counted_once_on_a_line_that_doubles_every_frame(bench: Bench) -> None:
    bench.machine.line = lambda data: bench.machine.serve(data) + bench.machine.serve(data)

    bench.bottle_in(1)
    bench.order(CommandCode.SORT, 2, bin=1)
    wait_until(lambda: bench.of(ItemDropped) and bench.rests(2))

    assert len(bench.machine.metal.fallen) == 1
    assert bench.machine.controller.record.totaliser == 1


class Losing:
    """Loses the first two frames of each command on their way, and the answer to the third."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.seen: dict[bytes, int] = {}

    def line(self, data: bytes) -> bytes:
        if data[1] != WRITE_MANY:
            return self.machine.serve(data)
        self.seen[data] = self.seen.get(data, 0) + 1
        if self.seen[data] <= 2:
            return b""
        answered = self.machine.serve(data)
        return b"" if self.seen[data] == 3 else answered


def test_a_bottle_is_counted_once_on_a_line_that_loses_frames(bench: Bench) -> None:
    losing = Losing(bench.machine)
    bench.machine.line = losing.line

    bench.bottle_in(1)
    bench.order(CommandCode.SORT, 2, bin=1)
    wait_until(lambda: bench.of(ItemDropped) and bench.rests(2))

    assert list(losing.seen.values()) == [3, 3], "each command went out until it was taken, and not once more"
    assert len(bench.machine.metal.fallen) == 1
    assert bench.of(LinkLost) == []


class Delaying:
    """Keeps a Sort's frame on the way until ``arrives`` is set, and lets everything else through."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.kept = b""
        self.arrives = False
        self.answered = b""

    def line(self, data: bytes) -> bytes:
        if data[1] == WRITE_MANY and data[8] == CommandCode.SORT:
            self.kept = data
            return b""
        if self.arrives and not self.answered:
            self.answered = self.machine.serve(self.kept)
        return self.machine.serve(data)


def test_a_sort_that_arrives_after_a_later_return_moves_nothing(bench: Bench) -> None:
    delaying = Delaying(bench.machine)
    bench.machine.line = delaying.line
    bench.bottle_in(1)
    bench.order(CommandCode.SORT, 2, bin=1)
    wait_until(lambda: delaying.kept)

    bench.order(CommandCode.RETURN, 3)
    wait_until(lambda: bench.machine.metal.gate_open)
    bench.machine.metal.bottle_g = 0
    wait_until(lambda: bench.rests(3))
    bench.machine.metal.bottle_g = 300
    delaying.arrives = True
    wait_until(lambda: delaying.answered)

    assert delaying.answered == framed(delaying.kept[:6]), "the controller did not hear it"
    assert bench.machine.controller.record.sorted == 0
    assert bench.machine.metal.fallen == []


def test_a_controller_that_restarts_is_told_and_knows_what_it_had_taken(bench: Bench) -> None:
    bench.bottle_in(1)
    bench.order(CommandCode.SORT, 2, bin=1)
    wait_until(lambda: bench.rests(2))

    bench.machine.start()
    wait_until(lambda: bench.of(Restarted))

    (restarted,) = bench.of(Restarted)
    assert (restarted.hot.taken, restarted.hot.counted, restarted.hot.totaliser) == (2, 2, 1)


def test_the_link_is_found_again_when_the_port_comes_back_in_the_middle_of_a_bottle(bench: Bench) -> None:
    bench.bottle_in(1)

    bench.end.vanish()
    wait_until(lambda: bench.of(LinkLost))
    bench.end.appear()
    wait_until(lambda: len(bench.of(LinkBack)) == 2)

    assert bench.of(LinkBack)[1].hot.occupied
    assert len(bench.of(LinkLost)) == 1
    bench.worker.ask()
    wait_until(lambda: isinstance(bench.told[-1], Rested))


def test_a_second_kiosk_on_the_port_is_told_who_has_it_and_takes_over_when_it_is_free(bench: Bench) -> None:
    told: list[IntakeEvent] = []
    second = IntakeWorker(ModbusBus(bench.end.port), told.append, RealClock(), bench.beat)
    second.start()
    wait_until(lambda: told)
    bench.gate_opens(1)
    assert [type(event) for event in bench.told] == [LinkBack, Rested], "the first kiosk did not feel it"

    bench.worker.stop()
    wait_until(lambda: len(told) == 2)
    second.stop()
    second.join()

    lost, back = told
    assert lost == LinkLost(PortUnusable(str(bench.end.port), "PortTaken", "EAGAIN"))
    assert isinstance(back, LinkBack)


def test_the_service_door_shuts_the_gate_and_nothing_is_taken_until_it_is_shut(bench: Bench) -> None:
    bench.gate_opens(1)
    bench.machine.metal.door_open = True
    wait_until(lambda: bench.of(DoorOpened) and not bench.machine.metal.gate_open)

    bench.order(CommandCode.OPEN, 2)
    wait_until(lambda: bench.of(CommandUnanswered))
    assert bench.of(CommandUnanswered)[0].answer is Answer.UNSAFE

    bench.machine.metal.door_open = False
    wait_until(lambda: bench.of(DoorShut))
    bench.gate_opens(3)


def test_a_hand_that_keeps_the_gate_from_shutting_is_told_until_it_is_gone(bench: Bench) -> None:
    bench.gate_opens(1)
    bench.machine.metal.hand_in_gate = True
    bench.order(CommandCode.RETURN, 2)
    wait_until(lambda: bench.of(Hand))
    assert bench.machine.metal.gate_open

    bench.machine.metal.hand_in_gate = False
    wait_until(lambda: bench.rests(2))

    assert [event.present for event in bench.of(Hand)] == [True, False]


def test_a_supply_that_sags_is_a_fault_and_its_return_the_end_of_it(bench: Bench) -> None:
    bench.machine.metal.supply_mv = 9000
    wait_until(lambda: bench.of(FaultChanged))
    bench.machine.metal.supply_mv = 12_000
    wait_until(lambda: len(bench.of(FaultChanged)) == 2)

    assert [(event.fault, event.cause) for event in bench.of(FaultChanged)] == [
        (ControllerFault.SUPPLY, FaultCause.NONE),
        (ControllerFault.NONE, FaultCause.NONE),
    ]


def test_a_bin_that_fills_is_told(bench: Bench) -> None:
    bench.machine.metal.bin_mms[2] = 100
    wait_until(lambda: bench.of(BinLevel))

    (level,) = bench.of(BinLevel)
    assert (level.bin, level.percent) == (2, 100)


@pytest.fixture
def bus(machine: Machine, tmp_path: Path) -> Iterator[ModbusBus]:
    """The line without a thread, for one question after the other."""
    with PtyEnd(tmp_path / "intake", machine.feed, machine.tick) as end:
        bus = ModbusBus(end.port)
        bus.open()
        yield bus
        bus.close()


def test_a_technician_reads_the_health_and_sets_the_lamp(bus: ModbusBus, machine: Machine) -> None:
    before = bus.health()
    bus.light(35)

    assert (before.bin_mm, before.supply_mv, before.lamp_percent, before.watchdog_ms) == ((820, 740), 12_000, 100, 2000)
    assert bus.health().lamp_percent == machine.metal.lamp_percent == 35


def test_a_part_is_tested_by_a_command_and_its_figures_read(bus: ModbusBus) -> None:
    beats = count(1)
    wait_until(lambda: bus.read(next(beats)).at_rest)
    bus.write(Command(CommandCode.TEST, SequenceNumber(1), part=Actuator.SORTER))
    wait_until(lambda: (hot := bus.read(next(beats))).at_rest and hot.taken == 1)

    trial = bus.health().trial
    assert trial.result is TrialResult.ARRIVED
    assert bus.health().drops_test == 0
