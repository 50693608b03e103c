"""What is put together on the ledger's page before it is looked for: each question's answer, and which one the keys type. Pure; the page shows it.

A day is typed as ``ddmmyy``, a sum as its cents, as on a card terminal. Where no question is open, up to four digits are a visit's number, and all else is a voucher's code or link: so a hand
scanner needs no button.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from config.vocabulary import Cents
from kiosk.console.layouts import meant
from ledger.selection import Selection


class Question(StrEnum):
    PERIOD = "period"
    KIND = "kind"
    MATERIAL = "material"
    AMOUNT = "amount"
    VISIT = "visit"
    VOUCHER = "voucher"
    GENERATION = "generation"


class Typed(StrEnum):
    FIRST = "first"
    LAST = "last"
    LEAST = "least"
    MOST = "most"
    VISIT = "visit"
    VOUCHER = "voucher"


LONGEST: Mapping[Typed, int] = {Typed.FIRST: 6, Typed.LAST: 6, Typed.LEAST: 7, Typed.MOST: 7, Typed.VISIT: 4, Typed.VOUCHER: 600}
"""Letters. Of a voucher: its link's."""

FIELDS: Mapping[Question, tuple[Typed, ...]] = {
    Question.PERIOD: (Typed.FIRST, Typed.LAST),
    Question.AMOUNT: (Typed.LEAST, Typed.MOST),
    Question.VISIT: (Typed.VISIT,),
    Question.VOUCHER: (Typed.VOUCHER,),
}
"""What is typed for a question; the others are chosen by a button alone."""


class Wrong(StrEnum):
    """Why what was typed cannot be looked for."""

    NO_DAY = "no_day"
    DAYS_TURNED = "days_turned"
    SUMS_TURNED = "sums_turned"


@dataclass(frozen=True, slots=True)
class Draft:
    """``chosen``: what buttons say. ``typed``: letters by field; ``at``: the field that the keys type, None while no question is open."""

    chosen: Selection
    typed: Mapping[Typed, str]
    at: Typed | None = None

    def said(self, which: Typed) -> str:
        return self.typed.get(which, "")


def drafted(selection: Selection) -> Draft:
    """What is looked at now, to begin with."""
    typed = {
        Typed.FIRST: _digits(selection.first),
        Typed.LAST: _digits(selection.last),
        Typed.LEAST: "" if selection.least is None else str(selection.least),
        Typed.MOST: "" if selection.most is None else str(selection.most),
        # a tile may have asked for a whole visit, day and number
        Typed.VISIT: selection.visit.rpartition("/")[2],
        Typed.VOUCHER: selection.voucher,
    }
    return Draft(selection, typed)


def between_days(draft: Draft, first: date | None, last: date | None) -> Draft:
    return _puts(draft, {Typed.FIRST: _digits(first), Typed.LAST: _digits(last)})


def between_sums(draft: Draft, least: Cents | None, most: Cents | None) -> Draft:
    return _puts(draft, {Typed.LEAST: "" if least is None else str(least), Typed.MOST: "" if most is None else str(most)})


def opened(draft: Draft, question: Question | None) -> Draft:
    """A question stands open, its first field to be typed; None: none does."""
    return replace(draft, at=next(iter(FIELDS.get(question, ())), None) if question is not None else None)


def types(draft: Draft, letters: str) -> Draft:
    letters = letters.strip()
    if draft.at is None:
        return _loose(draft, (draft.said(Typed.VISIT) or draft.said(Typed.VOUCHER)) + letters)
    if draft.at is not Typed.VOUCHER and not (letters.isascii() and letters.isdigit()):
        return draft
    # what is too long begins anew: a field is full once it means something
    text = draft.said(draft.at) + letters
    return _puts(draft, {draft.at: text if len(text) <= LONGEST[draft.at] else letters})


def erases(draft: Draft) -> Draft:
    if draft.at is None:
        return _loose(draft, (draft.said(Typed.VISIT) or draft.said(Typed.VOUCHER))[:-1])
    return _puts(draft, {draft.at: draft.said(draft.at)[:-1]})


def looked_for(draft: Draft) -> Selection | Wrong:
    """The entries that are asked for, or why they cannot be."""
    try:
        first, last = (_day(draft.said(which)) for which in (Typed.FIRST, Typed.LAST))
    except ValueError:
        return Wrong.NO_DAY
    least, most = (Cents(int(text)) if (text := draft.said(which)) else None for which in (Typed.LEAST, Typed.MOST))
    if first is not None and last is not None and first > last:
        return Wrong.DAYS_TURNED
    if least is not None and most is not None and least > most:
        return Wrong.SUMS_TURNED
    voucher = meant(draft.said(Typed.VOUCHER))
    visit = draft.said(Typed.VISIT)
    if draft.chosen.visit.endswith(f"/{visit}"):
        visit = draft.chosen.visit
    return replace(draft.chosen, first=first, last=last, least=least, most=most, visit=visit, voucher=voucher)


def _loose(draft: Draft, text: str) -> Draft:
    number = text.isdigit() and len(text) <= LONGEST[Typed.VISIT]
    return _puts(draft, {Typed.VISIT: text if number else "", Typed.VOUCHER: "" if number else text[: LONGEST[Typed.VOUCHER]]})


def _puts(draft: Draft, more: Mapping[Typed, str]) -> Draft:
    return replace(draft, typed={**draft.typed, **more})


def _digits(day: date | None) -> str:
    return "" if day is None else f"{day:%d%m%y}"


def _day(digits: str) -> date | None:
    """Raises ValueError."""
    if not digits:
        return None
    if len(digits) != LONGEST[Typed.FIRST]:
        raise ValueError(digits)
    return date(2000 + int(digits[4:]), int(digits[2:4]), int(digits[:2]))
