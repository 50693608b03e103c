"""The session of a kiosk: the deposit (visitor and metal) and the console (who of the staff is there), stepped as one. Pure, like both.

Where they touch: whoever logs in shuts the gate, and who logs out opens it; while staff have the glass nothing that is touched is a visitor's; and a bottle
takes the glass back from a log-in page that nobody has used yet.
"""

from dataclasses import dataclass, replace

from drivers.intake.events import ItemEntered
from kiosk.console import emptying, rest
from kiosk.console import step as console_steps
from kiosk.console.actions import AwaitStaff, ConsoleAction
from kiosk.console.events import ConsoleEvent, RestTold, StartAskedAnew
from kiosk.console.live import steps as live
from kiosk.console.states import Console
from kiosk.console.succession.vocabulary import SuccessionAsked
from kiosk.console.told import BinSeen, Counted, Seen
from kiosk.console.view import MachineView, staff_view
from kiosk.deposit.actions import Action
from kiosk.deposit.events import Event, RestChanged, ServiceAsked, ServiceEnded, StaffCame, StaffLeft, Touched
from kiosk.deposit.halts import NoController, NotBegun, Resting
from kiosk.deposit.obstacles import hindrance, obstacle
from kiosk.deposit.states import Session, Stopped, Unlinked
from kiosk.deposit.step import step as deposit_step
from kiosk.deposit.view import ViewState
from kiosk.deposit.view import view as deposit_view

AnyEvent = Event | ConsoleEvent
AnyAction = Action | ConsoleAction | AwaitStaff


@dataclass(frozen=True, slots=True)
class Composed:
    deposit: Session
    console: Console


def step(session: Composed, event: AnyEvent) -> tuple[Composed, tuple[AnyAction, ...]]:
    """What both do about an event."""
    console, deposit = emptying.sees(session.console, _seen(session.deposit)), session.deposit
    if isinstance(event, RestTold):
        console, note = rest.told(console, event)
        deposit, actions = deposit_step(deposit, RestChanged(None if event.rest is None else Resting(event.rest.message)))
        return Composed(deposit, console), (note, *actions)
    if _too_early(event, deposit):
        return Composed(deposit, console), ()
    if isinstance(event, ConsoleEvent):
        before = console
        console, asked = console_steps.step(console, event)
        told: tuple[AnyAction, ...] = ()
        for change in _changes(before, console):
            deposit, actions = deposit_step(deposit, change)
            told += actions
        return Composed(deposit, console), (*asked, *told)
    if isinstance(event, Touched) and console.stands:
        return Composed(deposit, console), ()
    shut: tuple[AnyAction, ...] = ()
    if isinstance(event, ItemEntered) and console.stands and console.agent is None:
        console, shut = console_steps.shut(console)
    deposit, actions = deposit_step(deposit, event)
    # what was in the way of a loan may have gone by this event
    ready = isinstance(deposit.phase, Stopped | Unlinked) and hindrance(deposit) is None
    console, again = live.tries(console, ready=ready)
    return Composed(deposit, emptying.sees(console, _seen(deposit))), (*shut, *actions, *again)


def _too_early(event: AnyEvent, deposit: Session) -> bool:
    """Whether a visit is open that a new start would cut, or the machine does not stand yet that a new ledger is to be bound to."""
    match event:
        case StartAskedAnew():
            return deposit.visit is not None
        case SuccessionAsked():
            return deposit.visit is not None or not _parked(deposit)
        case _:
            return False


def _changes(before: Console, after: Console) -> tuple[Event, ...]:
    """What the machine hears of them: somebody has the glass, or a technician wants the machine; or no more."""
    service = () if before.serviced is after.serviced else (ServiceAsked() if after.serviced else ServiceEnded(),)
    came = () if (before.agent is None) is (after.agent is None) else (StaffLeft() if after.agent is None else StaffCame(),)
    return (*service, *came)


def view(session: Composed) -> ViewState:
    """The one view-state: what the visitor's pages show, and staff's where the glass is theirs."""
    shown = deposit_view(session.deposit)
    return replace(shown, staff=staff_view(session.console, _machine(session.deposit))) if session.console.stands else shown


def _machine(deposit: Session) -> MachineView:
    """As it would stand without whoever is logged in."""
    lost = None if deposit.linked else NoController(deposit.link_lost)
    # what must be there before a ledger can begin is told first
    known = (lost, deposit.latched) if isinstance(deposit.latched, NotBegun) else (deposit.latched, lost)
    why = known[0] or known[1] or obstacle(replace(deposit, staff=False))
    visit = None if deposit.visit is None else deposit.visit.id
    full = deposit.rules.full_percent
    return MachineView(why, _seen(deposit), visit, deposit.attended, deposit.printer, _parked(deposit), full)


def _parked(deposit: Session) -> bool:
    return deposit.service and isinstance(deposit.phase, Stopped | Unlinked)


def _seen(deposit: Session) -> Seen:
    hot = deposit.hot
    if hot is None:
        return Seen()
    bins = tuple(BinSeen(bin, material, hot.bin_percent[bin - 1]) for material, bin in deposit.rules.bins.items())
    counted = Counted(hot.totaliser, hot.taken, hot.boots, hot.fault, hot.cause)
    return Seen(bins, hot.door_open, deposit.linked, counted)
