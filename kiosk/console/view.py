"""What staff's screens may know, frozen: the console's part of the view-state. No name and no PIN is in it."""

from dataclasses import dataclass

from config.vocabulary import Material
from kiosk.console.denials import Denial
from kiosk.console.helping import concealed
from kiosk.console.roles import Deed, may
from kiosk.console.states import NOBODY, NOBODYS, NOWHERE, Agent, AtWork, Console, Helping, LoggingIn, Seconding
from kiosk.console.told import Looking, Presented, Today
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
    """``deeds``: those that are offered to this agent."""

    agent: Agent
    deed: Deed
    deeds: tuple[Deed, ...]
    fresh: bool
    failing: Denial | None = None
    today: Today | None = None
    looking: Looking = NOWHERE
    presented: Presented = NOBODYS
    helping: Helping = NOBODY
    seconding: Seconding | None = None


@dataclass(frozen=True, slots=True)
class MachineView:
    """How the machine stands behind whoever is logged in. ``why``: what would stop it without them. ``bins``: percent by material, as told last;
    ``linked``: and told now. ``visit``: the one that is under way, and goes on once they have left. ``door_open``: the service door; ``attended``: it was
    opened and shut since the controller latched its fault.
    """

    why: Obstacle | None
    bins: tuple[tuple[Material, int], ...]
    linked: bool
    visit: str | None = None
    door_open: bool = False
    attended: bool = False


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
            deeds = tuple(deed for deed in Deed if may(face.agent.role, deed))
            return StaffView(
                WorkView(
                    *(face.agent, face.deed, deeds, face.fresh, face.failing, face.today),
                    *(face.looking, face.presented, concealed(face.helping), face.seconding),
                ),
                machine,
                console.idle_s,
            )
        case _:
            return None
