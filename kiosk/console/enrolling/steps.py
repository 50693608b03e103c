"""The steps of the enrolment's page. The kiosk has no network: a code is laid where the sync finds it, and what the city said is read where the sync leaves it.

::

    looking ──▶ how it stands ──▶ a code is typed or scanned ──▶ bringing ──▶ how it stands: it waits ──looked at again──▶ what came of it
                    ▲                  ▲ └── back ──▶ how it stands
                    └── Failed         └── what can be no code
"""

from dataclasses import replace

from kiosk.console.enrolling.vocabulary import (
    AtEnrolment,
    BringCode,
    CodeTyped,
    CodeWanted,
    EnrolmentAction,
    EnrolmentEvent,
    EnrolmentTold,
    LookAtEnrolment,
    LookedAgain,
)
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.working import Step, does, told
from kiosk.deposit.notes import Note, NoteKind
from ledger.sync.typed import CODE


def step(console: Console, face: AtWork, event: EnrolmentEvent) -> Step:
    here = face.enrolling
    match event:
        case EnrolmentTold(seen):
            return told(console, replace(face, enrolling=replace(here, seen=seen, bringing=False)))
        case LookedAgain() if here.seen is not None and here.seen.waits:
            return console, (LookAtEnrolment(),)
        case CodeWanted(wanted) if not here.bringing:
            return _goes_on(console, face, replace(here, typing=wanted, unfit=False))
        case CodeTyped(code) if here.typing and may(face.agent.role, Deed.ENROLMENT):
            code = code.strip()
            if not CODE.fullmatch(code):
                return _goes_on(console, face, replace(here, unfit=True))
            console, actions = _goes_on(
                console, face, replace(here, typing=False, unfit=False, bringing=True), BringCode(face.agent.number, code)
            )
            return console, (Note(NoteKind.ENROLMENT_ASKED, {"agent": face.agent.number}), *actions)
        case _:
            return console, ()


def _goes_on(console: Console, face: AtWork, here: AtEnrolment, *actions: EnrolmentAction) -> Step:
    return does(console, replace(face, failing=None, enrolling=here), *actions)


def looks() -> LookAtEnrolment:
    return LookAtEnrolment()
