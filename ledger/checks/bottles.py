"""Bottles: the totaliser's steps, and the intents that they end."""

from collections.abc import Iterator
from typing import Any

from ledger.chain import Entry
from ledger.findings import Finding, FindingKind
from ledger.kinds import KINDS, Counting, Kind, Lasting, counting


class Totaliser:
    """Every step of the totaliser is booked once.

    1. Each entry that counts goes on where the one before it left the totaliser (TOTALISER).
    2. It moves the totaliser forward, a credit by exactly one step (TOTALISER).
    """

    looks_at = staticmethod(counting)

    def __init__(self) -> None:
        self._totaliser: Any = None

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        counts = KINDS[entry.kind].counts
        if counts is None:
            return
        if counts is not Counting.BEGINS:
            if body["from"] != self._totaliser:
                yield Finding(entry.row, FindingKind.TOTALISER, {"expected": self._totaliser, "found": body["from"]})
            moved = body["totaliser"] - body["from"]
            if moved < 1 or (counts is Counting.ONE_STEP and moved != 1):
                yield Finding(entry.row, FindingKind.TOTALISER, {"expected": body["from"] + 1, "found": body["totaliser"]})
        self._totaliser = body["totaliser"]


class Intents:
    """Nothing is credited that was not intended, and nothing twice.

    1. An intent begins only while none is open (INTENT).
    2. Sequences rise from intent to intent (INTENT).
    3. What ends an intent ends the one that is open, in its visit (INTENT).
    4. A credit is of the amount and the material that were intended (AMOUNT).
    """

    @staticmethod
    def looks_at() -> frozenset[str]:
        return frozenset(kind for kind, it in KINDS.items() if Lasting.INTENT in {it.opens, it.ends})

    def __init__(self) -> None:
        self._open: Entry | None = None
        self._sequence = 0

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        definition = KINDS[entry.kind]
        if definition.opens is Lasting.INTENT:
            yield from self._begins(entry, entry.body)
        elif definition.ends is Lasting.INTENT:
            yield from self._ends(entry)

    def _begins(self, entry: Entry, body: dict[str, Any]) -> Iterator[Finding]:
        if self._open is not None or body["sequence"] <= self._sequence:
            yield self._out_of_place(entry)
        self._open, self._sequence = entry, max(self._sequence, body["sequence"])

    def _ends(self, entry: Entry) -> Iterator[Finding]:
        intent = self._open
        if intent is None or (intent.subject, intent.visit) != (entry.subject, entry.visit):
            yield self._out_of_place(entry)
        elif entry.kind == Kind.CREDIT:
            for value in ("amount", "material"):
                if entry.body[value] != intent.body[value]:
                    yield Finding(entry.row, FindingKind.AMOUNT, {"expected": str(intent.body[value]), "found": str(entry.body[value])})
        self._open = None

    def _out_of_place(self, entry: Entry) -> Finding:
        return Finding(
            entry.row, FindingKind.INTENT, {"subject": entry.subject, "open": None if self._open is None else self._open.subject}
        )
