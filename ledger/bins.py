"""What lies in a bin by the ledger, and what became of it: emptied, weighed. Reads only.

A bottle is in a bin once its intent ended as a credit or uncounted; what fell by itself has no bin that the ledger knows. Numbers and contents go on over
generations: the first entry names how each bin stood.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from config.vocabulary import Bin
from ledger.chain import Json, time_of
from ledger.views import believing


class Destination(StrEnum):
    RECYCLER = "recycler"
    INCINERATOR = "incinerator"


@dataclass(frozen=True, slots=True)
class Content:
    """What lies in a bin: bottles by material, and what they weighed in the chamber together. ``n`` is the number that its next emptying has."""

    bin: Bin
    n: int
    counts: Mapping[str, int]
    grams: int


@dataclass(frozen=True, slots=True)
class Handing:
    """To whom a bin's content is handed: the seal on it, where it goes, who carries it; and whether the door was seen open since the last emptying."""

    seal: str
    destination: Destination
    carrier: str
    door_seen: bool


@dataclass(frozen=True, slots=True)
class Emptying:
    """One emptying, expected against weighed; ``weighed`` is None until the carrier's slip is there."""

    content: Content
    handing: Handing
    agent: str
    at: datetime
    weighed: int | None


_FELL = """
SELECT json_extract(intent.body, '$.material') AS material, count(*) AS bottles, sum(json_extract(intent.body, '$.weight_g')) AS grams
FROM entry AS ended NOT INDEXED JOIN entry AS intent ON intent.kind = 'intent' AND intent.subject = ended.subject
WHERE ended.row > ? AND ended.kind IN ('credit', 'uncounted') AND json_extract(intent.body, '$.bin') = ?
GROUP BY material"""


def content(connection: Connection, bin: Bin) -> Content:
    """What lies in a bin now."""
    query = "SELECT row, body FROM entry WHERE kind = 'emptied' AND subject >= ? AND subject < ? ORDER BY row DESC LIMIT 1"
    last = connection.exec_driver_sql(query, (f"bin:{bin}:", f"bin:{bin};")).one_or_none()
    counts, grams, since, n = Counter[str](), 0, 0, 1
    with believing():
        if last is not None:
            since, n = last.row, json.loads(last.body)["n"] + 1
        elif (carried := _carried(connection, bin)) is not None:
            counts, grams, n = Counter(carried["counts"]), carried["grams"], carried["n"]
    for material, bottles, weight in connection.exec_driver_sql(_FELL, (since, bin)):
        counts[material] += bottles
        grams += weight
    return Content(bin, n, dict(sorted(counts.items())), grams)


def emptyings(connection: Connection) -> tuple[Emptying, ...]:
    """Those of this ledger, in their order."""
    query = """SELECT emptied.booked, emptied.body, weighed.body AS slip FROM entry AS emptied
        LEFT JOIN entry AS weighed ON weighed.kind = 'weighed' AND weighed.subject = emptied.subject
        WHERE emptied.kind = 'emptied' ORDER BY emptied.row"""
    with believing():
        return tuple(_emptying(row) for row in connection.exec_driver_sql(query))


def unweighed(connection: Connection) -> tuple[str, ...]:
    """The emptyings that no slip has come for, earlier generations' too, as ``bin:BIN:N``."""
    query = """
SELECT open.value FROM entry, json_each(entry.body, '$.previous.unweighed') AS open WHERE entry.kind = 'generation'
  AND open.value NOT IN (SELECT subject FROM entry WHERE kind = 'weighed')
UNION ALL
SELECT subject FROM entry WHERE kind = 'emptied' AND subject NOT IN (SELECT subject FROM entry WHERE kind = 'weighed')"""
    return tuple(connection.exec_driver_sql(query).scalars())


def slips(connection: Connection) -> dict[tuple[Bin, int], int]:
    """Grams of each slip that stands in this ledger, by bin and number: its emptying may stand in an earlier one."""
    with believing():
        found = [json.loads(body) for body in connection.exec_driver_sql("SELECT body FROM entry WHERE kind = 'weighed'").scalars()]
    return {(Bin(body["bin"]), body["n"]): body["grams"] for body in found}


def standing(connection: Connection) -> dict[str, Json]:
    """How each bin stands, as the next generation's first entry names it."""
    query = """SELECT DISTINCT json_extract(body, '$.bin') FROM entry NOT INDEXED WHERE kind IN ('intent', 'emptied')
        UNION SELECT CAST(bins.key AS INTEGER) FROM entry, json_each(entry.body, '$.previous.bins') AS bins WHERE entry.kind = 'generation'"""
    contents = [content(connection, Bin(bin)) for bin in sorted(connection.exec_driver_sql(query).scalars())]
    return {str(it.bin): {"n": it.n, "counts": dict(it.counts), "grams": it.grams} for it in contents}


def _carried(connection: Connection, bin: Bin) -> dict[str, Any] | None:
    query = "SELECT json_extract(body, ?) FROM entry WHERE kind = 'generation'"
    found = connection.exec_driver_sql(query, (f"$.previous.bins.{bin}",)).scalar_one_or_none()
    return None if found is None else json.loads(found)


def _emptying(row: Any) -> Emptying:
    body = json.loads(row.body)
    return Emptying(
        Content(Bin(body["bin"]), body["n"], body["counts"], body["grams"]),
        Handing(body["seal"], Destination(body["destination"]), body["carrier"], body["door_seen"]),
        body["agent"],
        time_of(row.booked),
        None if row.slip is None else json.loads(row.slip)["grams"],
    )
