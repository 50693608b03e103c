"""Whether a ledger is what it claims: one list of checks, each yielding findings with the row and the facts. Repairs nothing.

``EACH_ENTRY`` look at the entries in order, one pass, with a memory that does not grow; ``WHOLE_FILE`` look at the file and what guards it.
An entry that cannot be read at all is named by the chain check and shown to no other. A tail cut off, or rewritten with fresh hashes, is
consistent in itself: that is known only by those beside it and elsewhere, whom ``beside.py`` asks.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from config.vocabulary import Cents
from ledger import keys, vouchers
from ledger.books import first_day, instant_of
from ledger.chain import FORM, NOTHING_BEFORE, Entry, Posting, canonical, digest
from ledger.days import Reckoning, reckon, reckoning_of
from ledger.findings import Fault, Finding
from ledger.shape import is_readable, shape
from ledger.views import entry_of, lines
from ledger.vocabulary import Account, Cause, Kind


class Check(Protocol):
    def __call__(self, entry: Entry) -> Iterator[Finding]: ...


def verify(connection: Connection) -> Iterator[Finding]:
    """Every finding in a ledger, those of its entries in their order first. ``connection`` is one of ``database.reading``."""
    if is_readable(connection):
        yield from _entries(connection)
    for look in WHOLE_FILE:
        yield from look(connection)


def _entries(connection: Connection) -> Iterator[Finding]:
    chain, checks = Chain(), [check() for check in EACH_ENTRY]
    row = None
    for row, postings in lines(connection):
        body, unreadable = _body(row)
        if unreadable is not None:
            yield unreadable
            yield from chain.skip(row)
            continue
        entry = entry_of(row, body, postings)
        yield from chain.look(entry, row.body)
        for check in checks:
            yield from _checked(check, entry)
    if row is None:
        yield Finding(None, Fault.EMPTY)
    for (row,) in connection.exec_driver_sql("SELECT row FROM posting WHERE row NOT IN (SELECT row FROM entry)"):
        yield Finding(row, Fault.FILE, {"detail": "a posting without its entry"})


def _checked(check: Check, entry: Entry) -> Iterator[Finding]:
    """What a check says; of a value that it cannot make sense of (a time that is none) that it cannot be read."""
    try:
        yield from check(entry)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        yield Finding(entry.row, Fault.BODY, {"kind": entry.kind, "detail": str(error)})


_TEXT, _WHOLE, _FLAG, _NONE = str, int, bool, type(None)

BODIES: Mapping[Kind, Mapping[str, tuple[type, ...]]] = {
    Kind.GENERATION: {
        "form": (_WHOLE,),
        "kiosk": (_TEXT,),
        "controller_id": (_TEXT,),
        "totaliser": (_WHOLE,),
        "public_key": (_TEXT,),
        "demonstration": (_FLAG,),
        "previous": (dict, _NONE),
    },
    Kind.VISIT: {"number": (_TEXT,), "day": (_TEXT,), "allowed": (_WHOLE,)},
    Kind.INTENT: {"sequence": (_WHOLE,), "material": (_TEXT,), "amount": (_WHOLE,)},
    Kind.CREDIT: {
        "sequence": (_WHOLE,),
        "from": (_WHOLE,),
        "totaliser": (_WHOLE,),
        "amount": (_WHOLE,),
        "material": (_TEXT,),
        "day": (_TEXT,),
    },
    Kind.CANCELLED: {"sequence": (_WHOLE,)},
    Kind.UNCOUNTED: {"sequence": (_WHOLE,)},
    Kind.STEP: {"from": (_WHOLE,), "totaliser": (_WHOLE,)},
    Kind.VOUCHER: {"code": (_TEXT,), "amount": (_WHOLE,), "issued": (_TEXT,), "valid_until": (_TEXT,), "signature": (_TEXT,)},
    Kind.GIFT: {"amount": (_WHOLE,), "day": (_TEXT,)},
    Kind.CLOSED: {},
    Kind.SHOWN: {},
    Kind.ELAPSED: {},
}
"""What the checks rely on in each kind's body."""


def _body(row: Any) -> tuple[dict[str, Any], Finding | None]:
    try:
        _typed(row)
        body = json.loads(row.body)
        shape = BODIES[Kind(row.kind)]
        if canonical(body) != row.body:
            raise ValueError("not canonical")
        for name, types in shape.items():
            if type(body[name]) not in types:
                raise ValueError(f"{name} is {body[name]!r}")
        reckoning_of(body)
    except KeyError as missing:
        return {}, Finding(row.row, Fault.BODY, {"kind": str(row.kind), "detail": f"{missing} is missing"})
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        return {}, Finding(row.row, Fault.BODY, {"kind": str(row.kind), "detail": str(error)})
    return body, None


