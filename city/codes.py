"""Secrets that the city makes: what a person types once, and what a browser carries. Only their digests are kept."""

import hashlib
import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Those of a voucher's code: none that is taken for another."""

GROUPS = 4
"""Of four letters, five bits each: 80 bits, which nobody tries out."""


def make_code() -> str:
    """As it is read aloud and typed: ``7KQP-2MZD-9FHW-X3TA``."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(GROUPS))


def make_token() -> str:
    """What no person types."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Hex SHA-256 of a secret that holds enough chance of its own; a password that a person chose needs ``passwords``."""
    return hashlib.sha256(secret.encode()).hexdigest()


def typed(code: str) -> str:
    """A code as it was made, however it was typed: small letters, without hyphens, with spaces."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
