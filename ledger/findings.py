"""What can be found wrong with a ledger, as values: in its rows, in its file, and by those who know it from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FindingKind(StrEnum):
    """What is wrong, and the facts that a finding of it carries."""

    EMPTY = "empty"
    """There is no entry at all."""
    BODY = "body"
    """The entry cannot be read: kind unknown, body not canonical JSON, or a field missing, unknown or of another type. kind, detail."""
    HASH = "hash"
    """The content is not what was hashed. expected, found."""
    PREV = "prev"
    """It does not continue the entry before. expected, found."""
    ROW = "row"
    """A row is missing before this one. expected, found."""
    FIRST = "first"
    """The first entry is no generation, or another one is. kind."""
    SUBJECT = "subject"
    """Not the subject that its kind makes of its visit and body. expected, found."""
    POSTINGS = "postings"
    """Not the postings of its kind and amount, or they do not add up to 0. sum."""
    TOTALISER = "totaliser"
    """It does not continue the totaliser, or a credit covers other than one step. expected, found."""
    INTENT = "intent"
    """An intent while one is open, an end of none that is open, or a sequence that does not rise. subject, open."""
    AMOUNT = "amount"
    """The amount or material is not its intent's, or the amount not its visit's sum. expected, found."""
    VISIT = "visit"
    """A visit while one is open, something of a visit that is not open, or an end with an intent open. visit, open."""
    ALLOWED = "allowed"
    """Money for a bottle beyond those that its visit may be paid for. allowed."""
    DAY = "day"
    """Not the business day: neither its clock's nor the one before by the count. expected, found."""
    VOUCHER = "voucher"
    """A code that is none. code."""
    SIGNATURE = "signature"
    """Not signed with the generation's key. code."""
    PAID = "paid"
    """A payment of a voucher that is not open: not issued here nor listed by the first entry, paid before, of another sum, past its day, or the city's. code."""
    GRANT = "grant"
    """A credit by hand outside a visit of the desk's, of no bottle that waits for one, or such a visit that is not whole. subject."""
    BIN = "bin"
    """An emptying that does not follow the last of its bin, or counts otherwise than what fell; or a weighing of none. subject."""
    CLOSURE = "closure"
    """A closure that does not follow the one before, adds up otherwise than its rows, or is not signed with the generation's key. subject."""
    COPY = "copy"
    """A ticket or a code that was revealed, of a voucher that is not open or out of its order. subject."""
    CORRECTED = "corrected"
    """A correction of no row before it, of nothing, or between accounts that there are not. subject."""
    AGENTS = "agents"
    """What two agents must do was done by one. subject."""
    GUARD = "guard"
    """A trigger or index is missing, changed, or unknown, or one that a kind in it must have is not of its revision. name."""
    TABLE = "table"
    """A table, view or column is missing, changed, or unknown, or holds no row where it must. name."""
    FILE = "file"
    """SQLite finds the file damaged. detail."""
    CUT = "cut"
    """The city acknowledged a row that is not here: a tail was cut off, or this is an older copy. acknowledged, last."""
    MARK = "mark"
    """The city acknowledged another entry in this row. expected, found."""
    SUCCEEDED = "succeeded"
    """The city holds rows of a ledger that came after this one: this is an older one. generation."""
    STRANGER = "stranger"
    """The city holds rows of a ledger that this one neither is nor succeeds. generation, acknowledged."""
    KEY = "key"
    """The key beside it is not the one that the ledger names, or is none. detail."""
    KIOSK = "kiosk"
    """It is another kiosk's than the configured one. expected, found."""
    ANCHOR = "anchor"
    """An outside witness has another hash for this row, or the row is not here. expected, found."""
    NAME = "name"
    """An archive that does not end as its name says. expected, found."""


Fact = str | int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """``row`` is the entry that it was found at, None for the file as a whole."""

    row: int | None
    what: FindingKind
    facts: Mapping[str, Fact] = field(default_factory=dict)
