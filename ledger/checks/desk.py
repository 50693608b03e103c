"""The desk: vouchers are paid once and in time, bottles credited once, bins emptied and days closed in order, and what needs two agents was done by two."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ledger import keys
from ledger.chain import Entry
from ledger.checks.file import is_readable
from ledger.closures import Perpetual, Runs, closed, is_signed
from ledger.findings import Finding, FindingKind
from ledger.kinds import Account, Kind
from ledger.views import PAYER
from ledger.vocabulary import Cause


class Claim(NamedTuple):
    """What an open voucher claims."""

    amount: int
    valid_until: str
    payer: str
    doubtful: bool


class Payments:
    """A voucher is paid once, its sum, in time. The memory grows with the vouchers that are open, and with nothing else.

    1. A payment is of a voucher that was issued here or that the first entry lists, and of its sum (PAID).
    2. Of one that this kiosk pays, on a day on which it is valid (PAID).
    3. Of one that was not paid before (PAID).
    4. One that a restored copy makes doubtful is paid by two agents with a reason (AGENTS).
    """

    @staticmethod
    def looks_at() -> frozenset[str]:
        return frozenset({Kind.GENERATION, Kind.VOUCHER, Kind.PAID})

    def __init__(self) -> None:
        self._open: dict[str, Claim] = {}

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        if entry.kind == Kind.GENERATION:
            listed = (body["previous"] or {}).get("vouchers", ())
            self._open = {it["code"]: _claim(it) for it in listed}
        elif entry.kind == Kind.VOUCHER:
            self._open[body["code"]] = _claim(body)
        elif entry.kind == Kind.PAID:
            claim = self._open.pop(body["code"], None)
            if claim is None or claim.amount != body["amount"] or claim.payer != PAYER or body["day"] > claim.valid_until:
                yield Finding(entry.row, FindingKind.PAID, {"code": body["code"]})
            elif claim.doubtful and ("second" not in body or "why" not in body):
                yield Finding(entry.row, FindingKind.AGENTS, {"subject": entry.subject})


class Handed:
    """Codes that were revealed and tickets that were begun are of open vouchers, counted from 1. Remembers the open vouchers.

    1. They are of a voucher that was issued here or is listed, and not paid (COPY).
    2. Each number is one above the one before; a ticket of an earlier generation's voucher may begin with 2 (COPY).
    """

    @staticmethod
    def looks_at() -> frozenset[str]:
        return frozenset({Kind.GENERATION, Kind.VOUCHER, Kind.PAID, Kind.CLAIMED, Kind.PRINTED})

    def __init__(self) -> None:
        self._earlier: set[str] = set()
        self._open: set[str] = set()
        self._numbers: dict[tuple[str, str], int] = {}

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        if entry.kind == Kind.GENERATION:
            self._earlier = {it["code"] for it in (body["previous"] or {}).get("vouchers", ())}
            self._open |= self._earlier
        elif entry.kind == Kind.VOUCHER:
            self._open.add(body["code"])
        elif entry.kind == Kind.PAID:
            self._open.discard(body["code"])
        elif entry.kind in {Kind.CLAIMED, Kind.PRINTED}:
            code, number = body["code"], body["copy" if entry.kind == Kind.PRINTED else "n"]
            before = self._numbers.get((entry.kind, code), 0)
            may_be = {before + 1} | ({2} if not before and entry.kind == Kind.PRINTED and code in self._earlier else set())
            if code not in self._open or number not in may_be:
                yield Finding(entry.row, FindingKind.COPY, {"subject": entry.subject})
            self._numbers[entry.kind, code] = number


OF_GRANTS = frozenset({Kind.GENERATION, Kind.VISIT, Kind.INTENT, Kind.UNCOUNTED, Kind.STEP, Kind.GRANT, Kind.VOUCHER})


class Grants:
    """A bottle is credited by hand once, and in a visit of the desk's. Remembers the bottles that nobody counted, and the visits.

    1. It is an uncounted one, here or listed by the first entry, one that fell by itself in a visit, or of a visit that there was (GRANT).
    2. Of an uncounted one the sum is its intent's (GRANT).
    3. It was not credited before (GRANT).
    4. A visit of the desk's holds grants of its agent and then the voucher of them, and nothing else; no grant is elsewhere (GRANT).
    """

    def __init__(self) -> None:
        self._generation = ""
        self._amount = 0
        self._uncounted: dict[str, int] = {}
        self._fell: list[range] = []
        self._visits: set[str | None] = set()
        self._granted: set[str] = set()
        self._desk: Entry | None = None
        self._grants = 0

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        if self._desk is None and entry.kind not in OF_GRANTS:
            return
        if not self._is_in_place(entry):
            yield Finding(entry.row, FindingKind.GRANT, {"subject": entry.subject})
        body: dict[str, Any] = entry.body
        match entry.kind:
            case Kind.GENERATION:
                self._generation = entry.hash[:8]
                self._uncounted = {it["bottle"]: it["amount"] for it in (body["previous"] or {}).get("uncounted", ())}
            case Kind.VISIT if "desk" in body:
                self._desk, self._grants = entry, 0
            case Kind.VISIT:
                self._visits.add(entry.visit)
            case Kind.INTENT:
                self._amount = body["amount"]
            case Kind.UNCOUNTED:
                self._uncounted[f"{entry.subject}@{self._generation}"] = self._amount
            case Kind.STEP if entry.visit is not None:
                self._fell.append(range(body["from"] + 1, body["totaliser"] + 1))
            case Kind.GRANT:
                if not self._waits(body):
                    yield Finding(entry.row, FindingKind.GRANT, {"subject": entry.subject})
                self._granted.add(body["bottle"])
                self._grants += 1
            case _:
                pass

    def _is_in_place(self, entry: Entry) -> bool:
        """What stands in the desk's visit that was begun, and outside of any. Its voucher ends it."""
        desk, body = self._desk, entry.body
        if desk is None:
            return entry.kind != Kind.GRANT and body.get("cause") != Cause.GRANTED
        if entry.kind == Kind.GRANT:
            return (entry.visit, body["agent"]) == (desk.visit, desk.body["desk"])
        self._desk = None
        return (entry.visit, entry.kind, body.get("cause")) == (desk.visit, Kind.VOUCHER, Cause.GRANTED) and self._grants > 0

    def _waits(self, body: dict[str, Any]) -> bool:
        bottle: str = body["bottle"]
        if bottle in self._granted or body["amount"] <= 0:
            return False
        if bottle.startswith("visit:"):
            visit, _, n = bottle.removeprefix("visit:").rpartition(":")
            return visit in self._visits and n.isdecimal() and str(int(n)) == n and n != "0"
        if bottle.startswith("totaliser:"):
            step = int(bottle.removeprefix("totaliser:"))
            return bottle == f"totaliser:{step}" and any(step in fell for fell in self._fell)
        return bool(self._uncounted.get(bottle) == body["amount"])


