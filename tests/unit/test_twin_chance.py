"""The simulated intake under lines drawn by chance: whatever happens, the metal contradicts neither itself nor what was counted."""

import random
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.intake.bus import CommandCode
from drivers.twin.sensing import SWITCHES
from worlds.hall import ITEMS, Hall

LINES = (
    *(f"put {name}" for name in ITEMS for _ in range(4)),
    "put wine with pet",
    "reach 300",
    "wait 700",
    "pull",
    "hand 400",
    "leave 1",
    "fish half",
    "fish beam",
    "door open",
    *["door shut"] * 3,
    *["remove"] * 3,
    "drop",
    "jam 1",
    "jam 3",
    "jam half 300",
    "jam half",
    "jam beam 300",
    "jam beam",
    "gate blocked",
    "flap blocked",
    "sorter dead",
    "flap slow 700",
    *[f"{drive} right" for drive in ("gate", "flap", "sorter") for _ in range(3)],
    "flap forced 300",
    "gate forced 300",
    "gate obstacle 1",
    "bin 1 0",
    "supply 9000 300",
    "supply 0 100",
    "reset 200",
    *(f"reset at {stage} 200" for stage in ("gate", "fall", "beam", "lock")),
    "mechanics instant",
    "mechanics standard",
)
LIES = (*(f"sensor {name} flicker" for name in SWITCHES), *(f"sensor {name} right" for name in SWITCHES), "scale drift 5", "scale drift 0")
ALLOWED = {
    None: {"in"},
    "in": {"fell", "stuck", "hangs", "back", "pulled", "removed"},
    "stuck": {"fell", "removed"},
    "hangs": {"fell", "removed", "up"},
    "up": {"fell", "stuck", "hangs", "back", "pulled", "removed"},
}
"""After which event of an item which may come; a twin that starts again makes no difference."""


@pytest.mark.parametrize("seed", range(8))
def test_what_the_metal_tells_is_one_story_and_every_drop_that_counted_is_in_it(tmp_path: Path, seed: int) -> None:
    """Also over a restart. A hand that takes out what hangs in the beam is to the controller what a fall is."""
    chance = random.Random(seed)
    for _ in range(2):
        hall = Hall(tmp_path)
        counted = lived_through(hall, LINES, chance)
        passed = [line["sequence"] for line in hall.lines() if line["event"] in ("fell", "removed")]
        assert counted - {0} <= set(passed)
        assert hall.record.totaliser <= len(passed)
        check_stories(hall.lines())


@pytest.mark.parametrize("seed", range(4))
def test_sensors_that_lie_change_nothing_of_what_the_metal_tells(tmp_path: Path, seed: int) -> None:
    hall = Hall(tmp_path)
    lived_through(hall, (*LINES, *LIES), random.Random(seed))
    check_stories(hall.lines())


def lived_through(hall: Hall, lines: tuple[str, ...], chance: random.Random) -> set[int]:
    """Lines and commands at any moment. What was counted."""
    counted = set()
    for _ in range(60):
        hall.say(chance.choice(lines))
        hall.after(chance.choice((1, 30, 150, 600, 2500)))
        if hall.machine.powered:
            hall.send(chance.choice(list(CommandCode)), chance.choice((1, 2, 3)))
        counted.add(hall.record.counted)
    return counted


def check_stories(lines: list[dict[str, object]]) -> None:
    stories: defaultdict[object, list[str | None]] = defaultdict(lambda: [None])
    for line in lines:
        if "n" in line:
            stories[line["n"]].append(str(line["event"]))
    for n, story in stories.items():
        for before, after in pairwise(story):
            assert after in ALLOWED.get(before, set()), (n, story)
