"""Steps of the link: port, program, identity, frames lost and answer time, watchdog, and that the controller rests without a fault."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from drivers.intake.bus import Came, ControllerFault, HotBlock, NeverSilent, NoAnswer, PortGone, PortTaken, WrongController
from kiosk.selftest.books import LedgerState
from kiosk.selftest.results import (
    Blame,
    Check,
    Figure,
    Group,
    Measured,
    Part,
    Result,
    Stated,
    StepReason,
    Unit,
    exactly,
    failed,
    judged,
    skipped,
)
from kiosk.selftest.rig import Rig
from kiosk.selftest.steps import Step

QUESTIONS = 100
MOST_LOST = 5
"""So many lost answers are enough to know."""

LOST_PERCENT = 1.0
"""Chosen. A cable without a fault loses none in a day; each lost one costs the kiosk 0.4 s (drivers/README.md)."""

ANSWER_MS = 20.0
"""The kiosk asks 50 times a second in a visit (drivers/intake/worker.py, VISIT_POLL_S). 115200 baud need 6 ms."""

WATCHDOG_MS = (1000.0, 3000.0)
"""The controller takes 2 s of the same beat for silence unless it is set otherwise (firmware/guard.py, WATCHDOG_MS)."""

WATCHDOG_PATIENCE_S = 3.5

TRIES = 3


def link(rig: Rig) -> Result:
    """Opens the port and asks. Raises PortTaken: then the kiosk runs, and nothing can be tested."""
    try:
        rig.controls.open()
    except PortTaken:
        raise
    except PortGone as gone:
        return failed("link", Blame(Part.CABLE, StepReason.NO_PORT), gone.detail)
    failures: list[NoAnswer] = []
    for _ in range(TRIES):
        try:
            rig.controls.ask_once()
        except NoAnswer as failure:
            failures.append(failure)
        except NeverSilent as gone:
            return failed("link", Blame(Part.ADAPTER, StepReason.NEVER_SILENT), gone.detail)
        except PortGone as gone:
            return failed("link", Blame(Part.CABLE, StepReason.LINK_LOST), gone.detail)
    rig.usable = len(failures) < TRIES
    return judge_link(failures, echoes=rig.controls.echoes)


INSTEAD = {
    Came.OTHER_UNIT: Blame(Part.ADAPTER, StepReason.OTHER_UNIT),
    Came.SPOILED: Blame(Part.ADAPTER, StepReason.SPOILED),
    Came.GARBLED: Blame(Part.ADAPTER, StepReason.GARBLED),
    Came.OTHER: Blame(Part.ADAPTER, StepReason.OTHER_ANSWER),
    Came.ECHO: Blame(Part.CABLE, StepReason.ECHO_ALONE),
    Came.NOTHING: Blame(Part.CABLE, StepReason.SILENT),
}
"""What is told of a line that gave no right answer: of several things that came the first of these."""


def judge_link(failures: Sequence[NoAnswer], *, echoes: bool) -> Result:
    """One right answer is a link. An echo is let go by the driver; it is told, so that nobody who meets it elsewhere wonders."""
    came = sorted(failures, key=lambda failure: list(INSTEAD).index(failure.came))
    worst = came[0] if came else NoAnswer("", Came.NOTHING)
    answers = Measured(Figure.ANSWERS, TRIES - len(failures), Unit.NONE, 1, TRIES)
    checks = [Check(answers, INSTEAD[worst.came])]
    if echoes:
        checks.append(Check(exactly(Figure.ECHO, 1, 1, Unit.YES), INSTEAD[Came.ECHO]))
    return judged("link", *checks, detail=worst.detail)


def program(rig: Rig) -> Result:
    """Which program, and which table of registers it speaks. Another table makes everything else it says unreadable."""
    try:
        identity = rig.controls.identify()
    except WrongController as wrong:
        rig.usable = False
        return judge_program(wrong.found, wrong.expected, wrong.firmware)
    return judge_program(identity.map_version, identity.map_version, identity.firmware)


def judge_program(table: int, expected: int, firmware: tuple[int, int]) -> Result:
    version = Stated(Figure.PROGRAM, f"{firmware[0]}.{firmware[1]}")
    blame = Blame(Part.PROGRAM, StepReason.OTHER_TABLE)
    return judged("program", Check(version, blame), Check(exactly(Figure.TABLE, table, expected, Unit.NONE), blame))


def identity(rig: Rig) -> Result:
    """Whether it is the controller that the ledger was begun on."""
    if not isinstance(rig.books, LedgerState):
        return skipped("identity", StepReason.NO_LEDGER if rig.books is None else StepReason.LEDGER_UNREADABLE)
    found = rig.controls.identify()
    return judge_identity(found.controller_id, rig.books.controller_id)


def judge_identity(found: int, expected: int) -> Result:
    told = Stated(Figure.CONTROLLER, f"{found:016x}", f"{expected:016x}")
    return judged("identity", Check(told, Blame(Part.CONTROLLER, StepReason.OTHER_CONTROLLER)))


@dataclass(frozen=True, slots=True)
class LineQuality:
    """How many questions were asked, how many stayed without a right answer, and the median time of the others."""

    asked: int
    lost: int
    median_ms: float | None


def line(rig: Rig) -> Result:
    took_ms: list[float] = []
    lost = 0
    while len(took_ms) + lost < QUESTIONS and lost < MOST_LOST:
        began_s = rig.clock.monotonic()
        try:
            rig.controls.ask_once()
        except NoAnswer:
            lost += 1
        else:
            took_ms.append((rig.clock.monotonic() - began_s) * 1000)
    return judge_line(LineQuality(len(took_ms) + lost, lost, statistics.median(took_ms) if took_ms else None))


def judge_line(measured: LineQuality) -> Result:
    share = Measured(Figure.LOST, round(100 * measured.lost / measured.asked, 1), Unit.PERCENT, None, LOST_PERCENT)
    checks = [Check(share, Blame(Part.CABLE, StepReason.NOISY))]
    if measured.median_ms is not None:
        time = Measured(Figure.ANSWER_TIME, round(measured.median_ms, 1), Unit.MS, None, ANSWER_MS)
        checks.append(Check(time, Blame(Part.CABLE, StepReason.SLOW_ANSWERS)))
    return judged("line", *checks)


def watchdog(rig: Rig) -> Result:
    """Holds the beat still until the controller says that it misses it; then goes on."""
    rig.controls.read()
    began_s = rig.clock.monotonic()
    heard = True
    while heard and rig.clock.monotonic() - began_s < WATCHDOG_PATIENCE_S:
        heard = rig.controls.hold_beat().beating
    noticed_ms = (rig.clock.monotonic() - began_s) * 1000
    return judge_watchdog(noticed_ms, heard_again=rig.controls.read().beating or rig.controls.read().beating)


def judge_watchdog(noticed_ms: float, heard_again: bool) -> Result:
    low, high = WATCHDOG_MS
    noticed = Measured(Figure.NOTICED, round(noticed_ms), Unit.MS, low, high)
    again = exactly(Figure.HEARD, int(heard_again), 1, Unit.YES)
    blame = Blame(Part.WATCHDOG, StepReason.NOT_WATCHED)
    return judged("watchdog", Check(noticed, blame), Check(again, Blame(Part.CONTROLLER, StepReason.BEAT_UNHEARD)))


BLAMED = {
    ControllerFault.STORE: Blame(Part.MEMORY, StepReason.MEMORY_FAILS),
    ControllerFault.GATE: Blame(Part.GATE, StepReason.FAULT_STANDS),
    ControllerFault.FLAP: Blame(Part.FLAP, StepReason.FAULT_STANDS),
    ControllerFault.SORTER: Blame(Part.SORTER, StepReason.FAULT_STANDS),
    ControllerFault.DROP_BEAM: Blame(Part.DROP_BEAM, StepReason.FAULT_STANDS),
    ControllerFault.ENTRY_BEAM: Blame(Part.ENTRY_BEAM, StepReason.FAULT_STANDS),
    ControllerFault.SCALE: Blame(Part.SCALE, StepReason.FAULT_STANDS),
    ControllerFault.SUPPLY: Blame(Part.SUPPLY, StepReason.VOLTAGE),
}
"""The part that a fault of the controller's own names. A drop that let nothing fall is over."""


