"""The console's thread: looks into the agents' file, ledger and log for whoever of the staff is at the glass, and writes nothing of money.

A hash takes a tenth of a second and more, a question to a large ledger too: neither the runner's thread nor Qt's waits for them.
"""

import hmac
import os
import queue
import re
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import assert_never

from config.clock import PARIS, Clock
from config.files import Trouble, trouble_of
from config.state import Files
from config.vocabulary import Cents, Material
from kiosk.agents import Agents, AgentsUnreadable, LastManager, NoSuchAgent, PinTooSimple, one_time_code
from kiosk.bins_reading import look_at_bins
from kiosk.closures_reading import look_at_closures
from kiosk.configuring import configured
from kiosk.console.actions import (
    AskAgents,
    AskArchives,
    ChangeAgent,
    ChangePin,
    ConsoleAction,
    DeskAction,
    Export,
    FindVisits,
    FindVoucher,
    JudgePin,
    JudgeSecond,
    ListAgents,
    LookAtBins,
    LookAtClosures,
    LookAtDay,
    MakeFirstManager,
    OpenEntry,
    OrderSuccession,
    PutToRest,
    ReadLog,
    ReadVisit,
    Recheck,
    Select,
    StopVerifying,
    Verify,
)
from kiosk.console.calibrating.actions import LookAtCalibrations
from kiosk.console.calibrating.events import CalibrationsTold
from kiosk.console.configuring.vocabulary import ChangeKey, ConfigurationAction
from kiosk.console.denials import Denial, FileFails, MustWait, NotTheirs, TheLastManager, TooSimple, WrongCode
from kiosk.console.events import (
    Admitted,
    AgentChanged,
    AgentsListed,
    AgentsTold,
    ArchivesTold,
    BinsTold,
    ClosuresTold,
    ConsoleEvent,
    DayTold,
    Denied,
    EntryTold,
    ExportTold,
    Failed,
    LogTold,
    PinChanged,
    Rechecked,
    RestTold,
    RowsTold,
    SecondTold,
    Verified,
    VerifyEnded,
    VisitRead,
    VisitsFound,
    VoucherTold,
)
from kiosk.console.layouts import meant
from kiosk.console.pins import CODE_TRIES, code_waits
from kiosk.console.roles import Deed, Role, may
from kiosk.console.succession.vocabulary import LookAtLedger
from kiosk.console.technician.actions import LookAtTest
from kiosk.console.technician.events import SelfTestTold
from kiosk.console.told import (
    Adding,
    AgentChange,
    Appointing,
    Blocking,
    Exported,
    Forgetting,
    LogRead,
    PrinterSeen,
    Refused,
    Repinning,
    Rest,
    Today,
    refused_of,
)
from kiosk.console.upkeep.vocabulary import (
    Cleaned,
    CleaningNoted,
    CleaningTerms,
    LogFound,
    NoteCleaning,
    SearchLog,
    UpkeepAction,
    UpkeepTold,
)
from kiosk.console.weighing import Tolerance
from kiosk.deposit.halts import RestMessage
from kiosk.exports import export_folder
from kiosk.log_reading import LogAbout, log_figures, log_lines
from kiosk.resting import read_rest, write_rest
from kiosk.upkeep_reading import look_at_upkeep, search, write_cleaned
from kiosk.verifying import check
from kiosk.visit_reading import SeenVisit, refusals_of
from kiosk.workers.verifier import Verifier
from ledger.chain import time_of
from ledger.claims import find, generations, missing_archive
from ledger.database import reading
from ledger.export import write_csv
from ledger.figures import figures
from ledger.grants import bottles_of, by_hand
from ledger.selection import Selection, entries_of, open_entry, select
from ledger.sync.acknowledged import StateError, last_acknowledged
from ledger.verify import Seen, nobody
from ledger.visits import read_visit, visits_of
from ledger.vocabulary import LedgerError, LedgerUnavailable, NoLedger, VoucherRefused

DAYS = 30

VISITS_BACK = 1_100
"""Days: a voucher is good for three years if nothing else is configured."""

TOLERANCE = Tolerance({Material.GLASS: 10, Material.PLASTIC: 3}, 500)
"""As configured if nothing else is (``config/example.toml`` says why)."""

