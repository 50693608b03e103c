"""Objects as values: everything that a live object holds, taken to a hashable value and brought back from it. Knows no part of the kiosk.

Every field of every object is kept, so none that comes later is forgotten; what cannot be kept (a thread, an open file, a function that
is not one of the named parts) stops the exploration with its place.
"""

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from typing import NamedTuple

Age = Callable[[float], float]
"""What becomes of a number: one that is a moment of a clock that stands still is made comparable, any other stays as it is."""


class _Part(NamedTuple):
    name: str


class _Seen(NamedTuple):
    number: int


class _Object(NamedTuple):
    kind: type
    names: tuple[str, ...]
    fields: tuple[Hashable, ...]


class _Value(NamedTuple):
    """A frozen dataclass, which is made anew."""

    kind: type
    fields: tuple[Hashable, ...]


class _Items(NamedTuple):
    items: tuple[Hashable, ...]


class CannotKeep(TypeError):
    def __init__(self, kind: type, place: str) -> None:
        super().__init__(f"{place}: a {kind.__module__}.{kind.__qualname__} cannot be kept")
        self.kind = kind
        self.place = place


class Keeper:
    """Keeps objects whose classes come from ``packages``; ``parts`` are not kept but named: metal, clock, line.

    Values of the classes in ``timeless`` hold no moment and are kept as they are.
    """

    def __init__(self, packages: tuple[str, ...], timeless: tuple[type, ...] = ()) -> None:
        self._packages = packages
        self._names: dict[int, str] = {}
        self._age: Age = float
        self._plain: set[type] = {type(None), bool, str, bytes, *timeless}
        self._ours: set[type] = set()
        self._fields: dict[type, tuple[str, ...]] = {}
        for kind in timeless:
            assert not any(field.type is float for field in dataclasses.fields(kind)), f"{kind} may hold a moment"

    def keep(self, root: object, parts: Mapping[str, object], age: Age) -> Hashable:
        """Raises CannotKeep."""
        self._names = {id(part): name for name, part in parts.items()}
        self._age = age
        return self._keep(root, {}, None)

    def bring_back(self, kept: Hashable, parts: Mapping[str, object]) -> object:
        """A live object again, around these parts."""
        return _bring_back(kept, parts, [])

    def _keep(self, value: object, seen: dict[int, int], place: "_Place | None") -> Hashable:
        kind = type(value)
        if kind is int or kind is float:
            return self._age(value)  # type: ignore[arg-type]
        if kind in self._plain:
            return value
        if kind is tuple:
            return _Items(tuple([self._keep(item, seen, place) for item in value]))  # type: ignore[attr-defined]
        name = self._names.get(id(value))
        if name is not None:
            return _Part(name)
        if kind in self._ours:
            if id(value) in seen:
                return _Seen(seen[id(value)])
            seen[id(value)] = len(seen)
            held = vars(value)
            return _Object(kind, tuple(held), tuple([self._keep(field, seen, (place, name)) for name, field in held.items()]))
        names = self._fields.get(kind)
        if names is not None:
            return _Value(kind, tuple([self._keep(getattr(value, name), seen, (place, name)) for name in names]))
        self._learn(kind, value, place)
        return self._keep(value, seen, place)

    def _learn(self, kind: type, value: object, place: "_Place | None") -> None:
        """How a class that was not met before is kept."""
        if isinstance(value, Enum):
            self._plain.add(kind)
        elif dataclasses.is_dataclass(kind):
            self._fields[kind] = tuple(field.name for field in dataclasses.fields(kind))
        elif hasattr(value, "__dict__") and any(base.__module__.partition(".")[0] in self._packages for base in kind.__mro__):
            self._ours.add(kind)
        else:
            raise CannotKeep(kind, _written(place))


def _bring_back(kept: object, parts: Mapping[str, object], seen: list[object]) -> object:
    kind = type(kept)
    if kind is _Object:
        assert isinstance(kept, _Object)
        made: object = object.__new__(kept.kind)
        seen.append(made)
        held = vars(made)
        for name, field in zip(kept.names, kept.fields, strict=True):
            held[name] = _bring_back(field, parts, seen)
        return made
    if kind is _Items:
        return tuple([_bring_back(item, parts, seen) for item in kept.items])  # type: ignore[attr-defined]
    if kind is _Value:
        return kept.kind(*[_bring_back(field, parts, seen) for field in kept.fields])  # type: ignore[attr-defined]
    if kind is _Part:
        return parts[kept.name]  # type: ignore[attr-defined]
    if kind is _Seen:
        return seen[kept.number]  # type: ignore[attr-defined]
    return kept


_Place = tuple["_Place | None", str]
"""The way to a field: the way to its owner, and its name."""


def _written(place: "_Place | None") -> str:
    names: list[str] = []
    while place is not None:
        place, name = place
        names.append(name)
    return ".".join(reversed(names)) or "the root"
