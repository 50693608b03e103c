"""The technician's thread: one tool at a time, used once the session lends, refused by name, and both lent things given back however it ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from drivers.intake.loan import LoanOver
from kiosk.deposit.events import LoanAsked
from kiosk.deposit.loans import AlreadyLent, Hindrance, StillBusy
from kiosk.workers.tools import Borrowed, ToolWorker
from timing import FakeClock, patient, wait_until


class Lender:
    """Intake or camera, and what became of what was lent."""

    def __init__(self, name: str, told: list[str]) -> None:
        self._name = name
        self._told = told

    @contextmanager
    def lend(self) -> Iterator[Any]:
        self._told.append(f"{self._name} lent")
        try:
            yield object()
        finally:
            self._told.append(f"{self._name} back")


class Bench:
    def __init__(self) -> None:
        self.told: list[str] = []
        self.posted: list[LoanAsked] = []
        line, camera = Lender("line", self.told), Lender("camera", self.told)
        self.worker = ToolWorker(line, camera, FakeClock(), self.posted.append)


class Tool:
    """What was done with it, and why it was refused."""

    def __init__(self, work: Callable[[], object] = lambda: None) -> None:
        self._work = work
        self.used = 0
        self.why: list[Hindrance] = []

    def use(self, borrowed: Borrowed) -> None:
        assert borrowed.clock.monotonic() > 0
        self.used += 1
        self._work()

    def refused(self, why: Hindrance) -> None:
        self.why.append(why)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    bench.worker.start()
    yield bench
    bench.worker.stop()
    bench.worker.join(patient(10))
    assert not bench.worker.is_alive()


def test_a_tool_waits_for_the_session_and_gives_line_and_camera_back(bench: Bench) -> None:
    tool = Tool()
    bench.worker.ask(tool)
    assert (bench.posted, tool.used, bench.told) == ([LoanAsked()], 0, [])
    bench.worker.lend()
    wait_until(lambda: bench.told[-1:] == ["line back"])
    assert (tool.used, tool.why) == (1, [])
    assert bench.told == ["line lent", "camera lent", "camera back", "line back"]


def test_a_tool_that_is_refused_is_told_why_and_the_next_may_ask(bench: Bench) -> None:
    first, second = Tool(), Tool()
    bench.worker.ask(first)
    bench.worker.refuse(StillBusy())
    assert first.why == [StillBusy()]
    bench.worker.ask(second)
    bench.worker.lend()
    wait_until(lambda: second.used)
    assert first.used == 0


def test_when_a_tool_is_done_the_next_may_ask(bench: Bench) -> None:
    first, second = Tool(), Tool()
    bench.worker.ask(first)
    bench.worker.lend()
    wait_until(lambda: first.used)

    def lent() -> bool:
        bench.worker.ask(second)
        return len(bench.posted) == 2

    wait_until(lent)
    bench.worker.lend()
    wait_until(lambda: second.used)


def test_of_two_tools_the_second_is_refused_while_the_first_waits_or_works(bench: Bench) -> None:
    over = threading.Event()
    first, second, third = Tool(over.wait), Tool(), Tool()
    bench.worker.ask(first)
    bench.worker.ask(second)
    bench.worker.lend()
    wait_until(lambda: first.used)
    bench.worker.ask(third)
    assert (second.why, third.why, bench.posted) == ([AlreadyLent()], [AlreadyLent()], [LoanAsked()])
    over.set()


def test_a_tool_whose_loan_is_over_because_the_kiosk_ends_is_no_fault_of_the_program(bench: Bench) -> None:
    def over() -> None:
        raise LoanOver

    bench.worker.ask(Tool(over))
    bench.worker.lend()
    bench.worker.join(patient(10))
    assert bench.told[-2:] == ["camera back", "line back"]


def test_a_tool_that_dies_gives_both_back_and_is_told_to_who_ends_the_kiosk(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_type))

    def die() -> None:
        raise ZeroDivisionError

    bench.worker.ask(Tool(die))
    bench.worker.lend()
    bench.worker.join(patient(10))
    assert (seen, bench.told[-2:]) == ([ZeroDivisionError], ["camera back", "line back"])
