"""The typed errors of every package as sentences that say what happened and what to do. The facts are in the errors, the words in the catalogue.

Errors of other programs' making (a message of the system or of SQLite inside ``detail``) are quoted as they come.
"""

import os
from pathlib import Path

from config.clock import PARIS
from config.files import NotText, Trouble, standing, trouble_of
from config.settings import ConfigurationError, Mistake, Problem
from drivers.intake.bus import BusError, NeverSilent, NoAnswer, PortGone, PortTaken, WrongController
from kiosk.display import NoDisplay
from kiosk.failures import ProcessFailed, RunStuck, WorkerDied, WrongArgument
from kiosk.screens.style.theme import ScreenTooSmall
from kiosk.words.catalogue import UnknownLanguage, Words
from kiosk.words.reading import CatalogueBroken, Place
from ledger.vocabulary import (
    ClockBehind,
    Garbled,
    LedgerBehind,
    LedgerError,
    LedgerExists,
    LedgerLocked,
    LedgerUnavailable,
    NoLedger,
    NumberBeyond,
    NumbersUsedUp,
    SchemaUnknown,
    TotaliserFell,
    WrongFile,
    WrongKey,
    WrongKiosk,
)


def explain(error: Exception, words: Words) -> str:
    """What happened and what to do; of a configuration and of a catalogue one line for each of its problems.

    An error that is not known here is told as a fault of the program, with its type.
    """
    match error:
        case ConfigurationError():
            return "\n".join(_configuration(error, problem, words) for problem in error.problems)
        case BusError():
            return _bus(error, words)
        case LedgerError():
            return _ledger(error, words)
        case ProcessFailed():
            return words.text("error.process_failed", name=error.name, last=error.last or "…", log=error.log)
        case RunStuck():
            screen = words.text(f"halt.{error.halt}") if error.halt else error.screen
            return words.text("error.run_stuck", screen=screen, minutes=round(error.quiet_s / 60))
        case WorkerDied():
            return words.text("error.worker_died", detail=error)
        case CatalogueBroken():
            return "\n".join(_catalogue(error, place, words) for place in error.places)
        case NoDisplay():
            return words.text("error.no_display", named=error.named, detail=error.detail)
        case ScreenTooSmall():
            return words.text("error.screen_too_small", found=error.diagonal_in, smallest=error.smallest_in)
        case NotText():
            return words.text("error.file.not_text", path=error.path)
        case WrongArgument():
            return explain(error.error, words)
        case UnknownLanguage():
            return words.text("error.language", found=error.found, known=", ".join(error.known))
        case _:
            return _of_twin_and_camera(error, words) or _other(error, words)


def _configuration(error: ConfigurationError, problem: Problem, words: Words) -> str:
    allowed = problem.allowed
    if problem.mistake in {Mistake.WRONG_TYPE, Mistake.MISSING_KEY} and allowed.isalpha():
        allowed = words.text(f"type.{allowed}")
    return words.text(f"config.{problem.mistake}", path=error.path, key=problem.key, found=problem.found, allowed=allowed)


def _catalogue(error: CatalogueBroken, place: Place, words: Words) -> str:
    return words.text(f"error.catalogue.{place.flaw}", path=error.path, line=place.line, key=place.key, found=place.found)


def _bus(error: BusError, words: Words) -> str:
    match error:
        case PortTaken():
            return words.text("error.port_taken", port=error.port, detail=error.detail)
        case NeverSilent():
            return words.text("error.never_silent", port=error.port, detail=error.detail)
        case PortGone():
            return words.text("error.port_gone", port=error.port, detail=error.detail)
        case NoAnswer():
            return words.text(f"error.no_answer.{error.came}", detail=error.detail, unit=error.unit)
        case WrongController():
            key = "error.controller_older" if error.found < error.expected else "error.controller_newer"
            firmware = ".".join(str(part) for part in error.firmware)
            return words.text(key, firmware=firmware, found=error.found, expected=error.expected)
        case _:
            return words.text("error.no_answer.nothing", detail=error)


