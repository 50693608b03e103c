"""The console's one transition function. The diagram of its faces stands in ``states.py``."""

from dataclasses import replace

from kiosk.console import closing, emptying, helping, printing, rest, second, staffing, verifying, vouchers
from kiosk.console.actions import (
    AskAgents,
    AskArchives,
    AwaitStaff,
    ConsoleAction,
    DeskAction,
    Export,
    JudgePin,
    LookAtClosures,
    LookAtDay,
    MakeFirstManager,
    OpenEntry,
    ReadLog,
    Select,
    StartAnew,
)
from kiosk.console.calibrating import steps as calibrating
from kiosk.console.calibrating.events import CalibrationEvent, CalibrationToldEvent
from kiosk.console.calibrating.told import NO_CALIBRATION
from kiosk.console.configuring import steps as configuring
from kiosk.console.configuring.vocabulary import NO_CONFIGURATION, ConfigurationEvent
from kiosk.console.denials import NotTheirs, PinsDiffer
from kiosk.console.enrolling import steps as enrolling
from kiosk.console.enrolling.vocabulary import NO_ENROLMENT, EnrolmentEvent
from kiosk.console.events import (
    Admitted,
    AgentChanged,
    AgentsEvent,
    AgentsListed,
    AgentsTold,
    ArchivesTold,
    AtTheGlass,
    BinEmptied,
    BinsEvent,
    BinsTold,
    BinWeighed,
    ClaimAnswered,
    ClaimAsked,
    Claimed,
    CloseAsked,
    ClosuresTold,
    ConsoleEvent,
    ContestJudged,
    CopyBegun,
    CopyRefused,
    DayPrintAsked,
    DaysClosed,
    DayTold,
    DeedAsked,
    Denied,
    DeskTold,
    EntryAsked,
    EntryTold,
    ExportAsked,
    ExportTold,
    Failed,
    FirstManagerAsked,
    GrantAsked,
    Granted,
    HelpSought,
    IdleTooLong,
    ItemPicked,
    LeaveAsked,
    LogAsked,
    LogInAsked,
    LogTold,
    NotClaimed,
    NotGranted,
    NotNow,
    Opened,
    PayAsked,
    PayNotSure,
    PinChangeAsked,
    PinChanged,
    Rechecked,
    RefusalPrintAsked,
    RestAsked,
    RowsAsked,
    RowsTold,
    SecondAsked,
    SecondLeft,
    SecondTold,
    SecondWanted,
    SheetNotPrinted,
    SheetPrinted,
    ShowAsked,
    StartAskedAnew,
    Verified,
    VerifyAsked,
    VerifyEnded,
    Verifying,
    VerifyStopAsked,
    VisitPicked,
    VisitRead,
    VisitsFound,
    VoucherAsked,
    VoucherNotPaid,
    VoucherPaid,
    VoucherPrintAsked,
    VoucherTold,
)
from kiosk.console.live import steps as live
from kiosk.console.live.vocabulary import LiveEvent
from kiosk.console.roles import PLACES, SERVICED, Deed, Role, may
from kiosk.console.states import NO_AGENTS, NO_PIN, NO_VERIFY, Agent, AtWork, Console, LoggingIn, Shut
from kiosk.console.succession import steps as succession
from kiosk.console.succession.vocabulary import NO_SUCCESSION, SuccessionEvent, SuccessionOrdered
from kiosk.console.technician import testing
from kiosk.console.technician.events import GlassGiven, TechnicianEvent, ToolEvent
from kiosk.console.technician.told import NO_TEST
from kiosk.console.told import LogRead, OwnPin
from kiosk.console.upkeep import steps as upkeep
from kiosk.console.upkeep.vocabulary import NO_UPKEEP, LookAtUpkeep, UpkeepEvent
from kiosk.console.working import Step, does, stilled, told
from kiosk.deposit.notes import Note, NoteKind

BEFORE_THE_PIN = (LeaveAsked, IdleTooLong, Rechecked, AtTheGlass, PinChangeAsked, PinChanged, Failed)
"""All that there is for whoever has a PIN that somebody else knows."""


