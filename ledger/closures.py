"""The days of a ledger, added up, closed and signed. Each row is in exactly one closure; which day's it is, the rows say.

A closure's body::

    n, day (a name: the business day of its rows), first, last (rows), head (the hash of ``last``),
    totals:    bottles {material: n} credited; bins {bin: {bottles, grams}} that fell, uncounted ones too; accounts {account: {debit, credit}}, gross
    perpetual: bottles and accounts, over all closures, earlier generations' too
    log: the hash of the technical log of that day, where there is one
    signature: Ed25519 with the ledger's key over "consigne closure 1", the kiosk, the hash of the first entry and all the above (``signed_text``)

The row of a closure belongs to the next one. What is not closed when a generation ends is closed by the next one's first entry, whose ``perpetual`` has it.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

from ledger.books import first_day, instant_of
from ledger.chain import Entry, Json, canonical, day_in
from ledger.days import reckoning_of
from ledger.kinds import Kind, Lasting, ending
from ledger.views import believing, entries

_ENDS_INTENT = frozenset(ending(Lasting.INTENT))


@dataclass(slots=True)
class Run:
    """Rows that follow one another on one business day, and what they add up to."""

    day: date
    first: int
    last: int = 0
    head: str = ""
    bottles: Counter[str] = field(default_factory=Counter)
    fell: Counter[tuple[int, str]] = field(default_factory=Counter)
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)

    def totals(self) -> dict[str, Json]:
        bins = sorted({bin for bin, _ in self.fell})
        return {
            "bottles": dict(sorted(self.bottles.items())),
            "bins": {str(bin): {"bottles": self.fell[bin, "bottles"], "grams": self.fell[bin, "grams"]} for bin in bins},
            "accounts": _accounts(self.moved),
        }


class Runs:
    """Adds entries up, one after the other: ``all`` are the days in their order, the last one may still grow. Starts at a ledger's first
    entry, or behind a closure, with the day of that and the intent that was open."""

    def __init__(self, day: date | None = None, intent: dict[str, Any] | None = None) -> None:
        self._day = day
        self._intent = intent
        self.all: list[Run] = []

    def add(self, entry: Entry) -> None:
        self._day = day = self._day_of(entry, entry.body)
        if not self.all or self.all[-1].day != day:
            self.all.append(Run(day, entry.row))
        run = self.all[-1]
        run.last, run.head = entry.row, entry.hash
        for account, cents in entry.postings:
            run.moved[account, "debit" if cents > 0 else "credit"] += abs(cents)
        if entry.kind == Kind.INTENT:
            self._intent = entry.body
        elif entry.kind in _ENDS_INTENT:
            self._ended(run, entry)

    def _day_of(self, entry: Entry, body: dict[str, Any]) -> date:
        if (reckoned := reckoning_of(body)) is not None:
            return reckoned.day
        if entry.trusted:
            return day_in(entry.booked[:13])
        return first_day(body, instant_of(entry.booked, entry.trusted, body)).day if self._day is None else self._day

    def _ended(self, run: Run, entry: Entry) -> None:
        if entry.kind == Kind.CREDIT:
            run.bottles[str(entry.body["material"])] += 1
        if self._intent is not None and entry.kind in {Kind.CREDIT, Kind.UNCOUNTED}:
            run.fell[self._intent["bin"], "bottles"] += 1
            run.fell[self._intent["bin"], "grams"] += self._intent["weight_g"]
        self._intent = None


class Perpetual:
    """What all closed rows add up to."""

    def __init__(self, body: dict[str, Any] | None) -> None:
        carried = body or {"bottles": {}, "accounts": {}}
        self._bottles: Counter[str] = Counter(carried["bottles"])
        self._moved = Counter({(account, side): cents for account, both in carried["accounts"].items() for side, cents in both.items()})

    def add(self, run: Run) -> None:
        self._bottles.update(run.bottles)
        self._moved.update(run.moved)

    def body(self) -> dict[str, Json]:
        return {"bottles": dict(sorted(self._bottles.items())), "accounts": _accounts(self._moved)}


def closed(run: Run, n: int, perpetual: Perpetual, **optional: str) -> dict[str, Json]:
    """The body of a closure, not yet signed. ``perpetual`` already has the run."""
    return {
        "n": n,
        "day": run.day.isoformat(),
        "first": run.first,
        "last": run.last,
        "head": run.head,
        "totals": run.totals(),
        "perpetual": perpetual.body(),
        **optional,
    }


def signed_text(kiosk: str, generation: str, body: dict[str, Any]) -> bytes:
    """What the signature of a closure is over."""
    told = {name: value for name, value in body.items() if name not in {"signature", "reckoned"}}
    return f"consigne closure 1\nkiosk={kiosk}\ngeneration={generation}\n{canonical(told)}".encode()


def sign(kiosk: str, generation: str, body: dict[str, Json], key: Ed25519PrivateKey) -> dict[str, Json]:
    signature = urlsafe_b64encode(key.sign(signed_text(kiosk, generation, body))).decode().rstrip("=")
    return {**body, "signature": signature}


def is_signed(kiosk: str, generation: str, body: dict[str, Any], key: Ed25519PublicKey) -> bool:
    signature = body["signature"]
    try:
        raw = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        key.verify(raw, signed_text(kiosk, generation, body))
    except (InvalidSignature, ValueError):
        return False
    return bool(urlsafe_b64encode(raw).decode().rstrip("=") == signature)


@dataclass(frozen=True, slots=True)
class Open:
    """What is not closed yet: the days in their order, the number that the next closure has, and what all before add up to."""

    runs: tuple[Run, ...]
    n: int
    perpetual: Perpetual


def still_open(connection: Connection) -> Open:
    """Walks through the rows that are in no closure."""
    last = _newest(connection, "kind = 'closure'")
    (first,) = entries(connection, limit=1)
    with believing():
        previous: Any = first.body["previous"] or {}
        if last is None:
            runs, after, n, perpetual = Runs(), 0, previous.get("closures", 0), Perpetual(previous.get("perpetual"))
        else:
            after, n, perpetual = last["last"], last["n"], Perpetual(last["perpetual"])
            runs = Runs(date.fromisoformat(last["day"]), _newest(connection, f"kind = 'intent' AND row <= {int(after)}"))
        for entry in entries(connection, after):
            runs.add(entry)
    return Open(tuple(runs.all), n + 1, perpetual)


def standing(connection: Connection) -> dict[str, Json]:
    """How the closures stand, as the next generation's first entry names it: what is still open counts as closed by that entry."""
    found = still_open(connection)
    for run in found.runs:
        found.perpetual.add(run)
    return {"closures": found.n - 1, "perpetual": found.perpetual.body()}


def due(found: Open, today: date) -> Iterator[Run]:
    """The days that have ended, of which no row will come any more."""
    yield from found.runs[:-1]
    yield from (run for run in found.runs[-1:] if run.day < today)


def _newest(connection: Connection, condition: str) -> dict[str, Any] | None:
    query = f"SELECT body FROM entry NOT INDEXED WHERE {condition} ORDER BY row DESC LIMIT 1"  # noqa: S608 - conditions written above
    found = connection.exec_driver_sql(query).scalar_one_or_none()
    return None if found is None else json.loads(found)


def _accounts(moved: Counter[tuple[str, str]]) -> dict[str, Json]:
    accounts = sorted({account for account, _ in moved})
    return {account: {side: moved[account, side] for side in ("debit", "credit")} for account in accounts}


def newest(connection: Connection, most: int) -> list[tuple[str, dict[str, Any]]]:
    """The last closures, the newest first: when each was booked, and its body."""
    query = "SELECT booked, body FROM entry NOT INDEXED WHERE kind = 'closure' ORDER BY row DESC LIMIT ?"
    with believing():
        return [(booked, json.loads(body)) for booked, body in connection.exec_driver_sql(query, (most,))]
