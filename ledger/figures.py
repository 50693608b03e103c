"""A day's figures for whoever stands before the machine: bottles, vouchers, gifts, and what fell uncounted. Read only, and each from its own question.

A credit and a gift count on the business day that they name, a voucher on the day of its issue, what fell uncounted on the day of its visit. Nothing here makes an expired voucher
income: it stays owed until an entry says otherwise.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from config.vocabulary import Cents
from ledger.kinds import Kind
from ledger.limits import credited_on
from ledger.selection import VoucherState
from ledger.views import DayTotal, believing, generation, totals


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and their sum."""

    count: int
    cents: Cents


NOTHING = Tally(0, Cents(0))


@dataclass(frozen=True, slots=True)
class Figures:
    """``credited``: of the day, by the ledger before this one too, as the day's budget counts it. ``vouchers``: all that this ledger knows of, by
    state; the unclaimed are valid ones, too. ``gifts``: of the day, by the association that they name ("" for none).
    ``granted``: credited by hand on the day; ``handed_out``: paid by the desk on it, whenever issued.
    ``uncounted``: bottles that fell in the day's visits and were credited to nobody.
    """

    day: date
    bottles: tuple[DayTotal, ...]
    credited: Cents
    issued: Tally
    vouchers: dict[VoucherState, Tally]
    gifts: dict[str, Tally]
    uncounted: int
    granted: Tally = NOTHING
    handed_out: Tally = NOTHING


_VOUCHERS = """
SELECT CASE WHEN paid.row IS NOT NULL THEN 'paid' WHEN json_extract(issued.body, '$.valid_until') < :day THEN 'expired' ELSE 'valid' END AS state,
  json_extract(issued.body, '$.cause') <> 'kept' AND told.row IS NULL AS unclaimed,
  json_extract(issued.body, '$.issued') = :day AS of_day,
  count(*), sum(json_extract(issued.body, '$.amount'))
FROM entry AS issued
LEFT JOIN entry AS paid ON paid.kind = 'paid' AND paid.subject = issued.subject
LEFT JOIN entry AS told ON told.kind = 'claimed' AND told.subject = issued.subject || ':1'
WHERE issued.kind = 'voucher' GROUP BY state, unclaimed, of_day"""
"""All of them at one reading: there are thousands, and half of the time goes into finding them."""

_OF_DAY = """
SELECT count(*), coalesce(sum(json_extract(body, '$.amount')), 0) FROM entry WHERE kind = '{kind}' AND json_extract(body, '$.day') = :day"""
"""The kind stands in the text, or SQLite would not take the index that holds it."""

_GIFTS = """
SELECT coalesce(json_extract(body, '$.name'), '') AS association, count(*), sum(json_extract(body, '$.amount'))
FROM entry WHERE visit >= :lately AND kind IN ('voucher', 'gift', 'closed') AND kind = 'gift' AND json_extract(body, '$.day') = :day
GROUP BY association ORDER BY association"""
"""In the index's own words, or SQLite would not take it. Who gives was there: the visit is of that day, or of the one before."""

_UNCOUNTED = """
SELECT coalesce(sum(CASE kind WHEN 'step' THEN json_extract(body, '$.totaliser') - json_extract(body, '$.from') ELSE 1 END), 0)
FROM entry NOT INDEXED
WHERE row > (SELECT coalesce(min(row), 9223372036854775806) FROM entry WHERE kind = 'visit' AND visit >= :first AND visit < :beyond)
  AND kind IN ('uncounted', 'step') AND visit >= :first AND visit < :beyond"""
"""From the day's first visit on: a long file is not read for it."""


def days_until(connection: Connection, day: date, days: int) -> tuple[DayTotal, ...]:
    """Credits by day and material of so many days, the last one ``day``, the oldest first. Raises Garbled."""
    return tuple(total for total in totals(connection, day - timedelta(days=days - 1)) if total.day <= day)


def figures(connection: Connection, day: date) -> Figures:
    """Those of a business day. Raises Garbled."""
    lately = f"{(day - timedelta(days=1)).isoformat()}/"
    bounds = {"day": day.isoformat(), "first": f"{day.isoformat()}/", "beyond": f"{day.isoformat()}0", "lately": lately}
    issued, vouchers = _vouchers(connection, day)
    with believing():
        gifts = {str(name): Tally(count, Cents(cents)) for name, count, cents in connection.exec_driver_sql(_GIFTS, bounds)}
        return Figures(
            day=day,
            bottles=days_until(connection, day, 1),
            credited=credited_on(connection, day),
            issued=issued,
            vouchers=vouchers,
            gifts=gifts,
            uncounted=connection.exec_driver_sql(_UNCOUNTED, bounds).scalar_one(),
            granted=_of_day(connection, Kind.GRANT, bounds),
            handed_out=_of_day(connection, Kind.PAID, bounds),
        )


def _of_day(connection: Connection, kind: Kind, bounds: dict[str, str]) -> Tally:
    count, cents = connection.exec_driver_sql(_OF_DAY.format(kind=kind.value), bounds).one()
    return Tally(count, Cents(cents))


def _vouchers(connection: Connection, day: date) -> tuple[Tally, dict[VoucherState, Tally]]:
    """Those issued on the day; and, by state, all issued here and those that the first entry lists as still open from before."""
    issued = NOTHING
    sums = dict.fromkeys(VoucherState, NOTHING)
    with believing():
        for state, is_unclaimed, of_day, count, cents in connection.exec_driver_sql(_VOUCHERS, {"day": day.isoformat()}):
            told = VoucherState(state)
            sums[told] = _more(sums[told], count, cents)
            if is_unclaimed and told is VoucherState.VALID:
                sums[VoucherState.UNCLAIMED] = _more(sums[VoucherState.UNCLAIMED], count, cents)
            if of_day:
                issued = _more(issued, count, cents)
        previous = generation(connection).previous
        listed = previous.vouchers if previous is not None else ()
        paid = frozenset(connection.exec_driver_sql("SELECT subject FROM entry WHERE kind = 'paid'").scalars()) if listed else frozenset()
        for voucher in listed:
            state = VoucherState.PAID if voucher.code in paid else VoucherState.EXPIRED if voucher.valid_until < day else VoucherState.VALID
            sums[state] = _more(sums[state], 1, voucher.amount)
    return issued, sums


def _more(tally: Tally, count: int, cents: int) -> Tally:
    return Tally(tally.count + count, Cents(tally.cents + cents))
