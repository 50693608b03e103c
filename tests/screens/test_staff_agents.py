"""A manager adds an agent at the machine, and the agent changes the PIN that was given before anything else."""

import re

import pytest

from kiosk.console.roles import Role
from people.agent import OTHER_PIN, PIN, StaffMember
from people.journey import MakeBooth
from people.person import Way
from worlds.booth import HallClock

BY_TOUCH = pytest.mark.parametrize("way", [Way.TOUCH])


def types(staff: StaffMember, text: str) -> None:
    for letter in text:
        staff.touches(f"key.{letter}")
    staff.asks("enter")


@BY_TOUCH
def test_an_agent_is_added_with_a_pin_that_is_told_once_and_changed_at_the_first_log_in(booth: MakeBooth) -> None:
    hall = booth()
    hall.agents.add("Camille", Role.MANAGER, PIN)
    staff = StaffMember(hall.glass, HallClock(hall))
    staff.logs_in()
    for name in ("deed.more", "deed.agents", "add", "role.desk"):
        staff.asks(name)
    types(staff, "SACHA")
    told = staff.reads()
    given = re.search(r"Code PIN donné : (\d{6})", told)
    assert given is not None
    assert "Agent 102 · SACHA" in told
    staff.asks("back")
    staff.asks("agent.101")
    staff.asks("block")
    staff.asks("yes")
    assert "C’est le dernier responsable" in staff.reads()
    staff.asks("log_out")
    staff.logs_in("102", given[1])
    assert "donné par quelqu’un" in staff.reads()
    assert "deed.today" not in [button.objectName() for button in staff.window.stops()]
    for pin in (given[1], OTHER_PIN, OTHER_PIN):
        types(staff, pin)
    assert "votre code PIN est changé" in staff.reads()
    staff.asks("log_out")
    staff.logs_in("102", OTHER_PIN)
    assert "Agent 102 · accueil" in staff.reads()
    log = "".join(path.read_text() for path in hall.ledger.parent.glob("log-*.jsonl"))
    assert log.count('"agent_changed"') == 2
    assert not any(secret in log for secret in (given[1], OTHER_PIN, "SACHA"))
