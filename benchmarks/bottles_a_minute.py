"""Bottles a minute of the whole kiosk on the twin, and where the time of one goes, with the stated mechanics and with mechanics at zero.

    python -m benchmarks.bottles_a_minute [--bottles N] [--json]

Twin, line, camera, recognition and ledger are the real ones; every bottle is one that is taken. The bare reference is the sum of the
mechanics' stated times for one bottle, a person's hand included, which no program can undercut. A stage ends with the event that the session hears.
"""

import argparse
import json
import queue
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from config.settings import load
from drivers.intake.events import ItemDropped, ItemEntered, ItemSettled
from drivers.twin.mechanics import INSTANT, STANDARD, Mechanics
from kiosk.app import Kiosk
from kiosk.begin import begin_ledger
from kiosk.composed import AnyEvent
from kiosk.deposit.events import Answered, Intended, Judged, LedgerNews, TotaliserBooked
from kiosk.deposit.view import ViewState
from kiosk.runner import Workers
from simulation.launcher import Plan, configure, start_twin
from simulation.processes import Folders, Processes
from simulation.witnesses import ask_metal

FLOOR, GOAL = 45, 55
"""Bottles a minute with the stated mechanics: what commercial single-feed machines begin at, and what we want."""

BOTTLES = ("glass_brown_33 roll 6", "pet_clear_50 roll 5", "pet_blue_50 roll 352", "glass_clear_25 roll 4", "glass_green_75 roll 355")
PATIENCE_S = 60.0

STAGES: dict[type[AnyEvent | LedgerNews], str] = {
    ItemEntered: "gate opens, a hand puts it in",
    ItemSettled: "gate shuts, it lies still",
    Judged: "verdict after that",
    Intended: "intent durable",
    ItemDropped: "sorter, fall, flap",
    TotaliserBooked: "credit durable",
}


@dataclass(frozen=True)
class Figures:
    """``ratio`` is the time of one bottle over the sum of the mechanics' stated times, None where that is zero. Stages are medians."""

    mechanics: str
    stated_ms: int
    bottles: int
    a_minute: float
    ratio: float | None
    stages_ms: dict[str, float]


class Watch:
    """Notes when the session heard what."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, AnyEvent | LedgerNews]] = []
        self.credited: queue.SimpleQueue[None] = queue.SimpleQueue()

    def hear(self, event: AnyEvent) -> None:
        told = event.news if isinstance(event, Answered) else event
        if type(told) in STAGES:
            self.heard.append((time.perf_counter(), told))
            if isinstance(told, TotaliserBooked) and told.booked.credited is not None:
                self.credited.put(None)

    def stages(self) -> dict[str, float]:
        """Medians of the time up to each stage's end, from the end of the stage before, over the bottles after the first."""
        took: dict[str, list[float]] = {name: [] for name in STAGES.values()}
        ends = [at for at, event in self.heard]
        for number, (at, event) in enumerate(self.heard[1:], 1):
            took[STAGES[type(event)]].append(1000 * (at - ends[number - 1]))
        return {name: round(statistics.median(values[1:] or values), 1) for name, values in took.items() if values}


def measure(mechanics: Mechanics, bottles: int) -> Figures:
    with tempfile.TemporaryDirectory(prefix="consigne-") as folder, Processes(Folders(Path(folder))) as processes:
        folders = Folders(Path(folder))
        folders.make()
        scenario = Path(folder) / "bottles.txt"
        scenario.write_text("".join(f"put {BOTTLES[number % len(BOTTLES)]}\n" for number in range(bottles)))
        plan = Plan(bottles, None, scenario, seed=1, mechanics=mechanics.name)
        start_twin(processes, folders, plan, scenario)
        configure(folders, "http://127.0.0.1:9", plan)
        settings = load(folders.configuration)
        begin_ledger(settings, by="benchmark", why="bottles a minute")
        watch = Watch()
        kiosk = Kiosk(settings, _nobody)
        handle = kiosk.runner.handle

        def hear_and_handle(event: AnyEvent, workers: Workers) -> None:
            watch.hear(event)
            handle(event, workers)

        kiosk.runner.handle = hear_and_handle  # type: ignore[method-assign]
        thread = threading.Thread(target=kiosk.serve, name="kiosk")
        thread.start()
        try:
            for _ in range(bottles):
                watch.credited.get(timeout=PATIENCE_S)
        finally:
            kiosk.stop()
            thread.join()
        assert len(ask_metal(folders.twin / "metal.jsonl").falls) == bottles
    credited = [at for at, event in watch.heard if isinstance(event, TotaliserBooked) and event.booked.credited is not None]
    bottle_s = (credited[-1] - credited[0]) / (bottles - 1)
    ratio = round(1000 * bottle_s / mechanics.bottle_ms, 2) if mechanics.bottle_ms else None
    return Figures(mechanics.name, mechanics.bottle_ms, bottles, round(60 / bottle_s, 1), ratio, watch.stages())


def _nobody(shown: ViewState) -> None:
    """Nobody looks."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bottles", type=int, default=30, choices=range(2, 31), metavar="N", help="within one visit: 2 to 30")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = [measure(mechanics, arguments.bottles) for mechanics in (STANDARD, INSTANT)]
    if arguments.json:
        print(json.dumps([asdict(figures) for figures in found]))
    else:
        for figures in found:
            ratio = "" if figures.ratio is None else f", {figures.ratio} of the stated {figures.stated_ms} ms a bottle"
            print(f"{figures.mechanics}: {figures.a_minute} bottles a minute{ratio} ({figures.bottles} bottles)")
            for stage, took_ms in figures.stages_ms.items():
                print(f"    {took_ms:7.1f} ms  {stage}")
        print(f"floor {FLOOR}, goal {GOAL} with the stated mechanics")
    return 0 if found[0].a_minute >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