def unfinished(connection: Connection) -> Iterator[Finding]:
    """1. Every visit of the desk's has its voucher: the three kinds of row are one transaction (GRANT)."""
    if is_readable(connection):
        query = """SELECT row, subject FROM entry AS begun WHERE kind = 'visit' AND body LIKE '%"desk":%'
            AND NOT EXISTS (SELECT 1 FROM entry WHERE visit = begun.visit AND kind = 'voucher')"""
        for row, subject in connection.exec_driver_sql(query):
            yield Finding(row, FindingKind.GRANT, {"subject": subject})


class Bins:
    """What was emptied is what fell, in order.

    1. Each emptying of a bin has the number after the one before, earlier generations' too (BIN).
    2. It counts by material what fell into the bin since, and what that weighed (BIN).
    3. A weighing is of an emptying that was not weighed before (BIN).
    """

    @staticmethod
    def looks_at() -> frozenset[str]:
        return frozenset({Kind.GENERATION, Kind.INTENT, Kind.CREDIT, Kind.UNCOUNTED, Kind.EMPTIED, Kind.WEIGHED})

    def __init__(self) -> None:
        self._intent: dict[str, Any] | None = None
        self._numbers: dict[int, int] = {}
        self._counts: dict[int, Counter[str]] = {}
        self._grams: Counter[int] = Counter()
        self._unweighed: set[str] = set()

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        match entry.kind:
            case Kind.GENERATION:
                self._begins(body["previous"] or {})
            case Kind.INTENT:
                self._intent = body
            case Kind.CREDIT | Kind.UNCOUNTED if self._intent is not None:
                self._counts.setdefault(self._intent["bin"], Counter())[self._intent["material"]] += 1
                self._grams[self._intent["bin"]] += self._intent["weight_g"]
            case Kind.EMPTIED:
                bin = body["bin"]
                expected = (self._numbers.get(bin, 1), +self._counts.get(bin, Counter()), self._grams[bin])
                if expected != (body["n"], +Counter(body["counts"]), body["grams"]):
                    yield Finding(entry.row, FindingKind.BIN, {"subject": entry.subject})
                self._numbers[bin], self._counts[bin], self._grams[bin] = body["n"] + 1, Counter(), 0
                self._unweighed.add(entry.subject)
            case Kind.WEIGHED:
                if entry.subject not in self._unweighed:
                    yield Finding(entry.row, FindingKind.BIN, {"subject": entry.subject})
                self._unweighed.discard(entry.subject)
            case _:
                pass

    def _begins(self, previous: dict[str, Any]) -> None:
        for bin, stood in previous.get("bins", {}).items():
            self._numbers[int(bin)], self._counts[int(bin)], self._grams[int(bin)] = stood["n"], Counter(stood["counts"]), stood["grams"]
        self._unweighed = set(previous.get("unweighed", ()))


