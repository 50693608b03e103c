"""How much money may leave: bottles a visit, cents a day, and what the desk credits by hand. Fixed for a visit by one query at its first bottle.

A day's budget is never exceeded: only one visit is open at a time, it may be paid what the credits of that day left over, an intent
beyond that is worth nothing, and a credit counts on a day not before its visit's. A visit across midnight counts its later
credits on the new day, before any other visit of that day is given its share.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.vocabulary import Cents
from ledger.vocabulary import NumbersUsedUp
from ledger.vouchers import Randomness

GRANT_DAY_CENTS, GRANT_AGENT_CENTS, GRANT_ALONE_CENTS = Cents(2_000), Cents(600), Cents(100)


VISIT_NUMBERS = 10_000
"""In a day: four digits."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the configuration sets about money: the reward a bottle, the limits, and where and how long a voucher is good."""

    reward: Cents
    visit_bottles: int
    day_cents: Cents
    voucher_page: str
    voucher_days: int
    payer: str = "kiosk"
    """Who pays the vouchers that are issued: ``kiosk`` or ``city``."""
    grant_day_cents: Cents = GRANT_DAY_CENTS
    grant_agent_cents: Cents = GRANT_AGENT_CENTS
    grant_alone_cents: Cents = GRANT_ALONE_CENTS
    """What may be credited by hand: in a day, by one agent in a day, and at once without a second agent."""


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


_GRANTED = """
(SELECT coalesce(sum(json_extract(body, '$.amount')), 0) FROM entry
  WHERE kind = 'grant' AND json_extract(body, '$.day') = :day AND (:agent IS NULL OR json_extract(body, '$.agent') = :agent))
+ (SELECT coalesce(sum(granted.value), 0) FROM entry, json_each(entry.body, '$.previous.granted') AS granted
    WHERE entry.kind = 'generation' AND json_extract(entry.body, '$.previous.day') = :day AND (:agent IS NULL OR granted.key = :agent))"""


def granted_on(connection: Connection, day: date, agent: str | None = None) -> Cents:
    """What was credited by hand on a business day, by one agent or by all, in the ledger before this one too."""
    return Cents(connection.exec_driver_sql(f"SELECT {_GRANTED}", {"day": day.isoformat(), "agent": agent}).scalar_one())


def numbers_left(used: frozenset[str]) -> int:
    """Visits that can still begin on a day with these numbers used."""
    return VISIT_NUMBERS - len(used)


def draw_number(random: Randomness, used: frozenset[str], day: date) -> str:
    """A visit number of that day that is not used yet. Raises NumbersUsedUp."""
    free = [number for number in (f"{n:04}" for n in range(VISIT_NUMBERS)) if number not in used]
    if not free:
        raise NumbersUsedUp(day)
    return free[random.randbelow(len(free))]
