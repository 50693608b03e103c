"""Commands, patience and lost links of the intake's driver, turned by a clock that stands still; and the thread around it."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.vocabulary import Bin, SequenceNumber
from drivers.intake.bus import (
    Answer,
    BusError,
    Calibration,
    Came,
    Command,
    CommandCode,
    ControllerHealth,
    ControllerState,
    Felt,
    HoldEnd,
    HotBlock,
    Identity,
    NoAnswer,
    PortGone,
    Trial,
    TrialResult,
    WrongController,
)
from drivers.intake.events import (
    CommandUnanswered,
    DoorOpened,
    Hand,
    IntakeEvent,
    ItemDropped,
    LineReturned,
    LinkBack,
    LinkLost,
    Restarted,
    Rested,
)
from drivers.intake.loan import SILENT_S, BorrowerSilent, LoanOver
from drivers.intake.trouble import OtherTable, PortUnusable, Silence
from drivers.intake.worker import PATIENCE_S, SILENCE_S, Intake, IntakeWorker
from timing import FakeClock, patient, wait_until
from wires.readings import REST

WHO = Identity(controller_id=0x5457494E00000001, firmware=(0, 3), map_version=3, bins=2)
HEALTH = ControllerHealth(
    bin_mm=(900, 900),
    motor_ma=0,
    supply_mv=12_000,
    temperature_c=20.0,
    sorter_bin=Bin(1),
    drops_visit=0,
    drops_test=0,
    drops_manual=0,
    trial=Trial(TrialResult.NONE, 0, 0, 0, 0),
    lamp_percent=100,
    watchdog_ms=2000,
    held=HoldEnd.NONE,
)
MOVING = replace(REST, state=ControllerState.SORTING)
OPEN = replace(REST, state=ControllerState.OPEN, gate_shut=False, gate_open=True)
TOOK_1 = replace(REST, taken=SequenceNumber(1), answer=Answer.TAKEN)
OLDER = WrongController(found=1, expected=2, firmware=(0, 1))
SILENCE = NoAnswer("silence")
UNPLUGGED = PortGone("intake", "unplugged")


def open_gate(sequence: int) -> Command:
    return Command(CommandCode.OPEN, SequenceNumber(sequence))


def give_back(sequence: int) -> Command:
    return Command(CommandCode.RETURN, SequenceNumber(sequence))


def sort(sequence: int) -> Command:
    return Command(CommandCode.SORT, SequenceNumber(sequence), Bin(1))


class ScriptedLine:
    """A line whose other end is a few attributes. Each question takes a moment of the fake clock."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock
        self.hot = REST
        self.takes = True
        self.silent: BusError | None = None
        self.no_opening: BusError | None = None
        self.not_ours: WrongController | None = None
        self.no_write: BusError | None = None
        self.written: list[Command] = []
        self.beats: list[int] = []
        self.darkened: list[int] = []
        self.openings = 0
        self.is_open = False

    def open(self) -> None:
        self.openings += 1
        if self.no_opening:
            raise self.no_opening
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def identity(self) -> Identity:
        self._answer()
        if self.not_ours:
            raise self.not_ours
        return WHO

    def read(self, beat: int) -> HotBlock:
        self.beats.append(beat)
        self._answer()
        return self.hot

    def write(self, command: Command) -> None:
        self.written.append(command)
        if self.takes and self.hot.at_rest and command.sequence > self.hot.taken:
            self.hot = replace(self.hot, taken=command.sequence, answer=Answer.TAKEN)
        if self.no_write:
            raise self.no_write
        self._answer()

    @property
    def echoes(self) -> bool:
        return False

    def health(self) -> ControllerHealth:
        self._answer()
        return HEALTH

    def light(self, percent: int) -> None:
        self._answer()

    def darken(self, for_ms: int) -> None:
        self._answer()
        self.darkened.append(for_ms)

    def hold(self, sequence: int) -> None:
        self._answer()

    def felt(self) -> Felt:
        self._answer()
        return Felt(0, Calibration(0, 1.0, (900, 900)))

    def calibrate(self, calibration: Calibration) -> None:
        self._answer()

    def _answer(self) -> None:
        if self.clock:
            self.clock.advance(0.4 if self.silent else 0.003)
        if self.silent:
            raise self.silent