def step(console: Console, event: ConsoleEvent) -> Step:
    """What the console does about an event: its next state and the actions to perform. One that means nothing now changes nothing."""
    answer = event.answer if isinstance(event, DeskTold) else event
    if isinstance(answer, BinEmptied):
        console = emptying.over(console, answer)
    if isinstance(event, SuccessionOrdered):
        return succession.ordered(console, event)
    if isinstance(event, DeskTold):
        return _told_of_a_deed(console, event)
    match console.face:
        case Shut():
            if isinstance(event, Opened):
                return replace(console, face=LoggingIn()), (AskAgents(), AwaitStaff(console.log_in_s))
            if isinstance(event, IdleTooLong) and console.given:
                # whoever gave the glass away has not come back: the machine goes on without them
                return replace(console, given=False), (AwaitStaff(None),)
            return _late(console, event)
        case LoggingIn():
            return _logging_in(console, console.face, event)
        case AtWork(own=OwnPin(must=True)) if not isinstance(event, BEFORE_THE_PIN):
            return console, ()
        case AtWork() if isinstance(event, VoucherPrintAsked | DayPrintAsked | RefusalPrintAsked):
            return printing.asked(console, console.face, event)
        case AtWork() if isinstance(event, CopyBegun | CopyRefused | SheetPrinted | SheetNotPrinted):
            return printing.told(console, console.face, event)
        case AtWork():
            return _at_work(console, console.face, event)


def _told_of_a_deed(console: Console, event: DeskTold) -> Step:
    """To whoever asked for it, at the glass or gone. Who stands there now may have asked the same of the same voucher, and waits for an answer of their own."""
    if console.agent is None or console.agent.number != event.number:
        return _late(console, event)
    return step(console, event.answer)


def shut(console: Console) -> Step:
    """The glass is the visitor's again, whoever stood there."""
    return replace(console, face=Shut()), (AwaitStaff(console.service_s if console.given else None),)


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
        case Admitted(number, role, first, given) if face.judging and (first is face.first) and (first or number == face.number):
            return _admitted(console, Agent(number, role), first=first, given=given)
        case LeaveAsked() | IdleTooLong():
            return shut(console)
        case _:
            return _late(console, event)


def _asks(console: Console, face: LoggingIn) -> Step:
    return replace(console, face=face), (AwaitStaff(console.log_in_s),)


def _judges(console: Console, face: LoggingIn, action: ConsoleAction) -> Step:
    return replace(console, face=replace(face, judging=True, denied=None)), (action, AwaitStaff(console.log_in_s))


def _admitted(console: Console, agent: Agent, *, first: bool, given: bool) -> Step:
    """To what they had to leave, if they still may do it; else to the day. Whose PIN somebody else knows changes it first."""
    kept = console.kept
    goes_on = kept is not None and kept.agent.number == agent.number and may(agent.role, kept.deed)
    face = replace(kept, agent=agent) if kept is not None and goes_on else AtWork(agent, fresh=first)
    if given:
        face = AtWork(agent, Deed.PIN, own=OwnPin(must=True))
    note = Note(NoteKind.LOGGED_IN, {"agent": agent.number, "role": agent.role.value})
    return replace(console, face=face, kept=None, given=False), (note, *_looks(console, face), AwaitStaff(console.idle_s))


def _at_work(console: Console, face: AtWork, event: ConsoleEvent) -> Step:
    agent = face.agent
    match event:
        case LeaveAsked():
            console, actions = _leaves(console, agent, "asked")
            return (replace(console, kept=_kept(face)) if face.writing else console), actions
        case IdleTooLong():
            console, actions = _leaves(console, agent, "idle")
            return replace(console, kept=_kept(face)), actions
        case Rechecked(number, role, then) if number == agent.number:
            return _rechecked(console, face, role, then)
        case AtTheGlass():
            return console, (AwaitStaff(console.patience_s),)
        case LiveEvent():
            return live.step(console, face, event)
        case DeedAsked() | RowsAsked() if face.busy:
            # nobody goes away from what the ledger has not answered yet, nor from a tool that has the machine
            return console, ()
        case DeedAsked(deed) if may(agent.role, deed) and deed in PLACES:
            nothing = AtWork(agent, deed, today=face.today)
            if deed is Deed.LIVE:
                return (console, ()) if face.live is not None else live.begins(console, nothing)
            return does(console, nothing, *live.left(face), *verifying.left(face), *_looks(console, nothing))
        case SecondAsked() | SecondLeft():
            return second.asked(console, face, event)
        case LogAsked() | RowsAsked() | EntryAsked() | ExportAsked():
            return _looks_into(console, face, event)
        case VoucherAsked() | PayAsked() | PayNotSure() if face.deed is Deed.VOUCHERS:
            return vouchers.asked(console, face, event)
        case (
            HelpSought()
            | VisitPicked()
            | ItemPicked()
            | ContestJudged()
            | GrantAsked()
            | ClaimAsked()
            | ClaimAnswered()
            | NotNow()
            | ShowAsked()
        ) if face.deed is Deed.HELP:
            return helping.asked(console, face, event)
        case _:
            return _of_the_machine(console, face, event)


