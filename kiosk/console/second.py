"""What only two agents may do: the ledger says so, a second one types number and PIN, and the same is asked of the ledger again at once.

So nobody's word is kept: who leaves or is blocked before that has vouched for nothing, and one PIN is good for one deed.
"""

from dataclasses import replace

from kiosk.console.actions import ClaimVoucher, JudgeSecond, OrderSuccession, PayVoucher, Seconded
from kiosk.console.denials import SameAgent
from kiosk.console.events import SecondAsked, SecondLeft, SecondTold, SecondWanted
from kiosk.console.roles import may
from kiosk.console.states import AtWork, Console, Seconding
from kiosk.console.working import Step, does, stilled
from kiosk.deposit.notes import Note, NoteKind

REASSURED = (PayVoucher, ClaimVoucher)
"""What the second agent says why to; anything else says itself why."""


def wanted(console: Console, face: AtWork, event: SecondWanted) -> Step:
    """The first agent's deed waits for the second's word."""
    if event.action.number != face.agent.number or not may(face.agent.role, event.action.deed):
        return console, ()
    return replace(console, face=replace(stilled(face), seconding=Seconding(event.action))), ()


def asked(console: Console, face: AtWork, event: SecondAsked | SecondLeft) -> Step:
    here = face.seconding
    if here is None:
        return console, ()
    match event:
        case SecondLeft():
            return does(console, replace(face, seconding=None))
        case SecondAsked(number) if not here.judging and number == face.agent.number:
            return _denied(console, face, here, SecondTold(number, SameAgent()))
        case SecondAsked(number, pin, why) if not here.judging and (why is not None or not isinstance(here.action, REASSURED)):
            judging = replace(here, judging=True, number=number, why=why, denied=None)
            return does(console, replace(face, seconding=judging), JudgeSecond(number, pin, here.action.deed))
        case _:
            return console, ()


def told(console: Console, face: AtWork, event: SecondTold) -> Step:
    """Whoever is the second is so for this one deed, which the ledger is asked for at once."""
    here = face.seconding
    if here is None or not here.judging or event.number != here.number:
        return console, ()
    if event.denied is not None:
        return _denied(console, face, here, event)
    action: Seconded = replace(here.action, second=event.number)
    if isinstance(action, REASSURED) and here.why is not None:
        action = replace(action, why=here.why.value)
    return does(console, replace(written(face, here.action), seconding=None), action)


def written(face: AtWork, action: Seconded) -> AtWork:
    """The ledger is asked for it."""
    if isinstance(action, PayVoucher):
        return replace(face, presented=replace(face.presented, paying=True, refused=None))
    if isinstance(action, OrderSuccession):
        return replace(face, succeeding=replace(face.succeeding, ordering=True))
    return replace(face, helping=replace(face.helping, writing=True))


def _denied(console: Console, face: AtWork, here: Seconding, event: SecondTold) -> Step:
    denied = replace(here, judging=False, denied=event.denied, times=here.times + 1)
    note = Note(NoteKind.SECOND_DENIED, {"agent": face.agent.number, "second": event.number, "why": type(event.denied).__name__})
    console, actions = does(console, replace(face, seconding=denied))
    return console, (note, *actions)
