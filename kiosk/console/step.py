"""The console's one transition function. The diagram of its faces stands in ``states.py``."""

from dataclasses import replace

from kiosk.console.actions import (
    AskAgents,
    AwaitStaff,
    ConsoleAction,
    Export,
    FindVoucher,
    JudgePin,
    LookAtDay,
    MakeFirstManager,
    OpenEntry,
    PayVoucher,
    Recheck,
    Select,
)
from kiosk.console.denials import PinsDiffer
from kiosk.console.events import (
    Admitted,
    AgentsTold,
    AtTheGlass,
    ConsoleEvent,
    DayTold,
    DeedAsked,
    Denied,
    EntryAsked,
    EntryTold,
    ExportAsked,
    ExportTold,
    Failed,
    FirstManagerAsked,
    IdleTooLong,
    LeaveAsked,
    LogInAsked,
    Opened,
    PayAsked,
    PayNotSure,
    Rechecked,
    RowsAsked,
    RowsTold,
    VoucherAsked,
    VoucherNotPaid,
    VoucherPaid,
    VoucherTold,
)
from kiosk.console.roles import PLACES, Deed, may
from kiosk.console.states import NOBODYS, NOWHERE, Agent, AtWork, Console, LoggingIn, Shut
from kiosk.console.told import Presented
from kiosk.deposit.notes import Note, NoteKind

Step = tuple[Console, tuple[ConsoleAction | AwaitStaff | Note, ...]]


def step(console: Console, event: ConsoleEvent) -> Step:
    """What the console does about an event: its next state and the actions to perform. One that means nothing now changes nothing."""
    match console.face:
        case Shut():
            if isinstance(event, Opened):
                return replace(console, face=LoggingIn()), (AskAgents(), AwaitStaff(console.log_in_s))
            return console, ()
        case LoggingIn():
            return _logging_in(console, console.face, event)
        case AtWork():
            return _at_work(console, console.face, event)


def shut(console: Console) -> Step:
    """The glass is the visitor's again, whoever stood there."""
    return replace(console, face=Shut()), (AwaitStaff(None),)


def _logging_in(console: Console, face: LoggingIn, event: ConsoleEvent) -> Step:
    match event:
        case AgentsTold(there, failing):
            return _asks(console, replace(face, first=not there and failing is None, judging=False, denied=failing))
        case AtTheGlass():
            return console, (AwaitStaff(console.log_in_s),)
        case LogInAsked(number, pin) if not (face.judging or face.first):
            return _judges(console, replace(face, number=number), JudgePin(number, pin))
        case FirstManagerAsked(code, pin, again) if face.first and not face.judging:
            if pin != again:
                return _asks(console, replace(face, denied=PinsDiffer(), times=face.times + 1))
            return _judges(console, face, MakeFirstManager(code, pin))
        case Denied(why, number) if face.judging:
            told = Note(NoteKind.LOG_IN_DENIED, {"agent": number, "why": type(why).__name__})
            console, actions = _asks(console, replace(face, judging=False, denied=why, times=face.times + 1))
            return console, (told, *actions)
        case Admitted(number, role, first) if face.judging and (first is face.first) and (first or number == face.number):
            return _admitted(console, Agent(number, role), first=first)
        case LeaveAsked() | IdleTooLong():
            return shut(console)
        case _:
            return console, ()


def _asks(console: Console, face: LoggingIn) -> Step:
    return replace(console, face=face), (AwaitStaff(console.log_in_s),)


def _judges(console: Console, face: LoggingIn, action: ConsoleAction) -> Step:
    return replace(console, face=replace(face, judging=True, denied=None)), (action, AwaitStaff(console.log_in_s))


def _admitted(console: Console, agent: Agent, *, first: bool) -> Step:
    """To what they had to leave, if they still may do it; else to the day."""
    kept = console.kept
    goes_on = kept is not None and kept.agent.number == agent.number and may(agent.role, kept.deed)
    face = replace(kept, agent=agent) if kept is not None and goes_on else AtWork(agent, fresh=first)
    note = Note(NoteKind.LOGGED_IN, {"agent": agent.number, "role": agent.role.value})
    return replace(console, face=face, kept=None), (note, *_looks(face), AwaitStaff(console.idle_s))


