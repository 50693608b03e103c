"""What is no retail code is named, by the real decoder on codes written here, and only where it helps."""

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from config.vocabulary import Gtin
from recognition.codes.cascade import read_look
from recognition.codes.others import others
from recognition.codes.witness import Decoder, Sighting, Witness
from recognition.gtin import OtherSymbology, is_digital_link
from recognition.verdict import Look

Image = NDArray[np.uint8]
F = zxingcpp.BarcodeFormat
LINK = "https://id.example.org/01/09506000134352/10/ABC"


def written(format_: zxingcpp.BarcodeFormat, text: str) -> Image:
    bars = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, format_), scale=3))
    return np.pad(bars.reshape(bars.shape[:2]), 40, constant_values=255).astype(np.uint8, copy=False)


@pytest.mark.parametrize(
    ("format_", "text", "name"),
    [
        (F.QRCode, "https://example.org/eau", OtherSymbology.QR),
        (F.QRCode, LINK, OtherSymbology.DIGITAL_LINK),
        (F.DataMatrix, LINK, OtherSymbology.DIGITAL_LINK),
        (F.DataMatrix, "L2031", OtherSymbology.DATA_MATRIX),
        (F.DataBar, "0109506000134352", OtherSymbology.DATABAR),
        (F.ITF, "19506000134359", OtherSymbology.ITF14),
        (F.Code128, "LOT 2031", OtherSymbology.CODE128),
        (F.Code39, "LOT2031", OtherSymbology.CODE39),
    ],
)
def test_what_is_no_retail_code_is_named(format_: zxingcpp.BarcodeFormat, text: str, name: OtherSymbology) -> None:
    assert others(written(format_, text)) == {name}


def test_two_of_five_of_another_length_is_not_named_as_it_is_seen_in_stripes() -> None:
    assert others(written(F.ITF, "123456")) == frozenset()


@pytest.mark.parametrize(
    ("text", "is_link"),
    [
        (LINK, True),
        ("HTTPS://ID.EXAMPLE.ORG/01/09506000134352", True),
        ("https://example.org/some/path/01/9506000134352?lot=2", True),
        ("https://example.org/01/09506000134353", False),
        ("https://example.org/01/095060001343520", False),
        ("https://example.org/?q=/01/09506000134352", False),
        ("09506000134352", False),
    ],
)
def test_a_digital_link_has_a_gtin_with_its_check_digit_in_its_path(text: str, *, is_link: bool) -> None:
    assert is_digital_link(text) == is_link


def test_a_number_in_a_qr_code_is_named_and_never_taken() -> None:
    look = read_look(written(F.QRCode, LINK), 2, [Look(1, frozenset())])
    assert look.codes == frozenset()
    assert look.other == {OtherSymbology.DIGITAL_LINK}


SEEN = Look(1, frozenset({Sighting(Gtin("4006381333931"), Witness(Decoder.ZXING, 2.0, 0.0))}))
NAMED = Look(1, frozenset(), frozenset({OtherSymbology.QR}))


@pytest.mark.parametrize("before", [[], [SEEN], [NAMED]], ids=["first look", "a code was seen", "named already"])
def test_nothing_is_named_where_it_would_not_help(before: list[Look]) -> None:
    assert read_look(written(F.QRCode, LINK), 2, before).other == frozenset()


def test_beside_a_retail_code_nothing_is_named() -> None:
    both = np.full((600, 600), 255, np.uint8)
    for top, image in ((0, written(F.EAN13, "4006381333931")), (300, written(F.QRCode, LINK))):
        both[top : top + image.shape[0], : image.shape[1]] = image
    look = read_look(both, 2, [Look(1, frozenset())])
    assert look.codes == {"4006381333931"}
    assert look.other == frozenset()
