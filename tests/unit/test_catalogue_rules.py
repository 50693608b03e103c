"""What becomes of one product of an Open Food Facts dump: the known traps, each by name. The products are invented."""

from datetime import date
from typing import Any

import pytest

from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.catalogue.open_food_facts import Dropped, code_of, entry_of
from recognition.catalogue.packaging import packaging_of, read_part, read_text
from recognition.catalogue.quantity import volume_ml

GLASS, PLASTIC, CAN, OTHER = Packaging.GLASS_BOTTLE, Packaging.PLASTIC_BOTTLE, Packaging.CAN, Packaging.OTHER
DUMPED = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        ("33 cl", 330),
        ("75cl e", 750),
        ("33 cL ℮", 330),
        ("1,5 L", 1500),
        ("6 x 33 cl", 330),
        ("33 cl x 6", 330),
        ("33clx6", 330),
        ("2 x 6 x 25 cl", 250),
        ("6x33cl (1,98 L)", 330),
        ("24 x 330 ml = 7.92 l", 330),
        ("6 bouteilles de 1,5l", 1500),
        ("12 fl oz (355 ml)", 355),
        ("50cl / 16.9 fl oz", 500),
        ("1,000 ml", 1000),
        ("1.000 L", 1000),
        ("0,5 л", 500),
        ("20 x 1 l", 1000),
        ("1 L de sirop pour 8 L", None),
        ("75 cl + 25 cl gratuit", None),
        ("500 g", None),
        ("1L5", None),
        ("33", None),
        ("100 000 l", None),
        ("", None),
        ("9" * 100_000 + " cl", None),
    ],
)
def test_a_quantity_gives_the_volume_of_one_container_or_none(text: str, volume: int | None) -> None:
    assert volume_ml(text) == volume


@pytest.mark.parametrize(
    ("tags", "packaging"),
    [
        ("en:bottle en:glass", GLASS),
        ("en:glass-bottle", GLASS),
        ("fr:bouteille-en-verre fr:bouchon-plastique", GLASS),
        ("en:bottle en:pet-1-polyethylene-terephthalate en:bottle-cap en:hdpe-2-high-density-polyethylene", PLASTIC),
        ("de:glasflasche de:kronkorken de:metall", GLASS),
        ("en:bottle en:glass en:plastic en:cap", GLASS),
        ("en:bottle en:glass en:plastic", None),
        ("en:bottle", None),
        ("en:bottle-cap en:plastic", None),
        ("fr:bouchon-de-bouteille en:plastic", None),
        ("en:can en:aluminium", CAN),
        ("en:bottle en:aluminium", CAN),
        ("en:tetra-pak", OTHER),
        ("de:getränkekarton", OTHER),
        ("en:jar en:glass", OTHER),
        ("en:glass-bottle en:can", None),
        ("fr:bouteille-en-verre en:pet-bottle", None),
        ("ru:стеклянная-бутылка", GLASS),
        ("en:wine-bottle-box en:cardboard", None),
        ("en:green-dot", None),
    ],
)
def test_tags_are_read_by_what_is_a_container_and_what_is_beside_one(tags: str, packaging: Packaging | None) -> None:
    assert packaging_of([read_part(tag) for tag in tags.split()], liquid=False) == packaging


@pytest.mark.parametrize(
    ("text", "packaging"),
    [
        ("1 bouteille en verre à recycler, 1 bouchon en métal à recycler", GLASS),
        ("1 bouteille plastique PET avec bouchon HDPE", PLASTIC),
        ("Plastic bottle can be recycled. Cap can be recycled.", PLASTIC),
        ("Einweg-Flasche aus PET mit Deckel", PLASTIC),
        ("Botella de vidrio; tapón de plástico", GLASS),
        ("Bottiglia in vetro e tappo", GLASS),
        ("Szklana butelka", GLASS),
        ("Стъклена бутилка", GLASS),
        ("Алюминиевая банка, алюминий", CAN),
        ("Пластиковая бутылка", PLASTIC),
        ("lahev sklenena", GLASS),
        ("1 brique en carton", OTHER),
        ("Pack de 6 bouteilles en verre", None),
        ("à consommer de préférence avant la date sur le bouchon", None),
    ],
)
def test_free_text_is_read_in_many_languages(text: str, packaging: Packaging | None) -> None:
    assert packaging_of(read_text(text), liquid=False) == packaging


@pytest.mark.parametrize(
    ("digits", "code"),
    [
        ("4006381333931", "4006381333931"),
        ("042100005264", "0042100005264"),
        ("04006381333931", "4006381333931"),
        ("96385074", "96385074"),
        ("0000096385074", "96385074"),
        ("9520475821661", "9520475821661"),
        ("4006381333932", Dropped.CODE),
        ("14006381333938", Dropped.CODE),
        ("400638133393", Dropped.CODE),
        ("abc", Dropped.CODE),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", Dropped.CODE),
        ("", Dropped.CODE),
        ("0000000000000", Dropped.CODE),
        ("2012345678903", Dropped.RESTRICTED),
        ("9780804816632", Dropped.RESTRICTED),
    ],
)
def test_a_code_is_brought_into_one_form_or_dropped(digits: str, code: str) -> None:
    assert code_of(digits) == code


