"""A catalogue made of dumps, lists and deltas, and looked up: what is cut off, hostile or damaged changes nothing, and the one in use is read to the end."""

import gzip
import json
import os
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.files import Trouble
from recognition.catalogue import importing
from recognition.catalogue.city import Taken, apply_delta, import_list
from recognition.catalogue.dump import LONGEST_LINE, Dump, DumpFlaw, DumpWrong
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.catalogue.importing import Imported, Progress, Shrunk, Stage, import_dump
from recognition.catalogue.own_list import LineWrong
from recognition.catalogue.store import Catalogue, CatalogueUnreadable, check, lists
from recognition.catalogue.swap import alone, opened
from worlds.dumps import MODIFIED, NOW, code, jsonl, product


def quiet(progress: Progress) -> None:
    del progress


def imported(file: Path, catalogue: Path, told: Callable[[Progress], None] = quiet, **others: Any) -> Imported:
    with Dump(file) as dump:
        return import_dump(dump, catalogue, NOW, told, **others)


def entry_of(catalogue: Path, number: int) -> Entry | None:
    with closing(Catalogue(catalogue)) as products:
        return products.find(code(number))


def name_of(catalogue: Path, number: int) -> str | None:
    entry = entry_of(catalogue, number)
    return None if entry is None else entry.name


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """One in use, of product 1 alone."""
    path = tmp_path / "catalogue.db"
    imported(jsonl(tmp_path / "first.jsonl", [product(1)]), path)
    return path


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit every ten lines."""
    monkeypatch.setattr(importing, "LINES_A_COMMIT", 10)


@pytest.mark.parametrize("name", ["dump.jsonl", "dump.jsonl.gz"])
def test_a_dump_of_json_lines_becomes_a_catalogue_plain_or_packed(tmp_path: Path, name: str) -> None:
    path = tmp_path / "catalogue.db"
    done = imported(jsonl(tmp_path / name, [product(1), product(2, packagings=[]), product(3, code="123")]), path)
    assert (done.lines, done.products, dict(done.dropped)) == (3, 1, {"unpacked": 1, "code": 1})
    entry = entry_of(path, 1)
    assert entry is not None
    assert (entry.packaging, entry.volume_ml, entry.empty_g, entry.source) == (Packaging.GLASS_BOTTLE, 330, 240.0, Source.OPEN_FOOD_FACTS)
    assert entry.date == date(2026, 9, 21)
    assert entry_of(path, 2) is None


@pytest.mark.parametrize(("mark", "begin"), [("\t", b""), (",", b"\xef\xbb\xbf"), (";", b"")])
def test_a_dump_in_columns_is_read_with_tabs_commas_or_semicolons_and_with_a_mark_at_its_begin(
    tmp_path: Path, mark: str, begin: bytes
) -> None:
    rows = [
        ["code", "url", "product_name", "quantity", "packaging_tags", "last_modified_t"],
        [code(1), "", 'Eau "vive"' if mark == "\t" else '"Eau ""vive"""', "1 l", "en:pet-bottle", str(MODIFIED)],
    ]
    file = tmp_path / "dump.csv"
    file.write_bytes(begin + "\r\n".join(mark.join(row) for row in rows).encode())
    imported(file, tmp_path / "catalogue.db")
    entry = entry_of(tmp_path / "catalogue.db", 1)
    assert entry is not None
    assert (entry.name, entry.packaging, entry.volume_ml) == ('Eau "vive"', Packaging.PLASTIC_BOTTLE, 1000)


