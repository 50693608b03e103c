"""The states of the console: what staff are in the middle of at the glass.

::

    Shut ──a long press, or its key──▶ LoggingIn ──number and PIN──▶ (judged by the agents' file) ──admitted──▶ AtWork
      ▲                                  │  ▲ └──denied, with the reason and how long to wait──┘                    │
      │◀── Quit, 30 s, or a bottle comes ┘  first start: the one-time code and a PIN make the first manager         │
      │◀── Log out, 60 s without a sign of life, blocked by somebody else ──────────────────────────────────────────┘

While somebody is at work the deposit session is told so (``composed.py``): its gate is shut. What was under way when time ran out is kept for that agent.
"""

from dataclasses import dataclass

from kiosk.console.actions import Seconded
from kiosk.console.calibrating.told import NO_CALIBRATION, AtCalibration
from kiosk.console.configuring.vocabulary import NO_CONFIGURATION, AtConfiguration
from kiosk.console.denials import Denial
from kiosk.console.enrolling.vocabulary import NO_ENROLMENT, AtEnrolment
from kiosk.console.live.vocabulary import AtLive
from kiosk.console.live.vocabulary import Stage as LiveStage
from kiosk.console.roles import SERVICED, Deed, Role
from kiosk.console.succession.vocabulary import NO_SUCCESSION, AtSuccession
from kiosk.console.technician.told import NO_TEST, AtTest
from kiosk.console.told import (
    AtAgents,
    AtBins,
    AtClosures,
    AtVerify,
    LogRead,
    Looking,
    OnPaper,
    OwnPin,
    Presented,
    Reassurance,
    Refused,
    Rest,
    Round,
    Seen,
    Today,
)
from kiosk.console.upkeep.vocabulary import NO_UPKEEP, AtUpkeep
from kiosk.deposit.halts import Halt
from kiosk.visit_reading import SeenVisit
from ledger.selection import Selection
from ledger.vocabulary import Refusal, Ungranted, Voucher


@dataclass(frozen=True, slots=True)
class Agent:
    """Who is logged in. ``number`` is all that ledger and logs are told; names stand in the agents' file alone."""

    number: str
    role: Role


@dataclass(frozen=True, slots=True)
class Shut:
    """The glass is the visitor's."""


@dataclass(frozen=True, slots=True)
class LoggingIn:
    """``first``: there is no agent yet, and the one-time code is asked for. ``judging``: the answer is on its way, about agent
    ``number`` if one was named. ``times``: how often it was denied."""

    first: bool = False
    judging: bool = True
    number: str | None = None
    denied: Denial | None = None
    times: int = 0


NOWHERE = Looking(Selection())
"""All of the ledger that is written now."""


NOBODYS = Presented()
"""No voucher yet."""


@dataclass(frozen=True, slots=True)
class Helping:
    """A visitor is helped. ``typed``: what is looked for; ``halt``: the code that it is; ``visits``: those with that number, None until the answer is there;
    ``missing``: the archive that would be needed to find all of them; ``visit``: the one that is looked at, ``refusal`` the one of its refusals that stands open.

    ``asking``: the claimant is being asked; ``granting``: the bottles that are about to be credited by hand; ``writing``: the ledger is. ``misfit``: the
    answer did not fit; ``refused`` and ``ungranted``: why nothing was done. ``voucher``: revealed, or made by the desk, and ``shown`` at the glass.
    """

    typed: str = ""
    halt: Halt | None = None
    visits: tuple[str, ...] | None = None
    missing: str | None = None
    visit: SeenVisit | None = None
    refusal: int | None = None
    asking: bool = False
    granting: tuple[str, ...] = ()
    writing: bool = False
    misfit: bool = False
    refused: Refused | None = None
    ungranted: Ungranted | None = None
    voucher: Voucher | None = None
    shown: bool = False

    @property
    def conceals(self) -> bool:
        """Whether a claimant who stands before the glass could read from it what they are to be asked."""
        seen = self.visit
        return seen is not None and seen.voucher is not None and seen.refusal in CLAIMABLE and self.voucher is None


