"""Somebody of the staff who exists in one demonstration alone: a manager with a PIN that was drawn for it."""

from kiosk.agents import Agents, draw_pin
from kiosk.console.roles import Role

NAME = "demonstration"


def demonstration_agent(agents: Agents) -> tuple[str, str]:
    """Number and PIN, its own from the start; in a folder that is used again the same agent, with another PIN."""
    known = next((agent.number for agent in agents.listed() if agent.name == NAME), None)
    number = known or agents.add_given(NAME, Role.MANAGER)[0]
    pin = draw_pin(number)
    agents.set_pin(number, pin)
    return number, pin
