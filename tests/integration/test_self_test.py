"""The self-test on a twin as a real process: every step is made to fail and must name its part, and nothing is ever credited."""

import errno
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymodbus.client import ModbusSerialClient

from commands.cli import main
from config.clock import Instant
from config.settings import Settings
from config.system import AssumedClock
from config.vocabulary import SequenceNumber
from drivers.intake.bus import ControllerFault, ControllerHealth, HotBlock, Identity, WrongController
from drivers.intake.modbus import ModbusBus
from firmware import registers
from kiosk.deposit.view import Screen
from kiosk.selftest import machine
from kiosk.selftest.hands import Chore, NotDone, TwinHands
from kiosk.selftest.results import Outcome, Part, Result, StepReason
from kiosk.selftest.run import PLAN, Report
from kiosk.selftest.steps import Step
from ledger.database import reading
from ledger.kinds import Kind
from ledger.views import entries, head
from money.ledgers import Kiosk as Ledger
from timing import patient, wait_until
from wires.wrapped_line import WrappedLine
from worlds.bench import FAULTS, OTHER_CAUSES, Bench, Broken
from worlds.installation import Installation, RunningKiosk


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Installation(tmp_path_factory.mktemp("hall")) as hall:
        yield Bench(hall)


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    """One twin for all, which every test leaves as it found it."""
    yield shared
    shared.mend()


def of(report: Report, name: str) -> Result:
    (result,) = [result for result in report.results if result.name == name]
    return result


def names(report: Report, name: str, part: Part, reason: StepReason) -> None:
    """This step failed, named the part and said why; and no step that it stands on has failed."""
    result = of(report, name)
    assert (result.outcome, result.part, result.reason) == (Outcome.FAIL, part, reason), report.results
    assert report.failures == (result,)
    assert report.exit_code in (1, 3)


QUICK = FAULTS[::4]
"""The others take their turn with all that is long."""


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=() if fault in QUICK else pytest.mark.long) for fault in (*FAULTS, *OTHER_CAUSES)], ids=str
)
def test_a_broken_part_is_named_by_its_step(bench: Bench, fault: Broken) -> None:
    def break_after(step: Step, result: Result) -> None:
        if step.name == fault.after and result.outcome is Outcome.PASS:
            bench.say(fault.line)

    if not fault.after:
        bench.say(fault.line)
    believed = fault.believed
    if believed is not None:
        wait_until(lambda: believed(bench.hot))
    names(bench.test(fault.step, tell=break_after), fault.step, fault.part, fault.reason)


class OlderProgram(WrappedLine):
    def identity(self) -> Identity:
        raise WrongController(1, 2, (0, 1))


class Hot(WrappedLine):
    def health(self) -> ControllerHealth:
        return replace(self.line.health(), temperature_c=71.0)


class BlindOverBins(WrappedLine):
    def health(self) -> ControllerHealth:
        return replace(self.line.health(), bin_mm=(2000, 0))


class ForgetfulOfTests(WrappedLine):
    def health(self) -> ControllerHealth:
        return replace(self.line.health(), drops_manual=7)


class FailingMemory(WrappedLine):
    def read(self, beat: int) -> HotBlock:
        return replace(self.line.read(beat), fault=ControllerFault.STORE)


class WithoutLamp(WrappedLine):
    def light(self, percent: int) -> None:
        pass


@pytest.mark.parametrize(
    ("step", "wrap", "part", "reason"),
    [
        ("program", OlderProgram, Part.PROGRAM, StepReason.OTHER_TABLE),
        ("temperature", Hot, Part.COOLING, StepReason.TEMPERATURE),
        ("bin_1", BlindOverBins, Part.BIN_SENSOR_1, StepReason.LEVEL_OFF),
        ("bin_2", BlindOverBins, Part.BIN_SENSOR_2, StepReason.LEVEL_OFF),
        ("totaliser", ForgetfulOfTests, Part.MEMORY, StepReason.COUNTS_DIFFER),
        ("fault", FailingMemory, Part.MEMORY, StepReason.MEMORY_FAILS),
        ("lamp", WithoutLamp, Part.LAMP, StepReason.LAMP_WITHOUT_EFFECT),
    ],
)
def test_what_the_controller_says_wrong_names_its_part(
    bench: Bench, step: str, wrap: type[WrappedLine], part: Part, reason: StepReason
) -> None:
    names(bench.test(step, wrap=wrap), step, part, reason)


