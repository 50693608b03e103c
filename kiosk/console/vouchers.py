"""The steps of a voucher at the desk: found, then paid."""

from dataclasses import replace

from kiosk.console import working
from kiosk.console.actions import FindVoucher, PayVoucher
from kiosk.console.events import PayAsked, PayNotSure, VoucherAsked, VoucherNotPaid, VoucherPaid, VoucherTold
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.told import Presented
from kiosk.console.working import Step, does
from kiosk.deposit.notes import Note, NoteKind
from ledger.vocabulary import Refusal


def asked(console: Console, face: AtWork, event: VoucherAsked | PayAsked | PayNotSure) -> Step:
    """A voucher is found, then paid: once, and only after it was asked whether the money was handed over."""
    here = face.presented
    payable = is_payable(here)
    match event:
        case VoucherAsked(presented) if not here.paying:
            face = replace(face, failing=None, presented=Presented())
            return does(console, face, *((FindVoucher(presented),) if presented else ()))
        case PayAsked(sure) if payable and may(face.agent.role, Deed.PAY) and here.found is not None:
            paying = sure and here.sure
            face = replace(face, failing=None, presented=replace(here, sure=not paying, paying=paying))
            return does(console, face, *((PayVoucher(here.found.code, face.agent.number),) if paying else ()))
        case PayNotSure() if payable:
            return does(console, replace(face, presented=replace(here, sure=False)))
        case _:
            return console, ()


def is_payable(here: Presented) -> bool:
    """A doubtful one too: the ledger wants a second agent for it."""
    refused = here.refused is not None and here.refused.why is not Refusal.DOUBTFUL
    return here.found is not None and not refused and here.payment is None and not here.paying


def told(console: Console, face: AtWork, event: VoucherTold | VoucherPaid | VoucherNotPaid) -> Step:
    """What the ledger says of it; of another than the one that stands there it is told to nobody: it was paid, and says so."""
    here = face.presented
    match event:
        case VoucherTold(found, refused):
            if here.paying:
                # of a scan before the one that is paid now: its answer must find what it answers
                return console, ()
            console, nothing = working.told(console, replace(face, presented=Presented(found, refused)))
            if refused is None:
                return console, nothing
            return console, (Note(NoteKind.VOUCHER_REFUSED, {"agent": face.agent.number, "why": refused.why.value}),)
        case VoucherPaid(payment) if here.paying and here.found is not None and here.found.code == payment.code:
            return working.told(console, replace(face, presented=replace(here, paying=False, sure=False, payment=payment)))
        case VoucherNotPaid(refused) if here.paying:
            return working.told(console, replace(face, presented=replace(here, paying=False, sure=False, refused=refused)))
        case _:
            return console, ()