def _of_the_machine(console: Console, face: AtWork, event: ConsoleEvent) -> Step:
    """What is asked about bins, days and the kiosk itself."""
    match event:
        case StartAskedAnew() if face.deed is Deed.CONFIGURATION and not face.configuring.writing:
            return does(console, face, StartAnew())
        case CloseAsked() if face.deed is Deed.CLOSURES:
            return closing.asked(console, face, event)
        case VerifyAsked() | VerifyStopAsked() if face.deed is Deed.VERIFY:
            return verifying.asked(console, face, event)
        case RestAsked() if face.deed is Deed.REST:
            return rest.asked(console, face, event)
        case PinChangeAsked() if face.deed is Deed.PIN:
            return staffing.changes_pin(console, face, event)
        case AgentsEvent() if face.deed is Deed.AGENTS:
            return staffing.asked(console, face, event)
        case BinsEvent() if face.deed is Deed.BINS:
            return emptying.asked(console, face, event)
        case GlassGiven() if face.deed in SERVICED and not face.at_the_machine:
            console, actions = _leaves(replace(console, given=True), agent=face.agent, why="asked")
            return replace(console, kept=_kept(face)), actions
        case _:
            return _of_a_technician(console, face, event)


def _of_a_technician(console: Console, face: AtWork, event: ConsoleEvent) -> Step:
    """What is asked at the pages of technicians, and told to those that ask no tool."""
    match event:
        case UpkeepEvent() if face.deed is Deed.UPKEEP:
            return upkeep.step(console, face, event)
        case ConfigurationEvent() if face.deed is Deed.CONFIGURATION:
            return configuring.step(console, face, event)
        case EnrolmentEvent() if face.deed is Deed.ENROLMENT:
            return enrolling.step(console, face, event)
        case SuccessionEvent() if face.deed is Deed.GENERATION:
            return succession.step(console, face, event)
        case TechnicianEvent() if face.deed is Deed.SELF_TEST:
            return testing.asked(console, face, event)
        case CalibrationEvent() if face.deed is Deed.CALIBRATION:
            return calibrating.asked(console, face, event)
        case _:
            return _answered(console, face, event)


def _looks_into(console: Console, face: AtWork, event: LogAsked | RowsAsked | EntryAsked | ExportAsked) -> Step:
    """The ledger, or the log."""
    agent = face.agent
    match event:
        case LogAsked(about) if face.deed is Deed.TODAY:
            face = replace(face, fresh=False, failing=None, reading=None if about is None else LogRead(about))
            return does(console, face, *(() if about is None else (ReadLog(about),)))
        case RowsAsked(selection) if may(agent.role, Deed.LEDGER):
            face = replace(
                face,
                deed=Deed.LEDGER,
                failing=None,
                looking=replace(face.looking, selection=selection, selected=None, opened=None, exported=None),
            )
            return does(console, face, Select(selection))
        case EntryAsked(row) if face.deed is Deed.LEDGER:
            face = replace(face, failing=None, looking=replace(face.looking, opened=None, exported=None))
            return does(console, face, *(() if row is None else (OpenEntry(row, face.looking.selection.archive),)))
        case ExportAsked() if face.deed is Deed.LEDGER and may(agent.role, Deed.EXPORT):
            face = replace(face, failing=None, looking=replace(face.looking, exported=None))
            return does(console, face, Export(face.looking.selection, agent.number))
        case _:
            return console, ()


def _rechecked(console: Console, face: AtWork, role: Role | None, then: DeskAction | None) -> Step:
    """Whoever may not be here any more is out, and what they wanted written is not."""
    number = face.agent.number
    if role is None:
        return _leaves(console, face.agent, "blocked")
    if not may(role, face.deed):
        return replace(console, face=AtWork(Agent(number, role))), live.left(face)
    face = replace(face, agent=Agent(number, role))
    if then is not None and not may(role, then.deed):
        return replace(console, face=replace(stilled(face), failing=NotTheirs())), ()
    return replace(console, face=face), () if then is None else (then,)


def _kept(face: AtWork) -> AtWork:
    """What is found again at the next log-in: nobody's word as the second agent, and no code or PIN that stands at the glass."""
    return replace(
        face,
        deed=Deed.TODAY if face.deed is Deed.LIVE else face.deed,
        seconding=None,
        verifying=NO_VERIFY,
        agents=NO_AGENTS,
        own=NO_PIN,
        helping=replace(face.helping, shown=False),
        on_paper=None,
        testing=NO_TEST,
        live=None,
        upkeep=NO_UPKEEP,
        calibrating=NO_CALIBRATION,
        configuring=NO_CONFIGURATION,
        enrolling=NO_ENROLMENT,
        succeeding=NO_SUCCESSION,
    )