CLEANING = CleaningTerms(2_000, 7)
"""As configured if nothing else is."""

ARCHIVE = re.compile(r"ledger-\d+-[0-9a-f]{8}\.db")


class Clerk:
    """Does one thing after the other. ``first_code``: the one-time code of this start, None once there is somebody who may log in."""

    def __init__(
        self,
        agents: Agents,
        files: Files,
        clock: Clock,
        day_cents: Cents,
        reward: Cents,
        business_day: Callable[[], date],
        tolerance: Tolerance = TOLERANCE,
        printer: Callable[[], PrinterSeen | None] = lambda: None,
        cleaning: CleaningTerms = CLEANING,
        configuration: Path | None = None,
    ) -> None:
        self._agents = agents
        self._files = files
        self._clock = clock
        self._day_cents = day_cents
        self._reward = reward
        self._business_day = business_day
        self._tolerance = tolerance
        self._printer = printer
        self._cleaning = cleaning
        self._configuration = configuration
        self.first_code: str | None = None
        self._wrong_codes = 0
        self._wrong_at_s = 0.0

    def offer_first_code(self) -> str | None:
        """A code that makes the first manager, where nobody may log in yet. Raises AgentsUnreadable."""
        if self.first_code is None and not self._agents.anybody():
            self.first_code = one_time_code()
        return self.first_code

    def does(self, action: ConsoleAction) -> ConsoleEvent:
        """What comes of an action. Nothing that a file does ends a kiosk here."""
        match action:
            case AskAgents() | JudgePin() | MakeFirstManager() | Recheck() | JudgeSecond():
                return self._of_agents(action)
            case LookAtDay():
                return self._looked_up(self._day)
            case ReadLog(about):
                return self._looked_up(lambda: self._log(about))
            case Select(selection):
                return self._looked_up(lambda: self._rows(selection))
            case OpenEntry(row, archive):
                return self._looked_up(lambda: self._entry(row, archive))
            case Export(selection, number):
                return self._looked_up(lambda: self._exported(selection, number))
            case FindVoucher(presented):
                return self._looked_up(lambda: self._voucher(presented))
            case FindVisits(number):
                return self._looked_up(lambda: self._visits(number))
            case ReadVisit(visit):
                return self._looked_up(lambda: self._visit(visit))
            case _:
                return self._of_the_machine(action)

    def _of_the_machine(self, action: ConsoleAction) -> ConsoleEvent:
        match action:
            case LookAtBins(wanted):
                return self._looked_up(lambda: BinsTold(look_at_bins(self._files, self._archives(), wanted, self._tolerance)))
            case LookAtClosures():
                return self._looked_up(
                    lambda: ClosuresTold(look_at_closures(self._files.ledger, self._business_day(), self._clock.now().trusted))
                )
            case AskArchives():
                return self._looked_up(lambda: ArchivesTold(self._archives()))
            case Verify():
                return self.verified(action, nobody)
            case StopVerifying(run):
                return VerifyEnded(run)
            case ListAgents(number):
                return self._managed(number, lambda: AgentsListed(self._agents.listed()))
            case ChangeAgent(number, change):
                return self._managed(number, lambda: self._changed(change))
            case ChangePin(number, before, new):
                return self._own_pin(number, before, new)
            case PutToRest(message, number):
                return self._rests(message, number)
            case UpkeepAction():
                return self._of_upkeep(action)
            case ConfigurationAction():
                return self._of_configuration(action)
            case LookAtTest():
                return self._test()
            case LookAtCalibrations():
                return self._calibrations()
            case LookAtLedger() | OrderSuccession():
                return self._of_the_generation(action)
            case _:
                raise TypeError(type(action).__name__)

    def _of_upkeep(self, action: UpkeepAction) -> ConsoleEvent:
        """Faults, wear, cleaning and the technical log. The file of cleanings is that of the agents."""
        now = self._clock.now().utc
        try:
            match action:
                case SearchLog(query):
                    return self._looked_up(lambda: LogFound(query, search(self._files, query)))
                case NoteCleaning(number, items):
                    if not self._may(number, Deed.UPKEEP):
                        return Failed(NotTheirs())
                    write_cleaned(self._files.kiosk, Cleaned(now, number, items))
                    return CleaningNoted(look_at_upkeep(self._files, self._cleaning, now))
                case _:
                    return self._looked_up(lambda: UpkeepTold(look_at_upkeep(self._files, self._cleaning, now)))
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        except OSError as error:
            return Failed(FileFails(trouble_of(error)))

    def _of_configuration(self, action: ConfigurationAction) -> ConsoleEvent:
        try:
            if isinstance(action, ChangeKey) and not self._may(action.number, Deed.CONFIGURATION):
                return Failed(NotTheirs())
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        return configured(self._configuration, action)

    def _of_the_generation(self, action: LookAtLedger | OrderSuccession) -> ConsoleEvent:
        # loaded when it is asked for, as the self-test is
        from kiosk.succession import look_at_ledger, order_now

        files = self._files
        try:
            if isinstance(action, LookAtLedger):
                return self._looked_up(lambda: look_at_ledger(files.kiosk, files.ledger, files.acknowledged))
            if action.second is None or not all(self._may(number, Deed.GENERATION) for number in (action.number, action.second)):
                return Failed(NotTheirs())
            return self._looked_up(lambda: order_now(files.kiosk, files.ledger, action))
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))

    def _of_agents(self, action: AskAgents | JudgePin | MakeFirstManager | Recheck | JudgeSecond) -> ConsoleEvent:
        match action:
            case AskAgents():
                return self._agents_told()
            case JudgePin(number, pin):
                return self._judged(number, pin)
            case MakeFirstManager(code, pin):
                return self._first_manager(code, pin)
            case Recheck(number, then):
                return self._rechecked(number, then)
            case JudgeSecond(number, pin, deed):
                return self._second(number, pin, deed)

    def _looked_up(self, look: Callable[[], ConsoleEvent]) -> ConsoleEvent:
        try:
            return look()
        except LedgerUnavailable as error:
            return Failed(FileFails(error.trouble))
        except NoLedger:
            return Failed(FileFails(Trouble.MISSING))
        except LedgerError:
            return Failed(FileFails(Trouble.DAMAGED))
        except OSError as error:
            return Failed(FileFails(trouble_of(error)))

    def _day(self) -> ConsoleEvent:
        day, now = self._business_day(), self._clock.now().utc
        with reading(self._files.ledger) as connection:
            told = figures(connection, day, day - timedelta(days=DAYS - 1))
        log = log_figures(self._files.state, now.astimezone(PARIS).date(), now)
        return DayTold(Today(told, log, self._day_cents, self._synced(), now, self._printer()))

    def _log(self, about: LogAbout) -> ConsoleEvent:
        today = self._clock.now().utc.astimezone(PARIS).date()
        return LogTold(LogRead(about, log_lines(self._files.state, today, about)))

    def _rows(self, selection: Selection) -> ConsoleEvent:
        path = self._ledger(selection.archive)
        with reading(path) as connection:
            selected = select(connection, selection, self._business_day())
        return RowsTold(selection, selected, self._archives(), str(path))

    def _entry(self, row: int, archive: str | None) -> ConsoleEvent:
        with reading(self._ledger(archive)) as connection:
            try:
                return EntryTold(open_entry(connection, row))
            except LookupError:
                return Failed(FileFails(Trouble.MISSING))

    def _exported(self, selection: Selection, number: str) -> ConsoleEvent:
        """Selected anew: what was written meanwhile and fits is in the table, too."""
        path = self._ledger(selection.archive)
        at = self._clock.now().utc.astimezone(PARIS)
        target = export_folder(self._files.exports) / f"{path.stem}-{at:%Y-%m-%d-%H%M%S}-{number}.csv"
        with reading(path) as connection:
            rows = select(connection, selection, self._business_day()).rows
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o660)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
                write_csv(connection, stream, entries_of(connection, rows))
                stream.flush()
                # a stick is pulled out at once
                os.fsync(stream.fileno())
        return ExportTold(Exported(str(target), len(rows)))

    def _voucher(self, presented: str) -> ConsoleEvent:
        """Codes that somebody tries out are slowed down; a voucher of ours is none, whether it may be paid or not."""
        left = code_waits(self._wrong_codes).total_seconds() - (self._clock.monotonic() - self._wrong_at_s)
        if self._wrong_codes >= CODE_TRIES and left > 0:
            return Failed(MustWait(ceil(left)))
        try:
            with reading(self._files.ledger) as connection:
                found = find(connection, self._files.ledger, meant(presented))
        except VoucherRefused as error:
            self._wrong_codes += 1
            self._wrong_at_s = self._clock.monotonic()
            return VoucherTold(None, refused_of(error))
        self._wrong_codes = 0
        why = found.refusal(self._business_day())
        return VoucherTold(found, None if why is None else Refused(why, found.code, valid_until=found.valid_until, payment=found.paid))

    def _visits(self, number: str) -> ConsoleEvent:
        """In this ledger and those before it: who was promised something keeps its number when a new one is begun."""
        with reading(self._files.ledger) as connection:
            ledgers = generations(connection, self._files.ledger)
            found = [visit for ledger in ledgers for visit in visits_of(ledger, number, self._business_day(), VISITS_BACK)]
            missing = None if found else missing_archive(connection, self._files.ledger)
        return VisitsFound(number, tuple(found), missing)

    def _visit(self, visit: str) -> ConsoleEvent:
        with reading(self._files.ledger) as connection:
            ledgers = generations(connection, self._files.ledger)
            record = next((it for it in (read_visit(ledger, visit) for ledger in ledgers) if it is not None), None)
            if record is None:
                return Failed(FileFails(Trouble.MISSING))
            lost = bottles_of(connection, visit, self._reward)
            refused = refusals_of(self._files.state, visit, connection, self._reward)
            voucher = None if record.code is None else find(connection, self._files.ledger, record.code)
            credited = by_hand(connection, [*(it.name for it in lost), *(it.bottle for it in refused)])
        refusal = None if voucher is None else voucher.refusal(self._business_day())
        return VisitRead(SeenVisit(record, lost, refused, voucher, refusal, credited))

    def _second(self, number: str, pin: str, deed: Deed) -> ConsoleEvent:
        try:
            found = self._agents.judge(number, pin)
        except AgentsUnreadable as error:
            return SecondTold(number, FileFails(error.trouble))
        if isinstance(found, Denial):
            return SecondTold(number, found)
        return SecondTold(number, None if may(found, deed) else NotTheirs())

    def verified(self, action: Verify, seen: Seen) -> ConsoleEvent:
        """The whole of a ledger, which takes a while: the kiosk does it in a thread of its own."""
        return self._looked_up(lambda: Verified(action.run, check(self._ledger(action.archive), seen=seen)))

    def resting(self) -> Rest | None:
        """Whether the kiosk was put to rest before this start. Raises AgentsUnreadable."""
        return read_rest(self._files.kiosk)

    def _rests(self, message: RestMessage | None, number: str) -> ConsoleEvent:
        rest = None if message is None else Rest(message, number, self._clock.now().utc)
        try:
            if not self._may(number, Deed.REST):
                return Failed(NotTheirs())
            write_rest(self._files.kiosk, rest)
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        return RestTold(rest, number)

    def _test(self) -> ConsoleEvent:
        # loaded when it is asked for, and not by every start of a kiosk
        from kiosk.selftest.at_screen import planned
        from kiosk.selftest.kept import read_kept

        try:
            kept = read_kept(self._files.kiosk)
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        return SelfTestTold(planned(), *((kept.results, kept.over) if kept is not None else ((), True)))

    def _calibrations(self) -> ConsoleEvent:
        # loaded when it is asked for, as the self-test is
        from kiosk.calibration.kept import read_history

        try:
            return CalibrationsTold(read_history(self._files.kiosk))
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))

    def _may(self, number: str, deed: Deed) -> bool:
        """Whether somebody may still do that, at this moment. Raises AgentsUnreadable."""
        role = self._agents.role_of(number)
        return role is not None and may(role, deed)

    def _ledger(self, archive: str | None) -> Path:
        """An archive is one of those that lie there, whatever name was asked for."""
        return self._files.ledger if archive not in self._archives() else self._files.state / str(archive)

    def _archives(self) -> tuple[str, ...]:
        found = [path.name for path in self._files.state.glob("ledger-*.db") if ARCHIVE.fullmatch(path.name)]
        return tuple(sorted(found, key=lambda name: -int(name.split("-")[1])))

    def _synced(self) -> datetime | None:
        """A mark that cannot be read is none: the sync tells what is wrong with it."""
        try:
            at = last_acknowledged(self._files.acknowledged)
        except StateError:
            return None
        return None if at is None else time_of(at)

    def _agents_told(self) -> ConsoleEvent:
        try:
            return AgentsTold(self._agents.anybody())
        except AgentsUnreadable as error:
            return AgentsTold(there=True, failing=FileFails(error.trouble))

    def _judged(self, number: str, pin: str) -> ConsoleEvent:
        try:
            found = self._agents.judge(number, pin)
        except AgentsUnreadable as error:
            return Denied(FileFails(error.trouble), number)
        return Denied(found, number) if isinstance(found, Denial) else self._admitted(number, found)

    def _admitted(self, number: str, role: Role) -> ConsoleEvent:
        try:
            return Admitted(number, role, given=self._agents.is_given(number))
        except AgentsUnreadable as error:
            return Denied(FileFails(error.trouble), number)

    def _managed(self, number: str, does: Callable[[], ConsoleEvent]) -> ConsoleEvent:
        """What only a manager may do, asked for at this moment."""
        try:
            return does() if self._may(number, Deed.AGENTS) else Failed(NotTheirs())
        except LastManager:
            return Failed(TheLastManager())
        except NoSuchAgent:
            return Failed(FileFails(Trouble.MISSING))
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))

    def _changed(self, change: AgentChange) -> ConsoleEvent:
        given = None
        match change:
            case Adding(role, name):
                number, given = self._agents.add_given(name, role)
            case Appointing(number, role):
                self._agents.set_role(number, role)
            case Blocking(number, blocked):
                self._agents.block(number, blocked=blocked)
            case Forgetting(number):
                self._agents.forget(number)
            case Repinning(number):
                given = self._agents.give_pin(number)
            case _:
                assert_never(change)
        return AgentChanged(self._agents.listed(), change, number, given)

    def _own_pin(self, number: str, before: str, new: str) -> ConsoleEvent:
        try:
            why = self._agents.change_pin(number, before, new)
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        return PinChanged(number) if why is None else Failed(why)

    def _first_manager(self, code: str, pin: str) -> ConsoleEvent:
        try:
            waits = self._agents.guess()
            if waits:
                return Denied(MustWait(waits))
            if self.first_code is None or self._agents.anybody() or not hmac.compare_digest(code.encode(), self.first_code.encode()):
                return Denied(WrongCode())
            number = self._agents.add("", Role.MANAGER, pin)
            self._agents.guessed_right()
        except PinTooSimple:
            return Denied(TooSimple())
        except AgentsUnreadable as error:
            return Denied(FileFails(error.trouble))
        self.first_code = None
        return Admitted(number, Role.MANAGER, first=True)

    def _rechecked(self, number: str, then: DeskAction | None) -> ConsoleEvent:
        try:
            return Rechecked(number, self._agents.role_of(number), then)
        except AgentsUnreadable:
            # who cannot be looked up may not go on
            return Rechecked(number, None, then)


class ConsoleWorker(threading.Thread):
    """``perform`` may be called from any thread."""

    def __init__(self, clerk: Clerk, post: Callable[[ConsoleEvent], None]) -> None:
        super().__init__(name="console", daemon=True)
        self.clerk = clerk
        self._post = post
        self._inbox: queue.SimpleQueue[ConsoleAction | None] = queue.SimpleQueue()
        self._verifier = Verifier(clerk.verified, post)

    def perform(self, action: ConsoleAction) -> None:
        if isinstance(action, Verify | StopVerifying):
            self._verifier.perform(action)
        else:
            self._inbox.put(action)

    def stop(self) -> None:
        """Ends the thread after what was already asked of it, and a check at once."""
        self._verifier.stop()
        self._inbox.put(None)

    def run(self) -> None:
        while (asked := self._inbox.get()) is not None:
            self._post(self.clerk.does(asked))
