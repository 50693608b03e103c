"""What stands in a frame and is no retail code: named, never read for its number.

A QR code with a GS1 Digital Link and a GS1 DataBar carry a GTIN too. It is not taken: by one decoder alone each of them would be a value without a second witness, and a bottle that
has them has an EAN beside them, which is what two decoders and the likelihood stage read.
"""

from collections.abc import Iterator
from typing import Final

import zxingcpp

from recognition.codes.reading import Grey
from recognition.gtin import OtherSymbology, check_digit, is_digital_link

_NAMES: Final = {
    zxingcpp.BarcodeFormat.QRCode: OtherSymbology.QR,
    zxingcpp.BarcodeFormat.DataMatrix: OtherSymbology.DATA_MATRIX,
    zxingcpp.BarcodeFormat.DataBar: OtherSymbology.DATABAR,
    zxingcpp.BarcodeFormat.ITF: OtherSymbology.ITF14,
    zxingcpp.BarcodeFormat.Code128: OtherSymbology.CODE128,
    zxingcpp.BarcodeFormat.Code39: OtherSymbology.CODE39,
    zxingcpp.BarcodeFormat.Code93: OtherSymbology.CODE93,
    zxingcpp.BarcodeFormat.Codabar: OtherSymbology.CODABAR,
    zxingcpp.BarcodeFormat.PDF417: OtherSymbology.PDF417,
    zxingcpp.BarcodeFormat.Aztec: OtherSymbology.AZTEC,
}
_FORMATS: Final = zxingcpp.BarcodeFormats(list(_NAMES))


def others(grey: Grey) -> frozenset[OtherSymbology]:
    """All that zxing-cpp finds of these, some 5 ms on 1280x720."""
    return frozenset(_named(grey))


def _named(grey: Grey) -> Iterator[OtherSymbology]:
    for found in zxingcpp.read_barcodes(grey, formats=_FORMATS):
        name = _NAMES[found.symbology]
        if is_digital_link(found.text):
            yield OtherSymbology.DIGITAL_LINK
        elif name is not OtherSymbology.ITF14 or _is_itf14(found.text):
            yield name


def _is_itf14(text: str) -> bool:
    """Interleaved 2 of 5 has no check of its own, and is seen in stripes."""
    return len(text) == 14 and check_digit(text[:-1]) == text[-1]
