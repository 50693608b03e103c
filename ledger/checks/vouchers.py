"""Vouchers: whether each can be paid by who knows the kiosk's public key."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from config.vocabulary import Cents
from ledger import keys, vouchers
from ledger.chain import Entry
from ledger.findings import Finding, FindingKind
from ledger.kinds import Kind


class Vouchers:
    """What the kiosk promised, it signed.

    1. A voucher's code has the right check letter and is written as codes are kept (VOUCHER).
    2. It is signed with the key that the generation names, over exactly what the entry says, and on a demonstration as one (SIGNATURE).
    """

    @staticmethod
    def looks_at() -> frozenset[str]:
        return frozenset({Kind.GENERATION, Kind.VOUCHER})

    def __init__(self) -> None:
        self._generation: dict[str, Any] = {}
        self._key: Ed25519PublicKey | None = None

    def __call__(self, entry: Entry) -> Iterator[Finding]:
        body: dict[str, Any] = entry.body
        if entry.kind == Kind.GENERATION:
            self._generation, self._key = body, _public_key(body["public_key"])
        if entry.kind == Kind.VOUCHER:
            code = body["code"]
            if not _is_code(code):
                yield Finding(entry.row, FindingKind.VOUCHER, {"code": code})
            elif not self._is_signed(body):
                yield Finding(entry.row, FindingKind.SIGNATURE, {"code": code})

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
