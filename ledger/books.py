"""Where the books stand: what the writer must know before its next entry. Read from the file, then carried along entry by entry.

It is a cache of the file and nothing else: it may be dropped at any time, and is after every failure.
"""

import json
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection

from config.clock import BUILD, Instant
from config.vocabulary import NO_CENTS, Bin, Cents, Flag, Gtin, Material, SequenceNumber
from ledger.chain import Entry, time_of
from ledger.days import Reckoning, reckon, reckoning_of
from ledger.kinds import KINDS, Kind, Lasting, counting, ending
from ledger.vocabulary import Books, Cause, DayTaken, Garbled, Intent, Visit

Found = TypeVar("Found")


def present(found: Found | None, what: str) -> Found:
    """What a sound ledger has. Garbled if this one has not."""
    if found is None:
        raise Garbled(f"the ledger has no {what}")
    return found


def day_of(visit: str) -> date:
    """The day on which a visit began, from its id."""
    return date.fromisoformat(visit[:10])


def business_day(books: Books, booked: Instant) -> date:
    """The Paris date where it is known, else counted from the last known day."""
    return reckon(books.reckoned, booked).day


def issue_day(books: Books, booked: Instant) -> date:
    """The business day as a voucher bears it: where the date is not known, never one before the program was built, lest it be past its time at once."""
    reckoned = reckon(books.reckoned, booked)
    return reckoned.day if reckoned.read is None else max(BUILD, reckoned.day)


def intent_of(visit: str, body: dict[str, Any]) -> Intent:
    return Intent(
        sequence=SequenceNumber(body["sequence"]),
        visit=visit,
        gtin=None if body["gtin"] is None else Gtin(body["gtin"]),
        material=Material(body["material"]),
        amount=Cents(body["amount"]),
        bin=Bin(body["bin"]),
        weight_g=body["weight_g"],
        policy=body["policy"],
        flags=tuple(Flag(flag) for flag in body.get("flags", "").split() if flag in list(Flag)),
    )


def instant_of(booked: str, trusted: bool, body: dict[str, Any]) -> Instant:
    """When an entry was booked, as far as the file tells it."""
    reckoned = reckoning_of(body)
    return Instant(time_of(booked), trusted, None if reckoned is None else reckoned.read)


def after(books: Books, entry: Entry) -> Books:
    """The books with one more entry."""
    body: dict[str, Any] = entry.body
    booked = instant_of(entry.booked, entry.trusted, body)
    definition = KINDS[entry.kind]
    totaliser, last_sequence, open_intent, visit = books.totaliser, books.last_sequence, books.open_intent, books.visit
    if visit is not None and entry.visit == visit.id:
        visit = _later(visit, entry, booked)
    if definition.counts is not None:
        totaliser = body["totaliser"]
    if definition.opens is Lasting.INTENT:
        open_intent = intent_of(present(entry.visit, "visit"), body)
        last_sequence = open_intent.sequence
    elif definition.opens is Lasting.VISIT:
        visit = Visit(present(entry.visit, "visit"), body["number"], body["allowed"], 0, NO_CENTS, booked)
    elif definition.ends is Lasting.INTENT:
        open_intent = None
    elif definition.ends is Lasting.VISIT:
        visit = None
    reckoned = reckoning_of(body) or (Reckoning(booked.day()) if entry.trusted else books.reckoned)
    taken = one_more(books.taken, date.fromisoformat(body["day"])) if entry.kind == Kind.CREDIT else books.taken
    return Books(entry.row, entry.hash, totaliser, last_sequence, open_intent, visit, reckoned, taken)


def one_more(taken: DayTaken | None, day: date) -> DayTaken:
    """With one more bottle on that day; another day begins anew."""
    return DayTaken(day, 1 + (taken.bottles if taken is not None and taken.day == day else 0))


def _later(visit: Visit, entry: Entry, last: Instant) -> Visit:
    body: dict[str, Any] = entry.body
    visit = replace(visit, last=last)
    match entry.kind:
        case Kind.CREDIT:
            return replace(visit, bottles=visit.bottles + 1, cents=Cents(visit.cents + body["amount"]))
        case Kind.UNCOUNTED:
            return replace(visit, uncounted=visit.uncounted + 1)
        case Kind.STEP:
            return replace(visit, uncounted=visit.uncounted + body["totaliser"] - body["from"])
        case _:
            return visit


def read_books(connection: Connection) -> Books:
    """The books as the file has them. The looks back are short: what is open is near the end."""
    newest = present(_newest(connection, "TRUE"), "first entry")
    last_intent = _newest(connection, "kind = 'intent'")
    last_counted = present(_newest(connection, f"kind IN {_among(counting())}"), "first entry")
    open_intent = None
    if last_intent is not None and not _is_ended(connection, Lasting.INTENT, "subject", last_intent["subject"]):
        open_intent = intent_of(last_intent["visit"], last_intent["body"])
    return Books(
        row=newest["row"],
        hash=newest["hash"],
        totaliser=last_counted["body"]["totaliser"],
        last_sequence=SequenceNumber(last_intent["body"]["sequence"] if last_intent is not None else 0),
        open_intent=open_intent,
        visit=_open_visit(connection),
        reckoned=_reckoned(connection),
        taken=_taken(connection),
    )


