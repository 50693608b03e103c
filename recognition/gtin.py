"""Retail codes as numbers: check digit, canonical form, and what a prefix says. Nothing here looks at a picture.

Sources: the check digit is the GS1 General Specifications' "standard check digit calculations" (weights 3 and 1 from the
right, modulo 10); the expansion of UPC-E is ISO/IEC 15420's zero-suppression table; the prefixes are GS1's published list
of GS1 and GS1-8 prefixes (gs1.org, company prefix).
"""

import re
from enum import StrEnum
from typing import Final, assert_never

from config.vocabulary import Gtin


class Symbology(StrEnum):
    """How the digits were printed. EAN-8 and UPC-E both have eight, so the digits alone do not say what they mean."""

    EAN13 = "EAN13"
    EAN8 = "EAN8"
    UPCA = "UPCA"
    UPCE = "UPCE"


class OtherSymbology(StrEnum):
    """What stands on goods and is not read for its number: named, so that nobody turns a bottle in vain. ``DIGITAL_LINK`` is a web address with a GTIN in it
    (GS1 Digital Link), whatever carries it.
    """

    QR = "qr"
    DIGITAL_LINK = "digital_link"
    DATA_MATRIX = "data_matrix"
    DATABAR = "databar"
    ITF14 = "itf14"
    CODE128 = "code128"
    CODE39 = "code39"
    CODE93 = "code93"
    CODABAR = "codabar"
    PDF417 = "pdf417"
    AZTEC = "aztec"


class PrefixClass(StrEnum):
    """What the prefix says about the thing that bears the code. Only ``PRODUCT`` can name a bottle on sale everywhere."""

    PRODUCT = "product"
    IN_STORE = "in_store"
    COUPON = "coupon"
    PRESS = "press"
    BOOK = "book"
    DEMONSTRATION = "demonstration"
    UNASSIGNED = "unassigned"


RESTRICTED = frozenset({PrefixClass.IN_STORE, PrefixClass.COUPON, PrefixClass.PRESS, PrefixClass.BOOK, PrefixClass.UNASSIGNED})
"""Valid codes that are no proof of a bottle: anyone may print them, they stand on other goods, or nobody was given them."""

# First and last three-digit prefix of a 13-digit code, ends included. 140-199 were never assigned, 951 numbers tags and no goods (GS1's EPC manager
# numbers), 960-969 are for 8-digit codes alone. Other gaps of the list may be assigned any day, and are taken for products'. 050-059 were coupons and are reserved now; 980 is a
# refund receipt, 981-984 coupons of a common currency, 985-989 are not assigned, 990-999 coupons.
_RANGES_13 = (
    ("020", "029", PrefixClass.IN_STORE),
    ("040", "049", PrefixClass.IN_STORE),
    ("050", "059", PrefixClass.COUPON),
    ("140", "199", PrefixClass.UNASSIGNED),
    ("200", "299", PrefixClass.IN_STORE),
    ("951", "951", PrefixClass.UNASSIGNED),
    ("952", "952", PrefixClass.DEMONSTRATION),
    ("960", "969", PrefixClass.UNASSIGNED),
    ("977", "977", PrefixClass.PRESS),
    ("978", "979", PrefixClass.BOOK),
    ("980", "989", PrefixClass.COUPON),
    ("990", "999", PrefixClass.COUPON),
)

# GS1-8 prefixes are another list: 000-099 and 200-299 are free for use inside a company.
_RANGES_8 = (
    ("000", "099", PrefixClass.IN_STORE),
    ("200", "299", PrefixClass.IN_STORE),
)


_DIGITAL_LINK: Final = re.compile(r"https?://[^?#]+/01/([0-9]{14}|[0-9]{13}|[0-9]{12}|[0-9]{8})(?![0-9])", re.IGNORECASE)


def check_digit(body: str) -> str:
    """The digit that belongs behind ``body``, which is a code of any length without its check digit."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def is_sound(code: str) -> bool:
    """Whether ``code`` is ASCII digits of a retail length (8, 12, 13) with the right check digit."""
    return len(code) in (8, 12, 13) and code.isascii() and code.isdecimal() and check_digit(code[:-1]) == code[-1]


def is_digital_link(text: str) -> bool:
    """Whether a text is a GS1 Digital Link URI (GS1 Digital Link Standard, section 4): its path has ``/01/`` and a GTIN with the right check digit."""
    found = _DIGITAL_LINK.match(text)
    return found is not None and check_digit(found[1][:-1]) == found[1][-1]


def expand_upce(code: str) -> str:
    """The 12 digits of UPC-A that the 8 digits of a UPC-E stand for; the check digit is the same and is not looked at."""
    system, body, check = code[0], code[1:7], code[7]
    match body[5]:
        case "0" | "1" | "2" as last:
            middle = f"{body[:2]}{last}0000{body[2:5]}"
        case "3":
            middle = f"{body[:3]}00000{body[3:5]}"
        case "4":
            middle = f"{body[:4]}00000{body[4]}"
        case last:
            middle = f"{body[:5]}0000{last}"
    return f"{system}{middle}{check}"


def canonical(symbology: Symbology, digits: str) -> Gtin | None:
    """The one form in which codes are compared, or None for what is no retail code.

    UPC-A is padded to 13 digits, UPC-E expanded and padded, EAN-8 stays at 8 (padded, it could be taken for a UPC-E).
    Zeros alone have the right check digit and are nobody's number. Decoders give UPC-A as EAN-13 with a leading zero or as 12 digits, and UPC-E expanded or not; all of them come out alike.
    """
    if not (digits.isascii() and digits.isdecimal()):
        return None
    match symbology:
        case Symbology.EAN8:
            full = digits if len(digits) == 8 else ""
        case Symbology.EAN13 | Symbology.UPCA:
            full = digits.zfill(13) if len(digits) in (12, 13) else ""
        case Symbology.UPCE:
            # Number systems 0 and 1 are all that UPC-E can print.
            expanded = expand_upce(digits) if len(digits) == 8 and digits[0] in "01" else digits
            full = expanded.zfill(13) if len(expanded) in (12, 13) else ""
        case _:
            assert_never(symbology)
    return Gtin(full) if is_sound(full) and full.strip("0") else None


def prefix_class(gtin: Gtin) -> PrefixClass:
    """What the prefix of a code in canonical form says."""
    ranges = _RANGES_8 if len(gtin) == 8 else _RANGES_13
    return next((kind for first, last, kind in ranges if first <= gtin[:3] <= last), PrefixClass.PRODUCT)


def may_name_a_bottle(gtin: Gtin) -> bool:
    """Whether a code in canonical form can stand on a product on sale everywhere; a shop's sticker, a coupon, a book cannot."""
    return prefix_class(gtin) not in RESTRICTED
