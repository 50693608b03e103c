"""Rows: whether each can be read as what its kind is, and whether all of them are one chain."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ledger.chain import FORM, NOTHING_BEFORE, Entry, Posting, digest, read_canonical
from ledger.findings import Finding, FindingKind
from ledger.kinds import KINDS, Definition, Kind
from ledger.views import entry_of


def read(row: Any, postings: tuple[Posting, ...]) -> Entry | Finding:
    """The entry that a row holds.

    1. Each value is of its column's type, and the trust in its clock 0 or 1 (BODY).
    2. The kind is in the table (BODY).
    3. The body is canonical JSON (BODY).
    4. It has the fields of its kind, of their types, and no other (BODY).
    """
    try:
        return entry_of(row, _body(row, postings), postings)
    except KeyError as missing:
        return Finding(row.row, FindingKind.BODY, {"kind": str(row.kind), "detail": f"{missing} is missing"})
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        return Finding(row.row, FindingKind.BODY, {"kind": str(row.kind), "detail": str(error)})


_VALUES = {str: r'"[^"\\\x00-\x1f]*"', int: "(?:0|-?[1-9][0-9]{0,14})", bool: "(?:true|false)", type(None): "null"}
"""Each type's values in canonical JSON, as far as that is the same as any other JSON: texts without a backslash, numbers far below 2^53."""


def _plain(definition: Definition) -> re.Pattern[str] | None:
    """What a body of exactly the fields that its kind must have looks like, with such values."""
    fields = sorted(definition.body.items())
    if any(type_ not in _VALUES for _, types in fields for type_ in types):
        return None
    return re.compile(r"\{" + ",".join(f'"{name}":(?:{"|".join(_VALUES[type_] for type_ in types)})' for name, types in fields) + r"\}")


PLAIN = {kind: pattern for kind, definition in KINDS.items() if (pattern := _plain(definition)) is not None}
"""What fits is canonical and of its kind, and need not be written out again to be compared: nearly every row."""


def _body(row: Any, postings: tuple[Posting, ...]) -> dict[str, Any]:
    _typed(row)
    if not all(type(posting.account) is str and type(posting.cents) is int for posting in postings):
        raise TypeError("a posting is not of its columns' types")
    if row.kind not in KINDS:
        raise ValueError(f"{row.kind!r} is no kind of entry")
    plain = PLAIN.get(row.kind)
    body: dict[str, Any]
    if plain is not None and plain.fullmatch(row.body) is not None:
        body = json.loads(row.body)
        return body
    body = read_canonical(row.body)
    KINDS[row.kind].check(body)
    return body


def _typed(row: Any) -> None:
    """The table sees to it, but whoever writes the file can change the table; nor does SQLite look at CHECK constraints where it may only read."""
    _, kind, subject, visit, occurred, booked, trusted, body, prev, hash_, *_ = row
    texts = (kind, subject, occurred, booked, body, prev, hash_)
    if {*map(type, texts)} != {str} or not (visit is None or type(visit) is str) or trusted not in {0, 1}:
        raise TypeError("a value is not of its column's type")


class Chain:
    """One chain from the first row to the last.

    1. Rows are numbered from 1 without a gap (ROW).
    2. Each names the hash of the one before, the first one 64 zeros (PREV).
    3. Each carries the hash of its own content (HASH).
    4. The first, and no other, begins a generation, in the form of hash that this program knows (FIRST).
    """

    def __init__(self) -> None:
        self._row = 0
        self._hash = NOTHING_BEFORE

    def look(self, entry: Entry, body: str) -> Iterator[Finding]:
        """``body`` is the entry's body as it is stored, known to be canonical."""
        yield from self._place(entry.row, entry.prev)
        if (entry.row == 1) != (entry.kind == Kind.GENERATION) or (entry.row == 1 and entry.body["form"] != FORM):
            yield Finding(entry.row, FindingKind.FIRST, {"kind": entry.kind})
        expected = digest(entry, body)
        if entry.hash != expected:
            yield Finding(entry.row, FindingKind.HASH, {"expected": expected, "found": entry.hash})
        self._row, self._hash = entry.row, entry.hash

    def skip(self, row: Any) -> Iterator[Finding]:
        """An entry that cannot be read still has a place in the chain."""
        yield from self._place(row.row, row.prev)
        self._row, self._hash = row.row, row.hash

    def _place(self, row: int, prev: str) -> Iterator[Finding]:
        if row != self._row + 1:
            yield Finding(row, FindingKind.ROW, {"expected": self._row + 1, "found": row})
        elif prev != self._hash:
            yield Finding(row, FindingKind.PREV, {"expected": self._hash, "found": prev})
