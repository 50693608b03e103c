"""What the whole kiosk on its touchscreen takes: until it can be used, of memory, and of a processor while nobody is there.

    python -m benchmarks.touchscreen [--rounds N] [--seconds S]

``consigne run`` (see ``seen.py``) on a twin in another process, offscreen on 1080x1920, beside a PySide6 window of that size with nothing
in it. *start*: from the start of the process, compiled files there, medians of the rounds in which both take turns; *CPU*, what the process itself
took, the least of them, which other people's load disturbs least. That a touch is answered holds the half second in which none counts on a new page (``kiosk/screens/visitor/touches.py``). *nobody there*: the attract page stands, the
line is polled 10 times and the camera looked at twice a second; the threads' own time by the kernel's account. *live page*: a technician looks at it. Exit 1 beyond CPU_LIMIT.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from benchmarks.arguments import above_nothing, at_least
from benchmarks.machine import Others, keep_compiled
from config.settings import load
from kiosk.agents import Agents
from kiosk.begin import begin_ledger, clock_of
from kiosk.console.roles import Role
from simulation.launcher import Plan, configure, start_twin_by_hand
from simulation.processes import Folders, Processes

CPU_LIMIT: Final = 5.0
"""Per cent of one core."""

WIDTH_PX, HEIGHT_PX, DIAGONAL_IN = 1080, 1920, 15.6
"""Qt's offscreen platform reports 100 dots an inch, which are 22 in; the kiosk says so on stderr and goes on. One of 22 in would be out of reach."""

PIN: Final = "274951"
SETTLE_S: Final = 3.0
TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")
USABLE: Final = "attract page painted, the controller answers"


@dataclass(frozen=True)
class Reached:
    """Milliseconds from a process's start, on the clock and of its own time."""

    wall_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Seen:
    """A process, what it reached when, and its threads' names."""

    process: "subprocess.Popen[str]"
    reached: dict[str, Reached]
    threads: dict[str, str]


Starts = dict[str, list[Reached]]
"""By what was reached, one for each round."""


@dataclass(frozen=True)
class Idle:
    """MB of memory, per cent of a core by thread."""

    rss_mb: float
    pss_mb: float
    cpu: dict[str, float]


@contextmanager
def twin(folder: Path) -> Iterator[Path]:
    """The configuration of a kiosk on a twin that runs, its ledger begun."""
    folders = Folders(folder)
    folders.make()
    plan = Plan(items=None, frames=None, scenario=None, seed=1, mechanics="standard")
    with Processes(folders) as processes:
        start_twin_by_hand(processes, folders, plan)
        configure(folders, "http://127.0.0.1:9", plan)
        with folders.configuration.open("a", encoding="utf-8") as file:
            file.write(f"\n[screen]\ndiagonal_in = {DIAGONAL_IN}\n")
        settings = load(folders.configuration)
        begin_ledger(settings, by="benchmark", why="start and idle")
        Agents(settings.files.kiosk, clock_of(settings)).add("", Role.TECHNICIAN, PIN)
        yield folders.configuration


