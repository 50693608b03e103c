"""What can be put into the twin's chamber, and folders that cannot be used."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from config.files import NotText
from drivers.twin.items import (
    EMPTY_PICTURE,
    FRAME_COLUMNS,
    PICTURES,
    LabelsMissing,
    LabelsWrong,
    PictureUnreadable,
    chamber_items,
    frame_items,
)

HEADER = ",".join(FRAME_COLUMNS)


def folder_of(folder: Path, *lines: str, header: str = HEADER) -> Path:
    """A folder with one sound picture ``a.jpg`` and a labels.csv of these lines."""
    cv2.imwrite(str(folder / "a.jpg"), np.full((40, 60), 200, np.uint8))
    (folder / "labels.csv").write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return folder


def test_the_chambers_items_have_their_sides_weight_and_metal() -> None:
    items = chamber_items()
    can, bottle = items["can_33"], items["glass_brown_33"]
    assert (can.weight_g, can.metal, can.codes) == (13, True, ("9521065324623",))
    assert (bottle.weight_g, bottle.metal, bottle.kind) == (200, False, "glass_bottle")
    assert [side.roll_deg for side in bottle.pictures] == [6, 48, 165]
    assert len(items["two_at_once"].codes) == 2
    assert items["pet_nolabel"].codes == ()


def test_the_empty_chamber_is_no_item_and_every_picture_belongs_to_one() -> None:
    items = chamber_items()
    assert "chamber_empty" not in items
    sides = [side for item in items.values() for side in item.pictures]
    of_items = {side.path for side in sides} | {side.dark for side in sides if side.dark is not None}
    assert of_items | {EMPTY_PICTURE} == set(PICTURES.glob("*.jpg"))


def test_each_photograph_is_an_item_named_by_its_file(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "a.jpg,4006381333931|96385074,EAN13,real,somewhere,easy")
    (item,) = frame_items(folder).values()
    assert (item.name, item.codes, item.kind, item.metal) == ("a.jpg", ("4006381333931", "96385074"), "real", False)
    assert item.weight_g == 25


def test_a_photograph_without_a_code_is_an_item_all_the_same(tmp_path: Path) -> None:
    (item,) = frame_items(folder_of(tmp_path, "a.jpg,,OTHER,negative,somewhere,")).values()
    assert item.codes == ()


def test_a_folder_without_labels_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelsMissing) as caught:
        frame_items(tmp_path)
    assert caught.value.folder == tmp_path


@pytest.mark.parametrize(
    ("lines", "line", "found"),
    [
        ((), 2, "nothing"),
        (("a.jpg,400638133393,EAN13,real,x,easy",), 2, "400638133393"),
        (("a.jpg,,,negative,x,", "a.jpg,,,negative,x,"), 3, "a.jpg again"),
        (("a.jpg,,,negative",), 2, "another number of values"),
        (("a.jpg,,,negative,x,,more",), 2, "another number of values"),
    ],
)
def test_a_wrong_line_is_named_with_what_was_found(tmp_path: Path, lines: tuple[str, ...], line: int, found: str) -> None:
    with pytest.raises(LabelsWrong) as caught:
        frame_items(folder_of(tmp_path, *lines))
    assert caught.value.line == line
    assert found in caught.value.found
    assert caught.value.path == tmp_path / "labels.csv"


def test_another_table_is_named_with_the_columns_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(LabelsWrong) as caught:
        frame_items(folder_of(tmp_path, "a.jpg,4006381333931", header="picture,code"))
    assert (caught.value.line, caught.value.found) == (1, "picture,code")
    assert HEADER in caught.value.allowed


def test_labels_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_bytes(b"\xff\xfe\x00f")
    with pytest.raises(NotText) as caught:
        frame_items(tmp_path)
    assert caught.value.path == tmp_path / "labels.csv"


def test_a_picture_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureUnreadable) as caught:
        frame_items(folder_of(tmp_path, "b.jpg,,,negative,x,"))
    assert caught.value.path == tmp_path / "b.jpg"


@pytest.mark.parametrize("damage", ["no picture", "cut off", "empty"])
def test_a_picture_that_cannot_be_read_is_named(tmp_path: Path, damage: str) -> None:
    folder = folder_of(tmp_path, "a.jpg,,,negative,x,")
    whole = (folder / "a.jpg").read_bytes()
    (folder / "a.jpg").write_bytes({"no picture": b"hello", "cut off": whole[: len(whole) // 2], "empty": b""}[damage])
    with pytest.raises(PictureUnreadable) as caught:
        frame_items(folder)
    assert caught.value.path == folder / "a.jpg"
