"""The one place where the parts of a kiosk are put together: settings in, a running kiosk out. No rule lives here.

Tests hand in wrappers round the line and the journal to cut the power at an exact point; the product has no such switch.
"""

import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import assert_never

from config.clock import Clock
from config.printable import masked
from config.settings import Printer as PrinterSettings
from config.settings import Settings
from config.vocabulary import Bin, Cents, Material
from drivers.camera.faults import CameraTrouble
from drivers.camera.settings import NotTaken, device_settings
from drivers.camera.worker import Camera
from drivers.intake.bus import ServiceLine, same_line
from drivers.intake.modbus import ModbusBus
from drivers.intake.worker import IntakeWorker
from drivers.printer import line
from drivers.printer.printer import EscPos, Printer
from drivers.sound.player import Aplay
from drivers.sound.sounds import Sound
from kiosk.agents import Agents, AgentsUnreadable
from kiosk.begin import awaits_first, clock_for, clock_of, recognise, terms_of
from kiosk.catalogue.products import Products
from kiosk.closing import DayCloser
from kiosk.console.events import ConsoleEvent
from kiosk.console.told import PrinterSeen
from kiosk.console.upkeep.vocabulary import CleaningTerms
from kiosk.console.weighing import Tolerance
from kiosk.deposit.events import Answered, CameraBack, CameraLost, LedgerEvent, TotaliserBooked
from kiosk.deposit.notes import Note, NoteKind
from kiosk.deposit.states import DayRefused, Rules
from kiosk.deposit.step import resume, unbegun
from kiosk.deposit.view import ViewState
from kiosk.failures import WorkerDied
from kiosk.log import Log, refused_on
from kiosk.material import Materials
from kiosk.paper.sheet import Paper
from kiosk.policy_in_use import policy_in_use
from kiosk.remembered import Remembered
from kiosk.runner import Runner, Workers
from kiosk.succession import Carried, carry_out, note_of
from kiosk.supervision import Pulse
from kiosk.workers.books import BooksWorker
from kiosk.workers.chamber import Chamber
from kiosk.workers.console import Clerk, ConsoleWorker
from kiosk.workers.log import LogWorker
from kiosk.workers.metrics import MetricsWorker
from kiosk.workers.printer import PrinterWorker
from kiosk.workers.sight import SightWorker
from kiosk.workers.speaker import Speaker
from kiosk.workers.technician import Around, TechnicianWorker
from kiosk.workers.tools import Tool, ToolWorker
from ledger.books import business_day
from ledger.journal import SqliteJournal, open_journal
from ledger.lock import LedgerLock
from ledger.long_reads import WalWatch
from ledger.vocabulary import Journal, Standing
from recognition.codes.likelihood.library import why_not

TOOL_ENDS_S = 5.0
"""A tool whose line has ended is not waited for any longer: it may hang, and its thread ends with the process."""


PRINTER_ENDS_S = 5.0
"""A ticket that hangs in a printer is not waited for any longer, either."""


def rules_of(settings: Settings, standing: Standing | None) -> Rules:
    """What configuration and ledger fix for as long as the program runs; None: no ledger has begun, and no controller is its own yet."""
    return Rules(
        controller_id=0 if standing is None else standing.controller_id,
        reward=Cents(settings.reward.cents),
        visit_bottles=settings.limits.visit_bottles,
        bins={Material.GLASS: Bin(settings.intake.glass_bin), Material.PLASTIC: Bin(settings.intake.plastic_bin)},
        associations=settings.associations,
        demonstration=standing is not None and standing.demonstration,
        without_money=settings.limits.without_money,
        full_percent=settings.intake.full_percent,
    )


def printer_of(settings: PrinterSettings, clock: Clock) -> Printer | None:
    """The printer that is configured; None where there is none."""
    match settings.kind:
        case "none":
            return None
        case "usb":
            return EscPos(lambda: line.usb(settings.device, clock), clock)
        case "serial":
            return EscPos(lambda: line.serial(settings.device, settings.baud, clock), clock)
        case "network":
            return EscPos(lambda: line.network(settings.host, settings.port, clock), clock)
        case _:
            assert_never(settings.kind)


