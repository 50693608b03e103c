"""The states of the console: what staff are in the middle of at the glass.

::

    Shut ──a long press, or its key──▶ LoggingIn ──number and PIN──▶ (judged by the agents' file) ──admitted──▶ AtWork
      ▲                                  │  ▲ └──denied, with the reason and how long to wait──┘                    │
      │◀── Quit, 30 s, or a bottle comes ┘  first start: the one-time code and a PIN make the first manager         │
      │◀── Log out, 60 s without a sign of life, blocked by somebody else ──────────────────────────────────────────┘

While somebody is at work the deposit session is told so (``composed.py``): its gate is shut. What was under way when time ran out is kept for that agent.
"""

from dataclasses import dataclass

from kiosk.console.denials import Denial
from kiosk.console.roles import Deed, Role
from kiosk.console.told import Looking, Presented, Today
from ledger.selection import Selection


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
class AtWork:
    """``fresh``: just made the first manager, who must be told their number. ``failing``: why what was asked for last could not be looked up."""

    agent: Agent
    deed: Deed = Deed.TODAY
    fresh: bool = False
    failing: Denial | None = None
    today: Today | None = None
    looking: Looking = NOWHERE
    presented: Presented = NOBODYS


Face = Shut | LoggingIn | AtWork


@dataclass(frozen=True, slots=True)
class Console:
    """``kept``: what time took away from an agent, to be found again at the next log-in. Times in seconds."""

    face: Face = Shut()
    kept: AtWork | None = None
    idle_s: float = 60.0
    log_in_s: float = 30.0

    @property
    def agent(self) -> Agent | None:
        return self.face.agent if isinstance(self.face, AtWork) else None

    @property
    def stands(self) -> bool:
        """Whether the glass is not the visitor's."""
        return not isinstance(self.face, Shut)
