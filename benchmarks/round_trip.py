"""The driver's questions beside the same ones of bare pymodbus, on the same twin in the same run.

    python -m benchmarks.round_trip [--rounds N] [--json]

*read* is one FC23 of the hot block with nonce and beat: ours decodes and checks it, bare keeps the registers. *command* is a
Return on the empty chamber, from its write to the first reading that shows it taken; the twin's fsync lies in it. Both take turns
in batches on one pseudo-terminal, which has no baud rate: on a real line at 115200 the bytes alone take some 6 ms more. Exit 1 if
one of ours takes more than LIMIT times as long as the bare one, at the median of the wall's time.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Protocol

import numpy as np
from pymodbus.client import ModbusSerialClient

from benchmarks.arguments import at_least
from config.vocabulary import SequenceNumber
from drivers.intake.bus import Command, CommandCode, HotBlock
from drivers.intake.modbus import BAUD, ModbusBus, words_of
from drivers.twin.process import Options, run
from firmware import registers

LIMIT = 1.5
BATCHES = 10
TIMEOUT_S = 2.0
"""Longer than the kiosk's: a machine that stalls shows in the 95th percentile, and ends no measurement."""
START_S = 30.0


@dataclass
class Timed:
    """Milliseconds of the wall and of this process, a question."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def measure(self, ask: Callable[[], None]) -> None:
        wall_ns, cpu_ns = time.perf_counter_ns(), time.process_time_ns()
        ask()
        self.cpu_ms.append((time.process_time_ns() - cpu_ns) / 1e6)
        self.wall_ms.append((time.perf_counter_ns() - wall_ns) / 1e6)


@dataclass(frozen=True)
class Figures:
    rounds: int
    p50_ms: float
    p95_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Compared:
    """``ratio`` of ours to bare, at p50 and p95 of the wall's time and in the mean of the processor's."""

    what: str
    ours: Figures
    bare: Figures
    ratio_p50: float
    ratio_p95: float
    ratio_cpu: float


def figures(timed: Timed) -> Figures:
    p50, p95 = np.percentile(timed.wall_ms, (50, 95))
    return Figures(len(timed.wall_ms), round(float(p50), 3), round(float(p95), 3), round(float(np.mean(timed.cpu_ms)), 3))


def compared(what: str, ours: Timed, bare: Timed) -> Compared:
    a, b = figures(ours), figures(bare)
    return Compared(what, a, b, round(a.p50_ms / b.p50_ms, 2), round(a.p95_ms / b.p95_ms, 2), round(a.cpu_ms / b.cpu_ms, 2))


class Client(Protocol):
    def open(self) -> None: ...
    def close(self) -> None: ...
    def read(self) -> None:
        """The hot block."""

    def rest(self) -> int:
        """Reads until the controller rests, and gives the last sequence that it took."""

    def command(self, sequence: int) -> None:
        """Writes a Return, and reads until it was taken."""


def give_back(sequence: int) -> Command:
    return Command(CommandCode.RETURN, SequenceNumber(sequence))


class Ours:
    def __init__(self, port: Path) -> None:
        self._bus = ModbusBus(port, TIMEOUT_S)
        self._beats = cycle(range(1, 1000))

    def open(self) -> None:
        self._bus.open()

    def close(self) -> None:
        self._bus.close()

    def read(self) -> None:
        self._hot()

    def rest(self) -> int:
        while not (hot := self._hot()).at_rest:
            pass
        return hot.taken

    def command(self, sequence: int) -> None:
        self._bus.write(give_back(sequence))
        while self._hot().taken < sequence:
            pass

    def _hot(self) -> HotBlock:
        return self._bus.read(next(self._beats))


class Bare:
    """pymodbus alone: no nonce compared, no values but those that the measurement needs."""

    def __init__(self, port: Path) -> None:
        self._client = ModbusSerialClient(str(port), baudrate=BAUD, timeout=TIMEOUT_S, retries=0)
        self._beats = cycle(range(1, 1000))

    def open(self) -> None:
        assert self._client.connect()

    def close(self) -> None:
        self._client.close()  # type: ignore[no-untyped-call]

    def read(self) -> None:
        self._hot()

    def rest(self) -> int:
        while registers.unpack("state", found := self._hot(), registers.HOT_START) not in registers.AT_REST:
            pass
        return registers.unpack("taken", found, registers.HOT_START)

    def command(self, sequence: int) -> None:
        self._client.write_registers(registers.COMMAND_START, words_of(give_back(sequence)), device_id=registers.UNIT)
        while registers.unpack("taken", self._hot(), registers.HOT_START) < sequence:
            pass

    def _hot(self) -> list[int]:
        answer = self._client.readwrite_registers(
            read_address=registers.HOT_START,
            read_count=registers.HOT_COUNT,
            write_address=registers.BEAT_START,
            values=[1, next(self._beats)],
            device_id=registers.UNIT,
        )
        assert len(answer.registers) == registers.HOT_COUNT
        return list(answer.registers)


@dataclass
class Side:
    client: Client
    reads: Timed = field(default_factory=Timed)
    commands: Timed = field(default_factory=Timed)

    def batch(self, reads: int, commands: int) -> None:
        """Opens the port, and leaves it as it found it: the controller at rest."""
        self.client.open()
        with closing(self.client):
            taken = self.client.rest()
            for _ in range(reads):
                self.reads.measure(self.client.read)
            for _ in range(commands):
                self.commands.measure(partial(self.client.command, taken + 1))
                taken = self.client.rest()


def measure(port: Path, rounds: int) -> list[Compared]:
    ours, bare = Side(Ours(port)), Side(Bare(port))
    for _ in range(BATCHES):
        for side in (ours, bare):
            side.batch(reads=rounds // BATCHES, commands=rounds // BATCHES // 10)
    return [compared("read", ours.reads, bare.reads), compared("command", ours.commands, bare.commands)]


@contextmanager
def twin() -> Iterator[Path]:
    """The port of a twin in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        port = Path(folder) / "port"
        process = multiprocessing.get_context("spawn").Process(target=run, args=(Options(state=Path(folder) / "twin", port_file=port),))
        process.start()
        try:
            deadline_s = time.monotonic() + START_S
            while not port.exists():
                assert process.is_alive(), "the twin ended"
                assert time.monotonic() < deadline_s, "the twin did not start"
                time.sleep(0.05)
            yield Path(port.read_text(encoding="utf-8").strip())
        finally:
            process.terminate()
            process.join()


def main() -> int:
    parser = argparse.ArgumentParser(description="The driver's questions beside the same ones of bare pymodbus.")
    parser.add_argument("--rounds", type=at_least(1), default=2000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with twin() as port:
        results = measure(port, asked.rounds)
    if asked.json:
        print(json.dumps([asdict(result) for result in results], indent=1))
    else:
        for result in results:
            for who, found in (("ours", result.ours), ("bare", result.bare)):
                print(
                    f"{result.what:8} {who}  {found.rounds:5} rounds  p50 {found.p50_ms} ms  p95 {found.p95_ms} ms  CPU {found.cpu_ms} ms"
                )
            print(f"{result.what:8} ratio  p50 {result.ratio_p50}  p95 {result.ratio_p95}  CPU {result.ratio_cpu}  (limit {LIMIT} at p50)")
    return 0 if all(result.ratio_p50 <= LIMIT for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
