"""The real decoders on the rendered pictures of the chamber and on codes drawn here."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar

import drivers.twin
from config.vocabulary import Gtin
from recognition.codes import cascade, decoders
from recognition.codes import picture as picture_steps
from recognition.codes.cascade import read_look
from recognition.codes.crops import Crop
from recognition.codes.decoders import by_zbar, by_zxing
from recognition.codes.reading import Reading
from recognition.codes.witness import OTHER_SCALE, Decoder, Witness
from recognition.gtin import Symbology
from recognition.verdict import Look

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


def test_no_decoder_is_believed_on_a_value_from_a_few_lines_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "compiled", lambda: None)
    low = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931", height_px=1)
    assert [found.text for found in zxingcpp.read_barcodes(low)] == ["4006381333931"]
    assert [found.data for found in pyzbar.decode(low)] == [b"4006381333931"]
    assert values(low) == set()


def reading(code: str, symbology: Symbology, left: float, top: float, length: float, height: float) -> Reading:
    quad = np.array([(left, top), (left + length, top), (left + length, top + height), (left, top + height)])
    return Reading(Gtin(code), symbology, Decoder.ZXING, quad, 2.0, height)


def test_a_code_enlarged_for_reading_is_no_higher_than_it_is_in_the_frame() -> None:
    image = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931", height_px=40)
    (whole,) = by_zxing(image)
    enlarged = cv2.resize(image, None, fx=2, fy=2).astype(np.uint8, copy=False)
    (again,) = (Crop(enlarged, np.array([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]])).in_frame(found) for found in by_zxing(enlarged))
    assert again.strength == pytest.approx(whole.strength, rel=0.1)
    assert again.module_px == pytest.approx(2 * whole.module_px, rel=0.1)


def test_a_fragment_of_another_value_is_overruled_by_the_code_that_stands_higher_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = reading("4006381333931", Symbology.EAN13, 10, 10, 200, 60)
    fragment = reading("0178100000449", Symbology.UPCE, 80, 20, 100, 25)
    elsewhere = reading("9520475821661", Symbology.EAN13, 300, 20, 200, 25)
    monkeypatch.setattr(decoders, "_zxing_readings", lambda *_, **__: iter((whole, fragment, elsewhere)))
    assert by_zxing(np.zeros((1, 1), np.uint8)) == [whole, elsewhere]


def test_a_short_code_that_zxing_alone_reads_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    image = printed(zxingcpp.BarcodeFormat.UPCE, "04252614")
    assert values(image) == {"0042100005264"}
    found = by_zxing(image)
    monkeypatch.setattr(picture_steps, "by_zbar", lambda _: [])
    monkeypatch.setattr(cascade, "compiled", lambda: None)
    # not at another scale either
    monkeypatch.setattr(picture_steps, "by_zxing", lambda grey, **_: found if grey is image else [])
    assert values(image) == set()


@pytest.mark.parametrize(("module_px", "is_believed"), [(1.1, False), (1.6, True)])
def test_what_zxing_alone_reads_of_a_squeezed_code_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, module_px: float, *, is_believed: bool
) -> None:
    alone = Reading(
        Gtin("4006381333931"), Symbology.EAN13, Decoder.ZXING, reading("", Symbology.EAN13, 10, 10, 200, 60).quad, module_px, 60.0
    )
    blank = np.full((200, 300), 128, np.uint8)
    monkeypatch.setattr(cascade, "compiled", lambda: None)
    monkeypatch.setattr(picture_steps, "by_zxing", lambda grey, **_: [alone] if grey is blank else [])
    assert bool(values(blank)) == is_believed


def test_a_contradiction_is_no_value_where_nothing_can_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    image = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931")
    (found,) = by_zxing(image)
    wrong = replace(found, code=Gtin("4006387333937"))
    monkeypatch.setattr(picture_steps, "by_zxing", lambda grey, **_: [wrong] if grey is image else [])
    assert values(image) == {"4006381333931"}, "the likelihood stage was for the right one"
    monkeypatch.setattr(cascade, "compiled", lambda: None)
    assert values(image) == set()


def test_a_second_code_that_only_a_later_step_reads_is_found_in_the_second_look() -> None:
    clear = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931")
    hard = cv2.GaussianBlur(printed(zxingcpp.BarcodeFormat.EAN13, "3760020509002"), (0, 0), 1.7).astype(np.uint8, copy=False)
    both = np.vstack((clear, hard))
    assert codes(by_zxing(both)) == {"4006381333931"}
    assert set(read_look(both, 0).codes) == {"4006381333931"}
    assert set(read_look(both, 0, [Look(0, frozenset())]).codes) == {"4006381333931", "3760020509002"}


@pytest.mark.parametrize("blur_px", [1.9, 2.3])
def test_a_blurred_code_that_no_decoder_reads_is_read_by_its_likelihood(blur_px: float) -> None:
    image = cv2.GaussianBlur(printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931"), (0, 0), blur_px).astype(np.uint8, copy=False)
    assert codes(by_zxing(image)) == codes(by_zbar(image)) == set()
    (sighting,) = read_look(image, 0).sightings
    assert (sighting.code, sighting.witness.decoder) == ("4006381333931", Decoder.LIKELIHOOD)
    (again,) = read_look(image, 1, [Look(0, frozenset())]).sightings
    assert again.witness.module_px > OTHER_SCALE * sighting.witness.module_px, "a second look at the same picture is at another scale"
    assert not again.witness.independent_of(sighting.witness), "so much blurred, a fold would fit as well, in every look"


def test_a_decoder_is_no_second_witness_to_itself_at_another_scale_or_from_another_side() -> None:
    for decoder in (Decoder.ZXING, Decoder.ZBAR):
        seen = Witness(decoder, module_px=2.0, angle_deg=0.0)
        assert not Witness(decoder, module_px=3.0, angle_deg=30.0).independent_of(seen)
        assert Witness(Decoder.LIKELIHOOD, module_px=2.0, angle_deg=0.0).independent_of(seen)


@pytest.mark.parametrize(("module_px", "angle_deg"), [(2.3, 0.0), (2.0, 5.0)])
def test_the_likelihood_stage_is_its_own_second_witness_only_where_it_was_sure_both_times(module_px: float, angle_deg: float) -> None:
    sure, again = Witness(Decoder.LIKELIHOOD, 2.0, 0.0, sure=True), Witness(Decoder.LIKELIHOOD, module_px, angle_deg, sure=True)
    assert again.independent_of(sure)
    assert not replace(again, sure=False).independent_of(sure)
    assert not again.independent_of(replace(sure, sure=False))
    assert not sure.independent_of(replace(sure, module_px=2.1, angle_deg=3.0)), "the same look again"


def test_without_its_library_the_cascade_reads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    sharp = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931")
    blurred = cv2.GaussianBlur(sharp, (0, 0), 2.0).astype(np.uint8, copy=False)
    monkeypatch.setattr(cascade, "compiled", lambda: None)
    assert values(sharp) == {"4006381333931"}
    assert values(blurred) == set()


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


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (7, 7), (2, 640, 3), (60, 60, 1), (60, 60, 4), (9000, 300)])
def test_a_picture_of_any_size_without_a_code_is_an_empty_look(shape: tuple[int, ...]) -> None:
    assert read_look(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8), 0).codes == frozenset()


def test_a_code_in_a_picture_of_a_hundred_million_pixels_is_read() -> None:
    huge = np.full((9000, 12000), 255, np.uint8)
    huge[4000:4480, 5000:5640] = printed(zxingcpp.BarcodeFormat.EAN13, "4006381333931")
    assert values(huge) == {"4006381333931"}


@pytest.mark.parametrize(
    "image", [np.zeros((60, 60, 2), np.uint8), np.zeros((60, 60), np.uint16), np.zeros((0, 60), np.uint8), np.zeros(60, np.uint8)]
)
def test_an_array_that_is_no_picture_is_named(image: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match=r"this one is .*shape"):
        read_look(image, 0)


def with_bars(image: Image, left: int, top: int) -> Image:
    """Bars beside what lies there that are no code: another label's, half covered."""
    widths = np.random.default_rng(3).integers(1, 4, 40) * 2
    ink = np.where(np.repeat(np.arange(40) % 2 == 0, widths), 20, 255).astype(np.uint8)
    patch = cv2.copyMakeBorder(np.repeat(ink[None], 54, axis=0), 8, 8, 12, 12, cv2.BORDER_CONSTANT, value=255)
    both = image.copy()
    both[top : top + patch.shape[0], left : left + patch.shape[1]] = patch[:, :, None]
    return both


