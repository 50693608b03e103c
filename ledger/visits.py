"""One visit as the desk sees it: found by its number, its items in the order of their rows, how it ended. Reads only; what was refused stands in the log."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from config.vocabulary import NO_CENTS, Cents, Material
from ledger.chain import time_of
from ledger.kinds import Kind
from ledger.views import believing

ENDS = (Kind.VOUCHER, Kind.GIFT, Kind.CLOSED)

FATES = (Kind.CREDIT, Kind.CANCELLED, Kind.UNCOUNTED)
"""How an intent ends."""


@dataclass(frozen=True, slots=True)
class Passed:
    """An item that the machine let through, or meant to. ``kind``: how its intent ended, ``INTENT`` where it has not; ``STEP``: what fell by itself, of
    which neither material nor weight is known.
    """

    row: int
    at: datetime
    kind: Kind
    amount: Cents
    material: Material | None = None
    gtin: str | None = None
    weight_g: int | None = None
    policy: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """``ended``: None while it is open. ``bottles`` that were credited, by machine or desk, and their sum. ``by_desk``: begun by the desk for its credits."""

    id: str
    begun: datetime
    by_desk: bool
    items: tuple[Passed, ...]
    bottles: int
    cents: Cents
    ended: Kind | None
    code: str | None = None
    given_to: str = ""


def visits_of(connection: Connection, number: str, today: date, days: int) -> tuple[str, ...]:
    """The visits that had this number in so many days, the newest first: a number is drawn anew each day."""
    # the day after today: where no clock knows the date a ledger's day may be ahead
    wanted = _visits_in(number, today, days)
    # the kind in the text: of a value SQLite could not know that the index holds it
    query = "SELECT visit FROM entry WHERE kind = 'visit' AND visit IN (SELECT value FROM json_each(?)) ORDER BY visit DESC"
    return tuple(connection.exec_driver_sql(query, (wanted,)).scalars())


@lru_cache(maxsize=1)
def _visits_in(number: str, today: date, days: int) -> str:
    """As JSON. Kept, as it is asked of one ledger after the other."""
    return json.dumps([f"{today + timedelta(days=1 - back)}/{number}" for back in range(days + 2)])


def read_visit(connection: Connection, visit: str) -> VisitRecord | None:
    """None where this ledger has no such visit. Raises Garbled."""
    begin = "SELECT row, booked, body FROM entry WHERE kind = 'visit' AND visit = ?"
    begun = connection.exec_driver_sql(begin, (visit,)).one_or_none()
    if begun is None:
        return None
    last = "SELECT row, kind, subject, body FROM entry WHERE visit = ? AND kind IN ('voucher', 'gift', 'closed')"
    end = connection.exec_driver_sql(last, (visit,)).one_or_none()
    # by row number, from its first to its last: the file may be long
    within = "SELECT row, kind, subject, booked, body FROM entry NOT INDEXED WHERE row >= ? AND (? IS NULL OR row <= ?) AND visit = ? ORDER BY row"
    until = None if end is None else end.row
    rows = connection.exec_driver_sql(within, (begun.row, until, until, visit)).all()
    with believing():
        amounts = [int(json.loads(row.body)["amount"]) for row in rows if row.kind in (Kind.CREDIT, Kind.GRANT)]
        body: dict[str, Any] = {} if end is None else json.loads(end.body)
        return VisitRecord(
            visit,
            time_of(begun.booked),
            "desk" in json.loads(begun.body),
            tuple(_passed(rows)),
            len(amounts),
            Cents(sum(amounts)),
            None if end is None else Kind(end.kind),
            end.subject if end is not None and end.kind == Kind.VOUCHER else None,
            str(body.get("name", "")) if end is not None and end.kind == Kind.GIFT else "",
        )


def _passed(rows: Any) -> list[Passed]:
    ends = {row.subject: row for row in rows if row.kind in FATES}
    found = []
    for row in rows:
        body = json.loads(row.body)
        match row.kind:
            case Kind.INTENT:
                end = ends.get(row.subject)
                kind = Kind.INTENT if end is None else Kind(end.kind)
                material, weight_g = Material(body["material"]), int(body["weight_g"])
                amount = Cents(int(body["amount"]))
                flags = tuple(str(body.get("flags", "")).split())
                found.append(Passed(row.row, time_of(row.booked), kind, amount, material, body["gtin"], weight_g, body["policy"], flags))
            case Kind.STEP:
                found.append(Passed(row.row, time_of(row.booked), Kind.STEP, NO_CENTS))
            case _:
                pass
    return found
