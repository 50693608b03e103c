"""A ledger is verified at the console: begun, told how far it is, ended by whoever asked or by their leaving. A run that was ended is heard of no more."""

from dataclasses import replace

from kiosk.console import working
from kiosk.console.actions import StopVerifying, Verify
from kiosk.console.events import ArchivesTold, Verified, VerifyAsked, VerifyEnded, Verifying, VerifyStopAsked
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.told import AtVerify
from kiosk.console.working import Step, does


def asked(console: Console, face: AtWork, event: VerifyAsked | VerifyStopAsked) -> Step:
    here = face.verifying
    match event:
        case VerifyAsked(archive) if here.run is None and may(face.agent.role, Deed.VERIFY):
            run = console.runs + 1
            face = replace(face, failing=None, verifying=AtVerify(here.archives, archive, run))
            return does(replace(console, runs=run), face, Verify(run, archive))
        case VerifyStopAsked() if here.run is not None:
            return does(console, replace(face, verifying=AtVerify(here.archives)), StopVerifying(here.run))
        case VerifyStopAsked():
            return does(console, replace(face, failing=None, verifying=AtVerify(here.archives)))
        case _:
            return console, ()


def told(console: Console, face: AtWork, event: ArchivesTold | Verifying | Verified | VerifyEnded) -> Step:
    here = face.verifying
    match event:
        case ArchivesTold(names):
            return working.told(console, replace(face, verifying=replace(here, archives=names)))
        case Verifying(run, row, last) if run == here.run:
            return working.told(console, replace(face, verifying=replace(here, row=row, last=last)))
        case Verified(run, result) if run == here.run:
            return working.told(console, replace(face, verifying=AtVerify(here.archives, here.archive, result=result)))
        case VerifyEnded(run) if run == here.run:
            return working.told(console, replace(face, verifying=AtVerify(here.archives)))
        case _:
            return console, ()


def left(face: AtWork) -> tuple[StopVerifying, ...]:
    """Whoever goes away needs no answer."""
    return () if face.verifying.run is None else (StopVerifying(face.verifying.run),)
