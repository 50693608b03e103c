"""What stops the machine, with its facts, as one sentence for staff and technicians. Visitors are told the halt's own sentence and its code."""

from pathlib import Path
from typing import assert_never

from drivers.intake.bus import ControllerFault, FaultCause
from drivers.intake.trouble import DriverFailed, LinkTrouble, OtherTable, PortUnusable, Silence
from kiosk.deposit.halts import (
    BinsFull,
    BudgetSpent,
    CountedLess,
    DoorOpen,
    EntryRefused,
    HallClosed,
    InService,
    ItemLeft,
    Jammed,
    LedgerUnwritable,
    MemoryFailed,
    NoController,
    NoPicture,
    NotBegun,
    Obstacle,
    OtherController,
    OtherVersion,
    Resting,
    SensorFailed,
    SequencesDisagree,
    SequencesUsedUp,
    StaffAtWork,
    SupplyLow,
    TakenLeapt,
    TotaliserLeapt,
    VisitNumbersUsedUp,
)
from kiosk.words.catalogue import Words


def tell_obstacle(why: Obstacle, words: Words) -> str:
    """One sentence with every fact in it."""
    match why:
        case NoController(trouble):
            return words.text("fact.not_told") if trouble is None else _link(trouble, words)
        case OtherVersion(found, expected, firmware):
            return _version(found, expected, firmware, words)
        case OtherController(found, expected):
            return words.text("fact.other_controller", found=f"{found:016x}", expected=f"{expected:016x}")
        case NoPicture(fault, measured, limit):
            return words.text(f"fact.camera.{fault}", measured=_figure(measured), limit=_figure(limit))
        case SensorFailed(fault, cause) | Jammed(fault, cause):
            return _part(fault, cause, words)
        case SupplyLow():
            return words.text("fact.supply")
        case DoorOpen():
            return words.text("fact.door")
        case MemoryFailed():
            return words.text("fact.memory")
        case BinsFull(levels, limit):
            told = ", ".join(words.text("fact.bin", bin=bin, percent=percent) for bin, percent in levels)
            return words.text("fact.bins_full", levels=told, limit=limit)
        case ItemLeft(offered):
            return words.text("fact.item_left", offered=offered)
        case HallClosed(until):
            return words.text("fact.closed", day=words.weekday(until.date()), time=words.time_of_day(until))
        case BudgetSpent(date_known):
            return words.text("fact.budget" if date_known else "fact.budget.date_unknown")
        case _:
            return _by_people(why, words) or _number(why, words) or _ledger(why, words)


def _by_people(why: Obstacle, words: Words) -> str | None:
    """Who works at the machine, or has put it to rest."""
    match why:
        case InService():
            return words.text("fact.service")
        case StaffAtWork():
            return words.text("fact.staff")
        case Resting(message):
            return words.text("fact.rest", message=words.text(f"staff.rest.{message}"))
        case _:
            return None


def _number(why: Obstacle, words: Words) -> str | None:
    """A number of the controller that cannot be counted on."""
    match why:
        case TakenLeapt(taken, last_used):
            return words.text("fact.taken_leapt", taken=taken, last=last_used)
        case SequencesDisagree(taken, sorted_, counted, back):
            return words.text("fact.sequences_disagree", taken=taken, sorted=sorted_, counted=counted, back=back)
        case TotaliserLeapt(read, booked):
            return words.text("fact.totaliser_leapt", read=read, booked=booked)
        case SequencesUsedUp(last):
            return words.text("fact.sequences_used_up", last=last)
        case CountedLess(read, booked):
            return words.text("fact.counted_less", read=read, booked=booked)
        case _:
            return None


def _ledger(why: Obstacle, words: Words) -> str:
    match why:
        case NotBegun():
            return words.text("fact.not_begun")
        case LedgerUnwritable(path, trouble):
            return words.text(f"error.file.{trouble}", path=path, folder=Path(path).absolute().parent, detail=trouble)
        case VisitNumbersUsedUp(day):
            return words.text("error.numbers_used_up", day=words.day(day))
        case EntryRefused(asked, error):
            return words.text("fact.entry_refused", asked=asked, error=error)
        case _:
            raise TypeError(type(why).__name__)


def _link(trouble: LinkTrouble, words: Words) -> str:
    match trouble:
        case PortUnusable(port, error, system):
            keys = {"PortTaken": "fact.port_taken", "NeverSilent": "fact.never_silent"}
            return words.text(keys.get(error, "fact.port_gone"), port=port, system=system or error)
        case Silence(came, unit):
            return words.text(f"fact.silence.{came}", unit=unit)
        case OtherTable(found, expected, firmware):
            return _version(found, expected, firmware, words)
        case DriverFailed(error):
            return words.text("fact.driver_failed", error=error)
        case _:
            assert_never(trouble)


def _version(found: int, expected: int, firmware: tuple[int, int], words: Words) -> str:
    return words.text("fact.other_version", found=found, expected=expected, firmware=".".join(map(str, firmware)))


def _part(fault: ControllerFault, cause: FaultCause, words: Words) -> str:
    part, how = words.text(f"selftest.fault.{fault.name.lower()}"), words.text(f"selftest.cause.{cause.name.lower()}")
    return words.text("fact.part", part=part, cause=how)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"
