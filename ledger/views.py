"""What a ledger says, read and never written: its generation, entries, balances, totals, vouchers. Each takes a connection of ``reading``."""

import json
import math
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from config.vocabulary import Cents, Material
from ledger.chain import Entry, Posting
from ledger.database import driver
from ledger.kinds import Account, Kind
from ledger.vocabulary import Garbled

PAYER = "kiosk"
"""Who pays a voucher, named at its issue; where none is named, it is this one."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The ledger that a generation succeeded, as its last row left it."""

    row: int
    hash: str
    balances: dict[str, int]
    vouchers: tuple["OpenVoucher", ...]
    day: date
    day_cents: Cents


@dataclass(frozen=True, slots=True)
class OpenVoucher:
    code: str
    amount: Cents
    valid_until: date
    payer: str = PAYER
    doubtful: bool = False
    """Issued before the ledger was restored from a copy: it may have been paid in rows that are lost."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A ledger's first entry: who began it and why, on which controller, with which key."""

    by: str
    why: str
    kiosk: str
    controller_id: int
    totaliser: int
    public_key: str
    demonstration: bool
    previous: Previous | None


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row and its hash."""

    row: int
    hash: str


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What was credited on one business day for one material."""

    day: date
    material: Material
    bottles: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class Given:
    """What was given to one association, under the name that its newest gift says; both None for gifts that name nobody."""

    association: str | None
    name: str | None
    count: int
    cents: Cents


Stored = tuple[Any, ...]
"""An entry as it is stored, its columns in the order of ``_STORED``; whatever somebody who tampered with the file may have put into them."""

NO_LIMIT = -1
"""SQLite's word for it."""

_ENTRIES = """
SELECT entry.row, kind, subject, visit, occurred, booked, trusted, body, prev, hash, account, cents
FROM (
  SELECT * FROM entry NOT INDEXED
  WHERE row > :after AND (:kind IS NULL OR kind = :kind) AND (:visit IS NULL OR visit = :visit)
  ORDER BY row LIMIT :limit
) AS entry LEFT JOIN posting ON posting.row = entry.row
ORDER BY entry.row, posting.rowid"""

_STORED = """
SELECT row, kind, subject, visit, occurred, booked, trusted, body, prev, hash
FROM entry NOT INDEXED WHERE row > ? AND typeof(row) = 'integer' ORDER BY row LIMIT 512"""

_POSTED = "SELECT row, account, cents FROM posting WHERE row BETWEEN ? AND ? ORDER BY row, rowid"

_NO_MORE = (math.inf, "", 0)
"""Behind the last posting."""


@contextmanager
def believing() -> Iterator[None]:
    """What is read within is taken for what a kiosk wrote. Raises Garbled where it is not."""
    try:
        yield
    except KeyError as missing:
        raise Garbled(f"{missing} is missing") from missing
    except (TypeError, ValueError, RecursionError) as error:
        raise Garbled(str(error)) from error


def generation(connection: Connection) -> Generation:
    body = connection.exec_driver_sql("SELECT body FROM entry WHERE kind = 'generation'").scalars().first()
    if body is None:
        raise Garbled("the ledger has no first entry")
    with believing():
        return generation_of(json.loads(body))


def generation_of(body: dict[str, Any]) -> Generation:
    return Generation(
        by=body["by"],
        why=body["why"],
        kiosk=body["kiosk"],
        controller_id=int(body["controller_id"]),
        totaliser=body["totaliser"],
        public_key=body["public_key"],
        demonstration=body["demonstration"],
        previous=None if body["previous"] is None else _previous_of(body["previous"]),
    )


def head(connection: Connection) -> Head:
    newest = connection.exec_driver_sql("SELECT row, hash FROM entry NOT INDEXED ORDER BY row DESC LIMIT 1").one_or_none()
    if newest is None:
        raise Garbled("the ledger has no entries")
    return Head(newest.row, newest.hash)


def succeeded(connection: Connection) -> Head | None:
    """Where the ledger ended that this one succeeded; None: it is the first."""
    query = "SELECT json_extract(body, '$.previous.row') AS row, json_extract(body, '$.previous.hash') AS hash FROM entry WHERE kind = 'generation'"
    named = connection.exec_driver_sql(query).first()
    if named is None:
        raise Garbled("the ledger has no first entry")
    return None if named.row is None else Head(named.row, named.hash)


def entries(
    connection: Connection, after: int = 0, limit: int | None = None, kind: Kind | None = None, visit: str | None = None
) -> Iterator[Entry]:
    """The entries above row ``after`` in order, with their postings, at most ``limit``; only one kind or one visit if asked."""
    values = {
        "after": after,
        "limit": NO_LIMIT if limit is None else limit,
        "kind": None if kind is None else kind.value,
        "visit": visit,
    }
    for row, postings in grouped(connection.exec_driver_sql(_ENTRIES, values)):
        with believing():
            entry = entry_of(row, json.loads(row.body), postings)
        yield entry


