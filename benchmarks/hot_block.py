"""What polling the hot block costs: of a processor, and of a line at 115200 baud, at the pace of a visit and while nobody is there.

    python -m benchmarks.hot_block [--seconds N] [--json]

The driver's own thread polls a twin on a pseudo-terminal; its processor time is the thread's own, and a bare pymodbus client that
asks the same in the same run, at the same pace, stands beside it. A pseudo-terminal has no baud rate, so the line's share is worked
out: the bytes that really went out and came in, 10 bits each (8N1), and 1.75 ms of silence before each frame (Modbus over serial
line V1.02, section 2.5.1.1, above 19200 baud), over the time that they took. Exit 1 beyond a limit of ``PACES``, or where the driver takes
more than RATIO times the processor of the bare client.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import serial
from pymodbus.client import ModbusSerialClient

from benchmarks.arguments import above_nothing
from benchmarks.round_trip import TIMEOUT_S, twin
from config.system import AssumedClock
from drivers.intake.events import IntakeEvent, LinkBack
from drivers.intake.modbus import BAUD, ModbusBus
from drivers.intake.worker import IDLE_POLL_S, VISIT_POLL_S, IntakeWorker
from firmware import registers

BITS_A_BYTE: Final = 10
SILENCE_S: Final = 0.00175
RATIO: Final = 1.5
START_S: Final = 10.0


@dataclass(frozen=True)
class Pace:
    """Seconds between two polls, and the shares that they may take at most, per cent."""

    name: str
    in_visit: bool
    every_s: float
    cpu_limit: float
    line_limit: float


PACES: Final = (Pace("visit", True, VISIT_POLL_S, 5.0, 50.0), Pace("idle", False, IDLE_POLL_S, 1.0, 10.0))


@dataclass(frozen=True)
class Figures:
    """Shares in per cent. ``bare_cpu`` is that of the bare client at the same pace."""

    pace: str
    polls_a_second: float
    bytes_a_poll: float
    line: float
    cpu: float
    bare_cpu: float
    ratio: float


class CountedPort(serial.Serial):
    """A serial port that counts what it carries. ``frames``: those sent, each of which has one answer."""

    frames = 0
    carried = 0

    def write(self, data: Any, /) -> int | None:
        self.frames += 1
        self.carried += len(data)
        return super().write(data)

    def read(self, size: int = 1, /) -> bytes:
        found: bytes = super().read(size)
        self.carried += len(found)
        return found


class CountedBus(ModbusBus):
    """Our driver on a counted port."""

    def _open_port(self) -> serial.Serial:
        self.port = CountedPort(str(self._port), baudrate=BAUD, timeout=self._timeout_s, write_timeout=self._timeout_s, exclusive=True)
        return self.port


@dataclass
class Measured:
    wall_s: float
    cpu_s: float


def watch(thread: threading.Thread, seconds: float) -> Measured:
    """Processor time of one thread over so many seconds."""
    assert thread.ident is not None
    clock = time.pthread_getcpuclockid(thread.ident)
    wall, cpu = time.monotonic(), time.clock_gettime(clock)
    time.sleep(seconds)
    return Measured(time.monotonic() - wall, time.clock_gettime(clock) - cpu)


def bare(port: Path, every_s: float, stop: threading.Event) -> None:
    """pymodbus alone, asking the same at the same pace."""
    client = ModbusSerialClient(str(port), baudrate=BAUD, timeout=TIMEOUT_S, retries=0)
    assert client.connect()
    beats = cycle(range(1, 1000))
    due = time.monotonic()
    while not stop.wait(max(0.0, due - time.monotonic())):
        due += every_s
        client.readwrite_registers(
            read_address=registers.HOT_START,
            read_count=registers.HOT_COUNT,
            write_address=registers.BEAT_START,
            values=[1, next(beats)],
            device_id=registers.UNIT,
        )
    client.close()  # type: ignore[no-untyped-call]


def measure_bare(port: Path, pace: Pace, seconds: float) -> float:
    stop = threading.Event()
    thread = threading.Thread(target=bare, args=(port, pace.every_s, stop))
    thread.start()
    try:
        time.sleep(0.5)
        found = watch(thread, seconds)
    finally:
        stop.set()
        thread.join()
    return 100 * found.cpu_s / found.wall_s


def measure(port: Path, pace: Pace, seconds: float) -> Figures:
    told: list[IntakeEvent] = []
    bus, beat = CountedBus(port, TIMEOUT_S), _beat()
    worker = IntakeWorker(bus, told.append, AssumedClock(), beat)
    worker.start()
    try:
        _wait(lambda: any(isinstance(event, LinkBack) for event in told))
        worker.set_pace(pace.in_visit)
        time.sleep(0.5)
        frames, carried = bus.port.frames, bus.port.carried
        found = watch(worker, seconds)
        frames, carried = bus.port.frames - frames, bus.port.carried - carried
    finally:
        worker.stop()
        worker.join()
    assert not any(type(event) is not LinkBack for event in told if type(event).__name__.startswith("Link")), told
    line_s = carried * BITS_A_BYTE / BAUD + 2 * frames * SILENCE_S
    cpu, beside = 100 * found.cpu_s / found.wall_s, measure_bare(port, pace, seconds)
    return Figures(
        pace.name,
        polls_a_second=round(frames / found.wall_s, 1),
        bytes_a_poll=round(carried / frames, 1),
        line=round(100 * line_s / found.wall_s, 1),
        cpu=round(cpu, 2),
        bare_cpu=round(beside, 2),
        ratio=round(cpu / beside, 2),
    )


def _beat() -> Callable[[], int]:
    """A runner that lives: it changes four times a second."""
    return lambda: int(4 * time.monotonic())


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_S
    while not condition():
        assert time.monotonic() < deadline, "the twin does not answer"
        time.sleep(0.01)


def within(pace: Pace, found: Figures) -> bool:
    return found.cpu <= pace.cpu_limit and found.line <= pace.line_limit and found.ratio <= RATIO


def main() -> int:
    parser = argparse.ArgumentParser(description="What polling the hot block costs of a processor and of the line.")
    parser.add_argument(
        "--seconds", type=above_nothing, default=20.0, help="for each of the two paces, and as long again for the bare client"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with twin() as port:
        found = [measure(port, pace, asked.seconds) for pace in PACES]
    if asked.json:
        print(json.dumps([asdict(figures) for figures in found], indent=1))
    else:
        print("pace    polls/s  bytes/poll  line %  (limit)   CPU %  (limit)   bare CPU %  ratio  (limit)")
        for pace, row in zip(PACES, found, strict=True):
            print(
                f"{row.pace:6} {row.polls_a_second:8} {row.bytes_a_poll:11} {row.line:7}  ({pace.line_limit:5}) {row.cpu:7}  ({pace.cpu_limit:5})"
                f" {row.bare_cpu:12} {row.ratio:6}  ({RATIO:5})"
            )
    return 0 if all(within(pace, row) for pace, row in zip(PACES, found, strict=True)) else 1


if __name__ == "__main__":
    sys.exit(main())
