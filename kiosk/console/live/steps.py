"""The steps of the live page: the machine is asked for, lent, looked at, and a part moved while it is touched; leaving gives it back.

::

    the page ──▶ ASKS ──▶ LENT ◀──────────────── the obstacle is gone
                   └────▶ WAITS, with what is in the way ──┘
    any of them ── another page, log-out ──▶ what moves stands, the loan ends

No rule of safety lives here: what may move is the controller's to decide, and what is let go of or falls silent it ends by itself (``firmware/hold.py``).
"""

from dataclasses import replace

from kiosk.console.actions import AwaitStaff
from kiosk.console.live.vocabulary import (
    AtLive,
    BeginLive,
    EndLive,
    GoOnAsked,
    LetGo,
    LetGoAsked,
    LiveEvent,
    LiveLent,
    LiveLost,
    LiveMoved,
    LiveRefused,
    LiveSaw,
    LiveTold,
    Stage,
    StopAsked,
    Touch,
    TouchAsked,
    Touched,
)
from kiosk.console.roles import Deed
from kiosk.console.states import AtWork, Console
from kiosk.console.working import Step, does
from kiosk.deposit.notes import Note, NoteKind

TRACE_S = 60.0
"""So much of the past is shown."""


def begins(console: Console, face: AtWork) -> Step:
    """Somebody has chosen the page."""
    run = console.runs + 1
    return does(replace(console, runs=run), replace(face, live=AtLive(run)), BeginLive(run))


def left(face: AtWork) -> tuple[EndLive, ...]:
    """Whoever goes away has touched nothing any more."""
    return () if face.live is None else (EndLive(),)


def step(console: Console, face: AtWork, event: LiveEvent) -> Step:
    here = face.live
    if here is None or face.deed is not Deed.LIVE:
        return console, ()
    match event:
        case TouchAsked() | LetGoAsked() | StopAsked() | GoOnAsked():
            return _asked(console, face, here, event)
        case LiveLent(run) if run == here.run:
            console = _with(console, face, replace(here, stage=Stage.LENT, why=None))
            return console, (Note(NoteKind.LIVE_BEGUN, {"agent": face.agent.number}), AwaitStaff(console.patience_s))
        case LiveRefused(run, why) if run == here.run:
            return _with(console, face, replace(here, stage=Stage.WAITS, why=why)), ()
        case LiveTold(run) if run == here.run:
            return _with(console, face, _told(here, event)), ()
        case LiveLost(run, trouble) if run == here.run:
            return _with(console, face, replace(here, lost=trouble, health=None, touched=None)), ()
        case LiveSaw(run, picture, blind) if run == here.run:
            return _with(console, face, replace(here, picture=picture, blind=blind)), ()
        case LiveMoved(run) if run == here.run:
            return _moved(console, face, here, event)
        case _:
            return console, ()


def tries(console: Console, *, ready: bool) -> Step:
    """What was in the way of the loan may be gone: the machine stands ``ready``."""
    face = console.face
    if not ready or not isinstance(face, AtWork) or face.live is None or face.live.stage is not Stage.WAITS:
        return console, ()
    return _with(console, face, replace(face.live, stage=Stage.ASKS)), (BeginLive(face.live.run),)


def _asked(console: Console, face: AtWork, here: AtLive, event: TouchAsked | LetGoAsked | StopAsked | GoOnAsked) -> Step:
    match event:
        case TouchAsked(what, press) if here.stage is Stage.LENT and not here.stopped and here.lost is None:
            return console, (Touch(what, press),)
        case LetGoAsked():
            return console, (LetGo(),)
        case StopAsked():
            return does(console, replace(face, live=replace(here, stopped=True)), LetGo())
        case GoOnAsked():
            return does(console, replace(face, live=replace(here, stopped=False)))
        case _:
            return console, ()


def _told(here: AtLive, event: LiveTold) -> AtLive:
    """What is older than a minute is let go of. A clock that began anew begins the trace anew."""
    moments = event.moments
    newest_s = moments[-1].at_s if moments else 0.0
    kept = tuple(moment for moment in here.trace if newest_s - TRACE_S <= moment.at_s <= newest_s) if moments else here.trace
    return replace(
        here,
        trace=(*kept, *moments),
        health=event.health or here.health,
        identity=event.identity or here.identity,
        felt=event.felt or here.felt,
        lost=None,
    )


def _moved(console: Console, face: AtWork, here: AtLive, event: LiveMoved) -> Step:
    touched = Touched(event.what, event.press, event.answer, event.ended)
    console = _with(console, face, replace(here, touched=touched))
    if event.answer is None and event.ended is None:
        return console, ()
    how = event.answer.name if event.answer is not None else event.ended.name if event.ended is not None else ""
    facts = {"agent": face.agent.number, "what": event.what.name.lower(), "end": how.lower(), "refused": event.answer is not None}
    return console, (Note(NoteKind.MOVED, facts),)


def _with(console: Console, face: AtWork, live: AtLive) -> Console:
    return replace(console, face=replace(face, live=live))