class Bench:
    """An ``Intake`` on a scripted line, and what it told."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.line = ScriptedLine(clock)
        self.intake = Intake(self.line, clock, lambda: 7)
        self.told: list[IntakeEvent] = []

    def turn(self) -> list[IntakeEvent]:
        self.clock.advance(max(0.0, self.intake.next_at - self.clock.monotonic()))
        events = self.intake.turn()
        self.told += events
        return events

    def run_for(self, seconds: float) -> list[IntakeEvent]:
        told, until = [], self.clock.monotonic() + seconds
        while self.intake.next_at < until:
            told += self.turn()
        return told


@pytest.fixture
def bench(clock: FakeClock) -> Bench:
    bench = Bench(clock)
    bench.turn()
    assert bench.told == [LinkBack(WHO, REST)]
    return bench


def test_polls_fifty_times_a_second_in_a_visit_and_ten_times_else(bench: Bench) -> None:
    bench.line.beats.clear()
    bench.run_for(10)
    assert len(bench.line.beats) == pytest.approx(100, abs=1)

    bench.line.beats.clear()
    bench.intake.set_pace(in_visit=True)
    bench.run_for(10)
    assert len(bench.line.beats) == pytest.approx(500, abs=5)


def test_the_beat_is_the_runners_own(bench: Bench) -> None:
    bench.run_for(1)

    assert set(bench.line.beats) == {7}


def test_a_command_is_written_at_once_and_not_again_when_it_was_taken(bench: Bench) -> None:
    bench.intake.send(open_gate(1))
    before = bench.clock.monotonic()
    bench.turn()

    assert bench.line.written == [open_gate(1)]
    assert bench.clock.monotonic() - before < 0.02
    bench.run_for(5)
    assert bench.line.written == [open_gate(1)]


def test_a_command_that_is_not_taken_is_repeated_ten_times_a_second_and_then_given_up(bench: Bench) -> None:
    bench.line.takes = False
    bench.intake.send(open_gate(1))

    assert bench.run_for(PATIENCE_S - 0.1) == []
    assert bench.run_for(0.3) == [CommandUnanswered(SequenceNumber(1), Answer.NONE)]
    assert len(bench.line.written) == pytest.approx(18, abs=3)
    assert set(bench.line.written) == {open_gate(1)}
    written = len(bench.line.written)
    bench.run_for(5)
    assert len(bench.line.written) == written


def test_a_command_waits_without_losing_patience_while_the_controller_moves(bench: Bench) -> None:
    bench.line.hot = MOVING
    bench.turn()
    bench.intake.send(open_gate(1))

    assert bench.run_for(60) == []
    assert bench.line.written == []

    bench.line.hot = REST
    assert bench.run_for(1) == [Rested(REST), Rested(TOOK_1)]
    assert bench.line.written == [open_gate(1)]


def test_a_write_without_an_answer_is_no_loss_when_the_next_reading_shows_it_taken(bench: Bench) -> None:
    bench.line.no_write = SILENCE
    bench.intake.send(open_gate(1))

    assert bench.run_for(5) == [Rested(TOOK_1)]
    assert bench.line.written == [open_gate(1)]


def test_after_a_later_return_the_earlier_sort_is_never_written_again(bench: Bench) -> None:
    bench.line.takes = False
    bench.intake.send(sort(1))
    bench.run_for(0.5)
    bench.intake.send(give_back(2))
    bench.line.written.clear()

    bench.run_for(1)
    assert set(bench.line.written) == {give_back(2)}


def test_a_command_older_than_the_last_is_refused_unwritten(bench: Bench) -> None:
    bench.line.takes = False
    bench.intake.send(give_back(2))

    assert bench.intake.send(sort(1)) == [CommandUnanswered(SequenceNumber(1), Answer.STALE)]
    bench.run_for(1)
    assert set(bench.line.written) == {give_back(2)}


def test_the_same_command_may_be_sent_again(bench: Bench) -> None:
    bench.line.takes = False
    bench.intake.send(open_gate(1))
    bench.run_for(PATIENCE_S + 0.5)
    bench.line.takes = True

    assert bench.intake.send(open_gate(1)) == []
    assert bench.run_for(1) == [Rested(TOOK_1)]


def test_a_command_that_somebody_elses_has_overtaken_is_given_up_at_once(bench: Bench) -> None:
    bench.line.hot = replace(REST, taken=SequenceNumber(9), answer=Answer.STALE)
    bench.turn()
    bench.intake.send(open_gate(5))

    assert bench.run_for(0.5) == [CommandUnanswered(SequenceNumber(5), Answer.STALE)]


@pytest.mark.parametrize("answer", [Answer.UNSAFE, Answer.FAULT, Answer.UNKNOWN])
def test_a_command_given_up_tells_what_the_controller_said_of_it(bench: Bench, answer: Answer) -> None:
    bench.line.takes = False
    bench.line.hot = replace(REST, answer=answer)
    bench.intake.send(open_gate(1))

    assert bench.run_for(PATIENCE_S + 0.5) == [CommandUnanswered(SequenceNumber(1), answer)]


def test_a_command_waits_for_the_hand_in_the_open_gate_and_tells_of_it_once(bench: Bench) -> None:
    bench.line.hot = hand_in = replace(OPEN, entry_beam=True)
    bench.turn()
    bench.intake.send(give_back(1))

    assert bench.run_for(60) == [Hand(True, hand_in)]
    assert bench.line.written == []

    bench.line.hot = OPEN
    assert bench.run_for(1) == [Hand(False, OPEN), Rested(replace(OPEN, taken=SequenceNumber(1), answer=Answer.TAKEN))]
    assert bench.line.written == [give_back(1)]


def test_a_hand_in_the_open_gate_is_in_nobodys_way_without_a_command(bench: Bench) -> None:
    bench.line.hot = OPEN
    bench.turn()
    bench.line.hot = replace(OPEN, entry_beam=True)

    assert bench.run_for(5) == []


def test_a_hand_that_keeps_the_gate_from_shutting_is_told_and_so_is_its_end(bench: Bench) -> None:
    shutting = replace(REST, state=ControllerState.CLOSING)
    bench.line.hot = shutting
    bench.turn()
    bench.line.hot = gave_way = replace(shutting, hand=True)
    assert bench.run_for(2) == [Hand(True, gave_way)]

    bench.line.hot = shutting
    assert bench.run_for(2) == [Hand(False, shutting)]


def test_a_hand_is_forgotten_with_the_link_and_with_a_start(bench: Bench) -> None:
    bench.line.hot = gave_way = replace(REST, state=ControllerState.CLOSING, hand=True)
    assert bench.run_for(1) == [Hand(True, gave_way)]
    bench.line.hot = started = replace(REST, boots=2)
    assert bench.run_for(1) == [Restarted(started)]

    bench.line.hot = gave_way = replace(gave_way, boots=2)
    assert bench.run_for(1) == [Hand(True, gave_way)]
    bench.line.silent = UNPLUGGED
    bench.turn()
    bench.line.silent = None
    bench.line.hot = started
    assert bench.run_for(1) == [LinkBack(WHO, started)]


def test_the_door_is_told_while_nobody_is_there(bench: Bench) -> None:
    bench.line.hot = opened = replace(REST, door_open=True)

    assert bench.run_for(5) == [DoorOpened(opened)]


def test_asked_at_rest_it_tells_so_once(bench: Bench) -> None:
    bench.intake.ask()

    assert bench.run_for(2) == [Rested(REST)]


def test_asked_in_motion_it_tells_so_when_the_motion_has_ended(bench: Bench) -> None:
    bench.line.hot = MOVING
    bench.turn()
    bench.intake.ask()
    assert bench.run_for(2) == []

    bench.line.hot = dropped = replace(REST, counted=SequenceNumber(1), totaliser=1)
    assert bench.run_for(2) == [ItemDropped(SequenceNumber(1), dropped), Rested(dropped)]


def test_one_unanswered_question_is_no_lost_link(bench: Bench) -> None:
    bench.line.silent = SILENCE
    assert bench.turn() == []
    bench.line.silent = None

    assert bench.run_for(1) == []
    assert bench.line.openings == 1


def test_one_unanswered_question_is_none_either_just_after_a_long_outage(bench: Bench) -> None:
    bench.line.silent = SILENCE
    bench.run_for(60.0)
    bench.line.silent = None
    bench.turn()
    assert isinstance(bench.told[-1], LinkBack)
    bench.line.silent = SILENCE
    assert bench.turn() == []
    bench.line.silent = None
    assert bench.run_for(1.0) == []


def test_the_time_before_it_was_known_to_rest_does_not_count_against_a_command(bench: Bench) -> None:
    bench.line.hot = replace(REST, state=ControllerState.OPENING)
    bench.turn()
    bench.line.takes = False
    bench.intake.send(sort(1))
    bench.line.hot = REST
    bench.clock.advance(SILENCE_S - 0.1)
    bench.turn()
    assert bench.run_for(PATIENCE_S - 0.1) == []
    assert CommandUnanswered(SequenceNumber(1), Answer.NONE) in bench.run_for(0.2)


def test_silence_is_a_lost_link_and_told_once(bench: Bench) -> None:
    bench.line.silent = SILENCE

    assert bench.run_for(20) == [LinkLost(Silence(Came.OTHER))]
    assert not bench.line.is_open


def test_a_port_that_vanishes_is_lost_at_once_and_found_again(bench: Bench) -> None:
    bench.line.silent = bench.line.no_opening = UNPLUGGED
    assert bench.turn() == [LinkLost(PortUnusable("intake", "PortGone"))]
    assert bench.run_for(30) == []
    assert bench.line.openings == pytest.approx(32, abs=4), "back-off goes up to one second"

    bench.line.silent = bench.line.no_opening = None
    assert bench.run_for(1.1) == [LinkBack(WHO, REST)]


def test_a_port_that_is_missing_at_the_start_is_told(clock: FakeClock) -> None:
    bench = Bench(clock)
    bench.line.no_opening = UNPLUGGED

    assert bench.run_for(10) == [LinkLost(PortUnusable("intake", "PortGone"))]


def test_a_lost_link_drops_the_command_for_the_session_reconciles_anew(bench: Bench) -> None:
    bench.line.takes = False
    bench.intake.send(sort(1))
    bench.turn()
    bench.line.silent = UNPLUGGED
    bench.turn()
    bench.line.silent = None
    bench.line.written.clear()

    assert bench.run_for(5) == [LinkBack(WHO, REST)]
    assert bench.line.written == []


def test_a_command_for_a_lost_link_is_not_kept_for_later(bench: Bench) -> None:
    bench.line.silent = UNPLUGGED
    bench.turn()
    bench.line.silent = None
    bench.intake.send(sort(1))
    bench.intake.ask()

    assert bench.run_for(5) == [LinkBack(WHO, REST)]
    assert bench.line.written == []


def test_a_restart_drops_the_command_too(bench: Bench) -> None:
    bench.line.takes = False
    bench.intake.send(sort(1))
    bench.turn()
    bench.line.written.clear()
    bench.line.hot = replace(REST, boots=2, state=ControllerState.CLOSING)

    assert bench.run_for(1) == [Restarted(bench.line.hot)]
    bench.line.hot = replace(REST, boots=2)
    bench.run_for(5)
    assert bench.line.written == []


def test_another_register_table_is_told_by_its_own_words_and_asked_slowly(bench: Bench) -> None:
    bench.line.silent = UNPLUGGED
    bench.turn()
    bench.line.silent, bench.line.not_ours = None, OLDER

    (lost,) = bench.run_for(60)
    assert lost == LinkLost(OtherTable(found=1, expected=2, firmware=(0, 1)))
    assert bench.line.openings < 20
    assert not bench.line.is_open


def test_a_controller_that_was_replaced_by_the_right_one_is_found(bench: Bench) -> None:
    bench.line.silent = UNPLUGGED
    bench.turn()
    bench.line.silent, bench.line.not_ours = None, OLDER
    bench.run_for(20)
    bench.line.not_ours = None

    assert bench.run_for(6) == [LinkBack(WHO, REST)]


class SteppingClock(FakeClock):
    """Jumps ahead at each look, so that the thread's waits are over at once."""

    def __init__(self, step_s: float = 0.05) -> None:
        super().__init__()
        self._step_s = step_s

    def monotonic(self) -> float:
        self.advance(self._step_s)
        return super().monotonic()