def offscreen(folder: Path) -> str:
    """Qt's platform with a screen of the kiosk's size and without a display."""
    size = {"x": 0, "y": 0, "width": WIDTH_PX, "height": HEIGHT_PX}
    screen = {"name": "panel", **size, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={file}"


@contextmanager
def seen(*what: str) -> Iterator[Seen]:
    """One of ``seen.py``'s processes, once it stands."""
    began_s = time.monotonic()
    with subprocess.Popen([sys.executable, "-m", "benchmarks.seen", *what], stdout=subprocess.PIPE, text=True) as process:
        try:
            told = json.loads(_line(process.stdout))
            reached = {name: Reached((at_s - began_s) * 1000, own_s * 1000) for name, (at_s, own_s) in told["at_s"].items()}
            yield Seen(process, reached, told["threads"])
        finally:
            process.terminate()


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    line = stream.readline()
    assert line, "it ended before it stood"
    return line


def starts(configuration: Path, rounds: int) -> tuple[Starts, Starts]:
    """Of the kiosk and of the bare window, after one of each that does not count."""
    ours: Starts = defaultdict(list)
    bare: Starts = defaultdict(list)
    for number in range(rounds + 1):
        for found, what in ((ours, ("touched", str(configuration))), (bare, ("bare",))):
            with seen(*what) as stood:
                for name, reached in stood.reached.items():
                    if number > 0:
                        found[name].append(reached)
    return ours, bare


def idle(seconds: float, *what: str) -> Idle:
    with seen(*what) as stood:
        time.sleep(SETTLE_S)
        wall_s, before = time.monotonic(), ticks(stood.process.pid)
        time.sleep(seconds)
        wall_s, after = time.monotonic() - wall_s, ticks(stood.process.pid)
        cpu: dict[str, float] = defaultdict(float)
        for thread, used in after.items():
            name = "Qt" if thread == str(stood.process.pid) else stood.threads.get(thread, "of libraries")
            cpu[name] += 100 * (used - before.get(thread, 0)) / TICKS_A_SECOND / wall_s
        sizes = dict(line.split(":") for line in Path(f"/proc/{stood.process.pid}/smaps_rollup").read_text().splitlines()[1:])
    return Idle(_mb(sizes["Rss"]), _mb(sizes["Pss"]), dict(cpu))


def ticks(process: int) -> dict[str, int]:
    """User and system time of each thread: fields 14 and 15 of stat, proc(5)."""
    found: dict[str, int] = {}
    for task in Path(f"/proc/{process}/task").iterdir():
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        found[task.name] = int(fields[11]) + int(fields[12])
    return found


def _mb(size: str) -> float:
    return int(size.split(maxsplit=1)[0]) / 1024


def show_starts(ours: Starts, bare: Starts) -> None:
    for title, found in (("kiosk", ours), ("bare window", bare)):
        print(f"start of the {title}, ms from the start of the process (least to most), since the line before, and CPU")
        before = 0.0
        for name, rounds in found.items():
            wall_ms, median = [reached.wall_ms for reached in rounds], median_ms(rounds)
            print(f"{median:9.0f} ({min(wall_ms):5.0f} to {max(wall_ms):5.0f}) {median - before:+7.0f} {least_cpu_ms(rounds):7.0f}  {name}")
            before = median
    for what, of in (("time", median_ms), ("CPU", least_cpu_ms)):
        print(f"attract page over bare window, {what}: {of(ours[USABLE]) / of(bare['painted']):.1f} times")


def median_ms(rounds: list[Reached]) -> float:
    return statistics.median(reached.wall_ms for reached in rounds)


def least_cpu_ms(rounds: list[Reached]) -> float:
    return min(reached.cpu_ms for reached in rounds)


def show_idle(ours: Idle, bare: Idle) -> None:
    print(
        f"memory: RSS {ours.rss_mb:.0f} MB, PSS {ours.pss_mb:.0f} MB; bare window RSS {bare.rss_mb:.0f} MB, PSS {bare.pss_mb:.0f} MB;",
        end=" ",
    )
    print(f"{ours.rss_mb / bare.rss_mb:.1f} and {ours.pss_mb / bare.pss_mb:.1f} times")
    print("nobody there, per cent of a core")
    for name, used in sorted(ours.cpu.items(), key=lambda found: -found[1]):
        print(f"{used:9.2f}  {name}")
    print(f"{sum(ours.cpu.values()):9.2f}  together, limit {CPU_LIMIT:.0f}; bare window {sum(bare.cpu.values()):.2f}")


def show_live(live: Idle) -> None:
    told = ", ".join(f"{name} {used:.1f}" for name, used in sorted(live.cpu.items(), key=lambda found: -found[1])[:5])
    print(f"live page: {sum(live.cpu.values()):.1f} % of a core ({told}), RSS {live.rss_mb:.0f} MB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=at_least(1), default=7, help="starts of each")
    parser.add_argument("--seconds", type=above_nothing, default=20.0, help="how long nobody is there")
    asked = parser.parse_args()
    others = Others()
    keep_compiled()
    with tempfile.TemporaryDirectory(prefix="consigne-") as folder:
        os.environ["QT_QPA_PLATFORM"] = offscreen(Path(folder))
        with twin(Path(folder) / "kiosk") as configuration:
            show_starts(*starts(configuration, asked.rounds))
            ours = idle(asked.seconds, "idle", str(configuration))
            show_idle(ours, idle(asked.seconds, "bare"))
            show_live(idle(asked.seconds, "live", str(configuration), PIN))
    print(f"the rest of the machine meanwhile: {others.percent:.0f} % of a core")
    return 0 if sum(ours.cpu.values()) <= CPU_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
