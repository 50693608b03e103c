"""What staff may do with money, by their agents' numbers; who may do it at all is the console's matter.

Each call is one durable transaction or a LedgerError, of which nothing is kept. What only two agents may do is refused here and by the file alike.
"""

from datetime import date
from pathlib import Path

from config.clock import Instant
from ledger import claims, drafts
from ledger.books import business_day
from ledger.claims import Found
from ledger.vocabulary import Payment, Refusal, SecondNeeded, VoucherRefused
from ledger.writer import Writer


class Desk:
    """The desk's side of a ledger that is open to write. One thread at a time may call it, the one that calls the journal."""

    def __init__(self, path: Path, kiosk: str, writer: Writer) -> None:
        self._path = path
        self._kiosk = kiosk
        self._writer = writer

    def find(self, presented: str) -> tuple[Found, date]:
        """The voucher that somebody presents as its code or its link, and today's business day. Raises VoucherRefused."""
        today = business_day(self._writer.books, self._writer.now())
        with self._writer.transaction() as connection:
            return claims.find(connection, self._path, presented), today

    def pay(self, presented: str, agent: str, occurred: Instant, second: str | None = None, why: str | None = None) -> Payment:
        """The desk has honoured a voucher, once and for good. ``second`` and ``why`` are needed for a doubtful one alone.

        Raises VoucherRefused, SecondNeeded.
        """
        found, _ = self.find(presented)
        booked = self._writer.now()
        today = business_day(self._writer.books, booked)
        refusal = found.refusal(today)
        if refusal is Refusal.DOUBTFUL and (second is None or why is None or second == agent):
            raise SecondNeeded(Refusal.DOUBTFUL)
        if refusal is not None and refusal is not Refusal.DOUBTFUL:
            raise VoucherRefused(refusal, found.code, valid_until=found.valid_until, payment=found.paid)
        books = self._writer.append(occurred, booked, drafts.paid(found.code, found.amount, today, agent, second, why))
        return Payment(found.code, found.amount, self._kiosk, agent, booked.utc, books.row)
