"""How much money may leave: bottles a visit, cents a day. Fixed for a visit by one query at its first bottle.

A day's budget is never exceeded: only one visit is open at a time, it may be paid what the credits of that day left over, an intent
beyond that is worth nothing, and a credit counts on a day not before its visit's. A visit across midnight counts its later
credits on the new day, before any other visit of that day is given its share.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.vocabulary import Cents


@dataclass(frozen=True, slots=True)
class Terms:
    """What the configuration sets about money: the reward a bottle, the limits, and where and how long a voucher is good."""

    reward: Cents
    visit_bottles: int
    day_cents: Cents
    voucher_page: str
    voucher_days: int


_CREDITED = """
(SELECT coalesce(sum(json_extract(body, '$.amount')), 0) FROM entry WHERE kind = 'credit' AND json_extract(body, '$.day') = :day)
+ (SELECT coalesce(sum(json_extract(body, '$.previous.day_cents')), 0) FROM entry
    WHERE kind = 'generation' AND json_extract(body, '$.previous.day') = :day)"""
"""Credits of an earlier generation on the same day count too: a new ledger does not renew the day."""


def allowed_bottles(connection: Connection, terms: Terms, day: date) -> int:
    """How many bottles a visit that begins now may be paid for, 0 if the day's money is used up."""
    values = {"visit_bottles": terms.visit_bottles, "day_cents": terms.day_cents, "reward": terms.reward, "day": day.isoformat()}
    query = f"SELECT max(0, min(:visit_bottles, (:day_cents - credited) / :reward)) FROM (SELECT {_CREDITED} AS credited)"  # noqa: S608 - no value is in the text
    return int(connection.exec_driver_sql(query, values).scalar_one())


def credited_on(connection: Connection, day: date) -> Cents:
    """What was credited on a business day, by the ledger before this one too."""
    return Cents(connection.exec_driver_sql(f"SELECT {_CREDITED}", {"day": day.isoformat()}).scalar_one())
