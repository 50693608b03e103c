"""The hash chain, form 1: one entry with its postings, its canonical text, and the hash that the next entry names.

The contract (whoever checks a ledger with code of their own follows this text)::

    hash = lower-case hex of SHA-256 over the UTF-8 bytes of the canonical JSON of
    {"form":1, "row":int, "kind":str, "subject":str, "visit":str|null, "occurred":str, "booked":str, "trusted":bool,
     "body":object, "postings":[{"account":str,"cents":int}, … in the order they were written], "prev":hex}

Canonical JSON: keys sorted by code point at every depth, separators ``,`` and ``:`` without spaces, nothing outside ASCII escaped,
control characters as JSON's short escapes or ``\\u00xx``, integers only (no floats, none beyond 2^53 - 1, larger ones travel as
text). Times are text: UTC with milliseconds, ``2026-11-24T08:15:30.123Z``. The first entry's ``prev`` is 64 zeros.
Storage lives in ``schema.py``, the walk over a whole file in ``verify.py``.
"""

import json
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple, cast

from config.clock import PARIS

FORM = 1
"""Version of the form above; it stands in the hashed object and in each generation's first entry."""

NOTHING_BEFORE = "0" * 64

LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8259 section 6)."""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


def _no_float(text: str) -> None:
    raise ValueError(f"{text} has no canonical form")


_decode = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float).decode
_LONG = re.compile(r"\d{16}")

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class Posting(NamedTuple):
    account: str
    cents: int


class Entry(NamedTuple):
    """One row of the journal as it is hashed, and its hash."""

    row: int
    kind: str
    subject: str
    visit: str | None
    occurred: str
    booked: str
    trusted: bool
    body: dict[str, Json]
    postings: tuple[Posting, ...]
    prev: str
    hash: str

    def form(self) -> dict[str, Json]:
        """The object that is hashed; what travels to whoever checks the chain is this and ``hash``."""
        return {
            "form": FORM,
            "row": self.row,
            "kind": self.kind,
            "subject": self.subject,
            "visit": self.visit,
            "occurred": self.occurred,
            "booked": self.booked,
            "trusted": self.trusted,
            "body": self.body,
            "postings": [{"account": posting.account, "cents": posting.cents} for posting in self.postings],
            "prev": self.prev,
        }


_quoted = json.encoder.encode_basestring
"""Text as it stands in JSON where nothing outside ASCII is escaped."""


def canonical(value: Json) -> str:
    """The one text of a value. ValueError for what has none: floats, integers beyond 2^53 - 1, other types, half a surrogate pair."""
    _check(value)
    text = _encode(value)
    if not text.isascii():
        text.encode()
    return text


def read_canonical(text: str) -> dict[str, Json]:
    """The object that a canonical text is of. ValueError for any other text.

    As ``canonical`` would have it, for less: what JSON is read into is of its types alone, and only a long number can be too large.
    """
    value = _decode(text)
    if not isinstance(value, dict):
        raise ValueError("no object")
    if (canonical if _LONG.search(text) else _encode)(value) != text:
        raise ValueError("not canonical")
    if not text.isascii():
        text.encode()
    return value


def digest(entry: Entry, body: str | None = None) -> str:
    """The hash that the entry ought to have; ``entry.hash`` is not looked at. ``body`` is its body's canonical text, if at hand."""
    # the form's canonical text, written out: half of what the encoder takes, for every row that is written and read
    postings = ",".join([f'{{"account":{_quoted(posting.account)},"cents":{posting.cents}}}' for posting in entry.postings])
    text = (
        f'{{"body":{canonical(entry.body) if body is None else body},"booked":{_quoted(entry.booked)},"form":{FORM},"kind":{_quoted(entry.kind)},'
        f'"occurred":{_quoted(entry.occurred)},"postings":[{postings}],"prev":{_quoted(entry.prev)},"row":{entry.row},'
        f'"subject":{_quoted(entry.subject)},"trusted":{"true" if entry.trusted else "false"},'
        f'"visit":{"null" if entry.visit is None else _quoted(entry.visit)}}}'
    )
    return sha256(text.encode()).hexdigest()


def time_text(time: datetime) -> str:
    """UTC, milliseconds (cut, not rounded). ValueError for a time without a zone."""
    if time.tzinfo is None:
        raise ValueError(f"{time} has no time zone")
    return time.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


@lru_cache(maxsize=64)
def day_in(hour: str) -> date:
    """The Paris date of an hour in UTC, as it begins a row's time (``2026-11-24T08``): there are many rows in one."""
    return datetime.fromisoformat(f"{hour}:00+00:00").astimezone(PARIS).date()


def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _check(value: object) -> None:
    # exact types, the commonest first: this runs some twenty times an entry
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -LARGEST_INTEGER <= cast("int", value) <= LARGEST_INTEGER:
            raise ValueError(f"{value} is beyond 2^53 - 1: write it as text")
    elif kind is dict:
        for key, item in cast("dict[object, object]", value).items():
            if type(key) is not str:
                raise ValueError(f"{key!r} is no key: keys are text")
            _check(item)
    elif kind is list:
        for item in cast("list[object]", value):
            _check(item)
    else:
        raise ValueError(f"{value!r} has no canonical form")
