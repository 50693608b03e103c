"""The steps of the configuration's page. What is changed holds from the next start on; who changed what stands in the technical log.

::

    looking ──▶ the keys ──one that is safe──▶ a value is typed ──▶ writing ──▶ the keys, old and new told
                   ▲                                ▲ └── back ──▶ the keys      │
                   │                                └── not allowed, and what is ┘
                   └── StartAskedAnew: the kiosk ends and begins anew, unless a visit is open (``composed.py``)
"""

from dataclasses import replace

from kiosk.console.configuring.vocabulary import (
    AtConfiguration,
    ChangeKey,
    ConfigurationAction,
    ConfigurationEvent,
    ConfigurationTold,
    KeyChanged,
    KeyKept,
    KeyPicked,
    LookAtConfiguration,
    ValueTyped,
)
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.working import Step, does, told
from kiosk.deposit.notes import Note, NoteKind


def step(console: Console, face: AtWork, event: ConfigurationEvent) -> Step:
    here = face.configuring
    match event:
        case ConfigurationTold(keys):
            return told(console, replace(face, configuring=replace(here, keys=keys)))
        case KeyChanged(keys, change):
            face = replace(face, configuring=AtConfiguration(keys, changes=(*here.changes, change)))
            facts = {"agent": face.agent.number, "key": change.key, "old": change.old, "new": change.new}
            return told(console, face)[0], (Note(NoteKind.KEY_CHANGED, facts),)
        case KeyKept(key, why) if key == here.picked:
            return told(console, replace(face, configuring=replace(here, writing=False, refused=why)))
        case KeyPicked(name) if not here.writing and (not name or any(key.name == name and key.safe for key in here.keys or ())):
            return _goes_on(console, face, replace(here, picked=name, refused=None))
        case ValueTyped(value) if here.picked and not here.writing and may(face.agent.role, Deed.CONFIGURATION):
            changing = ChangeKey(face.agent.number, here.picked, value)
            return _goes_on(console, face, replace(here, writing=True, refused=None), changing)
        case _:
            return console, ()


def _goes_on(console: Console, face: AtWork, here: AtConfiguration, *actions: ConfigurationAction) -> Step:
    return does(console, replace(face, failing=None, configuring=here), *actions)


def looks() -> LookAtConfiguration:
    return LookAtConfiguration()
