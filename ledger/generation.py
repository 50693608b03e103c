"""How a ledger begins, and how one succeeds another. A ledger file is one generation: a new controller, key or place is a new file.

The first entry's body::

    form, by, why, kiosk, controller_id (u64 as text), totaliser, public_key (hex), demonstration,
    previous: null, or of the ledger before: row, hash, balances {account: cents}, vouchers [{code, amount, valid_until}] still open
              (payer where it is not the kiosk; doubtful where the ledger was restored from a copy since it was issued),
              visit {id, cents} if one stayed open because its key is lost, day (the business day), day_cents (credited on it), numbers (visit numbers used on it),
              uncounted [{bottle, amount, visit}] that the desk may still credit, granted {agent: cents} by hand on that day, bins {bin: {n, counts, grams}}
              as they stand, unweighed [bin:BIN:N], closures (the number of the last), perpetual (totals of all rows: closures.py)
    clock_was_wrong: only where somebody said so, and why

Succession, in this order, so that a power cut at any point leaves the old ledger or the new one under the ledger's name, whole:

1. what is open in the old one is ended in it: an intent as uncounted (nobody can ask its controller any more), a visit as an unclaimed
   voucher (if the key that it names is lost, nothing can sign one: it stays open, named in ``previous``). No row is ever added after that;
2. its WAL is written back and it becomes one plain file (journal mode DELETE), which needs that nobody else has it open;
3. the new file is made under another name, complete and on the disk;
4. the old file gets its archive name ``ledger-<row>-<first 8 of the hash>.db`` beside the ledger, as a second name of the same file;
5. the new file takes over the ledger's name.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from config.clock import BUILD, PARIS, Clock, Instant
from config.files import trouble_of
from ledger import bins, closures, drafts, grants, keys
from ledger.books import issue_day
from ledger.chain import FORM, NOTHING_BEFORE, Json, time_of
from ledger.database import archive_name, connect, driver, faults, open_writer
from ledger.days import Reckoning, begun, reckon
from ledger.limits import Terms, credited_on
from ledger.lock import LedgerLock
from ledger.schema import APPLICATION_ID
from ledger.upgrade import upgrade
from ledger.views import PAYER, Generation, balances, generation, generation_of, open_vouchers, visit_numbers
from ledger.vocabulary import Books, Cause, ClockBehind, Ending, LedgerExists, LedgerLocked, LedgerUnavailable
from ledger.vouchers import Randomness, draw_code
from ledger.writer import Writer, dated, insert, seal


@dataclass(frozen=True, slots=True)
class Begun:
    """A ledger that has begun, where the one before it lies now, and whether a clock named its day."""

    generation: Generation
    archive: Path | None
    date_known: bool


@dataclass(frozen=True, slots=True)
class Beginning:
    """Who begins a ledger and why, and what it is bound to. ``clock_was_wrong``: why the ledger before may bear later times than the clock shows now."""

    kiosk: str
    by: str
    why: str
    controller_id: int
    totaliser: int
    demonstration: bool
    clock_was_wrong: str | None = None
    restored: bool = False
    """The ledger before was restored from a copy: rows may be lost, and with them payments."""


def begin(path: Path, beginning: Beginning, *, clock: Clock, random: Randomness, terms: Terms, succeeding: bool = False) -> Begun:
    """Begins a ledger at ``path``: key, file, first entry. The folder must exist.

    With ``succeeding`` the ledger there becomes the archive of the generation before. Raises LedgerExists without it, NoLedger with
    it where there is none, LedgerLocked while a kiosk or a reader has it open, ClockBehind, WrongFile, SchemaUnknown, WrongKey,
    LedgerUnavailable.
    """
    with LedgerLock(path, f"ledger begin by {beginning.by}", clock):
        if path.exists() and not succeeding:
            raise LedgerExists(str(path))
        if not beginning.demonstration and clock.now().day() < BUILD:
            raise ClockBehind(clock.now().utc, datetime.combine(BUILD, time(), PARIS), None)
        key = keys.load_or_make(path, random)
        previous, reckoned = _finish(path, beginning, clock, random, terms, key) if succeeding else (None, None)
        body = _body(beginning, key, previous)
        made = path.with_name(path.name + ".new")
        with _disk(path):
            now = clock.now()
            day = begun(now) if reckoned is None or beginning.clock_was_wrong else reckon(reckoned, now)
            _make(made, body, now, day)
            archive = None if previous is None else _archive(path, previous)
            made.replace(path)
            keys.sync_folder(path.parent)
        return Begun(generation_of(body), archive, now.trusted and day.read is None)


def _finish(
    path: Path, beginning: Beginning, clock: Clock, random: Randomness, terms: Terms, key: Ed25519PrivateKey
) -> tuple[dict[str, Json], Reckoning]:
    """Ends what is open in the old ledger, makes it one plain file, and says how it stood, and its day."""
    with faults(path):
        connection = open_writer(path)
        try:
            if beginning.clock_was_wrong is None:
                _refuse_before_newest_row(connection, clock.now())
            writer = Writer(path, connection, clock)
            _end_what_is_open(writer, connection, random, terms, key)
            with connection.begin():
                reckoned = reckon(writer.books.reckoned, clock.now())
                previous = _standing_of(connection, writer.books, reckoned.day, beginning.restored)
            _into_one_file(path, connection)
        finally:
            connection.close()
    return previous, reckoned


def _refuse_before_newest_row(connection: Connection, now: Instant) -> None:
    with connection.begin():
        row, booked = connection.exec_driver_sql("SELECT row, booked FROM entry NOT INDEXED ORDER BY row DESC LIMIT 1").one()
    if now.utc < time_of(booked):
        raise ClockBehind(now.utc, time_of(booked), row)


def _into_one_file(path: Path, connection: Connection) -> None:
    try:
        driver(connection).execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise LedgerLocked(str(path), "a reader") from error
        raise


def _end_what_is_open(writer: Writer, connection: Connection, random: Randomness, terms: Terms, key: Ed25519PrivateKey) -> None:
    with connection.begin():
        old = generation(connection)
    now = writer.now()
    if writer.books.open_intent is not None:
        writer.append(now, now, drafts.ended(writer.books.open_intent, Ending.UNCOUNTED))
    visit = writer.books.visit
    if visit is None:
        return
    if not visit.cents:
        writer.append(now, now, drafts.closed(visit.id))
    elif keys.public_text(key) == old.public_key:
        issuer = drafts.Issuer(old.kiosk, old.demonstration, terms, key)
        issued = issue_day(writer.books, now)
        draft, _ = issuer.voucher(draw_code(random), visit.id, visit.cents, issued, Cause.POWER_CUT)
        writer.append(now, now, draft)


def _standing_of(connection: Connection, books: Books, day: date, restored: bool) -> dict[str, Json]:
    return {
        "row": books.row,
        "hash": books.hash,
        "balances": {account.value: cents for account, cents in balances(connection).items()},
        "vouchers": [
            {
                "code": voucher.code,
                "amount": voucher.amount,
                "valid_until": voucher.valid_until.isoformat(),
                **({} if voucher.payer == PAYER else {"payer": voucher.payer}),
                **({"doubtful": True} if voucher.doubtful or restored else {}),
            }
            for voucher in open_vouchers(connection)
        ],
        "visit": None if books.visit is None else {"id": books.visit.id, "cents": books.visit.cents},
        "day": day.isoformat(),
        "day_cents": credited_on(connection, day),
        "numbers": [*sorted(visit_numbers(connection, day))],
        "uncounted": grants.open_uncounted(connection),
        "granted": grants.by_agent(connection, day.isoformat()),
        "bins": bins.standing(connection),
        "unweighed": [*bins.unweighed(connection)],
        **closures.standing(connection),
    }


def _body(beginning: Beginning, key: Ed25519PrivateKey, previous: dict[str, Json] | None) -> dict[str, Json]:
    return {
        "form": FORM,
        "by": beginning.by,
        "why": beginning.why,
        "kiosk": beginning.kiosk,
        "controller_id": str(beginning.controller_id),
        "totaliser": beginning.totaliser,
        "public_key": keys.public_text(key),
        "demonstration": beginning.demonstration,
        "previous": previous,
        **({"clock_was_wrong": beginning.clock_was_wrong} if beginning.clock_was_wrong else {}),
    }


def _make(made: Path, body: dict[str, Json], now: Instant, reckoned: Reckoning) -> None:
    """A complete ledger at ``made``, closed and on the disk. What an interrupted beginning left there is removed."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        made.with_name(made.name + suffix).unlink(missing_ok=True)
    with faults(made):
        connection = connect(made, "rwc")
        try:
            driver(connection).execute(f"PRAGMA application_id = {APPLICATION_ID}")
            with connection.begin():
                upgrade(connection)
                draft = dated(drafts.generation(body), reckoned)
                insert(driver(connection), *seal(draft, 1, NOTHING_BEFORE, now, now))
            # closing it would leave a WAL that finds no room beside it, without a word, and the name is given to this file alone
            _into_one_file(made, connection)
        finally:
            connection.close()


def _archive(path: Path, previous: dict[str, Json]) -> Path:
    """Gives the old file its archive name as well. Raises LedgerExists if another file has that name."""
    archive = path.with_name(archive_name(previous["row"], str(previous["hash"])))
    try:
        os.link(path, archive)
    except FileExistsError as error:
        raise LedgerExists(str(archive)) from error
    return archive


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LedgerUnavailable(str(path), error.strerror or str(error), trouble_of(error)) from error
