"""What the service manager hears, over a real socket: that a kiosk is ready, and that it lives only while runner, screen and serial worker answer."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.supervision import Notifier, Pulse, Supervision
from timing import FakeClock
from wires.service_manager import Manager

PARTS = ("runner", "screen", "serial")


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Manager]:
    made = Manager(str(tmp_path / "notify") if request.param == "path" else f"@consigne-test-{os.getpid()}")
    yield made
    made.close()


class Watched:
    """A supervision whose parts answer when the test says so."""

    def __init__(self, manager: Manager, clock: FakeClock) -> None:
        self.silent: list[str] = []
        self.clock = clock
        self.pulses = {name: Pulse(clock) for name in PARTS}
        self.supervision = Supervision(manager.notifier, self.pulses, self.silent.append)

    def answer(self, *names: str) -> None:
        for name in names:
            self.pulses[name].answer()
        self.supervision.look()


@pytest.fixture
def watched(manager: Manager, clock: FakeClock) -> Watched:
    return Watched(manager, clock)


def test_the_kiosk_is_ready_once_all_three_have_answered_and_alive_while_they_go_on(watched: Watched, manager: Manager) -> None:
    watched.answer("runner", "serial")
    assert manager.heard() == []
    watched.answer("screen")
    watched.clock.advance(1.0)
    watched.answer()
    assert manager.heard() == ["READY=1\nWATCHDOG=1", "WATCHDOG=1"]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_silent_for_more_than_a_second_is_named_once_and_no_feed_comes_until_it_answers(
    watched: Watched, manager: Manager, part: str
) -> None:
    watched.answer(*PARTS)
    manager.heard()
    for _ in range(5):
        watched.clock.advance(1.01)
        watched.answer(*(name for name in PARTS if name != part))
    assert (manager.heard(), watched.silent) == ([], [part])
    watched.answer(part)
    assert manager.heard() == ["WATCHDOG=1"]


def test_a_manager_that_is_gone_disturbs_nobody(watched: Watched, manager: Manager) -> None:
    manager.close()
    watched.answer(*PARTS)
    watched.supervision.over(starts_anew=False)


def test_a_kiosk_that_begins_anew_is_not_ending_and_has_the_time_of_a_start_before_its_watchdog_bites_again(
    manager: Manager, clock: FakeClock
) -> None:
    known = Notifier.named_by({"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "10000000"})
    assert known is not None
    pulse, silent = Pulse(clock), list[str]()
    Supervision(known, {"runner": pulse}, silent.append).over(starts_anew=True)
    pulse.answer()
    Supervision(known, {"runner": pulse}, silent.append).look()
    assert manager.heard() == ["RELOADING=1\nWATCHDOG_USEC=90000000", "READY=1\nWATCHDOG=1\nWATCHDOG_USEC=10000000"]


def test_without_a_manager_nothing_is_told() -> None:
    assert Notifier.named_by({}) is None
    assert Notifier.named_by({"NOTIFY_SOCKET": ""}) is None
