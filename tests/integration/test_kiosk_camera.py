"""A whole kiosk on a twin whose camera goes wrong: it stops, says why in its log, blames no bottle, and goes on by itself."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.vocabulary import Reason
from drivers.camera.faults import CameraFault
from drivers.twin.camera import Spoil
from kiosk.deposit.halts import Halt, NoPicture
from kiosk.deposit.notes import TABLE, NoteKind
from kiosk.deposit.view import Screen, ViewState
from kiosk.workers import chamber
from recognition.codes.likelihood import library
from timing import wait_until
from worlds.installation import CAN, GLASS, Installation, RunningKiosk


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        yield installation


def logged(hall: Installation) -> list[dict[str, Any]]:
    return [json.loads(line) for path in hall.folders.kiosk.glob("log-*.jsonl") for line in path.read_text().splitlines()]


def faults_logged(hall: Installation) -> list[str]:
    return [line["fault"] for line in logged(hall) if line["kind"] == "camera_lost"]


def stopped_by_camera(kiosk: RunningKiosk) -> ViewState:
    return kiosk.until(lambda view: view.screen is Screen.OUT_OF_ORDER and view.halt is Halt.CAMERA)


FAULTS = {
    Spoil.BLACK: "black",
    Spoil.BRIGHT: "over_exposed",
    Spoil.BLURRED: "blurred",
    Spoil.FROZEN: "frozen",
    Spoil.OFF: "unplugged",
}


@pytest.mark.long
def test_a_camera_that_gives_no_good_picture_stops_the_kiosk_until_it_does(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        for spoil in FAULTS:
            hall.say(f"camera {spoil}")
            stopped_by_camera(kiosk)
            hall.say("camera right")
            kiosk.until_screen(Screen.ATTRACT)
        hall.say(GLASS)
        assert kiosk.until(lambda view: view.bottles == 1).cents == 20
    assert faults_logged(hall) == list(FAULTS.values())


@pytest.mark.long
def test_another_camera_in_the_place_of_the_first_takes_nothing_until_it_looks_as_the_first_did_or_a_technician_has_set_it_right(
    hall: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chamber, "CHECK_S", 0.2)
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        wait_until(lambda: any(line["kind"] == "background_taken" for line in logged(hall)))
        hall.say("camera off")
        stopped_by_camera(kiosk)
        hall.say("camera swapped")
        kiosk.until(lambda view: isinstance(view.why, NoPicture) and view.why.fault is CameraFault.MOVED)
        hall.say(GLASS)
        hall.say("camera right")
        assert kiosk.until(lambda view: view.bottles == 1).cents == 20
    assert faults_logged(hall)[:2] == ["unplugged", "moved"]
    assert [line for line in logged(hall) if line["kind"] in {"handed_back", "judged"} and not line.get("accepted", False)] == []


def test_a_camera_that_goes_dark_in_a_visit_keeps_the_sum_and_judges_nothing_in_the_dark(hall: Installation) -> None:
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
        hall.say(GLASS)
        kiosk.until(lambda view: view.bottles == 1)
        hall.say("camera black")
        assert stopped_by_camera(kiosk).cents == 20
        hall.say(CAN)
        hall.say("camera right")
        item = kiosk.until(lambda view: view.item is not None and not view.item.accepted).item
        assert item is not None
        assert item.reason is Reason.CAN
        assert kiosk.until(lambda view: view.screen is Screen.FEEDING).cents == 20
    lines = logged(hall)
    troubles = [line["kind"] for line in lines if line["kind"] in {"camera_lost", "camera_back", "halt", "halt_over"}]
    assert sorted(troubles) == ["camera_back", "camera_lost", "halt", "halt_over"], "each begins once, and ends at the stop at the latest"
    assert [lines[place]["kind"] for place in (0, 1, -1)] == ["started", "configuration", "stopped"]
    for line in lines:
        assert set(line) == {"at", "trusted", "kind", *TABLE[NoteKind(line["kind"])].fields}


def test_a_kiosk_without_the_readers_compiled_part_says_so_at_its_start(
    hall: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "kernels.c"
    other.write_text("/* never compiled */\n", encoding="utf-8")
    monkeypatch.setattr(library, "SOURCE", other)
    with RunningKiosk(hall) as kiosk:
        kiosk.until_screen(Screen.ATTRACT)
    (said,) = (line for line in logged(hall) if line["kind"] == "reader_alone")
    assert str(library.library_path()) in str(said["detail"])
