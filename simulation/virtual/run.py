"""A simulated run in virtual time from start to end: one process, no city, and the same witnesses of what became of each bottle."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from config.settings import Recognition
from config.state import Files
from drivers.twin.items import chamber_items, frame_items
from drivers.twin.mechanics import PROFILES
from drivers.twin.scenario import read_file
from kiosk.deposit.view import ViewState
from kiosk.face import as_line
from recognition.policies import policy_of
from simulation.launcher import Plan, write_scenario
from simulation.outcome import Outcome, outcome, read_notes
from simulation.processes import Folders
from simulation.virtual.outlines import Outlines
from simulation.virtual.sight import VirtualSight
from simulation.virtual.world import World
from simulation.visitor import Shown
from simulation.witnesses import ask_books, ask_metal, compare


def simulate_virtually(plan: Plan, state: Path, tell: Callable[[Shown], None] | None) -> Outcome:
    """Runs a plan in a folder that has no ledger yet; ``tell`` gets every view-state. Raises RunStuck, and the twin's errors about items and scenario."""
    folders = Folders(state)
    folders.make()
    items = frame_items(plan.frames) if plan.frames else chamber_items()
    scenario = plan.scenario or write_scenario(plan, state / "scenario.txt")
    mechanics = PROFILES[plan.mechanics]
    world = World(
        twin=folders.twin,
        kiosk=folders.kiosk,
        items=items,
        scenario=read_file(scenario, items),
        mechanics=mechanics,
        sight=partial(
            VirtualSight,
            policy_of(Recognition(policy="barcode-only" if plan.frames else "every-vote"), demonstration=True),
            outlines=None if plan.frames else Outlines(plan.seed),
        ),
        seed=plan.seed,
        on_call=plan.troubled,
        show=_nobody if tell is None else lambda shown: tell(json.loads(as_line(shown))),
    )
    took_s = world.run()
    metal, books = ask_metal(folders.twin / "metal.jsonl"), ask_books(Files(folders.kiosk).ledger)
    found, notes = compare(metal, books), read_notes(folders.kiosk)
    return outcome(metal, books, found, notes, mechanics=asdict(mechanics), seed=plan.seed, took_s=took_s, city_asked=False)


def _nobody(shown: ViewState) -> None:
    """Nobody looks."""
