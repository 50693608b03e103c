"""The steps of what staff have printed: a voucher once more, the day's report, and why an item was handed back.

A copy is in the ledger before the first byte, as the visitor's is, with who asked for it; so what broke off, or what a power cut took, is printed again as the
next copy, and each but the first says DUPLICATA. A report or an explanation is no money: nothing is written of it.
"""

from dataclasses import replace

from kiosk.console import working
from kiosk.console.actions import BeginCopy, PrintCopy, PrintDay, PrintRefusal
from kiosk.console.events import CopyBegun, CopyRefused, DayPrintAsked, RefusalPrintAsked, SheetNotPrinted, SheetPrinted, VoucherPrintAsked
from kiosk.console.helping import opened
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console, Helping
from kiosk.console.told import OnPaper, PaperStage, Presented
from kiosk.console.working import Step, does

UNDER_WAY = (PaperStage.BEGINNING, PaperStage.PRINTING)


def is_printable(here: Presented) -> bool:
    """A voucher of this kiosk's whose entry is at hand, and that nobody has been paid for."""
    found = here.found
    if found is None or here.payment is not None or here.paying or here.sure:
        return False
    return found.paid is None and found.proved is True and found.issued is not None and found.visit is not None


def is_in_hand(here: Helping) -> bool:
    """A code that was revealed to its claimant, or made for them, on the page where they are helped; it is taken to be unpaid until the ledger says otherwise."""
    return here.voucher is not None and here.refused is None and not (here.writing or here.granting or here.asking)


def _code_of(face: AtWork) -> str | None:
    """The voucher that stands there and may be printed."""
    if face.deed is Deed.VOUCHERS and is_printable(face.presented) and face.presented.found is not None:
        return face.presented.found.code
    if face.deed is Deed.HELP and is_in_hand(face.helping) and face.helping.voucher is not None:
        return face.helping.voucher.code
    return None


def asked(console: Console, face: AtWork, event: VoucherPrintAsked | DayPrintAsked | RefusalPrintAsked) -> Step:
    if not may(face.agent.role, Deed.PRINT) or (face.on_paper is not None and face.on_paper.stage in UNDER_WAY):
        return console, ()
    match event:
        case VoucherPrintAsked() if (code := _code_of(face)) is not None:
            return does(console, replace(face, failing=None, on_paper=OnPaper(code)), BeginCopy(code, face.agent.number))
        case DayPrintAsked() if face.deed is Deed.TODAY and (today := face.today) is not None:
            return does(console, replace(face, failing=None, on_paper=OnPaper(None, PaperStage.PRINTING)), PrintDay(today))
        case RefusalPrintAsked() if (
            face.deed is Deed.HELP and (refusing := opened(face.helping)) is not None and face.helping.visit is not None
        ):
            visit = face.helping.visit.record.id
            return does(console, replace(face, failing=None, on_paper=OnPaper(None, PaperStage.PRINTING)), PrintRefusal(refusing, visit))
        case _:
            return console, ()


def told(console: Console, face: AtWork, event: CopyBegun | CopyRefused | SheetPrinted | SheetNotPrinted) -> Step:
    """What ledger and printer say of it; of a sheet that is waited for no more it is told to nobody, and a copy whose agent has gone is not printed."""
    on_paper = face.on_paper
    match event, on_paper:
        case CopyBegun(voucher, copy), OnPaper(code, PaperStage.BEGINNING) if voucher.code == code:
            console, _ = working.told(console, replace(face, on_paper=OnPaper(code, PaperStage.PRINTING, copy)))
            return console, (PrintCopy(voucher, copy),)
        case CopyRefused(refused), OnPaper(_, PaperStage.BEGINNING):
            face = replace(face, on_paper=None)
            if face.deed is Deed.HELP:
                return working.told(console, replace(face, helping=replace(face.helping, refused=refused, shown=False)))
            return working.told(console, replace(face, presented=replace(face.presented, refused=refused)))
        case SheetPrinted(code), OnPaper(of, PaperStage.PRINTING) if of == code:
            return working.told(console, replace(face, on_paper=replace(on_paper, stage=PaperStage.OUT)))
        case SheetNotPrinted(code, trouble), OnPaper(of, PaperStage.PRINTING) if of == code:
            return working.told(console, replace(face, on_paper=replace(on_paper, stage=PaperStage.BROKEN, trouble=trouble)))
        case _:
            return console, ()
