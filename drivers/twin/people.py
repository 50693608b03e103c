"""The people at the twin, each in their turn: visitors at the gate, and a technician behind the service door.

A visitor puts the next item in when the gate stands open on an empty chamber, and takes an item out when the gate opens on
it. What that does to the sensors is the metal's business, what breaks is ``breaking.py``'s; pictures are only awaited here.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from drivers.twin.actions import Action, Deed, Door, DriveName, Drop, Fish, Hand, Leave, Mischief, Pull, Put, Reach, Remove, Wait
from drivers.twin.camera import Spoil
from drivers.twin.items import Item
from drivers.twin.metal import SimulatedMetal

HAND_SHARE = 0.5
"""For this share of the time that putting in takes, hand and bottle interrupt the entry beam."""

DROP_MS = 400
"""How long a technician holds the flap open: less than what the controller takes for force, more than a fall."""


class Sight(Protocol):
    """What the chamber's camera shows."""

    def ready(self, n: int, item: Item, roll_deg: float | None) -> bool:
        """Whether the looks of the n-th item are made; begins to make them if not."""
        ...

    def show(self, n: int, item: Item, roll_deg: float | None) -> None:
        """The item, beside what is shown already."""
        ...

    def clear(self) -> None:
        """The empty chamber."""
        ...

    def light(self, percent: int) -> None:
        """The chamber's lamp."""
        ...

    def spoil(self, spoil: Spoil) -> None:
        """Something is wrong with the camera, or right again."""
        ...


