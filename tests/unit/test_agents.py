"""The agents' file: who may log in, PINs that nobody guesses, and waiting that outlives a power cut."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from config.files import Trouble
from kiosk.agents import Agents, AgentsUnreadable, Cost, LastManager, NoSuchAgent, PinTooSimple
from kiosk.console.denials import Blocked, MustWait, WrongPin
from kiosk.console.pins import agent_waits, machine_waits, too_simple
from kiosk.console.roles import MAY, Deed, Role, may
from timing import FakeClock

CHEAP = Cost(memory_kib=32, passes=1, lanes=1)
PIN, OTHER = "274951", "839017"


@pytest.fixture
def agents(tmp_path: Path, clock: FakeClock) -> Agents:
    return Agents(tmp_path / "kiosk.db", clock, CHEAP)


def again(tmp_path: Path, clock: FakeClock) -> Agents:
    """After a start."""
    return Agents(tmp_path / "kiosk.db", clock, CHEAP)


@pytest.mark.parametrize(
    "pin",
    ["12345", "111111", "121212", "112112", "123456", "654321", "789012", "135791", "110110", "10153", "101539", "1234567890123", "27495x"],
)
def test_a_pin_that_somebody_would_guess_is_refused(pin: str) -> None:
    assert too_simple(pin, "101")


def test_a_pin_that_nobody_guesses_is_taken() -> None:
    assert not too_simple(PIN, "101")


def test_nobody_can_log_in_before_there_is_an_agent_and_no_file_is_made_by_asking(agents: Agents, tmp_path: Path) -> None:
    assert (agents.anybody(), agents.listed()) == (False, ())
    assert not (tmp_path / "kiosk.db").exists()


def test_an_agent_gets_a_number_of_their_own_and_is_let_in_by_the_pin(agents: Agents) -> None:
    assert [agents.add("Camille", Role.DESK, PIN), agents.add("Sacha", Role.AUDITOR, OTHER)] == ["101", "102"]
    assert (agents.judge("101", PIN), agents.judge("102", OTHER)) == (Role.DESK, Role.AUDITOR)
    assert (agents.judge("101", OTHER), agents.judge("555", PIN)) == (WrongPin(), WrongPin())


def test_the_file_is_the_owners_alone_and_holds_no_pin(agents: Agents, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        agents.add("Camille", Role.DESK, PIN)
    finally:
        os.umask(before)
    path = tmp_path / "kiosk.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PIN.encode() not in path.read_bytes()
    assert b"$argon2id$" in path.read_bytes()


def test_a_file_that_others_could_read_is_made_private_again(agents: Agents, tmp_path: Path) -> None:
    agents.add("Camille", Role.DESK, PIN)
    (tmp_path / "kiosk.db").chmod(0o644)
    assert agents.anybody()
    assert stat.S_IMODE((tmp_path / "kiosk.db").stat().st_mode) == 0o600


def test_the_hash_costs_what_rfc_9106_asks_for(tmp_path: Path, clock: FakeClock) -> None:
    Agents(tmp_path / "kiosk.db", clock).add("Camille", Role.DESK, PIN)
    with closing(sqlite3.connect(tmp_path / "kiosk.db")) as db:
        ((hashed,),) = db.execute("SELECT pin FROM agent")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_who_mistypes_waits_longer_each_time_and_a_right_pin_ends_that(agents: Agents, clock: FakeClock) -> None:
    agents.add("Camille", Role.DESK, PIN)
    assert [agents.judge("101", OTHER) for _ in range(3)] == [WrongPin()] * 3
    assert agents.judge("101", PIN) == MustWait(30)
    clock.advance(29.5)
    assert agents.judge("101", PIN) == MustWait(1)
    clock.advance(0.5)
    assert agents.judge("101", OTHER) == WrongPin()
    assert agents.judge("101", PIN) == MustWait(60)
    clock.advance(60)
    assert agents.judge("101", PIN) is Role.DESK
    assert agents.judge("101", OTHER) == WrongPin()


def test_waiting_outlives_a_restart_and_begins_anew_where_no_clock_says_how_long_it_was(
    agents: Agents, clock: FakeClock, tmp_path: Path
) -> None:
    agents.add("Camille", Role.DESK, PIN)
    for _ in range(3):
        agents.judge("101", OTHER)
    clock.advance(20)
    clock.boot()
    assert again(tmp_path, clock).judge("101", PIN) == MustWait(10)
    clock.trusted = False
    clock.boot()
    assert again(tmp_path, clock).judge("101", PIN) == MustWait(30)
    clock.advance(30)
    assert again(tmp_path, clock).judge("101", PIN) is Role.DESK


def test_twelve_wrong_pins_for_different_agents_shut_the_machine_for_all(agents: Agents, clock: FakeClock) -> None:
    agents.add("Camille", Role.DESK, PIN)
    for number in range(500, 512):
        assert agents.judge(str(number), OTHER) == WrongPin()
    assert agents.judge("101", PIN) == MustWait(60)
    clock.advance(60)
    assert agents.judge("101", PIN) is Role.DESK
    assert agents.judge("501", OTHER) == WrongPin()


def test_no_wait_is_longer_than_an_hour_for_an_agent_and_a_quarter_of_one_for_everybody() -> None:
    assert (agent_waits(2).total_seconds(), agent_waits(3).total_seconds(), agent_waits(9999).total_seconds()) == (0, 30, 3600)
    assert (machine_waits(11).total_seconds(), machine_waits(12).total_seconds(), machine_waits(9999).total_seconds()) == (0, 60, 900)


def test_who_is_blocked_is_told_so_by_the_right_pin_alone(agents: Agents) -> None:
    agents.add("Camille", Role.DESK, PIN)
    agents.block("101")
    assert (agents.judge("101", OTHER), agents.judge("101", PIN), agents.role_of("101")) == (WrongPin(), Blocked(), None)
    agents.block("101", blocked=False)
    assert agents.judge("101", PIN) is Role.DESK


def test_who_is_forgotten_leaves_a_number_that_nobody_gets_again(agents: Agents, tmp_path: Path) -> None:
    agents.add("Camille", Role.DESK, PIN)
    agents.forget("101")
    assert agents.judge("101", PIN) == WrongPin()
    assert not agents.anybody()
    assert agents.add("Sacha", Role.DESK, PIN) == "102"
    assert b"Camille" not in (tmp_path / "kiosk.db").read_bytes()


def test_a_new_pin_takes_the_old_ones_place_and_ends_the_waiting(agents: Agents) -> None:
    agents.add("Camille", Role.DESK, PIN)
    for _ in range(3):
        agents.judge("101", OTHER)
    agents.set_pin("101", OTHER)
    assert agents.judge("101", OTHER) is Role.DESK
    assert agents.judge("101", PIN) == WrongPin()


def test_what_is_asked_of_an_agent_that_there_is_not_or_with_a_simple_pin_is_refused(agents: Agents) -> None:
    with pytest.raises(NoSuchAgent):
        agents.block("101")
    with pytest.raises(PinTooSimple):
        agents.add("Camille", Role.DESK, "123456")
    assert agents.listed() == ()


def test_a_damaged_file_is_set_aside_and_nobody_is_let_in_by_it(agents: Agents, tmp_path: Path) -> None:
    agents.add("Camille", Role.DESK, PIN)
    assert agents.set_aside_if_damaged() is None
    path = tmp_path / "kiosk.db"
    path.write_bytes(b"what a failing card left of it" * 400)
    with pytest.raises(AgentsUnreadable) as raised:
        agents.judge("101", PIN)
    assert raised.value.trouble is Trouble.DAMAGED
    assert agents.set_aside_if_damaged() == tmp_path / "kiosk-damaged-1.db"
    assert not agents.anybody()
    assert agents.add("Sacha", Role.MANAGER, PIN) == "101"


def test_a_folder_under_its_name_is_told_and_not_moved(agents: Agents, tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").mkdir()
    with pytest.raises(AgentsUnreadable) as raised:
        agents.set_aside_if_damaged()
    assert raised.value.trouble is Trouble.NOT_A_FILE


def test_a_manager_may_all_and_an_auditor_nothing_that_changes_anything() -> None:
    assert MAY[Role.MANAGER] == set(Deed)
    assert set(MAY) == set(Role)
    reads = {
        Deed.TODAY,
        Deed.DAYS,
        Deed.LEDGER,
        Deed.VOUCHERS,
        Deed.EXPORT,
        Deed.HELP,
        Deed.BINS,
        Deed.MORE,
        Deed.CLOSURES,
        Deed.VERIFY,
        Deed.PIN,
    }
    assert {deed for deed in Deed if may(Role.AUDITOR, deed)} == reads


def test_the_last_manager_is_neither_blocked_nor_forgotten(agents: Agents) -> None:
    first, second = agents.add("Camille", Role.MANAGER, PIN), agents.add("Sacha", Role.MANAGER, PIN)
    agents.add("Dominique", Role.DESK, PIN)
    agents.block(first)
    for refused in (agents.block, agents.forget):
        with pytest.raises(LastManager):
            refused(second)
    assert agents.role_of(second) is Role.MANAGER
    agents.block(first, blocked=False)
    agents.forget(second)
    assert agents.role_of(second) is None
