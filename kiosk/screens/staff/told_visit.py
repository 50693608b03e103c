"""A visit in words for the desk: how it stands, each of its items in a row, and a refusal explained with what decided it."""

from collections.abc import Iterator
from datetime import date, datetime

from config.clock import PARIS
from config.vocabulary import Flag, Reason
from kiosk.console.states import Helping
from kiosk.console.told import Outcome
from kiosk.visit_reading import Refusing, SeenVisit
from kiosk.words.catalogue import Words
from kiosk.words.errors import explain
from kiosk.words.explaining import explain_refusal
from ledger.claims import Found
from ledger.kinds import Kind
from ledger.visits import Passed
from ledger.vocabulary import Refusal, VoucherRefused


def number_of(visit: str) -> str:
    return visit.rpartition("/")[2]


def day_of(visit: str) -> date:
    return date.fromisoformat(visit.partition("/")[0])


def time_of(at: datetime, words: Words) -> str:
    return words.time_of_day(at.astimezone(PARIS))


def title_of(seen: SeenVisit, words: Words) -> str:
    record = seen.record
    if seen.by_hand:
        numbers = ", ".join(number_of(visit) for visit in seen.by_hand)
        return words.text("staff.help.title_by_hand", number=number_of(record.id), numbers=numbers)
    day = words.day(record.begun.astimezone(PARIS).date())
    return words.text("staff.help.title", number=number_of(record.id), day=day, time=time_of(record.begun, words))


def state_of(helping: Helping, words: Words) -> Iterator[str]:
    """How the visit ended, and what is owed of it as far as that may stand on the glass."""
    seen = helping.visit
    if seen is None:
        return
    record = seen.record
    amount = words.amount(record.cents)
    if record.by_desk:
        yield words.text("staff.help.state.desk")
    match record.ended:
        case None:
            yield words.text("staff.help.state.open", sum=amount)
        case Kind.GIFT:
            yield words.text("staff.help.state.gift", sum=amount, association=record.given_to or "–")
        case Kind.VOUCHER if helping.conceals:
            yield words.text("staff.help.state.concealed")
        case Kind.VOUCHER if seen.voucher is not None:
            yield _owed(seen.voucher, seen.refusal, words)
        case _:
            yield words.text("staff.help.state.closed")


def _owed(found: Found, refusal: Refusal | None, words: Words) -> str:
    if refusal is None or refusal is Refusal.DOUBTFUL:
        return words.text("staff.help.state.voucher", sum=words.amount(found.amount), day=words.day(found.valid_until))
    return explain(VoucherRefused(refusal, found.code, valid_until=found.valid_until, payment=found.paid), words)


def row_of(place: int, item: Passed | Refusing, words: Words) -> tuple[str, str]:
    """An item's title, and its facts below."""
    if isinstance(item, Refusing):
        outcome = outcome_of(item, words)
        return words.text("staff.help.item.refused", n=place, reason=_reason(item.reason, words)), " · ".join(
            part for part in (time_of(item.at, words), outcome) if part
        )
    if item.kind is Kind.STEP or item.material is None:
        return words.text("staff.help.item.step", n=place), time_of(item.at, words)
    title = words.text(f"staff.help.item.{item.kind}", n=place, material=words.text(f"material.{item.material}"))
    amount = words.amount(item.amount)
    facts = words.text("staff.help.item.facts", time=time_of(item.at, words), weight=item.weight_g, gtin=item.gtin or "–", sum=amount)
    return title, " · ".join((facts, *(words.text(f"explain.mark.{flag}") for flag in item.flags if flag in list(Flag))))


def explained(item: Refusing, words: Words) -> Iterator[str]:
    """Why it was handed back, and what the desk found of it."""
    yield from explain_refusal(item.reason, item.judged, words, item.program)
    if outcome := outcome_of(item, words):
        yield outcome


def outcome_of(item: Refusing, words: Words) -> str:
    if item.granted:
        return words.text("staff.help.outcome.granted")
    return words.text(f"staff.help.outcome.{item.outcome}") if item.outcome in list(Outcome) else ""


def _reason(reason: str, words: Words) -> str:
    """What its visitor read."""
    return words.text(f"item.{reason}.why") if reason in list(Reason) else reason
