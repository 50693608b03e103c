"""A voucher as the desk sees it: presented as a code or a link, found in this ledger or in one before it, proved, and whether it may be paid.

Reads only. Vouchers of an earlier generation lie in its archive beside the ledger; what of them may still be paid is what this ledger's first entry lists::

    presented ──no code, another kiosk's, a demonstration's, forged──▶ VoucherRefused
        ▼
      found ──forged, paid, the city's, expired, unproven, doubtful──▶ refusal
        ▼
     payable
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Connection

from config.vocabulary import Cents
from ledger import keys, vouchers
from ledger.chain import time_of
from ledger.database import archive_name, reading
from ledger.kinds import Kind
from ledger.views import PAYER, Generation, OpenVoucher, believing, generation, head, succeeded
from ledger.visits import read_visit
from ledger.vocabulary import NoLedger, Payment, Refusal, VoucherRefused


@dataclass(frozen=True, slots=True)
class Found:
    """A voucher that this kiosk has issued. ``here``: in the ledger that is written now; else ``listed`` says whether its first entry knows it as open.

    ``proved``: signed with the key of the generation that issued it; None where that generation's archive is not here. ``doubtful``: the ledger was
    restored from a copy after it was issued, so it may have been paid in rows that are lost.
    """

    code: str
    amount: Cents
    issued: date | None
    valid_until: date
    visit: str | None
    cause: str | None
    payer: str
    demonstration: bool
    here: bool
    listed: bool
    proved: bool | None
    signature: str = ""
    doubtful: bool = False
    paid: Payment | None = None
    copies: int = 0
    """The number of its newest ticket, 0 where none was begun in this ledger."""

    def refusal(self, today: date) -> Refusal | None:
        """Why it may not be paid; DOUBTFUL is no obstacle to two agents with a reason."""
        if self.proved is False:
            return Refusal.FORGED
        if self.paid is not None:
            return Refusal.PAID
        if not self.here and not self.listed:
            return Refusal.NOT_LISTED
        if self.payer != PAYER:
            return Refusal.CITY_PAYS
        if today > self.valid_until:
            return Refusal.EXPIRED
        if self.proved is None:
            return Refusal.UNPROVEN
        return Refusal.DOUBTFUL if self.doubtful else None


def find(connection: Connection, path: Path, presented: str) -> Found:
    """The voucher that somebody presents, as its code or its whole link. ``connection`` reads the ledger at ``path``.

    Raises VoucherRefused for what is no voucher of this kiosk's, LedgerError.
    """
    begun = generation(connection)
    code = _code(presented, begun)
    found = _issued(connection, code, begun)
    if found is None:
        found = _earlier(path, connection, begun, code)
    if found is None:
        raise absent(connection, path, code)
    if "#" in presented and not _says(presented, found, connection, begun, path):
        raise VoucherRefused(Refusal.FORGED, code)
    paid = _payment(connection, code, begun)
    return replace(found, paid=paid or found.paid, copies=times(connection, Kind.PRINTED, code))


def times(connection: Connection, kind: Kind, code: str) -> int:
    """The number of the newest ``claimed`` or ``printed`` of a voucher, 0 where there is none in this ledger."""
    # the kind in the text: of a value SQLite could not know that the index holds it
    query = f"SELECT subject FROM entry WHERE kind = '{kind.value}' AND subject >= ? AND subject < ?"  # noqa: S608 - a kind of ours
    found = connection.exec_driver_sql(query, (f"{code}:", f"{code};")).scalars()
    with believing():
        return max((int(subject.rpartition(":")[2]) for subject in found), default=0)


def of_visit(connection: Connection, visit: str) -> str | None:
    """The code of the voucher that a visit of this ledger ended with, for whom the visit number leads there."""
    query = "SELECT subject FROM entry WHERE visit = ? AND kind IN ('voucher', 'gift', 'closed') AND kind = 'voucher'"
    found = connection.exec_driver_sql(query, (visit,)).scalar_one_or_none()
    return None if found is None else str(found)


def generations(connection: Connection, path: Path) -> Iterator[Connection]:
    """The ledger that is written, then those before it whose archives lie here, newest first; each is open while it is looked at."""
    yield connection
    yield from _archives(path, connection)


def missing_archive(connection: Connection, path: Path) -> str | None:
    """The file name of the newest ledger before this one that does not lie here, or is another than the one named; nobody finds what lies behind it."""
    named = succeeded(connection)
    for archive in _archives(path, connection):
        named = succeeded(archive)
    return None if named is None else archive_name(named.row, named.hash)


def absent(connection: Connection, path: Path, what: str) -> VoucherRefused:
    """Of a code, or a visit, that stands in none of the ledgers that lie here."""
    missing = missing_archive(connection, path)
    return VoucherRefused(Refusal.UNKNOWN, what) if missing is None else VoucherRefused(Refusal.NOT_HERE, what, archive=missing)


@dataclass(frozen=True, slots=True)
class Left:
    """What a visit left behind: the voucher's code, and how many bottles it was credited."""

    code: str
    bottles: int


def left_by(connection: Connection, path: Path, visit: str) -> Left | None:
    """The voucher that a visit ended with, in this ledger or in one before it whose archive lies here. Raises LedgerError."""
    for ledger in generations(connection, path):
        record = read_visit(ledger, visit)
        if record is not None:
            return None if record.code is None else Left(record.code, record.bottles)
    return None