def lines(connection: Connection) -> Iterator[tuple[Stored, tuple[Posting, ...]]]:
    """Every entry as it is stored, its body still text, with its postings in the order in which they were written: for whoever must not trust it."""
    if not connection.in_transaction():
        connection.begin()
    # straight from the driver, and both tables side by side: a long ledger is read through, and SQLAlchemy's rows cost as much as SQLite's own work,
    # a join's twice as much as its tables'
    database, after = driver(connection), -math.inf
    while stored := _read(database, _STORED, after):
        after = stored[-1][0]
        posted = iter(_read(database, _POSTED, stored[0][0], after))
        at, account, cents = next(posted, _NO_MORE)
        for line in stored:
            row = line[0]
            postings: tuple[Posting, ...] = ()
            while at <= row:
                if at == row:
                    postings = (*postings, Posting(account, cents))
                at, account, cents = next(posted, _NO_MORE)
            yield line, postings


def _read(database: sqlite3.Connection, query: str, *values: float) -> list[Stored]:
    """Text is asked for as text, for half of what ``reader.TEXT`` takes; where there are bytes that are none, as that reads them."""
    lenient, database.text_factory = database.text_factory, str
    try:
        return database.execute(query, values).fetchall()
    except sqlite3.OperationalError:
        database.text_factory = lenient
        return database.execute(query, values).fetchall()
    finally:
        database.text_factory = lenient


def balances(connection: Connection) -> dict[Account, Cents]:
    """The sum of each account; all of them together are 0."""
    found = connection.exec_driver_sql("SELECT account, sum(cents) FROM posting GROUP BY account").all()
    with believing():
        sums = {Account(account): Cents(cents) for account, cents in found}
    return {account: sums.get(account, Cents(0)) for account in Account}


def totals(connection: Connection, since: date | None = None) -> tuple[DayTotal, ...]:
    """Bottles and cents credited, by business day and material, from ``since`` on."""
    query = """
SELECT json_extract(body, '$.day') AS day, json_extract(body, '$.material') AS material, count(*), sum(json_extract(body, '$.amount'))
FROM entry WHERE kind = 'credit' AND json_extract(body, '$.day') >= ? GROUP BY day, material ORDER BY day, material"""
    found = connection.exec_driver_sql(query, ("" if since is None else since.isoformat(),)).all()
    with believing():
        return tuple(
            DayTotal(date.fromisoformat(day), Material(material), bottles, Cents(cents)) for day, material, bottles, cents in found
        )


def gifts(connection: Connection) -> tuple[Given, ...]:
    """What was given, by association, in the order of their ids; first what older programs noted without one."""
    # of a bare column beside max() SQLite takes the value of that row
    query = """
SELECT json_extract(body, '$.association') AS association, json_extract(body, '$.name'), count(*), sum(json_extract(body, '$.amount')), max(row)
FROM entry WHERE kind = 'gift' GROUP BY association ORDER BY association"""
    found = connection.exec_driver_sql(query).all()
    with believing():
        return tuple(Given(association, name, int(count), Cents(int(cents))) for association, name, count, cents, _ in found)


def open_vouchers(connection: Connection) -> tuple[OpenVoucher, ...]:
    """Every voucher that still claims its sum, those of earlier generations first; what the desk has paid claims none."""
    begun = generation(connection)
    query = "SELECT body FROM entry WHERE kind = 'voucher' ORDER BY row"
    issued = (json.loads(body) for (body,) in connection.exec_driver_sql(query))
    paid = frozenset(connection.exec_driver_sql("SELECT subject FROM entry WHERE kind = 'paid'").scalars())
    with believing():
        claiming = (*(begun.previous.vouchers if begun.previous is not None else ()), *(_open_voucher(body) for body in issued))
        return tuple(voucher for voucher in claiming if voucher.code not in paid)


def visit_numbers(connection: Connection, day: date) -> frozenset[str]:
    """The visit numbers that are used up on a day, in this ledger or the one before."""
    first, beyond = f"{day.isoformat()}/", f"{day.isoformat()}0"
    here = connection.exec_driver_sql(
        "SELECT visit FROM entry WHERE kind = 'visit' AND visit >= ? AND visit < ?", (first, beyond)
    ).scalars()
    before = connection.exec_driver_sql(
        "SELECT value FROM entry, json_each(body, '$.previous.numbers')"
        " WHERE kind = 'generation' AND json_extract(body, '$.previous.day') = ?",
        (day.isoformat(),),
    ).scalars()
    return frozenset(visit.removeprefix(first) for visit in here) | frozenset(before)


def grouped(rows: Iterable[Any]) -> Iterator[tuple[Any, tuple[Posting, ...]]]:
    """One entry for each run of joined rows, with its postings in the order in which they were written."""
    for _, run in groupby(rows, itemgetter(0)):
        first, *more = run
        yield first, tuple([Posting(line.account, line.cents) for line in (first, *more) if line.account is not None])


def entry_of(row: Any, body: dict[str, Any], postings: tuple[Posting, ...]) -> Entry:
    return Entry(row.row, row.kind, row.subject, row.visit, row.occurred, row.booked, bool(row.trusted), body, postings, row.prev, row.hash)


def _previous_of(body: dict[str, Any]) -> Previous:
    return Previous(
        row=body["row"],
        hash=body["hash"],
        balances=body["balances"],
        vouchers=tuple(_open_voucher(voucher) for voucher in body["vouchers"]),
        day=date.fromisoformat(body["day"]),
        day_cents=Cents(body["day_cents"]),
    )


def _open_voucher(body: dict[str, Any]) -> OpenVoucher:
    return OpenVoucher(
        code=body["code"],
        amount=Cents(body["amount"]),
        valid_until=date.fromisoformat(body["valid_until"]),
        payer=body.get("payer", PAYER),
        doubtful=body.get("doubtful", False),
    )
