"""The technician's screens in every state, as values of the console."""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.console.technician.told import AtTest, Filed, Planned, Stage
from kiosk.deposit.loans import StillBusy
from kiosk.selftest.devices import Task
from kiosk.selftest.hands import Chore
from kiosk.selftest.results import (
    Blame,
    Check,
    Figure,
    Group,
    Measured,
    Part,
    Result,
    StepReason,
    Unit,
    exactly,
    judged,
    skipped,
)

STEPS: tuple[tuple[Group, tuple[str, ...]], ...] = (
    (Group.LINK, ("link", "program", "identity", "line", "watchdog")),
    (Group.MACHINE, ("clock", "disk_space", "disk_write", "ledger", "supply", "temperature")),
    (Group.AROUND, ("network",)),
    (Group.CAMERA, ("camera", "camera_light", "camera_sharpness", "lamp")),
    (Group.SCREEN, ("screen_touch", "screen_colours", "screen_keys")),
    (Group.AROUND, ("sounds", "scanner")),
    (Group.SENSORS, ("door_opened",)),
    (Group.AROUND, ("printer", "printer_code")),
    (Group.CAMERA, ("targets",)),
    (Group.SENSORS, ("door_shut", "chamber_empty", "metal_none", "gate_shut_at_rest", "gate_open_at_rest")),
    (Group.SENSORS, ("entry_beam_free", "drop_beam_free", "flap_locked_at_rest")),
    (Group.SCALE, ("scale_zero",)),
    (Group.BINS, ("bin_1", "bin_2")),
    (Group.LINK, ("fault",)),
    (Group.ACTUATORS, ("gate", "flap", "sorter", "gate_force")),
    (Group.SENSORS, ("gate_switches", "entry_beam_covered")),
    (Group.SCALE, ("scale_weight",)),
    (Group.SENSORS, ("metal",)),
    (Group.CAMERA, ("code",)),
    (Group.SENSORS, ("drop",)),
    (Group.LINK, ("totaliser",)),
)
"""As ``at_screen.FULL_PLAN`` has them; a picture needs no part of the machine loaded."""

HANDS = frozenset(
    {"door_opened", "door_shut", "gate_force", "entry_beam_covered", "scale_weight", "metal", "code", "drop"}
    | {"screen_touch", "screen_colours", "screen_keys", "sounds", "scanner", "printer_code", "targets"}
)

PLAN = tuple(Planned(name, group, name in HANDS) for group, names in STEPS for name in names)

GATE = judged(
    "gate",
    Check(Measured(Figure.OUT_TIME, 1812, Unit.MS, 20, 1500), Blame(Part.GATE, StepReason.LATE)),
    Check(Measured(Figure.OUT_CURRENT, 640, Unit.MA, 100, 1500), Blame(Part.GATE, StepReason.MUCH_CURRENT)),
    Check(Measured(Figure.BACK_TIME, 1240, Unit.MS, 20, 1500), Blame(Part.GATE, StepReason.LATE)),
    Check(Measured(Figure.BACK_CURRENT, 610, Unit.MA, 100, 1500), Blame(Part.GATE, StepReason.MUCH_CURRENT)),
)
BEAM = judged("drop_beam_free", Check(exactly(Figure.SIGNAL, 1, 0), Blame(Part.DROP_BEAM, StepReason.STUCK_ON)))
FOUND = {"gate": GATE, "drop_beam_free": BEAM, "scale_weight": skipped("scale_weight", StepReason.PERSON, "no_tool")}
STANDS_ON_GATE = frozenset({"gate_force", "gate_switches", "entry_beam_covered", "metal", "code", "drop"})


def _came_to(name: str) -> Result:
    return skipped(name, StepReason.NEEDS, "gate") if name in STANDS_ON_GATE else FOUND.get(name) or judged(name)


ALL = tuple(_came_to(step.name) for step in PLAN)
SOFAR = ALL[: next(place for place, step in enumerate(PLAN) if step.name == "gate")]

