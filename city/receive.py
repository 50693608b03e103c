"""A kiosk's batch into the books: load what is held, let ``checks`` judge, write rows and what follows from them in one transaction.

Nothing is committed here: the caller's transaction ends with the answer, so an answer means that it is on the disk.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from city import audit, tables
from city.answers import Accepted, Conflict, Difference, Gap, Gifts, Problem, Unacceptable
from city.chain import canonical
from city.checks import Continuation, Held, check_continuation, check_postings, check_rows, is_demonstration
from city.desk import paid_here
from city.messages import Batch, GenerationRow, GiftRow, PaidRow, RowBase, VoucherRow, as_object
from city.moments import stamp
from city.totals import COLUMNS, derive, differences, figures_of, given
from city.views import totals_of

Refused = Problem | Unacceptable | Conflict | Gap


def receive(connection: Connection, kiosk: str, batch: Batch, moment: datetime, *, demonstration: bool) -> Accepted | Refused:
    """Stores what is new in the batch and answers for all of it. A conflict is recorded; any other refusal leaves no trace."""
    now = stamp(moment)
    wrong = check_rows(kiosk, batch)
    if wrong is not None:
        return wrong
    # the kiosk first: whoever comes at the same moment waits at its row, and then reads what the other one stored
    current, held = _current(connection, kiosk), _held(connection, batch.generation)
    simulated = is_demonstration(batch, held)
    if simulated and not demonstration:
        return Problem(error="demonstration", message="this ledger was made on a simulated intake; this city takes only real ones")
    if demonstration and simulated is False:
        return Problem(error="real", message="this ledger is a real one; this city is a demonstration and takes only simulated ones")
    verdict = check_continuation(batch, held, current, _hashes(connection, batch))
    if isinstance(verdict, Conflict):
        _record(connection, kiosk, batch, verdict, now)
    if not isinstance(verdict, Continuation):
        return verdict
    wrong = check_postings(verdict.rows)
    if wrong is not None:
        return wrong
    twice = _voucher_twice(connection, verdict.rows) or _paid_twice(connection, verdict.rows)
    if twice is not None:
        _record(connection, kiosk, batch, twice, now)
        return twice
    if verdict.begins is not None:
        _begin(connection, kiosk, verdict.begins, now)
    _store(connection, kiosk, batch.generation, verdict.rows)
    for row in verdict.rows:
        # both have handed the money over: a ledger's row is never refused for that, and a person must look
        if isinstance(row, PaidRow) and paid_here(connection, row.body.code):
            audit.record(connection, moment, kiosk, "paid_twice", row.body.code, cents=row.body.amount, row=row.row)
    seen = update(tables.kiosk).where(tables.kiosk.c.kiosk == kiosk)
    connection.execute(seen.values(last_seen=now, health=batch.health.model_dump_json()))
    return _answer(connection, kiosk, batch, len(verdict.rows), now)


def _held(connection: Connection, generation: str) -> Held | None:
    row = connection.execute(select(tables.generation).where(tables.generation.c.generation == generation).with_for_update()).one_or_none()
    return None if row is None else Held(row.generation, row.kiosk, row.demonstration, row.row, row.head)


def _current(connection: Connection, kiosk: str) -> Held | None:
    generation = connection.execute(select(tables.kiosk.c.generation).where(tables.kiosk.c.kiosk == kiosk).with_for_update()).scalar()
    return None if generation is None else _held(connection, generation)


def _hashes(connection: Connection, batch: Batch) -> dict[int, str]:
    if not batch.rows:
        return {}
    entry = tables.entry.c
    within = entry.row.between(batch.rows[0].row, batch.rows[-1].row)
    return {
        row.row: row.hash for row in connection.execute(select(entry.row, entry.hash).where(entry.generation == batch.generation, within))
    }


def _voucher_twice(connection: Connection, rows: Sequence[RowBase]) -> Conflict | None:
    issued = {row.body.code: row for row in reversed(rows) if isinstance(row, VoucherRow)}
    for row in rows:
        if isinstance(row, VoucherRow) and issued[row.body.code] is not row:
            return _issued_before(row, issued[row.body.code].hash)
    voucher, entry = tables.voucher.c, tables.entry.c
    same_row = (entry.generation == voucher.generation) & (entry.row == voucher.row)
    held = select(voucher.code, entry.hash).join_from(tables.voucher, tables.entry, same_row).where(voucher.code.in_(issued))
    for code, row_hash in connection.execute(held):
        return _issued_before(issued[code], row_hash)
    return None


def _paid_twice(connection: Connection, rows: Sequence[RowBase]) -> Conflict | None:
    first: dict[str, str] = {}
    payment, entry = tables.payment.c, tables.entry.c
    same_row = (entry.generation == payment.generation) & (entry.row == payment.row)
    codes = {row.body.code for row in rows if isinstance(row, PaidRow)}
    if codes:
        held = select(payment.code, entry.hash).join_from(tables.payment, tables.entry, same_row).where(payment.code.in_(codes))
        first = {row.code: row.hash for row in connection.execute(held)}
    for row in rows:
        if isinstance(row, PaidRow) and first.setdefault(row.body.code, row.hash) != row.hash:
            message = f"voucher {row.body.code} was paid by another row"
            return Conflict(error="payment", message=message, row=row.row, held=first[row.body.code], sent=row.hash)
    return None


def _issued_before(row: VoucherRow, held: str) -> Conflict:
    return Conflict(error="voucher", message=f"voucher {row.body.code} was issued by another row", row=row.row, held=held, sent=row.hash)


def _record(connection: Connection, kiosk: str, batch: Batch, found: Conflict, now: str) -> None:
    """One record for one clash, however often it is tried."""
    conflict = tables.conflict
    same = (
        (conflict.c.generation == batch.generation)
        & (conflict.c.error == found.error)
        & (conflict.c.row == found.row)
        & (conflict.c.sent == found.sent)
    )
    again = connection.execute(update(conflict).where(same).values(last_seen=now, times=conflict.c.times + 1))
    if again.rowcount:
        return
    evidence = next((row for row in batch.rows if row.row == found.row), batch.rows[0])
    connection.execute(
        insert(conflict).values(
            kiosk=kiosk,
            generation=batch.generation,
            error=found.error,
            row=found.row,
            held=found.held,
            sent=found.sent,
            evidence=canonical(as_object(evidence)).decode(),
            first_seen=now,
            last_seen=now,
            times=1,
        )
    )


def _begin(connection: Connection, kiosk: str, first: GenerationRow, now: str) -> None:
    numbers = select(tables.generation.c.number).where(tables.generation.c.kiosk == kiosk)
    number = max(connection.execute(numbers).scalars(), default=0) + 1
    connection.execute(
        insert(tables.generation).values(
            generation=first.hash, kiosk=kiosk, number=number, demonstration=first.body.demonstration, row=0, head=first.prev
        )
    )
    if number == 1:
        connection.execute(insert(tables.kiosk).values(kiosk=kiosk, generation=first.hash, first_seen=now, last_seen=now, health="{}"))
    else:
        connection.execute(update(tables.kiosk).where(tables.kiosk.c.kiosk == kiosk).values(generation=first.hash))


def _store(connection: Connection, kiosk: str, generation: str, rows: Sequence[RowBase]) -> None:
    if not rows:
        return
    entries, postings = [], []
    for row in rows:
        fields = as_object(row)
        for position, posting in enumerate(fields.pop("postings")):
            postings.append({"generation": generation, "row": row.row, "position": position, **posting})
        entries.append({"generation": generation, **fields, "body": canonical(fields["body"]).decode()})
    connection.execute(insert(tables.entry), entries)
    if postings:
        connection.execute(insert(tables.posting), postings)
    _store_totals(connection, generation, rows)
    for row in rows:
        match row:
            case VoucherRow():
                connection.execute(
                    insert(tables.voucher).values(**_voucher(kiosk, generation, row, paid=paid_here(connection, row.body.code)))
                )
            case GiftRow():
                gift = {"generation": generation, "row": row.row, "day": row.body.day, "amount": row.body.amount}
                connection.execute(insert(tables.gift).values(**gift))
            case PaidRow():
                _pay(connection, generation, row)
            case _:
                pass


def _pay(connection: Connection, generation: str, row: PaidRow) -> None:
    body, voucher = row.body, tables.voucher
    payment = {"code": body.code, "amount": body.amount, "day": body.day, "agent": body.agent}
    connection.execute(insert(tables.payment).values(generation=generation, row=row.row, **payment))
    connection.execute(update(voucher).where(voucher.c.code == body.code).values(state="paid"))


def _voucher(kiosk: str, generation: str, row: VoucherRow, *, paid: bool) -> dict[str, object]:
    """``paid``: at a desk of the city's, which its link alone had convinced."""
    body = row.body
    return {
        "code": body.code,
        "kiosk": kiosk,
        "generation": generation,
        "row": row.row,
        "visit": row.visit,
        "amount": body.amount,
        "state": "paid" if paid else "issued",
        "cause": body.cause,
        "issued": body.issued,
        "valid_until": body.valid_until,
    }