def _typed(row: Any) -> None:
    """The table sees to it, but whoever writes the file can change the table."""
    texts = (row.kind, row.subject, row.occurred, row.booked, row.body, row.prev, row.hash)
    if not all(isinstance(text, str) for text in texts) or not isinstance(row.visit, str | None) or not isinstance(row.trusted, int):
        raise TypeError("a value is not of its column's type")


class Chain:
    """Rows without a gap, each the hash of its content, each naming the hash of the one before; the first one a generation."""

    def __init__(self) -> None:
        self._row = 0
        self._hash = NOTHING_BEFORE

    def look(self, entry: Entry, body: str) -> Iterator[Finding]:
        """``body`` is the entry's body as it is stored, known to be canonical."""
        yield from self._place(entry.row, entry.prev)
        if entry.row == 1 and (entry.kind != Kind.GENERATION or entry.body["form"] != FORM):
            yield Finding(entry.row, Fault.FIRST, {"kind": entry.kind})
        expected = digest(entry, body)
        if entry.hash != expected:
            yield Finding(entry.row, Fault.HASH, {"expected": expected, "found": entry.hash})
        self._row, self._hash = entry.row, entry.hash

    def skip(self, row: Any) -> Iterator[Finding]:
        """An entry that cannot be read still has a place in the chain."""
        yield from self._place(row.row, row.prev)
        self._row, self._hash = row.row, row.hash

    def _place(self, row: int, prev: str) -> Iterator[Finding]:
        if row != self._row + 1:
            yield Finding(row, Fault.ROW, {"expected": self._row + 1, "found": row})
        elif prev != self._hash:
            yield Finding(row, Fault.PREV, {"expected": self._hash, "found": prev})


MOVES: Mapping[str, tuple[Account, Account]] = {
    Kind.CREDIT: (Account.REWARDS, Account.VISITS),
    Kind.VOUCHER: (Account.VISITS, Account.VOUCHERS),
    Kind.GIFT: (Account.VISITS, Account.GIFTS),
}


class Postings:
    """An entry posts what its kind moves, or nothing; the sum is 0."""

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        expected: tuple[Posting, ...] = ()
        if entry.kind in MOVES:
            amount = int(str(entry.body["amount"]))
            debit, credit = MOVES[entry.kind]
            expected = (Posting(debit.value, amount), Posting(credit.value, -amount))
        if entry.postings != expected:
            yield Finding(entry.row, Fault.POSTINGS, {"sum": sum(posting.cents for posting in entry.postings)})


class Totaliser:
    """Every step is booked once and in order; a credit is exactly one step."""

    def __init__(self) -> None:
        self._totaliser: Any = None

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        if entry.kind in {Kind.CREDIT, Kind.STEP}:
            if body["from"] != self._totaliser:
                yield Finding(entry.row, Fault.TOTALISER, {"expected": self._totaliser, "found": body["from"]})
            moved = body["totaliser"] - body["from"]
            if moved < 1 or (entry.kind == Kind.CREDIT and moved != 1):
                yield Finding(entry.row, Fault.TOTALISER, {"expected": body["from"] + 1, "found": body["totaliser"]})
        if entry.kind in {Kind.GENERATION, Kind.CREDIT, Kind.STEP}:
            self._totaliser = body["totaliser"]


class Intents:
    """At most one intent is open, sequences rise, each intent ends at most once, and a credit is for what was intended."""

    def __init__(self) -> None:
        self._open: Entry | None = None
        self._sequence = 0

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        match entry.kind:
            case Kind.INTENT:
                if self._open is not None or body["sequence"] <= self._sequence or entry.subject != f"sort:{body['sequence']}":
                    yield self._out_of_place(entry)
                self._open, self._sequence = entry, max(self._sequence, body["sequence"])
            case Kind.CREDIT | Kind.CANCELLED | Kind.UNCOUNTED:
                intent = self._open
                if intent is None or (intent.subject, intent.visit) != (entry.subject, entry.visit):
                    yield self._out_of_place(entry)
                elif entry.kind == Kind.CREDIT:
                    for value in ("amount", "material"):
                        if body[value] != intent.body[value]:
                            yield Finding(entry.row, Fault.AMOUNT, {"expected": str(intent.body[value]), "found": str(body[value])})
                self._open = None
            case _:
                pass

    def _out_of_place(self, entry: Entry) -> Finding:
        return Finding(entry.row, Fault.INTENT, {"subject": entry.subject, "open": None if self._open is None else self._open.subject})