class Closures:
    """Each row is in one closure at most, and each closure is what its rows add up to. Remembers what the days that are not closed add up to.

    1. A closure has the number after the one before, earlier generations' too, and its rows go on where that ended: one whole day (CLOSURE).
    2. Its totals are those rows', its perpetual ones those of all closures (CLOSURE).
    3. It was made on a trusted clock, and signed with the generation's key (CLOSURE).
    """

    def __init__(self) -> None:
        self._runs = Runs()
        self._perpetual = Perpetual(None)
        self._n = 0
        self._kiosk = self._generation = self._key = ""

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        if entry.kind == Kind.GENERATION:
            previous = body["previous"] or {}
            self._n, self._perpetual = previous.get("closures", 0), Perpetual(previous.get("perpetual"))
            self._kiosk, self._generation, self._key = body["kiosk"], entry.hash, body["public_key"]
        self._runs.add(entry)
        if entry.kind == Kind.CLOSURE and not self._follows(entry, body):
            yield Finding(entry.row, FindingKind.CLOSURE, {"subject": entry.subject})

    def _follows(self, entry: Entry, body: dict[str, Any]) -> bool:
        # the closure itself is in the last of them, so a day that it stands in itself is not whole
        run = self._runs.all.pop(0)
        self._n += 1
        self._perpetual.add(run)
        expected = closed(run, self._n, self._perpetual)
        same = all(body[name] == value for name, value in expected.items())
        return same and entry.trusted and is_signed(self._kiosk, self._generation, body, keys.public_key(self._key))


class Corrections:
    """1. A correction is of a row before it, once, of a sum above nothing, between two accounts that there are (CORRECTED)."""

    @staticmethod
    def looks_at() -> frozenset[str]:
        return frozenset({Kind.CORRECTION})

    def __init__(self) -> None:
        self._corrected: set[int] = set()

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        if entry.kind != Kind.CORRECTION:
            return
        body: dict[str, Any] = entry.body
        accounts = {body["debit"], body["credit"]}
        sound = 0 < body["row"] < entry.row and body["row"] not in self._corrected and body["amount"] > 0
        if not sound or len(accounts) < len(("debit", "credit")) or not accounts <= set(Account):
            yield Finding(entry.row, FindingKind.CORRECTED, {"subject": entry.subject})
        self._corrected.add(body["row"])


class Agents:
    """Whoever acts for the desk is named, and a second one is another one.

    1. The second agent of an entry has another number than the first (AGENTS).
    2. A correction, and a code that was revealed to whom the visit number was unknown, have a second (AGENTS).
    """

    @staticmethod
    def looks_at() -> frozenset[str]:
        return frozenset({Kind.PAID, Kind.GRANT, Kind.CLAIMED, Kind.PRINTED, Kind.EMPTIED, Kind.WEIGHED, Kind.CLOSURE, Kind.CORRECTION})

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        second = body.get("second")
        needed = entry.kind == Kind.CORRECTION or (entry.kind == Kind.CLAIMED and not body["by_number"])
        if (needed and second is None) or (second is not None and second == body.get("agent")):
            yield Finding(entry.row, FindingKind.AGENTS, {"subject": entry.subject})


def _claim(body: dict[str, Any]) -> Claim:
    return Claim(body["amount"], body["valid_until"], body.get("payer", PAYER), body.get("doubtful", False))
