"""Three witnesses of the same bottles, each read by code of its own: the twin's state file, the ledger's file, the city's answers.

None of them goes through the code that wrote what they tell: a fault there must show here.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from ledger.reader import open_reader


@dataclass(frozen=True, slots=True)
class Fall:
    """A bottle that left the chamber: which item it was, the codes it really carried, and the Sort that moved it.

    ``put`` is the number of the hand that put it in: two things that were put in at once have the same.
    """

    item: str
    codes: tuple[str, ...]
    sequence: int | None
    put: int


@dataclass(frozen=True, slots=True)
class MetalSays:
    """What the twin's metal saw. ``caught``: moved by a Sort and in no bin, be it there still or taken out by a technician."""

    put_in: int
    handed_back: int
    falls: tuple[Fall, ...]
    done: bool
    caught: tuple[Fall, ...] = ()


def ask_metal(path: Path) -> MetalSays:
    """Reads ``metal.jsonl``: one JSON object a line; the last may be cut off."""
    put_in = handed_back = 0
    falls: list[Fall] = []
    caught: dict[int, Fall] = {}
    done = False
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for line in text.split("\n")[:-1]:
        told = json.loads(line)
        match told["event"]:
            case "in":
                put_in += 1
                done = False
            case "up":
                del caught[told["n"]]
            case "back" | "pulled":
                handed_back += 1
            case "fell":
                caught.pop(told["n"], None)
                falls.append(_fall(told))
            case "stuck" | "hangs":
                caught[told["n"]] = _fall(told)
            case "done":
                done = True
            case "removed" | "bin":
                pass
            case other:
                raise ValueError(f"{path}: the twin tells of {other!r}, which no witness knows")
    return MetalSays(put_in, handed_back, tuple(falls), done, tuple(caught.values()))


def _fall(told: dict[str, Any]) -> Fall:
    put = told["n"] if told["beside"] is None else told["beside"]
    return Fall(told["item"], tuple(told["codes"]), told["sequence"], put)


@dataclass(frozen=True, slots=True)
class LedgerSays:
    """What the ledger's file says: intents with their code, how each ended, and the money."""

    gtin: dict[int, str | None]
    credits: Counter[int]
    uncounted: frozenset[int]
    cancelled: frozenset[int]
    open: frozenset[int]
    credited_cents: int
    head: tuple[int, str]
    steps: int = 0
    """Of the totaliser in a visit, that nobody was credited for."""