def second_look(image: Image) -> Look:
    return read_look(image, 1, [read_look(image, 0)])


@pytest.mark.parametrize("place", [(700, 340), (250, 500)])
def test_bars_that_nobody_can_read_are_seen_beside_a_code(place: tuple[int, int]) -> None:
    image = picture("glass_brown_33_006.jpg")
    assert not second_look(image).beside
    assert second_look(with_bars(image, *place)).beside


def with_shine(image: Image, left: int, top: int) -> Image:
    """Light on the ribs of a bottle: a few soft stripes."""
    stripes = np.sin(np.linspace(0, 3 * 2 * np.pi, 120)) * np.hanning(120) * 90 + 120
    both = image.copy()
    both[top : top + 120, left : left + 60] = stripes[:, None, None].astype(np.uint8)
    return both


@pytest.mark.parametrize("place", [(700, 340), (250, 500), (900, 200)])
def test_what_shines_on_a_bottles_ribs_is_no_second_code(place: tuple[int, int]) -> None:
    assert not second_look(with_shine(picture("glass_brown_33_006.jpg"), *place)).beside


@pytest.mark.parametrize("row", FACING, ids=[row["file"] for row in FACING])
def test_a_codes_own_print_is_not_beside_it(row: dict[str, str]) -> None:
    assert not second_look(picture(row["file"])).beside
