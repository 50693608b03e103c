"""A voucher as the city reads it: the code that somebody types, the link that a QR carries, and whether a ledger's key has signed it.

Written from the kiosk's description (``ledger/vouchers.py``) and not with its code: two implementations watch each other. A code is 16 letters of chance
and one that checks them; the signature is Ed25519 over seven lines.
"""

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from city.codes import LETTERS

CODE_LETTERS = 17
_POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1: the field of 32 elements in which the check letter is reckoned."""

LONGEST = 1000
"""Of what is typed or scanned."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KIOSK = re.compile(r"[a-z0-9][a-z0-9-]{2,39}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link says of a voucher; true once ``signed_by`` holds."""

    kiosk: str
    code: str
    amount: int
    issued: str
    valid_until: str
    demonstration: bool
    signature: str

    def signed_by(self, key: str) -> bool:
        """``key``: a ledger's public key, 64 hex digits."""
        said = (
            "consigne voucher 1",
            f"kiosk={self.kiosk}",
            f"code={self.code}",
            f"amount={self.amount}",
            f"issued={self.issued}",
            f"valid_until={self.valid_until}",
            f"demonstration={'yes' if self.demonstration else 'no'}",
        )
        try:
            signature = urlsafe_b64decode(self.signature + "=" * (-len(self.signature) % 4))
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, "\n".join(said).encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def code_in(text: str) -> str | None:
    """The code that was typed, small letters, blanks and hyphens forgiven; None where it is none, or a letter is wrong."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    values = [LETTERS.find(letter) for letter in letters]
    if len(values) != CODE_LETTERS or min(values) < 0:
        return None
    weighted = 0
    for place, value in enumerate(values):
        weighted ^= _times(_power(place), value)
    return letters if weighted == 0 else None


def claim_in(text: str) -> Claim | None:
    """What a scanned link says; None where it is no voucher's link. Whether it is true is not known yet."""
    _, fragment, said = text.strip()[:LONGEST].partition("#")
    fields = {name: values[0] for name, values in parse_qs(said).items() if len(values) == 1}
    code = code_in(fields.get("c", ""))
    amount, days = fields.get("a", ""), (fields.get("d", ""), fields.get("u", ""))
    well = (
        amount.isascii()
        and amount.isdigit()
        and len(amount) < 8
        and all(map(_DAY.fullmatch, days))
        and _KIOSK.fullmatch(fields.get("k", ""))
    )
    if not fragment or code is None or not well:
        return None
    return Claim(fields["k"], code, int(amount), *days, demonstration=fields.get("t") == "demo", signature=fields.get("s", ""))


def grouped(code: str) -> str:
    """As people read it: 4-4-4-5."""
    return "-".join((code[:4], code[4:8], code[8:12], code[12:]))


def _power(place: int) -> int:
    """alpha to this power."""
    value = 1
    for _ in range(place):
        value = _times(value, 2)
    return value


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one, other = one << 1, other >> 1
        if one & 32:
            one ^= _POLYNOMIAL
    return product