class Visits:
    """One visit at a time, nothing in it but its own, no more paid for than allowed, at its end exactly its sum, and its voucher marked as shown once."""

    def __init__(self) -> None:
        self._open: Entry | None = None
        self._intent_open = False
        self._bottles = 0
        self._cents = 0
        self._unshown: tuple[str, str | None] | None = None

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        open_visit = self._open
        if entry.kind == Kind.SHOWN:
            if self._unshown != (entry.subject, entry.visit):
                yield self._out_of_place(entry)
            self._unshown = None
            return
        if entry.kind == Kind.VISIT:
            if open_visit is not None or entry.visit != f"{entry.body['day']}/{entry.body['number']}":
                yield self._out_of_place(entry)
            self._open, self._bottles, self._cents, self._intent_open, self._unshown = entry, 0, 0, False, None
        elif entry.visit is not None:
            if open_visit is None or open_visit.visit != entry.visit:
                yield self._out_of_place(entry)
            else:
                yield from self._within(entry, open_visit)

    def _within(self, entry: Entry, open_visit: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        allowed: Any = open_visit.body["allowed"]
        match entry.kind:
            case Kind.INTENT:
                self._intent_open = True
            case Kind.CANCELLED | Kind.UNCOUNTED:
                self._intent_open = False
            case Kind.CREDIT:
                self._intent_open = False
                self._bottles, self._cents = self._bottles + 1, self._cents + body["amount"]
                if self._bottles > allowed and body["amount"]:
                    yield Finding(entry.row, Fault.ALLOWED, {"allowed": allowed})
            case Kind.VOUCHER | Kind.GIFT | Kind.CLOSED:
                if self._intent_open:
                    yield self._out_of_place(entry)
                found = body.get("amount", 0)
                if found != self._cents or (entry.kind != Kind.CLOSED and not found):
                    yield Finding(entry.row, Fault.AMOUNT, {"expected": str(self._cents), "found": str(found)})
                self._open = None
                if body.get("cause") == Cause.KEPT:
                    self._unshown = entry.subject, entry.visit
            case _:
                pass

    def _out_of_place(self, entry: Entry) -> Finding:
        return Finding(entry.row, Fault.VISIT, {"visit": entry.visit, "open": None if self._open is None else self._open.visit})


class Days:
    """The business day of each row is its clock's, or was counted as ``days.py`` does; visits, credits and gifts name it, a credit none before its visit's."""

    def __init__(self) -> None:
        self._last: Reckoning | None = None
        self._visit = date.min

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        found, booked = reckoning_of(body), instant_of(entry.booked, entry.trusted, body)
        if self._last is None:
            self._last = found or (Reckoning(booked.day()) if entry.trusted else first_day(body, booked))
            return
        if found is not None and found != (expected := reckon(self._last, booked)):
            yield Finding(entry.row, Fault.DAY, {"expected": str(expected.day), "found": str(found.day)})
        self._last = found or (Reckoning(booked.day()) if entry.trusted else self._last)
        yield from self._named(entry, self._last.day)

    def _named(self, entry: Entry, day: date) -> Iterator[Finding]:
        if entry.kind == Kind.VISIT:
            self._visit = day
        if entry.kind in {Kind.VISIT, Kind.CREDIT, Kind.GIFT}:
            expected = str(max(day, self._visit) if entry.kind == Kind.CREDIT else day)
            if entry.body["day"] != expected:
                yield Finding(entry.row, Fault.DAY, {"expected": expected, "found": str(entry.body["day"])})


class Vouchers:
    """Codes with a right check letter, signed with the generation's key over exactly what the entry says."""

    def __init__(self) -> None:
        self._generation: dict[str, Any] = {}
        self._key: Ed25519PublicKey | None = None

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        if entry.kind == Kind.GENERATION:
            self._generation, self._key = body, _public_key(body["public_key"])
        if entry.kind == Kind.VOUCHER:
            code = body["code"]
            if not _is_code(code) or entry.subject != code:
                yield Finding(entry.row, Fault.VOUCHER, {"code": code})
            elif not self._is_signed(body):
                yield Finding(entry.row, Fault.SIGNATURE, {"code": code})

    def _is_signed(self, body: dict[str, Any]) -> bool:
        if self._key is None:
            return False
        try:
            claim = vouchers.Claim(
                kiosk=self._generation["kiosk"],
                code=body["code"],
                amount=Cents(body["amount"]),
                issued=date.fromisoformat(body["issued"]),
                valid_until=date.fromisoformat(body["valid_until"]),
                demonstration=self._generation["demonstration"],
            )
        except ValueError:
            return False
        as_signed = (claim.issued.isoformat(), claim.valid_until.isoformat()) == (body["issued"], body["valid_until"])
        return as_signed and vouchers.is_signed(claim, body["signature"], self._key)


def file(connection: Connection) -> Iterator[Finding]:
    """SQLite's own look at every page and index."""
    for (detail,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if detail != "ok":
            yield Finding(None, Fault.FILE, {"detail": detail})


EACH_ENTRY: tuple[Callable[[], Check], ...] = (Postings, Totaliser, Intents, Visits, Days, Vouchers)
WHOLE_FILE: tuple[Callable[[Connection], Iterator[Finding]], ...] = (shape, file)


def _public_key(text: str) -> Ed25519PublicKey | None:
    try:
        return keys.public_key(text)
    except ValueError:
        return None


def _is_code(text: str) -> bool:
    try:
        return vouchers.code_of(text) == text
    except vouchers.BadCode:
        return False
