"""The steps of ordering a new generation. Nothing of the ledger is touched while the kiosk runs: what two people have ordered is durable, and the next start carries it out.

::

    looking ──▶ the ledger, why ──chosen──▶ what will happen ──asked──▶ the second agent ──▶ ordering ──SuccessionOrdered──▶ the kiosk begins anew
                    ▲                             └── back ──┘              └── back ──┘         └── Failed ──▶ the ledger, why
"""

from dataclasses import replace

from kiosk.console.actions import OrderSuccession, StartAnew
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console, Seconding
from kiosk.console.succession.vocabulary import (
    AtSuccession,
    LedgerSeen,
    LookAtLedger,
    NoneYet,
    SuccessionAsked,
    SuccessionEvent,
    SuccessionOrdered,
    WhyChosen,
)
from kiosk.console.told import NewLedger
from kiosk.console.working import Step, does, told
from kiosk.deposit.notes import Note, NoteKind


def step(console: Console, face: AtWork, event: SuccessionEvent) -> Step:
    here = face.succeeding
    if not may(face.agent.role, Deed.GENERATION):
        return console, ()
    match event:
        case LedgerSeen(ledger, hindered):
            return told(console, replace(face, succeeding=replace(here, ledger=ledger, hindered=hindered)))
        case WhyChosen(why) if not here.ordering and _fits(why, here):
            return _goes_on(console, face, replace(here, why=why))
        case SuccessionAsked() if here.why is not None and not here.ordering:
            wanted = Seconding(OrderSuccession(face.agent.number, here.why))
            return _goes_on(console, replace(face, seconding=wanted), here)
        case _:
            return console, ()


def _fits(why: NewLedger | None, here: AtSuccession) -> bool:
    """A first ledger begins because the kiosk is commissioned."""
    return not isinstance(here.ledger, NoneYet) or why in {None, NewLedger.COMMISSIONED}


def _goes_on(console: Console, face: AtWork, here: AtSuccession) -> Step:
    return does(console, replace(face, failing=None, succeeding=here))


def ordered(console: Console, event: SuccessionOrdered) -> Step:
    """Whoever stands at the glass by now: what is durable is not left to a start that may come at any time."""
    order = event.order
    facts = {"agent": order.by, "second": order.second, "why": order.why.value}
    return console, (Note(NoteKind.GENERATION_ORDERED, facts), StartAnew())


def looks() -> LookAtLedger:
    return LookAtLedger()
