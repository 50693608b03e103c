"""The states of a deposit session: what the machine and the visitor are in the middle of.

A ``Session`` is a visit (or none) and a *phase*. The phases of one bottle's way::

    Starting, Unlinked
                 │ ┌──────────────────────────── any doubt: start, time-out, reset, port back ◀──────────┐
                 ▼ ▼                                                                                      │
            Reconciling ─Rested▶ ReconcileBooking ─▶ open intent or item? ─no───────────┐                 │
                 ▲                                      │yes: Return                    │                 │
                 │◀──still there──── Fencing ◀──────────┘                               ▼                 │
                 │                     │Rested, taken, empty                         Opening ──Open──▶ Ready
                 │                  FenceBooking ─intent still open▶ EndingIntent ───▶  ▲                 │ItemEntered
                 │                                                                      │                 ▼
                 │                   Returning ◀──────────refused, its bin full─────────────────────── Checking
                 │                     │TakenBack ─▶ Opening                            │                 │accepted
                 └──not counted──── Sorting ◀── Intending ◀──────────────────────────────────────────────┘
                                       │ItemDropped                                     │
                                    Crediting ─credited─────────────────────────────────┘

and of the visit::

    Ready ─Finish▶ Shutting ─▶ Choosing ─Keep, 15 s▶ Issuing ─▶ Showing ─Done, 60 s▶ Parting ─▶ Opening (next visitor)
      │ ▲                        │ │  ▲                            ▲                   │
      │ │60 s          Add more ◀┘ │  └Cancel, 15 s┐               └─ Voucher (again) ─┘
      │ │                          ├─Give▶ ConfirmingGift ─Confirm▶ Issuing ─▶ Thanking ─▶ Opening
      │ │                          └─Give, to several▶ PickingAssociation ─GiveTo▶ ConfirmingGift;  Cancel, 60 s▶ Choosing
      ▼ │Alive or a bottle
    StillHere ─30 s▶ Issuing (timed out: unclaimed) ─▶ Parting
    Parting ─30 s, or 10 s once Done was touched▶ the voucher's pages are closed in the ledger too;  Again, Done end it at once
    every wait for the visitor begins anew with a sign of life (Alive); none for the machine or the ledger does
    Starting ─a voucher's pages were open when the power failed▶ Showing, or Parting if it was not asked for
    Issuing ─something is owed, a voucher that nobody asked for or a bottle that was not counted▶ Parting;  without money▶ Thanking
    limit reached, all bins full, or Finish while a bottle was under way: Opening ends in Choosing, the gate stays shut

What stops the machine (``halts.py``) does so where it would open the gate or send a Return, so that what is under way comes to its end::

    ReconcileBooking, next bottle ── door, fault, camera, ledger, bins, hours, budget ──▶ Stopped ── it ended ──▶ Reconciling
    Fencing, Returning ── left there twice ──▶ Stopped (left behind) ── Take out ──▶ Fencing
    Stopped (day budget) ── Without money ──▶ Reconciling ──▶ Opening (nothing is paid)
    Stopped (jam) ── service door opened and shut ──▶ Clearing ── Rested ──▶ ReconcileBooking
    anything at rest ── a number leapt ──▶ ReconcileBooking, or at once ──▶ Stopped (numbers) ── right again ──▶ ReconcileBooking
    ReconcileBooking ── jammed below the chamber, its Sort is over ──▶ EndingIntent (uncounted) ──▶ Stopped (jam)
    Stopped, Unlinked ── Finish, Keep ──▶ Choosing;  90 s with a sum ──▶ Issuing (timed out: unclaimed) ──▶ Parting ──▶ Reconciling

The ledger's answers may come in any phase: each is taken over (``answers.py``), and ends only the phase that asked for it::

    Stopped, Unlinked ── a credit is told late, its time is over ──▶ Issuing;  not over: 90 s from now
    Stopped, Unlinked ── a voucher is told late ──▶ Showing, or Parting if it was not asked for

A technician asks for the machine, then a tool for its line and camera::

    next bottle ── service ──▶ Stopped (service) ── a tool asks ──▶ Reconciling ──▶ Lent ── it gives back ──▶ Starting ──▶ Reconciling
                                    ▲                                   │ a visit, an intent, an item, or not in service
                                    └──────────── refused ──────────────┘
    Stopped (service) ── the technician is done ──▶ Reconciling ──▶ Opening

Somebody of the staff logs in, and the glass is no visitor's until they log out::

    next bottle ── staff ──▶ Stopped (staff) ── they log out ──▶ Reconciling ──▶ Opening, with the visit that was open
    next bottle ── they put it to rest ──▶ Stopped (rest) ── they take it up again, or a start that knows of it no more ──▶ Reconciling
    every wait for the visitor ── they log in ──▶ the same phase, for 10 minutes at most ── they log out ──▶ its wait begins anew
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from config.vocabulary import NO_CENTS, Association, Bin, Cents, Material, Reason, SequenceNumber
from drivers.intake.bus import HotBlock
from drivers.intake.trouble import LinkTrouble
from drivers.printer.state import PrinterState
from kiosk.deposit.actions import Intend, LedgerAction, OpenVisit
from kiosk.deposit.halts import Halt, NoPicture, Obstacle, OtherVersion, Resting
from ledger.vocabulary import Cause, DayTaken, Intent, Visit, Voucher
from recognition.shown import Shown
from recognition.verdict import Verdict


@dataclass(frozen=True, slots=True)
class LastItem:
    """What became of the last item. ``material`` of one that was taken, or whose bin is full. ``shown``: the camera's picture of one that is refused
    for its code, for as long as the item is the last one; nothing here looks into it.
    """

    accepted: bool
    reason: Reason | None = None
    material: Material | None = None
    amount: Cents = NO_CENTS
    shown: Shown | None = None


class TicketStage(StrEnum):
    """How far the ticket of a voucher is; ``ticket.py`` has the diagram."""

    BEGINNING = "beginning"
    PRINTING = "printing"
    PRINTED = "printed"
    BROKEN = "broken"
    UNBEGUN = "unbegun"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The last ticket of a voucher. ``tries``: how many were begun."""

    code: str
    stage: TicketStage
    tries: int


