"""What a kiosk may send, as types: the shape is checked here and nowhere else. The same shapes stand in contracts/city-v1.json.

Every number is an integer that JSON readers agree on (below 2^53 in size). A row may be of a kind this version does not know: it is kept
and hashed like any other and counts in no total, so that a newer kiosk never waits for the city.
"""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

ROWS_AT_ONCE = 500
LARGEST = 2**53 - 1
LARGEST_CENTS = 1_000_000_000
"""Of one row: ten million euros, so that no sum of rows ever leaves 53 bits."""
DEEPEST = 20


def _real_time(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _real_day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _plain(value: object) -> object:
    """Refuses what two JSON implementations may write differently: fractions, huge integers, broken Unicode, a bottomless nest."""
    _walk(value, DEEPEST)
    return value


def _walk(value: object, depth: int) -> None:
    if depth == 0:
        raise ValueError(f"nested deeper than {DEEPEST}")
    match value:
        case bool() | None:
            pass
        case int():
            if abs(value) > LARGEST:
                raise ValueError("an integer of more than 53 bits; write it as text")
        case str():
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                raise ValueError("half a surrogate pair")
        case list():
            for inner in value:
                _walk(inner, depth - 1)
        case dict():
            for key, inner in value.items():
                _walk(key, depth - 1)
                _walk(inner, depth - 1)
        case _:
            raise ValueError("only integers, text, true, false, null, lists and objects")


Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
KioskId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{2,39}$")]
RowNumber = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
SignedCents = Annotated[int, Field(strict=True, ge=-LARGEST, le=LARGEST)]
Amount = Annotated[int, Field(strict=True, ge=0, le=LARGEST_CENTS)]
Posted = Annotated[int, Field(strict=True, ge=-LARGEST_CENTS, le=LARGEST_CENTS)]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\u0000-\u001f\u007f]+$")]
KindName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
Time = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"), AfterValidator(_real_time)]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_day)]

KNOWN = ("generation", "credit", "voucher", "gift", "paid", "grant", "emptied", "weighed", "closure")


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Facts(BaseModel):
    """A body: what the city reads of it is typed, the rest is kept as it came."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)


class Previous(Facts):
    """How the ledger before ended: its last row and that row's hash."""

    row: RowNumber
    hash: Hash


class GenerationFacts(Facts):
    kiosk: KioskId
    demonstration: bool
    previous: Previous | None


class CreditFacts(Facts):
    material: Literal["glass", "plastic"]
    amount: Amount
    day: Day


class VoucherFacts(Facts):
    code: Text
    amount: Amount
    issued: Day
    valid_until: Day
    cause: Text


class GiftFacts(Facts):
    """``association``: the id of whom it is for, and their name at that time. Older programs named nobody."""

    amount: Amount
    day: Day
    association: Text | None = None
    name: Text | None = None


class PaidFacts(Facts):
    """The desk has honoured a voucher."""

    code: Text
    amount: Amount
    day: Day
    agent: Text


class GrantFacts(Facts):
    """The desk has credited a bottle by hand."""

    bottle: Text
    amount: Amount
    day: Day
    agent: Text


class EmptiedFacts(Facts):
    """A bin was emptied; ``grams`` is what its bottles weighed in the chamber."""

    bin: Count
    n: Count
    grams: Count
    agent: Text


class WeighedFacts(Facts):
    """What the carrier's slip says of an emptying."""

    bin: Count
    n: Count
    grams: Count
    agent: Text


class ClosureFacts(Facts):
    n: Count
    day: Day
    first: RowNumber
    last: RowNumber


class Posting(Message):
    account: Text
    cents: Posted


class RowBase(Message):
    row: RowNumber
    subject: Text
    visit: Text | None
    occurred: Time
    booked: Time
    trusted: bool
    postings: Annotated[list[Posting], Field(max_length=20)]
    prev: Hash
    hash: Hash


class GenerationRow(RowBase):
    kind: Literal["generation"]
    body: Annotated[GenerationFacts, BeforeValidator(_plain)]


class CreditRow(RowBase):
    kind: Literal["credit"]
    body: Annotated[CreditFacts, BeforeValidator(_plain)]


class VoucherRow(RowBase):
    kind: Literal["voucher"]
    body: Annotated[VoucherFacts, BeforeValidator(_plain)]


class GiftRow(RowBase):
    kind: Literal["gift"]
    body: Annotated[GiftFacts, BeforeValidator(_plain)]