class Worker:
    def __init__(self, clock: FakeClock | None = None) -> None:
        self.line = ScriptedLine()
        self.told: list[IntakeEvent] = []
        self.thread = IntakeWorker(self.line, self.told.append, clock or SteppingClock(), lambda: 0x12345)


@pytest.fixture
def worker() -> Worker:
    return Worker()


def ended(thread: threading.Thread) -> bool:
    thread.join(timeout=patient(10))
    return not thread.is_alive()


def test_the_thread_connects_sends_asks_and_stops(worker: Worker) -> None:
    worker.thread.start()
    wait_until(lambda: worker.told)
    worker.thread.send(open_gate(1))
    wait_until(lambda: worker.line.written)
    worker.thread.set_pace(in_visit=True)
    worker.thread.ask()
    wait_until(lambda: len(worker.told) >= 2)
    worker.thread.stop()

    assert ended(worker.thread)
    assert worker.told[0] == LinkBack(WHO, REST)
    assert isinstance(worker.told[-1], Rested)
    assert worker.line.beats[0] == 0x2345, "16 bits of the beat"
    assert not worker.line.is_open


def test_stop_does_not_wait_for_the_next_poll(clock: FakeClock) -> None:
    line, told = ScriptedLine(), list[IntakeEvent]()
    line.not_ours = OLDER
    thread = IntakeWorker(line, told.append, clock, lambda: 0)
    thread.start()
    wait_until(lambda: told)

    thread.stop()
    thread.join(timeout=patient(3))

    assert not thread.is_alive(), "it waited for the next attempt, due in five seconds"


