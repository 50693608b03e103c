"""A new generation that two people ordered at the glass, carried out between two runs of the kiosk, when nobody writes or reads the ledger.

Each step is durable before the next, and what a power cut leaves is found by the start after it::

    order in kiosk.db ─▶ ``ledger.generation.begin``: the old ledger or the new one stands under its name, whole ─▶ order taken out of kiosk.db

An order names the ledger that it is to succeed, or that there is none yet: where another stands by now, it was carried out. One that could not be is kept with the reason, told at the
glass, and not tried again by itself: a new ledger that began some morning without anybody would surprise everybody.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from config.vocabulary import Cents
from drivers.intake.bus import BusError
from kiosk.agents import AgentsUnreadable, opened
from kiosk.begin import begin_ledger
from kiosk.console.actions import OrderSuccession
from kiosk.console.succession.vocabulary import (
    NO_GENERATION,
    Hindered,
    Ledger,
    LedgerSeen,
    NoneYet,
    Order,
    SuccessionOrdered,
)
from kiosk.console.told import NewLedger
from kiosk.deposit.notes import Note, NoteKind
from kiosk.words.catalogue import Words
from ledger.chain import time_of
from ledger.database import reading
from ledger.sync.acknowledged import StateError, last_acknowledged, read_marks
from ledger.views import entries, generation, head, open_vouchers
from ledger.vocabulary import ClockBehind, LedgerError, LedgerLocked, LedgerUnavailable, NoLedger

SCHEMA = """
CREATE TABLE IF NOT EXISTS succession (
    only INTEGER PRIMARY KEY CHECK (only = 1), agent TEXT NOT NULL, second TEXT NOT NULL, why TEXT NOT NULL, generation TEXT NOT NULL, hindered TEXT);
"""

READER_ENDS_S, AGAIN_S = 20.0, 0.5
"""A round of the sync has the ledger open for a moment."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of an order. ``error``: the type of what hindered it. ``archive``: the old ledger's name, where this start gave it."""

    order: Order
    error: str | None = None
    archive: str | None = None


def carry_out(settings: Settings, sleep: Callable[[float], None] = time.sleep) -> Carried | None:
    """Before the ledger is opened. None: nothing was ordered, or what was has been told as hindered."""
    path = settings.files.kiosk
    try:
        order = read_order(path)
    except AgentsUnreadable:
        # nobody's order is known; a file that is damaged is set aside (``app.first_code``)
        return None
    if order is None or order.hindered is not None:
        return None
    carried, kept = _carried(settings, order, sleep)
    with suppress(AgentsUnreadable):
        # what cannot be written now is found out again by the next start
        write_order(path, kept)
    return carried


def note_of(carried: Carried) -> Note:
    """As a line of the log."""
    order = carried.order
    who = {"agent": order.by, "second": order.second, "why": order.why.value}
    if carried.error is not None:
        return Note(NoteKind.GENERATION_HINDERED, {**who, "error": carried.error})
    return Note(NoteKind.GENERATION_BEGUN, {**who, "archive": carried.archive})


def _carried(settings: Settings, order: Order, sleep: Callable[[float], None]) -> tuple[Carried, Order | None]:
    """What became of it, and what is left of it."""
    ledger = settings.files.ledger
    try:
        if _standing(ledger, order) != order.generation:
            return Carried(order), None
        return Carried(order, archive=_begun(settings, order, sleep)), None
    except (BusError, LedgerError) as error:
        if _is_done(ledger, order):
            return Carried(order), None
        return Carried(order, error=type(error).__name__), replace(order, hindered=_hindered(error))


def _begun(settings: Settings, order: Order, sleep: Callable[[float], None]) -> str | None:
    """Raises BusError, LedgerError."""
    words = Words()
    by = words.text("generation.by", first=order.by, second=order.second)
    why = words.text(f"generation.why.{order.why}")
    tries = int(READER_ENDS_S / AGAIN_S)
    while True:
        try:
            archive = begin_ledger(settings, by, why, succeeding=order.generation != NO_GENERATION).archive
        except LedgerLocked:
            tries -= 1
            if not tries:
                raise
            sleep(AGAIN_S)
        else:
            return None if archive is None else archive.name


