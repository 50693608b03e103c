"""The camera's place, taken anew and compared with the picture that was kept before."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from config.settings import Settings, load
from drivers.twin.looks import empty
from kiosk.calibration.framing import taken_anew
from kiosk.console.calibrating.told import Framed
from recognition.shape.background import Framing, NotOneChamber, keep, taken
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