@pytest.fixture
def hooked(monkeypatch: pytest.MonkeyPatch) -> list[type[BaseException]]:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_type))
    return seen


def test_a_fault_of_the_program_is_told_and_raised_for_the_process_to_end(worker: Worker, hooked: list[type[BaseException]]) -> None:
    def broken(beat: int) -> HotBlock:
        raise ZeroDivisionError(beat)

    worker.line.read = broken  # type: ignore[method-assign]
    worker.thread.start()

    assert ended(worker.thread)
    assert hooked == [ZeroDivisionError]
    assert [type(event) for event in worker.told] == [LinkLost]
    assert not worker.line.is_open


@pytest.fixture
def lender() -> Iterator[Worker]:
    """Its clock stands still, so that nobody who has the line falls silent by the mere passing of a test."""
    worker = Worker(FakeClock())
    worker.thread.start()
    wait_until(lambda: worker.told)
    yield worker
    worker.thread.stop()
    assert ended(worker.thread)


def test_a_lent_line_is_closed_first_and_asked_by_the_worker_alone(lender: Worker) -> None:
    with lender.thread.lend() as line:
        assert not line.echoes
        assert not lender.line.is_open
        asked = len(lender.line.beats)
        line.open()
        assert (line.identity(), line.read(7), line.health(), line.echoes) == (WHO, REST, HEALTH, False)
        line.write(open_gate(1))
        line.light(40)
        assert lender.line.written == [open_gate(1)]
        assert lender.line.beats[asked:] == [7], "nobody polls beside the borrower"
        assert line.beat() == 0x12345, "the runner's"


