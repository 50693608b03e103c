"""The ticket of the voucher that stands there: when it is printed, and what becomes of it. Pure, like all of the session.

::

    (none) ──Print, or the page's time runs out without *C'est noté*──▶ BEGINNING ──the ledger has its *printed*──▶ PRINTING ──▶ PRINTED
                                        ▲                                   │ the ledger could not, or would not       │ the printer could not
                                        │                                   ▼                                          ▼
                                        └────Print, once more──────────── UNBEGUN                                    BROKEN
    a start that finds *printed* in the ledger: BROKEN, whatever is on paper

*Printed* is durable before the first byte: what a power cut leaves is a copy that the ledger counts and nobody may have, so the next says DUPLICATA.
An answer that comes after its visitor has parted prints nothing: the next one would take the paper. A ticket that is on its way then is not called back.
"""

from dataclasses import replace

from drivers.printer.state import PrinterFault
from kiosk.deposit.actions import Action, BeginTicket, LedgerAction, PrintTicket
from kiosk.deposit.events import LedgerNews, PrinterEvent, PrinterTold, TicketBegun, TicketPrinted, TicketRefused
from kiosk.deposit.states import Parting, Printing, Session, Showing, Ticket, TicketStage
from ledger.vocabulary import Voucher

UNDER_WAY = (TicketStage.BEGINNING, TicketStage.PRINTING)


def may_print(session: Session) -> bool:
    """Whether the voucher that stands there may be printed now: what was printed once its visitor has, and what broke off is tried once more."""
    if not isinstance(session.phase, Showing) or session.printer is None or not session.printer.prints:
        return False
    ticket = ticket_of(session, session.phase.voucher)
    return ticket is None or (ticket.stage in (TicketStage.BROKEN, TicketStage.UNBEGUN) and ticket.tries < session.rules.ticket_tries)


def begin(session: Session, voucher: Voucher) -> tuple[Session, tuple[Action, ...]]:
    """Asks the ledger for the copy, if it may be printed."""
    if not may_print(session):
        return session, ()
    before = ticket_of(session, voucher)
    ticket = Ticket(voucher.code, TicketStage.BEGINNING, 1 + (0 if before is None else before.tries))
    return replace(session, ticket=ticket), (BeginTicket(voucher.code),)


def by_itself(session: Session, voucher: Voucher) -> tuple[Session, tuple[Action, ...]]:
    """The time of the code's page is over, and nobody has said that it is noted. Once, and not while staff have the glass: nobody could have said so."""
    return (session, ()) if session.staff or ticket_of(session, voucher) is not None else begin(session, voucher)


def goes_on(session: Session, news: LedgerNews) -> tuple[Session, tuple[Action, ...]]:
    """The ledger has answered, whenever that may be."""
    match news, session.ticket:
        case TicketBegun(code, copy), Ticket(of, TicketStage.BEGINNING) if of == code:
            voucher = standing(session)
            if voucher is None or voucher.code != code:
                return replace(session, ticket=None), ()
            return replace(session, ticket=replace(session.ticket, stage=TicketStage.PRINTING)), (PrintTicket(voucher, copy),)
        case TicketRefused(code), Ticket(of, TicketStage.BEGINNING) if of == code:
            return replace(session, ticket=replace(session.ticket, stage=TicketStage.UNBEGUN)), ()
        case _:
            return session, ()


def unbegun(session: Session, asked: LedgerAction) -> Session:
    """The ledger could not write what was asked."""
    match asked, session.ticket:
        case BeginTicket(code), Ticket(of, TicketStage.BEGINNING) if of == code:
            return replace(session, ticket=replace(session.ticket, stage=TicketStage.UNBEGUN))
        case _:
            return session


def told(session: Session, event: PrinterEvent) -> Session:
    """What the printer says, of itself or of the ticket."""
    if isinstance(event, PrinterTold):
        return replace(session, printer=event.state)
    ticket = session.ticket
    if ticket is None or ticket.code != event.code or ticket.stage is not TicketStage.PRINTING:
        return session
    return replace(session, ticket=replace(ticket, stage=TicketStage.PRINTED if isinstance(event, TicketPrinted) else TicketStage.BROKEN))


def standing(session: Session) -> Voucher | None:
    """The voucher whose pages stand."""
    match session.phase:
        case Showing(voucher):
            return voucher
        case Parting(voucher):
            return voucher
        case _:
            return None


def ticket_of(session: Session, voucher: Voucher) -> Ticket | None:
    return session.ticket if session.ticket is not None and session.ticket.code == voucher.code else None


def printing(session: Session) -> Printing | None:
    """What its visitor is told of printing; None where there is nothing to tell."""
    voucher = standing(session)
    if voucher is None or session.printer is None:
        return None
    ticket = ticket_of(session, voucher)
    if ticket is not None and ticket.stage in UNDER_WAY:
        return Printing.BUSY
    if ticket is not None and ticket.stage is TicketStage.PRINTED:
        return Printing.DONE
    if isinstance(session.phase, Parting):
        return None if ticket is None else Printing.BROKEN
    if session.printer.trouble is not None:
        return Printing.NO_PAPER if session.printer.trouble.fault is PrinterFault.PAPER_OUT else Printing.OUT_OF_ORDER
    return Printing.BROKEN if ticket is not None else Printing.OFFERED
