"""What ledger and log say to whoever of the staff asks: the day, entries and their export, vouchers, visits, a whole ledger verified. Writes nothing of money."""

import os
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from config.clock import PARIS, Clock
from config.files import Trouble, trouble_of
from config.state import Files
from config.vocabulary import Cents
from kiosk import tries
from kiosk.agents import AgentsUnreadable, opened
from kiosk.console.actions import (
    AskArchives,
    Export,
    FindVisits,
    FindVoucher,
    LookAtDay,
    OpenEntry,
    ReadLog,
    ReadVisit,
    Select,
    Verify,
)
from kiosk.console.denials import FileFails, MustWait
from kiosk.console.events import (
    ArchivesTold,
    ConsoleEvent,
    DayTold,
    EntryTold,
    ExportTold,
    Failed,
    LogTold,
    RowsTold,
    Verified,
    VisitRead,
    VisitsFound,
    VoucherTold,
)
from kiosk.console.layouts import meant
from kiosk.console.told import (
    Exported,
    LogRead,
    PrinterSeen,
    Refused,
    Today,
    refused_of,
)
from kiosk.exports import export_folder
from kiosk.log_reading import LogAbout, log_figures, log_lines
from kiosk.verifying import check
from kiosk.visit_reading import SeenVisit, refusals_of
from ledger.chain import time_of
from ledger.claims import find, generations, missing_archive
from ledger.database import reading
from ledger.export import write_csv
from ledger.figures import days_until, figures
from ledger.grants import bottles_of, by_hand
from ledger.selection import Selection, entries_of, open_entry, select
from ledger.sync.acknowledged import StateError, last_acknowledged
from ledger.verify import Seen
from ledger.visits import read_visit, visits_of
from ledger.vocabulary import LedgerError, LedgerUnavailable, NoLedger, VoucherRefused
from recognition.catalogue.store import CatalogueUnreadable, age_days, lists

DAYS = 30

VISITS_BACK = 1_100
"""Days: a voucher is good for three years if nothing else is configured."""

ARCHIVE = re.compile(r"ledger-\d+-[0-9a-f]{8}\.db")

LookUp = LookAtDay | ReadLog | Select | OpenEntry | Export | FindVoucher | FindVisits | ReadVisit | AskArchives


class Reading:
    """Codes that are no voucher's are counted, and slowed down."""

    def __init__(
        self,
        files: Files,
        clock: Clock,
        day_cents: Cents,
        reward: Cents,
        business_day: Callable[[], date],
        printer: Callable[[], PrinterSeen | None],
        catalogue: Path,
    ) -> None:
        self._files = files
        self._catalogue = catalogue
        self._clock = clock
        self._day_cents = day_cents
        self._reward = reward
        self._business_day = business_day
        self._printer = printer

    def does(self, action: LookUp) -> ConsoleEvent:
        return looked_up(lambda: self._found(action))

    def _found(self, action: LookUp) -> ConsoleEvent:
        match action:
            case LookAtDay(charted):
                return self._day(charted)
            case ReadLog(about):
                return self._log(about)
            case Select(selection):
                return self._rows(selection)
            case OpenEntry(row, archive):
                return self._entry(row, archive)
            case Export(selection, number):
                return self._exported(selection, number)
            case FindVoucher(presented):
                return self._voucher(presented)
            case FindVisits(number):
                return self._visits(number)
            case ReadVisit(visit):
                return self._visit(visit)
            case AskArchives():
                return ArchivesTold(self.archives())

    def _day(self, charted: bool) -> ConsoleEvent:
        day, now = self._business_day(), self._clock.now().utc
        with reading(self._files.ledger) as connection:
            told = figures(connection, day)
            days = days_until(connection, day, DAYS) if charted else None
        log = log_figures(self._files.state, now.astimezone(PARIS).date(), now)
        return DayTold(Today(told, log, self._day_cents, self._synced(), now, self._printer(), days, self._listed_days(now.date())))

    def _log(self, about: LogAbout) -> ConsoleEvent:
        today = self._clock.now().utc.astimezone(PARIS).date()
        return LogTold(LogRead(about, log_lines(self._files.state, today, about)))

    def _rows(self, selection: Selection) -> ConsoleEvent:
        path = self._ledger(selection.archive)
        with reading(path) as connection:
            selected = select(connection, selection, self._business_day())
        return RowsTold(selection, selected, self.archives(), str(path))

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
        with opened(self._files.kiosk, tries.SCHEMA) as db:
            waiting_s = tries.waits_s(db, self._clock.now(), tries.VOUCHERS)
        if waiting_s:
            return Failed(MustWait(waiting_s))
        try:
            with reading(self._files.ledger) as connection:
                found = find(connection, self._files.ledger, meant(presented))
        except VoucherRefused as error:
            # on the disk before anybody hears of it
            with opened(self._files.kiosk, tries.SCHEMA) as db:
                tries.count(db, self._clock.now(), tries.VOUCHERS)
            return VoucherTold(None, refused_of(error))
        with opened(self._files.kiosk, tries.SCHEMA) as db:
            tries.forget(db, tries.VOUCHERS)
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

    def verified(self, action: Verify, seen: Seen) -> ConsoleEvent:
        """The whole of a ledger, which takes a while: the kiosk does it in a thread of its own."""
        return looked_up(lambda: Verified(action.run, check(self._ledger(action.archive), seen=seen)))

    def _ledger(self, archive: str | None) -> Path:
        """An archive is one of those that lie there, whatever name was asked for."""
        return self._files.ledger if archive not in self.archives() else self._files.state / str(archive)

    def archives(self) -> tuple[str, ...]:
        found = [path.name for path in self._files.state.glob("ledger-*.db") if ARCHIVE.fullmatch(path.name)]
        return tuple(sorted(found, key=lambda name: -int(name.split("-")[1])))

    def _synced(self) -> datetime | None:
        """A mark that cannot be read is none: the sync tells what is wrong with it."""
        try:
            at = last_acknowledged(self._files.acknowledged)
        except StateError:
            return None
        return None if at is None else time_of(at)

    def _listed_days(self, today: date) -> int | None:
        """A list that cannot be read is none here: doctor and the log tell what is wrong with it."""
        try:
            return age_days(lists(self._catalogue), today) if self._catalogue.exists() else None
        except CatalogueUnreadable:
            return None


def looked_up(look: Callable[[], ConsoleEvent]) -> ConsoleEvent:
    """What a look into ledger or log comes to; what keeps it from being looked into is told."""
    try:
        return look()
    except (LedgerUnavailable, AgentsUnreadable) as error:
        return Failed(FileFails(error.trouble))
    except NoLedger:
        return Failed(FileFails(Trouble.MISSING))
    except LedgerError:
        return Failed(FileFails(Trouble.DAMAGED))
    except OSError as error:
        return Failed(FileFails(trouble_of(error)))