class Printing(StrEnum):
    """What whoever stands before a voucher is told of printing. ``BROKEN``: what came out is not whole, if anything did."""

    OFFERED = "offered"
    BUSY = "busy"
    DONE = "done"
    BROKEN = "broken"
    NO_PAPER = "no_paper"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True)
class DayRefused:
    """Items refused on a day; None where that cannot be known."""

    day: date
    items: int | None


@dataclass(frozen=True, slots=True)
class Starting:
    """The program has begun, or the line has come back to it, and the first question to the controller is on its way."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """No controller answers, or the port is gone."""


@dataclass(frozen=True, slots=True)
class Reconciling:
    """In doubt; the controller was asked to say when it rests."""


@dataclass(frozen=True, slots=True)
class ReconcileBooking:
    """At rest; what its totaliser shows is being booked."""

    hot: HotBlock


@dataclass(frozen=True, slots=True)
class Fencing:
    """A Return is under way: once it is taken, nothing older can run."""

    sequence: SequenceNumber


@dataclass(frozen=True, slots=True)
class FenceBooking:
    """Fenced, at rest, chamber empty; booking once more before an intent still open is ended."""

    hot: HotBlock


@dataclass(frozen=True, slots=True)
class EndingIntent:
    """The intent is being ended as cancelled or uncounted."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """A person has been inside the machine; Clear was sent, so that it tries its parts again."""

    sequence: SequenceNumber


@dataclass(frozen=True, slots=True)
class Opening:
    """Open was sent; the next bottle may come once the gate is open."""

    sequence: SequenceNumber


@dataclass(frozen=True, slots=True)
class Ready:
    """The gate is open. Without a visit: the attract screen; with one: feeding."""


@dataclass(frozen=True, slots=True)
class Checking:
    """Something is in the chamber behind the shut gate; looks are taken, weight and verdict awaited."""

    item: int
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Intending:
    intent: Intent


@dataclass(frozen=True, slots=True)
class Sorting:
    intent: Intent


@dataclass(frozen=True, slots=True)
class Crediting:
    """It was counted; the credit is being made durable. Only then does the gate open for the next."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Returning:
    """The item is being handed back."""

    sequence: SequenceNumber
    reason: Reason