class People:
    """``done`` once nobody waits any more, the chamber is empty and nothing falls; what is caught for good may be there.

    ``break_`` is told of all that no hand does.
    """

    def __init__(
        self,
        clock_ms: Callable[[], int],
        metal: SimulatedMetal,
        items: dict[str, Item],
        sight: Sight,
        break_: Callable[[Mischief], None],
    ) -> None:
        self._clock_ms = clock_ms
        self._metal = metal
        self._items = items
        self._sight = sight
        self._break = break_
        self._waiting: deque[Action] = deque()
        self._begun_ms: int | None = None
        """Since when the first of those who wait is at it."""
        self._take_since: int | None = None
        self._shut_in: int | None = None
        """The number of what lies behind the shut gate."""
        self._handed_back: int | None = None
        """The number of what a person waits for at the gate."""
        self._leaves = 0
        self._hand_ms = 0
        self._hand_until: int | None = None
        self._shown: tuple[int, ...] = ()

    @property
    def done(self) -> bool:
        return not self._waiting and not self._metal.lying and not self._metal.shaft.on_the_way

    @property
    def acting(self) -> bool:
        """Whether somebody is in the middle of something."""
        return self._begun_ms is not None or self._take_since is not None or self._hand_until is not None

    def queue(self, actions: Iterable[Action], *, already_in: int = 0) -> None:
        """Takes a scenario, without all that came before the end of its ``already_in``-th put."""
        waiting = deque(actions)
        while already_in and waiting:
            already_in -= isinstance(waiting.popleft(), Put)
        self._waiting.extend(waiting)

    def interject(self, actions: Iterable[Action]) -> None:
        """Lines from somebody who watches: who comes to the gate, or waits, stands behind the others; all else happens now."""
        for action in actions:
            if isinstance(action, Put | Reach | Wait):
                self._waiting.append(action)
            else:
                self._act(action)

    def due_ms(self) -> int | None:
        """When somebody next does something by themselves."""
        dues = [self._hand_until]
        if self._take_since is not None:
            dues.append(self._take_since + self._metal.mechanics.take_out_ms)
        if self._begun_ms is not None and self._waiting:
            now, times = self._clock_ms(), self._times(self._waiting[0])
            dues += [self._begun_ms + time_ms for time_ms in times if self._begun_ms + time_ms > now] or [now]
        return min((due for due in dues if due is not None), default=None)

    def step(self) -> None:
        """Once a tick, before the controller looks. One thing at a time, so that it sees an emptied chamber before the next item."""
        hand = self._lingers()
        if not self._take() and self._waiting:
            hand |= self._next(self._waiting[0])
        self._metal.hand_in_gate = hand
        self._look()

    def _act(self, action: Deed | Mischief) -> None:
        metal = self._metal
        match action:
            case Pull():
                if metal.lying and not metal.gate.is_shut:
                    metal.take_out()
            case Hand(time_ms):
                self._hand_ms = time_ms
            case Leave(times):
                self._leaves += times
            case Fish():
                metal.shaft.fates.append(action)
            case Door(is_open):
                metal.door_open = is_open
            case Remove():
                if metal.door_open:
                    metal.remove()
            case Drop():
                if metal.door_open:
                    metal.force(DriveName.FLAP, DROP_MS)
            case _:
                self._break(action)

    def _next(self, head: Action) -> bool:
        """The first of those who wait, or the next line. Whether a hand is in the gate."""
        match head:
            case Put():
                return self._put(head)
            case Reach(time_ms):
                return self._reach(time_ms)
            case Wait(time_ms):
                self._begun_ms = self._clock_ms() if self._begun_ms is None else self._begun_ms
                if self._clock_ms() - self._begun_ms >= time_ms:
                    self._leave_queue()
            case _:
                self._waiting.popleft()
                self._act(head)
        return False

    def _put(self, put: Put) -> bool:
        """Begins when the gate stands open on an empty chamber, and is given up when that changes."""
        metal, now = self._metal, self._clock_ms()
        held = self._held(put)
        # drawn while the bottle before is still on its way, so that it holds nobody up
        undrawn = [n for n, seen in held if not self._sight.ready(n, *seen)]
        if metal.lying or not self._gate_invites or undrawn:
            self._begun_ms = None
            return False
        if self._begun_ms is None:
            self._begun_ms = now
        begins_ms, ends_ms = self._times(put)
        if now - self._begun_ms < ends_ms:
            return now - self._begun_ms >= begins_ms
        first = metal.next_number
        for n, (item, roll_deg) in held:
            self._sight.show(n, item, roll_deg)
            metal.put(item, roll_deg, scenario=put.scenario, beside=None if n == first else first)
        self._shown = tuple(n for n, _ in held)
        self._leave_queue()
        return False

    def _reach(self, time_ms: int) -> bool:
        """A hand, and what it holds, in the open gate and out again, whatever the gate does meanwhile."""
        now = self._clock_ms()
        if self._begun_ms is None:
            if not self._gate_invites:
                return False
            self._begun_ms = now
        if now - self._begun_ms < time_ms:
            return True
        self._leave_queue()
        return False

    def _leave_queue(self) -> None:
        self._waiting.popleft()
        self._begun_ms = None

    @property
    def _gate_invites(self) -> bool:
        return self._metal.gate.is_open and self._metal.gate.opens

    def _held(self, put: Put) -> list[tuple[int, tuple[Item, float | None]]]:
        """What is put in, by number: one thing, or two at once."""
        n = self._metal.next_number
        item = self._items[put.item]
        first = n, (item if put.weight_g is None else replace(item, weight_g=put.weight_g), put.roll_deg)
        return [first] if put.beside is None else [first, (n + 1, (self._items[put.beside], None))]

    def _times(self, action: Action) -> tuple[int, ...]:
        """After which times something happens to what has begun."""
        match action:
            case Put():
                put_in_ms = self._metal.mechanics.put_in_ms
                return round(put_in_ms * (1 - HAND_SHARE)), put_in_ms
            case Reach(time_ms) | Wait(time_ms):
                return (time_ms,)
            case _:
                return ()

    def _lingers(self) -> bool:
        """Whether the hand that was announced is in the gate: it stays as the gate next begins to shut."""
        gate, now = self._metal.gate, self._clock_ms()
        if self._hand_ms and not gate.opens and not gate.is_shut:
            self._hand_until, self._hand_ms = now + self._hand_ms, 0
        if self._hand_until is not None and now >= self._hand_until:
            self._hand_until = None
        return self._hand_until is not None

    def _take(self) -> bool:
        """Whether somebody just took out what lay there.

        What a gate that was shut opens on is handed back to its person, who may leave it. A gate that merely gives way hands nothing back.
        """
        metal, now = self._metal, self._clock_ms()
        first = metal.lying[0].n if metal.lying else None
        if metal.gate.is_shut:
            self._shut_in = first
        elif metal.gate.opens and self._shut_in is not None:
            self._handed_back = None if self._leaves else self._shut_in
            self._leaves = max(0, self._leaves - 1)
            self._shut_in = None
        if self._handed_back is None or first != self._handed_back or not self._gate_invites:
            self._take_since = None
            return False
        if self._take_since is None:
            self._take_since = now
        if now - self._take_since < metal.mechanics.take_out_ms:
            return False
        metal.take_out()
        self._take_since = self._handed_back = None
        return True

    def _look(self) -> None:
        """The camera shows what lies there; after a start that is what the twin before left."""
        lying = self._metal.lying
        numbers = tuple(happening.n for happening in lying)
        if numbers == self._shown:
            return
        seen = [(happening.n, self._items[happening.item], happening.roll_deg) for happening in lying]
        if all(self._sight.ready(*one) for one in seen):
            if self._shown:
                self._sight.clear()
            for one in seen:
                self._sight.show(*one)
            self._shown = numbers
