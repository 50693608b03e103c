"""Real ledgers for tests: begun in a temporary folder, on a clock that stands still; and the hands of somebody who tampers."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from config.clock import Instant
from config.vocabulary import Bin, Cents, Gtin, Material, SequenceNumber
from ledger import keys
from ledger.audit import audit
from ledger.chain import NOTHING_BEFORE, Entry, Json, Posting, canonical, digest
from ledger.database import reading
from ledger.findings import Finding
from ledger.generation import Beginning, Begun, begin
from ledger.journal import SqliteJournal, open_journal
from ledger.limits import Terms
from ledger.verify import verify
from ledger.views import entries, head
from ledger.vocabulary import Booked, Intent
from ledger.writer import INSERT_ENTRY
from timing import FakeClock

TERMS = Terms(reward=Cents(20), visit_bottles=30, day_cents=Cents(20_000), voucher_page="https://consigne.example/bon", voucher_days=1095)

BEGINNING = Beginning(
    kiosk="essai-01", by="agent 7", why="first start", controller_id=0x5457494E_00000001, totaliser=100, demonstration=True
)


class SeededRandom:
    """Stands in for ``secrets`` where a test must be able to run again."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def token_bytes(self, nbytes: int | None = None) -> bytes:
        return self._random.randbytes(32 if nbytes is None else nbytes)

    def randbelow(self, exclusive_upper_bound: int) -> int:
        return self._random.randrange(exclusive_upper_bound)


class Kiosk:
    """A ledger in a folder, and the few moves that most tests are made of."""

    def __init__(
        self,
        folder: Path,
        terms: Terms = TERMS,
        clock: FakeClock | None = None,
        beginning: Beginning = BEGINNING,
        random: SeededRandom | None = None,
    ) -> None:
        self.path = folder / "ledger.db"
        self.terms = terms
        self.clock = FakeClock() if clock is None else clock
        self.random = SeededRandom() if random is None else random
        self.beginning = beginning
        self.audited = True
        self._opened: list[SqliteJournal] = []
        begin(self.path, beginning, clock=self.clock, random=self.random, terms=terms)
        self.journal = self.open()
        self._sequence = 0

    def open(self, who: str = "the kiosk") -> SqliteJournal:
        journal = open_journal(self.path, who=who, clock=self.clock, random=self.random, terms=self.terms)
        self._opened.append(journal)
        return journal

    def close(self) -> None:
        """Closes every journal that was ever opened here: Python 3.13 warns of a connection that nobody closed."""
        for journal in self._opened:
            journal.close()

    def reopen(self) -> SqliteJournal:
        """What a restart does."""
        self.journal.close()
        self.journal = self.open()
        return self.journal

    def succeed(self, **changes: object) -> Begun:
        """Closes the kiosk and begins a new generation."""
        self.journal.close()
        beginning = replace(self.beginning, **changes)  # type: ignore[arg-type]
        return begin(self.path, beginning, clock=self.clock, random=self.random, terms=self.terms, succeeding=True)

    def now(self) -> Instant:
        return self.clock.now()

    def intent(self, visit: str, sequence: int | None = None, material: Material = Material.GLASS) -> Intent:
        self._sequence = self._sequence + 1 if sequence is None else sequence
        return Intent(
            SequenceNumber(self._sequence), visit, Gtin("9520000000011"), material, self.terms.reward, Bin(1), 412, "weight-and-code"
        )

    def credit(self, visit: str, material: Material = Material.GLASS) -> Booked:
        """One bottle that goes well."""
        intent = self.intent(visit, material=material)
        self.journal.intend(intent, self.now())
        totaliser = self.journal.standing().booked_totaliser + 1
        return self.journal.book(totaliser, intent.sequence, self.now())

    def visit_of(self, bottles: int) -> str:
        """A visit that is open, with so many credits."""
        visit = self.journal.open_visit(self.now()).id
        for _ in range(bottles):
            self.credit(visit)
        return visit

    def findings(self) -> list[Finding]:
        """What ``verify`` finds. The auditor's check, which shares no code with it, must find something where it does and nothing where it does not."""
        with reading(self.path) as connection:
            found = list(verify(connection))
        if self.audited:
            audited = audit_of(self.path)
            assert bool(audited) == bool(found), (audited, found)
        return found

    def rows(self) -> int:
        with reading(self.path) as connection:
            return head(connection).row


def audit_of(path: Path) -> list[tuple[int, str]]:
    """What the auditor's check finds, given the key beside the ledger."""
    return audit(path, bytes.fromhex(keys.public_text(keys.read(keys.key_path(path)))), []).found


LedgerIn = Callable[..., Kiosk]
"""``Kiosk``, closed at the end of the test."""

Statement = str | tuple[str, tuple[object, ...]]

INSERT_POSTING = "INSERT INTO posting (row, account, cents) VALUES (?, ?, ?)"


def tamper(path: Path, *statements: Statement, dropping: bool = True) -> None:
    """What somebody with the file and sqlite3 can do: take the triggers off, change rows, put the triggers back word for word."""
    with closing(sqlite3.connect(path)) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall() if dropping else []
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(*((statement,) if isinstance(statement, str) else statement))
        for _, sql in triggers:
            database.execute(sql)
        database.commit()


def rewrite(path: Path, change: Callable[[Entry], Entry], row: int) -> None:
    """Changes a row and hashes it and everything after it anew, as somebody would who knows the form."""
    with reading(path) as connection:
        chain = list(entries(connection))
    prev = NOTHING_BEFORE
    statements: list[Statement] = []
    for entry in chain:
        changed = (change(entry) if entry.row == row else entry)._replace(prev=prev)
        prev = digest(changed)
        values = (changed.kind, changed.subject, changed.visit, changed.occurred, canonical(changed.body), changed.prev, prev, changed.row)
        statements.append(
            ("UPDATE entry SET kind = ?, subject = ?, visit = ?, occurred = ?, body = ?, prev = ?, hash = ? WHERE row = ?", values)
        )
    tamper(path, *statements)


def append(
    path: Path,
    kind: str,
    subject: str,
    body: dict[str, Json],
    visit: str | None = None,
    postings: tuple[Posting, ...] = (),
    *,
    guarded: bool = True,
) -> int:
    """Adds a row that continues the chain at the time of the newest, past the file's triggers or not. The row's number."""
    with reading(path) as connection:
        *_, last = entries(connection)
    entry = Entry(last.row + 1, kind, subject, visit, last.occurred, last.booked, last.trusted, body, postings, last.hash, "")
    values = (entry.row, kind, subject, visit, entry.occurred, entry.booked, int(entry.trusted), canonical(body), entry.prev, digest(entry))
    moved: list[Statement] = [(INSERT_POSTING, (entry.row, *posting)) for posting in postings]
    tamper(path, (INSERT_ENTRY, values), *moved, dropping=not guarded)
    return entry.row


def cut(path: Path, last: int) -> None:
    """Takes all rows after ``last`` away."""
    tamper(path, ("DELETE FROM posting WHERE row > ?", (last,)), ("DELETE FROM entry WHERE row > ?", (last,)))
