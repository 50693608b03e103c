"""Which entries somebody wants to see: by period, kind, material, amount, visit, voucher. Answers with row numbers, so that a list of a million needs no million entries.

An entry's day is the business day that it names, a voucher's the one of its issue, else the Paris day on which it was booked. Its amount is what it moves.
"""

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl

from sqlalchemy import Connection

from config.clock import PARIS
from config.vocabulary import Cents, Material
from ledger import vouchers
from ledger.chain import Entry, time_of
from ledger.database import driver
from ledger.kinds import KINDS, Account, Definition, Kind
from ledger.reader import open_reader
from ledger.views import believing, entries, head


class VoucherState(StrEnum):
    """What is true of a voucher by now."""

    VALID = "valid"
    EXPIRED = "expired"
    PAID = "paid"
    UNCLAIMED = "unclaimed"
    """Valid, never shown, and its code revealed to nobody."""


@dataclass(frozen=True, slots=True)
class Selection:
    """``first`` to ``last`` day; ``least`` to ``most`` cents; ``visit`` is a visit's number on any day, or its whole id; ``voucher`` a code as somebody types it.
    ``uncounted``: what fell in a visit and was credited to nobody. ``archive``: the file name of an earlier generation; None: the ledger that is written now.
    """

    first: date | None = None
    last: date | None = None
    kind: Kind | None = None
    material: Material | None = None
    least: Cents | None = None
    most: Cents | None = None
    visit: str = ""
    voucher: str = ""
    state: VoucherState | None = None
    uncounted: bool = False
    archive: str | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows that fit, the newest first, and what they move in all. ``day`` is checked beside them: what each account moved on it adds up to 0."""

    rows: Sequence[int]
    cents: Cents
    day: date
    moved: tuple[tuple[Account, Cents], ...]

    @property
    def adds_up(self) -> bool:
        return sum(cents for _, cents in self.moved) == 0


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in a list. ``what``: a bottle's material, a voucher's code, a bin."""

    row: int
    kind: str
    visit: str
    booked: datetime
    trusted: bool
    what: str
    cents: Cents


def _listed(those: Callable[[Definition], object]) -> str:
    """The kinds that are so, as SQL lists them."""
    return ", ".join(f"'{kind}'" for kind, definition in KINDS.items() if those(definition))


# of a long file its bodies are the dear part: none is looked into for what its kind has not
_DAY = f"""CASE WHEN kind IN ({_listed(lambda it: "day" in it.body)}) THEN json_extract(body, '$.day')
 WHEN kind IN ({_listed(lambda it: "issued" in it.body)}) THEN json_extract(body, '$.issued')
 WHEN kind IN ('uncounted', 'step') AND visit IS NOT NULL THEN substr(visit, 1, 10)
 WHEN booked < :begin THEN '' WHEN booked >= :end THEN '~' ELSE :first END"""
"""Of one that names no day, whether it was booked before the asked ones, after them, or on them."""

LAST_DAY = date(9999, 12, 30)

SELDOM = frozenset(
    {
        *(Kind.VOUCHER, Kind.PAID, Kind.GRANT, Kind.CLAIMED, Kind.PRINTED),
        *(Kind.EMPTIED, Kind.WEIGHED, Kind.CLOSURE, Kind.CORRECTION),
    }
)
"""Kinds of which each has an index of its own, and of which there is one for many entries."""

_AMOUNT = f"CASE WHEN kind IN ({_listed(lambda it: it.moves)}) THEN json_extract(body, '$.amount') ELSE 0 END"
"""What its postings move: a sound entry's are made of it."""

_WITH_MATERIAL = _listed(lambda it: "material" in it.body)

_PAID = "EXISTS (SELECT 1 FROM entry AS paid WHERE paid.kind = 'paid' AND paid.subject = entry.subject)"

_TOLD = "EXISTS (SELECT 1 FROM entry AS told WHERE told.kind = 'claimed' AND told.subject = entry.subject || ':1')"

_STATES = {
    VoucherState.VALID: f"kind = 'voucher' AND json_extract(body, '$.valid_until') >= :today AND NOT {_PAID}",
    VoucherState.EXPIRED: f"kind = 'voucher' AND json_extract(body, '$.valid_until') < :today AND NOT {_PAID}",
    VoucherState.PAID: f"kind = 'voucher' AND {_PAID}",
    VoucherState.UNCLAIMED: f"kind = 'voucher' AND json_extract(body, '$.cause') <> 'kept' AND json_extract(body, '$.valid_until') >= :today"
    f" AND NOT {_PAID} AND NOT {_TOLD}",
}

