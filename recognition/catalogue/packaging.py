"""In what a product is sold, from what people wrote of its packaging: parts with shape and material, tags, or free text in many languages.

::

    parts, tags or text ──read_part──▶ Part(shape, stuff) … ──packaging_of──▶ Packaging, or None: in doubt, or not said

What is in doubt is no entry: a product that comes in glass and in plastic under one code says nothing of the bottle in the chamber.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from recognition.catalogue.entry import Packaging
from recognition.catalogue.packaging_words import SHAPES, STUFFS, Shape, Stuff

LOOKED_AT = 300
"""Characters of one part: a text without end says nothing more."""

EMPTY_G = {Packaging.GLASS_BOTTLE: (60.0, 2000.0), Packaging.PLASTIC_BOTTLE: (4.0, 250.0)}
"""What an empty bottle of up to ten litres may weigh. What is beyond is a cap's weight, or that of a whole pack, or was mistyped."""

BOTTLES = frozenset(EMPTY_G)

SEPARATORS = re.compile(r"[\n\r;,.•+/|&]|\b(?:et|and|und|e|y|i|og|och|и|avec|with|mit|con|met|com|med|с)\b")
WORD = re.compile(r"[^\W_]+")
LANGUAGE = re.compile(r"^[a-z]{2,3}:")
NOT_A_CAN = re.compile(r"\bcan be\b")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a packaging; None: not said. ``weight_g``: of one such part, empty."""

    shape: Shape | None
    stuff: Stuff | None
    weight_g: float | None = None


def _plain(text: str) -> str:
    """Without accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ł", "l").replace("ø", "o")


Meaning = TypeVar("Meaning", Shape, Stuff)


def _split(lists: Mapping[Meaning, str]) -> tuple[tuple[Meaning, frozenset[str]], ...]:
    return tuple((meaning, frozenset(WORD.findall(_plain(words)))) for meaning, words in lists.items())


_SHAPES, _STUFFS = _split(SHAPES), _split(STUFFS)


def read_part(shape: str, stuff: str = "", weight_g: float | None = None) -> Part:
    """A part whose shape and material were told apart, or, with one text for both, a tag or a phrase."""
    of_shape = _words(shape)
    return Part(_meant(_SHAPES, of_shape), _meant(_STUFFS, _words(stuff)) or _meant(_STUFFS, of_shape), weight_g)


def read_text(text: str) -> list[Part]:
    """The parts that a free text names: "1 bouteille en verre à recycler, 1 bouchon en métal"."""
    return [read_part(part) for part in SEPARATORS.split(text[: LOOKED_AT * 4].lower()) if part.strip()]


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(NOT_A_CAN.sub(" ", _plain(LANGUAGE.sub("", text[:LOOKED_AT].lower())))))


def _meant(lists: tuple[tuple[Meaning, frozenset[str]], ...], words: frozenset[str]) -> Meaning | None:
    return next((meaning for meaning, known in lists if known & words), None)


def packaging_of(parts: Sequence[Part], *, liquid: bool) -> Packaging | None:
    """``liquid``: it is certainly a drink; then glass whose shape nobody told is a bottle."""
    said = _containers(parts)
    loose = {part.stuff for part in parts if part.shape is None and part.stuff is not None}
    kinds, open_bottle = {kind for kind in said if kind is not None}, None in said
    if not kinds and open_bottle:
        return _bottle_of(loose, covered=any(part.shape is Shape.BESIDE for part in parts))
    if not kinds:
        return Packaging.GLASS_BOTTLE if liquid and Stuff.GLASS in loose and Stuff.PLASTIC not in loose else None
    return None if contradict(parts) else next(iter(kinds))


def contradict(parts: Sequence[Part]) -> bool:
    """Whether containers of two kinds are told: no text beside them can say which one a visitor brings."""
    said = _containers(parts)
    kinds = {kind for kind in said if kind is not None}
    return len(kinds) > 1 or (None in said and bool(kinds - BOTTLES))


def _containers(parts: Sequence[Part]) -> list[Packaging | None]:
    return [_said(part) for part in parts if part.shape not in {None, Shape.BESIDE}]


def empty_g(parts: Sequence[Part], packaging: Packaging) -> float | None:
    """What the bottle itself weighs, if it is told once and can be so."""
    told = {
        part.weight_g for part in parts if part.shape is Shape.BOTTLE and _said(part) in {packaging, None} and part.weight_g is not None
    }
    weight = told.pop() if len(told) == 1 else None
    limits = EMPTY_G.get(packaging)
    return weight if weight is not None and limits is not None and limits[0] <= weight <= limits[1] else None


def _said(part: Part) -> Packaging | None:
    """Of a part that is a container; None for a bottle of which nobody told what it is made of."""
    match part.shape, part.stuff:
        case Shape.BOTTLE, Stuff.GLASS:
            return Packaging.GLASS_BOTTLE
        case Shape.BOTTLE, Stuff.PLASTIC:
            return Packaging.PLASTIC_BOTTLE
        case Shape.BOTTLE, None:
            return None
        case (Shape.BOTTLE | Shape.CAN, Stuff.METAL) | (Shape.CAN, None):
            return Packaging.CAN
        case _:
            return Packaging.OTHER


def _bottle_of(loose: AbstractSet[Stuff], *, covered: bool) -> Packaging | None:
    """A bottle, by materials that were told apart from it. Metal beside another one is its cap; so is plastic beside glass where a cap or a label is told (``covered``)."""
    if Stuff.GLASS in loose and (Stuff.PLASTIC not in loose or covered):
        return Packaging.GLASS_BOTTLE
    if Stuff.PLASTIC in loose and Stuff.GLASS not in loose:
        return Packaging.PLASTIC_BOTTLE
    return Packaging.CAN if loose & {Stuff.GLASS, Stuff.PLASTIC, Stuff.METAL} == {Stuff.METAL} else None
