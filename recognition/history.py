"""What this machine has taken, as far as verdicts rest on it: the last of all bottles, and the last weights of each code. In memory; what outlives a start: ``kiosk/remembered.py``.

Knows no clock. An order of entries is all that is asked, so that no clock that jumps makes a bottle new again.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from config.vocabulary import Gtin, Material
from recognition.policy import Learning
from recognition.repetition import learnt
from recognition.verdict import Learnt, Taken

RECENT = 256
"""Bottles: more than any policy asks about."""

WEIGHTS = 32
"""Of one code."""

CODES = 4096
"""Codes whose weights are kept; the one that came least lately goes."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A bottle that was credited. ``visit``: any mark that tells its visit from others."""

    gtin: Gtin | None
    material: Material
    weight_g: int
    visit: str


class History:
    """``passed``: what is known already, the oldest first."""

    def __init__(self, passed: Iterable[Passed] = ()) -> None:
        self._recent: deque[Passed] = deque(maxlen=RECENT)
        self._by_code: OrderedDict[Gtin, deque[Passed]] = OrderedDict()
        for one in passed:
            self.add(one)

    def add(self, one: Passed) -> None:
        self._recent.append(one)
        if one.gtin is None:
            return
        self._by_code.setdefault(one.gtin, deque(maxlen=WEIGHTS)).append(one)
        self._by_code.move_to_end(one.gtin)
        if len(self._by_code) > CODES:
            self._by_code.popitem(last=False)

    def before(self, visit: str | None) -> tuple[Taken, ...]:
        """What was taken before one of this visit, the oldest first; None: its visit has only begun."""
        return tuple(Taken(one.gtin, one.weight_g, visit is not None and one.visit == visit) for one in self._recent)

    def learnt(self, gtin: Gtin, rules: Learning) -> Learnt | None:
        return learnt([(one.weight_g, one.material, one.visit) for one in self._by_code.get(gtin, ())], rules)

    def keep(self) -> None:
        """In memory nothing is kept beyond a start."""