def _ledger(error: LedgerError, words: Words) -> str:
    match error:
        case LedgerLocked():
            return words.text("error.ledger_locked", path=error.path, holder=error.holder)
        case LedgerUnavailable(trouble=Trouble.DAMAGED):
            return words.text("error.ledger_damaged", path=error.path, detail=error.detail)
        case LedgerUnavailable():
            return tell_file(Path(error.path), error.trouble, error.detail, words)
        case NoLedger():
            return words.text("error.no_ledger", path=error.path)
        case LedgerExists():
            return words.text("error.ledger_exists", path=error.path)
        case NumbersUsedUp(day=day):
            return words.text("error.numbers_used_up", day=words.day(day))
        case ClockBehind(row=row):
            now, not_before = (f"{at.astimezone(PARIS):%Y-%m-%d %H:%M}" for at in (error.now, error.not_before))
            if row is None:
                return words.text("error.clock_before_build", now=now, not_before=not_before[:10])
            return words.text("error.clock_before_row", now=now, not_before=not_before, row=row)
        case WrongFile():
            return words.text("error.wrong_file", path=error.path, detail=error.detail)
        case SchemaUnknown():
            return words.text("error.schema_unknown", path=error.path, found=error.found, known=error.known)
        case WrongKey():
            return words.text("error.wrong_key", path=error.path, detail=error.detail)
        case _:
            return _rows(error, words)


def _rows(error: LedgerError, words: Words) -> str:
    """What is wrong with what stands in a ledger, or was to be written into it."""
    match error:
        case NumberBeyond():
            return words.text("error.number_beyond", name=error.name, value=error.value)
        case WrongKiosk():
            return words.text("error.wrong_kiosk", path=error.path, found=error.found, configured=error.configured)
        case LedgerBehind():
            return words.text("error.ledger_behind", path=error.path, last=error.last)
        case Garbled():
            return words.text("error.garbled", detail=error)
        case TotaliserFell():
            return words.text("error.totaliser_fell", read=error.read, booked=error.booked)
        case _:
            return words.text("error.wrong_money", detail=error)


def _of_twin_and_camera(error: Exception, words: Words) -> str | None:
    # imported here: these bring OpenCV along, and a ledger's command should not wait for it
    from drivers.camera.faults import CameraFault, CameraTrouble
    from drivers.camera.worker import CameraGone
    from drivers.twin.items import LabelsMissing, LabelsWrong, PictureUnreadable
    from drivers.twin.process import StateWrong, TwinRuns
    from drivers.twin.scenario import ScenarioWrong
    from drivers.twin.shaft import ItemGone

    match error:
        case CameraGone(trouble=CameraTrouble(fault=CameraFault.ABSENT, detail=detail)):
            return words.text("error.camera_absent", source=error.source, detail=detail)
        case CameraGone():
            return words.text("error.camera_gone", source=error.source, detail=error.trouble)
        case LabelsMissing():
            return words.text("error.labels_missing", folder=error.folder)
        case LabelsWrong():
            return words.text("error.labels_wrong", path=error.path, line=error.line, found=error.found, allowed=error.allowed)
        case PictureUnreadable():
            return words.text("error.picture_unreadable", path=error.path)
        case StateWrong():
            return words.text("error.twin_state", path=error.path, folder=error.path.parent, detail=error.detail)
        case ItemGone():
            return words.text("error.item_gone", item=error.item)
        case TwinRuns():
            return words.text("error.twin_runs", state=error.state)
        case ScenarioWrong():
            return words.text("error.scenario_wrong", source=error.source, line=error.line, found=error.found, allowed=error.allowed)
        case _:
            return None


def tell_file(path: Path, trouble: Trouble, detail: str, words: Words) -> str:
    """What is wrong with a file or folder, and what to do."""
    there = standing(path) if trouble is Trouble.NOT_A_FOLDER else path
    return words.text(f"error.file.{trouble}", path=there, folder=path.absolute().parent, detail=detail)


def _other(error: Exception, words: Words) -> str:
    if isinstance(error, OSError) and error.filename:
        return tell_file(Path(os.fsdecode(error.filename)), trouble_of(error), error.strerror or str(error), words)
    if isinstance(error, OSError) and trouble_of(error) is Trouble.FULL:
        # the standard output has no name
        return words.text("error.no_room")
    if isinstance(error, OSError):
        return words.text("error.system", detail=error.strerror or error)
    return words.text("error.unexpected", kind=type(error).__name__, detail=error)
