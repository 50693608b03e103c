"""Why somebody is not let in at the console, or what they asked for cannot be looked up, in one sentence that says what to do."""

from math import ceil

from kiosk.console.denials import (
    Blocked,
    ClockNotTrusted,
    Denial,
    FileFails,
    GivenPin,
    MustWait,
    NothingTyped,
    NotTheirs,
    NoWeight,
    NumbersOver,
    PinsDiffer,
    SameAgent,
    TheLastManager,
    TooHeavy,
    TooSimple,
    WeighedBefore,
    WrongCode,
    WrongPin,
)
from kiosk.words.catalogue import Words

IN_SECONDS = 120
"""What is left of a longer wait is told in minutes."""


def tell_denial(why: Denial, words: Words) -> str:
    match why:
        case MustWait(seconds) if seconds > IN_SECONDS:
            return words.plural("staff.denied.must_wait_minutes", ceil(seconds / 60))
        case MustWait(seconds):
            return words.plural("staff.denied.must_wait", seconds)
        case FileFails(trouble):
            return words.text("staff.denied.file_fails", trouble=trouble)
        case WrongPin():
            return words.text("staff.denied.wrong_pin")
        case Blocked():
            return words.text("staff.denied.blocked")
        case WrongCode():
            return words.text("staff.denied.wrong_code")
        case TooSimple():
            return words.text("staff.denied.too_simple")
        case SameAgent():
            return words.text("staff.denied.same_agent")
        case GivenPin():
            return words.text("staff.denied.given_pin")
        case NotTheirs():
            return words.text("staff.denied.not_theirs")
        case PinsDiffer():
            return words.text("staff.denied.pins_differ")
        case _:
            return _of_a_deed(why, words)


def _of_a_deed(why: Denial, words: Words) -> str:
    match why:
        case ClockNotTrusted():
            return words.text("staff.closures.untrusted")
        case NumbersOver(day):
            return words.text("error.numbers_used_up", day=words.day(day))
        case TheLastManager():
            return words.text("staff.denied.last_manager")
        case NothingTyped():
            return words.text("staff.denied.nothing_typed")
        case NoWeight():
            return words.text("staff.denied.no_weight")
        case TooHeavy(most_kg):
            return words.text("staff.denied.too_heavy", most=most_kg)
        case WeighedBefore():
            return words.text("staff.denied.weighed_before")
        case _:
            raise TypeError(type(why).__name__)
