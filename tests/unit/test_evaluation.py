"""What is measured of the reader: rates, intervals and wrong values, and the command that tells them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from commands.pictures import NoSuchPicture, grey_picture
from recognition.codes.cascade import read_look
from recognition.evaluation import Answer, Outcome, Sample, by_field, figures, fitted, rate_of

BEER, WATER = "4006381333931", "3760020509002"


def outcome(given: set[str], right: set[str], *, severity: str = "easy", kind: str = "real") -> Outcome:
    answer = Answer(frozenset(given), 2.0)
    return Outcome(Sample("one.jpg", frozenset(right), kind, "here", severity), answer, answer, {"pyzbar": answer, "zxing": answer})


def test_one_right_value_is_read_and_nothing_else_is() -> None:
    outcomes = [outcome({BEER}, {BEER}), outcome(set(), {BEER}), outcome({BEER, WATER}, {BEER}), outcome({WATER}, {BEER, WATER})]
    rate = rate_of(outcomes)
    assert (rate.n, rate.read_rate, rate.wrong) == (4, 0.5, 1)
    assert rate.low <= rate.read_rate <= rate.high


def test_a_value_on_a_picture_without_a_code_is_wrong_and_counts_in_no_rate() -> None:
    rate = rate_of([outcome({BEER}, set(), kind="negative"), outcome({BEER}, {BEER})])
    assert (rate.n, rate.read_rate, rate.wrong, rate.without_code) == (1, 1.0, 1, 1)


def test_figures_are_given_by_severity_and_are_the_same_each_time() -> None:
    outcomes = [outcome({BEER}, {BEER}), outcome(set(), {BEER}, severity="hard")]
    assert {name: rate.read_rate for name, rate in by_field(outcomes, "severity").items()} == {"easy": 1.0, "hard": 0.0}
    found = figures(outcomes)
    assert found == figures(outcomes)
    assert {"n", "read_rate", "wrong", "by", "ms", "bare_ms", "decoders_ms", "stage_adds_ms"} <= found.keys()
    assert found["not_read"] == ["one.jpg"]


def test_a_small_picture_is_not_enlarged() -> None:
    small = np.zeros((100, 200), np.uint8)
    assert fitted(small, (1280, 720)) is small
    assert fitted(np.zeros((1440, 1280), np.uint8), (1280, 720)).shape == (720, 640)


def photograph(code: str) -> NDArray[np.uint8]:
    bars = np.array(
        zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.EAN13), scale=3, add_quiet_zones=True)
    )
    return np.pad(bars.reshape(bars.shape[0], bars.shape[1]), 40, constant_values=255).astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "beer.png"), photograph(BEER))
    cv2.imwrite(str(tmp_path / "none.png"), np.full((200, 300), 128, np.uint8))
    labels = f"file,gtin,symbology,kind,source,severity\nbeer.png,{BEER},EAN13,real,here,easy\nnone.png,,,negative,here,no-code\n"
    # as a spreadsheet writes it
    (tmp_path / "labels.csv").write_text(labels, encoding="utf-8-sig")
    return tmp_path


def consigne(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "CONSIGNE_LANG": "en"}
    return subprocess.run([sys.executable, "-m", "commands", *words], capture_output=True, text=True, check=False, env=environment)


def test_a_folder_is_evaluated_as_text_json_and_one_page(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = consigne("evaluate", "barcode", str(folder), "--json", "--html", str(page))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["n"], found["read_rate"], found["wrong"]) == (1, 1.0, 0)
    assert found["by"]["kind"]["negative"] == {"n": 0, "read_rate": 0.0, "interval": [0.0, 0.0], "wrong": 0, "without_code": 1}
    told = page.read_text(encoding="utf-8")
    assert "100.0 % (100.0 – 100.0)" in told
    assert "Ours without the likelihood stage" in told


@pytest.mark.parametrize("code", ["4006381333932", "40063813339"])
def test_a_label_that_is_no_code_is_told_with_its_line(folder: Path, code: str) -> None:
    labels = folder / "labels.csv"
    labels.write_text(labels.read_text(encoding="utf-8-sig").replace(BEER, code), encoding="utf-8")
    done = consigne("evaluate", "barcode", str(folder))
    assert done.returncode == 2
    assert str(labels) in done.stderr
    assert code in done.stderr
    assert "line 2" in done.stderr


def test_read_tells_who_read_what(folder: Path) -> None:
    done = consigne("read", str(folder / "beer.png"), str(folder / "none.png"), "--explain")
    assert done.returncode == 0, done.stderr
    assert f"beer.png: {BEER}" in done.stdout
    assert "read by zxing at" in done.stdout
    assert "read by zbar at" in done.stdout
    assert "none.png: no code" in done.stdout


def test_what_is_no_picture_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture", encoding="utf-8")
    done = consigne("read", str(tmp_path / "text.jpg"))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "text.jpg" in done.stderr


@pytest.mark.parametrize("kind", ["empty", "text", "cut off", "a folder"])
def test_what_cannot_be_decoded_is_no_picture(tmp_path: Path, kind: str) -> None:
    whole = cv2.imencode(".jpg", photograph(BEER))[1].tobytes()
    path = tmp_path / "picture.jpg"
    path.write_bytes({"empty": b"", "text": b"no picture", "cut off": whole[: len(whole) // 2], "a folder": b""}[kind])
    with pytest.raises((NoSuchPicture, OSError)):
        grey_picture(tmp_path if kind == "a folder" else path)


@pytest.mark.parametrize("kind", ["grey", "colour", "with transparency", "16 bits"])
def test_a_picture_of_any_depth_and_number_of_channels_is_read(tmp_path: Path, kind: str) -> None:
    grey = photograph(BEER)
    colour = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    transparent = np.dstack([colour, np.full_like(grey, 128)])
    picture = {"grey": grey, "colour": colour, "with transparency": transparent, "16 bits": grey.astype(np.uint16) * 257}[kind]
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), picture)
    assert read_look(grey_picture(path), 0).codes == {BEER}
