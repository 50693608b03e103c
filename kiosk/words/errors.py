"""The typed errors of every package as sentences that say what happened and what to do. The facts are in the errors, the words in the catalogue.

An error's words stand under its type's name and, where it has one, its variant: ``NoAnswer`` that heard an echo is ``error.no_answer.echo``. Whoever
raises it is not imported. Here stands only what needs more than its facts. Errors of other programs' making (a message of the system or of
SQLite inside ``detail``) are quoted as they come.
"""

import os
import re
from datetime import datetime
from pathlib import Path

from config.clock import PARIS
from config.files import Trouble, standing, trouble_of
from config.settings import ConfigurationError, Mistake, Problem
from config.sqlite import DatabaseUnusable
from config.told import Told
from kiosk.failures import RunStuck, WrongArgument
from kiosk.words.catalogue import Words
from kiosk.words.reading import CatalogueBroken, Spot
from ledger.vocabulary import ClockBehind, LedgerUnavailable, NumbersUsedUp, VoucherRefused
from ledger.vouchers import CODE_LETTERS, grouped


def explain(error: Exception, words: Words) -> str:
    """What happened and what to do; of a configuration and of a catalogue one line for each of its problems.

    An error that is no ``Told`` is a fault of the program and told as one, with its type.
    """
    match error:
        case WrongArgument():
            return explain(error.error, words)
        case ConfigurationError():
            return "\n".join(_configuration(error, problem, words) for problem in error.problems)
        case CatalogueBroken():
            return "\n".join(_catalogue(error, place, words) for place in error.places)
        case RunStuck():
            screen = words.text(f"halt.{error.halt}") if error.halt else error.screen
            return words.text("error.run_stuck", screen=screen, minutes=round(error.quiet_s / 60))
        case LedgerUnavailable() | DatabaseUnusable() if error.trouble is not Trouble.DAMAGED:
            return tell_file(Path(error.path), error.trouble, error.detail, words)
        case NumbersUsedUp(day=day):
            return words.text("error.numbers_used_up", day=words.day(day))
        case VoucherRefused():
            return _voucher(error, words)
        case ClockBehind(row=row):
            now = _at(error.now, words)
            if row is None:
                return words.text("error.clock_behind.build", now=now, not_before=words.day(error.not_before.astimezone(PARIS)))
            return words.text("error.clock_behind.row", now=now, not_before=_at(error.not_before, words), row=row)
        case Told():
            return words.text(key_of_words(error), **error.facts)
        case _:
            return _other(error, words)


def key_of_words(error: Told) -> str:
    """``PortGone`` is told by ``error.port_gone``."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
    return ".".join(("error", name, error.variant) if error.variant else ("error", name))


def _voucher(error: VoucherRefused, words: Words) -> str:
    payment = error.payment
    facts = {
        "code": grouped(error.code) if len(error.code) == CODE_LETTERS else error.code,
        "kiosk": error.kiosk if payment is None else payment.kiosk,
        "valid_until": "" if error.valid_until is None else words.day(error.valid_until),
        "when": "" if payment is None else _at(payment.at, words),
        "agent": "" if payment is None else payment.agent,
        "archive": error.archive,
    }
    return words.text(key_of_words(error), **facts)


def _at(at: datetime, words: Words) -> str:
    here = at.astimezone(PARIS)
    return words.text("staff.at", day=words.day(here), time=words.time_of_day(here))


def _configuration(error: ConfigurationError, problem: Problem, words: Words) -> str:
    allowed = problem.allowed
    if problem.mistake in {Mistake.WRONG_TYPE, Mistake.WRONG_FORM, Mistake.MISSING_KEY} and allowed.isalpha():
        # what is typed is the same in every language
        allowed = words.text(f"type.{allowed}", hours="08:30-17:00")
    return words.text(f"config.{problem.mistake}", path=error.path, key=problem.key, found=problem.found, allowed=allowed)


def _catalogue(error: CatalogueBroken, place: Spot, words: Words) -> str:
    return words.text(f"error.catalogue.{place.flaw}", path=error.path, line=place.line, key=place.key, found=place.found)


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
