"""What the steps of every deed have in common: each deed that has steps of its own is a module beside this one."""

from dataclasses import replace

from kiosk.console.actions import AwaitStaff, ConsoleAction, Recheck
from kiosk.console.states import AtWork, Console
from kiosk.deposit.notes import Note

Step = tuple[Console, tuple[ConsoleAction | AwaitStaff | Note, ...]]


def does(console: Console, face: AtWork, *actions: ConsoleAction) -> Step:
    """One step of somebody who must still be allowed here."""
    return replace(console, face=face), (Recheck(face.agent.number), *actions, AwaitStaff(console.idle_s))


def told(console: Console, face: AtWork) -> Step:
    return replace(console, face=replace(face, failing=None)), ()
