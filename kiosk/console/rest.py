"""The kiosk at rest: put there with a message for visitors, and taken up again. It outlives whoever did it, their log-out and a start."""

from dataclasses import replace

from kiosk.console.actions import PutToRest
from kiosk.console.events import RestAsked, RestTold
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.working import Step, does
from kiosk.deposit.notes import Note, NoteKind


def asked(console: Console, face: AtWork, event: RestAsked) -> Step:
    now = None if console.rest is None else console.rest.message
    if event.message is now or not may(face.agent.role, Deed.REST):
        return console, ()
    return does(console, replace(face, failing=None), PutToRest(event.message, face.agent.number))


def told(console: Console, event: RestTold) -> tuple[Console, Note]:
    """It is so, whoever has the glass by now."""
    rest = event.rest
    if rest is None:
        note = Note(NoteKind.REST_OVER, {"agent": event.number})
    else:
        note = Note(NoteKind.PUT_TO_REST, {"agent": event.number, "message": rest.message.value})
    face = replace(console.face, failing=None) if isinstance(console.face, AtWork) else console.face
    return replace(console, rest=rest, face=face), note