def _late(console: Console, event: ConsoleEvent) -> Step:
    """An answer of the ledger to somebody who has logged out: found again at their next log-in. What it was not asked for yet is not done."""
    kept = console.kept
    if kept is None or not kept.writing:
        return console, ()
    if isinstance(event, DeskTold):
        return _late(console, event.answer) if event.number == kept.agent.number else (console, ())
    match event:
        case Rechecked(then=then) if then is not None:
            return replace(console, kept=stilled(kept)), ()
        case SecondWanted() | Failed():
            return replace(console, kept=stilled(kept)), ()
        case (
            VoucherPaid()
            | VoucherNotPaid()
            | Claimed()
            | NotClaimed()
            | Granted()
            | NotGranted()
            | BinEmptied()
            | BinWeighed()
            | DaysClosed()
        ):
            answered, _ = _answered(replace(console, face=kept), kept, event)
            return replace(console, kept=answered.face if isinstance(answered.face, AtWork) else kept), ()
        case _:
            return console, ()


def _answered(console: Console, face: AtWork, event: ConsoleEvent) -> Step:
    """What was looked up, unless something else is wanted by now."""
    match event:
        case DayTold() | LogTold() | RowsTold() | EntryTold() | ExportTold():
            return _looked_up(console, face, event)
        case VoucherTold() | VoucherPaid() | VoucherNotPaid():
            return vouchers.told(console, face, event)
        case VisitsFound() | VisitRead() | Claimed() | NotClaimed() | Granted() | NotGranted() if face.deed is Deed.HELP:
            return helping.told(console, face, event)
        case BinsTold() | BinEmptied() | BinWeighed():
            return emptying.told(console, face, event)
        case AgentsListed() | AgentChanged():
            return staffing.told(console, face, event)
        case PinChanged():
            return staffing.pin_changed(console, face, event)
        case ClosuresTold() | DaysClosed():
            return closing.told(console, face, event)
        case ArchivesTold() | Verifying() | Verified() | VerifyEnded():
            return verifying.told(console, face, event)
        case ToolEvent():
            return testing.told(console, face, event)
        case CalibrationToldEvent():
            return calibrating.told(console, face, event)
        case SecondWanted() if face.writing:
            return second.wanted(console, face, event)
        case SecondTold():
            return second.told(console, face, event)
        case Failed(why):
            return replace(console, face=replace(stilled(face), failing=why)), ()
        case _:
            return console, ()


def _looked_up(console: Console, face: AtWork, event: DayTold | LogTold | RowsTold | EntryTold | ExportTold) -> Step:
    """In the ledger, or in the log."""
    match event:
        case DayTold(today):
            return told(console, replace(face, today=today))
        case LogTold(read) if face.reading is not None and face.reading.about is read.about:
            return told(console, replace(face, reading=read))
        case RowsTold(selection, selected, archives, path) if selection == face.looking.selection:
            return told(console, replace(face, looking=replace(face.looking, selected=selected, archives=archives, path=path)))
        case EntryTold(opened) if face.deed is Deed.LEDGER:
            return told(console, replace(face, looking=replace(face.looking, opened=opened)))
        case ExportTold(exported):
            note = Note(NoteKind.EXPORTED, {"agent": face.agent.number, "path": exported.path, "entries": exported.entries})
            console, _ = told(console, replace(face, looking=replace(face.looking, exported=exported)))
            return console, (note,)
        case _:
            return console, ()


def _looks(console: Console, face: AtWork) -> tuple[ConsoleAction, ...]:
    """What has to be looked up for the page."""
    match face.deed:
        case Deed.LEDGER:
            return (Select(face.looking.selection),)
        case Deed.DAYS:
            return (LookAtDay(charted=True),)
        case Deed.TODAY:
            return (LookAtDay(), *(() if face.reading is None else (ReadLog(face.reading.about),)))
        case Deed.BINS:
            return (emptying.looks(console),)
        case Deed.CLOSURES:
            return (LookAtClosures(),)
        case Deed.UPKEEP:
            return (LookAtUpkeep(),)
        case Deed.VERIFY:
            return (AskArchives(),)
        case Deed.SELF_TEST:
            return (testing.looks(face),)
        case Deed.CALIBRATION:
            return (calibrating.looks(),)
        case Deed.CONFIGURATION:
            return (configuring.looks(),)
        case Deed.ENROLMENT:
            return (enrolling.looks(),)
        case Deed.GENERATION:
            return (succession.looks(),)
        case Deed.AGENTS:
            return (staffing.looks(face),)
        case _:
            return ()


def _leaves(console: Console, agent: Agent, why: str) -> Step:
    face = console.face
    ends = (*live.left(face), *verifying.left(face), *testing.left(face), *calibrating.left(face)) if isinstance(face, AtWork) else ()
    console, actions = shut(console)
    return console, (*ends, Note(NoteKind.LOGGED_OUT, {"agent": agent.number, "why": why}), *actions)