def test_what_is_sent_or_asked_while_the_line_is_lent_is_dropped(lender: Worker) -> None:
    with lender.thread.lend() as line:
        line.open()
        told = len(lender.told)
        lender.thread.send(open_gate(9))
        lender.thread.ask()
        line.read(1)
        assert (lender.line.written, lender.told[told:]) == ([], [])


def test_the_lamp_goes_dark_for_a_look_unless_the_line_is_lent_or_silent(lender: Worker) -> None:
    assert lender.thread.darken(300)
    assert lender.line.darkened == [300]
    lender.line.silent = SILENCE
    assert not lender.thread.darken(300)
    lender.line.silent = None
    with lender.thread.lend():
        assert not lender.thread.darken(300)
    assert lender.line.darkened == [300]


@pytest.mark.parametrize(
    "change",
    [{"occupied": True}, {"entry_beam": True}, {"drop_beam": True}, {"hand": True}, {"door_open": True}, {"weight_g": 12}],
    ids=lambda change: next(iter(change)),
)
def test_the_chamber_is_known_to_be_empty_only_while_nothing_speaks_against_it(change: dict[str, bool | int], lender: Worker) -> None:
    wait_until(lambda: lender.thread.chamber_is_empty)
    lender.line.hot = replace(REST, **change)  # type: ignore[arg-type]
    lender.thread.ask()
    wait_until(lambda: not lender.thread.chamber_is_empty)


