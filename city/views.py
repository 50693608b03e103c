"""What may be read of the books: kiosks, ledgers, totals, vouchers, rows. Only reads, each view by as many statements whatever the number of kiosks.

A list that grows comes in pages: ``limit`` things behind ``after``, and what to give as ``after`` for the next.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Select, case, func, select

from city import tables
from city.answers import (
    AllTotals,
    Conflicts,
    Generation,
    Gifts,
    KeptConflict,
    KeptDifference,
    Kiosk,
    Kiosks,
    KioskSummary,
    Part,
    Rows,
    Voucher,
    Vouchers,
)
from city.messages import DayTotal, Health, Row, Totals
from city.totals import COLUMNS, add, add_gifts, made, stored

PAGE = 500
"""How many things of a list an answer holds where nothing else is asked for, and at most."""

PLACE = r"^[1-9][0-9]{0,8}\.[1-9][0-9]{0,15}$"
"""A voucher's place among its kiosk's: the ledger's number and the row in it."""

T = TypeVar("T")
K = TypeVar("K")
_ROW: TypeAdapter[Row] = TypeAdapter(Row)


def _page(found: Sequence[T], limit: int, key: Callable[[T], K]) -> tuple[Sequence[T], K | None]:
    """Of one thing more than asked for: those asked for, and the key of the last of them if there is more."""
    return found[:limit], key(found[limit - 1]) if len(found) > limit else None


def totals_of(connection: Connection, generation: str) -> Totals:
    """What one ledger's rows add up to, as stored beside them."""
    ledger = connection.execute(select(tables.generation).where(tables.generation.c.generation == generation)).mappings().one()
    return _totals(ledger, _days(connection, tables.day_total.c.generation == generation))


def _totals(ledger: RowMapping, days: Iterable[RowMapping]) -> Totals:
    """``ledger`` has the sums, under their names in the table ``generation``."""
    found = [DayTotal(day=day["day"], glass=day["glass"], plastic=day["plastic"], cents=day["cents"]) for day in days]
    return made(found, stored(ledger))


def _days(connection: Connection, of: Any) -> Sequence[RowMapping]:
    return connection.execute(select(tables.day_total).where(of).order_by(tables.day_total.c.day)).mappings().all()


def kiosks(connection: Connection, after: str | None, limit: int) -> Kiosks:
    conflict, difference, generation, name = tables.conflict, tables.difference, tables.generation.alias(), tables.kiosk.c.kiosk
    conflicts = select(func.count()).select_from(conflict).where(conflict.c.kiosk == name)
    same = difference.c.generation == generation.c.generation
    differences = select(func.count()).select_from(generation).join(difference, same).where(generation.c.kiosk == name)
    counts = (conflicts.scalar_subquery().label("conflicts"), differences.scalar_subquery().label("differences"))
    query = _kiosk_rows().add_columns(*counts).order_by(name).limit(limit + 1)
    found = connection.execute(query if after is None else query.where(name > after)).mappings().all()
    shown, following = _page(found, limit, lambda row: str(row["kiosk"]))
    return Kiosks(kiosks=[KioskSummary(**{key: row[key] for key in KioskSummary.model_fields}) for row in shown], next=following)


def _kiosk_rows() -> Select[Any]:
    kiosk, generation, entry = tables.kiosk, tables.generation, tables.entry
    columns = (kiosk, generation.c.demonstration, generation.c.row, generation.c.head, entry.c.trusted.label("date_known"))
    newest = (entry.c.generation == generation.c.generation) & (entry.c.row == generation.c.row)
    return select(*columns).join_from(kiosk, generation, kiosk.c.generation == generation.c.generation).join(entry, newest)


def kiosk(connection: Connection, name: str) -> Kiosk | None:
    row = connection.execute(_kiosk_rows().where(tables.kiosk.c.kiosk == name)).mappings().one_or_none()
    if row is None:
        return None
    fields = {key: row[key] for key in ("kiosk", "generation", "row", "head", "date_known", "first_seen", "last_seen")}
    generations = _generations(connection, name)
    return Kiosk(
        **fields,
        health=Health.model_validate_json(row["health"]),
        totals=add([generation.totals for generation in generations]),
        associations=add_gifts(gifts for generation in generations for gifts in generation.associations),
        generations=generations,
        conflicts=_conflicts(connection, name, 0, PAGE)[0],
        differences=_differences(connection, name),
    )