BRIEF = (
    "Autotest de la machine\nparis-11-01, 24/11/2026, 12 h 04, agent 101\n30 étapes réussies, 2 échecs, 7 sautées. La machine est fermée, vide et sans défaut.\n"
    "Échec : Faisceau de chute libre (barrage optique de chute)\nÉchec : Trappe (moteur de la trappe)"
)


def self_test_shots() -> Iterator[tuple[str, AtTest]]:
    """In the order in which one meets them."""
    listed = AtTest(Stage.LISTED, PLAN)
    at_work = AtTest(Stage.AT_WORK, PLAN, SOFAR)
    yield "looking", AtTest()
    yield "list", listed
    yield "refused", replace(listed, why=StillBusy())
    yield "resumed", replace(listed, results=SOFAR, resumed=True)
    yield "done", replace(listed, results=ALL)
    yield "group", replace(listed, results=ALL, group=Group.SENSORS)
    yield "group-short", replace(listed, results=ALL, group=Group.CAMERA)
    yield "step-failed", replace(listed, results=ALL, group=Group.ACTUATORS, opened="gate")
    yield "step-to-do", replace(listed, group=Group.SCALE, opened="scale_weight")
    yield "step-skipped", replace(listed, results=ALL, group=Group.SCALE, opened="scale_weight")
    yield "asked", AtTest(Stage.ASKED, PLAN)
    yield "at-work", replace(at_work, step="gate", live=Measured(Figure.CURRENT, 620, Unit.MA, 100, 1500))
    yield "at-work-still", replace(at_work, step="disk_write")
    for chore, step in OF_CHORE.items():
        yield f"chore-{chore}", replace(at_work, step=step, chore=chore, weight_g=500)
    door = replace(at_work, step="door_opened", chore=Chore.OPEN_DOOR, live=exactly(Figure.SIGNAL, 0, 1))
    yield "chore-live", door
    weight = Measured(Figure.WEIGHT, 497, Unit.G, 490, 510)
    yield "chore-weight", replace(at_work, step="scale_weight", chore=Chore.PUT_WEIGHT, weight_g=500, live=weight)
    for task in Task:
        yield f"task-{task}", replace(at_work, step=OF_TASK[task], task=task, code="482019337105")
    yield "skip", replace(door, skipping=True)
    yield "failed", replace(at_work, results=(*SOFAR, GATE), step="gate", failed=True)
    yield "stopping", replace(at_work, stage=Stage.STOPPING, step="gate")
    yield "over", replace(at_work, stage=Stage.OVER, results=ALL, filed=Filed(PATH, BRIEF, left_ready=True))
    yield "over-not-filed", replace(at_work, stage=Stage.OVER, results=SOFAR, filed=Filed(None, BRIEF, left_ready=False))


PATH = "/var/lib/consigne/exports/self-test-2026-11-24-120412-101.html"

OF_TASK = {
    Task.TOUCH: "screen_touch",
    Task.KEYS: "screen_keys",
    Task.COLOURS: "screen_colours",
    Task.SOUNDS: "sounds",
    Task.SCANNER: "scanner",
}

OF_CHORE = {
    Chore.HOLD_SHEET: "printer_code",
    Chore.HOLD_LEFT: "targets",
    Chore.HOLD_MIDDLE: "targets",
    Chore.HOLD_RIGHT: "targets",
    Chore.OPEN_DOOR: "door_opened",
    Chore.SHUT_DOOR: "door_shut",
    Chore.COVER_BEAM: "entry_beam_covered",
    Chore.FREE_BEAM: "entry_beam_covered",
    Chore.HOLD_BLOCK: "gate_force",
    Chore.PUT_WEIGHT: "scale_weight",
    Chore.PUT_METAL: "metal",
    Chore.PUT_BOTTLE: "code",
    Chore.TAKE_OUT: "metal",
}
