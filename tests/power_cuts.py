"""The power is cut at an exact step of a bottle's way, again and again, on one twin and one ledger. Run by tests, or by hand:

    python tests/power_cuts.py --times 10
    python tests/power_cuts.py --times 0 --random 300 --seed 1

With ``--random`` as many more cuts come at any moment of a life, those of kiosk and twin in turn.
Cuts are SIGKILL from wrappers round the kiosk's line and journal and round the twin's memory and metal; the product knows of none.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from config.clock import Instant
from config.settings import load
from config.vocabulary import Association, Cents, SequenceNumber
from drivers.intake.bus import Command, ControllerState, HotBlock, ServiceLine
from drivers.twin.process import Options, run
from drivers.twin.truth import Event, Happening, Truth
from firmware.store import Record, Store
from kiosk.app import Kiosk
from kiosk.deposit.events import Touch, Touched
from kiosk.deposit.states import Ready
from kiosk.deposit.view import Screen, ViewState
from kiosk.face import as_line
from ledger.vocabulary import Booked, Books, Cause, Ending, Intent, Journal, Standing, Visit, Voucher
from timing import patient, wait_until
from wires.wrapped_line import WrappedLine
from worlds.installation import CAN, GLASS, Installation


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
    "item entered": lambda _, hot: hot.occupied and hot.state is ControllerState.CLOSING,
    "item settled": lambda _, hot: hot.occupied and hot.state is ControllerState.SHUT and hot.steady,
    "sort under way": lambda _, hot: hot.state is ControllerState.SORTING,
    "item gone from the chamber": lambda _, hot: hot.state is ControllerState.SORTING and not hot.occupied,
    "drop counted": lambda last, hot: hot.counted > last.counted,
    "return under way": lambda _, hot: hot.state is ControllerState.RETURNING and hot.occupied,
    "taken back": lambda last, hot: hot.back > last.back,
}
COMMANDS = tuple(f"{when} {name} is written" for name in ("open", "sort", "return") for when in ("before", "after"))
MONEY = tuple(
    f"{when} {name}"
    for name in ("the visit opens", "the intent is durable", "the credit is durable", "the intent is ended", "the voucher is durable")
    for when in ("before", "after")
)
KIOSK_POINTS = (*READINGS, *COMMANDS, *MONEY)


class CutLine(WrappedLine):
    """The line to the intake, with a fuse."""

    def __init__(self, line: ServiceLine, reached: Reached) -> None:
        super().__init__(line)
        self._reached = reached
        self._last: HotBlock | None = None

    def read(self, beat: int) -> HotBlock:
        hot = super().read(beat)
        for name, seen in READINGS.items():
            if seen(self._last or hot, hot):
                self._reached(name)
        self._last = hot
        return hot

    def write(self, command: Command) -> None:
        name = f"{command.code.name.lower()} is written"
        self._reached(f"before {name}")
        super().write(command)
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

    @property
    def books(self) -> Books:
        return self._journal.books

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

    def give(self, visit: str, association: Association, occurred: Instant) -> Cents:
        return self._journal.give(visit, association, occurred)

    def begin_ticket(self, code: str, occurred: Instant) -> int:
        return self._journal.begin_ticket(code, occurred)

    def mark_shown(self, code: str, occurred: Instant) -> None:
        self._journal.mark_shown(code, occurred)

    def close_visit(self, visit: str, occurred: Instant) -> None:
        self._journal.close_visit(visit, occurred)


def kiosk_life(configuration: Path, point: str) -> None:
    """One life of a kiosk: until its power is cut; or, once its stdin has ended, until the last visit is reconciled."""
    due = {Screen.CHOOSE: Touch.KEEP, Screen.VOUCHER: Touch.DONE, Screen.PARTING: Touch.DONE, Screen.THANKS: Touch.DONE}
    finishes = point.endswith(("the visit opens", "the voucher is durable"))
    over = threading.Event()
    screen = (configuration.parent / "logs" / "screen.jsonl").open("a", encoding="utf-8", buffering=1)

    def show(view: ViewState) -> None:
        screen.write(as_line(view) + "\n")
        if view.screen in due:
            kiosk.runner.post(Touched(due[view.screen]))

    reached = Reached(point)
    kiosk = Kiosk(load(configuration), show, lambda line: CutLine(line, reached), lambda journal: CutJournal(journal, reached))

    def wait_for_the_end() -> None:
        sys.stdin.read()
        over.set()

    def visitor() -> None:
        """Finishes when it is time to, and stops the kiosk once nothing is open."""
        pause = threading.Event()
        while not pause.wait(0.05):
            session = kiosk.runner.session
            if over.is_set() and session.visit is None and session.intent is None and isinstance(session.phase, Ready):
                kiosk.stop()
                return
            if over.is_set() or (finishes and session.visit is not None and session.visit.bottles):
                kiosk.runner.post(Touched(Touch.FINISH))

    for work in (wait_for_the_end, visitor):
        threading.Thread(target=work, daemon=True).start()
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


def twin_life(folder: Path, port_file: Path, point: str) -> None:
    reached = Reached(point)
    store, truth = CutStore(str(folder / "controller.bin"), reached), CutTruth(folder / "metal.jsonl", reached)
    run(Options(folder, seed=1, port_file=port_file), store=store, truth=truth)


class Drill:
    """Lives of a kiosk and of a twin, one after the other, on one installation."""

    def __init__(self, folder: Path) -> None:
        self.installation = Installation(folder, (sys.executable, __file__, "--twin"))

    def live(self, point: str = "") -> "subprocess.Popen[str]":
        """A kiosk that dies at ``point``; closing its stdin asks it to come to an end."""
        command = [sys.executable, __file__, "--kiosk", str(self.installation.folders.configuration), "--point", point]
        return subprocess.Popen(command, stdin=subprocess.PIPE, text=True)

    def cut_kiosk(self, point: str) -> None:
        """One life that ends at ``point``; items come until it is reached."""
        life = self.live(point)
        self._feed_until_dead(life, CAN if "return" in point or "back" in point else GLASS, point)
        life.communicate()

    def cut_twin(self, point: str) -> None:
        """The twin is started anew, and dies at ``point``."""
        self.installation.start_twin("--point", point)
        self._feed_until_dead(self.installation.twin, CAN if "taken out" in point or "back" in point else GLASS, point)

    def cut_kiosk_after(self, seconds: float) -> None:
        """One life that ends after so long, whatever it is doing."""
        life = self.live()
        self._feed_for(life, seconds)
        life.communicate()

    def cut_twin_after(self, seconds: float) -> None:
        """The twin is started anew if it is dead, and dies after so long."""
        if self.installation.twin.poll() is not None:
            self.installation.start_twin()
        self._feed_for(self.installation.twin, seconds)

    def await_rest(self, life: "subprocess.Popen[str] | None" = None) -> None:
        """A life without a cut, until nothing is open."""
        if self.installation.twin.poll() is not None:
            self.installation.start_twin()
        if life is None:
            life = self.live()
        wait_until(lambda: self.installation.all_in, timeout_s=60)
        life.communicate(timeout=patient(60))
        assert life.returncode == 0, f"the last life ended with {life.returncode}"

    def _feed_for(self, process: "subprocess.Popen[str]", seconds: float) -> None:
        until = time.monotonic() + seconds

        def over() -> bool:
            self.installation.feed(GLASS)
            return time.monotonic() >= until

        wait_until(over, timeout_s=seconds + 60)
        assert process.poll() is None, f"it ended by itself with {process.returncode}"
        process.kill()
        process.wait()

    def _feed_until_dead(self, process: "subprocess.Popen[str]", line: str, point: str) -> None:
        def dead() -> bool:
            self.installation.feed(line)
            return process.poll() is not None

        try:
            wait_until(dead, timeout_s=60)
        except pytest.fail.Exception as error:
            shown = (self.installation.folders.logs / "screen.jsonl").read_text(encoding="utf-8").splitlines()
            raise AssertionError(f"{point} is not reached: {shown[-3:]}, {self.installation.metal()}") from error
        assert process.returncode == -signal.SIGKILL, f"{point}: ended with {process.returncode}"


def drill_kiosk(drill: Drill, times: int, points: Sequence[str] = KIOSK_POINTS) -> None:
    for point in list(points) * times:
        if point.endswith("the intent is ended"):
            drill.cut_kiosk("after the intent is durable")  # leaves one that must be ended
        drill.cut_kiosk(point)
    drill.await_rest()


def drill_twin(drill: Drill, times: int, points: Sequence[str] = TWIN_POINTS) -> None:
    life = drill.live()
    for point in list(points) * times:
        drill.cut_twin(point)
    drill.await_rest(life)


LONGEST_LIFE_S = 6.0
"""Enough for a start and two bottles."""


def drill_at_random(drill: Drill, times: int, seed: int) -> None:
    """Cuts at any moment: of the kiosk alone, and of the twin in front of a kiosk that lives on."""
    chance = random.Random(seed)
    for _ in range(times - times // 2):
        drill.cut_kiosk_after(chance.uniform(0.0, LONGEST_LIFE_S))
    drill.await_rest()
    life = drill.live()
    for _ in range(times // 2):
        drill.cut_twin_after(chance.uniform(0.0, LONGEST_LIFE_S))
    drill.await_rest(life)


SIDES = {"kiosk": (drill_kiosk, KIOSK_POINTS), "twin": (drill_twin, TWIN_POINTS)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--random", type=int, default=0, help="cuts at random moments, beside those at the points")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    parser.add_argument("--side", choices=SIDES, action="append", help="kiosk or twin; both if not said")
    parser.add_argument("--twin", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--kiosk", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port-file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--point", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.twin:
        twin_life(chosen.twin, chosen.port_file, chosen.point)
        return
    if chosen.kiosk:
        kiosk_life(chosen.kiosk, chosen.point)
        return
    for name in (chosen.side or SIDES) if chosen.times else ():
        cuts, points = SIDES[name]
        told(f"{name} killed {len(points) * chosen.times} times at {len(points)} points", partial(cuts, times=chosen.times))
    if chosen.random:
        at_random = partial(drill_at_random, times=chosen.random, seed=chosen.seed)
        told(f"kiosk and twin killed {chosen.random} times at random moments, seed {chosen.seed}", at_random)


def told(what: str, cuts: Callable[[Drill], None]) -> None:
    """The cuts on an installation of their own, and what the witnesses say of it."""
    with tempfile.TemporaryDirectory() as folder:
        drill = Drill(Path(folder))
        with drill.installation as installation:
            cuts(drill)
            books, found = installation.books(), installation.compare()
    sys.stdout.write(
        f"{what}: credited {sum(books.credits.values())}, cancelled {len(books.cancelled)}, uncounted {len(books.uncounted)}, "
        f"lost {found.lost}, duplicated {found.duplicated}, misread {len(found.misread)}, disagreements {list(found.disagreements)}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
