"""Appends entries: row, chain, time and durability. What may be appended, and why, is decided in ``journal.py`` and ``generation.py``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from config.clock import Clock, Instant
from ledger.books import Books, after, read_books
from ledger.chain import Entry, canonical, digest, time_text
from ledger.database import faults
from ledger.drafts import Draft

INSERT_ENTRY = (
    "INSERT INTO entry (row, kind, subject, visit, occurred, booked, trusted, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_POSTINGS = "INSERT INTO posting (row, account, cents) VALUES (?, ?, ?), (?, ?, ?)"


def seal(draft: Draft, row: int, prev: str, occurred: Instant, booked: Instant) -> Entry:
    """The entry in its place in the chain."""
    entry = Entry(
        row=row,
        kind=draft.kind.value,
        subject=draft.subject,
        visit=draft.visit,
        occurred=time_text(occurred.utc),
        booked=time_text(booked.utc),
        trusted=booked.trusted,
        body=draft.body,
        postings=draft.postings,
        prev=prev,
        hash="",
    )
    return replace(entry, hash=digest(entry))


def insert(connection: Connection, entry: Entry) -> None:
    """Writes one entry and its postings (none, or two) into the transaction under way."""
    connection.exec_driver_sql(
        INSERT_ENTRY,
        (
            entry.row,
            entry.kind,
            entry.subject,
            entry.visit,
            entry.occurred,
            entry.booked,
            int(entry.trusted),
            canonical(entry.body),
            entry.prev,
            entry.hash,
        ),
    )
    if entry.postings:
        debit, credit = entry.postings
        connection.exec_driver_sql(INSERT_POSTINGS, (entry.row, debit.account, debit.cents, entry.row, credit.account, credit.cents))


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
            with faults(self._path), self._connection.begin():
                self._books = read_books(self._connection)
        return self._books

    def now(self) -> Instant:
        return self._clock.now()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One durable transaction: committed and on the disk at the end of the block, or a LedgerError and nothing kept."""
        try:
            with faults(self._path), self._connection.begin():
                yield self._connection
        except BaseException:
            self._books = None
            raise

    def append(self, occurred: Instant, booked: Instant, *drafts: Draft) -> Books:
        """The drafts as the next entries, all or none. Returns the books after them."""
        books = self.books
        with self.transaction() as connection:
            for draft in drafts:
                entry = seal(draft, books.row + 1, books.hash, occurred, booked)
                insert(connection, entry)
                books = after(books, entry)
        self._books = books
        return books

    def close(self) -> None:
        with faults(self._path):
            self._connection.close()