def test_the_list_says_where_it_comes_from_how_old_it_is_and_its_licence(catalogue: Path) -> None:
    (listed,) = lists(catalogue)
    assert (listed.source, listed.file, listed.products) == (Source.OPEN_FOOD_FACTS, "first.jsonl", 1)
    assert (listed.newest, listed.imported) == (date(2026, 9, 21), date(2026, 11, 30))
    assert "Open Database License" in listed.licence


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("name", ["dump.jsonl", "dump.jsonl.gz"])
@pytest.mark.parametrize("step", range(7))
def test_killed_at_any_step_the_old_one_is_in_use_or_the_new_one_whole_and_the_next_run_ends_as_if_nothing_had_been(
    tmp_path: Path, catalogue: Path, step: int, name: str
) -> None:
    file = jsonl(tmp_path / name, [product(number) for number in range(2, 47)])
    child = os.fork()
    if child == 0:
        seen = 0

        def die(_: Progress) -> None:
            nonlocal seen
            seen += 1
            if seen > step:
                os.kill(os.getpid(), signal.SIGKILL)

        imported(file, catalogue, die)
        os._exit(0)
    os.waitpid(child, 0)
    before, after = name_of(catalogue, 1), name_of(catalogue, 46)
    assert (before is None) != (after is None)
    check(catalogue)

    done = imported(file, catalogue)
    assert (done.products, done.lines) == (45, 45)
    assert done.resumed == (min((step + 1) * 10, 45) if step < 5 else 0)
    assert [name_of(catalogue, number) for number in (1, 2, 46)] == [None, "Limonade imaginaire 2", "Limonade imaginaire 46"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["catalogue.db", "catalogue.db.lock", "first.jsonl", name])


def killed_before_it_is_in_place(change: Callable[[], object]) -> None:
    child = os.fork()
    if child == 0:
        for module in ("importing", "city"):
            sys.modules[f"recognition.catalogue.{module}"].__dict__["put_in_place"] = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        change()
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def test_killed_when_it_was_whole_and_not_in_place_it_is_finished_without_reading_again(tmp_path: Path, deposit: Path) -> None:
    file = jsonl(tmp_path / "next.jsonl", [product(number) for number in range(2, 40)])
    killed_before_it_is_in_place(lambda: imported(file, deposit))
    assert name_of(deposit, 2) is None
    done = imported(file, deposit)
    assert (done.resumed, done.products) == (38, 38)
    assert (name_of(deposit, 1), name_of(deposit, 39)) == ("Bouteille consignée", "Limonade imaginaire 39")


def test_a_delta_that_is_killed_before_it_is_in_place_was_not_applied(tmp_path: Path, deposit: Path) -> None:
    file = delta(tmp_path / "a.jsonl", "2026-12-01", {"gtin": code(5), "packaging": "can", "name": "Soda imaginaire"})
    killed_before_it_is_in_place(lambda: applied(file, deposit))
    assert name_of(deposit, 5) is None
    assert applied(file, deposit) == Taken(1, "2026-12-01")
    assert name_of(deposit, 5) == "Soda imaginaire"


