"""What a code stands for, as the judging thread asks it: whose word counts, what becomes of a list that cannot be read, and which codes the city hears of."""

import queue
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.settings import Recognition, Settings, load
from config.vocabulary import Bin, Cents, Gtin, Material, Reason, SequenceNumber
from kiosk.agents import AgentsUnreadable
from kiosk.catalogue.own import forget_own, keep_own, read_own
from kiosk.catalogue.products import TOGETHER, Products
from kiosk.catalogue.unknown import KEPT, Unknown, note_unknown, read_unknown
from kiosk.deposit.actions import Judge, Remember, Watch
from kiosk.deposit.events import Judged, Pictured
from kiosk.deposit.notes import Note, NoteKind
from kiosk.workers.sight import SightWorker
from ledger.vocabulary import Intent
from recognition.catalogue.entry import Entry, Packaging, Source
from recognition.history import History
from recognition.policies import policy_of
from timing import FakeClock, patient, wait_until
from worlds.dumps import code, listed
from worlds.scripted_camera import ScriptedCamera, see

CONFIGURATION = """
[kiosk]
id = "a-kiosk"
state = "."
[intake]
port = "intake"
[camera]
source = "pictures"
[reward]
voucher_page = "https://consigne.example/bon"
[city]
url = "https://consigne.example"
"""
OWN = Entry(code(1), "Eau à nous", Packaging.PLASTIC_BOTTLE, 500, 22.0, deposit=False, source=Source.OWN, date=date(2026, 11, 30))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "kiosk.toml").write_text(CONFIGURATION)
    return load(tmp_path / "kiosk.toml")


@pytest.fixture
def notes() -> list[Note]:
    return []


@pytest.fixture
def products(settings: Settings, clock: FakeClock, notes: list[Note]) -> Iterator[Products]:
    made = Products(settings, clock, notes.append)
    yield made
    made.keep()


def test_staffs_own_entry_wins_over_the_list_and_is_heard_at_once(settings: Settings, products: Products) -> None:
    listed(settings.catalogue, f"{code(1)},glass_bottle,Ce que dit la ville,750,500,1")
    found = products.find(code(1))
    assert found is not None
    assert (found.source, found.deposit) == (Source.CITY, True)
    keep_own(settings.files.kiosk, OWN)
    assert products.find(code(1)) == OWN
    assert forget_own(settings.files.kiosk, code(1))
    assert products.find(code(1)) == found
    assert not forget_own(settings.files.kiosk, code(1))


def test_an_own_entry_is_replaced_by_the_next_of_its_code(settings: Settings) -> None:
    keep_own(settings.files.kiosk, OWN)
    keep_own(settings.files.kiosk, replace(OWN, name="Autre", deposit=True))
    assert read_own(settings.files.kiosk) == {code(1): replace(OWN, name="Autre", deposit=True)}


