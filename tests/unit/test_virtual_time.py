"""The kiosk in virtual time: one process on a clock that jumps, through every kind of trouble, and the same seed the same ledger."""

import random
from pathlib import Path

import pytest

from drivers.twin.items import chamber_items
from drivers.twin.scenario import read_lines
from kiosk.deposit.halts import Halt
from kiosk.failures import RunStuck
from simulation import incidents
from simulation.incidents import INCIDENTS, troubled
from simulation.launcher import Plan
from simulation.outcome import Outcome
from simulation.virtual.run import simulate_virtually
from simulation.visitor import Shown

BOTTLES, REFUSED = ("pet_blue_50", "glass_green_75"), ("can_33", "pet_full")


def plan(seed: int = 1, items: int = 12, *, trouble: bool = False, scenario: Path | None = None) -> Plan:
    return Plan(items, None, scenario, seed, "standard", trouble)


def scenario_of(folder: Path, *lines: str) -> Path:
    path = folder / "lines.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(folder: Path, *lines: str, seen: list[Shown] | None = None) -> Outcome:
    told = [] if seen is None else seen
    return simulate_virtually(plan(scenario=scenario_of(folder, *lines)), folder / "run", told.append)


def test_the_same_seed_gives_the_same_ledger_and_another_seed_another(tmp_path: Path) -> None:
    first, again, other = (
        simulate_virtually(plan(seed, 5, trouble=True), tmp_path / name, None) for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert first == again
    assert first.ledger_head != other.ledger_head


def test_bottles_are_credited_and_the_rest_is_handed_back_with_its_reason(tmp_path: Path) -> None:
    outcome = run(tmp_path, "put pet_blue_50 roll 0", "put can_33 roll 0", "put glass_brown_33 roll 0", "put pet_full roll 0", "put cup")
    assert (outcome.accepted, outcome.credited_cents) == (2, 40)
    assert outcome.refused == {"can": 1, "not_empty": 1, "not_a_bottle": 1}
    assert outcome.clean


QUICK = ("jam below the chamber", "fishing out of the beam", "controller cut in mid-drop", "noise", "supply breaks down", "two at once")
"""Those in which money is nearest; the others take their turn with all that is long."""


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in sorted(INCIDENTS)])
def test_no_trouble_loses_doubles_or_misplaces_a_bottle_and_the_machine_goes_on(tmp_path: Path, name: str) -> None:
    chance = random.Random(name)
    lines = incidents.drawn(name, BOTTLES, REFUSED, chance)
    outcome = run(tmp_path, "put pet_blue_50 roll 0", *lines, "put glass_green_75 roll 0", "put pet_blue_50 roll 0")
    assert outcome.clean, outcome
    assert outcome.credited_cents >= 40


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_a_day_full_of_trouble_ends_with_every_cent_explained(tmp_path: Path, seed: int) -> None:
    assert simulate_virtually(plan(seed, 200, trouble=True), tmp_path, None).clean


def test_every_kind_of_trouble_is_drawn_and_understood() -> None:
    lines = troubled(BOTTLES, REFUSED, 2000, seed=1)
    assert {line[2:] for line in lines if line.startswith("#")} == INCIDENTS.keys()
    assert read_lines(lines, "trouble", chamber_items())


def test_a_jam_that_stays_gives_the_bottle_back_and_one_that_clears_takes_it(tmp_path: Path) -> None:
    assert run(tmp_path, "jam 2", "put pet_blue_50 roll 0").credited_cents == 20
    (tmp_path / "stays").mkdir()
    outcome = run(tmp_path / "stays", "jam 3", "put pet_blue_50 roll 0")
    assert (outcome.credited_cents, outcome.uncounted, outcome.clean) == (0, 0, True)


def test_a_bottle_caught_below_the_chamber_stops_the_machine_until_somebody_has_opened_the_door(tmp_path: Path) -> None:
    seen: list[Shown] = []
    lines = ("put pet_blue_50 roll 0", "wait 4000", "jam half", "put pet_blue_50 roll 0", "wait 9000")
    technician = ("door open", "wait 1000", "remove", "door shut", "wait 3000", "put pet_blue_50 roll 0")
    outcome = run(tmp_path, *lines, *technician, seen=seen)
    assert (outcome.credited_cents, outcome.uncounted, outcome.clean) == (40, 1, True)
    assert [shown["halt"] for shown in seen if shown["halt"]] == [Halt.JAM, Halt.DOOR]
    assert all(shown["cents"] == 20 for shown in seen if shown["halt"] in (Halt.JAM, Halt.DOOR))


def test_a_machine_that_nobody_sets_right_again_is_told_with_what_stands_on_the_screen(tmp_path: Path) -> None:
    with pytest.raises(RunStuck) as stuck:
        run(tmp_path, "gate blocked", "put pet_blue_50")
    assert stuck.value.halt is Halt.JAM
