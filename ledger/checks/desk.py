"""The desk: vouchers are paid once and in time, and what needs two agents was done by two."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ledger.chain import Entry
from ledger.findings import Finding, FindingKind
from ledger.kinds import Kind
from ledger.views import PAYER


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


class Agents:
    """Whoever acts for the desk is named, and a second one is another one.

    1. The second agent of an entry has another number than the first (AGENTS).
    2. A correction, and a code that was revealed to whom the visit number was unknown, have a second (AGENTS).
    """

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        second = body.get("second")
        needed = entry.kind == Kind.CORRECTION or (entry.kind == Kind.CLAIMED and not body["by_number"])
        if (needed and second is None) or (second is not None and second == body.get("agent")):
            yield Finding(entry.row, FindingKind.AGENTS, {"subject": entry.subject})


def _claim(body: dict[str, Any]) -> Claim:
    return Claim(body["amount"], body["valid_until"], body.get("payer", PAYER), body.get("doubtful", False))
