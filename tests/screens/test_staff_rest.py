"""The kiosk is put to rest at the machine: what visitors are told, in their language, who did it, and that a start goes on resting."""

import json

import pytest

from kiosk.console.roles import Role
from kiosk.deposit.halts import Halt
from kiosk.deposit.states import Ready, Stopped
from kiosk.screens.visitor.place import Place
from people.agent import PIN, StaffMember
from people.journey import KEYS_ARE_LONG, MakeBooth
from people.person import Way
from worlds.booth import GLASS, Booth, HallClock

BY_TOUCH = pytest.mark.parametrize("way", [Way.TOUCH])


def at_the_rest(hall: Booth, role: Role = Role.DESK) -> StaffMember:
    if not hall.agents.listed():
        hall.agents.add("Camille", role, PIN)
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in()
    staff.asks("deed.more")
    staff.asks("deed.rest")
    return staff


def noted(hall: Booth, kind: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for path in sorted(hall.ledger.parent.glob("log-*.jsonl")) for line in path.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind]


@KEYS_ARE_LONG
def test_the_kiosk_rests_with_a_message_over_a_start_and_is_taken_up_again(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_rest(hall)
    staff.asks("rest.hall")
    assert "La salle est prise." in staff.reads()
    staff.asks("log_out")
    hall.stands(Place.OUT_OF_ORDER)
    assert hall.person.reads("La salle est prise.")
    hall.person.asks("language.en")
    assert hall.person.reads("The hall is in use.")
    assert [(line["agent"], line["message"]) for line in noted(hall, "put_to_rest")] == [("101", "hall")]
    hall.cut(5)
    hall.stands(Place.OUT_OF_ORDER)
    assert hall.person.reads("La salle est prise.")
    staff = at_the_rest(hall)
    assert "par l’agent 101" in staff.reads()
    staff.asks("wake")
    staff.asks("log_out")
    hall.until(lambda: isinstance(hall.session.phase, Ready))
    assert [line["agent"] for line in noted(hall, "rest_over")] == ["101"]
    assert {line["code"] for line in noted(hall, "halt")} == {"S2", "S3"}


@pytest.mark.long
@BY_TOUCH
def test_a_visit_under_way_keeps_its_sum_behind_the_rest(booth: MakeBooth) -> None:
    hall = booth()
    hall.puts_in(GLASS)
    staff = at_the_rest(hall)
    staff.asks("rest.cleaning")
    staff.asks("log_out")
    hall.until(lambda: isinstance(hall.session.phase, Stopped) and hall.session.phase.halt is Halt.REST)
    hall.stands(Place.OUT_OF_ORDER)
    hall.person.asks("keep")
    hall.stands(Place.CHOOSE)
    hall.person.asks("keep")
    hall.stands(Place.VOUCHER)
    hall.person.asks("done")
    hall.stands(Place.OUT_OF_ORDER)
    assert hall.credited_cents == 20


@pytest.mark.long
@BY_TOUCH
def test_who_may_no_longer_put_it_to_rest_does_not(booth: MakeBooth) -> None:
    hall = booth()
    staff = at_the_rest(hall)
    hall.agents.block("101")
    staff.asks("rest.repair")
    assert not staff.has_the_glass()
    hall.until(lambda: isinstance(hall.session.phase, Ready))
    assert noted(hall, "put_to_rest") == []
