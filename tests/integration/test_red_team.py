"""Each pattern of the red team once before the whole kiosk: what it comes to with the policy that asks every vote. Shares are ``benchmarks.red_team``'s."""

import pytest

from config.settings import Recognition
from recognition.policies import policy_of
from simulation.redteam.attack import attack
from simulation.redteam.patterns import BY_NAME
from simulation.redteam.pool import read_pool

# not among them: as much in unknown PET as makes it weigh like ordinary glass
STOPPED = (
    *(
        "jar",
        "phone",
        "paper",
        "cup",
        "card_bottle",
        "labelled_can",
        "unfelt_can",
        "unfelt_labelled_can",
        "two_at_once",
        "two_labels",
        "water_100_ml",
        "water_330_ml",
        "stones",
    ),
    *("restricted_code", "small_glass_as_plastic", "hand_in_view", "fished_before_beam", "fished_in_beam", "foreign_label"),
)
TAKEN = ("honest", "heavy_glass")


def come_to(name: str) -> tuple[int, int]:
    """How many of the puts with its first picture came out wrong, and of how many."""
    pattern = BY_NAME[name]
    first = next(drawn for drawn in read_pool() if drawn.pattern == pattern.pool and pattern.chosen(drawn))
    outcomes = attack(pattern, [first], policy_of(Recognition(policy="every-vote"), demonstration=True), seed=1)
    return sum(outcome.is_wrong(pattern.wrong) for outcome in outcomes), len(outcomes)


@pytest.mark.long
@pytest.mark.parametrize("name", STOPPED)
def test_nobody_is_paid_for(name: str) -> None:
    assert come_to(name) == (0, 1)


@pytest.mark.long
@pytest.mark.parametrize("name", TAKEN)
def test_nobody_is_sent_away_with(name: str) -> None:
    assert come_to(name) == (0, 1)
