"""What staff may do with money, by their agents' numbers; who may do it at all is the console's matter.

Each call is one durable transaction or a LedgerError, of which nothing is kept. What only two agents may do is refused here and by the file alike; the sums
that one agent may credit by hand are the configuration's, and refused here alone.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from config.clock import Instant
from config.vocabulary import Bin, Cents
from ledger import bins, claims, closures, drafts, grants, vouchers
from ledger.bins import Content, Handing
from ledger.books import business_day, day_of, issue_day, unshown
from ledger.chain import Json
from ledger.claims import Found
from ledger.days import reckon
from ledger.drafts import Issuer
from ledger.grants import Bottle
from ledger.kinds import Account, Kind
from ledger.limits import draw_number, granted_on
from ledger.views import visit_numbers
from ledger.vocabulary import (
    Cause,
    ClockUntrusted,
    GrantRefused,
    NoEmptying,
    Payment,
    ReasonNeeded,
    Refusal,
    SecondNeeded,
    Ungranted,
    Voucher,
    VoucherRefused,
    WrongMoney,
)
from ledger.writer import Writer

TO_REVEAL = frozenset({None, Refusal.DOUBTFUL, Refusal.CITY_PAYS})
"""A code is revealed only where somebody may still be paid for it."""

WRONG_ALONE = 2
"""Wrong answers about a voucher after which it takes two agents: a visit has 30 bottles at most, and who may guess on finds out."""


class Desk:
    """The desk's side of a ledger that is open to write. One thread at a time may call it, the one that calls the journal."""

    def __init__(self, path: Path, writer: Writer, issuer: Issuer, random: vouchers.Randomness) -> None:
        self._path = path
        self._writer = writer
        self._issuer = issuer
        self._random = random

    def find(self, presented: str) -> Found:
        """The voucher that somebody presents as its code or its link. Raises VoucherRefused."""
        with self._writer.transaction() as connection:
            return claims.find(connection, self._path, presented)

    def voucher_of(self, visit: str) -> Found | None:
        """The voucher that a visit of this ledger, as ``2026-11-24/0417``, ended with."""
        with self._writer.transaction() as connection:
            code = claims.of_visit(connection, visit)
        return None if code is None else self.find(code)

    def today(self) -> date:
        """The business day."""
        return business_day(self._writer.books, self._writer.now())

    def pay(self, presented: str, agent: str, occurred: Instant, second: str | None = None, why: str | None = None) -> Payment:
        """The desk has honoured a voucher, once and for good. ``second`` and ``why`` are needed for a doubtful one alone.

        Raises VoucherRefused, SecondNeeded.
        """
        found = self.find(presented)
        booked = self._writer.now()
        today = business_day(self._writer.books, booked)
        refusal = found.refusal(today)
        if refusal is Refusal.DOUBTFUL:
            _need_two(agent, second, why, Refusal.DOUBTFUL)
        elif refusal is not None:
            raise VoucherRefused(refusal, found.code, valid_until=found.valid_until, payment=found.paid)
        books = self._writer.append(occurred, booked, drafts.paid(found.code, found.amount, today, agent, second, why))
        return Payment(found.code, found.amount, self._issuer.kiosk, agent, booked.utc, books.row)

    def bottles_of(self, visit: str) -> tuple[Bottle, ...]:
        """What was lost in a visit, and whether it was credited by hand."""
        with self._writer.transaction() as connection:
            return grants.bottles_of(connection, visit, self._issuer.terms.reward)

    def grant(self, bottles: Sequence[str], agent: str, why: str, occurred: Instant, second: str | None = None) -> Voucher:
        """Credits bottles by hand, in a visit of the desk's own, whose voucher the desk hands over. ``bottles`` as in ``grants.py``.

        Raises GrantRefused, SecondNeeded above what one agent may credit alone.
        """
        books, booked = self._writer.books, self._writer.now()
        day = business_day(books, booked)
        with self._writer.transaction() as connection:
            if books.visit is not None:
                raise GrantRefused(Ungranted.VISIT_OPEN)
            if unshown(connection) is not None:
                raise GrantRefused(Ungranted.VOUCHER_WAITS)
            amounts = [self._worth(connection, bottle) for bottle in bottles]
            total = Cents(sum(amounts))
            self._within_limits(connection, day, agent, total)
            number = draw_number(self._random, visit_numbers(connection, day), day)
        if not bottles or len(set(bottles)) < len(bottles):
            raise GrantRefused(Ungranted.NO_BOTTLE)
        if total > self._issuer.terms.grant_alone_cents:
            _need_two(agent, second, why, "grant")
        visit = drafts.desk_visit(day, number, agent)
        id_ = visit.subject
        code = vouchers.draw_code(self._random)
        issued, voucher = self._issuer.voucher(code, id_, total, issue_day(books, booked), Cause.GRANTED)
        credited = (drafts.grant(id_, bottle, amount, day, agent, why, second) for bottle, amount in zip(bottles, amounts, strict=True))
        self._writer.append(occurred, booked, visit, *credited, issued)
        return voucher

    def reveal(
        self,
        code: str,
        agent: str,
        occurred: Instant,
        *,
        by_number: bool,
        asked: str,
        fitted: bool,
        second: str | None = None,
        why: str | None = None,
    ) -> Voucher | None:
        """Notes that somebody who knew the visit asked for its code, and gives the voucher if the answer fitted.

        ``asked`` says what was asked, not what was answered. Without the visit number, or on another day than the visit's, it takes two agents.
        Raises VoucherRefused, SecondNeeded.
        """
        found = self.find(code)
        refusal = found.refusal(self.today())
        if refusal not in TO_REVEAL:
            raise VoucherRefused(refusal or Refusal.UNKNOWN, found.code, valid_until=found.valid_until, payment=found.paid)
        if not by_number or found.visit is None or day_of(found.visit) != self.today():
            _need_two(agent, second, why, "claim")
        with self._writer.transaction() as connection:
            n = claims.times(connection, Kind.CLAIMED, found.code) + 1
        draft = drafts.claimed(found.code, n, agent, by_number=by_number, asked=asked, fitted=fitted, second=second, why=why)
        self._writer.append(occurred, self._writer.now(), draft)
        return self._shown(found) if fitted else None

    def claim(
        self, visit: str, bottles: int, agent: str, occurred: Instant, second: str | None = None, why: str | None = None
    ) -> Voucher | None:
        """Somebody names a visit by its number and says how many bottles it was credited: noted, and the voucher if the answer fits.

        One agent alone may do it on the visit's day, once, and after no more than ``WRONG_ALONE`` wrong answers. Raises VoucherRefused, SecondNeeded.
        """
        with self._writer.transaction() as connection:
            left = claims.left_by(connection, self._path, visit)
            if left is None:
                raise claims.absent(connection, self._path, visit)
            wrong = claims.misfits(connection, left.code)
            revealed = claims.times(connection, Kind.CLAIMED, left.code) > wrong
        if wrong >= WRONG_ALONE or revealed:
            _need_two(agent, second, why, "claim")
        fitted = bottles == left.bottles
        return self.reveal(left.code, agent, occurred, by_number=True, asked="bottles", fitted=fitted, second=second, why=why)

    def print_begins(self, code: str, occurred: Instant, agent: str | None = None) -> int:
        """Before the first byte goes to the printer: which copy it is; from 2 on the ticket says DUPLICATA. Raises VoucherRefused."""
        found = self.find(code)
        if found.paid is not None or found.proved is False:
            raise VoucherRefused(Refusal.PAID if found.paid is not None else Refusal.FORGED, found.code, payment=found.paid)
        # what an earlier generation printed nobody counts here
        copy = found.copies + (1 if found.here or found.copies else 2)
        self._writer.append(occurred, self._writer.now(), drafts.printed(found.code, copy, agent))
        return copy

    def print_again(self, code: str, agent: str, occurred: Instant) -> tuple[Voucher, int]:
        """The same by staff: the voucher, and which copy it is. Raises VoucherRefused for what cannot be shown, or is not to be."""
        voucher = self._shown(self.find(code))
        return voucher, self.print_begins(code, occurred, agent)

    def content(self, bin: Bin) -> Content:
        """What lies in a bin, by the ledger."""
        with self._writer.transaction() as connection:
            return bins.content(connection, bin)

    def empty(
        self, bin: Bin, handing: Handing, agent: str, occurred: Instant, second: str | None = None, why: str | None = None
    ) -> Content:
        """A bin was emptied: what was in it by the ledger. Raises ReasonNeeded where nobody saw the door open and ``why`` is missing."""
        if not handing.door_seen and why is None:
            raise ReasonNeeded(bin)
        content = self.content(bin)
        self._writer.append(occurred, self._writer.now(), drafts.emptied(content, handing, agent, second, why))
        return content

    def weigh(self, bin: Bin, n: int, grams: int, agent: str, occurred: Instant, second: str | None = None) -> None:
        """What the carrier's slip says of an emptying, once. Raises NoEmptying."""
        with self._writer.transaction() as connection:
            if f"bin:{bin}:{n}" not in bins.unweighed(connection):
                raise NoEmptying(bin, n)
        self._writer.append(occurred, self._writer.now(), drafts.weighed(bin, n, grams, agent, second))

    def close_days(self, occurred: Instant, agent: str | None = None, log: str | None = None) -> tuple[dict[str, Json], ...]:
        """Closes every day that has ended and is not closed, oldest first, in one transaction; the closures' bodies, none where none was due.

        ``log`` is the hash of the technical log of the newest of them. Raises ClockUntrusted.
        """
        books, booked = self._writer.books, self._writer.now()
        reckoned = reckon(books.reckoned, booked)
        if not booked.trusted or reckoned.read is not None:
            raise ClockUntrusted("the clock is not trusted, or behind the ledger")
        with self._writer.transaction() as connection:
            found = closures.still_open(connection)
            generation = connection.exec_driver_sql("SELECT hash FROM entry WHERE row = 1").scalar_one()
        bodies = []
        days = tuple(closures.due(found, reckoned.day))
        for n, run in enumerate(days, found.n):
            found.perpetual.add(run)
            optional = {"agent": agent, "log": log if run is days[-1] else None}
            body = closures.closed(run, n, found.perpetual, **{name: value for name, value in optional.items() if value is not None})
            bodies.append(closures.sign(self._issuer.kiosk, generation, body, self._issuer.key))
        if bodies:
            self._writer.append(occurred, booked, *(drafts.closure(body) for body in bodies))
        return tuple(bodies)

    def correct(
        self, row: int, debit: Account, credit: Account, amount: Cents, why: str, agent: str, second: str, occurred: Instant
    ) -> None:
        """Moves a sum between two accounts, by two agents, each row once. Makes no voucher payable again. Raises SecondNeeded, WrongMoney."""
        _need_two(agent, second, why, "correction")
        if amount <= 0 or debit is credit:
            raise WrongMoney(f"{amount} cents from {credit} to {debit} correct nothing")
        self._writer.append(occurred, self._writer.now(), drafts.correction(row, debit, credit, amount, why, agent, second))

    def _worth(self, connection: Connection, bottle: str) -> Cents:
        amount = grants.worth(connection, bottle, self._issuer.terms.reward)
        if amount is None:
            raise GrantRefused(Ungranted.NO_BOTTLE, bottle)
        if amount == 0:
            raise GrantRefused(Ungranted.WORTHLESS, bottle)
        if grants.is_granted(connection, bottle):
            raise GrantRefused(Ungranted.GRANTED, bottle)
        return amount

    def _within_limits(self, connection: Connection, day: date, agent: str, total: Cents) -> None:
        terms = self._issuer.terms
        if granted_on(connection, day, agent) + total > terms.grant_agent_cents:
            raise GrantRefused(Ungranted.AGENT_CENTS)
        if granted_on(connection, day) + total > terms.grant_day_cents:
            raise GrantRefused(Ungranted.DAY_CENTS)

    def _shown(self, found: Found) -> Voucher:
        """As its page shows it. Only of one whose entry is at hand."""
        if found.visit is None or found.issued is None or found.cause is None:
            raise VoucherRefused(Refusal.UNPROVEN, found.code)
        body = {
            "code": found.code,
            "amount": found.amount,
            "issued": found.issued.isoformat(),
            "valid_until": found.valid_until.isoformat(),
            "cause": found.cause,
            "signature": found.signature,
        }
        return self._issuer.issued(found.visit, body)


def _need_two(agent: str, second: str | None, why: str | None, what: str) -> None:
    if second is None or not why or second == agent:
        raise SecondNeeded(what)
