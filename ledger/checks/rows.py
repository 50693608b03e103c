"""Rows: whether each can be read as what its kind is, and whether all of them are one chain."""

import json
import re
from typing import Any

from ledger.chain import FORM, NOTHING_BEFORE, Entry, Posting, digest, read_canonical
from ledger.findings import Finding, FindingKind
from ledger.kinds import KINDS, Definition, Kind
from ledger.views import Stored

_TYPES = frozenset((int, str, str, visit, str, str, int, str, str, str) for visit in (str, type(None)))
"""Of a row's values. The table sees to it, but whoever writes the file can change the table; nor does SQLite look at CHECK constraints where it may only read."""


def read(line: Stored, postings: tuple[Posting, ...]) -> Entry | Finding:
    """The entry that a row holds.

    1. Each value is of its column's type, and the trust in its clock 0 or 1 (BODY).
    2. The kind is in the table (BODY).
    3. The body is canonical JSON (BODY).
    4. It has the fields of its kind, of their types, and no other (BODY).
    """
    row, kind, subject, visit, occurred, booked, trusted, text, prev, hash_ = line
    try:
        if tuple(map(type, line)) not in _TYPES or trusted not in (0, 1):
            raise TypeError("a value is not of its column's type")
        for account, cents in postings:
            if type(account) is not str or type(cents) is not int:
                raise TypeError("a posting is not of its columns' types")
        return Entry(row, kind, subject, visit, occurred, booked, trusted == 1, _body(kind, text), postings, prev, hash_)
    except KeyError as missing:
        return Finding(row, FindingKind.BODY, {"kind": str(kind), "detail": f"{missing} is missing"})
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        return Finding(row, FindingKind.BODY, {"kind": str(kind), "detail": str(error)})


_VALUES = {str: r'"[^"\\\x00-\x1f]*"', int: "(?:0|-?[1-9][0-9]{0,14})", bool: "(?:true|false)", type(None): "null"}
"""Each type's values in canonical JSON, as far as that is the same as any other JSON: texts without a backslash, numbers far below 2^53."""


def _plain(definition: Definition) -> re.Pattern[str] | None:
    """What a body of exactly the fields that its kind must have looks like, with such values."""
    fields = sorted(definition.body.items())
    if any(type_ not in _VALUES for _, types in fields for type_ in types):
        return None
    return re.compile(r"\{" + ",".join(f'"{name}":(?:{"|".join(_VALUES[type_] for type_ in types)})' for name, types in fields) + r"\}")


PLAIN = {kind: pattern.fullmatch for kind, definition in KINDS.items() if (pattern := _plain(definition)) is not None}
"""What fits is canonical and of its kind, and need not be written out again to be compared: nearly every row."""


_object = json.JSONDecoder().raw_decode
"""Half of what ``json.loads`` takes, which looks for blanks around it."""


def _body(kind: str, text: str) -> dict[str, Any]:
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of entry")
    plain = PLAIN.get(kind)
    body: dict[str, Any]
    if plain is not None and plain(text) is not None:
        body, _ = _object(text)
        return body
    body = read_canonical(text)
    KINDS[kind].check(body)
    return body


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

    def look(self, entry: Entry, body: str) -> list[Finding]:
        """``body`` is the entry's body as it is stored, known to be canonical."""
        row, hash_ = entry.row, entry.hash
        found = self.place(row, entry.prev, hash_)
        if (row == 1) != (entry.kind == Kind.GENERATION) or (row == 1 and entry.body["form"] != FORM):
            found.append(Finding(row, FindingKind.FIRST, {"kind": entry.kind}))
        if hash_ != (expected := digest(entry, body)):
            found.append(Finding(row, FindingKind.HASH, {"expected": expected, "found": hash_}))
        return found

    def place(self, row: int, prev: str, hash_: str) -> list[Finding]:
        """An entry that cannot be read has a place in the chain, too."""
        last, before = self._row, self._hash
        self._row, self._hash = row, hash_
        if row != last + 1:
            return [Finding(row, FindingKind.ROW, {"expected": last + 1, "found": row})]
        if prev != before:
            return [Finding(row, FindingKind.PREV, {"expected": before, "found": prev})]
        return []