def test_a_worker_that_has_ended_makes_no_chamber_dark(worker: Worker) -> None:
    worker.thread.start()
    wait_until(lambda: worker.told)
    worker.thread.stop()
    assert ended(worker.thread)
    assert not worker.thread.darken(300)


def test_a_line_that_comes_back_is_told_before_its_controller_is_found_anew(lender: Worker) -> None:
    openings = lender.line.openings
    with lender.thread.lend() as line:
        line.close()
    wait_until(lambda: lender.told[-2:] == [LineReturned(), LinkBack(WHO, REST)])
    assert lender.line.openings == openings + 1
    with pytest.raises(LoanOver):
        line.read(1)


def test_a_line_comes_back_from_a_borrower_that_dies(lender: Worker) -> None:
    def die() -> None:
        with lender.thread.lend() as line:
            line.open()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die()
    wait_until(lambda: lender.told[-2:] == [LineReturned(), LinkBack(WHO, REST)])


def test_of_two_borrowers_only_the_first_is_answered(lender: Worker) -> None:
    with lender.thread.lend() as first:
        with lender.thread.lend() as second, pytest.raises(LoanOver):
            second.read(1)
        assert first.read(1) == REST


def test_what_the_line_says_to_the_worker_it_says_to_the_borrower(lender: Worker) -> None:
    with lender.thread.lend() as line:
        lender.line.silent = SILENCE
        with pytest.raises(NoAnswer):
            line.read(1)
        lender.line.silent = None
        assert line.read(1) == REST


def test_a_line_that_is_lent_without_a_link_comes_back_without_one(worker: Worker) -> None:
    worker.line.no_opening = UNPLUGGED
    worker.thread.start()
    wait_until(lambda: worker.told)
    with worker.thread.lend() as line, pytest.raises(PortGone):
        line.open()
    wait_until(lambda: [type(event) for event in worker.told] == [LinkLost, LineReturned, LinkLost])
    worker.thread.stop()
    assert ended(worker.thread)


def test_a_borrower_that_hangs_ends_the_worker_by_name_and_is_told_so_when_it_wakes(hooked: list[type[BaseException]]) -> None:
    worker = Worker(SteppingClock(SILENT_S + 1))
    with worker.thread.lend() as line:
        worker.thread.start()
        assert ended(worker.thread)
        assert hooked == [BorrowerSilent]
        assert not worker.line.is_open
        with pytest.raises(LoanOver):
            line.read(1)


def test_a_worker_that_ends_leaves_no_borrower_waiting(lender: Worker) -> None:
    with lender.thread.lend() as line:
        line.open()
        lender.thread.stop()
        assert ended(lender.thread)
        assert not lender.line.is_open


def test_a_fault_of_the_program_in_a_question_ends_borrower_and_worker(worker: Worker, hooked: list[type[BaseException]]) -> None:
    def broken() -> ControllerHealth:
        raise ZeroDivisionError

    worker.line.health = broken  # type: ignore[method-assign]
    worker.thread.start()
    wait_until(lambda: worker.told)
    with worker.thread.lend() as line, pytest.raises(ZeroDivisionError):
        line.health()
    assert ended(worker.thread)
    assert hooked == [ZeroDivisionError]
