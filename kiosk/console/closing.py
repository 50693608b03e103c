"""The days of the ledger at the console: what is closed, what waits, and closing what has ended now instead of waiting for the kiosk to do it."""

from dataclasses import replace

from kiosk.console import working
from kiosk.console.actions import CloseDays, LookAtClosures
from kiosk.console.events import CloseAsked, ClosuresTold, DaysClosed
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.told import AtClosures
from kiosk.console.working import Step, does


def asked(console: Console, face: AtWork, event: CloseAsked) -> Step:
    del event
    look = face.closures.look
    if face.closures.writing or look is None or not look.trusted or not may(face.agent.role, Deed.CLOSE):
        return console, ()
    face = replace(face, failing=None, closures=AtClosures(look, writing=True))
    return does(console, face, CloseDays(face.agent.number))


def told(console: Console, face: AtWork, event: ClosuresTold | DaysClosed) -> Step:
    match event:
        case ClosuresTold(look):
            return working.told(console, replace(face, closures=replace(face.closures, look=look)))
        case DaysClosed(days):
            console, _ = working.told(console, replace(face, closures=AtClosures(face.closures.look, closed=days)))
            return console, (LookAtClosures(),)
