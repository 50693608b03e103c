"""A list that the house itself keeps, as the city's list of deposit bottles, and its deltas: what stands in one line, as an entry. Whole or not at all: a mistake in it is an error with its line.

The columns, in any order; with ``gtin`` and ``packaging`` a line is complete::

    gtin       the code below the bars
    packaging  glass_bottle, plastic_bottle, can or other
    name       as people call it
    volume_ml  of one container
    empty_g    what it weighs empty, without its cap
    deposit    1: the shop takes it back and pays a deposit
    date       2026-11-30; else the day of the file

A delta is JSON lines with the same keys (or ``{"gtin": …, "gone": true}``) after one that names it: ``{"delta": ID, "lines": how many follow}``.
"""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from pathlib import Path

from config.told import WrongUse
from config.vocabulary import Gtin
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.catalogue.open_food_facts import Dropped, code_of, name_of

COLUMNS = ("gtin", "packaging", "name", "volume_ml", "empty_g", "deposit", "date")
MOST_ML, MOST_G = 100_000, 20_000.0


class LineWrong(WrongUse):
    """``allowed`` is what may stand in ``column``."""

    def __init__(self, path: Path, line: int, column: str, found: str, allowed: str) -> None:
        super().__init__(f"{path}, line {line}: {column} is {found}, allowed: {allowed}")
        self.path = path
        self.line = line
        self.column = column
        self.found = found
        self.allowed = allowed


class ValueWrong(Exception):
    """One value of a line: whoever knows file and line tells it as LineWrong."""

    def __init__(self, column: str, found: object, allowed: str) -> None:
        super().__init__(column)
        self.column = column
        self.found = "–" if found is None else str(found)
        self.allowed = allowed


def entry_of(fields: Mapping[str, object], source: Source, day: date) -> Entry:
    """``day``: for a line without a date. Raises ValueWrong."""
    packaging = str(fields.get("packaging") or "").strip()
    if packaging not in set(Packaging):
        raise ValueWrong("packaging", fields.get("packaging"), ", ".join(Packaging))
    volume = _number(fields, "volume_ml", MOST_ML)
    return Entry(
        gtin=gtin_of(fields),
        name=name_of(str(fields.get("name") or "")),
        packaging=Packaging(packaging),
        volume_ml=None if volume is None else round(volume),
        empty_g=_number(fields, "empty_g", MOST_G),
        deposit=_yes(fields, "deposit"),
        source=source,
        date=_day(fields, day),
    )


def gtin_of(fields: Mapping[str, object]) -> Gtin:
    """Raises ValueWrong."""
    gtin = code_of(str(fields.get("gtin") or "").strip())
    if isinstance(gtin, Dropped):
        raise ValueWrong("gtin", fields.get("gtin"), "EAN-13, EAN-8, UPC-A")
    return gtin


def _number(fields: Mapping[str, object], column: str, most: float) -> float | None:
    told = fields.get(column)
    if told is None or not str(told).strip():
        return None
    try:
        number = float(str(told).replace(",", "."))
    except ValueError:
        number = 0.0
    if not (isfinite(number) and 0 < number <= most):
        raise ValueWrong(column, told, f"1–{most:.0f}")
    return number


def _yes(fields: Mapping[str, object], column: str) -> bool:
    told = str(fields.get(column) or "").strip().lower()
    if told not in {"", "0", "1", "false", "true"}:
        raise ValueWrong(column, fields.get(column), "0, 1")
    return told in {"1", "true"}


def _day(fields: Mapping[str, object], day: date) -> date:
    told = str(fields.get("date") or "").strip()
    try:
        return date.fromisoformat(told) if told else day
    except ValueError as error:
        raise ValueWrong("date", told, "2026-11-30") from error
