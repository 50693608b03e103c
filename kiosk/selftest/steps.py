"""What a step of the self-test is, and what it stands on. The steps themselves are in the modules of their groups."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.selftest.results import Group, Result
from kiosk.selftest.rig import Rig


@dataclass(frozen=True, slots=True)
class Step:
    """``needs``: steps that must have passed. ``by_hand``: somebody must do something in it. ``asks``: it needs a controller that answers. ``moves``: it moves something.

    ``rests``: it looks at what must have come home; before it, as before all that moves, a latched fault is cleared. ``run`` measures and judges; what it raises is told as a result by ``run.py``.
    """

    name: str
    group: Group
    run: Callable[[Rig], Result]
    needs: tuple[str, ...] = ()
    asks: bool = True
    moves: bool = False
    rests: bool = False
    by_hand: bool = False

    @property
    def clears(self) -> bool:
        return self.moves or self.rests
