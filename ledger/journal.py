"""What the kiosk may do with money, on a real file: the rules of ``vocabulary.Journal``.

Every rule is refused here with the facts, and again by the file's indexes and triggers. How an entry becomes durable is ``writer.py``'s;
how a ledger begins is ``generation.py``'s.
"""

from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from config.clock import Clock, Instant
from config.vocabulary import Association, Cents, SequenceNumber
from ledger import claims, drafts, keys, vouchers
from ledger.books import business_day, day_of, instant_of, issue_day, present, unshown, visit_before
from ledger.database import faults, open_writer
from ledger.days import reckon, wants_a_mark
from ledger.desk import Desk
from ledger.kinds import Kind
from ledger.limits import Terms, allowed_bottles, draw_number, numbers_left
from ledger.lock import LedgerLock
from ledger.views import Generation, generation, visit_numbers
from ledger.vocabulary import (
    HIGHEST,
    Booked,
    Books,
    Cause,
    Ending,
    Intent,
    NumberBeyond,
    Standing,
    TotaliserFell,
    Unshown,
    Visit,
    Voucher,
    WrongKey,
    WrongMoney,
)
from ledger.writer import Writer


def open_journal(path: Path, *, who: str, clock: Clock, random: vouchers.Randomness, terms: Terms) -> "SqliteJournal":
    """Takes the lock, reads the key beside the ledger, and opens the ledger; ``close`` gives all back.

    ``who`` is what another process reads that finds it locked. Raises LedgerLocked, NoLedger, WrongFile, SchemaUnknown, WrongKey,
    LedgerUnavailable.
    """
    lock = LedgerLock(path, who, clock)
    try:
        return SqliteJournal(path, lock=lock, clock=clock, random=random, terms=terms, key=keys.load(path))
    except BaseException:
        lock.release()
        raise


