"""The steps of the self-test at the console: which are wanted, what a technician does or skips, and what the tool at work tells.

::

    Looking ──▶ Listed ──asked──▶ Asked ──lent──▶ AtWork ──its end──▶ Over ──read──▶ Listed
                  ▲  └not lent, why┘                └──STOP──▶ Stopping ──its end──┘
"""

from dataclasses import replace

from kiosk.console import working
from kiosk.console.actions import AwaitStaff
from kiosk.console.roles import Deed, may
from kiosk.console.states import AtWork, Console
from kiosk.console.technician.actions import LookAtTest, RunTest, StopTest, TakeTurn, TechnicianAction, TellHands, TellTask
from kiosk.console.technician.events import (
    ChoreAsked,
    GlassGiven,
    GroupPicked,
    HandsReady,
    NotLent,
    ReportRead,
    SelfTestAsked,
    SelfTestBegan,
    SelfTestOver,
    SelfTestTold,
    SkipAsked,
    SkippedFor,
    StepBegan,
    StepEnded,
    StepPicked,
    StopPressed,
    TaskAsked,
    TaskDone,
    TechnicianEvent,
    ToolEvent,
    TurnAsked,
    TurnTaken,
    ValueSeen,
)
from kiosk.console.technician.told import AtTest, Stage
from kiosk.console.working import Step, does
from kiosk.selftest.results import Outcome, Result


def asked(console: Console, face: AtWork, event: TechnicianEvent) -> Step:
    here = face.testing
    match event:
        case SelfTestAsked() if here.stage in (Stage.LISTED, Stage.OVER) and may(face.agent.role, Deed.SELF_TEST):
            return _begins(console, face, event)
        case StopPressed() if here.stage in (Stage.ASKED, Stage.AT_WORK):
            return _goes_on(
                console, face, replace(here, stage=Stage.STOPPING, chore=None, task=None, failed=False, skipping=False), StopTest()
            )
        case HandsReady() if here.chore is not None and here.stage is Stage.AT_WORK:
            return _goes_on(console, face, replace(here, chore=None, skipping=False), TellHands(None))
        case TaskDone(task, answer) if here.task is task and here.stage is Stage.AT_WORK:
            return _goes_on(console, face, replace(here, task=None, skipping=False), TellTask(answer))
        case SkipAsked(skip) if here.chore is not None or here.task is not None:
            return _goes_on(console, face, replace(here, skipping=skip))
        case SkippedFor(why) if here.skipping:
            return _goes_on(console, face, replace(here, chore=None, task=None, skipping=False), TellHands(why.value))
        case TurnTaken(again) if here.failed:
            return _goes_on(console, face, replace(here, failed=False), TakeTurn(again))
        case GroupPicked(group) if here.stage in (Stage.LISTED, Stage.OVER):
            return _goes_on(console, face, replace(here, stage=Stage.LISTED, group=group, opened=None, filed=None, why=None))
        case StepPicked(name) if here.stage is Stage.LISTED:
            return _goes_on(console, face, replace(here, opened=name, why=None))
        case ReportRead() if here.stage is Stage.OVER:
            return _goes_on(console, face, replace(here, stage=Stage.LISTED, filed=None, resumed=False))
        case GlassGiven():
            # by ``step.py``, whose business it is who has the glass
            return console, ()
        case _:
            return console, ()


def _goes_on(console: Console, face: AtWork, here: AtTest, *actions: TechnicianAction) -> Step:
    return does(console, replace(face, failing=None, testing=here), *actions)


def _begins(console: Console, face: AtWork, wanted: SelfTestAsked) -> Step:
    here = face.testing
    if wanted.step is not None:
        steps: tuple[str, ...] = (wanted.step,)
    elif wanted.anew:
        steps = tuple(step.name for step in here.plan)
    else:
        steps = here.unpassed if wanted.unpassed else here.left
    if not steps:
        return console, ()
    known = () if wanted.anew else here.results
    begun = replace(here, stage=Stage.ASKED, results=known, why=None, filed=None, opened=None, group=None, live=None)
    return _goes_on(console, face, begun, RunTest(face.agent.number, steps, known, wanted.anew))


def told(console: Console, face: AtWork, event: ToolEvent) -> Step:
    """What the tool tells; of one that ends after its technician has stopped it, only the end."""
    here = face.testing
    match event:
        case SelfTestTold(plan, results, over):
            if here.running:
                return console, ()
            resumed = bool(results) and not over
            return working.told(
                console, replace(face, testing=replace(here, stage=Stage.LISTED, plan=plan, results=results, resumed=resumed))
            )
        case NotLent(why) if here.running:
            return working.told(console, replace(face, testing=replace(here, stage=Stage.LISTED, why=why)))
        case SelfTestBegan() if here.stage is Stage.ASKED:
            console, nothing = working.told(console, replace(face, testing=replace(here, stage=Stage.AT_WORK)))
            return console, (*nothing, AwaitStaff(console.patience_s))
        case SelfTestOver(filed) if here.running:
            ended = replace(here, stage=Stage.OVER, step=None, chore=None, task=None, failed=False, skipping=False, live=None, filed=filed)
            console, nothing = working.told(console, replace(face, testing=ended))
            return console, (*nothing, AwaitStaff(console.patience_s))
        case _ if here.stage in (Stage.AT_WORK, Stage.STOPPING):
            return working.told(console, replace(face, testing=_seen(here, event)))
        case _:
            return console, ()


def _seen(here: AtTest, event: ToolEvent) -> AtTest:
    match event:
        case StepEnded(result):
            return replace(here, results=_with(here.results, result), chore=None, task=None, skipping=False)
        case _ if here.stage is Stage.STOPPING:
            return here
        case StepBegan(name):
            return replace(here, step=name, chore=None, task=None, failed=False, live=None)
        case ChoreAsked(chore, weight_g):
            return replace(here, chore=chore, weight_g=weight_g)
        case TaskAsked(task, code):
            return replace(here, task=task, code=code)
        case TurnAsked():
            last = here.result(here.step or "")
            return replace(here, failed=last is not None and last.outcome is Outcome.FAIL)
        case ValueSeen(live):
            return replace(here, live=live)
        case _:
            return here


def _with(results: tuple[Result, ...], result: Result) -> tuple[Result, ...]:
    return (*(other for other in results if other.name != result.name), result)


def looks(face: AtWork) -> LookAtTest:
    del face
    return LookAtTest()


def left(face: AtWork) -> tuple[TechnicianAction, ...]:
    """Whoever goes away leaves no tool at work behind."""
    return (StopTest(),) if face.testing.running and face.testing.stage is not Stage.STOPPING else ()