@dataclass(frozen=True, slots=True)
class Shutting:
    """A Return on the empty chamber shuts the gate before the visitor chooses, or before the visit ends for ``cause``."""

    sequence: SequenceNumber
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Choosing:
    """Keep, give, or add more; ``limit`` says why no more can be added. Whoever says nothing keeps it."""

    limit: Reason | None = None


@dataclass(frozen=True, slots=True)
class PickingAssociation:
    """The visitor wants to give, and there are several to give to."""

    limit: Reason | None = None


@dataclass(frozen=True, slots=True)
class ConfirmingGift:
    association: Association
    limit: Reason | None = None


@dataclass(frozen=True, slots=True)
class Issuing:
    """The visit's end is being made durable; ``cause`` is None for a gift and for a visit without a sum. ``unpaid``: it brought bottles."""

    cause: Cause | None = None
    unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Showing:
    voucher: Voucher


@dataclass(frozen=True, slots=True)
class Parting:
    """Whoever leaves is owed something: the number under which it is kept stands there, with the way to the voucher, if there is one.

    ``seen``: the voucher's page has stood. ``noted``: its visitor has noted it.
    """

    voucher: Voucher | None = None
    seen: bool = False
    noted: bool = False

    @property
    def may_see(self) -> bool:
        """After a power cut that lasted nobody knows who stands there: the number is told, the code is not."""
        return self.voucher is not None and self.voucher.cause is not Cause.POWER_CUT


@dataclass(frozen=True, slots=True)
class Thanking:
    """``gift`` and whom it went to, after one."""

    gift: Cents | None = None
    association: Association | None = None


@dataclass(frozen=True, slots=True)
class StillHere:
    """Nothing happened for a while: asking before the visit ends by itself. The gate is still open."""


@dataclass(frozen=True, slots=True)
class Stopped:
    why: Obstacle

    @property
    def halt(self) -> Halt:
        return self.why.halt


@dataclass(frozen=True, slots=True)
class Lent:
    """Intake line and camera are with a technician's tool: nothing is sent, and nothing that is told counts until they come back."""