@pytest.mark.usefixtures("often")
def test_what_was_cut_off_is_not_gone_on_with_for_another_dump(tmp_path: Path, catalogue: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(_: Progress) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        imported(jsonl(tmp_path / "one.jsonl", [product(number) for number in range(2, 40)]), catalogue, stop)
    done = imported(jsonl(tmp_path / "other.jsonl", [product(number) for number in range(50, 70)]), catalogue)
    assert (done.resumed, done.products) == (0, 20)
    assert name_of(catalogue, 2) is None


def hostile_columns(*lines: bytes) -> bytes:
    return b"code,product_name,packaging_tags\n" + b"".join(lines) + f"{code(2)},Eau,en:glass-bottle\n".encode() * 40


@pytest.mark.parametrize(
    "line",
    [
        b'"9520000000011,never closed\n',
        b"9520000000011,too,many,columns\n",
        b"9520000000011\n",
        b"9520000000011,caf\xe9,en:glass-bottle\n",
        b"\xff\xff\xff\n",
        b'"a""b"c,x,y\n',
    ],
)
def test_a_line_that_cannot_be_read_is_counted_and_costs_no_other(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "hostile.csv"
    file.write_bytes(hostile_columns(line))
    done = imported(file, tmp_path / "catalogue.db")
    assert (done.products, done.dropped["broken"]) == (1, 1)
    assert name_of(tmp_path / "catalogue.db", 2) == "Eau"


def test_nothing_that_is_not_seen_gets_into_a_name(tmp_path: Path) -> None:
    file = tmp_path / "hostile.csv"
    file.write_bytes(hostile_columns(f"{code(3)},a\0b\x1b[31m\u202ec,en:glass-bottle\n".encode()))
    imported(file, tmp_path / "catalogue.db")
    assert name_of(tmp_path / "catalogue.db", 3) == "a b [31m c"


def test_a_line_without_end_is_passed_over_and_not_held(tmp_path: Path) -> None:
    file = tmp_path / "long.csv.gz"
    with gzip.open(file, "wb", compresslevel=1) as packed:
        packed.write(b"code,product_name,packaging_tags\n")
        for _ in range(100):
            packed.write(b"x" * 1_000_000)
        packed.write(b"\n" + f"{code(2)},Eau,en:glass-bottle\n".encode() * 40)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    done = imported(file, tmp_path / "catalogue.db")
    assert (done.products, done.dropped["broken"]) == (1, 1)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 12 * LONGEST_LINE


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", DumpFlaw.EMPTY),
        (b"\n\n", DumpFlaw.EMPTY),
        ("code,packaging\n".encode("utf-16"), DumpFlaw.ENCODING),
        ("code,packaging\n".encode("utf-16-le"), DumpFlaw.ENCODING),
        ("code,cat\u00e9gorie,packaging\n".encode("latin-1"), DumpFlaw.ENCODING),
        (b"name,price\na,1\n", DumpFlaw.COLUMNS),
        (b"code,product_name\n1,a\n", DumpFlaw.COLUMNS),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 400, DumpFlaw.ENCODING),
        (b"code,packaging\n" + b"\xe9,x\n" * 300, DumpFlaw.BROKEN),
        (b"code,packaging\n1,x\n", DumpFlaw.EMPTY),
        (gzip.compress(b"code,packaging\n" + os.urandom(100_000))[:60_000], DumpFlaw.CUT_OFF),
        (gzip.compress(b"code,packaging\n" + b"1,x\n" * 1000)[:30] + b"\xff" * 40, DumpFlaw.DAMAGED),
        (json.dumps(product(5)).encode() + b"\n" + json.dumps(product(6)).encode()[:-9], DumpFlaw.CUT_OFF),
        (b"code\tname\tpackaging\n1\ta\tb\n2\ta", DumpFlaw.CUT_OFF),
    ],
    ids=lambda value: value.name if isinstance(value, DumpFlaw) else "",
)
def test_a_file_that_is_no_whole_dump_is_refused_with_its_reason_and_the_old_one_stays(
    tmp_path: Path, catalogue: Path, content: bytes, flaw: DumpFlaw
) -> None:
    file = tmp_path / "wrong"
    file.write_bytes(content)
    with pytest.raises(DumpWrong) as caught:
        imported(file, catalogue)
    assert caught.value.flaw is flaw
    assert name_of(catalogue, 1) == "Limonade imaginaire 1"
    assert not catalogue.with_name("catalogue.db.import").exists()


def test_a_list_that_has_shrunk_to_less_than_half_is_taken_only_if_somebody_says_so(tmp_path: Path) -> None:
    path, many, few = tmp_path / "catalogue.db", tmp_path / "many.jsonl", tmp_path / "few.jsonl"
    imported(jsonl(many, [product(number) for number in range(20)]), path)
    jsonl(few, [product(number) for number in range(9)])
    with pytest.raises(Shrunk) as caught:
        imported(few, path)
    assert (caught.value.found, caught.value.before) == (9, 20)
    assert name_of(path, 19) is not None
    assert imported(few, path, smaller=True).products == 9


