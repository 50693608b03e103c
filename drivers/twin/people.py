"""The people at the twin's gate, and whoever breaks things behind it: carries out a scenario's actions, each in its turn.

A person puts the next item in when the gate stands open on an empty chamber, and takes an item out when the gate opens on
it. What that does to the sensors is the metal's business; pictures are made elsewhere and only awaited here.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol, assert_never

from drivers.twin.items import Item
from drivers.twin.mechanics import Mechanics
from drivers.twin.metal import SimulatedMetal
from drivers.twin.scenario import Action, Jam, LineFault, Pull, Put
from drivers.twin.truth import Happening

HAND_SHARE = 0.5
"""For this share of the time that putting in takes, hand and bottle interrupt the entry beam."""


class Sight(Protocol):
    """What the chamber's camera shows."""

    def ready(self, n: int, item: Item, roll_deg: float | None) -> bool:
        """Whether the looks of the n-th item are made; begins to make them if not."""
        ...

    def show(self, n: int, item: Item, roll_deg: float | None) -> None: ...

    def clear(self) -> None: ...


class People:
    """``done`` once nobody waits any more and the chamber is empty. ``break_line`` is told of the line's faults."""

    def __init__(
        self,
        mechanics: Mechanics,
        clock_ms: Callable[[], int],
        metal: SimulatedMetal,
        items: dict[str, Item],
        sight: Sight,
        break_line: Callable[[LineFault], None],
    ) -> None:
        self._mechanics = mechanics
        self._clock_ms = clock_ms
        self._metal = metal
        self._items = items
        self._sight = sight
        self._break_line = break_line
        self._waiting: deque[Action] = deque()
        self._put_since: int | None = None
        self._take_since: int | None = None
        self._gate_opened = False
        self._handed_back: Happening | None = None
        self._shown: int | None = None

    @property
    def done(self) -> bool:
        return not self._waiting and self._metal.lying is None

    @property
    def acting(self) -> bool:
        """Whether somebody is in the middle of putting in or taking out."""
        return self._put_since is not None or self._take_since is not None

    def queue(self, actions: Iterable[Action], *, already_in: int = 0) -> None:
        """Takes a scenario, without all that came before the end of its ``already_in``-th put."""
        waiting = deque(actions)
        while already_in and waiting:
            already_in -= isinstance(waiting.popleft(), Put)
        self._waiting.extend(waiting)

    def interject(self, actions: Iterable[Action]) -> None:
        """Lines from somebody who watches: who puts something in waits behind the others, all else happens now."""
        for action in actions:
            if isinstance(action, Put):
                self._waiting.append(action)
            else:
                self._act(action)

    def step(self) -> None:
        """Once a tick, before the controller looks. One thing at a time, so that it sees an emptied chamber before the next item."""
        if not self._take() and self._waiting:
            head = self._waiting[0]
            if isinstance(head, Put):
                self._put(head)
            else:
                self._act(self._waiting.popleft())
        self._look()

    def _act(self, action: Action) -> None:
        match action:
            case Pull():
                if self._metal.lying is not None and not self._metal.gate.is_shut:
                    self._metal.take_out()
            case Jam(sorts):
                self._metal.jam(sorts)
            case LineFault():
                self._break_line(action)
            case Put():
                raise ValueError("a put waits for its turn")
            case _:
                assert_never(action)

    def _put(self, put: Put) -> None:
        """Begins when the gate stands open on an empty chamber, and is given up when that changes."""
        metal, item, now = self._metal, self._items[put.item], self._clock_ms()
        n = metal.next_number
        if not self._sight.ready(n, item, put.roll_deg) or metal.lying is not None or not (metal.gate.is_open and metal.gate.opens):
            self._put_since = None
            metal.hand_in_gate = False
            return
        if self._put_since is None:
            self._put_since = now
        reached_for = now - self._put_since
        metal.hand_in_gate = self._mechanics.put_in_ms * (1 - HAND_SHARE) <= reached_for < self._mechanics.put_in_ms
        if reached_for >= self._mechanics.put_in_ms:
            self._sight.show(n, item, put.roll_deg)
            self._shown = n
            metal.put(item, put.roll_deg, scenario=put.scenario)
            self._put_since = None
            self._waiting.popleft()

    def _take(self) -> bool:
        """Whether somebody just took an item out.

        An item that the gate opens on is handed back to its person; one just put in lies behind a gate that was open before.
        """
        metal, now = self._metal, self._clock_ms()
        if metal.gate.opens and not self._gate_opened:
            self._handed_back = metal.lying
        self._gate_opened = metal.gate.opens
        if self._handed_back is None or metal.lying is not self._handed_back or not (metal.gate.is_open and metal.gate.opens):
            self._take_since = None
            return False
        if self._take_since is None:
            self._take_since = now
        if now - self._take_since < self._mechanics.take_out_ms:
            return False
        metal.take_out()
        self._take_since = self._handed_back = None
        return True

    def _look(self) -> None:
        """The camera shows what lies there; after a start that is what the twin before left."""
        lying = self._metal.lying
        if lying is None and self._shown is not None:
            self._sight.clear()
            self._shown = None
        elif lying is not None and self._shown != lying.n:
            item = self._items[lying.item]
            if self._sight.ready(lying.n, item, lying.roll_deg):
                self._sight.show(lying.n, item, lying.roll_deg)
                self._shown = lying.n
