"""The steps of an emptying: which bin, the door, the seal, where it goes, who carries it, what was in doubt, then once into the ledger; and the slip's weight.

An emptying under way belongs to the machine, not to whoever is logged in: it is found again after a log-out, by somebody else too, who is told who began it.
Nothing of it is kept over a start: what stands in the ledger was done, what does not is begun anew.
"""

from dataclasses import replace

from kiosk.console import working
from kiosk.console.actions import EmptyBin, LookAtBins, WeighBin
from kiosk.console.denials import Denial, NothingTyped, NoWeight, TooHeavy
from kiosk.console.events import (
    BinEmptied,
    BinsEvent,
    BinsTold,
    BinWeighed,
    ChecksAsked,
    EmptyingAnswered,
    EmptyingAsked,
    EmptyingBack,
    EmptyingDropped,
    EmptyingSure,
    WeighingAsked,
    WeighingSure,
    WeightTyped,
)
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.told import AtBins, Doubt, Excuse, Round, Seen, Stage
from kiosk.console.weighing import MOST_G, grams_of
from kiosk.console.working import Step, does
from ledger.bins import Destination, Handing

EMPTY_PERCENT = 10
"""Up to here a bin counts as empty: a bag's folds, and what a level sensor is off, are less on a bin of half a metre."""

LONGEST = 40
"""Letters of a seal, or of a carrier's name."""


def sees(console: Console, seen: Seen) -> Console:
    """What the machine tells of bins and door. A door that stands open is remembered for the emptying that is under way."""
    here = console.emptying
    if here is not None and seen.door_open and not here.door_seen:
        here = replace(here, door_seen=True)
    return console if seen == console.seen and here is console.emptying else replace(console, seen=seen, emptying=here)


