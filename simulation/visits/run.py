"""A run from its assumptions to its figures. The same file gives the same figures, whatever the machine."""

from collections.abc import Sequence
from pathlib import Path

from config.settings import Recognition
from recognition.policies import policy_of
from simulation.redteam.pool import Drawn, read_pool
from simulation.visits.assumptions import Assumptions
from simulation.visits.brought import visits_of
from simulation.visits.figures import Run, figures_of
from simulation.visits.judged import Vote, came_of
from simulation.visits.sight import Seen, Sight

TAKES = 2
"""So often each picture is looked at: what light and noise make of it."""


def pool_of(folders: Sequence[Path]) -> tuple[Drawn, ...]:
    """The pictures of all folders, each a pool as ``training/chamber`` draws them. Raises as ``read_pool``."""
    return tuple(drawn for folder in folders for drawn in read_pool(folder))


class Looked:
    """What is brought, and what the kiosk's own sight makes of each picture of it, one after the other. Raises NoPictures."""

    def __init__(self, assumed: Assumptions, pool: Sequence[Drawn]) -> None:
        self.policy = policy_of(Recognition(policy="every-vote"), demonstration=True)
        self.visits = list(visits_of(assumed, pool))
        self._items = {thing.picture.item.name: thing.picture.item for things in self.visits for thing in things}
        self._looker = Sight(self.policy, assumed.seed, TAKES)
        self.seen: dict[str, tuple[Seen, ...]] = {}

    @property
    def names(self) -> list[str]:
        return sorted(self._items)

    def look(self, name: str) -> None:
        self.seen |= self._looker.of([self._items[name]])


def simulate(assumed: Assumptions, looked: Looked) -> Run:
    """``looked``: at every name."""
    visits, seen, policy = looked.visits, looked.seen, looked.policy
    whole = figures_of(came_of(visits, seen, assumed, policy))
    without = {vote: figures_of(came_of(visits, seen, assumed, policy, vote)) for vote in Vote}
    return Run(policy.name, len(visits), sum(len(things) for things in visits), whole, without)