Phase = (
    Starting
    | Unlinked
    | Reconciling
    | ReconcileBooking
    | Fencing
    | FenceBooking
    | EndingIntent
    | Clearing
    | Opening
    | Ready
    | Checking
    | Intending
    | Sorting
    | Crediting
    | Returning
    | Shutting
    | Choosing
    | PickingAssociation
    | ConfirmingGift
    | Issuing
    | Showing
    | Parting
    | Thanking
    | StillHere
    | Stopped
    | Lent
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What configuration and ledger fix for as long as the program runs. Times in seconds.

    ``associations``: whom a visitor may give to, at most nine; without one nothing can be given. From ``full_percent`` on a bin takes nothing more. ``without_money``: whoever comes when the day's money is used up may hand in all the
    same. What lies in the chamber is offered ``offers`` times, then the gate stays shut on it. What waits for
    the visitor can be prolonged without end, by any touch (WCAG 2.2.1); while staff have the glass it waits ``staff_s`` instead. After a power cut
    a visit goes on within ``resume_within_s`` of its last row; within ``part_within_s`` whoever still waits for it is told the number under which
    its sum is kept, and after that nobody is. A ticket that broke off is begun ``ticket_tries`` times at most; more copies are staff's.
    A gate that cannot shut, with nothing inside, keeps a technician waiting for ``parks_s``.
    """

    controller_id: int
    reward: Cents
    visit_bottles: int
    bins: Mapping[Material, Bin]
    associations: tuple[Association, ...] = ()
    demonstration: bool = False
    without_money: bool = False
    full_percent: int = 95
    offers: int = 2
    idle_s: float = 60.0
    still_here_s: float = 30.0
    choose_s: float = 15.0
    voucher_s: float = 60.0
    parting_s: float = 30.0
    noted_s: float = 10.0
    thanks_s: float = 5.0
    patience_s: float = 20.0
    hand_back_s: float = 60.0
    parks_s: float = 5.0
    retry_s: float = 5.0
    budget_retry_s: float = 60.0
    resume_within_s: float = 600.0
    ticket_tries: int = 2
    staff_s: float = 600.0
    part_within_s: float = 1800.0


@dataclass(frozen=True, slots=True)
class Session:
    """``last_sequence`` is the highest that was ever used, ``totaliser`` what is booked; ``intent`` the open one; ``overdue`` ends the visit
    once all is reconciled.

    ``latched`` is what only a person can end. It outlasts the phases between visitor and ledger, in which a sum may still be kept.
    ``link_lost``: why no controller answers; ``refused``: the one on the port is none that this program can speak to. ``hot`` is what the controller told last, and
    ``hand`` whether one is in the gate's way. ``offered``: how often what lies in the chamber was offered and left there. ``attended``: the
    service door was opened and shut since the controller latched its fault.

    ``asked`` of the ledger and not yet answered, the oldest first. ``row``: the newest whose books are taken over. ``finishing``: the visitor asked to finish while something was
    under way. ``possible``: bottles that a visit which begins now may be paid for. ``without_money``: the visitor agreed to hand in without.
    ``left``: the visit that has ended, as it stood then, until its visitor has parted. ``refusals``: how many items in a row were refused for one reason, which is ``refused_for``. ``resumed``: the visit was open when the kiosk started, and nothing has happened in it
    since. ``unshown``: a voucher that the start found or that was told late, to be shown before the gate opens. ``gone``: whoever was to be shown
    something has waited for so long that they have gone. ``waited_s``: how long the ledger's failure has kept
    the visitor waiting. ``day``: the date in Paris, None while no clock vouches for it; ``taken`` and
    ``refused_on`` count the bottles of a day. ``closed_until``: the hall is closed, and opens then. ``service``: a technician asked for the machine, and ``loan_asked``
    whether a tool waits for its line and camera. ``staff``: somebody of the staff is logged in. ``resting``: they have put the machine to rest.
    ``printer``: how it was told last, None where there is none.
    """

    rules: Rules
    phase: Phase
    last_sequence: SequenceNumber
    totaliser: int = 0
    linked: bool = False
    link_lost: LinkTrouble | None = None
    refused: OtherVersion | None = None
    hot: HotBlock | None = None
    visit: Visit | None = None
    row: int = 0
    asked: tuple[LedgerAction, ...] = ()
    intent: Intent | None = None
    overdue: Cause | None = None
    finishing: bool = False
    item: LastItem | None = None
    items_seen: int = 0
    possible: int | None = None
    date_known: bool = True
    without_money: bool = False
    left: Visit | None = None
    refusals: int = 0
    refused_for: Reason | None = None
    resumed: bool = False
    unshown: Voucher | None = None
    gone: bool = False
    offered: int = 0
    hand: bool = False
    attended: bool = False
    waited_s: float = 0.0
    day: date | None = None
    taken: DayTaken | None = None
    refused_on: DayRefused | None = None
    closed_until: datetime | None = None
    service: bool = False
    loan_asked: bool = False
    staff: bool = False
    resting: Resting | None = None
    camera_lost: NoPicture | None = None
    ledger_lost: Obstacle | None = None
    latched: Obstacle | None = None
    printer: PrinterState | None = None
    ticket: Ticket | None = None

    @property
    def visit_asked(self) -> bool:
        """Whether the ledger was asked to open a visit and has not answered."""
        return any(isinstance(action, OpenVisit) for action in self.asked)

    @property
    def intent_asked(self) -> bool:
        """Whether the ledger was asked for an intent and has not answered: the books do not know of it yet."""
        return any(isinstance(action, Intend) for action in self.asked)
