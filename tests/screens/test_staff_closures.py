"""Days are closed at the machine and a ledger is verified there, with its progress and a result in plain words."""

import sqlite3
from contextlib import closing

import pytest

from kiosk.console.roles import Role
from kiosk.screens.visitor.place import Place
from people.agent import PIN, StaffMember
from people.journey import KEYS_ARE_LONG, MakeBooth
from people.person import Way
from worlds.booth import GLASS, Booth, HallClock

BY_TOUCH = pytest.mark.parametrize("way", [Way.TOUCH])
DAY_S = 24 * 3600


def at(hall: Booth, deed: str, role: Role = Role.MANAGER) -> StaffMember:
    if not hall.agents.listed():
        hall.agents.add("Camille", role, PIN)
    staff = StaffMember(hall.glass, HallClock(hall), hall.person.way)
    staff.logs_in()
    staff.asks("deed.more")
    staff.asks(f"deed.{deed}")
    return staff


def with_a_visit(hall: Booth) -> None:
    hall.puts_in(GLASS)
    hall.finishes_and_keeps()
    hall.person.asks("done")
    hall.stands(Place.ATTRACT)


@KEYS_ARE_LONG
def test_days_that_have_ended_are_closed_by_a_manager_and_signed(booth: MakeBooth) -> None:
    hall = booth()
    with_a_visit(hall)
    hall.cut(3 * DAY_S)
    hall.stands(Place.ATTRACT)
    staff = at(hall, "closures")
    assert "fini, 1 bouteille" in staff.reads()
    staff.asks("close")
    assert "Clos et signé" in staff.reads()
    (closure,) = hall.entries("closure")
    assert (closure["n"], closure["agent"], closure["totals"]["bottles"]) == (1, "101", {"glass": 1})
    assert "N° 1 ·" in staff.reads()
    assert "close" not in [button.objectName() for button in staff.window.stops()]


@BY_TOUCH
def test_a_ledger_is_verified_in_plain_words_and_one_that_was_changed_is_told(booth: MakeBooth) -> None:
    hall = booth()
    with_a_visit(hall)
    hall.succeed()
    staff = at(hall, "verify", Role.AUDITOR)
    staff.asks("verify.0")
    told = staff.reads()
    assert "Registre en cours : tout est juste." in told
    assert "Ce que cela ne voit pas" in told
    staff.asks("again")
    (archive,) = hall.ledger.parent.glob("ledger-*.db")
    with closing(sqlite3.connect(archive)) as database:
        (trigger,) = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1").fetchone()
        database.execute(f"DROP TRIGGER {trigger}")
    staff.asks("verify.1")
    assert "tout n’est pas juste" in staff.reads()
