"""What pictures tell of the camera: the twin's chamber in bad light and out of focus, and how long a fault lasts before it is told."""

import math
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera.faults import CameraFault, CameraTrouble
from drivers.camera.health import BLUR_LIMIT_PX, CLEAR_S, CameraHealth, PictureFigures, fault_in
from drivers.camera.picture import Image, blur_px, change_from, read, sampled
from drivers.camera.source import DEVICE_STALL_S, STALL_S
from drivers.camera.worker import IDLE_EVERY_S
from drivers.twin.items import PICTURES, chamber_items
from drivers.twin.looks import empty, render, seen_through

FRAME_S = 0.04
GOOD = PictureFigures(bright=200.0, saturated=0.0, change=3.0, blur_px=1.0)
BAD = {
    CameraFault.BLACK: PictureFigures(bright=3.0, saturated=0.0, change=0.0, blur_px=math.inf),
    CameraFault.OVER_EXPOSED: PictureFigures(bright=255.0, saturated=0.95, change=0.3, blur_px=1.0),
    CameraFault.FROZEN: PictureFigures(bright=200.0, saturated=0.0, change=0.0, blur_px=1.0),
    CameraFault.BLURRED: PictureFigures(bright=200.0, saturated=0.0, change=2.0, blur_px=4.0),
}


