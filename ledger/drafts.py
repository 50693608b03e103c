"""What is written of what happened: values in, a draft of the kind's ``Definition`` out. Whether it may be written is ``journal.py``'s, how it is written ``writer.py``'s."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.vocabulary import Association, Bin, Cents
from ledger import vouchers
from ledger.bins import Content, Handing
from ledger.chain import Json, Posting
from ledger.kinds import KINDS, Account, Kind
from ledger.limits import Terms
from ledger.vocabulary import Cause, Ending, Intent, Voucher


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its row, its time and its place in the chain."""

    kind: Kind
    subject: str
    visit: str | None
    body: dict[str, Json] = field(default_factory=dict)
    postings: tuple[Posting, ...] = ()


def drafted(kind: Kind, visit: str | None, body: dict[str, Json], subject: str | None = None) -> Draft:
    """``subject`` is given only where visit and body do not tell it. Raises ValueError for what an entry of this kind never says."""
    definition = KINDS[kind]
    definition.check(body)
    told = definition.subject_of(visit, body) or subject
    if told is None:
        raise ValueError(f"{kind} without a subject")
    return Draft(kind, told, visit, body, definition.postings(body))


def generation(body: dict[str, Json]) -> Draft:
    return drafted(Kind.GENERATION, None, body)


def visit(day: date, number: str, allowed: int) -> Draft:
    return drafted(Kind.VISIT, f"{day.isoformat()}/{number}", {"number": number, "day": day.isoformat(), "allowed": allowed})


def intent(intent: Intent) -> Draft:
    body: dict[str, Json] = {
        "sequence": intent.sequence,
        "gtin": intent.gtin,
        "material": intent.material.value,
        "amount": intent.amount,
        "bin": intent.bin,
        "weight_g": intent.weight_g,
        "policy": intent.policy,
    }
    if intent.flags:
        body["flags"] = " ".join(intent.flags)
    return drafted(Kind.INTENT, intent.visit, body)


def credit(intent: Intent, totaliser: int, day: date) -> Draft:
    """The credit of exactly one totaliser step, the one that ends at ``totaliser``."""
    body: dict[str, Json] = {
        "sequence": intent.sequence,
        "from": totaliser - 1,
        "totaliser": totaliser,
        "amount": intent.amount,
        "material": intent.material.value,
        "day": day.isoformat(),
    }
    return drafted(Kind.CREDIT, intent.visit, body)


def step(booked: int, totaliser: int, visit: str | None) -> Draft:
    """Totaliser steps that nobody is credited for, however many, and the visit in which they came."""
    return drafted(Kind.STEP, visit, {"from": booked, "totaliser": totaliser})


def ended(intent: Intent, ending: Ending) -> Draft:
    return drafted(Kind(ending.value), intent.visit, {"sequence": intent.sequence})


def gift(visit: str, association: Association, amount: Cents, day: date) -> Draft:
    """The name stands beside the id, so that the entry still says whom it is for when the configuration has forgotten it."""
    body: dict[str, Json] = {"amount": amount, "day": day.isoformat(), "association": association.id, "name": association.name}
    return drafted(Kind.GIFT, visit, body)


def closed(visit: str) -> Draft:
    return drafted(Kind.CLOSED, visit, {})


def shown(code: str, visit: str) -> Draft:
    return drafted(Kind.SHOWN, visit, {}, subject=code)


def paid(code: str, amount: Cents, day: date, agent: str, second: str | None, why: str | None) -> Draft:
    body: dict[str, Json] = {"code": code, "amount": amount, "day": day.isoformat(), "agent": agent}
    return drafted(Kind.PAID, None, {**body, **_told(second=second, why=why)})


def desk_visit(day: date, number: str, agent: str) -> Draft:
    body: dict[str, Json] = {"number": number, "day": day.isoformat(), "allowed": 0, "desk": agent}
    return drafted(Kind.VISIT, f"{day.isoformat()}/{number}", body)


