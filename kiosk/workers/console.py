"""The console's thread: looks into the agents' file, ledger and log for whoever of the staff is at the glass, and writes nothing of money.

A hash takes a tenth of a second and more, a question to a large ledger too: neither the runner's thread nor Qt's waits for them.
"""

import queue
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from config.clock import Clock
from config.files import trouble_of
from config.state import Files
from config.vocabulary import Cents, Material
from kiosk.agents import Agents, AgentsUnreadable
from kiosk.bins_reading import look_at_bins
from kiosk.closures_reading import look_at_closures
from kiosk.configuring import configured
from kiosk.console.actions import (
    ConsoleAction,
    LookAtBins,
    LookAtClosures,
    OrderSuccession,
    PutToRest,
    StopVerifying,
    Verify,
)
from kiosk.console.calibrating.actions import LookAtCalibrations
from kiosk.console.calibrating.events import CalibrationsTold
from kiosk.console.configuring.vocabulary import ChangeKey, ConfigurationAction
from kiosk.console.denials import FileFails, NotTheirs
from kiosk.console.enrolling.vocabulary import BringCode, EnrolmentAction
from kiosk.console.events import (
    BinsTold,
    ClosuresTold,
    ConsoleEvent,
    Failed,
    RestTold,
    VerifyEnded,
)
from kiosk.console.roles import Deed
from kiosk.console.succession.vocabulary import LookAtLedger
from kiosk.console.technician.actions import LookAtTest
from kiosk.console.technician.events import SelfTestTold
from kiosk.console.told import (
    PrinterSeen,
    Rest,
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
from kiosk.enrolling import enrolment
from kiosk.resting import read_rest, write_rest
from kiosk.upkeep_reading import look_at_upkeep, search, write_cleaned
from kiosk.workers.clerk.door import AgentsAction, Door
from kiosk.workers.clerk.reading import LookUp, Reading, looked_up
from kiosk.workers.verifier import Verifier
from ledger.verify import nobody

TOLERANCE = Tolerance({Material.GLASS: 10, Material.PLASTIC: 3}, 500)
"""As configured if nothing else is (``config/example.toml`` says why)."""

CLEANING = CleaningTerms(2_000, 7)
"""As configured if nothing else is."""


class Clerk:
    """Does one thing after the other."""

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
        kiosk: str = "",
        catalogue: Path | None = None,
    ) -> None:
        self.door = Door(agents)
        self.reading = Reading(files, clock, day_cents, reward, business_day, printer, catalogue or files.catalogue)
        self._files = files
        self._clock = clock
        self._business_day = business_day
        self._tolerance = tolerance
        self._cleaning = cleaning
        self._configuration = configuration
        self._kiosk = kiosk

    def does(self, action: ConsoleAction) -> ConsoleEvent:
        """What comes of an action. Nothing that a file does ends a kiosk here."""
        if isinstance(action, AgentsAction):
            return self.door.does(action)
        return self.reading.does(action) if isinstance(action, LookUp) else self._of_the_machine(action)

    def _of_the_machine(self, action: ConsoleAction) -> ConsoleEvent:
        match action:
            case LookAtBins(wanted):
                return looked_up(lambda: BinsTold(look_at_bins(self._files, self.reading.archives(), wanted, self._tolerance)))
            case LookAtClosures():
                return looked_up(
                    lambda: ClosuresTold(look_at_closures(self._files.ledger, self._business_day(), self._clock.now().trusted))
                )
            case Verify():
                return self.reading.verified(action, nobody)
            case StopVerifying(run):
                return VerifyEnded(run)
            case PutToRest(message, number):
                return self._rests(message, number)
            case UpkeepAction():
                return self._of_upkeep(action)
            case ConfigurationAction():
                return self._of_configuration(action)
            case EnrolmentAction():
                return self._of_enrolment(action)
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
                    return looked_up(lambda: LogFound(query, search(self._files, query)))
                case NoteCleaning(number, items):
                    if not self.door.may(number, Deed.UPKEEP):
                        return Failed(NotTheirs())
                    write_cleaned(self._files.kiosk, Cleaned(now, number, items))
                    return CleaningNoted(look_at_upkeep(self._files, self._cleaning, now))
                case _:
                    return looked_up(lambda: UpkeepTold(look_at_upkeep(self._files, self._cleaning, now)))
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        except OSError as error:
            return Failed(FileFails(trouble_of(error)))

    def _of_configuration(self, action: ConfigurationAction) -> ConsoleEvent:
        try:
            if isinstance(action, ChangeKey) and not self.door.may(action.number, Deed.CONFIGURATION):
                return Failed(NotTheirs())
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        return configured(self._configuration, action)

    def _of_enrolment(self, action: EnrolmentAction) -> ConsoleEvent:
        try:
            if isinstance(action, BringCode) and not self.door.may(action.number, Deed.ENROLMENT):
                return Failed(NotTheirs())
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))
        return enrolment(self._files, self._kiosk, action)

    def _of_the_generation(self, action: LookAtLedger | OrderSuccession) -> ConsoleEvent:
        # loaded when it is asked for, as the self-test is
        from kiosk.succession import look_at_ledger, order_now

        files = self._files
        try:
            if isinstance(action, LookAtLedger):
                return looked_up(lambda: look_at_ledger(files.kiosk, files.ledger, files.acknowledged, self._kiosk))
            if action.second is None or not all(self.door.may(number, Deed.GENERATION) for number in (action.number, action.second)):
                return Failed(NotTheirs())
            return looked_up(lambda: order_now(files.kiosk, files.ledger, action))
        except AgentsUnreadable as error:
            return Failed(FileFails(error.trouble))

    def resting(self) -> Rest | None:
        """Whether the kiosk was put to rest before this start. Raises AgentsUnreadable."""
        return read_rest(self._files.kiosk)

    def _rests(self, message: RestMessage | None, number: str) -> ConsoleEvent:
        rest = None if message is None else Rest(message, number, self._clock.now().utc)
        try:
            if not self.door.may(number, Deed.REST):
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


class ConsoleWorker(threading.Thread):
    """``perform`` may be called from any thread."""

    def __init__(self, clerk: Clerk, post: Callable[[ConsoleEvent], None]) -> None:
        super().__init__(name="console", daemon=True)
        self.clerk = clerk
        self._post = post
        self._inbox: queue.SimpleQueue[ConsoleAction | None] = queue.SimpleQueue()
        self._verifier = Verifier(clerk.reading.verified, post)

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
