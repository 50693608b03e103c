"""What staff's screens may know, frozen: the console's part of the view-state. No name and no PIN is in it."""

from dataclasses import dataclass

from kiosk.console.denials import Denial
from kiosk.console.roles import Deed, may
from kiosk.console.states import Agent, AtWork, Console, LoggingIn


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


@dataclass(frozen=True, slots=True)
class StaffView:
    """``ends_in_s``: without a sign of life the glass is the visitor's again after so long."""

    shows: LogInView | WorkView
    ends_in_s: float


def staff_view(console: Console) -> StaffView | None:
    """None while the glass is the visitor's."""
    match console.face:
        case LoggingIn(first, judging, _, denied, times):
            return StaffView(LogInView(first, judging, denied, times), console.log_in_s)
        case AtWork(agent, deed, fresh):
            deeds = tuple(deed for deed in Deed if may(agent.role, deed))
            return StaffView(WorkView(agent, deed, deeds, fresh), console.idle_s)
        case _:
            return None
