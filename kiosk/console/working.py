"""What the steps of every deed have in common: each deed that has steps of its own is a module beside this one."""

from dataclasses import replace

from kiosk.console.actions import AwaitStaff, ConsoleAction, DeskAction, Recheck
from kiosk.console.states import AtWork, Console
from kiosk.console.told import PaperStage
from kiosk.deposit.notes import Note

Step = tuple[Console, tuple[ConsoleAction | AwaitStaff | Note, ...]]


def does(console: Console, face: AtWork, *actions: ConsoleAction) -> Step:
    """One step of somebody who must still be allowed here. What is to be written waits until that is sure; it is one thing at most."""
    writes = [action for action in actions if isinstance(action, DeskAction)]
    looks = (action for action in actions if not isinstance(action, DeskAction))
    recheck = Recheck(face.agent.number, writes[0] if writes else None)
    console = replace(console, face=face)
    return console, (recheck, *looks, AwaitStaff(console.patience_s))


def told(console: Console, face: AtWork) -> Step:
    return replace(console, face=replace(face, failing=None)), ()


def stilled(face: AtWork) -> AtWork:
    """Nothing is on its way to the ledger, nor back."""
    return replace(
        face,
        presented=replace(face.presented, paying=False, sure=False),
        helping=replace(face.helping, writing=False),
        bins=replace(face.bins, writing=False),
        closures=replace(face.closures, writing=False),
        verifying=replace(face.verifying, run=None),
        agents=replace(face.agents, changing=False, asking=None),
        configuring=replace(face.configuring, writing=False),
        enrolling=replace(face.enrolling, bringing=False),
        succeeding=replace(face.succeeding, ordering=False, why=None),
        on_paper=None if face.on_paper is not None and face.on_paper.stage is PaperStage.BEGINNING else face.on_paper,
    )
