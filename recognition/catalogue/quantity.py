"""How much is in one container, from what somebody typed on a phone: "6 x 33 cl", "75cl e", "1,5 L", "12 fl oz (355 ml)".

Nothing is guessed: a text that gives two volumes that are not the same, such as a syrup's "1 L for 8 L of drink", gives none.
"""

import re
import unicodedata
from collections.abc import Iterator
from math import prod

SMALLEST_ML, LARGEST_ML = 20, 10_000
"""What a bottle on sale may hold; anything beyond was mistyped, or is a keg."""

LONGEST = 200
"""Characters that are looked at: what is longer is no quantity."""

ALIKE = 0.02
"""The same volume in two units differs by rounding: 12 fl oz are 355 ml. And a pack of 6 x 33 cl is "2 L" for some."""

UNITS_ML = {
    "ml": 1.0,
    "мл": 1.0,
    "cc": 1.0,
    "cl": 10.0,
    "dl": 100.0,
    "l": 1000.0,
    "л": 1000.0,
    "lt": 1000.0,
    "ltr": 1000.0,
    "litre": 1000.0,
    "litres": 1000.0,
    "liter": 1000.0,
    "liters": 1000.0,
    "litro": 1000.0,
    "litros": 1000.0,
    "litri": 1000.0,
    "fl oz": 29.5735,
    "fl. oz": 29.5735,
    "fl.oz": 29.5735,
}

NUMBER = r"\d+(?:[.,]\d+)?"
UNIT = "|".join(sorted((re.escape(unit) for unit in UNITS_ML), key=len, reverse=True))
# the count stands before the volume ("6 x 33 cl"), or behind it ("33 cl x 6"); "2 x 6 x 33 cl" has two
VOLUME = re.compile(
    rf"(?P<before>(?:\d{{1,3}}\s*[x*×]\s*)*)(?P<number>{NUMBER})\s*(?P<unit>{UNIT})(?=[x*×]\s*\d|[\W_]|$)(?P<after>\s*[x*×]\s*\d{{1,3}}(?![\d.,]))?"
)
COUNT = re.compile(r"\d+")


def volume_ml(text: str) -> int | None:
    """Of one container, in millilitres; None where the text says none, or says several."""
    return _one(tuple(_said(unicodedata.normalize("NFKC", text[:LONGEST]).lower())))


def is_counted(text: str) -> bool:
    """Whether it says of how many containers: "6 x 33 cl"."""
    return any(count > 1 for _, count in _said(unicodedata.normalize("NFKC", text[:LONGEST]).lower()))


def _plausible(volume: float) -> int | None:
    """A volume as a whole number, if a bottle on sale may hold it."""
    return round(volume) if SMALLEST_ML <= volume <= LARGEST_ML else None


def _said(text: str) -> Iterator[tuple[float, int]]:
    """Each volume with the number of containers that it is said of."""
    for found in VOLUME.finditer(text):
        counts = [int(count) for count in COUNT.findall(f"{found['before']} {found['after'] or ''}")]
        yield _number(found["number"], found["unit"]) * UNITS_ML[found["unit"]], prod(counts)


def _number(text: str, unit: str) -> float:
    """``1,000 ml`` is a litre and ``1,000 l`` is one as well: three digits behind a separator are thousands only of the smallest unit."""
    thousands = unit in {"ml", "мл", "cc"} and re.fullmatch(r"[1-9]\d?[.,]\d{3}", text)
    return float(re.sub("[.,]", "" if thousands else ".", text))


def _one(said: tuple[tuple[float, int], ...]) -> int | None:
    if not said:
        return None
    # of a pack with its sum the part that is counted is the container
    volume, count = max(said, key=lambda each: each[1])
    if any(not (_alike(other, volume) or _alike(other, volume * count)) for other, _ in said):
        return None
    # the metric figure is the one that was not rounded
    return _plausible(next((other for other, _ in said if _alike(other, volume) and other == round(other)), volume))


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= ALIKE * max(one, other)
