"""The list that the demonstration carries: every code of the chamber's pictures, with the packaging and the weight of its picture."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from config.vocabulary import Gtin
from drivers.twin.items import chamber_items
from recognition.catalogue.city import import_list
from recognition.catalogue.dump import Dump
from recognition.catalogue.entry import Packaging
from recognition.catalogue.store import Catalogue
from simulation.demo.stage import PRODUCTS
from worlds.dumps import NOW


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    path = tmp_path_factory.mktemp("demo") / "catalogue.db"
    with Dump(PRODUCTS) as dump:
        import_list(dump, path, NOW)
    with closing(Catalogue(path)) as products:
        yield products


def test_every_item_with_one_code_has_a_name_and_its_own_packaging_and_weight(catalogue: Catalogue) -> None:
    items = [item for item in chamber_items().values() if len(item.codes) == 1]
    assert items
    for item in items:
        entry = catalogue.find(Gtin(item.codes[0]))
        assert entry is not None, item.name
        assert entry.name
        assert entry.packaging == Packaging(item.kind)
        # what a full one weighs is not what it weighs empty
        assert entry.empty_g in {None, item.weight_g, 22.0}


def test_for_one_bottle_a_shop_pays_a_deposit(catalogue: Catalogue) -> None:
    entries = [catalogue.find(Gtin(code)) for item in chamber_items().values() for code in item.codes]
    assert len({entry.gtin for entry in entries if entry is not None and entry.deposit}) == 1
