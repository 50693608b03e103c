"""The generation's page in every state, as values of the console."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from config.vocabulary import Cents
from kiosk.console.succession.vocabulary import AtSuccession, Hindered, Ledger, NoneYet
from kiosk.console.told import NewLedger

LEDGER = Ledger(
    begun=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    by="agents 101, 104",
    why="Borne déplacée",
    kiosk="mairie-11-hall",
    controller_id=0x4D41_4952_0000_0017,
    rows=41_212,
    unsent=12,
    synced=datetime(2026, 11, 24, 10, 58, tzinfo=UTC),
    vouchers=31,
    cents=Cents(4_320),
)


def generation_shots() -> Iterator[tuple[str, AtSuccession]]:
    """In the order in which one meets them."""
    listed = AtSuccession(LEDGER)
    yield "looking", AtSuccession()
    first = AtSuccession(NoneYet("mairie-11-hall"))
    yield "first", first
    for hindered in Hindered:
        yield f"first-hindered-{hindered}", replace(first, hindered=hindered)
    yield "first-sure", replace(first, why=NewLedger.COMMISSIONED)
    yield "first-ordering", replace(first, why=NewLedger.COMMISSIONED, ordering=True)
    yield "list", listed
    yield "list-all-sent", AtSuccession(replace(LEDGER, unsent=0))
    yield "list-never-sent", AtSuccession(replace(LEDGER, unsent=LEDGER.rows, synced=None, vouchers=1, cents=Cents(20)))
    for hindered in Hindered:
        yield f"hindered-{hindered}", replace(listed, hindered=hindered)
    for why in NewLedger:
        yield f"sure-{why}", replace(listed, why=why)
    yield "ordering", replace(listed, why=NewLedger.CONTROLLER, ordering=True)