def test_eight_digits_that_may_be_two_symbologies_are_a_phantom() -> None:
    both = [f"1{n:07}" for n in range(3000) if code_of(f"1{n:07}") is Dropped.PHANTOM]
    assert both


def bottle(**others: Any) -> dict[str, Any]:
    """An invented beer as the JSONL dump has it."""
    part = {
        "shape": "en:bottle",
        "material": "en:brown-glass",
        "weight_measured": "205,5",
        "quantity_per_unit": "33 cl",
        "number_of_units": "6",
    }
    cap = {"shape": "en:bottle-cap", "material": "en:steel", "weight_measured": 2.1}
    return {
        "code": "9520000000011",
        "product_name": "Bière\tdu \u202eJamais",
        "quantity": "6 x 33 cl",
        "packagings": [cap, part],
        "categories_tags": ["en:beverages", "en:beers"],
        "last_modified_t": 1_760_000_000,
        **others,
    }


def entry(**others: Any) -> Entry:
    found = entry_of(bottle(**others), DUMPED)
    assert isinstance(found, Entry)
    return found


def test_a_product_becomes_an_entry_of_its_bottle_and_not_of_its_cap() -> None:
    found = entry()
    assert (found.gtin, found.name, found.packaging) == ("9520000000011", "Bière du Jamais", GLASS)
    assert (found.volume_ml, found.empty_g, found.deposit) == (330, 205.5, False)
    assert (found.source, found.date) == (Source.OPEN_FOOD_FACTS, date(2025, 10, 9))


def test_the_weight_of_a_cap_or_of_a_whole_pack_is_no_empty_weight() -> None:
    weights: tuple[object, ...] = (2.1, 5000, -3, "nan", "inf", "1e400", None, [], True)
    for weight in weights:
        part = {"shape": "en:bottle", "material": "en:glass", "weight_measured": weight}
        assert entry(packagings=[part]).empty_g is None


def test_parts_that_contradict_each_other_are_in_doubt_whatever_the_tags_say() -> None:
    parts = [{"shape": "en:bottle", "material": "en:glass"}, {"shape": "en:bottle", "material": "en:plastic"}]
    assert entry_of(bottle(packagings=parts, packaging_tags=["en:glass-bottle"]), DUMPED) is Dropped.UNPACKED


def test_without_parts_the_tags_decide_and_without_tags_the_text() -> None:
    assert entry(packagings=[], packaging_tags="en:bottle,en:plastic").packaging is PLASTIC
    assert entry(packagings=None, packaging="Bouteille,Verre").packaging is GLASS
    assert entry(packagings=None, packaging_text="1 bouteille en verre").packaging is GLASS


def test_newer_dumps_name_shape_and_material_by_an_id() -> None:
    assert entry(packagings=[{"shape": "en:glass-bottle"}]).packaging is GLASS
    assert entry(packagings=[{"shape": {"id": "en:bottle"}, "material": {"id": "en:pp-5-polypropylene"}}]).packaging is PLASTIC


def test_of_several_bottles_that_nobody_took_apart_the_volume_is_not_known() -> None:
    parts = [{"shape": "en:bottle", "material": "en:glass", "number_of_units": 6}]
    assert entry(packagings=parts, quantity="1.98 l").volume_ml is None
    assert entry(packagings=parts, quantity="6 x 33 cl").volume_ml == 330


def test_glass_alone_is_a_bottle_of_beer_and_nothing_of_a_syrup_or_an_instant_coffee() -> None:
    glass = [{"material": "en:glass"}]
    assert entry(packagings=glass).packaging is GLASS
    for category in ("en:syrups", "en:instant-beverages", "en:coconut-milks", "en:vinegars"):
        tags = ["en:beverages", "en:iced-teas", category]
        assert entry_of(bottle(packagings=glass, categories_tags=tags), DUMPED) is Dropped.UNPACKED


def test_a_carton_is_an_entry_if_a_drink_is_in_it() -> None:
    carton = [{"shape": "en:brick", "material": "en:cardboard"}]
    assert entry(packagings=carton, categories_tags=["en:milks"]).packaging is OTHER
    assert entry_of(bottle(packagings=carton, categories_tags=["en:soups"]), DUMPED) is Dropped.NO_DRINK


@pytest.mark.parametrize("modified", [None, "", "soon", -1, 0, 1e300, "9" * 400, {}, 4_000_000_000])
def test_a_date_that_is_none_or_lies_ahead_is_that_of_the_dump(modified: object) -> None:
    assert entry(last_modified_t=modified).date == DUMPED


def test_fields_of_any_kind_are_no_error() -> None:
    values: tuple[object, ...] = (None, 7, "x" * 100_000, [], [None, 7], {"a": {}}, [[[]]], True, 1.5)
    for hostile in values:
        for key in bottle():
            entry_of(bottle(**{key: hostile}), DUMPED)
