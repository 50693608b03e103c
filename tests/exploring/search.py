"""Breadth first through every world in reach, so that the first history that breaks a promise is a shortest one; and the way home."""

import time
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import NamedTuple

from exploring.promises import Moment, at_home, broken
from exploring.world import MASK, ONE, Bounds, System, World, left_of
from exploring.worlds import Worlds

WAITS_IN_A_ROW = 6
"""Waits that may have to end one after the other before the machine is home again."""


class Found(NamedTuple):
    """``promise`` is the one that broke, None if none did; ``depth`` events were looked ahead. ``whole``: nothing in reach was left out."""

    promise: str | None
    history: tuple[str, ...]
    worlds: int
    depth: int
    seconds: float
    whole: bool

    def __str__(self) -> str:
        reach = "" if self.whole or self.promise else ", more in reach"
        return f"{self.promise or 'no promise broken'}: {self.worlds} worlds, {self.depth} events deep, {self.seconds:.1f} s{reach}"

    @property
    def told(self) -> str:
        """The history too, one event a line."""
        return "\n".join([str(self), *(f"  {number:2} {label}" for number, label in enumerate(self.history, 1))])


def explore(bounds: Bounds, system: System, deepest: int | None = None, most: int | None = None, home: bool = False) -> Found:
    """Until a promise breaks, nothing new is in reach, all histories of ``deepest`` events were seen, or about ``most`` worlds.

    ``home``: of everything in reach, also, whether the machine comes home again once bad luck is used up; see ``promises.at_home``.
    """
    return _Search(bounds, system).run(deepest, most, home)


class _Search:
    def __init__(self, bounds: Bounds, system: System) -> None:
        self._began = time.monotonic()
        self._worlds = Worlds(bounds, system)
        self._judge = _Judge(self._worlds)
        self._parent: dict[World, World | None] = {self._worlds.first(): None}
        self._depth = 0

    def run(self, deepest: int | None, most: int | None, home: bool) -> Found:
        front = list(self._parent)
        while front and (deepest is None or self._depth < deepest) and (most is None or len(self._parent) < most):
            self._depth += 1
            front, promise = self._look_ahead(front)
            if promise is not None:
                return self._found(promise, front[-1], whole=False)
        if home and not front:
            lost = _Homeward(self._worlds).lost(self._parent)
            if lost is not None:
                return self._found("no way home", lost, whole=True)
        return self._found(None, None, whole=not front)

    def _look_ahead(self, front: list[World]) -> tuple[list[World], str | None]:
        """The worlds one event further on; the last of them breaks the promise, if one is broken."""
        parent, after_all = self._parent, []
        for world in front:
            for _, after in self._worlds.after(world):
                if after not in parent:
                    parent[after] = world
                    after_all.append(after)
                    promise = self._judge(after)
                    if promise is not None:
                        return after_all, promise
        return after_all, None

    def _found(self, promise: str | None, last: World | None, whole: bool) -> Found:
        history = () if last is None else self._history(last)
        return Found(promise, history, len(self._parent), self._depth, time.monotonic() - self._began, whole)

    def _history(self, last: World) -> tuple[str, ...]:
        """The words of the events are looked up afterwards: a name for each would not fit into memory."""
        labels: deque[str] = deque()
        at = last
        while (before := self._parent[at]) is not None:
            labels.appendleft(next(label for label, after in self._worlds.after(before) if after == at))
            at = before
        return tuple(labels)


class _Judge:
    """Many worlds look the same to the promises."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._known: dict[tuple[object, ...], str | None] = {}
        self._mask = sum(MASK[name] for name in ("controller_cuts", "jams", "stalls", "strangers", "orders"))

    def __call__(self, world: World) -> str | None:
        phase, knows = self._worlds.kiosk_side.phase(world.kiosk), self._worlds.knows(world)
        base = self._worlds.counts_from(world)
        key = world.device, phase, knows, base, world.books, world.past, not world.wire, world.left & self._mask
        if key not in self._known:
            self._known[key] = broken(moment(self._worlds, world))
        return self._known[key]


def moment(worlds: Worlds, world: World) -> Moment:
    """A world as the promises see it."""

    def spent(name: str) -> int:
        return int(getattr(worlds.bounds, name)) - left_of(world.left, name)

    return Moment(
        worlds.device_side.devices.values[world.device],
        worlds.kiosk_side.phase(world.kiosk),
        worlds.kiosk_side.books.values[world.books],
        worlds.pasts.values[world.past],
        not world.wire,
        worlds.knows(world),
        worlds.counts_from(world),
        spent("controller_cuts"),
        spent("jams") + spent("stalls"),
        spent("strangers"),
        spent("orders"),
    )


class _Homeward:
    """From every world, with no more bad luck, there must be a way home; a wait that is over may be part of it, but only where nothing
    else leads there."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._ways: dict[World, set[World]] = {}

    def lost(self, seen: Iterable[World]) -> World | None:
        """One from which none leads home, None if there is no such world."""
        calm: dict[World, World] = {}
        for world in seen:
            calm.setdefault(world._replace(left=0), world)
        self._follow(calm, 0)
        for _ in range(WAITS_IN_A_ROW):
            astray = self._astray()
            if not astray:
                return None
            self._follow(astray, ONE["waits"])
        return next((calm[world] for world in self._astray() if world in calm), None)

    def _follow(self, worlds: Iterable[World], left: int) -> None:
        """Notes where they lead; what is new there is followed without a wait."""
        todo = [(world, left) for world in worlds]
        while todo:
            world, may = todo.pop()
            ways = self._ways.setdefault(world, set())
            for _, after in self._worlds.after(world._replace(left=may)):
                calm = after._replace(left=0)
                ways.add(calm)
                if calm not in self._ways:
                    self._ways[calm] = set()
                    todo.append((calm, 0))

    def _astray(self) -> list[World]:
        back: defaultdict[World, list[World]] = defaultdict(list)
        for world, ways in self._ways.items():
            for after in ways:
                back[after].append(world)
        todo = [world for world in self._ways if at_home(moment(self._worlds, world))]
        homely = set(todo)
        while todo:
            for before in back[todo.pop()]:
                if before not in homely:
                    homely.add(before)
                    todo.append(before)
        return [world for world in self._ways if world not in homely]
