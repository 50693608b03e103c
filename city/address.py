"""A database's address as it may be shown: without what opens the database. Takes also what is no address at all."""

import re
from urllib.parse import unquote

HIDDEN = "***"

ASSIGNED = re.compile(r"(password\s*=\s*)('[^']*'|\S+)", re.IGNORECASE)
"""As PostgreSQL's own form of an address has it, and what stands behind a question mark."""


def shown(address: str) -> str:
    """Password and everything behind ``?`` hidden; where it is not sure which part is the password, all between ``//`` and the last ``@``."""
    start, scheme_end, rest = address.partition("://")
    if not scheme_end:
        # what a shell left of an address, or a password alone
        rest, start = ASSIGNED.sub(rf"\1{HIDDEN}", start), ""
    rest, question, _ = rest.partition("?")
    before, at, host = rest.rpartition("@")
    user, colon, _ = before.partition(":")
    hidden = f"{user}{colon}{HIDDEN}" if colon else before
    return f"{start}{scheme_end}{hidden if at else ''}{at}{host}{question}{HIDDEN if question else ''}"


def without_secrets(text: str, address: str) -> str:
    """What a driver or SQLAlchemy says, where it quotes the address or a part of it that is hidden."""
    text = text.replace(address, shown(address))
    for secret in sorted(_secrets(address), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def in_one_line(text: str) -> str:
    """What steers a terminal or turns text round is written out, as Python does it."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _secrets(address: str) -> set[str]:
    rest, _, query = address.partition("://")[2].partition("?")
    before, at, _ = rest.rpartition("@")
    password = before.partition(":")[2] if at else ""
    values = re.findall(r"=([^&]*)", query)
    return {form for secret in (password, *values) for form in (secret, unquote(secret)) if form}