_LINES = """
SELECT row, kind, coalesce(visit, ''), booked, trusted,
  coalesce(json_extract(body, '$.material'), json_extract(body, '$.code'), 'bin ' || json_extract(body, '$.bin'), ''),
  (SELECT coalesce(sum(cents), 0) FROM posting WHERE posting.row = entry.row AND cents > 0)
FROM entry WHERE row IN ({marks})"""


def select(connection: Connection, selection: Selection, today: date) -> Selected:
    """The rows of one ledger; ``today`` is the business day that it is. Raises Garbled."""
    day = selection.last or today
    with believing():
        moved = _moved(connection, day)
        where, values = _where(selection, today)
        if not where:
            last = head(connection).row
            (cents,) = connection.exec_driver_sql("SELECT coalesce(sum(cents), 0) FROM posting WHERE cents > 0").one()
            return Selected(range(last, 0, -1), Cents(cents), day, moved)
        rows, cents = array("q"), 0
        # of few kinds an index holds the rows; of the others to read all in their order is quicker than to look each of them up
        source, order = ("entry", "+row") if _is_indexed(selection) else ("entry NOT INDEXED", "row")
        query = f"SELECT row, {_AMOUNT} FROM {source} WHERE {' AND '.join(where)} ORDER BY {order} DESC"  # noqa: S608 - values are bound
        for row, amount in driver(connection).execute(query, values):
            rows.append(row)
            cents += amount
    return Selected(rows, Cents(cents), day, moved)


def _where(selection: Selection, today: date) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = {"today": today.isoformat()}

    def asks(condition: str, **bound: object) -> None:
        where.append(condition)
        values.update(bound)

    if selection.visit:
        asks("(visit = :visit OR visit LIKE '%/' || :visit)", visit=selection.visit)
    if selection.kind is not None:
        # in the text, or SQLite would not take the index that holds it
        asks(f"kind = '{selection.kind.value}'")
    if selection.voucher:
        asks("(subject = :code OR subject LIKE :code || ':%')", code=_code(selection.voucher))
    if selection.uncounted:
        asks("kind IN ('uncounted', 'step') AND visit IS NOT NULL")
    if selection.state is not None:
        asks(_STATES[selection.state])
    if selection.material is not None:
        # as it stands in canonical JSON, in which no text can hold it: to read each body as JSON takes twice as long
        asks(f"kind IN ({_WITH_MATERIAL}) AND instr(body, :material) > 0", material=f'"material":"{selection.material}"')
    if selection.first is not None or selection.last is not None:
        first, last = selection.first or date.min, selection.last or LAST_DAY
        # a credit's day has an index
        day = "json_extract(body, '$.day')" if selection.kind is Kind.CREDIT else _DAY
        asks(f"{day} BETWEEN :first AND :last", first=first.isoformat(), last=last.isoformat())
        values.update(begin=_begin(first), end=_begin(last + timedelta(days=1)))
    if selection.least is not None:
        asks(f"{_AMOUNT} >= :least", least=selection.least)
    if selection.most is not None:
        asks(f"{_AMOUNT} <= :most", most=selection.most)
    return where, values


def _is_indexed(selection: Selection) -> bool:
    """Whether few entries are meant, and an index of the file leads to them."""
    if selection.kind is Kind.CREDIT:
        return selection.first is not None or selection.last is not None
    return selection.state is not None or selection.kind in SELDOM


def _begin(day: date) -> str:
    """Of a day in Paris, in UTC as times are written."""
    if day == date.min:
        return ""
    return datetime.combine(day, datetime.min.time(), PARIS).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _code(typed: str) -> str:
    """Of a code, or a link. What is neither is looked for all the same, and nothing is found."""
    named = dict(parse_qsl(typed.partition("#")[2])).get("c", typed)
    try:
        return vouchers.code_of(named)
    except vouchers.BadCode:
        return typed


def _moved(connection: Connection, day: date) -> tuple[tuple[Account, Cents], ...]:
    """What each account moved on a business day, from the day's first visit to the next day's: an open file is not read whole for it."""
    # of ``min(row)`` alone SQLite looks at every row from the first on
    first = "SELECT min(+row) FROM entry WHERE kind = 'visit' AND visit >= ? AND visit < ?"
    (begin,) = connection.exec_driver_sql(first, (f"{day}/", f"{day}0")).one()
    (end,) = connection.exec_driver_sql("SELECT min(+row) FROM entry WHERE kind = 'visit' AND visit >= ?", (f"{day}0",)).one()
    if begin is None:
        return ()
    query = "SELECT account, sum(cents) FROM posting WHERE row >= ? AND row < ? GROUP BY account ORDER BY account"
    found = connection.exec_driver_sql(query, (begin, end or head(connection).row + 1))
    return tuple((Account(account), Cents(cents)) for account, cents in found)


