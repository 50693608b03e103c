"""What staff's screens may know, frozen: the console's part of the view-state. No name and no PIN is in it but on the agents' page, where neither is written into a log."""

from dataclasses import dataclass

from drivers.printer.state import PrinterState
from kiosk.console.calibrating.told import NO_CALIBRATION, AtCalibration
from kiosk.console.configuring.vocabulary import NO_CONFIGURATION, AtConfiguration
from kiosk.console.denials import Denial
from kiosk.console.emptying import doubts
from kiosk.console.enrolling.vocabulary import NO_ENROLMENT, AtEnrolment
from kiosk.console.helping import concealed
from kiosk.console.live.vocabulary import AtLive
from kiosk.console.roles import Deed, may
from kiosk.console.states import (
    NO_AGENTS,
    NO_BINS,
    NO_CLOSURES,
    NO_PIN,
    NO_VERIFY,
    NOBODY,
    NOBODYS,
    NOWHERE,
    Agent,
    AtWork,
    Console,
    Helping,
    LoggingIn,
    Seconding,
)
from kiosk.console.succession.vocabulary import NO_SUCCESSION, AtSuccession
from kiosk.console.technician.told import NO_TEST, AtTest
from kiosk.console.told import (
    AtAgents,
    AtBins,
    AtClosures,
    AtVerify,
    Doubt,
    LogRead,
    Looking,
    OnPaper,
    OwnPin,
    Presented,
    Rest,
    Round,
    Seen,
    Today,
)
from kiosk.console.upkeep.vocabulary import NO_UPKEEP, AtUpkeep
from kiosk.deposit.halts import Obstacle


@dataclass(frozen=True, slots=True)
class LogInView:
    """``times`` tells one denial from the next, which may be of the same kind."""

    first: bool
    judging: bool
    denied: Denial | None
    times: int


@dataclass(frozen=True, slots=True)
class WorkView:
    """``deeds``: those that are offered to this agent. ``emptying``: the one that is under way, ``doubts``: what the machine did not see of it as it should be."""

    agent: Agent
    deed: Deed
    deeds: tuple[Deed, ...]
    fresh: bool
    failing: Denial | None = None
    today: Today | None = None
    reading: LogRead | None = None
    looking: Looking = NOWHERE
    presented: Presented = NOBODYS
    helping: Helping = NOBODY
    seconding: Seconding | None = None
    bins: AtBins = NO_BINS
    emptying: Round | None = None
    doubts: tuple[Doubt, ...] = ()
    rest: Rest | None = None
    closures: AtClosures = NO_CLOSURES
    verifying: AtVerify = NO_VERIFY
    agents: AtAgents = NO_AGENTS
    own: OwnPin = NO_PIN
    on_paper: OnPaper | None = None
    testing: AtTest = NO_TEST
    live: AtLive | None = None
    upkeep: AtUpkeep = NO_UPKEEP
    calibrating: AtCalibration = NO_CALIBRATION
    configuring: AtConfiguration = NO_CONFIGURATION
    enrolling: AtEnrolment = NO_ENROLMENT
    succeeding: AtSuccession = NO_SUCCESSION


@dataclass(frozen=True, slots=True)
class MachineView:
    """How the machine stands behind whoever is logged in. ``why``: what would stop it without them. ``visit``: the one that is under way, and goes on once they have left.
    ``attended``: the service door was opened and shut since the controller latched its fault.
    """

    why: Obstacle | None
    seen: Seen
    visit: str | None = None
    attended: bool = False
    printer: PrinterState | None = None
    """How it was told last, None where there is none."""
    parked: bool = False
    """In service, and at its stop: line and camera can be lent."""
    full_percent: int = 95
    """From here on a bin is full."""


@dataclass(frozen=True, slots=True)
class StaffView:
    """``ends_in_s``: without a sign of life the glass is the visitor's again after so long."""

    shows: LogInView | WorkView
    machine: MachineView
    ends_in_s: float


def staff_view(console: Console, machine: MachineView) -> StaffView | None:
    """None while the glass is the visitor's."""
    match console.face:
        case LoggingIn(first, judging, _, denied, times):
            return StaffView(LogInView(first, judging, denied, times), machine, console.log_in_s)
        case AtWork() as face:
            deeds = (Deed.PIN,) if face.own.must else tuple(deed for deed in Deed if may(face.agent.role, deed))
            return StaffView(
                WorkView(
                    *(face.agent, face.deed, deeds, face.fresh, face.failing, face.today, face.reading),
                    *(face.looking, face.presented, concealed(face.helping), face.seconding),
                    *(face.bins, console.emptying, doubts(console, face), console.rest),
                    *(face.closures, face.verifying, face.agents, face.own),
                    on_paper=face.on_paper,
                    testing=face.testing,
                    live=face.live,
                    upkeep=face.upkeep,
                    calibrating=face.calibrating,
                    configuring=face.configuring,
                    enrolling=face.enrolling,
                    succeeding=face.succeeding,
                ),
                machine,
                console.patience_s,
            )
        case _:
            return None
