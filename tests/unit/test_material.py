"""What the net says of pictures, and what becomes of a model that cannot be used."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from commands.pictures import colour_picture
from drivers.twin.items import PICTURES
from recognition.material import (
    FRAME,
    INPUT,
    KINDS,
    MATERIALS,
    WEIGHTS,
    Calibration,
    Logits,
    Model,
    ModelDamaged,
    ModelMissing,
    ModelOfAnotherVersion,
    Picture,
    framed,
    read_model,
    said,
    turned,
)
from recognition.verdict import Made

CALIBRATION = Calibration(
    name="test",
    sha256="",
    kind_priors=(0.25, 0.25, 0.25, 0.25),
    kind_temperature=1.0,
    material_temperature=1.0,
    sure_from={Made.GLASS: 0.8, Made.PLASTIC: 0.8, Made.OTHER: 0.9},
    pays_from=0.95,
)


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model()


def logits(*kinds: float) -> Logits:
    return np.log(np.array([*kinds, *(1 / 6,) * 6], np.float32))


def chamber(name: str) -> Picture:
    return colour_picture(PICTURES / name)


@pytest.mark.parametrize(
    ("kinds", "made", "pays"),
    [
        ((0.97, 0.01, 0.01, 0.01), Made.GLASS, True),
        ((0.85, 0.05, 0.05, 0.05), Made.GLASS, False),
        ((0.6, 0.3, 0.05, 0.05), Made.UNSURE, False),
        ((0.01, 0.98, 0.005, 0.005), Made.PLASTIC, True),
        # a can or a tin: whichever, it is no bottle
        ((0.04, 0.04, 0.46, 0.46), Made.OTHER, False),
        ((0.1, 0.1, 0.2, 0.6), Made.UNSURE, False),
    ],
)
def test_below_its_limit_an_answer_is_unsure_and_only_a_sure_bottle_would_be_paid(kinds: tuple[float, ...], made: Made, pays: bool) -> None:
    found = said(logits(*kinds), CALIBRATION)
    assert (found.vote.made, found.pays) == (made, pays)
    assert sum(found.kinds) == pytest.approx(1)
    assert sum(found.materials) == pytest.approx(1)


def test_a_higher_temperature_is_less_sure_of_the_same_answer() -> None:
    sure, unsure = (said(logits(0.9, 0.05, 0.03, 0.02), replace(CALIBRATION, kind_temperature=value)) for value in (1.0, 2.0))
    assert sure.kind == unsure.kind == "glass_bottle"
    assert max(unsure.kinds) < max(sure.kinds)


def test_between_two_answers_as_likely_the_one_that_was_rarer_in_training_is_given() -> None:
    rare = replace(CALIBRATION, kind_priors=(0.1, 0.1, 0.05, 0.75))
    assert said(logits(0.4, 0.02, 0.01, 0.57), CALIBRATION).kind == "other"
    found = said(logits(0.4, 0.02, 0.01, 0.57), rare)
    assert (found.kind, found.vote.made, found.pays) == ("glass_bottle", Made.UNSURE, False)
    assert found.confidence == pytest.approx(0.4)


@pytest.mark.parametrize("shape", [(720, 1280), (1280, 720), (132, 176), (7, 900), (2000, 30), (1, 1)])
def test_a_picture_of_any_size_is_shown_whole_in_the_proportions_of_the_frame(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 200, np.uint8)
    assert framed(picture).shape == (FRAME[1], FRAME[0], 3)
    assert turned(framed(picture), 3).shape == (INPUT[1], INPUT[0], 3)
    assert set(np.unique(framed(picture))) == {200}


def test_a_picture_that_is_halved_first_is_shown_as_one_that_is_not() -> None:
    picture = chamber("glass_brown_33_006.jpg")
    width, height = FRAME[0], round(FRAME[0] * picture.shape[0] / picture.shape[1])
    above = (FRAME[1] - height) // 2
    shown = framed(picture)[above : above + height].astype(int)
    at_once = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    assert np.abs(shown - at_once).mean() < 1


def test_what_stands_upright_in_a_picture_is_shown_lying() -> None:
    upright = np.zeros((400, 300, 3), np.uint8)
    upright[:100] = 255
    shown = framed(upright)
    assert shown[:, :20].mean() > 250
    assert shown[:, -20:].mean() < 5


def test_looks_of_one_item_are_shown_in_four_ways_and_then_again() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (264, 352, 3)).astype(np.uint8)
    ways = [turned(picture, number) for number in range(5)]
    assert len({way.tobytes() for way in ways}) == 4
    assert (ways[0] == ways[4]).all()


def test_several_looks_are_added_up() -> None:
    model = Model(cv2.dnn.Net(), CALIBRATION)
    one, other = logits(0.98, 0.01, 0.005, 0.005), logits(0.3, 0.6, 0.05, 0.05)
    assert model.said([one, other]).kind == "glass_bottle"
    assert max(model.said([one, other]).kinds) < max(model.said([one, one]).kinds)


@pytest.mark.parametrize("dtype_of", ["grey", "large", "small"])
def test_pictures_of_other_sizes_and_kinds_are_answered(model: Model, dtype_of: str) -> None:
    picture = chamber("glass_brown_33_006.jpg")
    shown = {
        "grey": cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR),
        "large": cv2.resize(picture, (4000, 2250)),
        "small": cv2.resize(picture, (64, 36)),
    }[dtype_of].astype(np.uint8)
    found = model.said([model.look(shown, number) for number in range(4)])
    assert found.kind in KINDS
    assert found.material in MATERIALS


def test_the_weights_that_came_with_the_program_are_small_and_those_that_are_named() -> None:
    assert (WEIGHTS / "material.onnx").stat().st_size <= 3_000_000
    assert read_model().calibration.name == json.loads((WEIGHTS / "material.json").read_text(encoding="utf-8"))["name"]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in ("material.onnx", "material.json"):
        shutil.copy(WEIGHTS / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["material.onnx", "material.json"])
def test_a_file_that_is_missing_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelMissing, match=name):
        read_model(copied)


def test_weights_with_one_byte_changed_or_cut_off_are_damaged(copied: Path) -> None:
    path = copied / "material.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelDamaged, match=r"material\.onnx"):
        read_model(copied)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelDamaged):
        read_model(copied)


def test_weights_that_are_no_net_are_damaged_though_they_are_named(copied: Path) -> None:
    import hashlib

    (copied / "material.onnx").write_bytes(b"no net")
    told = json.loads((copied / "material.json").read_text(encoding="utf-8")) | {"sha256": hashlib.sha256(b"no net").hexdigest()}
    (copied / "material.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ModelDamaged):
        read_model(copied)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"version": 1}, ModelOfAnotherVersion),
        ({"version": None}, ModelOfAnotherVersion),
        ({"kind_temperature": "warm"}, ModelDamaged),
        ({"sure_from": {"glass": 0.9}}, ModelDamaged),
    ],
)
def test_a_description_of_another_version_or_half_right_is_refused(copied: Path, change: dict[str, object], error: type[Exception]) -> None:
    path = copied / "material.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(error):
        read_model(copied)


def test_a_description_that_is_no_json_is_damaged(copied: Path) -> None:
    (copied / "material.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelDamaged):
        read_model(copied)
