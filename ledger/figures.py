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
    ``uncounted``: bottles that fell in the day's visits and were credited to nobody. ``days``: credits by day and material, the oldest first.
    """

    day: date
    bottles: tuple[DayTotal, ...]
    credited: Cents
    issued: Tally
    vouchers: dict[VoucherState, Tally]
    gifts: dict[str, Tally]
    uncounted: int
    days: tuple[DayTotal, ...]
    granted: Tally = NOTHING
    handed_out: Tally = NOTHING


_STATES = """
SELECT CASE
    WHEN EXISTS (SELECT 1 FROM entry AS paid WHERE paid.kind = 'paid' AND paid.subject = issued.subject) THEN 'paid'
    WHEN json_extract(body, '$.valid_until') < :day THEN 'expired' ELSE 'valid' END AS state,
  json_extract(body, '$.cause') <> 'kept'
    AND NOT EXISTS (SELECT 1 FROM entry AS told WHERE told.kind = 'claimed' AND told.subject = issued.subject || ':1') AS unclaimed,
  count(*), sum(json_extract(body, '$.amount'))
FROM entry AS issued WHERE kind = 'voucher' GROUP BY state, unclaimed"""

_ISSUED = """
SELECT count(*), coalesce(sum(json_extract(body, '$.amount')), 0) FROM entry WHERE kind = 'voucher' AND json_extract(body, '$.issued') = :day"""

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


def figures(connection: Connection, day: date, since: date) -> Figures:
    """Those of a business day; ``days`` from ``since`` to it. Raises Garbled."""
    lately = f"{(day - timedelta(days=1)).isoformat()}/"
    bounds = {"day": day.isoformat(), "first": f"{day.isoformat()}/", "beyond": f"{day.isoformat()}0", "lately": lately}
    days = tuple(total for total in totals(connection, since) if total.day <= day)
    with believing():
        gifts = {str(name): Tally(count, Cents(cents)) for name, count, cents in connection.exec_driver_sql(_GIFTS, bounds)}
        count, cents = connection.exec_driver_sql(_ISSUED, bounds).one()
        return Figures(
            day=day,
            bottles=tuple(total for total in days if total.day == day),
            credited=credited_on(connection, day),
            issued=Tally(count, Cents(cents)),
            vouchers=_vouchers(connection, day),
            gifts=gifts,
            uncounted=connection.exec_driver_sql(_UNCOUNTED, bounds).scalar_one(),
            days=days,
            granted=_of_day(connection, Kind.GRANT, bounds),
            handed_out=_of_day(connection, Kind.PAID, bounds),
        )


def _of_day(connection: Connection, kind: Kind, bounds: dict[str, str]) -> Tally:
    count, cents = connection.exec_driver_sql(_OF_DAY.format(kind=kind.value), bounds).one()
    return Tally(count, Cents(cents))


def _vouchers(connection: Connection, day: date) -> dict[VoucherState, Tally]:
    """Those issued here, and those that the first entry lists as still open from before."""
    sums = dict.fromkeys(VoucherState, NOTHING)
    with believing():
        for state, is_unclaimed, count, cents in connection.exec_driver_sql(_STATES, {"day": day.isoformat()}):
            told = VoucherState(state)
            sums[told] = _more(sums[told], count, cents)
            if is_unclaimed and told is VoucherState.VALID:
                sums[VoucherState.UNCLAIMED] = _more(sums[VoucherState.UNCLAIMED], count, cents)
        previous = generation(connection).previous
        listed = previous.vouchers if previous is not None else ()
        paid = frozenset(connection.exec_driver_sql("SELECT subject FROM entry WHERE kind = 'paid'").scalars()) if listed else frozenset()
        for voucher in listed:
            state = VoucherState.PAID if voucher.code in paid else VoucherState.EXPIRED if voucher.valid_until < day else VoucherState.VALID
            sums[state] = _more(sums[state], 1, voucher.amount)
    return sums


def _more(tally: Tally, count: int, cents: int) -> Tally:
    return Tally(tally.count + count, Cents(tally.cents + cents))
