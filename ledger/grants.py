"""Bottles that the desk may credit by hand: which there are, what each is worth, which were credited. Reads only.

``sort:SEQUENCE@GENERATION`` is an uncounted one (the first 8 of the hash of the ledger's first entry: an earlier ledger's is listed in this one's first
entry), ``totaliser:N`` one that fell by itself in a visit, ``visit:ID:N`` the desk's word alone, for a visit that there was. The first is worth what its
intent says, the others the reward.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from config.vocabulary import NO_CENTS, Cents
from ledger.chain import Json


@dataclass(frozen=True, slots=True)
class Bottle:
    """One that waits to be credited by hand, or was."""

    name: str
    amount: Cents
    granted: bool


_OWN = """
SELECT ended.subject || '@' || (SELECT substr(hash, 1, 8) FROM entry WHERE row = 1) AS bottle,
  json_extract(intent.body, '$.amount') AS amount, ended.visit AS visit
FROM entry AS ended JOIN entry AS intent ON intent.kind = 'intent' AND intent.subject = ended.subject
WHERE ended.kind IN ('credit', 'cancelled', 'uncounted') AND ended.kind = 'uncounted'"""

_LISTED = """
SELECT json_extract(open.value, '$.bottle') AS bottle, json_extract(open.value, '$.amount') AS amount, json_extract(open.value, '$.visit') AS visit
FROM entry, json_each(entry.body, '$.previous.uncounted') AS open WHERE entry.kind = 'generation'"""

MOST = 30
"""Bottles of one step of the totaliser that are offered: what moves it further is no visitor."""

_VISIT = re.compile(r"visit:(\d{4}-\d\d-\d\d/\d{4}):[1-9]\d{0,3}")


def worth(connection: Connection, bottle: str, reward: Cents) -> Cents | None:
    """What a bottle may be credited with; None where there is no such bottle."""
    if bottle.startswith("sort:"):
        query = f"SELECT amount FROM ({_OWN} AND ended.subject = ?1 UNION ALL {_LISTED}) WHERE bottle = ?2"  # noqa: S608 - queries written above
        found = connection.exec_driver_sql(query, (bottle.partition("@")[0], bottle)).scalar_one_or_none()
        return None if found is None else Cents(found)
    return reward if _fell(connection, bottle) or _was_there(connection, bottle) else None


def is_granted(connection: Connection, bottle: str) -> bool:
    return bool(
        connection.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM entry WHERE kind = 'grant' AND subject = ?)", (bottle,)).scalar_one()
    )


def bottles_of(connection: Connection, visit: str, reward: Cents) -> tuple[Bottle, ...]:
    """What was lost in a visit, in the order of the rows: uncounted bottles, and those that fell by themselves."""
    # between its first row and its last, by row number: the file may be long
    within = """row >= (SELECT row FROM entry WHERE kind = 'visit' AND visit = :visit) AND row <= coalesce(
        (SELECT row FROM entry WHERE visit = :visit AND kind IN ('voucher', 'gift', 'closed')), (SELECT max(row) FROM entry))"""
    ended = f"SELECT subject FROM entry NOT INDEXED WHERE {within} AND kind = 'uncounted' ORDER BY row"  # noqa: S608 - queries written above
    generation = connection.exec_driver_sql("SELECT substr(hash, 1, 8) FROM entry WHERE row = 1").scalar_one()
    names = [f"{subject}@{generation}" for subject in connection.exec_driver_sql(ended, {"visit": visit}).scalars()]
    listed = connection.exec_driver_sql(f"SELECT bottle FROM ({_LISTED}) WHERE visit = ?", (visit,)).scalars()  # noqa: S608 - queries written above
    found = [(name, worth(connection, name, reward) or NO_CENTS) for name in (*names, *listed)]
    steps = f"""SELECT json_extract(body, '$.from') + 1, json_extract(body, '$.totaliser')
        FROM entry NOT INDEXED WHERE {within} AND kind = 'step' AND visit = :visit"""  # noqa: S608 - queries written above
    for first, last in connection.exec_driver_sql(steps, {"visit": visit}):
        found += [(f"totaliser:{n}", reward) for n in range(first, min(last, first + MOST - 1) + 1)]
    return tuple(Bottle(name, amount, is_granted(connection, name)) for name, amount in found)


def by_hand(connection: Connection, bottles: Iterable[str]) -> tuple[str, ...]:
    """The visits of the desk's in which any of these bottles were credited, in their order: each has its own voucher."""
    query = "SELECT visit FROM entry WHERE kind = 'grant' AND subject IN (SELECT value FROM json_each(?)) GROUP BY visit ORDER BY min(row)"
    return tuple(connection.exec_driver_sql(query, (json.dumps(list(bottles)),)).scalars())


def open_uncounted(connection: Connection) -> list[Json]:
    """The uncounted bottles that are worth something and not credited, as the next generation's first entry lists them."""
    query = (
        f"SELECT * FROM ({_OWN} UNION ALL {_LISTED}) WHERE amount > 0 AND bottle NOT IN (SELECT subject FROM entry WHERE kind = 'grant')"  # noqa: S608 - queries written above
    )
    return [{"bottle": bottle, "amount": amount, "visit": visit} for bottle, amount, visit in connection.exec_driver_sql(query)]


def by_agent(connection: Connection, day: str) -> dict[str, Json]:
    """What each agent credited by hand on a business day, in the ledger before this one too."""
    query = """SELECT agent, sum(cents) FROM (
        SELECT json_extract(body, '$.agent') AS agent, json_extract(body, '$.amount') AS cents FROM entry
        WHERE kind = 'grant' AND json_extract(body, '$.day') = :day
        UNION ALL
        SELECT granted.key, granted.value FROM entry, json_each(entry.body, '$.previous.granted') AS granted
        WHERE entry.kind = 'generation' AND json_extract(entry.body, '$.previous.day') = :day) GROUP BY agent"""
    return {agent: cents for agent, cents in connection.exec_driver_sql(query, {"day": day}).all()}  # noqa: C416 - a row is no pair to mypy


def _fell(connection: Connection, bottle: str) -> bool:
    """Whether it is a step of the totaliser in a visit."""
    found = re.fullmatch(r"totaliser:(0|[1-9]\d{0,9})", bottle)
    if found is None:
        return False
    query = """SELECT kind = 'step' AND visit IS NOT NULL AND json_extract(body, '$.from') < :n FROM entry
        WHERE kind IN ('credit', 'step') AND json_extract(body, '$.totaliser') >= :n ORDER BY json_extract(body, '$.totaliser') LIMIT 1"""
    return bool(connection.exec_driver_sql(query, {"n": int(found[1])}).scalar_one_or_none())


def _was_there(connection: Connection, bottle: str) -> bool:
    """Whether it is of a visit of this ledger that the desk did not begin itself."""
    found = _VISIT.fullmatch(bottle)
    query = "SELECT EXISTS (SELECT 1 FROM entry WHERE kind = 'visit' AND visit = ? AND json_extract(body, '$.desk') IS NULL)"
    return found is not None and bool(connection.exec_driver_sql(query, (found[1],)).scalar_one())
