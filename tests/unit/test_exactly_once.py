"""Money follows the fall: the program's own session, driver core, firmware and ledger through seeded histories of bad luck."""

import tempfile
from pathlib import Path

import pytest

from simulation.witnesses import Comparison
from worlds.histories import World

MEMORY = Path("/dev/shm")


def live_through(seed: int) -> World:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        world = World(Path(folder), seed)
        world.run()
        found, books = world.compare(), world.books()
        assert (found.lost, found.duplicated, found.misread) == (0, 0, ()), f"seed {seed}: {found}"
        assert told(world, found) == [], f"seed {seed}: {world.controller_lives} lives"
        assert world.findings() == [], f"seed {seed}"
        assert world.booked_totaliser == world.machine_totaliser, f"seed {seed}"
        if world.controller_was_never_cut:
            assert books.uncounted == frozenset(), f"seed {seed}"
    return world


def told(world: World, found: Comparison) -> list[str]:
    """What the witnesses say against each other. No city takes part; and two cuts of the controller may hide what came back: one before the
    item moved, one after it was handed back and before that was written. Then the intent says that it fell uncounted, and a person decides."""
    hidden = "its bottle did not fall" if world.controller_lives > 2 else "nothing"
    return [what for what in found.disagreements if "the city" not in what and hidden not in what]


@pytest.mark.parametrize("first", [0, *(pytest.param(first, marks=pytest.mark.long) for first in range(10, 100, 10))])
def test_no_history_loses_doubles_or_misplaces_a_bottle(first: int) -> None:
    for seed in range(first, first + 10):
        live_through(seed)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(1000, 1200, 50))
def test_no_history_of_many_loses_doubles_or_misplaces_a_bottle(first: int) -> None:
    for seed in range(first, first + 50):
        live_through(seed)
