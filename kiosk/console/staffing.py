"""Who may log in, looked after by a manager at the glass; and each agent's own PIN, which a PIN that was given by somebody else is changed for first.

What is allowed stands in ``kiosk/agents.py``, for the console and the command alike. A PIN that was given is shown once, to who asked for it, and goes with the page.
"""

from dataclasses import replace

from kiosk.console import working
from kiosk.console.actions import ChangeAgent, ChangePin, ListAgents
from kiosk.console.denials import PinsDiffer
from kiosk.console.events import (
    AgentChangeAsked,
    AgentChanged,
    AgentPicked,
    AgentsEvent,
    AgentsListed,
    AgentSure,
    PinChangeAsked,
    PinChanged,
)
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.told import AtAgents, Blocking, Forgetting, OwnPin
from kiosk.console.working import Step, does
from kiosk.deposit.notes import Note, NoteKind


def asked(console: Console, face: AtWork, event: AgentsEvent) -> Step:
    here = face.agents
    if here.changing or not may(face.agent.role, Deed.AGENTS):
        return console, ()
    match event:
        case AgentPicked(number):
            return does(console, replace(face, failing=None, agents=AtAgents(here.listed, number)))
        case AgentChangeAsked(change) if isinstance(change, Forgetting) or (isinstance(change, Blocking) and change.blocked):
            # what shuts somebody out is asked about first
            return does(console, replace(face, failing=None, agents=replace(here, asking=change, given=None)))
        case AgentChangeAsked(change):
            return _changes(console, face, ChangeAgent(face.agent.number, change))
        case AgentSure(sure) if here.asking is not None:
            if sure:
                return _changes(console, face, ChangeAgent(face.agent.number, here.asking))
            return does(console, replace(face, agents=replace(here, asking=None)))
        case _:
            return console, ()


def told(console: Console, face: AtWork, event: AgentsListed | AgentChanged) -> Step:
    match event:
        case AgentsListed(listed):
            return working.told(console, replace(face, agents=replace(face.agents, listed=listed)))
        case AgentChanged(listed, change, number, given):
            console, _ = working.told(console, replace(face, agents=AtAgents(listed, number, given=given)))
            return console, (
                Note(NoteKind.AGENT_CHANGED, {"by": face.agent.number, "agent": number, "change": type(change).__name__.lower()}),
            )


def changes_pin(console: Console, face: AtWork, event: PinChangeAsked) -> Step:
    """One's own: the one before is asked for, so that nobody changes it at a glass that was left."""
    own = replace(face.own, changed=False, times=face.own.times + 1)
    if event.new != event.again:
        return does(console, replace(face, failing=PinsDiffer(), own=own))
    return does(console, replace(face, failing=None, own=own), ChangePin(face.agent.number, event.before, event.new))


def pin_changed(console: Console, face: AtWork, event: PinChanged) -> Step:
    if event.number != face.agent.number:
        return console, ()
    console, _ = working.told(console, replace(face, own=OwnPin(changed=True, times=face.own.times + 1)))
    return console, (Note(NoteKind.AGENT_CHANGED, {"by": event.number, "agent": event.number, "change": "pin"}),)


def looks(face: AtWork) -> ListAgents:
    return ListAgents(face.agent.number)


def _changes(console: Console, face: AtWork, action: ChangeAgent) -> Step:
    here = face.agents
    return does(console, replace(face, failing=None, agents=replace(here, asking=None, given=None, changing=True)), action)