def test_a_list_of_another_place_is_the_one_that_the_configuration_names(tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_text(f'{CONFIGURATION}[recognition]\ncatalogue = "lists/paris.db"\n')
    assert load(tmp_path / "kiosk.toml").catalogue == tmp_path / "lists/paris.db"


def test_a_list_that_is_missing_damaged_and_mended_is_told_once_each_time_and_used_again_when_it_can_be(
    settings: Settings, products: Products, notes: list[Note]
) -> None:
    assert [products.find(code(1)), products.find(code(2))] == [None, None]
    assert [note.kind for note in notes] == [NoteKind.CATALOGUE_UNREAD]
    listed(settings.catalogue, f"{code(1)},can,Soda imaginaire,330,,0")
    assert products.find(code(1)) is not None
    settings.catalogue.write_bytes(b"SQLite format 3\0" + b"\0" * 52 + b"CNSG" + b"\xa5" * 9000)
    assert [products.find(code(1)), products.find(code(1))] == [None, None]
    assert [note.facts["path"] for note in notes] == [str(settings.catalogue)] * 2


def test_own_entries_count_where_the_list_is_missing_and_the_list_where_they_cannot_be_read(
    settings: Settings, products: Products, notes: list[Note]
) -> None:
    keep_own(settings.files.kiosk, OWN)
    assert products.find(code(1)) == OWN
    settings.files.kiosk.write_bytes(b"no database" * 100)
    listed(settings.catalogue, f"{code(2)},can,Soda imaginaire,330,,0")
    assert products.find(code(2)) is not None
    assert str(settings.files.kiosk) in [note.facts["path"] for note in notes]
    with pytest.raises(AgentsUnreadable):
        read_own(settings.files.kiosk)


def test_the_city_hears_of_a_code_that_nobody_knows_once_its_bottle_was_credited(
    settings: Settings, products: Products, clock: FakeClock
) -> None:
    listed(settings.catalogue, f"{code(1)},can,Soda imaginaire,330,,0")
    for gtin in (code(1), code(2), code(2)):
        products.find(gtin)
        products.credited(gtin)
    products.find(code(3))
    products.credited(None)
    products.find(code(4))
    assert read_unknown(settings.files.status) == ()
    products.keep()
    today = clock.now().day()
    assert read_unknown(settings.files.status) == (Unknown(code(2), 2, today, today),)


def test_in_a_long_visit_unknown_codes_are_written_together(settings: Settings, products: Products) -> None:
    for number in range(TOGETHER):
        products.find(code(number))
        products.credited(code(number))
    assert len(read_unknown(settings.files.status)) == TOGETHER


def test_unknown_codes_are_counted_by_day_and_the_oldest_go_beyond_the_most(tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    note_unknown(path, {code(0): 3}, date(2026, 11, 1))
    note_unknown(path, {code(0): 1, code(1): 1}, date(2026, 11, 2))
    assert read_unknown(path)[0] == Unknown(code(0), 4, date(2026, 11, 1), date(2026, 11, 2))
    note_unknown(path, {code(2 + n): 1 for n in range(KEPT)}, date(2026, 11, 3))
    kept = read_unknown(path)
    assert len(kept) == KEPT
    assert code(0) not in {one.gtin for one in kept}


def test_a_damaged_file_of_unknown_codes_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    path.write_bytes(b"no database" * 100)
    note_unknown(path, {code(0): 1}, date(2026, 11, 1))
    assert len(read_unknown(path)) == 1


def test_unknown_codes_that_cannot_be_written_are_told_once_and_end_no_visit(
    settings: Settings, clock: FakeClock, notes: list[Note]
) -> None:
    listed(settings.catalogue)
    settings.files.status.mkdir()
    products = Products(settings, clock, notes.append)
    for _ in range(2):
        products.find(code(1))
        products.credited(code(1))
        products.keep()
    assert [(note.kind, note.facts["path"]) for note in notes] == [(NoteKind.CATALOGUE_UNREAD, str(settings.files.status))]


@pytest.mark.parametrize(
    ("line", "reasons"), [("glass_bottle,Bière consignée,330,200,1", (Reason.DEPOSIT,)), ("glass_bottle,Bière,330,200,0", ())]
)
def test_a_bottle_for_which_a_shop_pays_a_deposit_is_handed_back_through_the_whole_thread(
    settings: Settings, products: Products, clock: FakeClock, line: str, reasons: tuple[Reason, ...]
) -> None:
    listed(settings.catalogue, f"9520475821661,{line}")
    camera, told = ScriptedCamera(), queue.SimpleQueue[Judged]()

    def post(event: Judged | Pictured) -> None:
        if isinstance(event, Judged):
            told.put(event)

    sight = SightWorker(camera, policy_of(Recognition(), demonstration=True), clock, post, History(), products)
    sight.start()
    sight.perform(Watch(1))
    see(camera, clock, "glass_brown_33_006.jpg", range(1, 3))
    sight.perform(Judge(1, 200, metal=False))
    verdict = told.get(timeout=patient(10)).verdict
    sight.stop()
    sight.join()
    assert (verdict.gtin, verdict.reasons) == (Gtin("9520475821661"), reasons)
    assert verdict.evidence.entry is not None


@pytest.mark.parametrize("end", ["the visit is over", "the kiosk ends"])
def test_a_credited_bottle_of_a_code_that_nobody_knows_is_on_the_disk_when_the_visit_is_over_or_the_kiosk_ends(
    settings: Settings, products: Products, clock: FakeClock, end: str
) -> None:
    listed(settings.catalogue)
    camera, told = ScriptedCamera(), queue.SimpleQueue[Judged]()

    def post(event: Judged | Pictured) -> None:
        if isinstance(event, Judged):
            told.put(event)

    sight = SightWorker(camera, policy_of(Recognition(), demonstration=True), clock, post, History(), products)
    sight.start()
    sight.set_pace(in_visit=True)
    sight.perform(Watch(1))
    see(camera, clock, "glass_brown_33_006.jpg", range(1, 3))
    sight.perform(Judge(1, 200, metal=False))
    gtin = told.get(timeout=patient(10)).verdict.gtin
    sight.perform(Remember(Intent(SequenceNumber(7), "2026-11-24/0001", gtin, Material.GLASS, Cents(20), Bin(1), 200, "every-vote-2")))
    if end == "the visit is over":
        sight.set_pace(in_visit=False)
        wait_until(lambda: bool(read_unknown(settings.files.status)))
    sight.stop()
    sight.join()
    assert [one.gtin for one in read_unknown(settings.files.status)] == ["9520475821661"]


def test_a_row_that_says_nothing_that_is_understood_is_damage_and_no_entry(
    settings: Settings, products: Products, notes: list[Note]
) -> None:
    listed(settings.catalogue, f"{code(1)},can,Soda imaginaire,330,,0")
    with closing(sqlite3.connect(settings.catalogue)) as db, db:
        db.execute("UPDATE product SET packaging = 'amphora'")
    assert products.find(code(1)) is None
    assert [note.kind for note in notes] == [NoteKind.CATALOGUE_UNREAD]
