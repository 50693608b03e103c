"""Somebody of the staff who exists in one demonstration alone: a manager with a PIN that was drawn for it."""

import secrets

from kiosk.agents import Agents
from kiosk.console.pins import SHORTEST, too_simple
from kiosk.console.roles import Role

NAME = "demonstration"


def demonstration_agent(agents: Agents) -> tuple[str, str]:
    """Number and PIN; in a folder that is used again the same agent, with another PIN."""
    known = next((agent.number for agent in agents.listed() if agent.name == NAME), None)
    pin = _drawn()
    if known is None:
        return agents.add(NAME, Role.MANAGER, pin), pin
    agents.set_pin(known, pin)
    return known, pin


def _drawn() -> str:
    while too_simple(pin := f"{secrets.randbelow(10**SHORTEST):0{SHORTEST}}", "101"):
        pass
    return pin
