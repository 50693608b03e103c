"""Whatever the console may ask for reaches one worker, and the worker knows what it is."""

import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from config.settings import Settings
from config.state import Files
from config.vocabulary import Cents, Material, SequenceNumber
from kiosk.agents import Agents, Cost
from kiosk.console.actions import ConsoleAction, DeskAction, PaperAction, StartAnew
from kiosk.console.events import Opened
from kiosk.console.technician.actions import TechnicianAction
from kiosk.deposit.states import Reconciling, Rules, Session
from kiosk.runner import Runner, Workers
from kiosk.workers.console import Clerk
from kiosk.workers.technician import TechnicianWorker
from timing import FakeClock

RULES = Rules(7, Cents(20), 30, {Material.GLASS: 1, Material.PLASTIC: 2})  # type: ignore[dict-item]


class Inbox:
    """A worker of any kind, that only remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def perform(self, action: object, occurred: object = None) -> None:
        self.asked.append(action)

    def set_pace(self, in_visit: bool) -> None:
        pass


def kinds() -> list[type[ConsoleAction]]:
    """Every action that there is, wherever in the console: those that nothing more is made of."""
    modules = [module for name, module in sys.modules.items() if name.startswith("kiosk.console")]
    found = {thing for module in modules for thing in vars(module).values() if isinstance(thing, type) and issubclass(thing, ConsoleAction)}
    leaves = [kind for kind in found if not any(kind is not other and issubclass(other, kind) for other in found)]
    return sorted(leaves, key=lambda kind: (kind.__module__, kind.__name__))


EVERY = kinds()


def of_kind(kind: type[ConsoleAction]) -> ConsoleAction:
    """With nothing in it: where it goes depends on its kind alone."""
    return cast(Callable[..., ConsoleAction], kind)(*(None for _ in fields(cast(Any, kind))))


def knows(does: Callable[[ConsoleAction], object], action: ConsoleAction) -> bool:
    """Whether a worker takes it up; what then becomes of one with nothing in it is not asked here."""
    try:
        does(action)
    except TypeError as error:
        return error.args != (type(action).__name__,)
    except Exception:  # noqa: BLE001 - whatever it is that something missing leads to
        return True
    return True


def test_the_actions_of_every_part_of_the_console_are_asked_about() -> None:
    modules = {kind.__module__.removeprefix("kiosk.console.") for kind in EVERY}
    assert modules >= {
        "actions",
        "technician.actions",
        "calibrating.actions",
        "live.vocabulary",
        "upkeep.vocabulary",
        "configuring.vocabulary",
    }


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_action_of_the_console_reaches_the_one_worker_that_knows_it(
    kind: type[ConsoleAction], tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = of_kind(kind)
    monkeypatch.setattr("kiosk.runner.step", lambda composed, event: (composed, (action,)))
    intake, sight, books, tools, console, printer, technician = inboxes = [Inbox() for _ in range(7)]
    workers = Workers(*(cast(Any, one) for one in (intake, sight, books, intake, tools, console, printer, technician)))
    runner = Runner(Session(rules=RULES, phase=Reconciling(), last_sequence=SequenceNumber(0)), clock, lambda shown: None)
    runner.handle(Opened(), workers)
    if isinstance(action, StartAnew):
        assert (runner.starts_anew, runner.inbox.get_nowait(), [inbox.asked for inbox in inboxes if inbox.asked]) == (True, None, [])
        return
    assert [inbox.asked for inbox in inboxes if inbox.asked] == [[action]]
    (reached,) = [inbox for inbox in inboxes if inbox.asked]
    if reached is console:
        agents = Agents(tmp_path, clock, Cost(memory_kib=32, passes=1, lanes=1))
        clerk = Clerk(agents, Files(tmp_path), clock, Cents(20_000), Cents(20), lambda: date(2026, 11, 24))
        assert knows(clerk.does, action)
    elif reached is technician:
        assert isinstance(action, TechnicianAction)
        worker = TechnicianWorker(
            cast(Settings, SimpleNamespace(files=Files(Path("state")))), clock, lambda event: None, lambda tool: None, lambda note: None
        )
        assert knows(cast(Callable[[ConsoleAction], object], worker.perform), action)
    else:
        wanted = {id(books): DeskAction, id(printer): PaperAction}[id(reached)]
        assert isinstance(action, wanted)
