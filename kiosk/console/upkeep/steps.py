"""The steps of faults and upkeep. Nothing here clears a fault: the session does, once a person has opened and shut the service door (``kiosk/deposit``)."""

from dataclasses import replace
from datetime import timedelta

from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.told import Counted
from kiosk.console.upkeep.vocabulary import (
    CleaningAsked,
    CleaningNoted,
    LogFound,
    LogQuery,
    LogSought,
    NoteCleaning,
    SearchLog,
    UpkeepEvent,
    UpkeepLook,
    UpkeepShown,
    UpkeepTold,
    UpkeepView,
)
from kiosk.console.working import Step, does
from kiosk.deposit.notes import Note, NoteKind


def step(console: Console, face: AtWork, event: UpkeepEvent) -> Step:
    here = face.upkeep
    match event:
        case UpkeepShown(UpkeepView.LOG):
            query = LogQuery()
            return does(
                console, replace(face, failing=None, upkeep=replace(here, view=UpkeepView.LOG, query=query, lines=None)), SearchLog(query)
            )
        case UpkeepShown(view):
            return does(console, replace(face, failing=None, upkeep=replace(here, view=view, sure=False)))
        case LogSought(query):
            return does(console, replace(face, failing=None, upkeep=replace(here, query=query, lines=None)), SearchLog(query))
        case CleaningAsked(sure) if may(face.agent.role, Deed.UPKEEP):
            return _cleaned(console, face, sure)
        case UpkeepTold(look):
            return replace(console, face=replace(face, failing=None, upkeep=replace(here, look=look))), ()
        case CleaningNoted(look):
            note = Note(NoteKind.CLEANED, {"agent": face.agent.number, "items": look.cleaned[0].items if look.cleaned else None})
            return replace(console, face=replace(face, failing=None, upkeep=replace(here, look=look))), (note,)
        case LogFound(query, lines) if query == here.query:
            return replace(console, face=replace(face, upkeep=replace(here, lines=lines))), ()
        case _:
            return console, ()


def _cleaned(console: Console, face: AtWork, sure: bool | None) -> Step:
    """Asked about first; then noted, with what had fallen by then."""
    here = face.upkeep
    if sure is not True or not here.sure:
        return does(console, replace(face, failing=None, upkeep=replace(here, sure=sure is False)))
    counted = console.seen.counted
    note = NoteCleaning(face.agent.number, None if counted is None else counted.items)
    return does(console, replace(face, upkeep=replace(here, sure=False)), note)


def is_due(look: UpkeepLook, counted: Counted | None) -> bool:
    """Whether it is time to clean: never done, or so many bottles or days ago."""
    if not look.cleaned:
        return True
    last = look.cleaned[0]
    fell = None if counted is None or last.items is None else counted.items - last.items
    # a new controller counts from nothing
    many = fell is not None and (fell >= look.terms.bottles or fell < 0)
    return many or look.at - last.at >= timedelta(days=look.terms.days)
