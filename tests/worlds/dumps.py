"""Invented products as dumps and lists have them, under codes of the range for demonstrations, and a catalogue made of them."""

import gzip
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.vocabulary import Gtin
from recognition.catalogue.city import import_list
from recognition.catalogue.dump import Dump
from recognition.gtin import check_digit

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MODIFIED = 1_790_000_000
"""2026-09-21"""


def code(number: int) -> Gtin:
    body = f"952{number:09}"
    return Gtin(body + check_digit(body))


def product(number: int, **others: Any) -> dict[str, Any]:
    """As the JSONL dump of Open Food Facts has it: a lemonade."""
    part = {"shape": "en:bottle", "material": "en:glass", "weight_measured": 240}
    name = f"Limonade imaginaire {number}"
    return {"code": code(number), "product_name": name, "quantity": "33 cl", "packagings": [part], "last_modified_t": MODIFIED, **others}


def jsonl(path: Path, products: Iterable[object]) -> Path:
    text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in products).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def listed(path: Path, *lines: str, now: datetime = NOW) -> Path:
    """A catalogue of a city's list: gtin, packaging, name, volume_ml, empty_g, deposit."""
    file = path.with_name(f"{path.name}.csv")
    file.write_text("\n".join(["gtin,packaging,name,volume_ml,empty_g,deposit", *lines, ""]))
    with Dump(file) as dump:
        import_list(dump, path, now)
    return path