CLAIMABLE = frozenset({None, Refusal.DOUBTFUL, Refusal.CITY_PAYS})
"""Somebody may still be paid for it."""

NOBODY = Helping()
"""No visitor yet."""


@dataclass(frozen=True, slots=True)
class Seconding:
    """The ledger wants a second agent for ``action``. ``judging``: the answer about agent ``number`` is on its way; ``times``: how often one was denied."""

    action: Seconded
    judging: bool = False
    number: str | None = None
    why: Reassurance | None = None
    denied: Denial | None = None
    times: int = 0


NO_BINS, UNSEEN, NO_CLOSURES, NO_VERIFY, NO_AGENTS, NO_PIN = AtBins(), Seen(), AtClosures(), AtVerify(), AtAgents(), OwnPin()
"""Nothing asked yet, nothing told."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """``fresh``: just made the first manager, who must be told their number. ``failing``: why what was asked for last could not be looked up. ``reading``: the log's lines behind a tile."""

    agent: Agent
    deed: Deed = Deed.TODAY
    fresh: bool = False
    failing: Denial | None = None
    today: Today | None = None
    reading: LogRead | None = None
    looking: Looking = NOWHERE
    presented: Presented = NOBODYS
    helping: Helping = NOBODY
    bins: AtBins = NO_BINS
    closures: AtClosures = NO_CLOSURES
    verifying: AtVerify = NO_VERIFY
    agents: AtAgents = NO_AGENTS
    own: OwnPin = NO_PIN
    seconding: Seconding | None = None
    on_paper: OnPaper | None = None
    testing: AtTest = NO_TEST
    live: AtLive | None = None
    upkeep: AtUpkeep = NO_UPKEEP
    calibrating: AtCalibration = NO_CALIBRATION
    configuring: AtConfiguration = NO_CONFIGURATION
    enrolling: AtEnrolment = NO_ENROLMENT
    succeeding: AtSuccession = NO_SUCCESSION

    @property
    def writing(self) -> bool:
        """Whether the ledger was asked for something that may move money, and has not answered."""
        return self.presented.paying or self.helping.writing or self.bins.writing or self.closures.writing

    @property
    def at_the_machine(self) -> bool:
        """Whether a tool has the machine, and its technician both hands in it."""
        return self.testing.running or self.calibrating.running or (self.live is not None and self.live.stage is LiveStage.LENT)

    @property
    def busy(self) -> bool:
        """Whether nobody may go to another page before something has ended: the ledger's answer, or a tool that has the machine."""
        return self.writing or self.succeeding.ordering or self.testing.running or self.calibrating.running


Face = Shut | LoggingIn | AtWork


@dataclass(frozen=True, slots=True)
class Console:
    """``kept``: what time took away from an agent, to be found again at the next log-in. ``emptying``: the one that is under way, whoever is there.
    ``seen``: what the machine tells of bins and door. ``rest``: the kiosk is at rest. ``runs``: checks of a ledger that were begun. ``given``: a technician has given the glass to a visitor whose sum
    waits, and comes back. ``service_s``: so long nobody need touch the glass while a tool has the machine: its technician has both hands in it. Times in seconds.
    """

    face: Face = Shut()
    kept: AtWork | None = None
    emptying: Round | None = None
    seen: Seen = UNSEEN
    rest: Rest | None = None
    runs: int = 0
    given: bool = False
    idle_s: float = 60.0
    service_s: float = 600.0
    log_in_s: float = 30.0

    @property
    def agent(self) -> Agent | None:
        return self.face.agent if isinstance(self.face, AtWork) else None

    @property
    def serviced(self) -> bool:
        """Whether the machine is to be in service."""
        return self.given or (isinstance(self.face, AtWork) and self.face.deed in SERVICED)

    @property
    def patience_s(self) -> float:
        """How long whoever is at work may give no sign of life."""
        return self.service_s if isinstance(self.face, AtWork) and self.face.at_the_machine else self.idle_s

    @property
    def stands(self) -> bool:
        """Whether the glass is not the visitor's."""
        return not isinstance(self.face, Shut)
