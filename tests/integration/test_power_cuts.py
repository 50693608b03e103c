"""The power is cut between any two steps of a bottle's way: afterwards every intent has the end that really happened."""

from pathlib import Path

import pytest

from power_cuts import KIOSK_POINTS, TWIN_POINTS, Drill, drill_at_random, drill_kiosk, drill_twin
from simulation.witnesses import Comparison


def all_agree(found: Comparison) -> bool:
    return (found.lost, found.duplicated, found.misread, found.disagreements) == (0, 0, (), ())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("point", ["after the intent is durable", "sort under way", "drop counted"])
def test_a_kiosk_killed_in_the_middle_of_a_bottle_loses_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    drill = Drill(tmp_path)
    with drill.installation as installation:
        drill_kiosk(drill, 1, [point])
        found = installation.compare()
    assert all_agree(found), found


@pytest.mark.timeout(300)
def test_a_twin_killed_between_fall_and_count_leaves_an_uncounted_bottle(tmp_path: Path) -> None:
    drill = Drill(tmp_path)
    with drill.installation as installation:
        drill_twin(drill, 1, ["before counted is written"])
        found = installation.compare()
    assert all_agree(found), found
    assert found.uncounted == 1


@pytest.mark.long
@pytest.mark.timeout(900)
def test_killed_at_random_moments_the_witnesses_agree(tmp_path: Path) -> None:
    drill = Drill(tmp_path)
    with drill.installation as installation:
        drill_at_random(drill, 20, seed=1)
        found = installation.compare()
    assert all_agree(found), found


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("cuts", "points"), [(drill_kiosk, KIOSK_POINTS), (drill_twin, TWIN_POINTS)], ids=["kiosk", "twin"])
def test_killed_at_every_step_of_a_bottles_way_the_witnesses_agree(tmp_path: Path, cuts: object, points: tuple[str, ...]) -> None:
    drill = Drill(tmp_path)
    with drill.installation as installation:
        assert callable(cuts)
        cuts(drill, 1, points)
        found = installation.compare()
    assert all_agree(found), found
