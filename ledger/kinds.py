"""What may stand in a ledger: one table, a row a kind of entry. Who drafts an entry, keeps the books and verifies a file reads it from here.

A new kind is a name in ``Kind``, a row in ``KINDS``, its words (``kind.NAME``), and a migration where the file itself must refuse a wrong one. A field that
a kind gets later is optional: rows were written without it. What only holds between several entries has its check in ``checks/``.

The way of one bottle through the journal (each arrow is one durable transaction)::

    visit ──▶ intent ──▶ credit      the totaliser moved and *counted* is the intent's sequence: 20 cents
                    ├──▶ cancelled   it came back, or its Sort never ran: 0
                    └──▶ uncounted   it fell, and nobody counted it (a power cut, a jam): 0, staff may credit
    visit ──▶ voucher | gift | closed (there is no sum)
    voucher ──▶ shown            its page stood until its visitor, or the time, closed it
    step: a totaliser step of any other kind, 0 cents; with the visit that was open, whose bottle it may be: staff may credit
    elapsed: an hour has passed on a machine that does not know the date
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import Any, NamedTuple

from ledger.chain import Posting


class Kind(StrEnum):
    GENERATION = "generation"
    VISIT = "visit"
    INTENT = "intent"
    CREDIT = "credit"
    CANCELLED = "cancelled"
    UNCOUNTED = "uncounted"
    STEP = "step"
    VOUCHER = "voucher"
    GIFT = "gift"
    CLOSED = "closed"
    SHOWN = "shown"
    ELAPSED = "elapsed"


class Account(StrEnum):
    REWARDS = "expenses:rewards"
    VISITS = "liabilities:visits"
    VOUCHERS = "liabilities:vouchers"
    GIFTS = "liabilities:gifts"


class Lasting(Enum):
    """What one entry opens and a later one ends. Of each at most one is open."""

    VISIT = auto()
    INTENT = auto()


class Whose(Enum):
    """Which visit an entry names."""

    NOBODYS = auto()
    OPEN = auto()
    """The one that is open, or that it opens."""
    OPEN_IF_ANY = auto()
    """The one that is open, or none."""
    ENDED = auto()


class Counting(Enum):
    """What an entry says of the totaliser: ``totaliser`` in its body is how it stands then."""

    BEGINS = auto()
    ONE_STEP = auto()
    """One more than ``from``."""
    STEPS = auto()
    """At least one more than ``from``."""


class Moves(NamedTuple):
    """The body's ``amount`` goes onto ``debit`` and off ``credit``: +amount and -amount, in this order. What the kiosk owes is negative."""

    debit: Account
    credit: Account


Types = tuple[type, ...]

TEXT: Types = (str,)
WHOLE: Types = (int,)
FLAG: Types = (bool,)
OBJECT: Types = (dict,)
NOTHING: Types = (type(None),)

IN_ANY_BODY: Mapping[str, Types] = {"reckoned": OBJECT}
"""``reckoned``: the count of the day where the date was not known (``days.py``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an entry of one kind is. A body is a JSON object without floats, u64 in it as text.

    ``subject``: made of ``visit`` and the body's values; None where they do not tell it.
    ``body``, ``optional``: the fields that it must have, and those that it may have, with the types of their values; there is no other.
    ``guards``: triggers and indexes by which the file itself refuses a wrong one, or a second one; no file without them may hold this kind.
    """

    subject: str | None
    whose: Whose
    body: Mapping[str, Types] = field(default_factory=dict)
    optional: Mapping[str, Types] = field(default_factory=dict)
    moves: Moves | None = None
    opens: Lasting | None = None
    ends: Lasting | None = None
    counts: Counting | None = None
    guards: tuple[str, ...] = ()

    def subject_of(self, visit: str | None, body: Mapping[str, Any]) -> str | None:
        return None if self.subject is None else self.subject.format_map({**body, "visit": visit})

    def postings(self, body: Mapping[str, Any]) -> tuple[Posting, ...]:
        """Those of an entry with this body, which was checked; they add up to 0."""
        if self.moves is None:
            return ()
        return Posting(self.moves.debit.value, body["amount"]), Posting(self.moves.credit.value, -body["amount"])

    def check(self, body: Mapping[str, Any]) -> None:
        """Raises ValueError where a field is missing, unknown, or of another type."""
        for name in self.body:
            if name not in body:
                raise ValueError(f"{name} is missing")
        for name, value in body.items():
            types = self.body.get(name) or self.optional.get(name) or IN_ANY_BODY.get(name)
            if types is None:
                raise ValueError(f"{name} is unknown")
            if type(value) not in types:
                raise ValueError(f"{name} is {value!r}")


