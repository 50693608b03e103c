"""What the city answers, as types; the same shapes stand in contracts/city-v1.json. A kiosk ignores members it does not know."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from city.messages import Hash, Health, Row, SignedCents, Totals


class Answer(BaseModel):
    """Open: a later city may say more."""

    model_config = ConfigDict(frozen=True, strict=True, use_attribute_docstrings=True)


class Failed(Answer):
    """An answer of 400 and more, as application/problem+json (RFC 9457). ``detail`` is ``message`` once more, by which name the first kiosks know it."""

    status: int = 0
    detail: str = ""
    error: str
    message: str


class Problem(Failed):
    """Why a request was not served."""


class Enrolled(Answer):
    """The key that speaks for the kiosk from now on, or once it has signed a request."""

    kiosk: str
    key: Hash


class FieldError(Answer):
    field: str
    message: str


class Unacceptable(Failed):
    """Rows that are wrong in themselves. Nothing was stored; sending them again cannot help.

    ``shape``: fields names each; ``hash``: a row does not have the hash it carries; ``order``: the rows do not follow one another;
    ``generation``: the first row does not begin this kiosk's ledger; ``postings``: a row's postings do not add up to zero.
    """

    error: Literal["shape", "hash", "order", "generation", "postings"]
    row: int | None = None
    fields: tuple[FieldError, ...] = ()


class Conflict(Failed):
    """Something else stands in the place of what was sent. Nothing was stored, the attempt was recorded, a person must look.

    ``row``: another row stands under this number; ``previous``: a new ledger that does not name the held head as its previous (64 zeros where
    there is none); ``superseded``: a row for a ledger that another has replaced; ``voucher``: its code was issued by another row; ``payment``: its
    code was paid by another row.
    ``held`` and ``sent`` are the two hashes.
    """

    error: Literal["row", "previous", "superseded", "voucher", "payment"]
    row: int
    held: Hash
    sent: Hash


class Gap(Failed):
    """Rows are missing in between. ``expected`` is the row to go on with, ``head`` the hash of the one before it (64 zeros where there is none)."""

    error: Literal["gap"]
    expected: int
    head: Hash


class Difference(Answer):
    """One figure that the city derives otherwise than the kiosk. ``item`` is a day with what is counted, or what is no day's (``vouchers``, ``paid``) with it."""

    item: str
    city: SignedCents
    kiosk: SignedCents


class Accepted(Answer):
    """The city holds the ledger up to ``row``, durably. ``stored`` of the rows sent were new.

    ``current``: no other ledger has replaced it. ``comparison`` says whether the city derives the same totals; it is ``not_made`` when they were
    sent for another row than the held one.
    """

    generation: Hash
    row: int
    head: Hash
    stored: int
    current: bool
    comparison: Literal["equal", "different", "not_made"]
    differences: list[Difference]


class KeptDifference(Answer):
    """``city`` and ``kiosk`` are the figures at ``last_row``; it may have been mended since."""

    generation: Hash
    item: str
    city: int
    kiosk: int
    first_row: int
    last_row: int
    first_seen: str
    last_seen: str


class KeptConflict(Answer):
    generation: Hash
    error: str
    row: int
    held: Hash
    sent: Hash
    evidence: str
    first_seen: str
    last_seen: str
    times: int


class Conflicts(Answer):
    """In the order in which they were first seen. ``next`` is what to give as ``after`` for the page that follows, null where there is none."""

    kiosk: str
    conflicts: list[KeptConflict]
    next: int | None


class Gifts(Answer):
    """What was given to one association: its id and its name, as one of the newest gifts says it. Gifts without an association are in the totals alone."""

    association: str
    name: str
    count: int
    cents: int


class Generation(Answer):
    generation: Hash
    number: int
    demonstration: bool
    row: int
    head: Hash
    totals: Totals
    associations: list[Gifts]


class KioskSummary(Answer):
    """``generation``, ``row`` and ``head`` are of the ledger that may still grow; ``conflicts`` and ``differences`` are how many a person must look at.

    ``date_known``: whether the kiosk's clock could be trusted at that row; else its days may be counted, not known.
    """

    kiosk: str
    generation: Hash
    demonstration: bool
    row: int
    head: Hash
    date_known: bool
    first_seen: str
    last_seen: str
    conflicts: int
    differences: int


class Kiosks(Answer):
    """In the order of their names. ``next`` is what to give as ``after`` for the page that follows, null where there is none."""

    kiosks: list[KioskSummary]
    next: str | None


class Kiosk(Answer):
    """``totals`` and ``associations`` are of all its ledgers together; ``date_known`` as in the summary. ``conflicts`` are their first page."""

    kiosk: str
    generation: Hash
    row: int
    head: Hash
    date_known: bool
    first_seen: str
    last_seen: str
    health: Health
    totals: Totals
    associations: list[Gifts]
    generations: list[Generation]
    conflicts: list[KeptConflict]
    differences: list[KeptDifference]


class Part(Answer):
    """``associations`` in the order of their ids."""

    kiosks: int
    totals: Totals
    associations: list[Gifts]


class AllTotals(Answer):
    """Money and play money are never added up. ``days`` are those of this page, the same for both parts; kiosks, vouchers and gifts are of all time.

    ``next`` is what to give as ``after`` for the days that follow, null where there are none.
    """

    real: Part
    demonstration: Part
    next: str | None


class Voucher(Answer):
    code: str
    amount: int
    state: Literal["issued", "paid"]
    visit: str | None
    cause: str
    issued: str
    valid_until: str
    generation: Hash
    row: int


class Vouchers(Answer):
    """In the order of their rows. ``next`` is what to give as ``after`` for the page that follows, null where there is none."""

    kiosk: str
    vouchers: list[Voucher]
    next: str | None


class Rows(Answer):
    """Rows of one ledger after the one asked for. ``next`` is what to give as ``after`` for those that follow, null where there are none."""

    kiosk: str
    generation: Hash
    row: int
    head: Hash
    rows: list[Row]
    next: int | None
