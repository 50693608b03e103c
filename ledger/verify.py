"""Whether a ledger is what it claims: one list of checks, each yielding findings with the row and the facts. Repairs nothing.

``EACH_ENTRY`` look at the entries in order, one pass; ``WHOLE_FILE`` at the file and what guards it. An entry that cannot be read at all is named, keeps
its place in the chain, and is shown to no other check. A tail cut off, or rewritten with fresh hashes, is consistent in itself: that is known only by
those beside it and elsewhere, whom ``beside.py`` asks.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from sqlalchemy import Connection

from ledger.chain import Entry
from ledger.checks.bottles import Intents, Totaliser
from ledger.checks.days import Days
from ledger.checks.desk import Agents, Bins, Closures, Corrections, Grants, Handed, Payments, unfinished
from ledger.checks.file import is_readable, orphans, pages, shape
from ledger.checks.kinds import Postings, Subjects
from ledger.checks.rows import Chain, read
from ledger.checks.visits import Visits
from ledger.checks.vouchers import Vouchers
from ledger.findings import Finding, FindingKind
from ledger.kinds import KINDS
from ledger.views import lines


class Check(Protocol):
    """One of a class that may name the kinds of entry that it ``looks_at``, a function without arguments; without it it sees them all."""

    def __call__(self, entry: Entry) -> Iterable[Finding]: ...


DESK: tuple[Callable[[], Check], ...] = (Payments, Handed, Grants, Bins, Closures, Corrections, Agents)
EACH_ENTRY: tuple[Callable[[], Check], ...] = (Subjects, Postings, Totaliser, Intents, Visits, Days, Vouchers, *DESK)
WHOLE_FILE: tuple[Callable[[Connection], Iterator[Finding]], ...] = (unfinished, orphans, shape, pages)


EVERY = 256
"""Rows from one word of progress to the next."""


Seen = Callable[[int, int], None]
"""Hears of every so manieth row, and of the last that there is."""


def nobody(row: int, last: int) -> None:
    """Wants to hear how far it is."""


def verify(connection: Connection, seen: Seen = nobody) -> Iterator[Finding]:
    """Every finding in a ledger, those of its entries in their order first. ``connection`` is one of ``database.reading``. ``seen`` ends it if it raises."""
    if is_readable(connection):
        yield from _entries(connection, seen)
    for look in WHOLE_FILE:
        yield from look(connection)


def _entries(connection: Connection, seen: Seen) -> Iterator[Finding]:
    chain, checks = Chain(), _by_kind()
    last = connection.exec_driver_sql("SELECT max(row) FROM entry").scalar_one()
    row = None
    for line, postings in lines(connection):
        row, body = line[0], line[7]
        if row % EVERY == 0:
            seen(row, last)
        entry = read(line, postings)
        if isinstance(entry, Finding):
            yield entry
            yield from chain.place(row, *line[-2:])
            continue
        yield from chain.look(entry, body)
        for check in checks[entry.kind]:
            try:
                yield from check(entry)
            except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
                # of a value that it cannot make sense of (a time that is none) that it cannot be read
                yield Finding(entry.row, FindingKind.BODY, {"kind": entry.kind, "detail": str(error)})
    if row is None:
        yield Finding(None, FindingKind.EMPTY)


def _by_kind() -> dict[str, list[Check]]:
    """The checks, made anew, that look at entries of each kind: most ask for few kinds, and a ledger is long."""
    made = [(check, check()) for check in EACH_ENTRY]
    return {kind: [check for of, check in made if kind in getattr(of, "looks_at", KINDS.keys)()] for kind in KINDS}