_ENDS_INTENT = ("intent_ends_once", "an_end_has_its_intent")
_ENDS_VISIT = ("visit_ends_once", "a_visit_ends_settled")

KINDS: Mapping[str, Definition] = {
    # what it says of the ledger before stands in generation.py
    Kind.GENERATION: Definition(
        subject="generation",
        whose=Whose.NOBODYS,
        body={
            "form": WHOLE,
            "by": TEXT,
            "why": TEXT,
            "kiosk": TEXT,
            "controller_id": TEXT,
            "totaliser": WHOLE,
            "public_key": TEXT,
            "demonstration": FLAG,
            "previous": OBJECT + NOTHING,
        },
        optional={"clock_was_wrong": TEXT},
        counts=Counting.BEGINS,
        guards=("generation_once",),
    ),
    Kind.VISIT: Definition(
        subject="{visit}",
        whose=Whose.OPEN,
        body={"number": TEXT, "day": TEXT, "allowed": WHOLE},
        opens=Lasting.VISIT,
        guards=("visit_once", "one_open_visit"),
    ),
    Kind.INTENT: Definition(
        subject="sort:{sequence}",
        whose=Whose.OPEN,
        body={
            "sequence": WHOLE,
            "gtin": TEXT + NOTHING,
            "material": TEXT,
            "amount": WHOLE,
            "bin": WHOLE,
            "weight_g": WHOLE,
            "policy": TEXT,
        },
        opens=Lasting.INTENT,
        guards=("intent_once", "one_open_intent", "an_intent_has_its_open_visit"),
    ),
    Kind.CREDIT: Definition(
        subject="sort:{sequence}",
        whose=Whose.OPEN,
        body={"sequence": WHOLE, "from": WHOLE, "totaliser": WHOLE, "amount": WHOLE, "material": TEXT, "day": TEXT},
        moves=Moves(Account.REWARDS, Account.VISITS),
        ends=Lasting.INTENT,
        counts=Counting.ONE_STEP,
        guards=(*_ENDS_INTENT, "totaliser_once"),
    ),
    Kind.CANCELLED: Definition(
        subject="sort:{sequence}", whose=Whose.OPEN, body={"sequence": WHOLE}, ends=Lasting.INTENT, guards=_ENDS_INTENT
    ),
    Kind.UNCOUNTED: Definition(
        subject="sort:{sequence}", whose=Whose.OPEN, body={"sequence": WHOLE}, ends=Lasting.INTENT, guards=_ENDS_INTENT
    ),
    Kind.STEP: Definition(
        subject="totaliser:{totaliser}",
        whose=Whose.OPEN_IF_ANY,
        body={"from": WHOLE, "totaliser": WHOLE},
        counts=Counting.STEPS,
        guards=("totaliser_once",),
    ),
    # code: 17 letters, not grouped
    Kind.VOUCHER: Definition(
        subject="{code}",
        whose=Whose.OPEN,
        body={"code": TEXT, "amount": WHOLE, "issued": TEXT, "valid_until": TEXT, "cause": TEXT, "payer": TEXT, "signature": TEXT},
        moves=Moves(Account.VISITS, Account.VOUCHERS),
        ends=Lasting.VISIT,
        guards=(*_ENDS_VISIT, "voucher_once"),
    ),
    Kind.GIFT: Definition(
        subject="{visit}",
        whose=Whose.OPEN,
        body={"amount": WHOLE, "day": TEXT},
        moves=Moves(Account.VISITS, Account.GIFTS),
        ends=Lasting.VISIT,
        guards=_ENDS_VISIT,
    ),
    Kind.CLOSED: Definition(subject="{visit}", whose=Whose.OPEN, ends=Lasting.VISIT, guards=_ENDS_VISIT),
    # the code of the voucher; that there is no second one is found by who verifies, for it moves no money
    Kind.SHOWN: Definition(subject=None, whose=Whose.ENDED),
    Kind.ELAPSED: Definition(subject="clock", whose=Whose.NOBODYS),
}


def ending(what: Lasting) -> tuple[str, ...]:
    """The kinds that end it, in the table's order: SQLite takes an index for a query only if both name them in the same."""
    return tuple(kind for kind, definition in KINDS.items() if definition.ends is what)


def counting() -> tuple[str, ...]:
    """The kinds that say how the totaliser stands."""
    return tuple(kind for kind, definition in KINDS.items() if definition.counts is not None)
