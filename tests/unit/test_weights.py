"""Whoever puts in many of one kind puts in no bottle twice: their weights differ, in a simulated run and at the demonstration's panel."""

import io
import queue
import random
import re
from pathlib import Path
from statistics import mean, stdev

import pytest

from simulation.at_city import AtCity
from simulation.demo.deeds import PutIn
from simulation.demo.performance import Performance
from simulation.launcher import Plan, write_scenario
from simulation.processes import Folders, Processes
from simulation.weights import SCATTER, weight_of_one

PUT = re.compile(r"put (\S+) roll -?\d+ weighing (\d+)\n")


def test_bottles_of_one_kind_differ_by_a_hundredth_of_their_weight() -> None:
    chance = random.Random(1)
    weights = [weight_of_one(200, chance) for _ in range(500)]
    assert mean(weights) == pytest.approx(200, rel=SCATTER / 5)
    assert stdev(weights) == pytest.approx(200 * SCATTER, rel=0.2)


def test_nothing_weighs_nothing() -> None:
    assert weight_of_one(1, random.Random(1)) == 1


def test_a_runs_bottles_of_one_kind_each_weigh_something_else_and_the_same_seed_gives_the_same(tmp_path: Path) -> None:
    plan = Plan(items=200, frames=None, scenario=None, seed=3, mechanics="instant")
    told = write_scenario(plan, tmp_path / "one").read_text()
    assert told == write_scenario(plan, tmp_path / "other").read_text()
    brown = [int(weight) for kind, weight in PUT.findall(told) if kind == "glass_brown_33"]
    assert len(brown) >= 10
    assert len(set(brown)) > 3


def test_a_troubled_runs_bottles_do_so_too_two_in_one_hand_included(tmp_path: Path) -> None:
    plan = Plan(items=3000, frames=None, scenario=None, seed=3, mechanics="instant", troubled=True)
    puts = [line for line in write_scenario(plan, tmp_path / "run").read_text().splitlines() if line.startswith("put")]
    assert [line for line in puts if not re.search(r" weighing \d+( with \S+)?$", line)] == []
    assert any(" with " in line for line in puts)


def test_a_bottle_of_the_demonstrations_panel_is_another_one_each_time(tmp_path: Path) -> None:
    hands = io.StringIO()
    folders = Folders(tmp_path)
    show = Performance(Processes(folders), folders, hands, ("kiosk",), queue.SimpleQueue(), city=AtCity("", "", "", {}), camera="")
    for _ in range(200):
        show.do(PutIn("glass_brown_33", 6))
    found = PUT.findall(hands.getvalue())
    assert len(found) == 200
    assert len({weight for _, weight in found}) > 3