def _store_totals(connection: Connection, generation: str, rows: Sequence[RowBase]) -> None:
    """What the rows add: to the ledger they continue, and to its days."""
    added = derive(rows)
    held = tables.generation
    grown = {COLUMNS[figure]: held.c[COLUMNS[figure]] + value for figure, value in figures_of(added).items()}
    connection.execute(update(held).where(held.c.generation == generation).values(row=rows[-1].row, head=rows[-1].hash, **grown))
    for gifts in given(rows):
        _add_gifts(connection, generation, gifts)
    total = tables.day_total
    for day in added.days:
        counted = {"glass": total.c.glass + day.glass, "plastic": total.c.plastic + day.plastic, "cents": total.c.cents + day.cents}
        there = update(total).where(total.c.generation == generation, total.c.day == day.day).values(**counted)
        if not connection.execute(there).rowcount:
            connection.execute(insert(total).values(generation=generation, **day.model_dump()))


def _add_gifts(connection: Connection, generation: str, gifts: Gifts) -> None:
    total = tables.gift_total
    grown = {"name": gifts.name, "gifts": total.c.gifts + gifts.count, "cents": total.c.cents + gifts.cents}
    there = update(total).where(total.c.generation == generation, total.c.association == gifts.association)
    if not connection.execute(there.values(**grown)).rowcount:
        connection.execute(
            insert(total).values(
                generation=generation, association=gifts.association, name=gifts.name, gifts=gifts.count, cents=gifts.cents
            )
        )


def _answer(connection: Connection, kiosk: str, batch: Batch, stored: int, now: str) -> Accepted:
    held, current = _held(connection, batch.generation), _current(connection, kiosk)
    if held is None:
        raise AssertionError("the generation was stored a moment ago")
    found: list[Difference] = []
    if batch.row == held.row:
        found = differences(totals_of(connection, batch.generation), batch.totals)
        _keep(connection, batch, found, now)
    return Accepted(
        generation=held.generation,
        row=held.row,
        head=held.head,
        stored=stored,
        current=held == current,
        comparison="not_made" if batch.row != held.row else "different" if found else "equal",
        differences=found,
    )


def _keep(connection: Connection, batch: Batch, found: Sequence[Difference], now: str) -> None:
    """One record for one figure, however long it stays wrong."""
    difference = tables.difference
    for one in found:
        same = (difference.c.generation == batch.generation) & (difference.c.item == one.item)
        latest = {"city": one.city, "kiosk": one.kiosk, "last_row": batch.row, "last_seen": now}
        if not connection.execute(update(difference).where(same).values(**latest)).rowcount:
            key = {"generation": batch.generation, "item": one.item}
            connection.execute(insert(difference).values(**key, **latest, first_row=batch.row, first_seen=now))