def configured(settings: Settings) -> Note:
    """What the kiosk is set up with, as a line of the log. What may be secret in an address is masked before anything is made of it."""
    values = json.loads(masked(settings.model_dump_json()))
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    return Note(NoteKind.CONFIGURATION, {"sha256": digest, "values": values})


def same_journal(journal: Journal) -> Journal:
    return journal


class Kiosk:
    """All parts of one kiosk. ``paper``: what tickets are made with, where a printer is configured. ``may_await_ledger``: where none ever began it serves those who begin the first at its glass, and
    visitors nothing; else that is NoLedger. The ledger's lock is taken either way: LedgerLocked names who has it.
    """

    def __init__(
        self,
        settings: Settings,
        show: Callable[[ViewState], None],
        wrap_line: Callable[[ServiceLine], ServiceLine] = same_line,
        wrap_journal: Callable[[Journal], Journal] = same_journal,
        paper: Paper | None = None,
        *,
        may_await_ledger: bool = False,
    ) -> None:
        carried = carry_out(settings)
        who = f"consigne run, {settings.kiosk.id}"
        unread, demonstration, journal = None, False, None
        self._owned: SqliteJournal | None = None
        self._unbegun: LedgerLock | None = None
        if may_await_ledger and awaits_first(settings):
            clock = clock_for(settings, demonstration)
            self._unbegun = LedgerLock(settings.files.ledger, who, clock)
            session = unbegun(rules_of(settings, None))
        else:
            clock = clock_of(settings)
            unread = recognise(settings)
            self._owned = open_journal(settings.files.ledger, who=who, clock=clock, random=secrets, terms=terms_of(settings))
            journal = wrap_journal(self._owned)
            standing = journal.standing()
            demonstration, now = standing.demonstration, clock.now()
            refused = DayRefused(now.day(), refused_on(settings.kiosk.state, now.day()))
            session, _ = resume(standing, rules_of(settings, standing), now, refused)
        self.clock = clock
        self.pulses = {"runner": Pulse(clock), "serial": Pulse(clock)}
        self.runner = Runner(session, clock, show, settings.hours.opening, self.pulses["runner"].answer)
        self._log = LogWorker(Log(settings.kiosk.state, clock, settings.kiosk.log_months), clock)
        self._note_start(settings, carried, unread)
        self._camera = Camera(
            settings.camera.source,
            device_settings(settings.camera),
            clock,
            on_lost=self._camera_lost,
            on_back=lambda: self.runner.post(CameraBack()),
            on_not_taken=self._camera_settings_not_taken,
        )
        desk = None if self._owned is None else self._owned.desk
        self._books = BooksWorker(journal, self._booked, desk)
        self._date_known = True
        self._wal = WalWatch(settings.files.ledger)
        self._closing = None if desk is None else DayCloser(desk, clock, self._log.note)
        self._intake = IntakeWorker(
            wrap_line(ModbusBus(settings.intake.port)), self.runner.post, clock, self.runner.beat, self.pulses["serial"].answer
        )
        self._sight = self._judging(settings, demonstration=demonstration)
        self._tools = ToolWorker(self._intake, self._camera, clock, self.runner.post)
        self._agents = Agents(settings.files.kiosk, clock)
        self._console = ConsoleWorker(self._clerk(settings, clock), self.runner.post)
        self._goes_on_resting()
        sound = settings.sound
        player = Aplay(sound.device, sound.volume_percent) if sound.volume_percent else None
        self._speaker = None if player is None else Speaker(player, clock, self._log.note)
        self._printer = None
        if (printer := printer_of(settings.printer, clock)) is not None:
            if paper is None:
                raise ValueError("a printer is configured, and nobody draws what it prints")
            self._printer = PrinterWorker(printer, paper, clock, self.runner.post, self._log.note)
        around = Around(player, None if self._printer is None else self._printer.try_sheet)
        self._technician = TechnicianWorker(settings, clock, self.runner.post, self.lend_to, self._log.note, around)
        self._metrics = None
        if settings.kiosk.metrics:
            told = (settings.kiosk.id, version("consigne"), clock.now().utc.timestamp())
            self._metrics = MetricsWorker(Path(settings.kiosk.metrics), settings.kiosk.state, told, lambda: self.runner.session)
        self._died: WorkerDied | None = None

    def _note_start(self, settings: Settings, carried: Carried | None, unread: str | None) -> None:
        self._log.note(Note(NoteKind.STARTED, {"program": version("consigne")}))
        self._log.note(configured(settings))
        if carried is not None:
            self._log.note(note_of(carried))
        if unread is not None:
            self._log.note(Note(NoteKind.MARK_UNREAD, {"detail": unread}))
        if (alone := why_not()) is not None:
            self._log.note(Note(NoteKind.READER_ALONE, {"detail": alone}))
        held = self._owned or self._unbegun
        if held is not None and held.set_aside is not None:
            self._log.note(Note(NoteKind.LOCK_SET_ASIDE, {"path": str(held.set_aside)}))

    def serve(self) -> None:
        """Runs until ``stop``. Raises WorkerDied."""
        before, threading.excepthook = threading.excepthook, self._worker_died
        self._log.start()
        self._camera.start()
        for worker in (self._books, self._sight, self._intake, self._tools, self._console):
            worker.start()
        if self._speaker is not None:
            self._speaker.start()
        if self._printer is not None:
            self._printer.start()
        if self._metrics is not None:
            self._metrics.start()
        try:
            workers = Workers(
                *(self._intake, self._sight, self._books, self._log, self._tools, self._console, self._printer, self._technician)
            )
            self.runner.serve(workers)
        finally:
            self._technician.stop()
            for worker in (self._intake, self._sight, self._books, self._tools, self._console):
                worker.stop()
            for worker in (self._intake, self._sight, self._books, self._console):
                worker.join()
            self._tools.join(TOOL_ENDS_S)
            if self._speaker is not None:
                self._speaker.stop()
                self._speaker.join()
            if self._printer is not None:
                self._printer.stop()
                self._printer.join(PRINTER_ENDS_S)
            if self._metrics is not None:
                self._metrics.stop()
                self._metrics.join()
            self._camera.close()
            threading.excepthook = before
            if self._owned is not None:
                self._owned.close()
            if self._unbegun is not None:
                self._unbegun.release()
            died = self._died
            error = type(died.__cause__).__name__ if died is not None else None
            self._log.note(Note(NoteKind.STOPPED, {"worker": died.worker if died is not None else None, "error": error}))
            self._log.close()
        if self._died is not None:
            raise self._died

    def stop(self) -> None:
        self.runner.stop()

    @property
    def starts_anew(self) -> bool:
        """Whether it ended in order to begin again at once: staff asked for it."""
        return self.runner.starts_anew

    def _judging(self, settings: Settings, *, demonstration: bool) -> SightWorker:
        policy, unusable = policy_in_use(settings.recognition, settings.files.policy, demonstration)
        if unusable is not None:
            self._log.note(Note(NoteKind.POLICY_NOT_TAKEN, {"detail": str(unusable), "policy": policy.name}))
        memory, products = Remembered(settings.files.kiosk, self._log.note), Products(settings, self.clock, self._log.note)
        chamber = None
        if policy.shape is not None:
            files, width_mm = settings.files, settings.camera.picture_mm or None
            chamber = Chamber(self._camera, self._intake, files.background, width_mm, self.clock, self.runner.post, self._log.note)
        materials = None if policy.shape is None else Materials(self._log.note)
        return SightWorker(self._camera, policy, self.clock, self.runner.post, memory, products, chamber, materials)

    def _goes_on_resting(self) -> None:
        try:
            self.runner.rests(self._console.clerk.resting())
        except AgentsUnreadable as error:
            # nobody can say whether it was: whoever starts a kiosk whose own file fails looks after it (``first_code``)
            self._log.note(Note(NoteKind.REST_UNREAD, {"detail": error.detail}))

    def _clerk(self, settings: Settings, clock: Clock) -> Clerk:
        def day() -> date:
            return clock.now().day() if self._owned is None else business_day(self._owned.books, clock.now())

        bins = settings.bins
        by_material = {Material.GLASS: bins.glass_tolerance_g, Material.PLASTIC: bins.plastic_tolerance_g}
        tolerance = Tolerance(by_material, bins.slip_tolerance_g)
        day_cents, reward = Cents(settings.limits.day_cents), Cents(settings.reward.cents)

        cleaning = CleaningTerms(settings.upkeep.clean_bottles, settings.upkeep.clean_days)

        def printer() -> PrinterSeen | None:
            return None if self._printer is None else self._printer.seen

        told = (settings.path, settings.kiosk.id, settings.catalogue)
        return Clerk(self._agents, settings.files, clock, day_cents, reward, day, tolerance, printer, cleaning, *told)

    def first_code(self) -> str | None:
        """What makes the first manager of a kiosk that has none: to be said once to whoever started it, and kept nowhere. Raises AgentsUnreadable.

        Agents whose file was damaged are nobody any more; the file is set aside, and that is noted.
        """
        aside = self._agents.set_aside_if_damaged()
        if aside is not None:
            self._log.note(Note(NoteKind.AGENTS_SET_ASIDE, {"path": str(aside)}))
        return self._console.clerk.door.offer_first_code()

    def play(self, sound: Sound) -> None:
        """Has a sound played, if any is wanted. Never waits, and nobody hears whether it could be. From any thread."""
        if self._speaker is not None:
            self._speaker.play(sound)

    def speaks(self, language: str) -> None:
        """Which language stands on the glass: tickets are printed in it, too. From any thread."""
        if self._printer is not None:
            self._printer.speaks(language)

    def heard_silent(self, part: str) -> None:
        """A part has not answered for a second: if it stays so, the service manager ends this process, and the log says who it was."""
        self._log.note(Note(NoteKind.PART_SILENT, {"part": part}))

    def lend_to(self, tool: Tool) -> None:
        """Asks for intake line and camera for a technician's tool; it is used or refused in time. From any thread."""
        self._tools.ask(tool)

    def _booked(self, event: LedgerEvent | ConsoleEvent) -> None:
        self.runner.post(event)
        news = event.news if isinstance(event, Answered) else None
        if isinstance(news, TotaliserBooked) and news.booked.date_known != self._date_known:
            self._date_known = news.booked.date_known
            self._log.note(Note(NoteKind.DATE_KNOWN if self._date_known else NoteKind.DATE_UNKNOWN, {}))
        if self._closing is not None and isinstance(event, LedgerEvent):
            self._closing.look(event)
        long_read = self._wal.look()
        if long_read is not None:
            self._log.note(Note(NoteKind.LEDGER_LONG_READ_OVER if long_read.over else NoteKind.LEDGER_LONG_READ, asdict(long_read)))

    def _camera_lost(self, trouble: CameraTrouble) -> None:
        self.runner.post(CameraLost(trouble.fault, trouble.measured, trouble.limit))

    def _camera_settings_not_taken(self, not_taken: tuple[NotTaken, ...]) -> None:
        self._log.note(Note(NoteKind.CAMERA_SETTINGS, {"not_taken": [asdict(setting) for setting in not_taken]}))

    def _worker_died(self, raised: threading.ExceptHookArgs) -> None:
        name = raised.thread.name if raised.thread is not None else "a thread"
        if raised.exc_value is not None:
            self._died = WorkerDied(name, raised.exc_value)
            self._died.__cause__ = raised.exc_value
        self.runner.stop()
