"""What a catalogue costs: bytes on the disk, time of a look-up, memory of an import.

    python -m benchmarks.catalogue [--lines N]

A dump of made-up products is written line by line (every twelfth is a drink in a bottle or can, the others have no packaging, as in Open Food Facts) and imported in a process
of its own, whose memory at its highest and processor time are told beside those of a bare loop that only unpacks the same file and splits its lines. Then look-ups, half of them of
codes that nobody knows, beside a bare ``SELECT`` on the same file in the same run, in processor time of the thread. Exit 1 beyond 60 MB for 300,000 products, 300 MB or 1 ms at the 99th of a hundred.
"""

import argparse
import gzip
import multiprocessing
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.arguments import at_least
from config.vocabulary import Gtin
from recognition.catalogue.dump import Dump
from recognition.catalogue.importing import import_dump
from recognition.catalogue.store import Catalogue
from recognition.gtin import check_digit

DRINK_EVERY = 12
"""3.6 million lines with 300,000 products that are kept."""

COLUMNS = (
    *("code", "url", "creator", "created_t", "last_modified_t", "product_name", "generic_name", "quantity", "packaging", "packaging_tags"),
    *("packaging_text", "brands", "categories_tags", "labels_tags", "countries_tags", "ingredients_text", "nutriscore_grade"),
)
KINDS = (
    ("en:bottle,en:glass", "en:beers", "33 cl"),
    ("en:pet-bottle", "en:sodas", "1,5 L"),
    ("en:bottle,en:plastic,en:cap", "en:waters", "6 x 50 cl"),
    ("en:can,en:aluminium", "en:sodas", "33 cl"),
)
LOOK_UPS = 20_000
MOST_BYTES, MOST_MS, MOST_MB = 60_000_000, 1.0, 300


def code(number: int) -> str:
    """Of no prefix that means anything: what a code looks like, spread over the index as real ones are."""
    body = f"{300_000_000_000 + number * 7_919 % 100_000_000_000:012}"
    return body + check_digit(body)


def lines(count: int) -> Iterator[str]:
    yield "\t".join(COLUMNS) + "\n"
    for number in range(count):
        row = dict.fromkeys(COLUMNS, "")
        row |= {
            "code": code(number),
            "url": f"http://example.invalid/product/{code(number)}",
            "creator": "somebody",
            "created_t": "1500000000",
        }
        row |= {
            "last_modified_t": str(1_700_000_000 + number % 50_000_000),
            "product_name": f"Produit imaginaire de la marque {number % 997} n° {number}",
        }
        row |= {"countries_tags": "en:france", "ingredients_text": "eau, sucre, arômes " * (number % 9)}
        if number % DRINK_EVERY == 0:
            row["packaging_tags"], row["categories_tags"], row["quantity"] = KINDS[number // DRINK_EVERY % len(KINDS)]
        yield "\t".join(row.values()) + "\n"


def write(path: Path, count: int) -> None:
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        for line in lines(count):
            file.write(line)


def bare(path: Path) -> int:
    with gzip.open(path, "rb") as file:
        return sum(len(line.split(b"\t")) > 1 for line in file)


def imported(path: Path, catalogue: Path) -> int:
    with Dump(path) as dump:
        return import_dump(dump, catalogue, datetime.now(UTC), lambda _: None).products


def apart(work: Callable[..., int], *arguments: Path) -> tuple[int, float, float]:
    """What it gives, its processor time in s and its memory at its highest in MB, in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., int], arguments: tuple[Path, ...]) -> tuple[int, float, float]:
    began = time.process_time()
    found = work(*arguments)
    return found, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def hundredths(times_ns: list[int]) -> tuple[float, float]:
    """The middle and the 99th of a hundred, in ms."""
    times_ns.sort()
    return times_ns[len(times_ns) // 2] / 1e6, times_ns[len(times_ns) * 99 // 100] / 1e6


def look_ups(catalogue: Path, products: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ours and a bare SELECT's, in turn over the same codes."""
    chance = random.Random(1)
    codes = [Gtin(code(chance.randrange(products) * DRINK_EVERY + chance.randrange(2))) for _ in range(LOOK_UPS)]
    ours: list[int] = []
    plain: list[int] = []
    found = Catalogue(catalogue)
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro&immutable=1", uri=True)) as db:
        for gtin in codes:
            began = time.thread_time_ns()
            entry = found.find(gtin)
            between = time.thread_time_ns()
            row = db.execute("SELECT * FROM product WHERE gtin = ?", (gtin,)).fetchone()
            plain.append(time.thread_time_ns() - between)
            ours.append(between - began)
            assert (entry is None) == (row is None)
    found.close()
    return hundredths(ours), hundredths(plain)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=at_least(DRINK_EVERY), default=3_600_000, help="of the dump; every twelfth is kept")
    count = parser.parse_args().lines
    with tempfile.TemporaryDirectory(prefix="consigne-catalogue-") as folder:
        dump, catalogue = Path(folder) / "dump.csv.gz", Path(folder) / "catalogue.db"
        write(dump, count)
        _, bare_s, bare_mb = apart(bare, dump)
        products, ours_s, ours_mb = apart(imported, dump, catalogue)
        size = catalogue.stat().st_size
        (middle, late), (bare_middle, bare_late) = look_ups(catalogue, products)
    print(f"dump: {count} lines; catalogue: {products} products, {size / 1e6:.1f} MB, {size / products:.0f} bytes a product")
    print(f"import: {ours_s:.0f} s of processor, {ours_mb:.0f} MB; bare loop {bare_s:.0f} s, {bare_mb:.0f} MB; ratio {ours_s / bare_s:.1f}")
    print(
        f"look-up, ms: median {middle:.4f}, 99th {late:.4f}; bare {bare_middle:.4f}, {bare_late:.4f}; ratio {middle / bare_middle:.1f}, {late / bare_late:.1f}"
    )
    sys.exit(1 if size / products * 300_000 > MOST_BYTES or late > MOST_MS or ours_mb > MOST_MB else 0)


if __name__ == "__main__":
    main()
