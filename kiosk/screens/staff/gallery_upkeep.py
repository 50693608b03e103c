"""Faults and upkeep in their states, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from config.wear import wear_limits
from drivers.intake.bus import ControllerFault, FaultCause
from kiosk.console.told import Counted, Seen
from kiosk.console.upkeep.vocabulary import AtUpkeep, Cleaned, CleaningTerms, LogQuery, UpkeepLook, UpkeepView
from kiosk.deposit.halts import Jammed, Obstacle
from kiosk.deposit.notes import NoteKind
from kiosk.log_reading import LogGroup, LogLine

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)

COUNTED = Counted(4_711, 14_202, 12)
GATE = replace(COUNTED, fault=ControllerFault.GATE, cause=FaultCause.OVER_CURRENT)
JAM = Jammed(ControllerFault.GATE, FaultCause.OVER_CURRENT)

FAULTS = tuple(
    LogLine(
        NOON - timedelta(hours=9 * n),
        n % 5 > 0,
        NoteKind.FAULT if n % 2 == 0 else NoteKind.FAULT_OVER,
        ("gate", "gate", "flap", "flap", "entry_beam", "entry_beam")[n % 6],
        seconds=None if n % 2 == 0 else 640.0,
        facts=(("fault", "gate"), ("cause", "over_current")) if n % 2 == 0 else (),
    )
    for n in range(14)
)
LOOK = UpkeepLook(
    FAULTS,
    tuple(Cleaned(NOON - timedelta(days=3 + 8 * n), "104", 4_402 - 900 * n) for n in range(4)),
    wear_limits(),
    CleaningTerms(2_000, 7),
    NOON,
)
JUDGED = {
    "accepted": False,
    "reasons": ["not_empty"],
    "weight_g": 122,
    "figures": {"not_empty": {"quantity": "weight_g", "value": 122, "least": None, "most": 48}},
}
LINES = tuple(
    LogLine(NOON - timedelta(minutes=7 * n), n % 9 > 0, kind, what, facts=facts, verdict=JUDGED if kind is NoteKind.JUDGED else None)
    for n in range(60)
    for kind, what, facts in (
        (
            (NoteKind.JUDGED, "", (("item", "12"), ("visit", "2026-11-24/0417"), ("accepted", "true"))),
            (NoteKind.FAULT, "gate", (("fault", "gate"), ("cause", "over_current"))),
            (NoteKind.LOGGED_IN, "", (("agent", "101"), ("role", "technician"))),
            (NoteKind.DOOR_OPENED, "", ()),
            (NoteKind.MOVED, "", (("agent", "101"), ("what", "gate_open"), ("end", "let_go"))),
        )[n % 5],
    )
)

AT = AtUpkeep(look=LOOK)


def upkeeps(seen: Seen) -> Iterator[tuple[str, AtUpkeep, Obstacle | None, Seen, bool]]:
    """Names after ``staff-upkeep``, with what stops the machine, what it tells, and whether the door was opened and shut."""
    yield "staff-upkeep", AT, None, replace(seen, counted=COUNTED), False
    gate = replace(seen, counted=GATE)
    yield "staff-upkeep-latched", AT, JAM, gate, False
    yield "staff-upkeep-door-open", AT, JAM, replace(gate, door_open=True), False
    yield "staff-upkeep-tries", AT, JAM, gate, True
    for view in (UpkeepView.HISTORY, UpkeepView.WEAR, UpkeepView.CLEANING):
        yield f"staff-upkeep-{view}", replace(AT, view=view), None, replace(seen, counted=COUNTED), False
    never = replace(LOOK, cleaned=())
    yield "staff-upkeep-cleaning-due", AtUpkeep(UpkeepView.CLEANING, never), None, replace(seen, counted=COUNTED), False
    yield "staff-upkeep-cleaning-sure", AtUpkeep(UpkeepView.CLEANING, LOOK, sure=True), None, seen, False
    log = replace(AT, view=UpkeepView.LOG)
    yield "staff-upkeep-log", replace(log, lines=LINES), None, seen, False
    yield "staff-upkeep-log-visit", replace(log, query=LogQuery(LogGroup.BOTTLES, NOON.date(), "0417"), lines=LINES[:1]), None, seen, False
    yield "staff-upkeep-log-nothing", replace(log, query=LogQuery(LogGroup.DOORS), lines=()), None, seen, False
