"""How a kiosk's ledger begins: the controller on the port is asked who it is and what it has counted; that goes into the first entry."""

import secrets

from config.clock import Clock
from config.settings import Settings
from config.system import AssumedClock, SystemClock
from config.vocabulary import Cents
from drivers.intake.modbus import ModbusBus
from ledger.beside import ask
from ledger.database import reading
from ledger.findings import FindingKind
from ledger.generation import Beginning, Begun, begin
from ledger.limits import Terms
from ledger.lock import LedgerLock, lock_path
from ledger.sync.acknowledged import StateError, read_marks
from ledger.views import generation, head
from ledger.vocabulary import LedgerBehind, WrongKiosk


def terms_of(settings: Settings) -> Terms:
    """What the configuration says of money."""
    return Terms(
        reward=Cents(settings.reward.cents),
        visit_bottles=settings.limits.visit_bottles,
        day_cents=Cents(settings.limits.day_cents),
        voucher_page=settings.reward.voucher_page,
        voucher_days=settings.reward.voucher_days,
        payer=settings.reward.payer,
        grant_day_cents=Cents(settings.limits.grant_day_cents),
        grant_agent_cents=Cents(settings.limits.grant_agent_cents),
        grant_alone_cents=Cents(settings.limits.grant_alone_cents),
    )


def clock_for(settings: Settings, demonstration: bool) -> Clock:
    """The machine's clock; on a demonstration it is assumed to be right."""
    return AssumedClock() if demonstration else SystemClock(settings.files.clock)


def clock_of(settings: Settings) -> Clock:
    """The clock for the ledger that lies there. Raises LedgerError."""
    with reading(settings.files.ledger) as connection:
        return clock_for(settings, generation(connection).demonstration)


def awaits_first(settings: Settings) -> bool:
    """Whether no ledger lies there and nothing tells that there ever was one: neither an archive, nor a backup, nor the sync's mark. One that was lost is no kiosk to be commissioned."""
    files = settings.files
    if files.ledger.exists() or any(files.state.glob("ledger-*.db")) or any(settings.backup.folder.glob("*/ledger.db")):
        return False
    try:
        return not read_marks(files.acknowledged)
    except StateError:
        return False


def recognise(settings: Settings) -> str | None:
    """Whether the ledger that lies there is this kiosk's, and all of it: the configuration and the sync's mark know.

    Returns why the mark could not be asked, if it is there. Raises WrongKiosk, LedgerBehind, and other LedgerErrors.
    """
    path = settings.files.ledger
    answers = ask(path, settings.kiosk.id)
    for finding in answers.findings:
        match finding.what:
            case FindingKind.KIOSK:
                raise WrongKiosk(str(path), str(finding.facts["found"]), settings.kiosk.id)
            case FindingKind.CUT | FindingKind.MARK | FindingKind.SUCCEEDED:
                with reading(path) as connection:
                    raise LedgerBehind(str(path), head(connection).row)
            case _:
                # a wrong key is told by whoever loads it; a stranger's rows hinder nobody: a ledger that was lost must be begun anew
                continue
    return answers.unread


def begin_ledger(
    settings: Settings, by: str, why: str, succeeding: bool = False, clock_was_wrong: str | None = None, restored: bool = False
) -> Begun:
    """Begins a ledger on the controller that answers now. Raises BusError, LedgerError."""
    if lock_path(settings.files.ledger).exists():
        # who runs there is told before the port, which it has too
        LedgerLock(settings.files.ledger, f"ledger begin by {by}", clock_for(settings, demonstration=False)).release()
    bus = ModbusBus(settings.intake.port)
    bus.open()
    try:
        identity = bus.identity()
        totaliser = bus.read(0).totaliser
    finally:
        bus.close()
    beginning = Beginning(
        kiosk=settings.kiosk.id,
        by=by,
        why=why,
        controller_id=identity.controller_id,
        totaliser=totaliser,
        demonstration=identity.demonstration,
        clock_was_wrong=clock_was_wrong,
        restored=restored,
    )
    return begin(
        settings.files.ledger,
        beginning,
        clock=clock_for(settings, identity.demonstration),
        random=secrets,
        terms=terms_of(settings),
        succeeding=succeeding,
    )