class SqliteJournal:
    """A ledger opened to write. One thread at a time may call it, not always the same one."""

    def __init__(
        self, path: Path, *, lock: LedgerLock, clock: Clock, random: vouchers.Randomness, terms: Terms, key: Ed25519PrivateKey
    ) -> None:
        self._lock = lock
        self._random = random
        self._terms = terms
        connection = open_writer(path)
        try:
            self._generation = _generation_of(path, connection, key)
            self._issuer = drafts.Issuer(self._generation.kiosk, self._generation.demonstration, terms, key)
            self._writer = Writer(path, connection, clock)
            self._writer.books  # noqa: B018 - a file that cannot be read is refused at once
            self.desk = Desk(path, self._writer, self._issuer, random)
            """What staff may do."""
        except BaseException:
            connection.close()
            raise

    @property
    def set_aside(self) -> Path | None:
        """Where now lies what lay under the lock's name and was none."""
        return self._lock.set_aside

    @property
    def books(self) -> Books:
        """As they stand after the newest entry."""
        return self._writer.books

    def standing(self) -> Standing:
        """Where the ledger stands."""
        books = self._writer.books
        return Standing(
            kiosk=self._generation.kiosk,
            controller_id=self._generation.controller_id,
            demonstration=self._generation.demonstration,
            booked_totaliser=books.totaliser,
            last_sequence=books.last_sequence,
            open_intent=books.open_intent,
            visit=books.visit,
            unshown=self._unshown(),
            taken=books.taken,
        )

    def open_visit(self, occurred: Instant) -> Visit:
        """Draws a visit number and fixes how many bottles the visit may be paid for. Raises WrongMoney while another visit is open."""
        books = self._writer.books
        if books.visit is not None:
            raise WrongMoney(f"visit {books.visit.id} is open")
        booked = self._writer.now()
        day = business_day(books, booked)
        with self._writer.transaction() as connection:
            allowed = allowed_bottles(connection, self._terms, day)
            used = visit_numbers(connection, day)
        visit = self._writer.append(occurred, booked, drafts.visit(day, draw_number(self._random, used, day), allowed)).visit
        return present(visit, "open visit")

    def intend(self, intent: Intent, occurred: Instant) -> None:
        """Makes an intent durable. Raises WrongMoney if one is open, or it is not the open visit's, or its amount is not what that may be paid."""
        books = self._writer.books
        if intent.sequence > HIGHEST:
            raise NumberBeyond("sequence", intent.sequence)
        if books.open_intent is not None:
            raise WrongMoney(f"intent {books.open_intent.sequence} is open")
        if books.visit is None or books.visit.id != intent.visit:
            raise WrongMoney(f"visit {intent.visit} is not open")
        if books.visit.remaining == 0 and intent.amount:
            raise WrongMoney(f"visit {intent.visit} was paid for its {books.visit.allowed} bottles")
        if intent.sequence <= books.last_sequence:
            raise WrongMoney(f"sequence {intent.sequence} is not above {books.last_sequence}")
        if books.visit.remaining > 0 and intent.amount != self._terms.reward:
            raise WrongMoney(f"{intent.amount} cents are not the reward of {self._terms.reward}")
        self._writer.append(occurred, self._writer.now(), drafts.intent(intent))

    def book(self, totaliser: int, counted: SequenceNumber, occurred: Instant) -> Booked:
        """Books the steps of the totaliser: the open intent's own as a credit if ``counted`` is its sequence, any others as one step at 0, in the open visit."""
        books = self._writer.books
        if totaliser > HIGHEST:
            raise NumberBeyond("totaliser", totaliser)
        if totaliser < books.totaliser:
            raise TotaliserFell(books.totaliser, totaliser)
        intent = books.open_intent
        credited = intent if intent is not None and counted == intent.sequence and totaliser > books.totaliser else None
        others = totaliser - 1 if credited is not None else totaliser
        booked = self._writer.now()
        news = []
        steps = others - books.totaliser
        if steps:
            news.append(drafts.step(books.totaliser, others, books.visit.id if books.visit is not None else None))
        if credited is not None:
            news.append(drafts.credit(credited, totaliser, _credit_day(books, booked, credited.visit)))
        if not news and wants_a_mark(books.reckoned, booked):
            news.append(drafts.elapsed())
        if news:
            books = self._writer.append(occurred, booked, *news)
        known = reckon(books.reckoned, booked).read is None
        return Booked(books.totaliser, credited, books.open_intent, books.visit, self._possible(books, booked), steps, known)

    def end(self, sequence: SequenceNumber, ending: Ending, occurred: Instant) -> None:
        """Ends the open intent without a credit. Raises WrongMoney if ``sequence`` is not the open one."""
        intent = self._writer.books.open_intent
        if intent is None or intent.sequence != sequence:
            raise WrongMoney(f"intent {sequence} is not open")
        self._writer.append(occurred, self._writer.now(), drafts.ended(intent, ending))

    def issue_voucher(self, visit: str, cause: Cause, occurred: Instant) -> Voucher:
        """The visit's sum becomes a signed voucher. Raises WrongMoney if the visit is not open, has an open intent, or without a sum."""
        if cause is Cause.GRANTED:
            raise WrongMoney("what is credited by hand is the desk's")
        amount = self._owed(visit)
        if not amount:
            raise WrongMoney(f"nothing was credited in visit {visit}")
        booked = self._writer.now()
        issued = issue_day(self._writer.books, booked)
        draft, voucher = self._issuer.voucher(vouchers.draw_code(self._random), visit, amount, issued, cause)
        self._writer.append(occurred, booked, draft)
        return voucher

    def mark_shown(self, code: str, occurred: Instant) -> None:
        """The page of the newest voucher was closed. Raises WrongMoney if that is another one, was marked before, or a visit has begun since."""
        waiting = self._unshown()
        if waiting is None or waiting.voucher.code != code:
            raise WrongMoney(f"voucher {code} is not the newest, or is marked as shown")
        self._writer.append(occurred, self._writer.now(), drafts.shown(code, waiting.voucher.visit))

    def begin_ticket(self, code: str, occurred: Instant) -> int:
        """Before the first byte goes to the printer: which copy of the voucher it is. Raises VoucherRefused for one that was paid."""
        return self.desk.print_begins(code, occurred)

    def give(self, visit: str, association: Association, occurred: Instant) -> Cents:
        """The visit's sum becomes a gift to this association. Raises WrongMoney if the visit is not open, has an open intent, or without a sum."""
        amount = self._owed(visit)
        if not amount:
            raise WrongMoney(f"nothing was credited in visit {visit}")
        booked = self._writer.now()
        self._writer.append(occurred, booked, drafts.gift(visit, association, amount, business_day(self._writer.books, booked)))
        return amount

    def close_visit(self, visit: str, occurred: Instant) -> None:
        """Ends a visit without a sum. Raises WrongMoney if the visit is not open, has an open intent, or has one."""
        amount = self._owed(visit)
        if amount:
            raise WrongMoney(f"visit {visit} has {amount} cents")
        self._writer.append(occurred, self._writer.now(), drafts.closed(visit))

    def close(self) -> None:
        """Closes the file and gives the lock back; a second call does nothing."""
        try:
            self._writer.close()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _unshown(self) -> Unshown | None:
        with self._writer.transaction() as connection:
            entry = unshown(connection)
            if entry is None:
                return None
            visit = visit_before(connection, entry["row"])
            copies = claims.times(connection, Kind.PRINTED, entry["subject"])
        voucher = self._issuer.issued(entry["visit"], entry["body"])
        # a start issued it after a power cut, and nobody was seen then
        issued = instant_of(entry["booked"], bool(entry["trusted"]), entry["body"])
        return Unshown(voucher, visit.last if voucher.cause is Cause.POWER_CUT else issued, visit, copies)

    def _owed(self, visit: str) -> Cents:
        """The sum of the open visit, which must be this one and have no intent open."""
        books = self._writer.books
        if books.visit is None or books.visit.id != visit:
            raise WrongMoney(f"visit {visit} is not open")
        if books.open_intent is not None:
            raise WrongMoney(f"intent {books.open_intent.sequence} is open")
        return books.visit.cents

    def _possible(self, books: Books, now: Instant) -> int:
        if books.visit is not None:
            return books.visit.remaining
        day = business_day(books, now)
        with self._writer.transaction() as connection:
            # a day without a number ends as one without money does: nobody's bottle is asked for that no visit could hold
            free = numbers_left(visit_numbers(connection, day)) > 0
            return allowed_bottles(connection, self._terms, day) if free else 0


def _generation_of(path: Path, connection: Connection, key: Ed25519PrivateKey) -> Generation:
    with faults(path), connection.begin():
        found = generation(connection)
    if keys.public_text(key) != found.public_key:
        raise WrongKey(str(keys.key_path(path)), f"the generation names the public key {found.public_key}")
    return found


def _credit_day(books: Books, booked: Instant, visit: str) -> date:
    """As any business day, but never before the visit's: a clock put back over midnight must not spend a day's money twice."""
    return max(day_of(visit), business_day(books, booked))
