"""One product of an Open Food Facts dump, as an entry, or why it is none. The fields are those of its JSONL dump and, as far as it has them, of its CSV.

Sources of the fields: https://wiki.openfoodfacts.org/Data-fields and, for ``packagings``, https://wiki.openfoodfacts.org/Packaging_data_input_format.
Known traps, each with its rule: caps told as containers (``packaging.py``), free-text quantities (``quantity.py``), mistyped and phantom codes and
codes of shops (``code_of``), and that "beverages" holds what is no drink or comes in other things: syrups, instant coffee, vinegar, coconut milk (``DRINKS``).
"""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum

from config.vocabulary import Gtin
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.catalogue.packaging import BOTTLES, Part, contradict, empty_g, packaging_of, read_part, read_text
from recognition.catalogue.packaging_words import Shape
from recognition.catalogue.quantity import is_counted, volume_ml
from recognition.gtin import Symbology, canonical, may_name_a_bottle

LICENCE = (
    "Contains information from Open Food Facts (https://world.openfoodfacts.org), which is made available here under the "
    "Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/"
)
"""What ODbL 4.3 asks a derived list to say of itself; it stands in the file."""

OF_PACKAGING = frozenset({"packaging_tags", "packaging", "packaging_text"})

COLUMNS = frozenset({"code", "product_name", "product_name_fr", "brands", "quantity", "categories_tags", "last_modified_t"}) | OF_PACKAGING
"""What is read of a CSV dump; ``code`` must be there, and one of those on packaging. Others are passed over."""

NAME_LETTERS = 80

FAR_AWAY_S = 2**35
"""A time beyond which no date is."""

DRINKS = frozenset(
    [
        "en:waters",
        "en:beers",
        "en:wines",
        "en:ciders",
        "en:sodas",
        "en:carbonated-drinks",
        "en:fruit-juices",
        "en:juices-and-nectars",
        "en:fruit-nectars",
        "en:milks",
        "en:energy-drinks",
        "en:iced-teas",
        "en:lemonades",
        "en:plant-based-milk-alternatives",
        "en:spring-waters",
        "en:mineral-waters",
        "en:hard-liquors",
        "en:smoothies",
    ]
)
"""Categories of what is drunk as it is bought. Never by "beverages" alone."""

NO_DRINKS = frozenset(
    [
        "en:syrups",
        "en:flavoured-syrups",
        "en:vinegars",
        "en:coconut-milks",
        "en:instant-beverages",
        "en:coffees",
        "en:teas",
        "en:cocoa-and-chocolate-powders",
        "en:dehydrated-beverages",
    ]
)
"""Told to be beverages by some, and in jars, tins or bags as often as not: what they come in must have been told outright."""


class Dropped(StrEnum):
    """Why a product is no entry."""

    CODE = "code"
    """A wrong check digit, or no retail code."""
    RESTRICTED = "restricted"
    """A shop's own number, or what Open Food Facts gives to products without one (200…)."""
    PHANTOM = "phantom"
    """Eight digits that may be an EAN-8 or a UPC-E: two products, or one under a wrong number."""
    UNPACKED = "unpacked"
    """Nobody told what it comes in, or two told different things."""
    NO_DRINK = "no_drink"
    """In no bottle, and no drink: nothing that anybody brings."""


def code_of(digits: str) -> Gtin | Dropped:
    """The code in canonical form. 14 digits with a leading zero are those of an EAN-13, 12 or more with five an EAN-8: other programs pad so."""
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in {8, 12, 13, 14}:
        return Dropped.CODE
    bare = digits.lstrip("0")
    if len(digits) == 8 or len(bare) <= 8:
        code = _of_eight(digits[-8:])
    else:
        code = (canonical(Symbology.EAN13, bare.zfill(13)) if len(bare) <= 13 else None) or Dropped.CODE
    return code if isinstance(code, Dropped) or may_name_a_bottle(code) else Dropped.RESTRICTED


def _of_eight(digits: str) -> Gtin | Dropped:
    short, expanded = canonical(Symbology.EAN8, digits), canonical(Symbology.UPCE, digits)
    if short is not None and expanded is not None:
        return Dropped.PHANTOM
    return short or expanded or Dropped.CODE


