"""What of the ledger's days is closed, and what is not yet. Reads the file and writes none."""

from datetime import date
from pathlib import Path
from typing import Any

from config.vocabulary import Cents
from kiosk.console.told import ClosedDay, ClosuresLook, OpenDay
from ledger import closures
from ledger.chain import time_of
from ledger.database import reading
from ledger.kinds import Account

SHOWN = 5
"""Closures, the last ones."""


def look_at_closures(path: Path, day: date, trusted: bool) -> ClosuresLook:
    """``day``: the business day that it is. Raises LedgerError."""
    with reading(path) as connection:
        newest, found = closures.newest(connection, SHOWN), closures.still_open(connection)
    due = {run.first for run in closures.due(found, day)}
    runs = (OpenDay(run.day, run.first, run.last, sum(run.bottles.values()), run.first in due) for run in found.runs)
    return ClosuresLook(tuple(_closed(booked, body) for booked, body in newest), tuple(runs), trusted)


def _closed(booked: str, body: dict[str, Any]) -> ClosedDay:
    totals = body["totals"]
    cents = Cents(totals["accounts"].get(Account.REWARDS, {}).get("debit", 0))
    return ClosedDay(body["n"], date.fromisoformat(body["day"]), sum(totals["bottles"].values()), cents, time_of(booked), body.get("agent"))