def ask_books(path: Path) -> LedgerSays:
    """Reads the SQLite file directly, read-only."""
    with closing(open_reader(path)) as database:
        entries = database.execute("SELECT row, kind, body, hash, visit FROM entry ORDER BY row").fetchall()
        cents: int = database.execute("SELECT coalesce(sum(cents), 0) FROM posting WHERE account = 'expenses:rewards'").fetchone()[0]
    gtin: dict[int, str | None] = {}
    endings: dict[str, list[int]] = {"credit": [], "uncounted": [], "cancelled": []}
    steps = 0
    for _, kind, body, _, visit in entries:
        told = json.loads(body)
        if kind == "intent":
            gtin[told["sequence"]] = told["gtin"]
        elif kind == "step" and visit is not None:
            steps += told["totaliser"] - told["from"]
        elif kind in endings:
            endings[kind].append(told["sequence"])
    ended = {sequence for sequences in endings.values() for sequence in sequences}
    return LedgerSays(
        gtin=gtin,
        credits=Counter(endings["credit"]),
        uncounted=frozenset(endings["uncounted"]),
        cancelled=frozenset(endings["cancelled"]),
        open=frozenset(gtin.keys() - ended),
        credited_cents=cents,
        head=(entries[-1][0], entries[-1][3]) if entries else (0, ""),
        steps=steps,
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """What the city answers of one kiosk."""

    head: tuple[int, str]
    credited_cents: int
    conflicts: int


def ask_city(url: str, cookies: dict[str, str], kiosk: str) -> Desk | None:
    """Asks the city's own interface as somebody who is logged in; None while it has not heard of the kiosk or does not answer."""
    try:
        answer = requests.get(f"{url}/v1/kiosks/{kiosk}", cookies=cookies, timeout=5)
    except requests.ConnectionError:
        return None
    if answer.status_code == requests.codes.not_found:
        return None
    answer.raise_for_status()
    told = answer.json()
    cents = sum(day["cents"] for day in told["totals"]["days"])
    return Desk((told["row"], told["head"]), cents, len(told["conflicts"]))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where the witnesses part. ``disagreements`` are sentences of fact for the log, empty when all agree."""

    lost: int
    duplicated: int
    misread: tuple[str, ...]
    uncounted: int
    disagreements: tuple[str, ...]


def compare(metal: MetalSays, books: LedgerSays) -> Comparison:
    """``lost``: bottles of a visit in a bin with neither a credit, nor an uncounted intent, nor a step of a visit. ``duplicated``: credits without their own bottle.

    Two things that one hand put in at once are one bottle to the machine, which sees no more; either may be the one that was read.
    """
    fell = Counter(sequence for sequence, _ in sorted({(fall.sequence, fall.put) for fall in metal.falls if fall.sequence is not None}))
    caught = {fall.sequence for fall in metal.caught if fall.sequence is not None}
    told_of = books.credits.keys() | books.uncounted
    by_hand = len({fall.put for fall in metal.falls if fall.sequence is None})
    untold = sum(times for sequence, times in fell.items() if sequence not in told_of)
    lost = max(0, untold - max(0, books.steps - by_hand))
    duplicated = sum(max(0, times - min(1, fell[sequence])) for sequence, times in books.credits.items())
    misread = tuple(_misread(metal, books))
    return Comparison(lost, duplicated, misread, len(books.uncounted), tuple(_disagreements(fell, caught, books)))


def _misread(metal: MetalSays, books: LedgerSays) -> Iterator[str]:
    fell: defaultdict[int | None, list[Fall]] = defaultdict(list)
    for fall in metal.falls:
        fell[fall.sequence].append(fall)
    for sequence in sorted(books.credits.keys() & fell.keys()):
        falls = fell[sequence]
        codes = [code for fall in falls for code in fall.codes]
        read = books.gtin.get(sequence)
        # what was taken without any code is not misread
        if read is not None and read not in codes:
            items = " and ".join(fall.item for fall in falls)
            yield f"{items}: {read} is not {' or '.join(codes) or 'a retail code'}"


def _disagreements(fell: Counter[int], caught: set[int], books: LedgerSays) -> list[str]:
    found = [f"sort {sequence} moved {times} bottles" for sequence, times in fell.items() if times > 1]
    found += [f"intent {sequence} says cancelled, its bottle fell" for sequence in sorted(books.cancelled & fell.keys())]
    found += [f"intent {sequence} says cancelled, its bottle was caught in the machine" for sequence in sorted(books.cancelled & caught)]
    found += [f"intent {sequence} says uncounted, its bottle did not fall" for sequence in sorted(books.uncounted - fell.keys() - caught)]
    found += [f"intent {sequence} has no end" for sequence in sorted(books.open)]
    return found


def compare_with_city(books: LedgerSays, desk: Desk | None) -> tuple[str, ...]:
    """Where ledger and city part; None for a city that has not heard of the kiosk."""
    if desk is None:
        return ("the city has not heard of the kiosk",)
    found: list[str] = []
    if desk.head != books.head or desk.credited_cents != books.credited_cents:
        found.append(
            f"the city holds row {desk.head[0]} and {desk.credited_cents} cents, the ledger {books.head[0]} and {books.credited_cents}"
        )
    if desk.conflicts:
        found.append(f"the city keeps {desk.conflicts} conflicts with this ledger")
    return tuple(found)