def decoded(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


@pytest.fixture(scope="module")
def chamber() -> list[bytes]:
    return empty(1, count=2)


def fault_of(jpeg: bytes) -> CameraFault | None:
    trouble = fault_in(read(decoded(jpeg), None, sharpness=True)[0])
    return None if trouble is None else trouble.fault


def test_the_empty_chamber_is_a_good_picture(chamber: list[bytes]) -> None:
    first, sample = read(decoded(chamber[0]), None, sharpness=True)
    second, _ = read(decoded(chamber[1]), sample, sharpness=True)
    assert fault_in(first) is fault_in(second) is None
    assert first.change is None


@pytest.mark.parametrize("light", [0.2, 0.5, 0.88, 1.12, 1.5])
def test_weak_and_strong_light_in_which_codes_can_be_read_is_no_fault(chamber: list[bytes], light: float) -> None:
    assert fault_of(seen_through(chamber[0], light, 0.0)) is None


@pytest.mark.parametrize(
    ("light", "blur", "fault"),
    [
        (0.0, 0.0, CameraFault.BLACK),
        (0.1, 0.0, CameraFault.BLACK),
        (2.0, 0.0, CameraFault.OVER_EXPOSED),
        (4.0, 0.0, CameraFault.OVER_EXPOSED),
        (1.0, 1.5, CameraFault.BLURRED),
        (1.0, 20.0, CameraFault.BLURRED),
        (0.3, 2.0, CameraFault.BLURRED),
        (0.3, 10.0, CameraFault.BLURRED),
    ],
)
def test_light_and_focus_in_which_no_code_can_be_read_are_named(
    chamber: list[bytes], light: float, blur: float, fault: CameraFault
) -> None:
    assert fault_of(seen_through(chamber[0], light, blur)) is fault


def test_no_item_is_taken_for_bad_light_or_for_a_frozen_camera() -> None:
    for item in chamber_items().values():
        before = None
        for jpeg in render(item, 5, count=3):
            reading, before = read(decoded(jpeg), before, sharpness=False)
            assert fault_in(reading) is None, item.name


@pytest.mark.parametrize("grey", [20, 250])
def test_an_item_without_any_light_or_shade_before_the_lit_chamber_is_no_fault_of_the_camera(chamber: list[bytes], grey: int) -> None:
    image = decoded(chamber[0])
    image[60:660, 100:1000] = grey
    assert fault_in(read(image, None, sharpness=True)[0]) is None


def test_blur_is_told_alike_in_any_light(chamber: list[bytes]) -> None:
    told = [blur_px(decoded(seen_through(chamber[0], light, 1.5))) for light in (0.5, 0.88, 1.12)]
    assert max(told) - min(told) < 0.1
    assert min(told) > BLUR_LIMIT_PX


def test_more_blur_is_told_as_more(chamber: list[bytes]) -> None:
    told = [blur_px(decoded(seen_through(chamber[0], 1.0, blur))) for blur in (0.0, 0.8, 1.2, 1.5, 2.0, 3.0)]
    assert told == sorted(told)


def test_blur_does_not_depend_on_the_number_of_pixels() -> None:
    image = np.asarray(cv2.imread(str(PICTURES / "chamber_empty.jpg")), np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(image, (0, 0), 1.5), np.uint8)
    larger = np.asarray(cv2.resize(blurred, (1920, 1080), interpolation=cv2.INTER_CUBIC), np.uint8)
    assert blur_px(larger) == pytest.approx(blur_px(blurred), rel=0.15)


def test_a_picture_without_any_edge_is_blurred_beyond_measure() -> None:
    noise = np.random.default_rng(1).normal(128, 4, (720, 1280, 3)).clip(0, 255).astype(np.uint8)
    assert blur_px(noise) == math.inf
    assert blur_px(np.full((720, 1280, 3), 90, np.uint8)) == math.inf


def test_a_chamber_seen_turned_by_a_quarter_is_as_sharp(chamber: list[bytes]) -> None:
    upright = np.ascontiguousarray(np.rot90(decoded(chamber[0])))
    assert blur_px(upright) * upright.shape[1] == pytest.approx(blur_px(decoded(chamber[0])) * 1280, rel=0.05)


def test_two_looks_of_one_scene_differ_and_one_look_does_not_from_itself(chamber: list[bytes]) -> None:
    first, second = (sampled(decoded(jpeg)) for jpeg in chamber)
    assert change_from(first, second) > 1
    assert change_from(first, first) == 0


def test_pictures_of_another_size_are_others() -> None:
    assert change_from(np.zeros((90, 160), np.uint8), np.zeros((60, 80), np.uint8)) == math.inf


def test_a_photograph_on_the_disk_is_judged_as_one_from_a_stream(tmp_path: Path, chamber: list[bytes]) -> None:
    path = tmp_path / "black.png"
    cv2.imwrite(str(path), decoded(seen_through(chamber[0], 0.0, 0.0)))
    image = np.asarray(cv2.imread(str(path)), np.uint8)
    assert str(fault_in(read(image, None, sharpness=False)[0])).startswith("black: ")


def follow(health: CameraHealth, readings: Iterable[tuple[float, PictureFigures]]) -> CameraHealth:
    for at_s, reading in readings:
        health = health.seen(reading, at_s)
    return health


def pictures(reading: PictureFigures, from_s: float, to_s: float, every_s: float) -> list[tuple[float, PictureFigures]]:
    return [(from_s + every_s * n, reading) for n in range(math.ceil((to_s - from_s) / every_s - 1e-9))]


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("every_s", [FRAME_S, 0.2, IDLE_EVERY_S])
def test_every_fault_is_told_within_two_seconds_of_its_beginning(fault: CameraFault, every_s: float) -> None:
    """The worst moment to begin is just after a good picture; for a frozen camera that picture is the one repeated."""
    health = follow(CameraHealth(), pictures(GOOD, 0.0, 10.0, every_s))
    last_good_s = health.last_s
    bad = follow(health, pictures(BAD[fault], last_good_s + every_s, last_good_s + 2.0, every_s))
    assert bad.told is not None
    assert bad.told.fault is fault


@pytest.mark.parametrize("fault", BAD)
def test_a_fault_that_does_not_last_is_not_told_but_its_pictures_are_not_used(fault: CameraFault) -> None:
    health = follow(CameraHealth(), [*pictures(GOOD, 0.0, 5.0, FRAME_S), *pictures(BAD[fault], 5.0, 5.8, FRAME_S)])
    assert (health.told, health.usable) == (None, False)
    assert follow(health, [(5.8, GOOD)]) == CameraHealth(None, usable=True, suspect=None, since_s=5.8, last_s=5.8)


def test_faults_that_take_turns_with_good_pictures_are_never_told() -> None:
    flicker = [(n * FRAME_S, BAD[CameraFault.BLACK] if n % 2 else GOOD) for n in range(500)]
    assert follow(CameraHealth(), flicker).told is None


@pytest.mark.parametrize("fault", BAD)
def test_a_told_fault_ends_when_pictures_have_been_good_for_a_while(fault: CameraFault) -> None:
    told = follow(CameraHealth(), pictures(BAD[fault], 0.0, 5.0, FRAME_S))
    assert told.told is not None
    assert follow(told, pictures(GOOD, 5.0, 5.0 + CLEAR_S - 0.1, FRAME_S)).told is not None
    assert follow(told, pictures(GOOD, 5.0, 5.0 + CLEAR_S + 0.1, FRAME_S)).told is None


def test_one_bad_picture_begins_the_waiting_anew() -> None:
    told = follow(CameraHealth(), pictures(BAD[CameraFault.BLACK], 0.0, 5.0, FRAME_S))
    again = follow(told, [*pictures(GOOD, 5.0, 5.9, FRAME_S), (5.9, BAD[CameraFault.BLACK]), *pictures(GOOD, 5.95, 6.9, FRAME_S)])
    assert again.told is not None


def test_blur_does_not_end_by_not_being_looked_at() -> None:
    unlooked = PictureFigures(bright=200.0, saturated=0.0, change=3.0)
    told = follow(CameraHealth(), pictures(BAD[CameraFault.BLURRED], 0.0, 5.0, IDLE_EVERY_S))
    assert follow(told, pictures(unlooked, 5.0, 60.0, FRAME_S)).told is not None
    assert follow(told, [*pictures(unlooked, 5.0, 60.0, FRAME_S), (60.0, GOOD)]).told is None


def test_a_fault_that_becomes_another_is_told_as_that_one() -> None:
    dark = follow(CameraHealth(), pictures(BAD[CameraFault.BLACK], 0.0, 5.0, IDLE_EVERY_S))
    health = follow(dark, pictures(BAD[CameraFault.BLURRED], 5.0, 7.0, IDLE_EVERY_S))
    assert health.told is not None
    assert health.told.fault is CameraFault.BLURRED


def test_the_told_fault_holds_what_was_measured_and_the_limit() -> None:
    blurred = follow(CameraHealth(), pictures(BAD[CameraFault.BLURRED], 0.0, 5.0, IDLE_EVERY_S))
    assert blurred.told == CameraTrouble(CameraFault.BLURRED, 4.0, BLUR_LIMIT_PX)
    frozen = follow(CameraHealth(), [*pictures(GOOD, 0.0, 5.0, IDLE_EVERY_S), *pictures(BAD[CameraFault.FROZEN], 5.0, 7.0, IDLE_EVERY_S)])
    assert str(frozen.told) == "frozen: 1.5, limit 1.4"


def test_a_source_that_is_lost_is_told_at_once_and_is_back_with_the_first_good_picture() -> None:
    unplugged = CameraTrouble(CameraFault.UNPLUGGED, detail="cannot be opened")
    health = follow(CameraHealth(), pictures(GOOD, 0.0, 5.0, FRAME_S)).lost(unplugged)
    assert health.told is unplugged
    assert health.lost(CameraTrouble(CameraFault.UNPLUGGED, detail="not there")).told is unplugged
    assert health.seen(GOOD, 9.0).told is None


def test_a_source_that_comes_back_dark_is_not_back() -> None:
    health = CameraHealth().lost(CameraTrouble(CameraFault.UNPLUGGED, detail="cannot be opened"))
    first = health.seen(BAD[CameraFault.BLACK], 9.0)
    assert first.told is not None
    assert first.told.fault is CameraFault.UNPLUGGED
    later = follow(first, pictures(BAD[CameraFault.BLACK], 9.0, 11.0, FRAME_S))
    assert later.told is not None
    assert later.told.fault is CameraFault.BLACK


def test_pictures_that_nobody_judges_are_good() -> None:
    health = CameraHealth().lost(CameraTrouble(CameraFault.UNREADABLE, detail="a folder without pictures"))
    assert health.seen(None, 1.0).told is None


def test_silence_is_told_within_two_seconds_whatever_the_pace() -> None:
    assert IDLE_EVERY_S + STALL_S < 2.0
    assert DEVICE_STALL_S < 2.0
