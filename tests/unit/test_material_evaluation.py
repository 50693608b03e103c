"""What is measured of the net: rates, calibration, what is paid at which price; and the command that tells it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from commands.pictures import colour_picture
from drivers.twin.items import PICTURES
from recognition.material import KINDS, Said
from recognition.material_evaluation import Told, balanced, calibration_error, confusion, coverage_at, curve, figures, limit_for, shares
from recognition.verdict import Made, MaterialVote

MADE = {"glass_bottle": Made.GLASS, "plastic_bottle": Made.PLASTIC, "can": Made.OTHER, "other": Made.OTHER}


def told(kind: str, given: str, confidence: float, *, material: str | None = "glass", pays: bool = False, sure: bool = True) -> Told:
    kinds = tuple(confidence if name == given else (1 - confidence) / 3 for name in KINDS)
    vote = MaterialVote(MADE[given] if sure else Made.UNSURE, confidence)
    return Told("one.jpg", kind, material, Said(kinds, (1.0, 0, 0, 0, 0, 0), given, vote, pays))


def test_balanced_is_the_mean_of_the_rates_of_those_that_occur() -> None:
    assert balanced(["other"] * 9 + ["can"], ["other"] * 10, KINDS) == pytest.approx(0.5)


def test_what_is_no_bottle_may_be_told_for_another_that_is_none() -> None:
    found = shares([told("can", "other", 0.9), told("can", "glass_bottle", 0.9), told("can", "glass_bottle", 0.6, sure=False)])
    assert (found.right, found.sure, found.wrong_and_sure) == pytest.approx((0, 2 / 3, 1 / 3))


def test_a_net_that_is_as_sure_as_it_is_right_has_no_calibration_error() -> None:
    honest = [told("can", "can", 0.8)] * 8 + [told("can", "other", 0.8)] * 2
    assert calibration_error(honest) == pytest.approx(0)
    boasting = [told("can", "can", 0.99)] * 5 + [told("can", "other", 0.99)] * 5
    assert calibration_error(boasting) == pytest.approx(0.49)


def test_a_limit_pays_no_more_of_what_is_no_bottle_than_it_was_set_for() -> None:
    some = [
        told("glass_bottle", "glass_bottle", 0.99),
        told("glass_bottle", "plastic_bottle", 0.95),
        told("glass_bottle", "glass_bottle", 0.8),
    ]
    some += [told("other", "glass_bottle", 0.9), *[told("other", "other", 0.9)] * 9]
    assert limit_for(some, 0) == 0.95
    assert limit_for(some, 0.1) == 0.8
    # the bottle that was taken for plastic is paid, and is not right
    assert coverage_at(some, 0) == pytest.approx(1 / 3)
    assert coverage_at(some, 0.1) == pytest.approx(2 / 3)
    assert [limit for limit, _, _ in curve(some)] == [1.0, 0.99, 0.95, 0.9, 0.8]


def test_figures_hold_what_others_rely_on_and_leave_out_a_material_that_nobody_knows() -> None:
    found = figures(
        [
            told("glass_bottle", "glass_bottle", 0.9, pays=True),
            told("other", "other", 0.9, material=None),
            told("can", "plastic_bottle", 0.9, pays=True, material="metal"),
        ]
    )
    assert {"accuracy", "balanced_accuracy", "kiosk_accuracy", "kiosk_balanced_accuracy", "ece", "false_pay", "coverage"} <= found.keys()
    assert (found["n"], found["accuracy"], found["coverage"], found["false_pay"]) == (3, 0.5, 1.0, 0.5)
    assert confusion([told("can", "other", 0.9)])[2, 3] == 1


def consigne(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "CONSIGNE_LANG": "en"}
    return subprocess.run([sys.executable, "-m", "commands", *words], capture_output=True, text=True, check=False, env=environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(("glass_brown_33_006", "pet_clear_50_005", "can_33_004", "carton_000")):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), cv2.resize(colour_picture(PICTURES / f"{name}.jpg"), (640, 360)))
    rows = (
        "0.jpg,glass_bottle,glass,brown",
        "1.jpg,plastic_bottle,pet,clear",
        "2.jpg,can,aluminium,",
        "3.jpg,other,carton,",
        "gone.jpg,unclear,,",
    )
    (tmp_path / "labels.csv").write_text("file,class,material,colour\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_a_folder_is_evaluated_as_json_and_one_page(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = consigne("evaluate", "material", str(folder), "--json", "--html", str(page))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["n"] == 4
    assert set(found["by"]["colour"]) == {"", "brown", "clear"}
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 2
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_the_same_as_text(folder: Path) -> None:
    done = consigne("evaluate", "material", str(folder))
    assert done.returncode == 0, done.stderr
    assert "By colour:" in done.stdout
    assert "calibration error" in done.stdout


@pytest.mark.parametrize(
    ("labels", "named"),
    [
        (None, "labels.csv"),
        ("file,kind\n0.jpg,can\n", "class"),
        ("file,class\n0.jpg,amphora\n", "glass_bottle"),
        ("file,class\nnone.jpg,can\n", "none.jpg"),
        ("file,class\nlabels.csv,can\n", "labels.csv"),
        ("file,class\n0.jpg,can,more\n", "line 2"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_with_what_to_do(folder: Path, labels: str | None, named: str) -> None:
    if labels is None:
        (folder / "labels.csv").unlink()
    else:
        (folder / "labels.csv").write_text(labels, encoding="utf-8")
    done = consigne("evaluate", "material", str(folder))
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_a_picture_that_is_cut_off_is_told(folder: Path) -> None:
    data = (folder / "2.jpg").read_bytes()
    (folder / "2.jpg").write_bytes(data[: len(data) // 2])
    done = consigne("evaluate", "material", str(folder))
    assert done.returncode == 2
    assert "2.jpg" in done.stderr


def test_pictures_without_a_class_that_is_known_are_nobodys_to_judge(folder: Path) -> None:
    (folder / "labels.csv").write_text("file,class\n0.jpg,empty\n", encoding="utf-8")
    assert consigne("evaluate", "material", str(folder)).returncode == 2


def test_an_array_of_one_class_is_balanced_by_that_class_alone() -> None:
    assert figures([told("can", "can", 0.9, material="metal")])["kiosk_balanced_accuracy"] == 1.0
