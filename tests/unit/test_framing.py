"""The camera's place, taken anew and compared with the picture that was kept before; and how wide its picture is, by the printed target."""

import re
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from config.settings import Settings, load
from drivers.camera.target import TARGET_MM, TARGET_TEXT
from drivers.twin.looks import PICTURE_MM, empty, with_sheet
from kiosk.calibration.framing import Measured, measured, taken_anew
from kiosk.calibration.kept import keep as keep_line
from kiosk.calibration.kept import read_history
from kiosk.calibration.target import page
from kiosk.console.calibrating.told import Framed, SetRight, What
from kiosk.console.calibrating.wrong import NoChamber, TargetTilted, TargetUnseen
from recognition.shape.background import Framing, NotOneChamber, keep, kept, taken
from simulation.processes import Folders, write_configuration

PICTURES = [np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8) for jpeg in empty(1)]


def moved(right_px: int, down_px: int) -> list[NDArray[np.uint8]]:
    return [np.roll(picture, (down_px, right_px), axis=(0, 1)) for picture in PICTURES]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    values: dict[str, dict[str, object]] = {
        "kiosk": {"id": "essai-01", "state": str(tmp_path)},
        "intake": {"port": "/dev/consigne-intake"},
        "camera": {"source": "/dev/consigne-camera"},
        "reward": {"voucher_page": "https://consigne.example/bon"},
        "city": {"url": "https://consigne.example"},
    }
    folders = Folders(tmp_path)
    write_configuration(folders, values)
    return load(folders.configuration)


def test_the_first_picture_of_the_chamber_has_none_before_it(settings: Settings) -> None:
    found = taken_anew(PICTURES, settings)
    assert (found.old, found.new) == (Framed(taken=False), Framed(taken=True))


def test_a_camera_that_looks_elsewhere_is_told_in_millimetres(settings: Settings) -> None:
    keep(settings.files.background, taken(PICTURES, Framing(0.1, 0.1, 0.9, 0.9, 298.0)))
    found = taken_anew(moved(0, 24), settings)
    assert found.new.picture_mm == 298.0
    assert found.new.right == pytest.approx(0, abs=0.5)
    assert found.new.down == pytest.approx(24 * 298 / 1280, abs=0.5)
    assert found.background.framing == Framing(0.1, 0.1, 0.9, 0.9, 298.0)


def test_a_damaged_picture_is_as_none(settings: Settings) -> None:
    settings.files.background.write_bytes(b"torn")
    assert not taken_anew(PICTURES, settings).old.taken


def test_nothing_is_taken_of_a_chamber_in_which_something_moves(settings: Settings) -> None:
    with pytest.raises(NotOneChamber):
        taken_anew([*PICTURES, np.full_like(PICTURES[0], 200)], settings)


def with_target(place: int = 1) -> list[NDArray[np.uint8]]:
    return [
        np.asarray(cv2.imdecode(np.frombuffer(with_sheet(jpeg, None, place), np.uint8), cv2.IMREAD_COLOR), np.uint8) for jpeg in empty(1)
    ]


def leaning(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As a target is seen whose right edge lies higher than its left."""
    height, width = picture.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    nearer = np.array([(0, 0.2 * height), (width, 0), (width, height), (0, 0.8 * height)], np.float32)
    return np.asarray(cv2.warpPerspective(picture, cv2.getPerspectiveTransform(corners, nearer), (width, height)), np.uint8)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_printed_target_says_how_wide_the_picture_is_and_the_chamber_s_place_and_picture_stay(settings: Settings, place: int) -> None:
    keep(settings.files.background, before := taken(PICTURES, Framing(0.1, 0.1, 0.9, 0.9, 350.0)))
    found = measured(with_target(place), settings)
    assert isinstance(found, Measured)
    assert found.old.picture_mm == 350.0
    assert found.new.picture_mm == pytest.approx(PICTURE_MM, rel=0.01)
    keep(settings.files.background, found.background)
    after = kept(settings.files.background)
    assert after is not None
    assert after.framing == Framing(0.1, 0.1, 0.9, 0.9, found.new.picture_mm)
    assert np.array_equal(after.mean, before.mean)


def test_without_a_picture_of_the_chamber_or_the_target_or_with_one_that_leans_nothing_is_measured(settings: Settings) -> None:
    assert measured(with_target(), settings) == NoChamber()
    settings.files.background.write_bytes(b"torn")
    assert measured(with_target(), settings) == NoChamber()
    keep(settings.files.background, taken(PICTURES))
    assert measured(PICTURES, settings) == TargetUnseen()
    assert measured([*with_target()[:2], *PICTURES], settings) == TargetUnseen(), "a target that is taken away again"
    assert isinstance(measured([leaning(picture) for picture in with_target()], settings), TargetTilted)


def test_another_code_of_whatever_size_is_no_target(settings: Settings) -> None:
    keep(settings.files.background, taken(PICTURES))
    other = cv2.imencode(
        ".png", cv2.copyMakeBorder(cv2.QRCodeEncoder.create().encode("CONSIGNE 61 MM"), 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=255)
    )[1]
    sheets = [
        np.asarray(cv2.imdecode(np.frombuffer(with_sheet(jpeg, other.tobytes(), 1), np.uint8), cv2.IMREAD_COLOR), np.uint8)
        for jpeg in empty(1)
    ]
    assert measured(sheets, settings) == TargetUnseen()


def test_what_was_measured_stands_in_the_history_by_whom_and_from_what_to_what(tmp_path: Path) -> None:
    at = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    first = SetRight(What.WIDTH, Framed(taken=True), Framed(taken=True, picture_mm=298.4), at, "101")
    again = SetRight(What.WIDTH, first.new, Framed(taken=True, picture_mm=301.0), at.replace(hour=12), "102")
    for one in (first, again):
        keep_line(tmp_path / "kiosk.db", one)
    assert read_history(tmp_path / "kiosk.db") == (again, first)


def test_the_page_in_the_documents_is_the_target_and_its_code_is_as_wide_as_it_says() -> None:
    svg = (Path(__file__).parents[2] / "docs/target.svg").read_text(encoding="utf-8")
    assert svg == page()
    scale = re.search(r"scale\(([0-9.]+)\)", svg)
    modules = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg)]
    assert scale is not None
    across = 1 + max(x for x, _ in modules)
    assert across * float(scale[1]) == pytest.approx(TARGET_MM, abs=0.01)
    drawn = np.full((across + 8, across + 8), 255, np.uint8)
    for x, y in modules:
        drawn[y + 4, x + 4] = 0
    (code,) = zxingcpp.read_barcodes(np.kron(drawn, np.ones((8, 8), np.uint8)))
    assert code.text == TARGET_TEXT
