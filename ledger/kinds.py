"""What may stand in a ledger: one table, a row a kind of entry. Who drafts an entry, keeps the books and verifies a file reads it from here.

A new kind is a name in ``Kind``, a row in ``KINDS``, its words (``kind.NAME``), and a migration where the file itself must refuse a wrong one. A field that
a kind gets later is optional: rows were written without it. What only holds between several entries has its check in ``checks/``.

The way of one bottle through the journal (each arrow is one durable transaction)::

    visit ──▶ intent ──▶ credit      the totaliser moved and *counted* is the intent's sequence: 20 cents
                    ├──▶ cancelled   it came back, or its Sort never ran: 0
                    └──▶ uncounted   it fell, and nobody counted it (a power cut, a jam): 0, staff may credit
    visit ──▶ voucher | gift | closed (there is no sum)
    voucher ──▶ shown            its pages, the code's or the number's, stood until its visitor, or the time, closed them
    step: a totaliser step of any other kind, 0 cents; with the visit that was open, whose bottle it may be: staff may credit
    elapsed: an hour has passed on a machine that does not know the date

What the desk does, each by an agent's number, names no visit but in ``grant``::

    visit (of the desk) ──▶ grant … ──▶ voucher      one transaction: bottles credited by hand
    voucher ──▶ claimed, printed …  ──▶ paid         its code was revealed, its ticket printed; the desk has honoured it
    emptied ──▶ weighed                              a bin went away; what the carrier's slip says
    closure: the rows of a day, added up and signed
    correction: between two accounts, by two agents
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
    PAID = "paid"
    GRANT = "grant"
    CLAIMED = "claimed"
    PRINTED = "printed"
    EMPTIED = "emptied"
    WEIGHED = "weighed"
    CLOSURE = "closure"
    CORRECTION = "correction"


class Account(StrEnum):
    REWARDS = "expenses:rewards"
    VISITS = "liabilities:visits"
    VOUCHERS = "liabilities:vouchers"
    GIFTS = "liabilities:gifts"
    DESK = "assets:desk"
    """What the desk has paid out of its till."""


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


class Named(Enum):
    """The body itself names both accounts, as ``debit`` and ``credit``."""

    IN_BODY = auto()


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
    moves: Moves | Named | None = None
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
        debit, credit = (body["debit"], body["credit"]) if isinstance(self.moves, Named) else (str(account) for account in self.moves)
        return Posting(debit, body["amount"]), Posting(credit, -body["amount"])

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
_SECOND: Mapping[str, Types] = {"second": TEXT, "why": TEXT}
"""The second agent, and the reason."""

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
        # desk: the agent who credits by hand in it
        optional={"desk": TEXT},
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
        # names of Flag, apart by blanks
        optional={"flags": TEXT},
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
        # whom it is for: its id, and its French name at that time; the first revision knew of no associations
        optional={"association": TEXT, "name": TEXT},
        moves=Moves(Account.VISITS, Account.GIFTS),
        ends=Lasting.VISIT,
        guards=_ENDS_VISIT,
    ),
    Kind.CLOSED: Definition(subject="{visit}", whose=Whose.OPEN, ends=Lasting.VISIT, guards=_ENDS_VISIT),
    # the code of the voucher; that there is no second one is found by who verifies, for it moves no money
    Kind.SHOWN: Definition(subject=None, whose=Whose.ENDED),
    Kind.ELAPSED: Definition(subject="clock", whose=Whose.NOBODYS),
    Kind.PAID: Definition(
        subject="{code}",
        whose=Whose.NOBODYS,
        body={"code": TEXT, "amount": WHOLE, "day": TEXT, "agent": TEXT},
        optional=_SECOND,
        moves=Moves(Account.VOUCHERS, Account.DESK),
        guards=("paid_once", "a_payment_has_its_voucher", "two_agents_are_two"),
    ),
    # bottle: sort:SEQUENCE@GENERATION (the first 8 of its hash), totaliser:N, or visit:ID:N
    Kind.GRANT: Definition(
        subject="{bottle}",
        whose=Whose.OPEN,
        body={"bottle": TEXT, "amount": WHOLE, "day": TEXT, "agent": TEXT, "why": TEXT},
        optional={"second": TEXT},
        moves=Moves(Account.REWARDS, Account.VISITS),
        guards=("grant_once", "a_grant_stands_in_a_desks_visit", "a_grant_is_of_a_bottle", "two_agents_are_two"),
    ),
    # asked: what was asked for it, not what was answered; by_number: whoever asked knew the visit number
    Kind.CLAIMED: Definition(
        subject="{code}:{n}",
        whose=Whose.NOBODYS,
        body={"code": TEXT, "n": WHOLE, "by_number": FLAG, "asked": TEXT, "fitted": FLAG, "agent": TEXT},
        optional=_SECOND,
        guards=("claimed_once", "a_voucher_is_handed_over_while_open", "two_agents_are_two"),
    ),
    Kind.PRINTED: Definition(
        subject="{code}:{copy}",
        whose=Whose.NOBODYS,
        body={"code": TEXT, "copy": WHOLE},
        # nobody's where the visitor had it printed
        optional={"agent": TEXT},
        guards=("printed_once", "a_voucher_is_handed_over_while_open"),
    ),
    # counts: bottles by material since the last; grams: what they ought to weigh; why: where nobody saw the door open
    Kind.EMPTIED: Definition(
        subject="bin:{bin}:{n}",
        whose=Whose.NOBODYS,
        body={
            "bin": WHOLE,
            "n": WHOLE,
            "counts": OBJECT,
            "grams": WHOLE,
            "seal": TEXT,
            "destination": TEXT,
            "carrier": TEXT,
            "door_seen": FLAG,
            "agent": TEXT,
        },
        optional=_SECOND,
        guards=("emptied_once", "an_emptying_is_explained", "two_agents_are_two"),
    ),
    Kind.WEIGHED: Definition(
        subject="bin:{bin}:{n}",
        whose=Whose.NOBODYS,
        body={"bin": WHOLE, "n": WHOLE, "grams": WHOLE, "agent": TEXT},
        optional={"second": TEXT},
        guards=("weighed_once", "a_weighing_has_its_emptying", "two_agents_are_two"),
    ),
    # what it adds up stands in closures.py; log: the hash of the technical log's day; agent: where one asked for it
    Kind.CLOSURE: Definition(
        subject="closure:{n}",
        whose=Whose.NOBODYS,
        body={
            "n": WHOLE,
            "day": TEXT,
            "first": WHOLE,
            "last": WHOLE,
            "head": TEXT,
            "totals": OBJECT,
            "perpetual": OBJECT,
            "signature": TEXT,
        },
        optional={"log": TEXT, "agent": TEXT},
        guards=("closure_once", "closures_are_in_order"),
    ),
    Kind.CORRECTION: Definition(
        subject="row:{row}",
        whose=Whose.NOBODYS,
        body={"row": WHOLE, "debit": TEXT, "credit": TEXT, "amount": WHOLE, "why": TEXT, "agent": TEXT, "second": TEXT},
        moves=Named.IN_BODY,
        guards=("correction_once", "a_correction_has_its_row", "two_agents_are_two"),
    ),
}


def ending(what: Lasting) -> tuple[str, ...]:
    """The kinds that end it, in the table's order: SQLite takes an index for a query only if both name them in the same."""
    return tuple(kind for kind, definition in KINDS.items() if definition.ends is what)


def counting() -> tuple[str, ...]:
    """The kinds that say how the totaliser stands."""
    return tuple(kind for kind, definition in KINDS.items() if definition.counts is not None)