def _taken(connection: Connection) -> DayTaken | None:
    last = _newest(connection, "kind = 'credit'")
    if last is None:
        return None
    day = last["body"]["day"]
    query = "SELECT count(*) FROM entry WHERE kind = 'credit' AND json_extract(body, '$.day') = ?"
    return DayTaken(date.fromisoformat(day), connection.exec_driver_sql(query, (day,)).scalar_one())


def _open_visit(connection: Connection) -> Visit | None:
    opened = _newest(connection, "kind = 'visit'")
    if opened is None or _is_ended(connection, Lasting.VISIT, "visit", opened["visit"]):
        return None
    return _visit(connection, opened, BEYOND)


BEYOND = 2**63 - 1
"""No row comes after it: SQLite's highest."""


def visit_before(connection: Connection, row: int) -> Visit:
    """The visit that the entry of this row has ended, as it stood before."""
    opened = present(_newest(connection, f"kind = 'visit' AND row < {row:d}"), "visit of a voucher")
    return _visit(connection, opened, row)


def _visit(connection: Connection, opened: dict[str, Any], before: int) -> Visit:
    """A visit as it stood before the entry of this row."""
    within = (opened["row"], before, opened["visit"])
    bottles, cents = connection.exec_driver_sql(
        "SELECT count(*), coalesce(sum(json_extract(body, '$.amount')), 0) FROM entry WHERE row > ? AND row < ? AND visit = ? AND kind = 'credit'",
        within,
    ).one()
    uncounted = connection.exec_driver_sql(
        "SELECT coalesce(sum(CASE kind WHEN 'step' THEN json_extract(body, '$.totaliser') - json_extract(body, '$.from') ELSE 1 END), 0)"
        " FROM entry WHERE row > ? AND row < ? AND visit = ? AND kind IN ('uncounted', 'step')",
        within,
    ).scalar_one()
    last = connection.exec_driver_sql(
        "SELECT booked, trusted, body FROM entry NOT INDEXED WHERE row < ? AND visit = ? ORDER BY row DESC LIMIT 1",
        (before, opened["visit"]),
    ).one()
    booked = instant_of(last[0], bool(last[1]), json.loads(last[2]))
    body = opened["body"]
    return Visit(opened["visit"], body["number"], body["allowed"], bottles, Cents(cents), booked, uncounted)


def unshown(connection: Connection) -> dict[str, Any] | None:
    """The newest entry of a voucher, if its page was not closed before the next visit began. The desk hands over its own."""
    newest = _newest(connection, "kind = 'voucher'")
    if newest is None or newest["body"]["cause"] == Cause.GRANTED:
        return None
    query = "SELECT EXISTS (SELECT 1 FROM entry WHERE row > ? AND kind IN ('shown', 'visit'))"
    return None if connection.exec_driver_sql(query, (newest["row"],)).scalar_one() else newest


def _reckoned(connection: Connection) -> Reckoning:
    known = _newest(connection, "trusted = 1 OR json_extract(body, '$.reckoned') IS NOT NULL")
    if known is not None:
        return reckoning_of(known["body"]) or Reckoning(Instant(time_of(known["booked"]), True).day())
    generation = present(_newest(connection, "kind = 'generation'"), "first entry")
    return first_day(generation["body"], Instant(time_of(generation["booked"]), False))


def first_day(body: dict[str, Any], booked: Instant) -> Reckoning:
    """The day of a generation that no clock vouched for and that was begun before days were counted: the last that the one before knew, or its own."""
    if body["previous"] is not None:
        return Reckoning(date.fromisoformat(body["previous"]["day"]), True)
    return Reckoning(booked.day(), True)


def _newest(connection: Connection, condition: str) -> dict[str, Any] | None:
    query = f"SELECT * FROM entry NOT INDEXED WHERE {condition} ORDER BY row DESC LIMIT 1"  # noqa: S608 - conditions written above
    found = connection.exec_driver_sql(query).mappings().one_or_none()
    return None if found is None else {**found, "body": json.loads(found["body"])}


def _is_ended(connection: Connection, what: Lasting, column: str, value: str) -> bool:
    query = f"SELECT EXISTS (SELECT 1 FROM entry WHERE {column} = ? AND kind IN {_among(ending(what))})"  # noqa: S608 - columns and kinds of ours
    return bool(connection.exec_driver_sql(query, (value,)).scalar_one())


def _among(kinds: tuple[str, ...]) -> str:
    return "({})".format(", ".join(f"'{kind}'" for kind in kinds))
