"""Voucher codes, the signed text, and the link that a QR carries. What a voucher is worth and when one is issued is ``journal.py``'s.

A code is 16 random letters (80 bits) of ``LETTERS`` and a check letter: over GF(32) with the primitive polynomial x^5 + x^2 + 1 the sum
of alpha^i times letter i is zero. The weights differ, so each wrong letter and each swap of two letters is caught.

The signature is Ed25519 (RFC 8032) over the UTF-8 text of seven lines, ended by ``\\n`` but for the last::

    consigne voucher 1
    kiosk=paris-11-01
    code=7KQP2MZD9FHWX3TAC
    amount=120
    issued=2026-11-24
    valid_until=2029-11-23
    demonstration=no

The link is ``PAGE#c=CODE&k=KIOSK&a=CENTS&d=ISSUED&u=VALID_UNTIL&s=SIGNATURE`` (base64url without padding); on a demonstration ledger
``&t=demo`` stands before ``&s=``. Everything is behind ``#``: a browser sends none of it, and opening the page pays nothing.

What names a voucher is its code. Each has one link, letter by letter: whoever pays by code and whoever remembers links mean the same.
"""

import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from string import ascii_lowercase, ascii_uppercase
from typing import Protocol
from urllib.parse import parse_qsl, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from config.vocabulary import Cents

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RANDOM_LETTERS = 16
CODE_LETTERS = RANDOM_LETTERS + 1
_POLYNOMIAL = 0b100101

FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""The wide forms of ASCII that keyboards of East Asia type. They are no other letters, as superscripts, ligatures and Cyrillic ones are."""

_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
"""Not ``str.upper``, which makes two letters of one ligature, and an S of the long s."""

_DASHES = "\N{ARABIC TATWEEL}\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}"
"""What some keyboards have in the place of a dash, and Unicode counts among the letters."""


class Randomness(Protocol):
    """What is asked of chance; the standard library's ``secrets`` is one."""

    def token_bytes(self, nbytes: int | None = None) -> bytes: ...

    def randbelow(self, exclusive_upper_bound: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Claim:
    """What the signature of a voucher vouches for."""

    kiosk: str
    code: str
    amount: Cents
    issued: date
    valid_until: date
    demonstration: bool


class BadCode(Exception):
    """Not a voucher code: a wrong letter, a wrong length, or a check letter that does not fit."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class BadLink(Exception):
    """A link that is incomplete or written in another way than ``link`` does, or whose signature is not of this key over these values."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def draw_code(random: Randomness) -> str:
    bits = int.from_bytes(random.token_bytes(10))
    letters = [bits >> (5 * place) & 31 for place in range(RANDOM_LETTERS)]
    return "".join(LETTERS[letter] for letter in [*letters, _check_letter(letters)])


def grouped(code: str) -> str:
    """As people read it: 4-4-4-5."""
    return "-".join((code[:4], code[4:8], code[8:12], code[12:]))


def code_of(text: str) -> str:
    """The code that somebody typed or read: small and wide letters, blanks, dashes, points and what is not seen are forgiven, and so are the digits
    of every script. Raises BadCode.

    No letter is taken for another one: the check letter finds a slip only while each sign has one meaning.
    """
    letters = [LETTERS.find(_plain(letter)) for letter in text.translate(FULL_WIDTH).translate(_CAPITALS) if not _between(letter)]
    if len(letters) != CODE_LETTERS or min(letters) < 0 or _check_letter(letters[:RANDOM_LETTERS]) != letters[RANDOM_LETTERS]:
        raise BadCode(text)
    return "".join(LETTERS[letter] for letter in letters)


def sign(claim: Claim, key: Ed25519PrivateKey) -> str:
    return _base64(key.sign(_signed_text(claim)))


def is_signed(claim: Claim, signature: str, key: Ed25519PublicKey) -> bool:
    """Whether the signature (base64url, as ``sign`` writes it) is this key's over this claim."""
    try:
        raw = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        key.verify(raw, _signed_text(claim))
    except (InvalidSignature, ValueError):
        return False
    return _base64(raw) == signature


def link(page: str, claim: Claim, signature: str) -> str:
    fields = [
        ("c", claim.code),
        ("k", claim.kiosk),
        ("a", str(claim.amount)),
        ("d", claim.issued.isoformat()),
        ("u", claim.valid_until.isoformat()),
        *([("t", "demo")] if claim.demonstration else []),
        ("s", signature),
    ]
    return f"{page}#{urlencode(fields)}"


def check(text: str, page: str, key: Ed25519PublicKey) -> Claim:
    """The claim that a link to this page makes, its signature proved and not a letter of it written otherwise. Raises BadLink.

    The signature does not cover the page: with another one, or in another writing, a link would be a second one of the same voucher.
    """
    _, _, fragment = text.removeprefix(page).partition("#")
    fields = dict(parse_qsl(fragment))
    try:
        claim = Claim(
            kiosk=fields["k"],
            code=code_of(fields["c"]),
            amount=Cents(int(fields["a"])),
            issued=date.fromisoformat(fields["d"]),
            valid_until=date.fromisoformat(fields["u"]),
            demonstration=fields.get("t") == "demo",
        )
        written = link(page, claim, fields["s"])
    except KeyError as missing:
        raise BadLink(f"field {missing} is missing") from missing
    except (ValueError, BadCode) as error:
        raise BadLink(str(error)) from error
    if written != text:
        raise BadLink("not written as a kiosk writes it")
    if not is_signed(claim, fields["s"], key):
        raise BadLink("the signature does not fit")
    return claim


def _signed_text(claim: Claim) -> bytes:
    lines = (
        "consigne voucher 1",
        f"kiosk={claim.kiosk}",
        f"code={claim.code}",
        f"amount={claim.amount}",
        f"issued={claim.issued.isoformat()}",
        f"valid_until={claim.valid_until.isoformat()}",
        f"demonstration={'yes' if claim.demonstration else 'no'}",
    )
    return "\n".join(lines).encode()


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _between(letter: str) -> bool:
    """What stands between letters and is none: a blank, a dash, a point, a sign as of sums, or one that is not seen."""
    return letter.isspace() or letter in _DASHES or unicodedata.category(letter)[0] in "PSZ" or unicodedata.category(letter) == "Cf"


def _plain(letter: str) -> str:
    """A decimal digit of any script as the one of ASCII that has its value; a raised or circled one is none."""
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _check_letter(letters: list[int]) -> int:
    """The letter that makes the weighted sum zero: by Horner's rule from the last place, the sum divided by alpha^16."""
    total = 0
    for letter in letters:
        total = _halved(total ^ letter)
    return total


def _halved(value: int) -> int:
    """Divided by alpha in GF(32)."""
    return (value ^ _POLYNOMIAL) >> 1 if value & 1 else value >> 1
