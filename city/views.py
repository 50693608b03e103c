"""What may be read of the books: kiosks, ledgers, totals, vouchers, rows. Only reads."""

import json
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Select, func, select

from city import tables
from city.answers import AllTotals, Generation, KeptConflict, KeptDifference, Kiosk, Kiosks, KioskSummary, Part, Rows, Voucher, Vouchers
from city.messages import ROWS_AT_ONCE, DayTotal, Health, Row, Sum, Totals
from city.totals import add

_ROW: TypeAdapter[Row] = TypeAdapter(Row)


def totals_of(connection: Connection, generation: str) -> Totals:
    """What one ledger's rows add up to, as stored beside them."""
    day = tables.day_total.c
    days = connection.execute(select(day.day, day.glass, day.plastic, day.cents).where(day.generation == generation).order_by(day.day))
    return Totals(
        days=[DayTotal(**row) for row in days.mappings()],
        vouchers=_sum(connection, tables.voucher.c.generation == generation, tables.voucher.c.amount),
        gifts=_sum(connection, tables.gift.c.generation == generation, tables.gift.c.amount),
    )


def _sum(connection: Connection, of: Any, amount: Any) -> Sum:
    count, cents = connection.execute(select(func.count(), func.coalesce(func.sum(amount), 0)).where(of)).one()
    # PostgreSQL sums 64-bit integers to a decimal
    return Sum(count=count, cents=int(cents))


def kiosks(connection: Connection) -> Kiosks:
    return Kiosks(kiosks=[_summary(connection, row) for row in connection.execute(_kiosk_rows()).mappings()])


def _kiosk_rows() -> Any:
    kiosk, generation, entry = tables.kiosk, tables.generation, tables.entry
    columns = (kiosk, generation.c.demonstration, generation.c.row, generation.c.head, entry.c.trusted.label("date_known"))
    newest = (entry.c.generation == generation.c.generation) & (entry.c.row == generation.c.row)
    joined = select(*columns).join_from(kiosk, generation, kiosk.c.generation == generation.c.generation).join(entry, newest)
    return joined.order_by(kiosk.c.kiosk)


def _summary(connection: Connection, row: RowMapping) -> KioskSummary:
    fields = {name: value for name, value in row.items() if name != "health"}
    conflict, difference, generation = tables.conflict, tables.difference, tables.generation
    same = difference.c.generation == generation.c.generation
    return KioskSummary(
        **fields,
        conflicts=_count(connection, select(func.count()).select_from(conflict).where(conflict.c.kiosk == row["kiosk"])),
        differences=_count(
            connection, select(func.count()).select_from(difference).join(generation, same).where(generation.c.kiosk == row["kiosk"])
        ),
    )


def _count(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar_one()


def kiosk(connection: Connection, name: str) -> Kiosk | None:
    row = connection.execute(_kiosk_rows().where(tables.kiosk.c.kiosk == name)).mappings().one_or_none()
    if row is None:
        return None
    fields = {key: row[key] for key in ("kiosk", "generation", "row", "head", "date_known", "first_seen", "last_seen")}
    generations = _generations(connection, name)
    return Kiosk(
        **fields,
        health=Health.model_validate_json(row["health"]),
        totals=add([one.totals for one in generations]),
        generations=generations,
        conflicts=_conflicts(connection, name),
        differences=_differences(connection, name),
    )


def _generations(connection: Connection, kiosk: str) -> list[Generation]:
    table = tables.generation
    rows = connection.execute(select(table).where(table.c.kiosk == kiosk).order_by(table.c.number)).mappings().all()
    return [
        Generation(
            **{key: value for key, value in row.items() if key != "kiosk"},
            totals=totals_of(connection, row["generation"]),
        )
        for row in rows
    ]


def _conflicts(connection: Connection, kiosk: str) -> list[KeptConflict]:
    table = tables.conflict
    columns = [table.c[name] for name in KeptConflict.model_fields]
    return [
        KeptConflict(**row) for row in connection.execute(select(*columns).where(table.c.kiosk == kiosk).order_by(table.c.id)).mappings()
    ]


def _differences(connection: Connection, kiosk: str) -> list[KeptDifference]:
    table, generation = tables.difference, tables.generation
    ledgers = select(generation.c.generation).where(generation.c.kiosk == kiosk)
    columns = [table.c[name] for name in KeptDifference.model_fields]
    found = select(*columns).where(table.c.generation.in_(ledgers)).order_by(table.c.first_seen, table.c.first_row, table.c.item)
    return [KeptDifference(**row) for row in connection.execute(found).mappings()]


def totals(connection: Connection) -> AllTotals:
    return AllTotals(real=_part(connection, demonstration=False), demonstration=_part(connection, demonstration=True))


def _part(connection: Connection, *, demonstration: bool) -> Part:
    table = tables.generation
    ledgers = connection.execute(select(table.c.kiosk, table.c.generation).where(table.c.demonstration.is_(demonstration))).all()
    return Part(
        kiosks=len({row.kiosk for row in ledgers}),
        totals=add([totals_of(connection, row.generation) for row in ledgers]),
    )


def vouchers(connection: Connection, kiosk: str) -> Vouchers:
    table, generation = tables.voucher, tables.generation
    columns = [table.c[name] for name in Voucher.model_fields]
    same = table.c.generation == generation.c.generation
    found = select(*columns).join_from(table, generation, same).where(table.c.kiosk == kiosk).order_by(generation.c.number, table.c.row)
    return Vouchers(kiosk=kiosk, vouchers=[Voucher(**row) for row in connection.execute(found).mappings()])


def rows(connection: Connection, kiosk: str, generation: str | None, after: int) -> Rows | None:
    """At most 500 rows after this one, of the ledger named or of the one that may still grow. None if there is no such ledger."""
    table = tables.generation
    which = select(table).where(table.c.kiosk == kiosk)
    current = select(tables.kiosk.c.generation).where(tables.kiosk.c.kiosk == kiosk).scalar_subquery()
    held = connection.execute(which.where(table.c.generation == (current if generation is None else generation))).one_or_none()
    if held is None:
        return None
    entry, posting = tables.entry.c, tables.posting.c
    found = connection.execute(
        select(tables.entry).where(entry.generation == held.generation, entry.row > after).order_by(entry.row).limit(ROWS_AT_ONCE)
    )
    entries = found.mappings().all()
    postings: dict[int, list[dict[str, object]]] = {row["row"]: [] for row in entries}
    if entries:
        within = posting.row.between(entries[0]["row"], entries[-1]["row"])
        wanted = select(tables.posting).where(posting.generation == held.generation, within).order_by(posting.row, posting.position)
        for one in connection.execute(wanted):
            postings[one.row].append({"account": one.account, "cents": one.cents})
    return Rows(
        kiosk=kiosk, generation=held.generation, row=held.row, head=held.head, rows=[_row(row, postings[row["row"]]) for row in entries]
    )


def _row(row: RowMapping, postings: list[dict[str, object]]) -> Row:
    fields = {key: value for key, value in row.items() if key != "generation"}
    return _ROW.validate_python({**fields, "body": json.loads(row["body"]), "postings": postings})
