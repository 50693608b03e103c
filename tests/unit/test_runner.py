"""The runner: what it does with a session's actions, with time, and with the beat that the controller's watchdog looks at."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from config.clock import PARIS, Instant
from config.demonstration import ASSOCIATIONS
from config.hours import OpeningHours
from config.vocabulary import Bin, Cents, Material, SequenceNumber
from drivers.intake.bus import Command
from drivers.intake.events import LinkLost
from kiosk.composed import AnyEvent
from kiosk.console.actions import DeskAction
from kiosk.deposit.actions import CloseVisit, GiveAway, LedgerAction, SightAction
from kiosk.deposit.events import Answered, GiftGiven, HoursTold, LedgerFailed
from kiosk.deposit.loans import Hindrance
from kiosk.deposit.notes import Note
from kiosk.deposit.states import Issuing, Reconciling, Rules, Session, Starting, Thanking, Unlinked
from kiosk.deposit.view import Screen, ViewState
from kiosk.runner import Runner, Workers
from ledger.days import Reckoning
from ledger.vocabulary import Books
from people.stories import DISK_FULL, UNPLUGGED
from simulation.virtual.life import Unstaffed
from timing import FakeClock, patient, wait_until

RULES = Rules(7, Cents(20), 30, {Material.GLASS: Bin(1), Material.PLASTIC: Bin(2)})


class Recorder:
    """All workers in one, that only remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def workers(self) -> Workers:
        return Workers(self, self, _Books(self), self, self, Unstaffed())

    def send(self, command: Command) -> None:
        self.asked.append(command)

    def ask(self) -> None:
        self.asked.append("ask")

    def set_pace(self, in_visit: bool) -> None:
        pass

    def perform(self, action: SightAction) -> None:
        self.asked.append(action)

    def note(self, note: Note) -> None:
        self.asked.append(note)

    def lend(self) -> None:
        self.asked.append("lend")

    def refuse(self, why: Hindrance) -> None:
        self.asked.append(why)


class _Books:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def perform(self, action: LedgerAction | DeskAction, occurred: Instant) -> None:
        self._recorder.asked.append((action, occurred))


def a_runner(clock: FakeClock, shown: list[ViewState]) -> Runner:
    session = Session(rules=RULES, phase=Reconciling(), last_sequence=SequenceNumber(0), linked=True, day=clock.now().day())
    return Runner(session, clock, shown.append)


def test_a_wait_that_is_over_is_told_once(clock: FakeClock) -> None:
    recorder, runner = Recorder(), a_runner(clock, [])
    runner.session = replace(runner.session, phase=Issuing())
    runner.handle(LedgerFailed(DISK_FULL, CloseVisit("2026-11-24/0417")), recorder.workers())
    clock.advance(RULES.retry_s - 0.1)
    runner.elapse(recorder.workers())
    assert "ask" not in recorder.asked
    clock.advance(0.2)
    runner.elapse(recorder.workers())
    runner.elapse(recorder.workers())
    assert recorder.asked.count("ask") == 1


def test_only_a_view_that_changed_is_shown(clock: FakeClock) -> None:
    shown: list[ViewState] = []
    recorder, runner = Recorder(), a_runner(clock, shown)
    for _ in range(3):
        runner.handle(LinkLost(UNPLUGGED), recorder.workers())
    assert [view.screen for view in shown] == [Screen.OUT_OF_ORDER]
    assert isinstance(runner.session.phase, Unlinked)


def test_the_beat_goes_on_while_nothing_happens_and_stops_with_the_runner(clock: FakeClock) -> None:
    recorder, runner = Recorder(), a_runner(clock, [])
    thread = threading.Thread(target=runner.serve, args=(recorder.workers(),))
    thread.start()
    first = runner.beat()
    wait_until(lambda: runner.beat() != first)
    runner.stop()
    thread.join()
    assert not thread.is_alive()


class _Turned(Recorder):
    """An intake of whose pace the runner speaks once after each event."""

    def __init__(self, turn: Callable[[], None]) -> None:
        super().__init__()
        self._turn = turn

    def set_pace(self, in_visit: bool) -> None:
        self._turn()


class Restless(Recorder):
    """Each event that is handled brings the next, so that the inbox is never empty; ``each`` is called at each of them, ``events`` times."""

    def __init__(self, runner: Runner, events: int, each: Callable[[], None]) -> None:
        super().__init__()
        self._runner = runner
        self._left = events
        self._each = each

    def workers(self) -> Workers:
        return replace(super().workers(), intake=_Turned(self.turn))

    def turn(self) -> None:
        self._each()
        self._left -= 1
        if self._left:
            self._runner.post(LinkLost(UNPLUGGED))
        else:
            self._runner.stop()


def test_the_beat_changes_with_each_event_when_events_never_pause(clock: FakeClock) -> None:
    runner, beats = a_runner(clock, []), list[int]()
    restless = Restless(runner, 100, lambda: beats.append(runner.beat()))
    runner.post(LinkLost(UNPLUGGED))
    runner.serve(restless.workers())
    assert len(beats) == 100
    assert all(one != next_one for one, next_one in pairwise(beats))