def _standing(ledger: Path, order: Order) -> str:
    """Which ledger stands there now. Raises LedgerError; where one is gone that was to be succeeded, too."""
    try:
        return _first_of(ledger)
    except NoLedger:
        if order.generation == NO_GENERATION:
            return NO_GENERATION
        raise


def _is_done(ledger: Path, order: Order) -> bool:
    """Whether another ledger stands there all the same: its last step may fail once it does."""
    try:
        return _standing(ledger, order) != order.generation
    except LedgerError:
        return False


def _hindered(error: BusError | LedgerError) -> Hindered:
    match error:
        case BusError():
            return Hindered.CONTROLLER
        case LedgerLocked():
            return Hindered.READER
        case ClockBehind():
            return Hindered.CLOCK
        case LedgerUnavailable():
            return Hindered.DISK
        case _:
            return Hindered.OTHER


def _first_of(ledger: Path) -> str:
    """The hash of a ledger's first row. Raises LedgerError."""
    with reading(ledger) as connection:
        return next(entries(connection, limit=1)).hash


def order_now(path: Path, ledger: Path, asked: OrderSuccession) -> SuccessionOrdered:
    """On the disk when it returns. Raises AgentsUnreadable, LedgerError."""
    try:
        generation = _first_of(ledger)
    except NoLedger:
        generation = NO_GENERATION
    order = Order(asked.number, asked.second or "", asked.why, generation)
    write_order(path, order)
    return SuccessionOrdered(order)


def read_order(path: Path) -> Order | None:
    """Raises AgentsUnreadable."""
    if not path.exists():
        return None
    with opened(path, SCHEMA) as db:
        found = db.execute("SELECT agent, second, why, generation, hindered FROM succession").fetchone()
    if found is None or found[2] not in list(NewLedger):
        return None
    by, second, why, first, hindered = found
    known = Hindered.OTHER if hindered and hindered not in list(Hindered) else hindered
    return Order(by, second, NewLedger(why), first, Hindered(known) if known else None)


def write_order(path: Path, order: Order | None) -> None:
    """On the disk when it returns. Raises AgentsUnreadable."""
    with opened(path, SCHEMA) as db:
        db.execute("DELETE FROM succession")
        if order is not None:
            values = (order.by, order.second, order.why.value, order.generation, order.hindered)
            db.execute("INSERT INTO succession VALUES (1, ?, ?, ?, ?, ?)", values)


def look_at_ledger(path: Path, ledger: Path, acknowledged: Path, kiosk: str) -> LedgerSeen:
    """What the page tells; ``kiosk``: its configured name. Raises AgentsUnreadable, LedgerError."""
    order = read_order(path)
    if not ledger.exists():
        return LedgerSeen(NoneYet(kiosk), order.hindered if order is not None and order.generation == NO_GENERATION else None)
    with reading(ledger) as connection:
        first, begun, last = next(entries(connection, limit=1)), generation(connection), head(connection)
        vouchers = open_vouchers(connection)
    seen = Ledger(
        begun=time_of(first.booked),
        by=begun.by,
        why=begun.why,
        kiosk=begun.kiosk,
        controller_id=begun.controller_id,
        rows=last.row,
        unsent=last.row - _acknowledged(acknowledged, first.hash),
        synced=_synced(acknowledged),
        vouchers=len(vouchers),
        cents=Cents(sum(voucher.amount for voucher in vouchers)),
    )
    return LedgerSeen(seen, order.hindered if order is not None and order.generation == first.hash else None)


def _acknowledged(path: Path, generation: str) -> int:
    """Up to which row; a mark that cannot be read is none."""
    try:
        return next((mark.row for mark in read_marks(path) if mark.generation == generation), 0)
    except StateError:
        return 0


def _synced(path: Path) -> datetime | None:
    try:
        at = last_acknowledged(path)
    except StateError:
        return None
    return None if at is None else time_of(at)
