"""Appends entries: row, chain, time and durability. What may be appended, and why, is decided in ``journal.py`` and ``generation.py``."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from config.clock import Clock, Instant
from ledger.books import after, read_books
from ledger.chain import Entry, canonical, digest, time_text
from ledger.database import faults, straight
from ledger.days import Reckoning, reckon
from ledger.drafts import Draft
from ledger.views import believing
from ledger.vocabulary import Books

INSERT_ENTRY = (
    "INSERT INTO entry (row, kind, subject, visit, occurred, booked, trusted, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_POSTINGS = "INSERT INTO posting (row, account, cents) VALUES (?, ?, ?), (?, ?, ?)"


def dated(draft: Draft, reckoned: Reckoning) -> Draft:
    """With the count of its day, where the date is not known."""
    return draft if reckoned.read is None else replace(draft, body={**draft.body, "reckoned": reckoned.body()})


def seal(draft: Draft, row: int, prev: str, occurred: Instant, booked: Instant) -> tuple[Entry, str]:
    """The entry in its place in the chain, and its body's canonical text."""
    body = canonical(draft.body)
    times = time_text(occurred.utc), time_text(booked.utc), booked.trusted
    head = row, draft.kind.value, draft.subject, draft.visit
    hash_ = digest(Entry(*head, *times, draft.body, draft.postings, prev, ""), body)
    return Entry(*head, *times, draft.body, draft.postings, prev, hash_), body


def insert(raw: sqlite3.Connection, entry: Entry, body: str) -> None:
    """Writes one entry and its postings (none, or two) into the transaction under way.

    Straight to sqlite3: it costs a tenth of SQLAlchemy's ``exec_driver_sql`` (1 instead of 11 microseconds, measured), three times a bottle.
    """
    times = (entry.occurred, entry.booked, int(entry.trusted))
    raw.execute(INSERT_ENTRY, (entry.row, entry.kind, entry.subject, entry.visit, *times, body, entry.prev, entry.hash))
    if entry.postings:
        debit, credit = entry.postings
        raw.execute(INSERT_POSTINGS, (entry.row, debit.account, debit.cents, entry.row, credit.account, credit.cents))


class Writer:
    """The one connection that writes. One thread at a time; ``books`` is read from the file whenever there is any doubt."""

    def __init__(self, path: Path, connection: Connection, clock: Clock) -> None:
        self._path = path
        self._connection = connection
        self._clock = clock
        self._books: Books | None = None

    @property
    def books(self) -> Books:
        if self._books is None:
            with faults(self._path), self._connection.begin(), believing():
                self._books = read_books(self._connection)
        return self._books

    def now(self) -> Instant:
        """As it will stand in the file: to the millisecond."""
        now = self._clock.now()
        return replace(now, utc=now.utc.replace(microsecond=now.utc.microsecond // 1000 * 1000))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """For what must be read of the file before an entry: nobody else writes meanwhile."""
        with faults(self._path), self._connection.begin():
            yield self._connection

    def append(self, occurred: Instant, booked: Instant, *drafts: Draft) -> Books:
        """The drafts as the next entries: on the disk when it returns the books after them, or a LedgerError and none is kept."""
        books = self.books
        self._books = None  # whatever goes wrong from here on, the file is asked again
        with faults(self._path), straight(self._connection) as raw:
            for draft in drafts:
                entry, body = seal(dated(draft, reckon(books.reckoned, booked)), books.row + 1, books.hash, occurred, booked)
                insert(raw, entry, body)
                books = after(books, entry)
        self._books = books
        return books

    def close(self) -> None:
        with faults(self._path):
            self._connection.close()
