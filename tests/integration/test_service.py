"""The self-test inside a live kiosk, on a twin as a real process and a real ledger: lent, refused, given back, and killed at each step."""

import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import serviced_kiosk
from config.system import AssumedClock
from config.vocabulary import Bin
from drivers.intake import worker
from drivers.intake.bus import HotBlock
from drivers.intake.events import BinLevel
from kiosk import app
from kiosk.app import Kiosk
from kiosk.deposit.events import ServiceAsked, Touch
from kiosk.deposit.halts import Halt
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.view import Screen, ViewState
from kiosk.failures import WorkerDied
from kiosk.selftest.run import PLAN
from kiosk.workers.tools import Borrowed, Tool
from ledger.books import read_books
from ledger.database import reading
from ledger.kinds import Kind
from ledger.lock import LedgerLock
from ledger.verify import verify
from ledger.views import entries
from ledger.vocabulary import LedgerLocked
from serviced_kiosk import ServicedKiosk
from simulation.witnesses import compare
from timing import wait_until
from worlds.installation import GLASS, PLASTIC, Installation, RunningKiosk

SLOW = tuple(f"mechanics {name} 200" for name in ("gate_open_ms", "gate_shut_ms", "sorter_turn_ms", "flap_open_ms", "flap_shut_ms"))
"""On a busy machine the twin may stand still for longer than its liveliest motion lasts."""


def slowed(folder: Path) -> Installation:
    hall = Installation(folder)
    for line in SLOW:
        hall.say(line)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Installation]:
    with slowed(tmp_path) as hall:
        yield hall


def whole(hall: Installation) -> None:
    """Metal, ledger and city agree, and nothing is wrong with the ledger."""
    found = hall.compare()
    assert (found.lost, found.duplicated, found.disagreements) == (0, 0, ())
    with reading(hall.settings.files.ledger) as connection:
        assert list(verify(connection)) == []


def steps_booked(hall: Installation) -> list[object]:
    """The totaliser's steps that nobody was credited for: what each was worth, and the visit that it names."""
    with reading(hall.settings.files.ledger) as connection:
        return [(entry.postings, entry.visit) for entry in entries(connection) if entry.kind == Kind.STEP]


def booked(hall: Installation) -> int:
    """The totaliser as the ledger knows it."""
    with reading(hall.settings.files.ledger) as connection:
        return read_books(connection).totaliser


def serviced(hall: Installation, *steps: str) -> dict[str, str]:
    """A visitor's sum, a technician who is refused, the sum kept, the self-test on the lent machine, and the next visitor."""
    with ServicedKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        hall.say(GLASS)
        kiosk.until(lambda told: told.get("cents") == 20)
        kiosk.say("service")
        offered = kiosk.until(lambda told: told.get("halt") == "service")
        assert (offered["screen"], offered["code"], offered["cents"]) == (Screen.OUT_OF_ORDER, "S1", 20)
        kiosk.say("self-test")
        refused = kiosk.until(lambda told: told.get("service") == "refused")
        assert refused["why"] == {"type": "VisitOpen", "number": offered["visit_number"]}
        for screen in (Screen.CHOOSE, Screen.VOUCHER):
            kiosk.say("keep")
            kiosk.until_screen(screen)
        # its page and the parting that follows
        for _ in range(2):
            kiosk.say("done")
        kiosk.until_parked()
        kiosk.say(" ".join(("self-test", *steps)))
        report = kiosk.until(lambda told: told.get("service") == "report")
        assert report == {"service": "report", "left_ready": True, "exit_code": 0}
        kiosk.until_parked()
        kiosk.say("service end")
        kiosk.until_screen(Screen.ATTRACT)
        with pytest.raises(LedgerLocked):
            LedgerLock(hall.settings.files.ledger, "a test", AssumedClock())
        hall.say(PLASTIC)
        kiosk.until(lambda told: told.get("cents") == 20)
        assert kiosk.end() == 0
        return kiosk.steps


def test_the_drop_of_a_self_test_in_a_live_kiosk_is_booked_at_nothing_and_the_next_bottle_is_credited(hall: Installation) -> None:
    assert set(serviced(hall, "drop").values()) == {"pass"}
    assert len(hall.metal().falls) == 3
    assert steps_booked(hall) == [((), None)]
    assert hall.books().credited_cents == 40
    whole(hall)


@pytest.mark.long
def test_the_whole_self_test_passes_inside_a_live_kiosk(hall: Installation) -> None:
    assert serviced(hall) == {step.name: "pass" for step in PLAN}
    assert len(hall.metal().falls) == 3
    assert steps_booked(hall) == [((), None)]
    assert hall.books().credited_cents == 40
    whole(hall)


