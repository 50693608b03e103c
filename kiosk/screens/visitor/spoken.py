"""What a page would speak, as sentences with sums in words: what assistive technology is told, and what a voice will say. Draws nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from config.vocabulary import OpeningSide
from kiosk.deposit.halts import Halt
from kiosk.deposit.states import Printing
from kiosk.deposit.view import Screen, ViewState
from kiosk.screens.parts.card import Tone
from kiosk.screens.visitor.choose import limit_of
from kiosk.screens.visitor.help import steps_of, subject_of
from kiosk.screens.visitor.item import full_of, reason_of, refusal_of, saying_of
from kiosk.screens.visitor.out_of_order import todo_of, told_as
from kiosk.screens.visitor.place import Place
from kiosk.words.aloud import aloud, spelled
from kiosk.words.catalogue import Words

SECONDS_SPOKEN = (30, 10, 5)
"""Seconds before a page closes of itself that are spoken; each single one would talk over everything else."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What of it no view-state tells: where bottles go in, which nobody can be shown here, and how many one visit may bring."""

    opening: OpeningSide
    visit_bottles: int


def spoken(view: ViewState, place: Place, words: Words, machine: Machine) -> tuple[str, ...]:
    """The sentences of the page that stands, the most important first; never empty. What can be touched is not among them: the keys tell that."""
    return tuple(aloud(sentence, words.language) for sentence in _sentences(view, place, words, machine) if sentence)


def seconds_spoken(view: ViewState, seconds: int, words: Words) -> str:
    """How long until the page goes on by itself, and what becomes of the sum."""
    return aloud(_seconds(view, seconds, words), words.language)


def _seconds(view: ViewState, seconds: int, words: Words) -> str:
    match view.screen:
        case Screen.CHOOSE | Screen.GIFT:
            return words.text(f"{view.screen}.silence", n=seconds)
        case _:
            return words.plural("idle.note" if view.cents else "idle.ends", seconds)


def _sentences(view: ViewState, place: Place, words: Words, machine: Machine) -> Iterator[str]:
    match place:
        case Place.ATTRACT:
            yield words.text("attract.title")
            yield words.text("attract.deal")
            yield full_of(view, words)
            yield words.text("attract.start")
        case Place.BEGUN:
            yield from _of_begun(view, words, machine.opening)
        case Place.FEEDING:
            yield from _of_feeding(view, words)
        case Place.REFUSED:
            refusal = refusal_of(view, words)
            yield from refusal.lines if refusal is not None else ()
        case Place.RESUMED:
            yield words.text("resume.title")
            yield words.text("resume.total", sum=words.amount(view.cents))
        case Place.CHOOSE:
            yield words.text("choose.thanks")
            yield _total(view, words)
            yield limit_of(view.limit, words, machine.visit_bottles)
            yield words.text("choose.question")
        case Place.ASSOCIATIONS | Place.GIFT | Place.THANKS:
            yield from _of_gift(view, place, words)
        case Place.VOUCHER:
            yield from _of_voucher(view, words)
        case Place.PARTING:
            yield from _of_parting(view, words)
        case Place.STILL_HERE:
            yield words.text("idle.question")
            yield seconds_spoken(view, round(view.ends_in_s or 0), words)
        case Place.HAND | Place.MOMENT:
            yield words.text("hand.title" if place is Place.HAND else "moment")
        case Place.OUT_OF_ORDER:
            yield from _of_stop(view, words)
        case Place.HELP:
            yield from _of_help(view, words)
        case Place.SETTINGS | Place.LANGUAGES:
            yield words.text("tool.settings" if place is Place.SETTINGS else "languages.title")
        case _:
            assert_never(place)


def _of_gift(view: ViewState, place: Place, words: Words) -> Iterator[str]:
    """Before it, and after it or a voucher."""
    whom, amount = view.association, words.amount(view.cents)
    if place is Place.ASSOCIATIONS:
        yield words.text("associations.title", sum=amount)
        yield from (words.isolated(one.name_in(words.language)) for one in view.associations)
        return
    if place is Place.GIFT:
        yield words.text("gift.confirm", sum=amount)
    elif view.gift is not None:
        yield words.text("gift.thanks", sum=words.amount(view.gift))
    if whom is not None:
        yield words.text("gift.to", name=whom.name_in(words.language))
    if place is Place.GIFT:
        yield whom.purpose_in(words.language) or "" if whom is not None else ""
        yield words.text("gift.note")
    else:
        yield words.text("bye")


def _of_help(view: ViewState, words: Words) -> Iterator[str]:
    subject = subject_of(reason_of(view))
    for key in ("tool.help", f"help.{subject}", *steps_of(subject), "help.nobody", "help.desk"):
        yield words.text(key)
    yield words.text("help.number", number=view.visit_number) if view.visit_number else ""


def _total(view: ViewState, words: Words) -> str:
    if view.without_money:
        return words.plural("feed.count", view.bottles)
    return words.plural("feed.told", view.bottles, sum=words.amount(view.cents)) if view.bottles else ""


def _of_begun(view: ViewState, words: Words, opening: OpeningSide) -> Iterator[str]:
    for key in ("begun.title", f"begun.{opening}", "begun.how", "begun.one"):
        yield words.text(key)
    yield words.text("feed.without_money") if view.without_money else ""
    yield full_of(view, words)


def _of_feeding(view: ViewState, words: Words) -> Iterator[str]:
    saying = saying_of(view, words)
    match saying.tone:
        case Tone.WAIT:
            yield saying.title
            return
        case Tone.HINT:
            yield words.text("feed.title")
            yield saying.title
        case Tone.TAKEN:
            yield saying.title
            yield saying.todo
        case _:
            assert_never(saying.tone)
    yield full_of(view, words)
    yield _total(view, words)


def _of_voucher(view: ViewState, words: Words) -> Iterator[str]:
    voucher = view.voucher
    if voucher is None:
        return
    yield words.text("voucher.title", sum=words.amount(voucher.amount))
    if voucher.demonstration:
        yield words.text("voucher.how.demonstration")
    else:
        yield words.text("voucher.how", date=words.day(voucher.valid_until))
    yield words.plural("note.uncounted", view.uncounted) if view.uncounted else words.text("voucher.no_phone")
    yield words.text("desk.number")
    yield words.text("visit", number=view.visit_number) if view.visit_number else ""
    yield words.text("voucher.code", code=spelled(voucher.code))
    yield words.text(f"print.{view.printing}") if view.printing not in (None, Printing.OFFERED) else ""


def _of_parting(view: ViewState, words: Words) -> Iterator[str]:
    yield words.text("parting.kept", sum=words.amount(view.cents)) if view.cents else ""
    yield words.plural("parting.uncounted", view.uncounted) if view.uncounted else ""
    yield words.text("desk.number")
    yield words.text("visit", number=view.visit_number) if view.visit_number else ""
    if view.demonstration:
        yield words.text("voucher.demonstration")
    elif view.kept_until is not None:
        yield words.text("parting.until", date=words.day(view.kept_until))
    yield words.text(f"print.{view.printing}") if view.printing is not None else ""


def _of_stop(view: ViewState, words: Words) -> Iterator[str]:
    halt = view.halt or Halt.INTAKE
    key, _ = told_as(halt)
    yield words.text(key)
    yield todo_of(view, words)
    yield words.text("out.safe", sum=words.amount(view.cents)) if view.cents else ""
    yield words.text("visit", number=view.visit_number) if view.visit_number else ""
    yield "" if view.offers_without_money else words.text("out.code", code=halt.code)