def test_a_wait_is_over_in_time_when_events_never_pause(clock: FakeClock) -> None:
    session = Session(rules=RULES, phase=Issuing(), last_sequence=SequenceNumber(0), linked=True)
    runner, phases = Runner(session, clock, lambda view: None), list[object]()

    def each() -> None:
        phases.append(runner.session.phase)
        clock.advance(0.1)

    restless = Restless(runner, 100, each)
    books = Books(2, "", 0, SequenceNumber(0), None, None, Reckoning(clock.now().day()))
    runner.handle(Answered(GiveAway("2026-11-24/0417", ASSOCIATIONS[0]), GiftGiven(Cents(20), ASSOCIATIONS[0]), books), restless.workers())
    runner.post(LinkLost(UNPLUGGED))
    runner.serve(restless.workers())
    thanked_s = 0.1 * sum(isinstance(phase, Thanking) for phase in phases)
    assert RULES.thanks_s <= thanked_s <= RULES.thanks_s + 0.5


def test_a_hall_closes_in_time_when_events_never_pause(clock: FakeClock) -> None:
    today = clock.now().utc.astimezone(PARIS)
    minute = today.hour * 60 + today.minute
    hours = OpeningHours({today.weekday(): ((minute - 1, minute + 1),)})
    runner, closed = (
        Runner(Session(rules=RULES, phase=Unlinked(), last_sequence=SequenceNumber(0)), clock, lambda view: None, hours),
        list[bool](),
    )

    def each() -> None:
        closed.append(runner.session.closed_until is not None)
        clock.advance(1.0)

    runner.post(LinkLost(UNPLUGGED))
    runner.serve(Restless(runner, 100, each).workers())
    assert closed.index(True) in range(59, 63)


def test_a_runner_that_hangs_in_the_middle_of_an_event_shows_one_beat_however_often_it_is_asked(clock: FakeClock) -> None:
    hung, go_on = threading.Event(), threading.Event()

    class Hanging(Recorder):
        def note(self, note: Note) -> None:
            hung.set()
            go_on.wait(patient(10))

    runner = a_runner(clock, [])
    thread = threading.Thread(target=runner.serve, args=(Hanging().workers(),))
    thread.start()
    runner.post(LinkLost(UNPLUGGED))
    assert hung.wait(patient(10))
    beats = set()
    for _ in range(100):
        runner.post(LinkLost(UNPLUGGED))
        clock.advance(1.0)
        beats.add(runner.beat())
    runner.stop()
    go_on.set()
    thread.join()
    assert len(beats) == 1


def test_the_session_is_told_once_that_the_hall_closes_and_once_that_it_opens(clock: FakeClock) -> None:
    shown: list[ViewState] = []
    session = Session(rules=RULES, phase=Unlinked(), last_sequence=SequenceNumber(0))
    today = clock.now().utc.astimezone(PARIS)
    minute = today.hour * 60 + today.minute
    hours = OpeningHours({today.weekday(): ((minute - 1, minute + 1), (minute + 2, minute + 3))})
    runner, workers = Runner(session, clock, shown.append, hours), Recorder().workers()
    told = []
    for _ in range(5):
        runner.elapse(workers)
        told.append(runner.session.closed_until is not None)
        clock.advance(30.0)
    assert told == [False, False, True, True, False]


def test_a_start_knows_the_hours_before_it_hears_of_the_machine(clock: FakeClock) -> None:
    today = clock.now().utc.astimezone(PARIS)
    hours = OpeningHours({(today.weekday() + 1) % 7: ((0, 1),)})
    session = Session(rules=RULES, phase=Starting(), last_sequence=SequenceNumber(0), day=clock.now().day())
    runner = Runner(session, clock, lambda view: None, hours)
    heard: list[bool] = []
    recorder = Recorder()
    handle = runner.handle

    def hear(event: AnyEvent, workers: Workers) -> None:
        heard.append(isinstance(event, HoursTold))
        handle(event, workers)

    runner.handle = hear  # type: ignore[method-assign]
    runner.post(LinkLost(UNPLUGGED))
    runner.stop()
    runner.serve(recorder.workers())
    assert heard == [True, False]


def test_the_session_is_told_of_each_midnight_in_paris_once_and_when_nobody_vouches_for_the_date(clock: FakeClock) -> None:
    runner, workers = a_runner(clock, []), Recorder().workers()
    days = []
    for hours, trusted in ((0, True), (1, True), (24, True), (1, False), (1, True)):
        clock.advance(3600 * hours)
        clock.trusted = trusted
        runner.elapse(workers)
        days.append(runner.session.day)
    today = date(2026, 11, 24)
    assert days == [today, today, today + timedelta(days=1), None, today + timedelta(days=1)]