@pytest.fixture(scope="module")
def cut_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all that are killed: each leaves it to the next as a technician who comes back does."""
    with slowed(tmp_path_factory.mktemp("cut")) as hall:
        yield hall
        whole(hall)


OWN_G = {step.name: 185 + n for n, step in enumerate(PLAN)}
"""A bottle of its own in each life: ten of one weight would be one bottle."""

QUICK_CUTS = ("drop",)
"""The others take their turn with all that is long."""

STILL = {step.group: step.name for step in reversed(PLAN) if not step.moves}
CUTS = [step.name for step in PLAN if step.moves or step.name in STILL.values()]
"""Each that moves something, in its first motion. Those that move nothing are killed at their end, with the machine at rest: of them one a group."""


@pytest.mark.parametrize("step", [pytest.param(step, marks=() if step in QUICK_CUTS else pytest.mark.long) for step in CUTS])
def test_a_kiosk_killed_in_a_step_of_the_self_test_starts_anew_and_owes_and_counts_what_it_should(
    cut_hall: Installation, step: str
) -> None:
    hall = cut_hall
    before = hall.books()
    with ServicedKiosk(hall, serviced_kiosk.__file__, str(hall.folders.configuration), step) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        kiosk.say("service")
        kiosk.until_parked()
        kiosk.say(f"self-test {step}")
        assert kiosk.until_dead() == -signal.SIGKILL
        assert step not in kiosk.steps
    for line in ("scale drift 0", "door shut"):
        hall.say(line)
    with RunningKiosk(hall) as later:
        later.until_screen(Screen.ATTRACT)
        assert hall.books().credited_cents == before.credited_cents
        hall.say(f"{GLASS} weighing {OWN_G[step]}")
        assert later.until(lambda view: view.screen is Screen.FEEDING and view.bottles == 1).cents == 20
        later.touch(Touch.FINISH)
        later.until_screen(Screen.CHOOSE)
        later.touch(Touch.KEEP)
        voucher = later.until_screen(Screen.VOUCHER).voucher
        later.touch(Touch.DONE)
        later.until_screen(Screen.ATTRACT)
    assert voucher is not None
    assert voucher.amount == 20
    after = hall.books()
    assert after.credited_cents == before.credited_cents + 20
    assert booked(hall) == len(hall.metal().falls)
    found = compare(hall.metal(), after)
    assert (found.lost, found.duplicated, found.disagreements) == (0, 0, ())


class Idle:
    """A tool that only reads until it is told to end; what it read last, and what it is refused for."""

    def __init__(self) -> None:
        self.has_it = threading.Event()
        self.over = threading.Event()
        self.why: list[Hindrance] = []
        self.hots: list[HotBlock] = []

    def use(self, borrowed: Borrowed) -> None:
        borrowed.line.open()
        while not self.over.is_set():
            self.hots = [borrowed.line.read(borrowed.line.beat())]
            self.has_it.set()

    @property
    def last(self) -> HotBlock:
        return self.hots[0]

    def hears_the_beat(self) -> bool:
        """Whether the controller says so."""
        return self.last.beating

    def refused(self, why: Hindrance) -> None:
        self.why.append(why)


def test_a_kiosk_that_is_stopped_while_its_line_is_lent_ends_in_order(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        kiosk.post(ServiceAsked())
        kiosk.until(lambda view: view.halt is Halt.SERVICE)
        tool = Idle()
        kiosk.lend_to(tool)
        assert tool.has_it.wait(30)
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
    whole(hall)


class Workshop:
    """A kiosk that is asked for as soon as it stands ready, and lent to a tool as soon as it is parked; ``then`` is told each view after that."""

    def __init__(self, hall: Installation, tool: Tool, then: Callable[[], None] = lambda: None) -> None:
        self._tool = tool
        self._then = then
        self._asked = False
        self.kiosk = Kiosk(hall.settings, self._show)

    def _show(self, view: ViewState) -> None:
        if view.screen is Screen.ATTRACT:
            self.kiosk.runner.post(ServiceAsked())
        elif view.halt is Halt.SERVICE and not self._asked:
            self._asked = True
            self.kiosk.lend_to(self._tool)
        self._then()


class Dies(Idle):
    def use(self, borrowed: Borrowed) -> None:
        raise ZeroDivisionError(borrowed.clock.now())


class Hangs(Idle):
    def use(self, borrowed: Borrowed) -> None:
        borrowed.line.open()
        self.over.wait()


@pytest.mark.parametrize(("kind", "named"), [(Dies, "tools: ZeroDivisionError"), (Hangs, "intake: BorrowerSilent")])
def test_a_tool_that_dies_or_hangs_ends_the_kiosk_by_name_and_the_next_start_goes_on(
    hall: Installation, monkeypatch: pytest.MonkeyPatch, kind: type[Idle], named: str
) -> None:
    monkeypatch.setattr(worker, "SILENT_S", 0.3)
    monkeypatch.setattr(app, "TOOL_ENDS_S", 0.1)
    tool = kind()
    kiosk = Workshop(hall, tool).kiosk
    try:
        with pytest.raises(WorkerDied, match=named):
            kiosk.serve()
    finally:
        tool.over.set()
    with RunningKiosk(hall) as later:
        later.until_screen(Screen.ATTRACT)
    whole(hall)


def test_a_runner_that_hangs_while_the_line_is_lent_is_noticed_by_the_metal(hall: Installation) -> None:
    tool, go_on = Idle(), threading.Event()

    def hang() -> None:
        if tool.has_it.is_set():
            go_on.wait()

    kiosk = Workshop(hall, tool, hang).kiosk
    thread = threading.Thread(target=kiosk.serve, name="kiosk under test")
    thread.start()
    try:
        assert tool.has_it.wait(30)
        wait_until(tool.hears_the_beat)
        # a bin that is nearly full is a new view, in whose showing the runner hangs
        kiosk.runner.post(BinLevel(Bin(1), 99, replace(tool.last, bin_percent=(99, 0))))
        wait_until(lambda: not tool.hears_the_beat())
        go_on.set()
        wait_until(tool.hears_the_beat)
    finally:
        go_on.set()
        tool.over.set()
        kiosk.stop()
        thread.join()