def _generations(connection: Connection, kiosk: str) -> list[Generation]:
    table = tables.generation
    of_kiosk = tables.day_total.c.generation.in_(select(table.c.generation).where(table.c.kiosk == kiosk))
    days: dict[str, list[RowMapping]] = {}
    for day in _days(connection, of_kiosk):
        days.setdefault(day["generation"], []).append(day)
    given: dict[str, list[Gifts]] = {}
    total = tables.gift_total
    of_ledgers = total.c.generation.in_(select(table.c.generation).where(table.c.kiosk == kiosk))
    for gifts in connection.execute(select(total).where(of_ledgers).order_by(total.c.association)).mappings():
        given.setdefault(gifts["generation"], []).append(_gifts(gifts))
    return [
        Generation(
            **{key: row[key] for key in ("generation", "number", "demonstration", "row", "head")},
            totals=_totals(row, days.get(row["generation"], [])),
            associations=given.get(row["generation"], []),
        )
        for row in connection.execute(select(table).where(table.c.kiosk == kiosk).order_by(table.c.number)).mappings()
    ]


def _gifts(row: RowMapping) -> Gifts:
    # PostgreSQL sums 64-bit integers to a decimal
    return Gifts(association=row["association"], name=row["name"], count=int(row["gifts"]), cents=int(row["cents"]))


def conflicts(connection: Connection, kiosk: str, after: int, limit: int) -> Conflicts | None:
    """None if there is no such kiosk."""
    if not _is_known(connection, kiosk):
        return None
    shown, following = _conflicts(connection, kiosk, after, limit)
    return Conflicts(kiosk=kiosk, conflicts=shown, next=following)


def _conflicts(connection: Connection, kiosk: str, after: int, limit: int) -> tuple[list[KeptConflict], int | None]:
    table = tables.conflict
    query = select(table).where(table.c.kiosk == kiosk, table.c.id > after).order_by(table.c.id).limit(limit + 1)
    shown, following = _page(connection.execute(query).mappings().all(), limit, lambda row: int(row["id"]))
    return [KeptConflict(**{key: row[key] for key in KeptConflict.model_fields}) for row in shown], following


def holds(connection: Connection, *, demonstration: bool) -> bool:
    """Whether any ledger of that kind is held here."""
    return (
        connection.execute(
            select(tables.generation.c.generation).where(tables.generation.c.demonstration == demonstration).limit(1)
        ).first()
        is not None
    )


def _is_known(connection: Connection, kiosk: str) -> bool:
    return connection.execute(select(tables.kiosk.c.kiosk).where(tables.kiosk.c.kiosk == kiosk)).one_or_none() is not None


def _differences(connection: Connection, kiosk: str) -> list[KeptDifference]:
    table, generation = tables.difference, tables.generation
    ledgers = select(generation.c.generation).where(generation.c.kiosk == kiosk)
    columns = [table.c[name] for name in KeptDifference.model_fields]
    found = select(*columns).where(table.c.generation.in_(ledgers)).order_by(table.c.first_seen, table.c.first_row, table.c.item)
    return [KeptDifference(**row) for row in connection.execute(found).mappings()]


def totals(connection: Connection, after: str | None, limit: int) -> AllTotals:
    shown, following = _page(_city_days(connection, after, limit + 1), limit, lambda day: str(day["day"]))
    sums = {bool(row["demonstration"]): row for row in _city_sums(connection)}
    given = _city_gifts(connection)
    real, play = (
        _part(sums.get(demonstration), shown, name, add_gifts(_gifts(row) for row in given if row["demonstration"] == demonstration))
        for demonstration, name in PARTS.items()
    )
    return AllTotals(real=real, demonstration=play, next=following)


PARTS = {False: "real", True: "play"}


def _city_days(connection: Connection, after: str | None, limit: int) -> Sequence[RowMapping]:
    """One row a day: of each part how many ledgers had bottles, and what they add up to."""
    day, demonstration = tables.day_total, tables.generation.c.demonstration
    columns = [
        func.sum(case((demonstration.is_(value), what), else_=0)).label(f"{name}_{label}")
        for value, name in PARTS.items()
        for label, what in (("ledgers", 1), ("glass", day.c.glass), ("plastic", day.c.plastic), ("cents", day.c.cents))
    ]
    same = day.c.generation == tables.generation.c.generation
    query = select(day.c.day, *columns).join_from(day, tables.generation, same).group_by(day.c.day).order_by(day.c.day).limit(limit)
    return connection.execute(query if after is None else query.where(day.c.day > after)).mappings().all()