def grant(visit: str, bottle: str, amount: Cents, day: date, agent: str, why: str, second: str | None) -> Draft:
    body: dict[str, Json] = {"bottle": bottle, "amount": amount, "day": day.isoformat(), "agent": agent, "why": why}
    return drafted(Kind.GRANT, visit, {**body, **_told(second=second)})


def claimed(
    code: str, n: int, agent: str, *, by_number: bool, asked: str, fitted: bool, second: str | None = None, why: str | None = None
) -> Draft:
    body: dict[str, Json] = {"code": code, "n": n, "by_number": by_number, "asked": asked, "fitted": fitted, "agent": agent}
    return drafted(Kind.CLAIMED, None, {**body, **_told(second=second, why=why)})


def printed(code: str, copy: int, agent: str | None) -> Draft:
    return drafted(Kind.PRINTED, None, {"code": code, "copy": copy, **_told(agent=agent)})


def emptied(content: Content, handing: Handing, agent: str, second: str | None, why: str | None) -> Draft:
    body: dict[str, Json] = {
        "bin": content.bin,
        "n": content.n,
        "counts": dict(content.counts),
        "grams": content.grams,
        "seal": handing.seal,
        "destination": handing.destination.value,
        "carrier": handing.carrier,
        "door_seen": handing.door_seen,
        "agent": agent,
    }
    return drafted(Kind.EMPTIED, None, {**body, **_told(second=second, why=why)})


def weighed(bin: Bin, n: int, grams: int, agent: str, second: str | None) -> Draft:
    return drafted(Kind.WEIGHED, None, {"bin": bin, "n": n, "grams": grams, "agent": agent, **_told(second=second)})


def closure(body: dict[str, Json]) -> Draft:
    return drafted(Kind.CLOSURE, None, body)


def correction(row: int, debit: Account, credit: Account, amount: Cents, why: str, agent: str, second: str) -> Draft:
    body: dict[str, Json] = {"row": row, "debit": debit.value, "credit": credit.value, "amount": amount}
    return drafted(Kind.CORRECTION, None, {**body, "why": why, "agent": agent, "second": second})


def elapsed() -> Draft:
    """Nothing but time that has passed, on a machine that does not know the date."""
    return drafted(Kind.ELAPSED, None, {})


def _told(**optional: str | None) -> dict[str, Json]:
    return {name: value for name, value in optional.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Issuer:
    """In whose name vouchers are issued, on what terms, and signed with which key."""

    kiosk: str
    demonstration: bool
    terms: Terms
    key: Ed25519PrivateKey

    def voucher(self, code: str, visit: str, amount: Cents, issued: date, cause: Cause) -> tuple[Draft, Voucher]:
        """The entry, and the voucher that may be shown once the entry is durable."""
        valid_until = issued + timedelta(days=self.terms.voucher_days)
        claim = vouchers.Claim(self.kiosk, code, amount, issued, valid_until, self.demonstration)
        signature = vouchers.sign(claim, self.key)
        body: dict[str, Json] = {
            "code": code,
            "amount": amount,
            "issued": issued.isoformat(),
            "valid_until": valid_until.isoformat(),
            "cause": cause.value,
            "payer": self.terms.payer,
            "signature": signature,
        }
        return drafted(Kind.VOUCHER, visit, body), self._voucher(visit, claim, cause, signature)

    def issued(self, visit: str, body: dict[str, Any]) -> Voucher:
        """The voucher that an entry of this body has issued, to be shown once more."""
        issued, valid_until = date.fromisoformat(body["issued"]), date.fromisoformat(body["valid_until"])
        claim = vouchers.Claim(self.kiosk, body["code"], Cents(body["amount"]), issued, valid_until, self.demonstration)
        return self._voucher(visit, claim, Cause(body["cause"]), body["signature"])

    def _voucher(self, visit: str, claim: vouchers.Claim, cause: Cause, signature: str) -> Voucher:
        link = vouchers.link(self.terms.voucher_page, claim, signature)
        return Voucher(claim.code, visit, claim.amount, claim.issued, claim.valid_until, cause, link, claim.demonstration)
