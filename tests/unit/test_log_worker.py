"""The log's thread: nobody who notes something waits for a disk, whatever the disk does; what it did not take is counted and said."""

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import kiosk.workers.log
from config.settings import load
from kiosk.app import configured
from kiosk.deposit.notes import TABLE, Note, NoteKind
from kiosk.log import Log
from kiosk.workers.log import LogWorker
from timing import FakeClock, patient, wait_until

NOTE = Note(NoteKind.STARTED, {"program": "0"})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk.workers.log, "RETRY_S", 0.01)


@pytest.fixture
def workers() -> Iterator[list[LogWorker]]:
    made: list[LogWorker] = []
    yield made
    for worker in made:
        worker.close(patient(10))
        assert not worker.is_alive()


def kinds(folder: Path) -> list[str]:
    return [json.loads(line)["kind"] for path in sorted(folder.glob("log-*.jsonl")) for line in path.read_text().splitlines()]


def test_what_was_noted_before_the_stop_is_written_in_order_with_the_time_it_was_noted_at(tmp_path: Path, clock: FakeClock) -> None:
    worker = LogWorker(Log(tmp_path, clock), clock)
    for minute in range(200):
        worker.note(Note(NoteKind.LINES_DROPPED, {"lines": minute, "since": None}))
        clock.advance(60)
    worker.start()
    worker.close(patient(10))
    (path,) = tmp_path.glob("log-*.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["lines"] for line in lines] == list(range(200))
    assert lines == sorted(lines, key=lambda line: str(line["at"]))
    assert len({line["at"] for line in lines}) == 200


@pytest.fixture
def hanging(tmp_path: Path, clock: FakeClock) -> Iterator[int]:
    """A log on a disk that hangs: a pipe that is full. Its other end."""
    path = tmp_path / f"log-{clock.now().day():%Y-%m}.jsonl"
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while os.write(end, b"\n" * 4096):
            pass
    yield end
    os.close(end)


def hung(tmp_path: Path, clock: FakeClock, room: int) -> LogWorker:
    """It has a line in hand, and its inbox is empty."""
    worker = LogWorker(Log(tmp_path, clock), clock, room)
    worker.start()
    worker.note(NOTE)
    wait_until(worker._inbox.empty)
    return worker


def test_a_disk_that_hangs_keeps_nobody_waiting_and_what_found_no_room_is_counted(
    tmp_path: Path, clock: FakeClock, hanging: int, workers: list[LogWorker]
) -> None:
    worker = hung(tmp_path, clock, room=4)
    workers.append(worker)
    for _ in range(4 + 3):
        worker.note(NOTE)
        clock.advance(1)

    read = bytearray()

    def drained() -> bool:
        with contextlib.suppress(BlockingIOError):
            read.extend(os.read(hanging, 1 << 20))
        return len([line for line in bytes(read).splitlines() if line]) == 1 + 4 + 1

    wait_until(drained)
    lines = [json.loads(line) for line in bytes(read).splitlines() if line]
    (told,) = (line for line in lines if line["kind"] == "lines_dropped")
    assert (told["lines"], told["since"]) == (3, (clock.utc - timedelta(seconds=3)).isoformat())


def test_a_disk_that_takes_nothing_is_tried_until_it_does_and_said_once(
    tmp_path: Path, workers: list[LogWorker], capsys: pytest.CaptureFixture[str]
) -> None:
    clock, folder = FakeClock(), tmp_path / "later"
    worker = LogWorker(Log(folder, clock), clock)
    workers.append(worker)
    worker.start()
    for _ in range(5):
        worker.note(NOTE)
    wait_until(lambda: worker._failing)
    folder.mkdir()
    wait_until(lambda: folder.exists() and len(kinds(folder)) == 5)
    assert capsys.readouterr().err == "log: No such file or directory\n"


def test_a_stop_does_not_wait_for_a_disk_that_takes_nothing_and_says_how_many_lines_are_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiosk.workers.log, "RETRY_S", 3600.0)
    clock = FakeClock()
    worker = LogWorker(Log(tmp_path / "nowhere", clock), clock, room=4)
    worker.start()
    worker.note(NOTE)
    wait_until(lambda: worker._failing)
    for _ in range(6):
        worker.note(NOTE)
    worker.close(patient(10))
    assert not worker.is_alive()
    assert capsys.readouterr().err.splitlines() == ["log: No such file or directory", "log: 7 lines were not written"]


def test_a_stop_leaves_a_disk_that_hangs_behind(tmp_path: Path, clock: FakeClock, hanging: int, capsys: pytest.CaptureFixture[str]) -> None:
    worker = hung(tmp_path, clock, room=4)
    for _ in range(4 + 1):
        worker.note(NOTE)
    worker.close(0.01)
    assert worker.is_alive()
    assert capsys.readouterr().err == "log: 6 lines were not written\n"
    os.read(hanging, 1 << 20)
    worker.join(patient(10))
    assert not worker.is_alive()


def test_the_configuration_is_noted_without_what_is_secret_and_its_hash_changes_with_a_key(tmp_path: Path) -> None:
    def noted(source: str, cents: int) -> Note:
        path = tmp_path / "kiosk.toml"
        path.write_text(
            f"""
            kiosk = {{id = "essai-01", state = "."}}
            intake = {{port = "/dev/ttyX"}}
            camera = {{source = "{source}"}}
            reward = {{voucher_page = "https://consigne.example/bon", cents = {cents}}}
            city = {{url = "https://consigne.example"}}
            """
        )
        return configured(load(path))

    note = noted("http://viewer:s3cret@camera.example/live?user=viewer&pwd=s3cret", 20)
    assert set(note.facts) == set(TABLE[note.kind].fields)
    assert "s3cret" not in json.dumps(dict(note.facts))
    assert "camera.example/live" in json.dumps(dict(note.facts))
    assert note == noted("http://viewer:other@camera.example/live?user=viewer&pwd=other", 20)
    assert note.facts["sha256"] != noted("http://viewer:s3cret@camera.example/live", 25).facts["sha256"]