def test_a_full_disk_is_told_as_one_and_leaves_the_old_one_and_no_rest(
    tmp_path: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(path: Path, mode: str) -> sqlite3.Connection:
        db = opened(path, mode)
        if mode == "rwc":
            # what SQLite says of a disk without room
            db.execute("PRAGMA max_page_count = 40")
        return db

    monkeypatch.setattr("recognition.catalogue.importing.opened", small)
    with pytest.raises(CatalogueUnreadable) as caught:
        imported(jsonl(tmp_path / "large.jsonl", [product(number) for number in range(5000)]), catalogue)
    assert caught.value.trouble is Trouble.FULL
    assert name_of(catalogue, 1) is not None
    assert not catalogue.with_name("catalogue.db.import").exists()


def test_two_imports_at_once_are_one_and_the_second_is_told(tmp_path: Path, catalogue: Path) -> None:
    with alone(catalogue), pytest.raises(CatalogueUnreadable) as caught:
        imported(jsonl(tmp_path / "more.jsonl", [product(2)]), catalogue)
    assert caught.value.trouble is Trouble.BUSY


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


def test_a_damaged_catalogue_is_told_as_one_and_an_import_mends_it(tmp_path: Path, catalogue: Path) -> None:
    damaged(catalogue)
    uses: tuple[Callable[[], object], ...] = (lambda: check(catalogue), lambda: name_of(catalogue, 1))
    for use in uses:
        with pytest.raises(CatalogueUnreadable) as caught:
            use()
        assert caught.value.trouble is Trouble.DAMAGED
    assert imported(jsonl(tmp_path / "again.jsonl", [product(2)]), catalogue).lost
    assert name_of(catalogue, 2) is not None


def test_what_was_read_so_far_and_damaged_since_is_read_anew(tmp_path: Path, catalogue: Path) -> None:
    partial = catalogue.with_name("catalogue.db.import")
    partial.write_bytes(b"SQLite format 3\0" + b"\0" * 5000)
    assert imported(jsonl(tmp_path / "more.jsonl", [product(2)]), catalogue).products == 1


def a_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE entry (a)")


def a_text(path: Path) -> None:
    path.write_text("ledger")


@pytest.mark.parametrize("make", [a_text, a_database])
def test_a_file_that_is_no_catalogue_is_never_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "ledger.db"
    make(path)
    before = path.read_bytes()
    deposit = tmp_path / "list.csv"
    deposit.write_text(f"gtin,packaging\n{code(1)},glass_bottle\n")
    for change in (lambda: imported(jsonl(tmp_path / "more.jsonl", [product(2)]), path), lambda: listed(deposit, path)):
        with pytest.raises(CatalogueUnreadable) as caught:
            change()
        assert caught.value.trouble is Trouble.TAKEN
    assert path.read_bytes() == before


def test_a_catalogue_that_is_replaced_is_noticed_at_the_next_look(tmp_path: Path, catalogue: Path) -> None:
    with closing(Catalogue(catalogue)) as products:
        assert products.find(code(1)) is not None
        imported(jsonl(tmp_path / "next.jsonl", [product(2)]), catalogue)
        assert products.find(code(1)) is None
        assert products.find(code(2)) is not None


def listed(file: Path, path: Path) -> Taken:
    with Dump(file) as dump:
        return import_list(dump, path, NOW)


def applied(file: Path, path: Path) -> Taken:
    with Dump(file) as dump:
        return apply_delta(dump, path, NOW)


@pytest.fixture
def deposit(tmp_path: Path, catalogue: Path) -> Path:
    """The city's list of deposit bottles beside product 1, which it knows better."""
    file = tmp_path / "deposit.csv"
    file.write_text(f"gtin;packaging;name;volume_ml;empty_g;deposit\n{code(1)};glass_bottle;Bouteille consignée;750;555,5;1\n")
    listed(file, catalogue)
    return catalogue


def test_the_citys_word_comes_before_that_of_open_food_facts_and_outlives_its_next_dump(tmp_path: Path, deposit: Path) -> None:
    for _ in range(2):
        entry = entry_of(deposit, 1)
        assert entry is not None
        assert (entry.source, entry.deposit, entry.name, entry.empty_g) == (Source.CITY, True, "Bouteille consignée", 555.5)
        imported(jsonl(tmp_path / "next.jsonl", [product(1), product(2)]), deposit)
    assert {found.source for found in lists(deposit)} == {Source.CITY, Source.OPEN_FOOD_FACTS}


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("9520000000012,glass_bottle,,,,,", "gtin"),
        ("2012345678903,glass_bottle,,,,,", "gtin"),
        (f"{code(2)},bottle,,,,,", "packaging"),
        (f"{code(2)},glass_bottle,,33 cl,,,", "volume_ml"),
        (f"{code(2)},glass_bottle,,nan,,,", "volume_ml"),
        (f"{code(2)},glass_bottle,,,-3,,", "empty_g"),
        (f"{code(2)},glass_bottle,,,,oui,", "deposit"),
        (f"{code(2)},glass_bottle,,,,,30/11/2026", "date"),
    ],
)
def test_a_mistake_in_the_citys_list_is_told_with_its_line_and_nothing_of_the_list_is_taken(
    tmp_path: Path, deposit: Path, line: str, column: str
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(f"gtin,packaging,name,volume_ml,empty_g,deposit,date\n{code(9)},can,,,,,\n{line}\n")
    with pytest.raises(LineWrong) as caught:
        listed(file, deposit)
    assert (caught.value.line, caught.value.column) == (3, column)
    assert name_of(deposit, 9) is None
    assert name_of(deposit, 1) == "Bouteille consignée"
    assert not deposit.with_name("catalogue.db.new").exists()


def test_a_line_of_the_citys_list_that_cannot_be_read_is_told_with_its_number(tmp_path: Path, deposit: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(f"gtin,packaging\n{code(9)},can\n{code(2)}\n")
    with pytest.raises(DumpWrong) as caught:
        listed(file, deposit)
    assert (caught.value.flaw, caught.value.line) == (DumpFlaw.LINE, 3)
    assert name_of(deposit, 9) is None


def delta(path: Path, name: str, *lines: Mapping[str, object], said: int | None = None) -> Path:
    return jsonl(path, [{"delta": name, "lines": len(lines) if said is None else said}, *lines])


def test_a_delta_is_applied_once_by_its_id_whatever_its_file_is_called(tmp_path: Path, deposit: Path) -> None:
    change = {"gtin": code(5), "packaging": "plastic_bottle", "name": "Eau imaginaire"}
    assert applied(delta(tmp_path / "a.jsonl", "2026-12-01", change), deposit) == Taken(1, "2026-12-01")
    assert name_of(deposit, 5) == "Eau imaginaire"
    applied(delta(tmp_path / "b.jsonl", "2026-12-02", {"gtin": code(5), "gone": True}, {"gtin": code(1), "gone": True}), deposit)
    assert (name_of(deposit, 5), name_of(deposit, 1)) == (None, "Limonade imaginaire 1")
    assert applied(delta(tmp_path / "c.jsonl.gz", "2026-12-01", change), deposit).known
    imported(jsonl(tmp_path / "next.jsonl", [product(1)]), deposit)
    assert applied(delta(tmp_path / "d.jsonl", "2026-12-01", change), deposit).known
    assert name_of(deposit, 5) is None


def test_a_delta_that_was_cut_off_between_two_lines_is_not_taken(tmp_path: Path, deposit: Path) -> None:
    change = {"gtin": code(5), "packaging": "plastic_bottle"}
    with pytest.raises(DumpWrong) as caught:
        applied(delta(tmp_path / "a.jsonl", "2026-12-01", change, said=2), deposit)
    assert caught.value.flaw is DumpFlaw.CUT_OFF
    assert name_of(deposit, 5) is None
    assert not applied(delta(tmp_path / "b.jsonl", "2026-12-01", change), deposit).known


def test_stages_are_told_in_their_order(tmp_path: Path) -> None:
    told: list[Stage] = []
    imported(jsonl(tmp_path / "dump.jsonl", [product(1)]), tmp_path / "catalogue.db", lambda progress: told.append(progress.stage))
    assert told == [Stage.FINISHING, Stage.IN_PLACE]