def _at_work(console: Console, face: AtWork, event: ConsoleEvent) -> Step:
    agent = face.agent
    match event:
        case LeaveAsked():
            return _leaves(console, agent, "asked")
        case IdleTooLong():
            console, actions = _leaves(console, agent, "idle")
            return replace(console, kept=face), actions
        case Rechecked(number, role) if number == agent.number:
            if role is None:
                return _leaves(console, agent, "blocked")
            if not may(role, face.deed):
                return replace(console, face=AtWork(Agent(number, role))), ()
            return replace(console, face=replace(face, agent=Agent(number, role))), ()
        case AtTheGlass():
            return console, (AwaitStaff(console.idle_s),)
        case DeedAsked(deed) if may(agent.role, deed) and deed in PLACES:
            face = replace(face, deed=deed, fresh=False, failing=None, looking=NOWHERE, presented=NOBODYS)
            return _does(console, face, *_looks(face))
        case RowsAsked(selection) if may(agent.role, Deed.LEDGER):
            face = replace(
                face,
                deed=Deed.LEDGER,
                failing=None,
                looking=replace(face.looking, selection=selection, selected=None, opened=None, exported=None),
            )
            return _does(console, face, Select(selection))
        case EntryAsked(row) if face.deed is Deed.LEDGER:
            face = replace(face, failing=None, looking=replace(face.looking, opened=None, exported=None))
            return _does(console, face, *(() if row is None else (OpenEntry(row, face.looking.selection.archive),)))
        case ExportAsked() if face.deed is Deed.LEDGER and may(agent.role, Deed.EXPORT):
            face = replace(face, failing=None, looking=replace(face.looking, exported=None))
            return _does(console, face, Export(face.looking.selection, agent.number))
        case VoucherAsked() | PayAsked() | PayNotSure() if face.deed is Deed.VOUCHERS:
            return _at_the_desk(console, face, event)
        case _:
            return _answered(console, face, event)


def _at_the_desk(console: Console, face: AtWork, event: VoucherAsked | PayAsked | PayNotSure) -> Step:
    """A voucher is found, then paid: once, and only after it was asked whether the money was handed over."""
    here = face.presented
    payable = here.found is not None and here.refused is None and here.payment is None and not here.paying
    match event:
        case VoucherAsked(presented):
            face = replace(face, failing=None, presented=Presented())
            return _does(console, face, *((FindVoucher(presented),) if presented else ()))
        case PayAsked(sure) if payable and may(face.agent.role, Deed.PAY) and here.found is not None:
            paying = sure and here.sure
            face = replace(face, failing=None, presented=replace(here, sure=not paying, paying=paying))
            return _does(console, face, *((PayVoucher(here.found.code, face.agent.number),) if paying else ()))
        case PayNotSure() if payable:
            return _does(console, replace(face, presented=replace(here, sure=False)))
        case _:
            return console, ()


def _answered(console: Console, face: AtWork, event: ConsoleEvent) -> Step:
    """What was looked up, unless something else is wanted by now."""
    match event:
        case DayTold(today):
            return _told(console, replace(face, today=today))
        case RowsTold(selection, selected, archives, path) if selection == face.looking.selection:
            return _told(console, replace(face, looking=replace(face.looking, selected=selected, archives=archives, path=path)))
        case EntryTold(opened) if face.deed is Deed.LEDGER:
            return _told(console, replace(face, looking=replace(face.looking, opened=opened)))
        case ExportTold(exported):
            note = Note(NoteKind.EXPORTED, {"agent": face.agent.number, "path": exported.path, "entries": exported.entries})
            console, _ = _told(console, replace(face, looking=replace(face.looking, exported=exported)))
            return console, (note,)
        case VoucherTold(found, refused):
            console, nothing = _told(console, replace(face, presented=Presented(found, refused)))
            if refused is None:
                return console, nothing
            return console, (Note(NoteKind.VOUCHER_REFUSED, {"agent": face.agent.number, "why": refused.why.value}),)
        case VoucherPaid(payment):
            return _told(console, replace(face, presented=replace(face.presented, paying=False, sure=False, payment=payment)))
        case VoucherNotPaid(refused):
            return _told(console, replace(face, presented=replace(face.presented, paying=False, sure=False, refused=refused)))
        case Failed(why):
            return replace(console, face=replace(face, failing=why, presented=replace(face.presented, paying=False, sure=False))), ()
        case _:
            return console, ()


def _does(console: Console, face: AtWork, *actions: ConsoleAction) -> Step:
    """One step of somebody who must still be allowed here."""
    return replace(console, face=face), (Recheck(face.agent.number), *actions, AwaitStaff(console.idle_s))


def _told(console: Console, face: AtWork) -> Step:
    return replace(console, face=replace(face, failing=None)), ()


def _looks(face: AtWork) -> tuple[ConsoleAction, ...]:
    """What has to be looked up for the page."""
    match face.deed:
        case Deed.LEDGER:
            return (Select(face.looking.selection),)
        case Deed.TODAY | Deed.DAYS:
            return (LookAtDay(),)
        case _:
            return ()


def _leaves(console: Console, agent: Agent, why: str) -> Step:
    console, actions = shut(console)
    return console, (Note(NoteKind.LOGGED_OUT, {"agent": agent.number, "why": why}), *actions)
