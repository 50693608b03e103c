"""What the twin's camera would see of an item."""

import hashlib
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.twin.items import Item, Picture, PictureUnreadable, chamber_items
from drivers.twin.looks import HEIGHT, WIDTH, empty, in_the_dark, render, seen_through
from recognition.codes.cascade import read_look

Image = NDArray[np.uint8]


def seen(jpeg: bytes) -> Image:
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return image.astype(np.uint8, copy=False)


def photograph(folder: Path, width: int, height: int) -> Item:
    """A white photograph as an item."""
    path = folder / "white.png"
    cv2.imwrite(str(path), np.full((height, width), 255, np.uint8))
    return Item("white.png", "real", (), 25, False, (Picture(path, 0, in_chamber=False),))


@pytest.fixture(scope="module")
def items() -> dict[str, Item]:
    return chamber_items()


def test_the_same_seed_gives_the_same_looks_and_another_gives_others(items: dict[str, Item]) -> None:
    bottle = items["pet_clear_50"]
    assert render(bottle, 1, 5, count=2) == render(bottle, 1, 5, count=2)
    assert render(bottle, 1, 5, count=2) != render(bottle, 2, 5, count=2)


def test_another_process_makes_the_same_looks(items: dict[str, Item]) -> None:
    program = (
        "import sys, hashlib; from drivers.twin.items import chamber_items; from drivers.twin.looks import render;"
        "sys.stdout.write(hashlib.sha256(b''.join(render(chamber_items()['jar'], 7, count=2))).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert there == hashlib.sha256(b"".join(render(items["jar"], 7, count=2))).hexdigest()


def test_the_looks_of_one_item_differ_from_each_other(items: dict[str, Item]) -> None:
    assert len(set(render(items["pet_clear_50"], 1, 5))) == 8


@pytest.mark.parametrize(("roll_deg", "read"), [(2, True), (350, True), (190, False)])
def test_the_side_nearest_to_the_roll_is_seen(items: dict[str, Item], roll_deg: float, read: bool) -> None:
    bottle = items["glass_green_75"]
    looks = [read_look(seen(jpeg), number) for number, jpeg in enumerate(render(bottle, 3, roll_deg, count=3))]
    assert [look.codes == set(bottle.codes) for look in looks] == [read] * 3


def test_a_side_drawn_with_the_seed_is_not_always_the_same(items: dict[str, Item]) -> None:
    bottle = items["glass_brown_33"]
    read = {bool(read_look(seen(render(bottle, seed, count=1)[0]), 0).codes) for seed in range(8)}
    assert read == {True, False}


def test_the_empty_chamber_has_the_size_of_every_look_and_no_code(items: dict[str, Item]) -> None:
    look = seen(empty(1, count=1)[0])
    assert look.shape == seen(render(items["can_33"], 1, count=1)[0]).shape == (HEIGHT, WIDTH, 3)
    assert read_look(look, 0).codes == frozenset()


def test_a_small_photograph_is_shown_in_its_own_size(tmp_path: Path) -> None:
    look = seen(render(photograph(tmp_path, 300, 200), 1, count=1)[0])
    assert look.shape == (HEIGHT, WIDTH, 3)
    assert np.count_nonzero(look[:, :, 0] > 180) == pytest.approx(300 * 200, rel=0.02)


def test_a_large_photograph_is_scaled_down_whole(tmp_path: Path) -> None:
    look = seen(render(photograph(tmp_path, 1000, 2000), 1, count=1)[0])
    assert np.count_nonzero(look[:, :, 0] > 180) == pytest.approx(360 * 720, rel=0.02)


def test_a_picture_that_vanished_is_named(tmp_path: Path) -> None:
    item = photograph(tmp_path, 30, 20)
    item.pictures[0].path.unlink()
    with pytest.raises(PictureUnreadable):
        render(item, 1)


def test_no_two_looks_of_the_empty_chamber_are_the_same_as_a_real_sensor_has_noise() -> None:
    looks = empty(1)
    assert len(set(looks)) == 8
    assert empty(1) == looks


def test_a_look_in_weak_light_is_darker_in_proportion(items: dict[str, Item]) -> None:
    look = render(items["jar"], 1, 5, count=1)[0]
    assert seen(seen_through(look, 0.5, 0.0)).mean() == pytest.approx(seen(look).mean() / 2, rel=0.02)
    assert seen(seen_through(look, 0.0, 0.0)).mean() < 5


def test_a_look_out_of_focus_has_lost_its_code_and_not_its_light(items: dict[str, Item]) -> None:
    look = render(items["jar"], 1, 5, count=1)[0]
    blurred = seen(seen_through(look, 1.0, 4.0))
    assert read_look(seen(look), 0).codes
    assert not read_look(blurred, 0).codes
    assert blurred.mean() == pytest.approx(seen(look).mean(), abs=1)


def test_the_same_look_seen_alike_is_the_same(items: dict[str, Item]) -> None:
    look = render(items["jar"], 1, 5, count=1)[0]
    assert seen_through(look, 0.7, 1.0) == seen_through(look, 0.7, 1.0)


def test_with_the_lamp_off_only_what_was_drawn_so_is_to_be_seen() -> None:
    items = chamber_items()
    dark = in_the_dark(items["phone"], 1)
    assert dark is not None
    assert in_the_dark(items["glass_brown_33"], 1) is None
    assert in_the_dark(items["phone"], 1) == dark