def misfits(connection: Connection, code: str) -> int:
    """How many wrong answers were given to what the desk asked about a voucher, in this ledger."""
    query = "SELECT count(*) FROM entry WHERE kind = 'claimed' AND subject >= ? AND subject < ? AND NOT json_extract(body, '$.fitted')"
    return int(connection.exec_driver_sql(query, (f"{code}:", f"{code};")).scalar_one())


def _code(presented: str, begun: Generation) -> str:
    """The code in what was presented; a link's other words are looked at first, for they say more."""
    text = presented
    if "#" in presented:
        fields = dict(parse_qsl(presented.partition("#")[2]))
        text = fields.get("c", "")
        if (fields.get("t") == "demo") != begun.demonstration:
            raise VoucherRefused(Refusal.DEMONSTRATION, text)
        if (kiosk := fields.get("k")) != begun.kiosk:
            raise VoucherRefused(Refusal.OTHER_KIOSK, text, kiosk=kiosk or "")
    try:
        return vouchers.code_of(text)
    except vouchers.BadCode as error:
        raise VoucherRefused(Refusal.NO_CODE, text) from error


def _issued(connection: Connection, code: str, begun: Generation | None = None) -> Found | None:
    """``begun``: the ledger's, where it was read before."""
    row = connection.exec_driver_sql("SELECT visit, body FROM entry WHERE kind = 'voucher' AND subject = ?", (code,)).one_or_none()
    if row is None:
        return None
    begun = begun or generation(connection)
    with believing():
        body = json.loads(row.body)
        return Found(
            code=code,
            amount=Cents(body["amount"]),
            issued=date.fromisoformat(body["issued"]),
            valid_until=date.fromisoformat(body["valid_until"]),
            visit=row.visit,
            cause=body["cause"],
            payer=body["payer"],
            demonstration=begun.demonstration,
            here=True,
            listed=False,
            proved=_is_proved(begun, body),
            signature=body["signature"],
        )


def _earlier(path: Path, connection: Connection, begun: Generation, code: str) -> Found | None:
    """In the ledgers before this one, as far as their archives are here."""
    open_voucher = next((it for it in (begun.previous.vouchers if begun.previous else ()) if it.code == code), None)
    for archive in _archives(path, connection):
        found = _issued(archive, code)
        if found is not None:
            # where it was paid before this generation began is told by whichever archive holds it
            paid = next((it for it in (_payment(one, code) for one in _archives(path, connection)) if it is not None), None)
            same = open_voucher is not None and (open_voucher.amount, open_voucher.valid_until) == (found.amount, found.valid_until)
            doubtful = open_voucher is not None and open_voucher.doubtful
            return replace(found, here=False, listed=same, doubtful=doubtful, paid=paid)
    return None if open_voucher is None else _listed(open_voucher, begun)


def _listed(voucher: OpenVoucher, begun: Generation) -> Found:
    """What the first entry alone says of it."""
    return Found(
        code=voucher.code,
        amount=voucher.amount,
        issued=None,
        valid_until=voucher.valid_until,
        visit=None,
        cause=None,
        payer=voucher.payer,
        demonstration=begun.demonstration,
        here=False,
        listed=True,
        proved=None,
        doubtful=voucher.doubtful,
    )


def _archives(path: Path, connection: Connection) -> Iterator[Connection]:
    """The ledgers before this one, newest first, each open while it is looked at; none behind one that is missing or another than the one named.

    Only that name is read of a first entry: it lists every voucher that was open then, which is most of the work where there are many ledgers.
    """
    named = succeeded(connection)
    while named is not None:
        try:
            with reading(path.with_name(archive_name(named.row, named.hash))) as archive:
                if head(archive) != named:
                    return
                yield archive
                named = succeeded(archive)
        except NoLedger:
            return


def _payment(connection: Connection, code: str, begun: Generation | None = None) -> Payment | None:
    row = connection.exec_driver_sql("SELECT row, booked, body FROM entry WHERE kind = 'paid' AND subject = ?", (code,)).one_or_none()
    if row is None:
        return None
    kiosk = (begun or generation(connection)).kiosk
    with believing():
        return Payment(code, Cents(json.loads(row.body)["amount"]), kiosk, json.loads(row.body)["agent"], time_of(row.booked), row.row)


def _is_proved(begun: Generation, body: dict[str, Any]) -> bool:
    claim = vouchers.Claim(
        begun.kiosk,
        body["code"],
        Cents(body["amount"]),
        date.fromisoformat(body["issued"]),
        date.fromisoformat(body["valid_until"]),
        begun.demonstration,
    )
    return vouchers.is_signed(claim, body["signature"], keys.public_key(begun.public_key))


def _says(presented: str, found: Found, connection: Connection, begun: Generation, path: Path) -> bool:
    """Whether a link says what the ledger says, and is signed with a key of this kiosk's; where the archive is not here nobody can tell."""
    if found.proved is None:
        return True
    for then in chain((begun,), (generation(it) for it in _archives(path, connection))):
        try:
            claim = vouchers.check(presented, presented.partition("#")[0], keys.public_key(then.public_key))
        except (vouchers.BadLink, ValueError):
            continue
        return (claim.amount, claim.issued, claim.valid_until) == (found.amount, found.issued, found.valid_until)
    return False
