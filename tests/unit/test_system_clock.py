"""When the machine's time may be trusted."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import BUILD, Instant, Uptime
from config.system import AssumedClock, Readers, SystemClock, kernel_synchronised

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class Machine:
    """A machine that tests can age, restart and connect."""

    memory: Path
    utc: datetime = NOON
    up: timedelta = timedelta(hours=1)
    online: bool = False
    battery: bool = True
    boots: int = 1

    def clock(self) -> SystemClock:
        return SystemClock(
            self.memory,
            Readers(
                utc=lambda: self.utc,
                seconds_since_boot=self.up.total_seconds,
                synchronised=lambda: self.online,
                battery_clock=lambda: self.utc if self.battery else None,
                boot=lambda: f"boot {self.boots}",
            ),
        )

    def age(self, by: timedelta) -> None:
        self.utc += by
        self.up += by

    def restart(self, after: timedelta) -> None:
        self.utc += after
        self.up = timedelta(seconds=30)
        self.online = False
        self.boots += 1


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "synchronised")


def test_a_machine_that_was_never_synchronised_is_not_trusted(machine: Machine) -> None:
    assert not machine.clock().now().trusted


def test_a_clock_that_shows_a_day_before_this_program_was_made_is_not_trusted_whatever_keeps_it(machine: Machine) -> None:
    machine.utc, machine.online = datetime.combine(BUILD - timedelta(days=1), NOON.timetz()), True
    assert not machine.clock().now().trusted


def test_the_time_since_boot_and_the_boot_are_told(machine: Machine) -> None:
    assert machine.clock().now().up == Uptime("boot 1", 3600.0)
    machine.restart(timedelta(minutes=1))
    assert machine.clock().now().up == Uptime("boot 2", 30.0)


def test_this_machine_tells_its_boot_and_the_time_since() -> None:
    first, second = AssumedClock().now(), AssumedClock().now()
    assert first.up is not None
    assert len(first.up.boot) == 36
    passed = second.seconds_since(first)
    assert passed is not None
    assert passed >= 0


TEN = Uptime("a", 10.0)


@pytest.mark.parametrize(
    ("earlier", "now", "passed"),
    [
        (Instant(NOON, True), Instant(NOON + timedelta(seconds=7), True), 7),
        (Instant(NOON, False), Instant(NOON, True), None),
        (Instant(NOON, True), Instant(NOON, False), None),
        (Instant(NOON, False, TEN), Instant(NOON - timedelta(days=9), False, Uptime("a", 12.0)), 2),
        (Instant(NOON, True, TEN), Instant(NOON - timedelta(days=9), True, Uptime("a", 12.0)), 2),
        (Instant(NOON, False, TEN), Instant(NOON, False, Uptime("b", 12.0)), None),
        (Instant(NOON, True, TEN), Instant(NOON + timedelta(seconds=7), True, Uptime("b", 12.0)), 7),
    ],
)
def test_how_long_ago_is_told_by_one_boot_or_by_two_trusted_clocks(earlier: Instant, now: Instant, passed: float | None) -> None:
    assert now.seconds_since(earlier) == passed


def test_a_synchronised_machine_is_trusted(machine: Machine) -> None:
    machine.online = True
    now = machine.clock().now()
    assert now.utc == NOON
    assert now.trusted


def test_without_network_the_time_stays_trusted_for_forty_days(machine: Machine) -> None:
    machine.online = True
    machine.clock().now()
    machine.online = False
    machine.age(timedelta(days=40))
    assert machine.clock().now().trusted
    machine.age(timedelta(minutes=1))
    assert not machine.clock().now().trusted


def test_a_restart_keeps_the_trust_where_a_battery_clock_kept_the_time(machine: Machine) -> None:
    machine.online = True
    machine.clock().now()
    machine.restart(after=timedelta(days=3))
    assert machine.clock().now().trusted


def test_a_restart_ends_the_trust_on_a_machine_without_a_battery_clock(machine: Machine) -> None:
    machine.online, machine.battery = True, False
    machine.clock().now()
    machine.age(timedelta(minutes=1))
    machine.online = False
    assert machine.clock().now().trusted
    machine.restart(after=timedelta(minutes=5))
    assert not machine.clock().now().trusted


def test_a_battery_clock_that_lost_power_ends_the_trust(machine: Machine) -> None:
    machine.online = True
    machine.clock().now()
    machine.restart(after=timedelta(minutes=5))
    flat = Readers(
        utc=lambda: machine.utc,
        seconds_since_boot=machine.up.total_seconds,
        synchronised=lambda: False,
        battery_clock=lambda: datetime(1970, 1, 1, tzinfo=UTC),
    )
    assert not SystemClock(machine.memory, flat).now().trusted


def test_a_clock_that_was_set_back_is_not_trusted(machine: Machine) -> None:
    machine.online = True
    machine.clock().now()
    machine.online = False
    machine.utc -= timedelta(minutes=1)
    assert not machine.clock().now().trusted


def test_a_synchronisation_that_cannot_be_written_down_does_not_stop_the_clock(machine: Machine) -> None:
    machine.memory = machine.memory / "no such folder" / "file"
    machine.online = True
    assert machine.clock().now().trusted


def test_the_assumed_clock_is_trusted_and_runs_on() -> None:
    clock = AssumedClock()
    assert clock.now().trusted
    assert clock.monotonic() <= clock.monotonic()


def test_the_machines_own_facts_can_be_read(tmp_path: Path) -> None:
    clock = SystemClock(tmp_path / "synchronised")
    assert abs(clock.now().utc.timestamp() - time.time()) < 60
    assert clock.now().trusted == kernel_synchronised()
    assert clock.monotonic() > 0


def test_a_memory_that_cannot_be_looked_at_is_no_memory(tmp_path: Path) -> None:
    (tmp_path / "clock").symlink_to(tmp_path / "clock")
    assert not SystemClock(tmp_path / "clock", Readers(synchronised=lambda: False)).now().trusted


def test_a_copy_of_the_memory_makes_no_clock_right(machine: Machine) -> None:
    """A folder that is copied to another card, by a machine that knows no date, has the time stamps of that clock."""
    machine.online = True
    machine.clock().now()
    machine.restart(after=timedelta(minutes=5))
    machine.battery = False
    now = machine.utc.timestamp()
    os.utime(machine.memory, (now, now))
    machine.age(timedelta(minutes=1))
    assert not machine.clock().now().trusted


@pytest.mark.parametrize("text", ["", "2026-11-24T12:00", "x", "\u0662026-11-24T12:00:00+00:00"])
def test_a_memory_that_holds_no_time_is_no_memory(machine: Machine, text: str) -> None:
    machine.memory.write_text(text, encoding="utf-8")
    assert not machine.clock().now().trusted


def test_a_folder_in_the_place_of_the_memory_is_no_memory(machine: Machine) -> None:
    machine.memory.mkdir()
    now = machine.utc.timestamp()
    os.utime(machine.memory, (now, now))
    assert not machine.clock().now().trusted
    machine.online = True
    assert machine.clock().now().trusted
