"""Steps of the machine around the intake: supply, temperature, clock, disk and ledger."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from config.clock import Instant
from config.files import WRONG_NAME, Trouble, trouble_of
from kiosk.selftest.books import BooksUnreadable, LedgerState
from kiosk.selftest.limits import SUPPLY_MV, TEMPERATURE_C
from kiosk.selftest.results import Blame, Check, Figure, Group, Measured, Part, Result, StepReason, Unit, exactly, failed, judged, skipped
from kiosk.selftest.rig import Rig
from kiosk.selftest.steps import Step
from ledger.beside import ask
from ledger.database import reading
from ledger.findings import Finding
from ledger.verify import verify
from ledger.vocabulary import LedgerError

BACKWARDS_S = 60.0
"""How far before the ledger's newest entry the clock may be: what a synchronisation corrects at most (config/system.py, RTC_MAY_DIFFER)."""

FREE_MB = 500.0
"""Chosen: a million entries take 114 MB, and one that cannot be written stops the kiosk."""

WRITE_MS = 1000.0
"""A bottle waits for two such writes; a memory card in good health takes some tens of milliseconds. Chosen."""

SCRATCH_BYTES = 64 * 1024


def supply(rig: Rig) -> Result:
    return judge_supply(rig.controls.health().supply_mv)


def judge_supply(supply_mv: int) -> Result:
    return judged("supply", Check(Measured(Figure.SUPPLY, supply_mv, Unit.MV, *SUPPLY_MV), Blame(Part.SUPPLY, StepReason.VOLTAGE)))


def temperature(rig: Rig) -> Result:
    return judge_temperature(rig.controls.health().temperature_c)


def judge_temperature(celsius: float) -> Result:
    figure = Measured(Figure.TEMPERATURE, celsius, Unit.CELSIUS, *TEMPERATURE_C)
    return judged("temperature", Check(figure, Blame(Part.COOLING, StepReason.TEMPERATURE)))


def clock(rig: Rig) -> Result:
    newest = rig.books.newest if isinstance(rig.books, LedgerState) else None
    return judge_clock(rig.clock.now(), newest)


def judge_clock(now: Instant, newest: datetime | None) -> Result:
    """``newest``: when the ledger's last entry was booked."""
    checks = [Check(exactly(Figure.TRUSTED, int(now.trusted), 1, Unit.YES), Blame(Part.CLOCK, StepReason.NOT_TRUSTED))]
    if newest is not None:
        since = Measured(Figure.SINCE_LAST_ENTRY, round((now.utc - newest).total_seconds()), Unit.S, -BACKWARDS_S, None)
        checks.insert(0, Check(since, Blame(Part.CLOCK, StepReason.CLOCK_BEHIND)))
    return judged("clock", *checks, detail=now.utc.isoformat(timespec="seconds"))


def disk_space(rig: Rig) -> Result:
    try:
        free = shutil.disk_usage(rig.settings.kiosk.state).free
    except OSError as error:
        return _refused("disk_space", error)
    return judge_space(free)


def _refused(step: str, error: OSError) -> Result:
    """A folder that is not there is no worn card."""
    match trouble_of(error):
        case trouble if trouble in WRONG_NAME:
            blame = Blame(Part.FOLDER, StepReason.NO_FOLDER)
        case Trouble.FULL:
            blame = Blame(Part.DISK, StepReason.LITTLE_SPACE)
        case _:
            blame = Blame(Part.DISK, StepReason.WRITE_FAILED)
    return failed(step, blame, error.strerror or str(error))


def judge_space(free_bytes: int) -> Result:
    figure = Measured(Figure.FREE, free_bytes // 1_000_000, Unit.MB, FREE_MB, None)
    return judged("disk_space", Check(figure, Blame(Part.DISK, StepReason.LITTLE_SPACE)))


def disk_write(rig: Rig) -> Result:
    """A scratch file beside the ledger: written, on the disk, read back, removed."""
    began_s = rig.clock.monotonic()
    try:
        same = _write_and_read(rig.settings.kiosk.state)
    except OSError as error:
        return _refused("disk_write", error)
    return judge_write((rig.clock.monotonic() - began_s) * 1000, same)


def _write_and_read(folder: Path) -> bool:
    data = os.urandom(SCRATCH_BYTES)
    with tempfile.NamedTemporaryFile(prefix="self-test-", dir=folder) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        return Path(file.name).read_bytes() == data


def judge_write(took_ms: float, same: bool) -> Result:
    """``same``: what was read is what was written."""
    took = Measured(Figure.WRITE_TIME, round(took_ms), Unit.MS, None, WRITE_MS)
    return judged(
        "disk_write",
        Check(took, Blame(Part.DISK, StepReason.SLOW_WRITE)),
        Check(exactly(Figure.SAME, int(same), 1, Unit.YES), Blame(Part.DISK, StepReason.WRITE_FAILED)),
    )


def ledger(rig: Rig) -> Result:
    """Everything that ``consigne ledger verify`` looks at, read only."""
    if rig.books is None:
        return skipped("ledger", StepReason.NO_LEDGER)
    if isinstance(rig.books, BooksUnreadable):
        return failed("ledger", Blame(Part.LEDGER, StepReason.UNREADABLE), rig.books.detail)
    try:
        with reading(rig.ledger) as connection:
            found = list(verify(connection))
        found += ask(rig.ledger, rig.settings.kiosk.id).findings
    except LedgerError as error:
        return failed("ledger", Blame(Part.LEDGER, StepReason.UNREADABLE), str(error))
    return judge_ledger(found)


def judge_ledger(found: list[Finding]) -> Result:
    detail = "" if not found else f"{found[0].what} {found[0].row or ''}".strip()
    figure = exactly(Figure.FINDINGS, len(found), 0, Unit.NONE)
    return judged("ledger", Check(figure, Blame(Part.LEDGER, StepReason.FINDINGS)), detail=detail)


MACHINE = (
    Step("clock", Group.MACHINE, clock, asks=False),
    Step("disk_space", Group.MACHINE, disk_space, asks=False),
    Step("disk_write", Group.MACHINE, disk_write, asks=False),
    Step("ledger", Group.MACHINE, ledger, asks=False),
    Step("supply", Group.MACHINE, supply),
    Step("temperature", Group.MACHINE, temperature),
)