def _city_sums(connection: Connection) -> Sequence[RowMapping]:
    ledger = tables.generation.c
    sums = [func.sum(ledger[name]).label(name) for name in COLUMNS.values()]
    kiosks = func.count(ledger.kiosk.distinct()).label("kiosks")
    return connection.execute(select(ledger.demonstration, kiosks, *sums).group_by(ledger.demonstration)).mappings().all()


def _city_gifts(connection: Connection) -> Sequence[RowMapping]:
    """One row an association in each part. Kiosks may name it differently: one of the names is told."""
    given, ledger = tables.gift_total.c, tables.generation.c
    sums = (func.max(given.name).label("name"), func.sum(given.gifts).label("gifts"), func.sum(given.cents).label("cents"))
    query = select(ledger.demonstration, given.association, *sums).join_from(
        tables.gift_total, tables.generation, given.generation == ledger.generation
    )
    return connection.execute(query.group_by(ledger.demonstration, given.association)).mappings().all()


def _part(sums: RowMapping | None, days: Sequence[RowMapping], name: str, associations: list[Gifts]) -> Part:
    found = [
        DayTotal(day=day["day"], **{what: int(day[f"{name}_{what}"]) for what in ("glass", "plastic", "cents")})
        for day in days
        if day[f"{name}_ledgers"]
    ]
    if sums is None:
        return Part(kiosks=0, totals=made(found, {}), associations=associations)
    return Part(kiosks=sums["kiosks"], totals=made(found, stored(sums)), associations=associations)


def vouchers(connection: Connection, kiosk: str, after: str | None, limit: int) -> Vouchers | None:
    """None if there is no such kiosk. ``after`` is a ``PLACE``."""
    if not _is_known(connection, kiosk):
        return None
    number, row = (0, 0) if after is None else map(int, after.split("."))
    table, generation = tables.voucher, tables.generation
    # an index leads to the first of the page in each ledger; a comparison of both numbers at once would read all those before it
    behind = table.c.row > case((generation.c.number == number, row), else_=0)
    same = table.c.generation == generation.c.generation
    query = select(table, generation.c.number).join_from(generation, table, same)
    query = query.where(generation.c.kiosk == kiosk, generation.c.number >= number, behind)
    found = connection.execute(query.order_by(generation.c.number, table.c.row).limit(limit + 1)).mappings().all()
    shown, following = _page(found, limit, lambda voucher: f"{voucher['number']}.{voucher['row']}")
    return Vouchers(kiosk=kiosk, vouchers=[Voucher(**{key: one[key] for key in Voucher.model_fields}) for one in shown], next=following)


def rows(connection: Connection, kiosk: str, generation: str | None, after: int, limit: int) -> Rows | None:
    """Of the ledger named or of the one that may still grow. None if there is no such ledger."""
    table = tables.generation
    which = select(table).where(table.c.kiosk == kiosk)
    current = select(tables.kiosk.c.generation).where(tables.kiosk.c.kiosk == kiosk).scalar_subquery()
    held = connection.execute(which.where(table.c.generation == (current if generation is None else generation))).one_or_none()
    if held is None:
        return None
    entry, posting = tables.entry.c, tables.posting.c
    query = select(tables.entry).where(entry.generation == held.generation, entry.row > after).order_by(entry.row).limit(limit + 1)
    shown, following = _page(connection.execute(query).mappings().all(), limit, lambda row: int(row["row"]))
    postings: dict[int, list[dict[str, object]]] = {row["row"]: [] for row in shown}
    if shown:
        within = posting.row.between(shown[0]["row"], shown[-1]["row"])
        wanted = select(tables.posting).where(posting.generation == held.generation, within).order_by(posting.row, posting.position)
        for one in connection.execute(wanted):
            postings[one.row].append({"account": one.account, "cents": one.cents})
    found = [_row(row, postings[row["row"]]) for row in shown]
    return Rows(kiosk=kiosk, generation=held.generation, row=held.row, head=held.head, rows=found, next=following)


def _row(row: RowMapping, postings: list[dict[str, object]]) -> Row:
    fields = {key: value for key, value in row.items() if key != "generation"}
    return _ROW.validate_python({**fields, "body": json.loads(row["body"]), "postings": postings})