class PaidRow(RowBase):
    kind: Literal["paid"]
    body: Annotated[PaidFacts, BeforeValidator(_plain)]


class GrantRow(RowBase):
    kind: Literal["grant"]
    body: Annotated[GrantFacts, BeforeValidator(_plain)]


class EmptiedRow(RowBase):
    kind: Literal["emptied"]
    body: Annotated[EmptiedFacts, BeforeValidator(_plain)]


class WeighedRow(RowBase):
    kind: Literal["weighed"]
    body: Annotated[WeighedFacts, BeforeValidator(_plain)]


class ClosureRow(RowBase):
    kind: Literal["closure"]
    body: Annotated[ClosureFacts, BeforeValidator(_plain)]


class OtherRow(RowBase):
    """A row of any other kind: kept and hashed, read no further."""

    kind: Annotated[KindName, WithJsonSchema({"type": "string", "pattern": r"^[a-z][a-z_]{0,39}$", "not": {"enum": list(KNOWN)}})]
    body: Annotated[Facts, BeforeValidator(_plain)]


def _which(row: object) -> str:
    kind = row.get("kind") if isinstance(row, Mapping) else getattr(row, "kind", None)
    return kind if kind in KNOWN else "other"


Row = Annotated[
    Annotated[GenerationRow, Tag("generation")]
    | Annotated[CreditRow, Tag("credit")]
    | Annotated[VoucherRow, Tag("voucher")]
    | Annotated[GiftRow, Tag("gift")]
    | Annotated[PaidRow, Tag("paid")]
    | Annotated[GrantRow, Tag("grant")]
    | Annotated[EmptiedRow, Tag("emptied")]
    | Annotated[WeighedRow, Tag("weighed")]
    | Annotated[ClosureRow, Tag("closure")]
    | Annotated[OtherRow, Tag("other")],
    Discriminator(_which),
]


def as_object(row: RowBase) -> dict[str, Any]:
    """The row as it was sent, for its hash and for the books."""
    return row.model_dump(exclude_unset=True)


class DayTotal(Message):
    """Bottles credited on one business day, by material, and the cents credited for them."""

    day: Day
    glass: Count
    plastic: Count
    cents: SignedCents


class Sum(Message):
    count: Count
    cents: SignedCents


class Weights(Message):
    count: Count
    grams: Count


class Counted(Message):
    count: Count


NO_SUM, NO_WEIGHTS, NONE = Sum(count=0, cents=0), Weights(count=0, grams=0), Counted(count=0)


def _rising(days: list[DayTotal]) -> list[DayTotal]:
    if any(later.day <= earlier.day for earlier, later in pairwise(days)):
        raise ValueError("days must rise and stand once each")
    return days


class Totals(Message):
    """What the rows from the first to the last add up to. Days without a credit are left out; days rise.

    What the desk did (vouchers paid, bottles credited by hand, bins emptied and weighed, days closed) may be left out where there is none of it.
    """

    days: Annotated[list[DayTotal], AfterValidator(_rising)]
    vouchers: Sum
    gifts: Sum
    paid: Sum = NO_SUM
    granted: Sum = NO_SUM
    emptied: Weights = NO_WEIGHTS
    weighed: Weights = NO_WEIGHTS
    closures: Counted = NONE


class Health(Message):
    """How the kiosk's side of the sync is at the moment of sending."""

    sent: Time
    waiting: Count
    """Rows that are in the ledger and not in this batch or any before it."""


class Enrolment(Message):
    """What a kiosk brings to be known from then on. The request is signed by ``key`` itself."""

    kiosk: KioskId
    code: Annotated[str, Field(min_length=16, max_length=40, pattern=r"^[0-9A-Za-z -]+$")]
    """The one-time code that the city gave out, as it was typed."""
    key: Hash
    """The kiosk's public Ed25519 key: 32 bytes in hex. Signatures name it so, too."""


class NewKey(Message):
    key: Hash
    """The public key that takes the place of the one that signs this request."""


class Batch(Message):
    """Rows that follow one another, and what the ledger adds up to at the last of them. Without rows it is a sign of life."""

    generation: Hash
    """The hash of the ledger's first row."""
    rows: Annotated[list[Row], Field(max_length=ROWS_AT_ONCE)]
    totals: Totals
    row: Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
    """The row that ``totals`` were made at: the last of ``rows``, or without rows the last one acknowledged."""
    health: Health