@pytest.mark.long
def test_a_controller_that_watches_too_patiently_is_named(bench: Bench) -> None:
    def watch_for_ms(watchdog_ms: int) -> None:
        client = ModbusSerialClient(str(bench.hall.folders.twin / "intake"), baudrate=115_200, retries=0)
        with closing(client):
            assert client.connect()
            address = registers.BY_NAME["watchdog_ms"].address
            assert not client.write_registers(address, [watchdog_ms], device_id=registers.UNIT).isError()

    watch_for_ms(60_000)
    try:
        names(bench.test("watchdog"), "watchdog", Part.WATCHDOG, StepReason.NOT_WATCHED)
    finally:
        watch_for_ms(2_000)
    assert of(bench.test("watchdog"), "watchdog").outcome is Outcome.PASS


class OtherHands(TwinHands):
    """The twin's people, who do something else at one chore."""

    def __init__(self, bench: Bench, chore: Chore, line: str) -> None:
        assert bench.hall.twin.stdin is not None
        super().__init__(bench.hall.twin.stdin)
        self._other = chore, line

    def do(self, chore: Chore, keep: Callable[[], None]) -> None:
        if chore is self._other[0]:
            self.say(self._other[1])
        else:
            super().do(chore, keep)


@pytest.mark.parametrize(
    ("step", "chore", "line", "part", "reason"),
    [
        ("gate_force", Chore.HOLD_BLOCK, "", Part.GATE_FORCE, StepReason.NOT_STOPPED),
        ("gate_force", Chore.HOLD_BLOCK, "gate obstacle 3", Part.GATE, StepReason.STAYS_BLOCKED),
        ("code", Chore.PUT_BOTTLE, "put pet_nolabel", Part.CODE, StepReason.NO_CODE),
    ],
)
def test_what_hands_cannot_make_it_do_names_its_part(
    bench: Bench, step: str, chore: Chore, line: str, part: Part, reason: StepReason
) -> None:
    names(bench.test(step, hands=OtherHands(bench, chore, line)), step, part, reason)


class Untrusted(AssumedClock):
    def now(self) -> Instant:
        return replace(super().now(), trusted=False)


class Behind(AssumedClock):
    def now(self) -> Instant:
        return Instant(datetime(2026, 1, 1, tzinfo=UTC), trusted=True)


@pytest.mark.parametrize(("clock", "reason"), [(Untrusted(), StepReason.NOT_TRUSTED), (Behind(), StepReason.CLOCK_BEHIND)])
def test_a_wrong_clock_is_named(bench: Bench, clock: AssumedClock, reason: StepReason) -> None:
    names(bench.test("clock", clock=clock), "clock", Part.CLOCK, reason)


def elsewhere(bench: Bench, state: Path) -> Settings:
    """The same machine with another folder for its files."""
    settings = bench.hall.settings
    return settings.model_copy(update={"kiosk": settings.kiosk.model_copy(update={"state": state})})


def test_a_disk_that_is_nearly_full_is_named(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "FREE_MB", 1e12)
    names(bench.test("disk_space"), "disk_space", Part.DISK, StepReason.LITTLE_SPACE)


