"""What the self-test needs to know of the ledger, read once and never written: whose it is, what it booked, what is open in it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger.books import read_books
from ledger.chain import time_of
from ledger.database import reading
from ledger.views import entries, generation
from ledger.vocabulary import LedgerError, NoLedger


@dataclass(frozen=True, slots=True)
class LedgerState:
    """``intent_open``: a bottle whose fate the kiosk has not reconciled yet. ``newest``: when the last entry was booked, UTC."""

    controller_id: int
    demonstration: bool
    totaliser: int
    intent_open: bool
    newest: datetime


@dataclass(frozen=True, slots=True)
class BooksUnreadable:
    """There is a ledger, and it cannot be read: what is open in it is unknown."""

    detail: str


def read_ledger(path: Path) -> LedgerState | BooksUnreadable | None:
    """None: there is no ledger yet."""
    try:
        with reading(path) as connection:
            begun, books = generation(connection), read_books(connection)
            (newest,) = entries(connection, after=books.row - 1)
    except NoLedger:
        return None
    except LedgerError as error:
        return BooksUnreadable(str(error))
    return LedgerState(begun.controller_id, begun.demonstration, books.totaliser, books.open_intent is not None, time_of(newest.booked))
