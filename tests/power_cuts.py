"""The power is cut at an exact step of a bottle's way, again and again, on one twin and one ledger. Run by tests, or by hand:

    python tests/power_cuts.py --times 10

Cuts are SIGKILL from wrappers round the kiosk's line and journal and round the twin's memory and metal; the product knows of none.
"""

import argparse
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.clock import Instant
from config.settings import load
from config.vocabulary import SequenceNumber
from drivers.bus import Command, ControllerState, HotBlock, Identity, Line
from drivers.twin.mechanics import PROFILES
from drivers.twin.process import Options, run
from drivers.twin.truth import Event, Happening, Truth
from firmware.store import Record, Store
from kiosk.app import Kiosk
from kiosk.begin import begin_ledger
from kiosk.deposit.events import Touch, Touched
from kiosk.deposit.view import Screen, ViewState
from kiosk.simulate.processes import Folders, write_configuration
from kiosk.simulate.witnesses import Comparison, ask_books, ask_metal, compare
from ledger.vocabulary import Booked, Cause, Ending, Intent, Journal, Standing, Visit, Voucher
from timing import wait_until

ACCEPTED, REFUSED = 'put "glass_brown_33" roll 6', 'put "can_33" roll 4'


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Reached:
    """Cuts the power when the point it was made for is reached."""

    point: str

    def __call__(self, name: str) -> None:
        if name == self.point:
            die()


READINGS: dict[str, Callable[[HotBlock, HotBlock], bool]] = {
    "item entered": lambda last, hot: hot.occupied and hot.state is ControllerState.CLOSING,
    "item settled": lambda last, hot: hot.occupied and hot.state is ControllerState.SHUT and hot.steady,
    "sort under way": lambda last, hot: hot.state is ControllerState.SORTING,
    "item gone from the chamber": lambda last, hot: hot.state is ControllerState.SORTING and not hot.occupied,
    "drop counted": lambda last, hot: hot.counted > last.counted,
    "return under way": lambda last, hot: hot.state is ControllerState.RETURNING and hot.occupied,
    "taken back": lambda last, hot: hot.back > last.back,
}
COMMANDS = tuple(f"{when} {name} is written" for name in ("open", "sort", "return") for when in ("before", "after"))
MONEY = tuple(
    f"{when} {name}"
    for name in ("the visit opens", "the intent is durable", "the credit is durable", "the intent is ended", "the voucher is durable")
    for when in ("before", "after")
)
KIOSK_POINTS = (*READINGS, *COMMANDS, *MONEY)