def test_a_folder_that_is_not_there_is_named(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    settings = elsewhere(bench, tmp_path / "state")
    (tmp_path / "state").rmdir()
    names(bench.test("disk_write", settings=settings), "disk_write", Part.FOLDER, StepReason.NO_FOLDER)


def test_a_disk_that_takes_no_write_is_named(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def worn(file: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", worn)
    names(bench.test("disk_write", settings=elsewhere(bench, tmp_path)), "disk_write", Part.DISK, StepReason.WRITE_FAILED)


@pytest.fixture
def other_ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path)
    yield ledger
    ledger.close()


def test_another_controller_than_the_ledgers_is_named(bench: Bench, other_ledger: Ledger) -> None:
    names(
        bench.test("identity", settings=elsewhere(bench, other_ledger.path.parent)),
        "identity",
        Part.CONTROLLER,
        StepReason.OTHER_CONTROLLER,
    )


def test_a_controller_that_counts_less_than_was_booked_is_named(bench: Bench, other_ledger: Ledger) -> None:
    names(bench.test("totaliser", settings=elsewhere(bench, other_ledger.path.parent)), "totaliser", Part.MEMORY, StepReason.TOTALISER_FELL)


def test_a_tampered_ledger_is_named(bench: Bench, other_ledger: Ledger) -> None:
    other_ledger.close()
    with closing(sqlite3.connect(other_ledger.path)) as file:
        file.execute("DROP TRIGGER entry_stays")
        file.commit()
    report = bench.test("ledger", settings=elsewhere(bench, other_ledger.path.parent))
    names(report, "ledger", Part.LEDGER, StepReason.FINDINGS)
    assert "guard" in of(report, "ledger").detail


def test_a_file_that_is_no_ledger_is_named_and_nothing_moves(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no ledger at all" * 100)
    report = bench.test("ledger", "gate", settings=elsewhere(bench, tmp_path))
    names(report, "ledger", Part.LEDGER, StepReason.UNREADABLE)
    assert of(report, "gate").reason is StepReason.LEDGER_UNREADABLE


def test_without_a_ledger_the_machine_is_tested_and_the_ledger_is_not(bench: Bench, tmp_path: Path) -> None:
    report = bench.test("ledger", "identity", "gate", "totaliser", settings=elsewhere(bench, tmp_path))
    assert [of(report, name).reason for name in ("ledger", "identity")] == [StepReason.NO_LEDGER] * 2
    assert [of(report, name).outcome for name in ("gate", "totaliser")] == [Outcome.PASS] * 2


def test_with_a_bottle_open_in_the_ledger_nothing_moves(bench: Bench, other_ledger: Ledger) -> None:
    visit = other_ledger.journal.open_visit(other_ledger.now())
    other_ledger.journal.intend(other_ledger.intent(visit.id), other_ledger.now())
    taken = bench.hot.taken
    report = bench.test("gate", "code", settings=elsewhere(bench, other_ledger.path.parent))
    assert [of(report, name).reason for name in ("gate", "code")] == [StepReason.OPEN_BOTTLE] * 2
    assert bench.hot.taken == taken


class LeavesTheDoor(TwinHands):
    def do(self, chore: Chore, keep: Callable[[], None]) -> None:
        if chore in (Chore.OPEN_DOOR, Chore.SHUT_DOOR):
            raise NotDone(chore, StepReason.PERSON, "no key")
        super().do(chore, keep)


def test_with_the_service_door_open_what_moves_is_skipped_and_the_rest_is_tested(bench: Bench) -> None:
    bench.say("door open")
    assert bench.hall.twin.stdin is not None
    report = bench.test("door_opened", "gate", "flap", "sorter", "scale_weight", "supply", hands=LeavesTheDoor(bench.hall.twin.stdin))
    assert [of(report, name).reason for name in ("gate", "flap", "sorter", "scale_weight")] == [StepReason.DOOR_OPEN] * 4
    assert (of(report, "door_opened").reason, of(report, "door_opened").detail) == (StepReason.PERSON, "no key")
    assert of(report, "supply").outcome is Outcome.PASS
    assert (report.exit_code, report.left_ready) == (0, False)


@pytest.mark.long
def test_on_a_supply_that_is_too_low_the_controller_moves_nothing_and_that_is_no_drives_fault(bench: Bench) -> None:
    bench.say("supply 10000")
    wait_until(lambda: bench.hot.fault is ControllerFault.SUPPLY)
    report = bench.test("supply", "gate")
    names(report, "supply", Part.SUPPLY, StepReason.VOLTAGE)
    assert (of(report, "gate").reason, of(report, "gate").detail) == (StepReason.NEEDS, "supply")


def test_after_a_part_has_failed_the_next_is_tested_and_the_machine_is_left_cleared(bench: Bench) -> None:
    bench.say("sorter blocked", "flap dead")
    report = bench.test("gate", "flap", "sorter")
    assert [of(report, name).part for name in ("gate", "flap", "sorter")] == [None, Part.FLAP, Part.SORTER]
    assert report.left_ready
    assert bench.hot.fault is ControllerFault.NONE


def test_a_machine_that_cannot_be_cleared_is_left_so_and_says_so(bench: Bench) -> None:
    bench.say("sensor flap_locked stuck off")
    wait_until(lambda: bench.hot.fault is ControllerFault.FLAP)
    report = bench.test("flap_locked_at_rest", "fault", "gate", "sorter")
    bench.say("sensor flap_locked right")
    names(report, "flap_locked_at_rest", Part.FLAP_SWITCH, StepReason.STUCK_OFF)
    assert not report.left_ready
    assert [(of(report, name).reason, of(report, name).detail) for name in ("gate", "sorter")] == [(StepReason.NOT_CLEARED, "flap")] * 2
    assert bench.test("gate").left_ready


@pytest.mark.long
def test_a_twin_that_dies_under_the_test_ends_the_link_and_the_rest_is_tested(tmp_path: Path) -> None:
    with Installation(tmp_path) as hall:
        bench = Bench(hall)

        def kill_after(step: Step, result: Result) -> None:
            if step.name == "watchdog":
                hall.stop_twin()

        report = bench.test("watchdog", "supply", "gate", "disk_write", tell=kill_after)
        hall.start_twin()
    assert (of(report, "supply").outcome, of(report, "supply").reason) == (Outcome.FAIL, StepReason.LINK_LOST)
    assert of(report, "gate").reason is StepReason.NO_LINK
    assert of(report, "disk_write").outcome is Outcome.PASS
    assert report.exit_code == 3


def test_a_whole_self_test_passes_writes_nothing_into_the_ledger_and_its_drop_is_never_credited(tmp_path: Path) -> None:
    with Installation(tmp_path) as hall:
        ledger = hall.folders.kiosk / "ledger.db"
        before = ledger.read_bytes(), head_of(ledger)
        report = Bench(hall).test()
        assert [result for result in report.results if result.outcome is not Outcome.PASS] == []
        assert (report.exit_code, report.left_ready) == (0, True)
        assert (ledger.read_bytes(), head_of(ledger)) == before
        assert len(hall.metal().falls) == 1
        with RunningKiosk(hall) as kiosk:
            kiosk.until_screen(Screen.ATTRACT)
        with reading(ledger) as connection:
            later = list(entries(connection, after=before[1][0]))
        assert [(entry.kind, entry.postings, entry.body["totaliser"]) for entry in later] == [(Kind.STEP, (), 1)]
        assert hall.books().credited_cents == 0


def head_of(ledger: Path) -> tuple[int, str]:
    with reading(ledger) as connection:
        newest = head(connection)
    return newest.row, newest.hash


def consigne(*arguments: str | Path, language: str = "en") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "commands", *map(str, arguments)]
    environment = {"CONSIGNE_LANG": language, "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=patient(110), check=False, env=environment, stdin=subprocess.DEVNULL
    )


@pytest.mark.long
def test_the_demonstration_passes_without_a_person_and_gives_every_step_as_json() -> None:
    done = consigne("self-test", "--demo", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert [step["name"] for step in told["steps"]] == [step.name for step in PLAN]
    assert all({"name", "result", "value", "limits"} <= step.keys() for step in told["steps"])
    weight = next(step for step in told["steps"] if step["name"] == "bin_1")
    assert (weight["result"], weight["value"], weight["unit"], weight["limits"]) == ("pass", 900, "mm", [50, 1000])
    assert told["left_ready"] is True


def test_a_failure_is_told_in_french_with_part_causes_and_what_to_check_first(tmp_path: Path) -> None:
    (tmp_path / "faults.txt").write_text("sorter blocked\n")
    done = consigne("self-test", "--demo", "--scenario", tmp_path / "faults.txt", "--only", "sorter", language="fr")
    assert done.returncode == 1, done.stdout + done.stderr
    for words in ("échec  Aiguillage", "Pièce\u00a0: aiguillage", "Causes probables\u00a0:", "Vérifier d’abord\u00a0:", "[20–1000]"):
        assert words in done.stdout


def test_a_kiosk_that_runs_must_be_stopped_first(bench: Bench) -> None:
    with closing(ModbusBus(bench.hall.settings.intake.port)) as bus:
        bus.open()
        done = consigne("self-test", "--config", bench.hall.folders.configuration, "--json")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("Stop the kiosk first")
    assert str(bench.hall.folders.twin / "intake") in done.stderr


def test_without_a_port_all_that_asks_is_skipped_and_the_rest_is_tested(bench: Bench, tmp_path: Path) -> None:
    text = bench.hall.folders.configuration.read_text().replace(str(bench.hall.folders.twin / "intake"), str(tmp_path / "nothing"))
    (tmp_path / "kiosk.toml").write_text(text)
    done = consigne("self-test", "--config", tmp_path / "kiosk.toml", "--json")
    assert done.returncode == 3, done.stderr
    steps = {step["name"]: step for step in json.loads(done.stdout)["steps"]}
    assert (steps["link"]["result"], steps["link"]["part"], steps["link"]["reason"]) == ("fail", "cable", "no_port")
    assert all(steps[step.name]["reason"] == "no_link" for step in PLAN if step.asks)
    assert all(steps[name]["result"] == "pass" for name in ("clock", "disk_write", "ledger", "camera"))


def test_at_a_terminal_where_nobody_answers_what_needs_hands_is_skipped(bench: Bench) -> None:
    done = consigne("self-test", "--config", bench.hall.folders.configuration, "--only", "door_opened", "--only", "gate", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    steps = {step["name"]: step for step in json.loads(done.stdout)["steps"]}
    assert (steps["door_opened"]["result"], steps["door_opened"]["reason"]) == ("skipped", "nobody")
    assert steps["gate"]["result"] == "pass"
    assert "service door" in done.stderr


def told_at_once(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> object:
    """The exit code of a command that ends before it starts anything."""
    monkeypatch.setattr(sys, "argv", ["consigne", "self-test", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize("arguments", [("--only", "no-such-step"), ("--scenario", "faults.txt"), ("--config", "nowhere.toml")])
def test_wrong_use_is_told_and_starts_nothing(
    arguments: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told_at_once(monkeypatch, *arguments) == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert arguments[-1].removesuffix("faults.txt") in told.err


def test_a_wrong_line_of_a_scenario_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "faults.txt").write_text("gate melted\n")
    assert told_at_once(monkeypatch, "--demo", "--scenario", tmp_path / "faults.txt") == 2
    assert "melted" in capfd.readouterr().err


def test_the_sequences_of_a_self_test_lie_above_all_that_were_taken(bench: Bench) -> None:
    before = bench.hot
    bench.test("sorter")
    after = bench.hot
    assert after.taken > before.taken
    assert (after.sorted, after.counted) == (before.sorted, before.counted)
    assert after.taken > SequenceNumber(0)


def test_every_step_is_made_to_fail_here() -> None:
    named = {fault.step for fault in FAULTS}
    named |= {"program", "temperature", "totaliser", "lamp", "watchdog", "gate_force", "code", "clock", "disk_space", "disk_write"}
    named |= {"identity", "ledger"}
    assert named == {step.name for step in PLAN}
