"""A ledger for other programs: CSV for a spreadsheet set to French, and a journal for hledger. Read only, straight to a text stream.

CSV: ``;`` between fields, decimal comma, CRLF (RFC 4180), and a UTF-8 byte order mark first, without which Excel guesses the encoding.
A cell of text that a spreadsheet would take for a formula begins with ``'`` instead; a number is one, negative or not.
One line a posting, so that a sum over ``euros`` by ``account`` is the balance; an entry without a posting has one line with both empty.
``association`` is the id of whom a gift is for; a pivot table adds gifts up by it. The column names and kinds are the ledger's own words, the same in every language.

hledger: the entries that move money, dated by the Paris day on which they were booked; the others are no transactions there. A gift has the tag
``association``: ``hledger balance liabilities:gifts --pivot association``.
"""

import csv
from collections.abc import Iterable
from typing import TextIO

from sqlalchemy import Connection

from config.clock import PARIS
from config.printable import printable
from ledger.chain import Entry, time_of
from ledger.kinds import Account
from ledger.views import believing, entries

COLUMNS = ("row", "kind", "subject", "visit", "occurred", "booked", "trusted", "account", "euros", "hash", "association")
BYTE_ORDER_MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What begins a formula, by OWASP's page on CSV injection; a tab or a line's end before it is written out."""


def write_csv(connection: Connection, stream: TextIO, only: Iterable[Entry] | None = None) -> None:
    """All entries, or ``only`` those. ``stream`` must be UTF-8 and must not translate line ends (``newline=""``)."""
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries(connection) if only is None else only:
        start = (
            entry.row,
            *map(_text, (entry.kind, entry.subject, entry.visit or "")),
            paris(entry.occurred),
            paris(entry.booked),
            int(entry.trusted),
        )
        whom = _text(_association(entry) or "")
        lines = [(posting.account, _euros(posting.cents, ",")) for posting in entry.postings] or [("", "")]
        writer.writerows((*start, _text(account), euros, _text(entry.hash), whom) for account, euros in lines)


def write_journal(connection: Connection, stream: TextIO) -> None:
    """hledger's format (https://hledger.org/hledger.html#journal), strict: accounts and commodity are declared."""
    stream.write("commodity 1000.00 EUR\n")
    stream.writelines(f"account {account}\n" for account in Account)
    for entry in entries(connection):
        if entry.postings:
            with believing():
                day = time_of(entry.booked).astimezone(PARIS).date()
            told = f"{day} {entry.kind} {entry.subject}  ; row:{entry.row}, visit:{entry.visit}, hash:{entry.hash}"
            told = printable(told if (whom := _association(entry)) is None else f"{told}, association:{whom}")
            lines = (printable(f"    {posting.account}  {_euros(posting.cents, '.')} EUR") for posting in entry.postings)
            stream.write("\n".join(("", told, *lines, "")))


def _association(entry: Entry) -> str | None:
    """Whom a gift is for, by its id."""
    whom = entry.body.get("association")
    return whom if isinstance(whom, str) else None


def _text(text: str) -> str:
    """Foreign where somebody has tampered with the ledger; nothing that a kiosk writes is changed."""
    told = printable(text)
    return f"'{told}" if told.startswith(FORMULA) else told


def _euros(cents: int, point: str) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}{point}{abs(cents) % 100:02}"


def paris(text: str) -> str:
    """As a spreadsheet reads a time: Paris, to the second. Raises Garbled."""
    with believing():
        return time_of(text).astimezone(PARIS).strftime("%Y-%m-%d %H:%M:%S")