class CutLine:
    """The line to the intake, with a fuse."""

    def __init__(self, line: Line, reached: Reached) -> None:
        self._line = line
        self._reached = reached
        self._last: HotBlock | None = None

    def open(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def identity(self) -> Identity:
        return self._line.identity()

    def read(self, beat: int) -> HotBlock:
        hot = self._line.read(beat)
        for name, seen in READINGS.items():
            if seen(self._last or hot, hot):
                self._reached(name)
        self._last = hot
        return hot

    def write(self, command: Command) -> None:
        name = f"{command.code.name.lower()} is written"
        self._reached(f"before {name}")
        self._line.write(command)
        self._reached(f"after {name}")


class CutJournal:
    """The journal, with a fuse before and after each thing that moves money."""

    def __init__(self, journal: Journal, reached: Reached) -> None:
        self._journal = journal
        self._reached = reached

    @contextmanager
    def _fused(self, name: str) -> Iterator[None]:
        self._reached(f"before {name}")
        yield
        self._reached(f"after {name}")

    def standing(self) -> Standing:
        return self._journal.standing()

    def open_visit(self, occurred: Instant) -> Visit:
        with self._fused("the visit opens"):
            return self._journal.open_visit(occurred)

    def intend(self, intent: Intent, occurred: Instant) -> None:
        with self._fused("the intent is durable"):
            self._journal.intend(intent, occurred)

    def book(self, totaliser: int, counted: SequenceNumber, occurred: Instant) -> Booked:
        if totaliser == self._journal.standing().booked_totaliser:
            return self._journal.book(totaliser, counted, occurred)
        with self._fused("the credit is durable"):
            return self._journal.book(totaliser, counted, occurred)

    def end(self, sequence: SequenceNumber, ending: Ending, occurred: Instant) -> None:
        with self._fused("the intent is ended"):
            self._journal.end(sequence, ending, occurred)

    def issue_voucher(self, visit: str, cause: Cause, occurred: Instant) -> Voucher:
        with self._fused("the voucher is durable"):
            return self._journal.issue_voucher(visit, cause, occurred)

    def give(self, visit: str, occurred: Instant) -> Any:
        return self._journal.give(visit, occurred)

    def close_visit(self, visit: str, occurred: Instant) -> None:
        self._journal.close_visit(visit, occurred)


def kiosk_life(configuration: str, point: str, finishes: bool, over: Any) -> None:
    """One life of a kiosk: until its power is cut, or until ``over`` is set and the last visit is settled."""

    def show(view: ViewState) -> None:
        match view.screen:
            case Screen.CHOOSE:
                kiosk.runner.post(Touched(Touch.KEEP))
            case Screen.VOUCHER | Screen.THANKS:
                kiosk.runner.post(Touched(Touch.DONE))
            case Screen.FEEDING if (finishes and view.bottles) or over.is_set():
                threading.Timer(0.05, kiosk.runner.post, [Touched(Touch.FINISH)]).start()
            case Screen.ATTRACT if over.is_set() and view.visit_number is None:
                kiosk.stop()

    reached = Reached(point)
    kiosk = Kiosk(load(Path(configuration)), show, lambda line: CutLine(line, reached), lambda journal: CutJournal(journal, reached))

    def end_when_over() -> None:
        over.wait()
        while True:
            kiosk.runner.post(Touched(Touch.FINISH))
            if kiosk.runner.session.visit is None and kiosk.runner.session.intent is None:
                kiosk.stop()
                return
            over_poll.wait(0.05)

    over_poll = threading.Event()
    threading.Thread(target=end_when_over, daemon=True).start()
    kiosk.serve()


class CutStore(Store):
    """The controller's memory, with a fuse."""

    def __init__(self, path: str, reached: Reached) -> None:
        super().__init__(path)
        self._reached = reached

    def save(self, record: Record) -> None:
        moved = next((name for name in ("sorted", "counted", "back") if getattr(record, name) > getattr(self.record, name)), "boots")
        self._reached(f"before {moved} is written")
        super().save(record)
        self._reached(f"after {moved} is written")


class CutTruth(Truth):
    """The metal, with a fuse: before an item falls its flap is open, after it nothing is counted yet."""

    def __init__(self, path: Path, reached: Reached) -> None:
        super().__init__(path)
        self._reached = reached

    def append(self, happening: Happening) -> None:
        name = {Event.FELL: "the item falls", Event.BACK: "the item is taken out"}.get(happening.event, "")
        self._reached(f"before {name}")
        super().append(happening)
        self._reached(f"after {name}")


TWIN_POINTS = tuple(
    f"{when} {name}"
    for name in ("sorted is written", "the item falls", "counted is written", "the item is taken out", "back is written")
    for when in ("before", "after")
)


def twin_life(state: str, point: str, mechanics: str) -> None:
    folder = Path(state)
    folder.mkdir(parents=True, exist_ok=True)
    reached = Reached(point)
    store, truth = CutStore(str(folder / "controller.bin"), reached), CutTruth(folder / "metal.jsonl", reached)
    run(Options(folder, mechanics=PROFILES[mechanics], seed=1, port_file=folder / "port"), store=store, truth=truth)


@dataclass
class Bench:
    """A twin, a ledger, and lives of a kiosk on them."""

    folders: Folders
    mechanics: str = "standard"
    twin: "subprocess.Popen[str] | None" = None
    fed: int = 0
    context: Any = field(default_factory=lambda: multiprocessing.get_context("forkserver"))

    def __post_init__(self) -> None:
        self.context.set_forkserver_preload(["power_cuts"])
        self.folders.make()
        self.start_twin("")
        write_configuration(
            self.folders,
            {
                "kiosk": {"id": "power-cuts", "state": str(self.folders.kiosk)},
                "intake": {"port": str(self.folders.twin / "intake")},
                "camera": {"source": json.loads((self.folders.twin / "twin.json").read_text())["camera_url"]},
                "limits": {"visit_bottles": 500, "day_cents": 1_000_000},
                "reward": {"voucher_page": "https://consigne.example/bon"},
                "city": {"url": "http://127.0.0.1:9"},
            },
        )
        begin_ledger(load(self.folders.configuration), "power cuts", "test")

    def start_twin(self, point: str) -> None:
        (self.folders.twin / "port").unlink(missing_ok=True)
        arguments = [sys.executable, __file__, "--twin", str(self.folders.twin), "--point", point, "--mechanics", self.mechanics]
        self.twin = subprocess.Popen(arguments, stdin=subprocess.PIPE, text=True, bufsize=1)
        wait_until(lambda: (self.folders.twin / "port").exists(), timeout_s=30)
        self.fed = self.put_in

    @property
    def put_in(self) -> int:
        return ask_metal(self.folders.twin / "metal.jsonl").put_in

    def feed(self, line: str) -> None:
        """One more item waits at the gate, once the one before is in."""
        if self.put_in < self.fed or self.twin is None or self.twin.stdin is None or self.twin.poll() is not None:
            return
        self.twin.stdin.write(line + "\n")
        self.fed += 1

    def live(self, point: str) -> tuple[Any, Any]:
        over = self.context.Event()
        finishes = point.endswith(("the visit opens", "the voucher is durable"))
        life = self.context.Process(target=kiosk_life, args=(str(self.folders.configuration), point, finishes, over), daemon=True)
        life.start()
        return life, over

    def cut_kiosk(self, point: str) -> None:
        """One life that ends at ``point``; items come until it is reached."""
        life, _ = self.live(point)
        lines = [REFUSED] if "return" in point or "back" in point else [ACCEPTED]

        def dead() -> bool:
            if life.is_alive():
                self.feed(lines[0])
            return not life.is_alive()

        wait_until(dead, timeout_s=60)
        assert life.exitcode == -signal.SIGKILL, f"{point}: ended with {life.exitcode}"

    def cut_twin(self, point: str) -> None:
        """The twin is started anew, and dies at ``point``."""
        self.stop_twin()
        self.start_twin(point)
        line = REFUSED if "taken out" in point or "back" in point else ACCEPTED

        def dead() -> bool:
            self.feed(line)
            return self.twin is not None and self.twin.poll() is not None

        wait_until(dead, timeout_s=60)

    def stop_twin(self) -> None:
        if self.twin is not None:
            self.twin.kill()
            self.twin.communicate()

    def settle(self, life: Any = None, over: Any = None) -> None:
        """A last life without a cut, until nothing is open."""
        if self.twin is None or self.twin.poll() is not None:
            self.start_twin("")
        if life is None:
            life, over = self.live("")
        wait_until(lambda: self.put_in >= self.fed, timeout_s=60)
        over.set()
        life.join(60)
        assert life.exitcode == 0, f"the last life ended with {life.exitcode}"

    def compare(self) -> Comparison:
        return compare(ask_metal(self.folders.twin / "metal.jsonl"), ask_books(self.folders.kiosk / "ledger.db"), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--twin")
    parser.add_argument("--point", default="")
    parser.add_argument("--mechanics", default="standard")
    chosen = parser.parse_args()
    if chosen.twin:
        twin_life(chosen.twin, chosen.point, chosen.mechanics)
        return
    for name, drill in (("kiosk", drill_kiosk), ("twin", drill_twin)):
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(Folders(Path(folder)))
            try:
                drill(bench, chosen.times)
                books = ask_books(bench.folders.kiosk / "ledger.db")
                ends = {"credited": sum(books.credits.values()), "cancelled": len(books.cancelled), "uncounted": len(books.uncounted)}
                print(name, bench.compare(), ends, flush=True)
            finally:
                bench.stop_twin()


def drill_kiosk(bench: Bench, times: int, points: tuple[str, ...] = KIOSK_POINTS) -> None:
    for point in points * times:
        import time; print(round(time.monotonic(),1), point, flush=True)
        if point.endswith("the intent is ended"):
            bench.cut_kiosk("after the intent is durable")  # leaves one that must be ended
        bench.cut_kiosk(point)
    bench.settle()


def drill_twin(bench: Bench, times: int, points: tuple[str, ...] = TWIN_POINTS) -> None:
    life, over = bench.live("")
    for point in points * times:
        bench.cut_twin(point)
    bench.settle(life, over)


if __name__ == "__main__":
    main()
