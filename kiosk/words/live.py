"""What the live page says of a register's value, of a motion and of its end."""

from drivers.intake.register_values import RegisterValue
from kiosk.console.live.ranges import Range
from kiosk.console.live.vocabulary import AtLive, Stage, Touched
from kiosk.deposit.halts import NoController
from kiosk.deposit.loans import Hindrance, VisitOpen
from kiosk.words.catalogue import Words
from kiosk.words.loans import tell_hindrance
from kiosk.words.obstacles import tell_obstacle

MEANINGS = {
    "state": "selftest.state",
    "fault": "selftest.fault",
    "cause": "selftest.cause",
    "answer": "staff.live.answer",
    "test_result": "staff.live.trial",
    "held": "staff.live.end",
}
"""Registers whose numbers stand for something, and where their words are."""


def _waits(why: Hindrance | None, words: Words) -> str:
    match why:
        case None:
            return ""
        case VisitOpen(number):
            return words.text("staff.live.visit", number=number or "–")
        case _:
            return words.text("staff.live.waits", why=tell_hindrance(why, words))


def tell_live(live: AtLive, words: Words) -> str:
    """The one line that stands above all."""
    if live.stage is Stage.ASKS:
        return words.text("staff.live.asks")
    if live.stage is Stage.WAITS:
        return _waits(live.why, words)
    if live.lost is not None:
        return tell_obstacle(NoController(live.lost), words)
    if live.stopped:
        return words.text("staff.live.stopped")
    return words.text("staff.live.how") if live.touched is None else tell_touched(live.touched, words)


def tell_touched(touched: Touched, words: Words) -> str:
    what = words.text(f"staff.live.move.{touched.what.name.lower()}")
    if touched.answer is not None:
        return words.text("staff.live.refused", what=what, why=words.text(f"staff.live.answer.{touched.answer.name.lower()}"))
    if touched.ended is not None:
        return words.text("staff.live.ended", what=what, how=words.text(f"staff.live.end.{touched.ended.name.lower()}"))
    return words.text("staff.live.moves", what=what)


def tell_value(register: RegisterValue, words: Words) -> str:
    """The value with its unit; of a number that stands for something, what it stands for as well."""
    if register.value is None:
        return "–"
    if register.name == "controller_id":
        return f"{int(register.value) & 0xFFFFFFFF:08x}"
    if register.name == "firmware":
        return f"{int(register.value) >> 8}.{int(register.value) & 0xFF}"
    if register.meaning and register.name in MEANINGS:
        nothing = not register.value and register.name not in ("state", "fault")
        return "–" if nothing else f"{int(register.value)} {words.text(f'{MEANINGS[register.name]}.{register.meaning}')}"
    unit = "" if register.unit == "items" else f" {register.unit}"
    value = f"{register.value:.1f}" if isinstance(register.value, float) else str(register.value)
    return f"{value.replace('.', ',') if words.language == 'fr' else value}{unit}"


def tell_range(register: RegisterValue, limits: Range | None) -> str:
    """Of a number that stands for something the word says enough."""
    if limits is None or register.meaning:
        return ""
    return "–".join("" if limit is None else f"{limit:g}" for limit in limits)
