"""Each deed of staff's is cut at each of its moments and done once more: nothing is lost, nothing happens twice, and what is told as done was (``exploring/desk.py``)."""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from exploring.desk import WORKS, Broken, Cut, Machine, cut, moments, prepared
from kiosk.console import step as steps
from kiosk.console.events import DeskTold
from ledger import grants
from money.desk_days import DAY_S
from money.ledgers import tamper
from timing import FakeClock

SEED, AT_RANDOM, PAIRS = 24, 2, 20

LOG_IN = frozenset({"AskAgents", "JudgePin", "LookAtDay"})
"""What each deed begins with: cut in one of them, for all."""

MEMORY = Path("/dev/shm")
"""No promise here is the disk's: what is not committed is dropped by the exploration itself. So nobody waits for a disk where there is another place."""


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return prepared(tmp_path_factory.mktemp("desk") / "kiosk")


def of(machine: Machine, name: str) -> Machine:
    """On the next day where a day is to be closed."""
    clock = FakeClock()
    clock.advance(machine.clock.monotonic() + (DAY_S if name == "close" else 0))
    return replace(machine, clock=clock)


@pytest.mark.parametrize("name", ["pay", "grant"])
def test_cut_where_it_is_written_and_at_chosen_moments_a_deed_is_neither_lost_nor_done_twice(
    machine: Machine, tmp_path: Path, name: str
) -> None:
    there = moments(machine, WORKS[name], tmp_path / "whole")
    written = [place for place, (_, action) in enumerate(there) if action in {"PayVoucher", "GrantBottles"}]
    chance = random.Random(SEED)
    chosen = [(place, how) for place in written for how in (Cut.POWER, Cut.OTHER)]
    chosen += [(chance.randrange(len(there)), chance.choice(list(Cut))) for _ in range(AT_RANDOM)]
    for run, (place, how) in enumerate(chosen):
        cut(machine, WORKS[name], {place: how}, tmp_path / str(run))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", WORKS)
def test_cut_at_every_moment_in_every_way_a_deed_is_neither_lost_nor_done_twice(machine: Machine, tmp_path: Path, name: str) -> None:
    there = moments(of(machine, name), WORKS[name], tmp_path / "whole")
    for place, (_, action) in enumerate(there):
        for how in Cut if name == "pay" or action not in LOG_IN else ():
            cut(of(machine, name), WORKS[name], {place: how}, tmp_path / f"{place}-{how.name}")


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", WORKS)
def test_cut_twice_a_deed_is_neither_lost_nor_done_twice(machine: Machine, tmp_path: Path, name: str) -> None:
    there = moments(of(machine, name), WORKS[name], tmp_path / "whole")
    chance = random.Random(SEED)
    for run, (one, other) in enumerate(chance.sample(list(combinations(range(2 * len(there)), 2)), PAIRS)):
        cuts = {one: chance.choice(list(Cut)), other: chance.choice(list(Cut))}
        cut(of(machine, name), WORKS[name], cuts, tmp_path / str(run))


def answers_whoever_is_there(monkeypatch: pytest.MonkeyPatch, machine: Machine) -> None:
    del machine
    told = steps.step
    monkeypatch.setattr(
        "worlds.desk_room.step", lambda console, event: told(console, event.answer if isinstance(event, DeskTold) else event)
    )


def grants_what_was_granted(monkeypatch: pytest.MonkeyPatch, machine: Machine) -> None:
    monkeypatch.setattr(grants, "is_granted", lambda *_: False)
    tamper(machine.path, "DROP INDEX grant_once")


@pytest.mark.parametrize(
    ("name", "how", "breaks"), [("pay", Cut.OTHER, answers_whoever_is_there), ("grant", Cut.POWER, grants_what_was_granted)]
)
def test_a_console_that_keeps_a_promise_no_more_is_found(
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    how: Cut,
    breaks: Callable[[pytest.MonkeyPatch, Machine], None],
) -> None:
    broken = machine.copied(tmp_path / "broken")
    place = len(moments(broken, WORKS[name], tmp_path / "whole")) - (2 if how is Cut.OTHER else 1)
    breaks(monkeypatch, broken)
    with pytest.raises(Broken):
        cut(broken, WORKS[name], {place: how}, tmp_path / "cut")
