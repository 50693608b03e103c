"""The view-state: all that a screen may know, frozen. One function makes it from a session; screens hold no rules."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from config.vocabulary import NO_CENTS, Association, Cents, Material, Reason
from kiosk.console.view import StaffView
from kiosk.deposit.halts import HallClosed, Halt, InService, NoController, Obstacle
from kiosk.deposit.moves import for_visitor_s, limit_of
from kiosk.deposit.obstacles import full, obstacle, unpaid
from kiosk.deposit.states import (
    Checking,
    Choosing,
    Clearing,
    ConfirmingGift,
    Crediting,
    EndingIntent,
    FenceBooking,
    Fencing,
    Intending,
    Issuing,
    LastItem,
    Lent,
    Opening,
    Parting,
    PickingAssociation,
    Printing,
    Ready,
    ReconcileBooking,
    Reconciling,
    Returning,
    Session,
    Showing,
    Shutting,
    Sorting,
    Starting,
    StillHere,
    Stopped,
    Thanking,
    Unlinked,
)
from kiosk.deposit.ticket import may_print, printing
from kiosk.deposit.today import Today, today
from ledger.vocabulary import Voucher


class Screen(StrEnum):
    """Which screen stands."""

    ATTRACT = "attract"
    FEEDING = "feeding"
    CHECKING = "checking"
    REFUSED = "refused"
    CHOOSE = "choose"
    ASSOCIATIONS = "associations"
    GIFT = "gift"
    VOUCHER = "voucher"
    PARTING = "parting"
    THANKS = "thanks"
    STILL_HERE = "still_here"
    HAND = "hand"
    ONE_MOMENT = "one_moment"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True)
class ViewState:
    """``bottles``, ``cents``, ``uncounted`` and ``visit_number`` are of the open visit, or of the one that has ended until its visitor has parted.

    ``full``: materials that are not taken now. ``finishing``: Finish was heard, and comes as soon as what is under way has ended.
    ``offered``: how often the refused item has been offered and left. ``possible``: bottles that may still be put in, by this visit or the
    next; None while nobody knows or counts. ``without_money``: the visitor agreed to be paid nothing; ``offers_without_money``: may
    agree to it. ``uncounted``: bottles of the visit that fell and were not counted, which the desk may credit. ``refusals``: how many items in a row were refused for the
    reason of ``item``. ``resumed``: the power was off, and the visit goes on.
    ``associations``: whom the sum may be given to; ``association``: whom it is, or was, given to.
    ``kept_until``: the last day on which what is owed at parting is paid, None where it is no sum; ``may_see``: its voucher can be seen, or, once
    ``seen``, seen again; ``may_go_on``: nothing is known that keeps the same visitor from putting in more.
    ``ends_in_s``: after so long the screen goes on by itself; ``may_stay``: whatever is waited for, it is the visitor, and a sign of life has
    it waited for anew.
    ``printing``: what there is to tell of a ticket, None without a printer; ``may_print``: it may be asked for now.
    ``staff``: what stands on the glass where it is not the visitor's.
    ``today``: what this machine has done today, None if there is nothing to tell. ``why``: what stops the machine, with its facts. ``date_known``: whether a day ends at midnight, or by a count of hours.
    """

    screen: Screen
    visit_number: str | None = None
    bottles: int = 0
    cents: Cents = NO_CENTS
    possible: int | None = None
    without_money: bool = False
    offers_without_money: bool = False
    uncounted: int = 0
    refusals: int = 0
    resumed: bool = False
    ends_in_s: float | None = None
    may_stay: bool = False
    demonstration: bool = False
    item: LastItem | None = None
    limit: Reason | None = None
    full: tuple[Material, ...] = ()
    finishing: bool = False
    offered: int = 0
    voucher: Voucher | None = None
    kept_until: date | None = None
    may_see: bool = False
    seen: bool = False
    may_go_on: bool = False
    gift: Cents | None = None
    associations: tuple[Association, ...] = ()
    association: Association | None = None
    why: Obstacle | None = None
    date_known: bool = True
    today: Today | None = None
    staff: StaffView | None = None
    printing: Printing | None = None
    may_print: bool = False

    @property
    def halt(self) -> Halt | None:
        return self.why.halt if self.why is not None else None

    @property
    def closed_until(self) -> datetime | None:
        """When a hall that is closed opens next, in Paris."""
        return self.why.until if isinstance(self.why, HallClosed) else None


def view(session: Session) -> ViewState:
    """What the screen shows of a session."""
    visit, phase = session.visit, session.phase
    if isinstance(phase, Showing | Parting):
        visit = session.left
    parting = phase if isinstance(phase, Parting) else Parting()
    return ViewState(
        screen=_screen(session),
        visit_number=visit.number if visit else None,
        bottles=visit.bottles if visit else 0,
        cents=visit.cents if visit else NO_CENTS,
        possible=_possible(session),
        without_money=unpaid(session),
        offers_without_money=isinstance(phase, Stopped) and phase.halt is Halt.DAY_BUDGET and session.rules.without_money,
        uncounted=visit.uncounted if visit else 0,
        refusals=session.refusals,
        resumed=session.resumed and visit is not None,
        ends_in_s=_ends_in_s(session),
        may_stay=for_visitor_s(session) is not None,
        demonstration=session.rules.demonstration,
        item=session.item,
        limit=phase.limit if isinstance(phase, Choosing | PickingAssociation | ConfirmingGift) else None,
        full=tuple(material for material, bin in session.rules.bins.items() if full(session, bin)),
        finishing=session.finishing and visit is not None,
        offered=session.offered,
        voucher=phase.voucher if isinstance(phase, Showing) else None,
        kept_until=parting.voucher.valid_until if parting.voucher else None,
        may_see=parting.may_see,
        seen=parting.seen,
        may_go_on=isinstance(phase, Parting) and _may_go_on(session),
        gift=phase.gift if isinstance(phase, Thanking) else None,
        associations=session.rules.associations if isinstance(phase, Choosing | PickingAssociation) else (),
        association=phase.association if isinstance(phase, ConfirmingGift | Thanking) else None,
        why=stopped_by(session),
        date_known=session.date_known,
        today=today(session),
        printing=printing(session),
        may_print=may_print(session),
    )


def _screen(session: Session) -> Screen:
    phase = session.phase
    if session.hand and not isinstance(
        phase, Unlinked | Stopped | Lent | Choosing | PickingAssociation | ConfirmingGift | Issuing | Showing | Parting | Thanking
    ):
        return Screen.HAND
    match phase:
        case Unlinked() | Stopped() | Lent():
            return Screen.OUT_OF_ORDER
        case Fencing() if session.hot is not None and session.hot.occupied:
            return Screen.REFUSED
        case (
            Starting()
            | Reconciling()
            | ReconcileBooking()
            | Fencing()
            | FenceBooking()
            | EndingIntent()
            | Clearing()
            | Shutting()
            | Issuing()
        ):
            return Screen.ONE_MOMENT
        case Opening() | Ready():
            return Screen.ATTRACT if session.visit is None and not session.without_money else Screen.FEEDING
        case Checking() | Intending() | Sorting() | Crediting():
            return Screen.CHECKING
        case Returning():
            return Screen.REFUSED
        case Choosing():
            return Screen.CHOOSE
        case PickingAssociation():
            return Screen.ASSOCIATIONS
        case ConfirmingGift():
            return Screen.GIFT
        case Showing():
            return Screen.VOUCHER
        case Parting():
            return Screen.PARTING
        case Thanking():
            return Screen.THANKS
        case StillHere():
            return Screen.STILL_HERE
        case _:
            assert_never(phase)


def _possible(session: Session) -> int | None:
    if unpaid(session):
        return None
    return session.visit.remaining if session.visit else session.possible


def _may_go_on(session: Session) -> bool:
    """Known only once the gate opens for the next visit; the day's money is left out, whose rest the next booking tells."""
    if session.left is None or session.latched is not None or session.refused is not None or not session.linked:
        return False
    spent = limit_of(replace(session, visit=session.left)) is Reason.DAY_BUDGET
    return not spent and obstacle(replace(session, possible=None)) is None


def _ends_in_s(session: Session) -> float | None:
    """A visitor at the open gate who does nothing is asked first whether anybody is there, and only then do seconds run out."""
    match session.phase:
        case Ready():
            return None
        case Thanking():
            return session.rules.thanks_s
        case _:
            return for_visitor_s(session)


def stopped_by(session: Session) -> Obstacle | None:
    """Why the machine takes nothing, if it has stopped."""
    match session.phase:
        case Unlinked():
            return NoController(session.link_lost)
        case Stopped(why):
            return why
        case Lent():
            return InService()
        case _:
            return None