def doubts(console: Console, face: AtWork) -> tuple[Doubt, ...]:
    """What the machine did not see as it should be."""
    here, look = console.emptying, face.bins.look
    if here is None:
        return ()
    door = here.door_seen or (look is not None and here.bin in look.doors)
    percent = console.seen.percent(here.bin)
    found = {
        Doubt.DOOR_UNSEEN: not door,
        Doubt.NOT_EMPTY: percent is not None and percent > EMPTY_PERCENT,
        Doubt.LEVEL_UNKNOWN: percent is None,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def looks(console: Console) -> LookAtBins:
    return LookAtBins(tuple(seen.bin for seen in console.seen.bins))


def asked(console: Console, face: AtWork, event: BinsEvent) -> Step:
    """What somebody does at the bins' page."""
    if isinstance(event, ChecksAsked) and not face.bins.writing:
        return does(console, replace(face, failing=None, bins=AtBins(face.bins.look, checking=event.open)))
    if face.bins.writing or not may(face.agent.role, Deed.EMPTY):
        return console, ()
    if isinstance(event, WeighingAsked | WeightTyped | WeighingSure):
        return _weighs(console, face, event)
    return _empties(console, face, event)


def told(console: Console, face: AtWork, event: BinsTold | BinEmptied | BinWeighed) -> Step:
    """What the ledger says of it. After what was written it is looked at anew."""
    bins = face.bins
    match event:
        case BinsTold(look):
            return working.told(console, replace(face, bins=replace(bins, look=look)))
        case BinEmptied(content, again):
            console, _ = working.told(console, replace(face, bins=AtBins(bins.look, emptied=content, again=again)))
        case BinWeighed(grams):
            console, _ = working.told(console, replace(face, bins=AtBins(bins.look, weighed=grams)))
    return console, (looks(console),)


def over(console: Console, event: BinEmptied) -> Console:
    """It stands in the ledger, whoever has the glass by now."""
    here, content = console.emptying, event.content
    return replace(console, emptying=None) if here is not None and (here.bin, here.n) == (content.bin, content.n) else console


def _empties(console: Console, face: AtWork, event: BinsEvent) -> Step:
    here = console.emptying
    on_it = face.bins.on_it
    face = replace(face, failing=None, bins=AtBins(face.bins.look, on_it=on_it))
    match event:
        case EmptyingAsked(bin) if here is None:
            content = next((one for one in face.bins.look.contents if one.bin == bin), None) if face.bins.look is not None else None
            if content is None:
                return console, ()
            begun = Round(bin, content.n, face.agent.number, door_seen=console.seen.door_open)
            return does(replace(console, emptying=begun), replace(face, bins=replace(face.bins, on_it=True)), looks(console))
        case EmptyingAsked(bin) if here is not None and here.bin == bin:
            return does(console, replace(face, bins=replace(face.bins, on_it=True)), looks(console))
        case EmptyingAnswered(stage, answer) if here is not None and on_it and stage is here.stage:
            found = _answered(console, face, here, answer.strip())
            if isinstance(found, Denial):
                return does(console, replace(face, failing=found))
            return does(replace(console, emptying=found), face, looks(console))
        case EmptyingBack() if here is not None and on_it:
            return does(replace(console, emptying=replace(here, stage=_before(console, face, here.stage))), face)
        case EmptyingDropped() if here is not None:
            return does(replace(console, emptying=None), replace(face, bins=AtBins(face.bins.look)), looks(console))
        case EmptyingSure() if here is not None and on_it and here.stage is Stage.CHECK:
            return _writes(console, face, here)
        case _:
            return console, ()


def _answered(console: Console, face: AtWork, here: Round, answer: str) -> Round | Denial:
    match here.stage:
        case Stage.DOOR:
            return replace(here, stage=Stage.SEAL)
        case Stage.SEAL if answer:
            return replace(here, seal=answer[:LONGEST], stage=Stage.DESTINATION)
        case Stage.DESTINATION if answer in list(Destination):
            return replace(here, destination=Destination(answer), stage=Stage.CARRIER)
        case Stage.CARRIER if answer:
            doubtful = bool(doubts(console, face))
            return replace(here, carrier=answer[:LONGEST], why=None, stage=Stage.WHY if doubtful else Stage.CHECK)
        case Stage.WHY if answer in list(Excuse):
            return replace(here, why=Excuse(answer), stage=Stage.CHECK)
        case _:
            return NothingTyped()


def _before(console: Console, face: AtWork, stage: Stage) -> Stage:
    steps = [step for step in Stage if step is not Stage.WHY or doubts(console, face)]
    return steps[max(0, steps.index(stage) - 1)] if stage in steps else Stage.CARRIER


def _writes(console: Console, face: AtWork, here: Round) -> Step:
    """What the machine sees now counts, not what it saw a step ago: who shuts the lid on a bin that was not emptied after all says why."""
    found = doubts(console, face)
    if here.destination is None or (found and here.why is None):
        return does(replace(console, emptying=replace(here, stage=Stage.WHY)), face)
    handing = Handing(here.seal, here.destination, here.carrier, door_seen=Doubt.DOOR_UNSEEN not in found)
    number = face.agent.number
    second, why = here.by if here.by != number else None, here.why.value if found and here.why is not None else None
    face = replace(face, bins=replace(face.bins, writing=True))
    return does(console, face, EmptyBin(here.bin, here.n, handing, number, second, why))


def _weighs(console: Console, face: AtWork, event: WeighingAsked | WeightTyped | WeighingSure) -> Step:
    bins = face.bins
    match event:
        case WeighingAsked(None):
            return does(console, replace(face, failing=None, bins=AtBins(bins.look)))
        case WeighingAsked((bin, n)) if bins.look is not None:
            wanted = next((one for one in bins.look.unweighed if (one.bin, one.n) == (bin, n)), None)
            return does(console, replace(face, failing=None, bins=AtBins(bins.look, weighing=wanted)))
        case WeightTyped(typed) if bins.weighing is not None:
            grams = grams_of(typed)
            wrong = NoWeight() if grams is None else TooHeavy(MOST_G // 1000) if grams > MOST_G else None
            return does(console, replace(face, failing=wrong, bins=replace(bins, grams=grams if wrong is None else None)))
        case WeighingSure(sure) if bins.weighing is not None and bins.grams is not None:
            if not sure:
                return does(console, replace(face, failing=None, bins=replace(bins, grams=None)))
            writes = WeighBin(bins.weighing.bin, bins.weighing.n, bins.grams, face.agent.number)
            return does(console, replace(face, failing=None, bins=replace(bins, writing=True)), writes)
        case _:
            return console, ()
