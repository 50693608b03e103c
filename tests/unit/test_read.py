"""``consigne read``: what each step saw of a picture, why it is believed or not, and all of it drawn."""

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

from commands.drawn_reading import BELIEVED, DOUBTED, NOT_BELIEVED, SEEN, drawn_on
from commands.read import NAMES
from config.vocabulary import Gtin
from kiosk.words.catalogue import Words
from recognition.codes.cascade import explained_look
from recognition.codes.explanation import Doubt, Explained, Opinion, Step
from recognition.codes.likelihood.alphabet import UPCE
from recognition.codes.likelihood.guard import doubts
from recognition.codes.likelihood.model import Candidate
from recognition.codes.witness import Decoder
from recognition.gtin import OtherSymbology

BEER = "4006381333931"


def printed(format_: zxingcpp.BarcodeFormat, text: str) -> NDArray[np.uint8]:
    bars = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, format_), scale=3, add_quiet_zones=True))
    return np.pad(bars.reshape(bars.shape[:2]), 40, constant_values=255).astype(np.uint8, copy=False)


def consigne(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "CONSIGNE_LANG": "en"}
    return subprocess.run([sys.executable, "-m", "commands", *words], capture_output=True, text=True, check=False, env=environment)


def test_what_stands_there_beside_no_retail_code_is_named(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "link.png"), printed(zxingcpp.BarcodeFormat.QRCode, "https://id.example.org/01/09506000134352"))
    cv2.imwrite(str(tmp_path / "beer.png"), printed(zxingcpp.BarcodeFormat.EAN13, BEER))
    done = consigne("read", str(tmp_path / "link.png"), str(tmp_path / "beer.png"))
    assert done.returncode == 0, done.stderr
    assert [line.strip() for line in done.stdout.splitlines()] == [
        f"{tmp_path / 'link.png'}: no code",
        "also there, and not read for a number: GS1 Digital Link",
        f"{tmp_path / 'beer.png'}: {BEER}",
    ]


def test_each_picture_is_drawn_with_what_was_read_of_it(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "beer.png"), printed(zxingcpp.BarcodeFormat.EAN13, BEER))
    (tmp_path / "again").mkdir()
    cv2.imwrite(str(tmp_path / "again" / "beer.png"), np.full((60, 60), 128, np.uint8))
    pictures = [str(tmp_path / "beer.png"), str(tmp_path / "again" / "beer.png")]
    done = consigne("read", *pictures, "--explain", "--drawn", str(tmp_path / "drawn"), "--json")
    assert done.returncode == 0, done.stderr
    read, unread = json.loads(done.stdout)
    assert (read["codes"], read["steps"][0]) == ([BEER], {"step": "zxing_dark", "cuts": 1, "gave": [BEER]})
    assert unread["codes"] == []
    drawn, not_drawn = (cv2.imread(told["drawn"]) for told in (read, unread))
    assert drawn is not None
    assert not_drawn is not None
    assert (drawn == BELIEVED).all(axis=2).any()
    assert not (not_drawn == BELIEVED).all(axis=2).any()


def test_steps_are_told_to_the_one_that_read_it() -> None:
    sharp = explained_look(printed(zxingcpp.BarcodeFormat.EAN13, BEER))
    assert [taken.step for taken in sharp.steps] == [Step.ZXING_DARK]
    soft = cv2.GaussianBlur(printed(zxingcpp.BarcodeFormat.EAN13, BEER), (0, 0), 2.1).astype(np.uint8, copy=False)
    blurred = explained_look(soft)
    assert [taken.step for taken in blurred.steps] == list(Step)[: len(blurred.steps)]
    assert [taken for taken in blurred.steps if taken.gave] == [blurred.steps[-1]]
    assert blurred.codes == {BEER}


def test_what_is_believed_contested_doubted_and_seen_has_each_its_colour() -> None:
    def square(left: float) -> NDArray[np.float64]:
        return np.array([[left, 50.0], [left + 80, 50.0], [left + 80, 150.0], [left, 150.0]])

    def opinion(code: str, left: float) -> Opinion:
        return Opinion(Gtin(code), Decoder.ZXING, 2.0, 40.0, False, square(left))

    found = Explained(
        frozenset({Gtin(BEER)}),
        (),
        (square(10),),
        (opinion(BEER, 110), opinion("3760020509002", 210)),
        (Doubt("4006387333931", ("ratio",), square(310)),),
        frozenset(),
    )
    picture = cv2.imdecode(np.frombuffer(drawn_on(np.full((200, 500), 255, np.uint8), found), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    for left, colour in ((10, SEEN), (110, BELIEVED), (210, NOT_BELIEVED), (310, DOUBTED)):
        edge = picture[60:140, left - 2 : left + 3].reshape(-1, 3).astype(int)
        assert (np.abs(edge - colour).sum(axis=1) < 60).any(), colour


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_step_and_each_doubt_is_told_in_words(language: str) -> None:
    words = Words(language)
    worst = Candidate(
        UPCE, "", "", 0.1, 1.0, 1.0, 3, 1, 0, 1.9, jointly=False, scores=np.zeros((6, 2, 10)), ends=(0.0, 1.0), unrest=0.9, uneven=50.0
    )
    assert len(doubts(worst)) == 9
    for key in [f"read.step.{step}" for step in Step] + [f"read.doubt.{name}" for name in doubts(worst)]:
        assert words.text(key)


def test_every_other_symbology_has_its_name() -> None:
    assert NAMES.keys() == set(OtherSymbology)
