"""The steps of setting scale or bins right at the console.

::

    Looking ──▶ Listed ──asked──▶ (a bin: Sure ──it is empty──▶) Asked ──lent──▶ Measuring ──▶ Proposed ──sure──▶ Writing ──▶ Over
                  ▲                                                └not lent, why   └── wrong, stopped ──▶ Over ──back──┘
"""

from dataclasses import replace

from kiosk.console import working
from kiosk.console.actions import AwaitStaff
from kiosk.console.calibrating.actions import Calibrate, CalibrationAction, CalibrationDone, Decide, LookAtCalibrations, StopCalibration
from kiosk.console.calibrating.events import (
    BinIsEmpty,
    CalibrationAsked,
    CalibrationBegan,
    CalibrationChore,
    CalibrationEvent,
    CalibrationHands,
    CalibrationLeft,
    CalibrationNotLent,
    CalibrationOver,
    CalibrationProposed,
    CalibrationsTold,
    CalibrationSure,
    CalibrationToldEvent,
)
from kiosk.console.calibrating.told import AtCalibration, Stage, What
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.working import Step, does


def asked(console: Console, face: AtWork, event: CalibrationEvent) -> Step:
    here = face.calibrating
    if not may(face.agent.role, Deed.CALIBRATION):
        return console, ()
    match event:
        case CalibrationAsked(what) if not here.running:
            fresh = AtCalibration(Stage.LISTED, here.history, what)
            if what in (What.BIN_1, What.BIN_2):
                return _goes_on(console, face, replace(fresh, stage=Stage.SURE))
            return _begins(console, face, fresh)
        case BinIsEmpty() if here.stage is Stage.SURE:
            return _begins(console, face, here)
        case CalibrationHands() if here.chore is not None:
            return _goes_on(console, face, replace(here, chore=None), CalibrationDone())
        case CalibrationSure(sure) if here.stage is Stage.PROPOSED:
            return _goes_on(console, face, replace(here, stage=Stage.WRITING), Decide(sure))
        case CalibrationLeft() if here.stage in (Stage.MEASURING, Stage.PROPOSED):
            return _goes_on(console, face, replace(here, chore=None, stage=Stage.WRITING), StopCalibration())
        case CalibrationLeft() if not here.running:
            return _goes_on(console, face, AtCalibration(Stage.LISTED, here.history))
        case _:
            return console, ()


def _begins(console: Console, face: AtWork, here: AtCalibration) -> Step:
    if here.what is None:
        return console, ()
    return _goes_on(console, face, replace(here, stage=Stage.ASKED), Calibrate(face.agent.number, here.what))


def _goes_on(console: Console, face: AtWork, here: AtCalibration, *actions: CalibrationAction) -> Step:
    return does(console, replace(face, failing=None, calibrating=here), *actions)


def told(console: Console, face: AtWork, event: CalibrationToldEvent) -> Step:
    here = face.calibrating
    match event:
        case CalibrationsTold(history) if not here.running:
            stage = Stage.LISTED if here.stage is Stage.LOOKING else here.stage
            return working.told(console, replace(face, calibrating=replace(here, stage=stage, history=history)))
        case CalibrationNotLent(why) if here.running:
            return _stands(console, face, replace(here, stage=Stage.LISTED, why=why))
        case CalibrationBegan() if here.stage is Stage.ASKED:
            return _stands(console, face, replace(here, stage=Stage.MEASURING))
        case CalibrationChore(chore, weight_g) if here.stage is Stage.MEASURING:
            return _stands(console, face, replace(here, chore=chore, weight_g=weight_g))
        case CalibrationProposed(old, new) if here.stage is Stage.MEASURING:
            return _stands(console, face, replace(here, stage=Stage.PROPOSED, chore=None, old=old, new=new))
        case CalibrationOver(wrong, done) if here.running:
            history = here.history if done is None else (done, *(one for one in here.history if one.what is not done.what))
            over = AtCalibration(Stage.OVER, history, here.what, wrong=wrong, done=done, old=here.old, new=here.new)
            return _stands(console, face, over)
        case _:
            return console, ()


def _stands(console: Console, face: AtWork, here: AtCalibration) -> Step:
    """A technician with both hands in the machine has longer; the wait is set anew with what it is now."""
    console, nothing = working.told(console, replace(face, calibrating=here))
    return console, (*nothing, AwaitStaff(console.patience_s))


def looks() -> LookAtCalibrations:
    return LookAtCalibrations()


def left(face: AtWork) -> tuple[CalibrationAction, ...]:
    """Whoever goes away leaves no tool at work behind."""
    return (StopCalibration(),) if face.calibrating.running else ()