class LineSource(Protocol):
    """Where a list reads its entries."""

    def read(self, rows: Sequence[int]) -> dict[int, Line]: ...
    def close(self) -> None: ...


class Lines:
    """Reads a few entries at a time, for a list that somebody scrolls through. Each call is a snapshot of its own; nothing is held open in between
    but the file. Raises sqlite3.Error, OSError.
    """

    def __init__(self, path: Path) -> None:
        self._db = open_reader(path)

    def read(self, rows: Sequence[int]) -> dict[int, Line]:
        """By row. One that is garbled is left out."""
        found: dict[int, Line] = {}
        statement = _LINES.format(marks=",".join("?" * len(rows)))
        with closing(self._db.execute(statement, tuple(rows))) as cursor:
            for row, kind, visit, booked, trusted, what, cents in cursor:
                try:
                    found[row] = Line(row, kind, visit, time_of(booked), bool(trusted), str(what), Cents(cents))
                except ValueError:
                    continue
        return found

    def close(self) -> None:
        self._db.close()


@dataclass(frozen=True, slots=True)
class Opened:
    """One entry with its neighbours in the chain, the rows that correct it, what else came of it (``followed``: a voucher's payment, a bottle's credit by hand; row and kind), and the
    intent of the item that it is about, if it is about one.
    """

    entry: Entry
    before: str
    after: str | None
    corrected_by: tuple[int, ...]
    item: dict[str, Any] | None
    followed: tuple[tuple[int, str], ...] = ()


def open_entry(connection: Connection, row: int) -> Opened:
    """Raises Garbled, LookupError where there is no such row."""
    found = list(entries(connection, after=row - 1, limit=2))
    if not found or found[0].row != row:
        raise LookupError(row)
    entry = found[0]
    corrections = connection.exec_driver_sql("SELECT row FROM entry WHERE kind = 'correction' AND subject = ?", (f"row:{row}",)).scalars()
    intent = connection.exec_driver_sql("SELECT body FROM entry WHERE kind = 'intent' AND subject = ?", (entry.subject,)).scalars().first()
    with believing():
        item = None if intent is None else json.loads(intent)
        followed = tuple(_followed(connection, entry))
    return Opened(entry, entry.prev, found[1].hash if len(found) > 1 else None, tuple(corrections), item, followed)


def _followed(connection: Connection, entry: Entry) -> Iterator[tuple[int, str]]:
    """What came of it later. Each question names its kind in the text, or SQLite would not take the index that holds it."""
    match entry.kind:
        case Kind.VOUCHER:
            query, subjects = "SELECT row, kind FROM entry WHERE kind = 'paid' AND subject = ?", [entry.subject]
        case Kind.EMPTIED:
            query, subjects = "SELECT row, kind FROM entry WHERE kind = 'weighed' AND subject = ?", [entry.subject]
        case Kind.UNCOUNTED:
            (begun,) = connection.exec_driver_sql("SELECT substr(hash, 1, 8) FROM entry WHERE row = 1").one()
            query, subjects = _GRANTED, [f"{entry.subject}@{begun}"]
        case Kind.STEP:
            last, first = entry.body["totaliser"], entry.body["from"]
            if type(last) is not int or type(first) is not int:
                raise ValueError("a step without numbers")
            query, subjects = _GRANTED, [f"totaliser:{number}" for number in range(max(first, last - MOST_STEPS) + 1, last + 1)]
        case _:
            return
    for subject in subjects:
        yield from ((int(row), str(kind)) for row, kind in connection.exec_driver_sql(query, (subject,)))


_GRANTED = "SELECT row, kind FROM entry WHERE kind = 'grant' AND subject = ?"

MOST_STEPS = 50
"""Bottles of one step that are looked for: more at once fell in no visit."""


def entries_of(connection: Connection, rows: Sequence[int]) -> Iterator[Entry]:
    """Those entries, the oldest first, whatever their number."""
    wanted = iter(sorted(rows))
    following = next(wanted, None)
    if following is None:
        return
    for entry in entries(connection, after=following - 1):
        if entry.row == following:
            yield entry
            following = next(wanted, None)
            if following is None:
                return


ERRORS = (sqlite3.Error, OSError)
"""What ``Lines`` raises where the file cannot be read just now."""
