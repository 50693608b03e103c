"""Visits: one after the other, each with what is its own, each ending with its sum."""

from collections.abc import Iterator
from typing import Any

from ledger.chain import Entry
from ledger.findings import Finding, FindingKind
from ledger.kinds import KINDS, Account, Definition, Kind, Lasting, Moves, Whose
from ledger.vocabulary import Cause


class Visits:
    """One visit at a time, and every cent of it accounted for.

    1. A visit begins only while none is open (VISIT).
    2. It is named by its day and its number (VISIT).
    3. An entry names the visit that its kind belongs to: the open one, one that has ended, or none (VISIT).
    4. No more bottles of it are paid for than its first entry allows (ALLOWED).
    5. It ends only while no intent is open (VISIT).
    6. Its end moves exactly what was put on its account; one that moves money moves some (AMOUNT).
    7. A voucher is marked as shown at most once, before the next visit begins, and none that the desk hands over is (VISIT).
    """

    def __init__(self) -> None:
        self._open: Entry | None = None
        self._intent_open = False
        self._bottles = 0
        self._cents = 0
        self._unshown: tuple[str, str | None] | None = None

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        definition = KINDS[entry.kind]
        if definition.opens is Lasting.VISIT:
            yield from self._begins(entry)
        elif not self._is_of(entry.visit, definition.whose):
            yield self._out_of_place(entry)
        elif entry.kind == Kind.SHOWN:
            yield from self._shown(entry)
        elif self._open is not None and entry.visit is not None:
            yield from self._within(entry, definition, self._open)

    def _begins(self, entry: Entry) -> Iterator[Finding]:
        if self._open is not None or entry.visit != f"{entry.body['day']}/{entry.body['number']}":
            yield self._out_of_place(entry)
        self._open, self._bottles, self._cents, self._intent_open, self._unshown = entry, 0, 0, False, None

    def _is_of(self, visit: str | None, whose: Whose) -> bool:
        open_visit = None if self._open is None else self._open.visit
        match whose:
            case Whose.NOBODYS:
                return visit is None
            case Whose.OPEN:
                return visit is not None and visit == open_visit
            case Whose.OPEN_IF_ANY:
                return visit is None or visit == open_visit
            case Whose.ENDED:
                return visit is not None and visit != open_visit

    def _shown(self, entry: Entry) -> Iterator[Finding]:
        if self._unshown != (entry.subject, entry.visit):
            yield self._out_of_place(entry)
        self._unshown = None

    def _within(self, entry: Entry, definition: Definition, open_visit: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        allowed: Any = open_visit.body["allowed"]
        if definition.opens is Lasting.INTENT:
            self._intent_open = True
        elif definition.ends is Lasting.INTENT:
            self._intent_open = False
        if isinstance(definition.moves, Moves) and definition.moves.credit is Account.VISITS:
            self._cents += body["amount"]
        if entry.kind == Kind.CREDIT:
            self._bottles += 1
            if self._bottles > allowed and body["amount"]:
                yield Finding(entry.row, FindingKind.ALLOWED, {"allowed": allowed})
        if definition.ends is Lasting.VISIT:
            yield from self._ends(entry, body, moves_money=definition.moves is not None)

    def _ends(self, entry: Entry, body: dict[str, Any], moves_money: bool) -> Iterator[Finding]:
        if self._intent_open:
            yield self._out_of_place(entry)
        found = body["amount"] if moves_money else 0
        if found != self._cents or (moves_money and not found):
            yield Finding(entry.row, FindingKind.AMOUNT, {"expected": str(self._cents), "found": str(found)})
        self._open = None
        if entry.kind == Kind.VOUCHER and body["cause"] != Cause.GRANTED:
            self._unshown = entry.subject, entry.visit

    def _out_of_place(self, entry: Entry) -> Finding:
        return Finding(entry.row, FindingKind.VISIT, {"visit": entry.visit, "open": None if self._open is None else self._open.visit})