def entry_of(product: Mapping[str, object], not_after: date) -> Entry | Dropped:
    """``not_after``: the date of the dump, for what names none or a later one."""
    gtin = code_of(_text(product, "code").strip())
    if isinstance(gtin, Dropped):
        return gtin
    categories = set(_tags(product, "categories_tags"))
    liquid = bool(categories & DRINKS) and not categories & NO_DRINKS
    packaging, empty = _packaging(product, liquid=liquid)
    if packaging is None:
        return Dropped.UNPACKED
    if packaging not in BOTTLES and not liquid:
        return Dropped.NO_DRINK
    return Entry(
        gtin=gtin,
        name=_name(product),
        packaging=packaging,
        volume_ml=_volume(product),
        empty_g=empty,
        deposit=False,
        source=Source.OPEN_FOOD_FACTS,
        date=_date(product, not_after),
    )


def _packaging(product: Mapping[str, object], *, liquid: bool) -> tuple[Packaging | None, float | None]:
    """By the parts if they decide, else by the tags, else by the free text; parts that contradict each other end it."""
    for parts in (
        [part for part, _ in _parts(product)],
        [read_part(tag) for tag in _tags(product, "packaging_tags")],
        read_text(_text(product, "packaging")),
        read_text(_text(product, "packaging_text")),
    ):
        if contradict(parts):
            break
        if (found := packaging_of(parts, liquid=liquid)) is not None:
            return found, empty_g(parts, found)
    return None, None


def _parts(product: Mapping[str, object]) -> Iterator[tuple[Part, Mapping[str, object]]]:
    """The parts of ``packagings`` (JSONL alone has it), each with what else is told of it."""
    told = product.get("packagings")
    for each in told if isinstance(told, list) else ():
        if isinstance(each, dict):
            weight = next((grams for key in ("weight_measured", "weight_specified") if (grams := _number(each.get(key))) is not None), None)
            yield read_part(_id(each.get("shape")), _id(each.get("material")), weight), each


def _volume(product: Mapping[str, object]) -> int | None:
    """Of one container: as told of the part itself, else by the quantity of the whole, unless that is of several that nobody took apart."""
    containers = [told for part, told in _parts(product) if part.shape not in {None, Shape.BESIDE}]
    of_one = {volume for told in containers if (volume := volume_ml(_text(told, "quantity_per_unit"))) is not None}
    if of_one:
        return of_one.pop() if len(of_one) == 1 else None
    quantity = _text(product, "quantity")
    several = any((_number(told.get("number_of_units")) or 1) > 1 for told in containers)
    return None if several and not is_counted(quantity) else volume_ml(quantity)


def _name(product: Mapping[str, object]) -> str:
    """French first."""
    return name_of(next((text for key in ("product_name_fr", "product_name", "brands") if (text := _text(product, key).strip())), ""))


def name_of(told: str) -> str:
    """A name for one line. What is not seen is left out: it came from anywhere."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in told[: NAME_LETTERS * 4]).split())[:NAME_LETTERS].rstrip()


def _date(product: Mapping[str, object], not_after: date) -> date:
    seconds = _number(product.get("last_modified_t"))
    if seconds is None or not 0 < seconds < FAR_AWAY_S:
        return not_after
    return min(datetime.fromtimestamp(seconds, UTC).date(), not_after)


def _text(product: Mapping[str, object], key: str) -> str:
    value = product.get(key)
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _tags(product: Mapping[str, object], key: str) -> list[str]:
    """A list in JSONL, text with commas in CSV."""
    value = product.get(key)
    if isinstance(value, str):
        return value.split(",")
    return [tag for tag in value if isinstance(tag, str)] if isinstance(value, list) else []


def _id(value: object) -> str:
    """Of a shape or a material: text in dumps, ``{"id": …}`` in newer ones."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _number(value: object) -> float | None:
    """A finite one that is above zero."""
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        number = float(str(value).replace(",", ".")[:32])
    except ValueError:
        return None
    return number if 0 < number < math.inf else None
