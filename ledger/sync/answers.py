"""What an answer says: an HTTP status, its headers and its body as one of the contract's answers, or as what answered in the city's place.

The city speaks JSON objects with an ``error`` in them. A proxy, a filter or a network that wants a sign-in answers with statuses that the contract
does not have, with pages and with redirects: what is to be done then differs, so each has its name (``Between``).
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from ledger.sync.outcomes import (
    AuthoritiesUnusable,
    Between,
    CityTroubled,
    Difference,
    Disagreed,
    Garbled,
    Intercepted,
    KeyUnusable,
    ProxyUnreachable,
    Refused,
    Rejected,
    Stopped,
    Unreachable,
    Untrusted,
)

PROXY_STATUSES = {
    407: Between.PROXY_SIGN_IN,
    408: Between.TOO_SLOW,
    411: Between.NO_LENGTH,
    414: Between.HEADER_TOO_LONG,
    421: Between.MISDIRECTED,
    431: Between.HEADER_TOO_LONG,
    451: Between.BLOCKED,
    511: Between.PORTAL,
}
"""Statuses that a city never answers with."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """``current``: whether the city knows no ledger of this kiosk that came after this one; None where a city does not say."""

    generation: str
    row: int
    head: str
    current: bool | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """The city wants row ``expected`` next; the one before it has hash ``head``."""

    expected: int
    head: str


@dataclass(frozen=True, slots=True)
class Oversized:
    """413: the message is too large for the city, or for something on the way to it."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The city takes this key (its 32 public bytes in hex) for this kiosk."""

    kiosk: str
    key: str


@dataclass(frozen=True, slots=True)
class NonceOffered:
    """The city does not believe the request's time; it takes the same once more, signed with this nonce and no time."""

    nonce: str


Answer = (
    Accepted
    | Enrolled
    | Gap
    | Oversized
    | Disagreed
    | Rejected
    | Refused
    | CityTroubled
    | Garbled
    | Intercepted
    | Unreachable
    | ProxyUnreachable
    | AuthoritiesUnusable
    | KeyUnusable
    | Untrusted
    | Stopped
)


class _Shape(Exception):
    """The answer is not as the contract has it."""


def read_answer(url: str, status: int, headers: dict[str, str], body: bytes, *, of_rows: bool = True) -> Answer | NonceOffered:
    """The answer to a batch that was sent to ``url``, by the contract; ``of_rows`` false: to a key that is to be enrolled."""
    if status in PROXY_STATUSES:
        return Intercepted(status, PROXY_STATUSES[status], "")
    if status == 413:
        return Oversized()
    if status == 429 or status >= 500:
        wait = headers.get("retry-after", "")
        return CityTroubled(status, int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else None)
    if 300 <= status < 400:
        return _redirect(url, status, headers.get("location", "")[:200])
    try:
        said = _object(body)
        if status == 401 and said.get("error") == "time":
            return NonceOffered(_nonce(headers))
        if status == 200 and not of_rows:
            return Enrolled(_text(said, "kiosk"), _hash(said, "key"))
        return _of_contract(status, said)
    except _Shape as error:
        if status in (401, 403):
            return Intercepted(status, Between.BLOCKED, "")
        if status == 200 and _is_page(headers, body):
            return Intercepted(status, Between.PORTAL, "")
        return Garbled(f"status {status}, {error}")


def _redirect(url: str, status: int, location: str) -> Answer:
    """To another host it is a network that wants a sign-in first; within one host the configured address is not the city's."""
    try:
        elsewhere = urlsplit(urljoin(url, location)).hostname
    except ValueError:
        # a host in brackets that is no address
        elsewhere = None
    if elsewhere is not None and elsewhere != urlsplit(url).hostname:
        return Intercepted(status, Between.PORTAL, location)
    return Garbled(f"status {status}, a redirect to {location or 'nowhere'}")


def _is_page(headers: dict[str, str], body: bytes) -> bool:
    return "html" in headers.get("content-type", "").lower() or body.lstrip()[:1] == b"<"


def _of_contract(status: int, answer: dict[str, Any]) -> Answer:
    match status:
        case 200:
            return _accepted(answer)
        case 401 | 403:
            return Refused(status, _text(answer, "error"))
        case 409 if answer.get("error") == "gap":
            return Gap(_number(answer, "expected"), _hash(answer, "head"))
        case 409:
            return Disagreed(_text(answer, "error"), _number(answer, "row"), _hash(answer, "held"), _hash(answer, "sent"))
        case 400 | 422:
            return Rejected(status, _text(answer, "error"), _text(answer, "message"), _optional_number(answer, "row"))
        case _:
            raise _Shape("which the contract does not have")


def _nonce(headers: dict[str, str]) -> str:
    """As RFC 9421 has a signature asked for (section 5.1): of its parameters the nonce alone is new to us."""
    found = re.search(r';nonce="([0-9A-Za-z_-]{16,64})"', headers.get("accept-signature", "")[:1000])
    if found is None:
        raise _Shape("no nonce is offered")
    return found[1]


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Shape("the answer is not JSON") from error
    if not isinstance(answer, dict):
        raise _Shape("the answer is not a JSON object")
    return answer


def _accepted(answer: dict[str, Any]) -> Accepted:
    differences = answer.get("differences")
    if not isinstance(differences, list) or not all(isinstance(one, dict) for one in differences):
        raise _Shape("differences are missing")
    found = tuple(Difference(_text(one, "item"), _number(one, "city"), _number(one, "kiosk")) for one in differences)
    current = answer.get("current")
    if not isinstance(current, bool | None):
        raise _Shape("current is neither true nor false")
    return Accepted(_hash(answer, "generation"), _number(answer, "row"), _hash(answer, "head"), current, found)


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise _Shape(f"{name} is missing")
    return value.encode("utf-8", "replace").decode()[:200]


def _hash(answer: dict[str, Any], name: str) -> str:
    value = _text(answer, name)
    if len(value) != 64 or any(letter not in "0123456789abcdef" for letter in value):
        raise _Shape(f"{name} is not a hash")
    return value


def _number(answer: dict[str, Any], name: str) -> int:
    value = answer.get(name)
    if type(value) is not int or abs(value) >= 1 << 53:
        raise _Shape(f"{name} is not a whole number")
    return value


def _optional_number(answer: dict[str, Any], name: str) -> int | None:
    return None if answer.get(name) is None else _number(answer, name)
