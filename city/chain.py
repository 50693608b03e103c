"""The hash of a ledger's row, form 1, written from the contract and not from the kiosk's code: two implementations watch each other.

SHA-256 in hexadecimal over the UTF-8 bytes of the canonical JSON (keys sorted, no spaces, no escapes beyond those JSON needs, integers only) of::

    {"form": 1, "row": int, "kind": str, "subject": str, "visit": str | null, "occurred": str, "booked": str, "trusted": bool,
     "body": object, "postings": [{"account": str, "cents": int}, ...], "prev": the hash of the row before}

``prev`` of row 1 is 64 zeros. Nothing is stored or compared here.
"""

import hashlib
import json
from collections.abc import Mapping

FORM = 1

NOTHING_BEFORE = "0" * 64
"""What the first row of a generation names as the hash before it."""

HASHED = ("row", "kind", "subject", "visit", "occurred", "booked", "trusted", "body", "postings", "prev")
"""The members of a row that its hash covers, beside the form's number."""


def canonical(value: object) -> bytes:
    """The one way to write a JSON value down."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def row_hash(row: Mapping[str, object]) -> str:
    """The hash that a row of form 1 must carry; the row's own ``hash`` plays no part."""
    return hashlib.sha256(canonical({"form": FORM, **{name: row[name] for name in HASHED}})).hexdigest()
