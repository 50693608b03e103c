"""The real decoders on the rendered pictures of the chamber and on codes drawn here."""

import csv
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar

import drivers.twin
from config.vocabulary import Gtin
from recognition import barcode
from recognition.barcode import QUAD_HEIGHT_PX, Reading, by_zbar, by_zxing, read_look
from recognition.gtin import Symbology

Image = NDArray[np.uint8]

PICTURES = Path(drivers.twin.__file__).parent / "pictures"
LABELS = list(csv.DictReader((PICTURES / "labels.csv").read_text(encoding="utf-8").splitlines()))


def picture(name: str) -> Image:
    image = cv2.imread(str(PICTURES / name))
    assert image is not None
    return image.astype(np.uint8, copy=False)


def printed(format_: zxingcpp.BarcodeFormat, text: str, height_px: int = 120) -> Image:
    """A code of 2 px a module on a light grey ground, as if photographed straight."""
    bars = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, format_), scale=2, add_quiet_zones=True))
    bars = bars.reshape(bars.shape[0], bars.shape[1])
    strip = np.repeat(bars[bars.shape[0] // 2 :][:1], height_px, axis=0)
    ground = np.full((480, 640), 255, np.uint8)
    top, left = (480 - height_px) // 2, (640 - strip.shape[1]) // 2
    ground[top : top + height_px, left : left + strip.shape[1]] = strip
    return cv2.GaussianBlur(ground, (0, 0), 0.8).astype(np.uint8, copy=False)


def codes(readings: Iterable[Reading]) -> set[str]:
    return {reading.code for reading in readings}


def values(image: Image, frame: int = 0) -> set[str]:
    return set(read_look(image, frame).codes)


FACING = [row for row in LABELS if row["zxing_read"] and row["file"] != "pet_crushed_050.jpg"]


@pytest.mark.parametrize("row", FACING, ids=lambda row: str(row["file"]))
def test_a_code_that_faces_the_camera_is_read(row: dict[str, str]) -> None:
    assert values(picture(row["file"])) == set(row["ean"].split())


@pytest.mark.parametrize("row", [row for row in LABELS if not row["ean"]], ids=lambda row: str(row["file"]))
def test_nothing_is_read_where_no_code_is(row: dict[str, str]) -> None:
    assert values(picture(row["file"])) == set()


def test_two_items_give_two_values_in_one_look() -> None:
    assert len(values(picture("two_at_once_000.jpg"))) == 2


@pytest.mark.parametrize(("format_", "text"), [(zxingcpp.BarcodeFormat.EAN13, "2134567001991"), (zxingcpp.BarcodeFormat.EAN8, "02123455")])
def test_a_shops_sticker_below_a_products_code_is_read_in_the_same_look(format_: zxingcpp.BarcodeFormat, text: str) -> None:
    both = np.vstack((printed(zxingcpp.BarcodeFormat.EAN13, "3760020509002"), printed(format_, text)))
    assert values(both) == {"3760020509002", text}


def test_colour_and_grey_give_the_same_look_with_the_frames_number() -> None:
    colour = picture("pet_blue_50_352.jpg")
    grey = cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    assert read_look(colour, 17) == read_look(grey, 17)
    assert read_look(grey, 17).frame == 17


@pytest.mark.parametrize(
    ("format_", "text", "code"),
    [
        (zxingcpp.BarcodeFormat.EAN13, "4006381333931", "4006381333931"),
        (zxingcpp.BarcodeFormat.EAN8, "96385074", "96385074"),
        (zxingcpp.BarcodeFormat.UPCA, "036000291452", "0036000291452"),
        (zxingcpp.BarcodeFormat.UPCE, "04252614", "0042100005264"),
    ],
)
def test_both_decoders_give_one_canonical_form(format_: zxingcpp.BarcodeFormat, text: str, code: str) -> None:
    image = printed(format_, text)
    assert codes(by_zxing(image)) == codes(by_zbar(image)) == values(image) == {code}


@pytest.mark.parametrize("format_", [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.ITF, zxingcpp.BarcodeFormat.Code39])
def test_a_code_of_another_kind_is_no_retail_code(format_: zxingcpp.BarcodeFormat) -> None:
    image = printed(format_, "40063813339310")
    assert zxingcpp.read_barcode(image) is not None
    assert values(image) == set()


def test_a_value_from_a_few_lines_of_the_picture_is_not_believed() -> None:
    low = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931", height_px=1)
    assert [found.text for found in zxingcpp.read_barcodes(low)] == ["4006381333931"]
    assert [found.data for found in pyzbar.decode(low)] == [b"4006381333931"]
    assert values(low) == set()


def test_a_code_enlarged_for_reading_is_no_higher_than_it_is_in_the_frame() -> None:
    image = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931", height_px=40)
    (whole,) = by_zxing(image)
    (enlarged,) = by_zxing(image, scale=2.0)
    assert whole.strength == pytest.approx(2 * enlarged.strength)
    assert set(by_zxing(image, scale=40 / QUAD_HEIGHT_PX * 1.2)) == set()


def test_a_fragment_of_another_value_is_overruled_by_the_code_that_stands_higher_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Reading(Gtin("4006381333931"), Symbology.EAN13, 60.0, 10, 10, 210, 70)
    fragment = Reading(Gtin("0178100000449"), Symbology.UPCE, 25.0, 90, 20, 190, 45)
    elsewhere = Reading(Gtin("9520475821661"), Symbology.EAN13, 25.0, 300, 20, 500, 45)
    monkeypatch.setattr(barcode, "_zxing_readings", lambda *_: iter((whole, fragment, elsewhere)))
    assert set(by_zxing(np.zeros((1, 1), np.uint8))) == {whole, elsewhere}


def test_a_short_code_that_zxing_alone_reads_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    image = printed(zxingcpp.BarcodeFormat.UPCE, "04252614")
    assert values(image) == {"0042100005264"}
    monkeypatch.setattr(barcode, "by_zbar", lambda _: iter(()))
    assert codes(by_zxing(image)) == {"0042100005264"}
    assert values(image) == set()


def test_what_folds_leave_of_a_crushed_bottles_code_is_not_believed() -> None:
    crushed = picture("pet_crushed_050.jpg")
    assert [found.text for found in zxingcpp.read_barcodes(crushed)] == ["9520917948888"]
    assert values(crushed) == set()


@pytest.mark.parametrize("turn", [cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE])
def test_a_code_is_read_in_any_quarter_turn(turn: int) -> None:
    image = cv2.rotate(printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931"), turn).astype(np.uint8, copy=False)
    assert values(image) == {"4006381333931"}


def test_a_code_that_lies_askew_is_read_from_its_upright_crop() -> None:
    straight = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931")
    askew = cv2.warpAffine(straight, cv2.getRotationMatrix2D((320, 240), 40, 1.0), (640, 480), borderValue=255).astype(np.uint8, copy=False)
    assert codes(by_zxing(askew)) == set()
    assert values(askew) == {"4006381333931"}


def test_a_black_picture_gives_a_look_without_codes() -> None:
    assert values(np.zeros((720, 1280, 3), np.uint8)) == set()