def fault(rig: Rig) -> Result:
    """At rest, and without a fault; ``run.py`` has sent a Clear before this if something was latched and it could."""
    return judge_fault(rig.controls.rest())


def judge_fault(hot: HotBlock) -> Result:
    stands = "none" if hot.fault is ControllerFault.DROP else hot.fault.name.lower()
    blame = BLAMED.get(hot.fault, Blame(Part.CONTROLLER, StepReason.FAULT_STANDS))
    return judged("fault", Check(Stated(Figure.FAULT, stands, "none"), blame), detail=hot.cause.name.lower())


def totaliser(rig: Rig) -> Result:
    """The counts of visits, tests and hands add up, and nothing that was booked is missing."""
    if isinstance(rig.books, LedgerState):
        booked: int | None = rig.books.totaliser
    else:
        booked = None
    hot, health = rig.controls.read(), rig.controls.health()
    return judge_totaliser(hot.totaliser, health.drops_visit + health.drops_test + health.drops_manual, booked)


def judge_totaliser(counted: int, by_kind: int, booked: int | None) -> Result:
    """``booked`` is the ledger's, None without one."""
    checks = [Check(exactly(Figure.DIFFERENCE, counted - by_kind, 0, Unit.NONE), Blame(Part.MEMORY, StepReason.COUNTS_DIFFER))]
    if booked is not None:
        above = Measured(Figure.ABOVE_LEDGER, counted - booked, Unit.NONE, 0, None)
        checks.append(Check(above, Blame(Part.MEMORY, StepReason.TOTALISER_FELL)))
    return judged("totaliser", *checks)


LINK = (
    Step("link", Group.LINK, link, asks=False),
    Step("program", Group.LINK, program),
    Step("identity", Group.LINK, identity),
    Step("line", Group.LINK, line),
    Step("watchdog", Group.LINK, watchdog, needs=("line",)),
)
FAULT = Step("fault", Group.LINK, fault, needs=("gate_shut_at_rest", "flap_locked_at_rest", "drop_beam_free"), rests=True)
"""A fault that follows from a sensor that is known to be wrong is not told twice."""
TOTALISER = Step("totaliser", Group.LINK, totaliser)
