"""A ledger is asked after where others know it: the city's mark, the key, the configured kiosk, an anchor. The kiosk asks too when it starts."""

import io
import json
import re
import shutil
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from config.settings import load
from config.vocabulary import Material
from kiosk.begin import recognise
from ledger import keys
from ledger.beside import Anchor, Witness, ask, mark_path
from ledger.database import reading
from ledger.export import write_csv, write_journal
from ledger.findings import FindingKind
from ledger.sync.outcomes import Delivered
from ledger.sync.rounds import once
from ledger.verify import verify
from ledger.views import balances, entries, generation, head, open_vouchers, totals
from ledger.vocabulary import Garbled, LedgerBehind, LedgerError, LedgerUnavailable
from money.city_server import city
from money.ledgers import BEGINNING, TERMS, Kiosk, LedgerIn, SeededRandom, cut, tamper
from money.sending_kiosk import Kiosk as SendingKiosk
from money.sending_kiosk import route
from people.command import consigne
from timing import FakeClock
from what_verify_sees import KIOSK, Scene, another, mark, scene, table, visit

pytest_plugins = ("money.ledger_fixtures",)

README = Path(__file__).parents[2] / "ledger" / "README.md"


@pytest.fixture
def it(tmp_path: Path) -> Scene:
    return scene(tmp_path)


def found(path: Path, *anchors: Anchor, kiosk: str | None = KIOSK) -> list[FindingKind]:
    return [finding.what for finding in ask(path, kiosk, anchors).findings]


def configuration(it: Scene, kiosk: str = KIOSK) -> Path:
    path = it.path.parent.parent / "kiosk.toml"
    path.write_text(
        f'[kiosk]\nid = "{kiosk}"\nstate = "kiosk"\n[intake]\nport = "none"\n[camera]\nsource = "none"\n'
        f'[reward]\nvoucher_page = "https://consigne.example/bon"\n[city]\nurl = "http://127.0.0.1:9"\n'
    )
    return path


@pytest.mark.timeout(120)
def test_the_table_of_the_readme_is_what_verify_sees() -> None:
    assert "\n".join(table()) in README.read_text(encoding="utf-8")


def test_a_sound_ledger_agrees_with_all_who_are_asked(it: Scene) -> None:
    answers = ask(it.path, KIOSK, [it.anchor])
    assert (answers.findings, answers.unread) == ((), None)
    assert answers.asked == (Witness.MARK, Witness.KEY, Witness.KIOSK, Witness.ANCHOR)


def test_a_copy_alone_has_nobody_to_ask(it: Scene, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "copy.db"
    copy.parent.mkdir()
    shutil.copy(it.path, copy)
    assert ask(copy).asked == ()


def test_an_archive_is_asked_after_by_its_name_and_what_the_city_has_of_it(it: Scene) -> None:
    answers = ask(it.before)
    assert (answers.asked, answers.findings) == ((Witness.MARK, Witness.NAME), ())
    with reading(it.before) as connection:
        (last,) = connection.exec_driver_sql("SELECT max(row) FROM entry").one()
    cut(it.before, last - 1)
    assert set(found(it.before)) == {FindingKind.CUT, FindingKind.NAME}


def test_ledgers_begun_while_the_city_was_away_are_followed_back_to_the_one_that_it_knows(it: Scene) -> None:
    with closing(again(it.path)) as kiosk:
        for totaliser in (200, 300):
            kiosk.succeed(totaliser=totaliser)
            kiosk.journal = kiosk.open()
            kiosk.journal.close_visit(kiosk.visit_of(0), kiosk.now())
    assert found(it.path) == []
    shortest = min(it.path.parent.glob("ledger-*-*.db"), key=lambda path: int(path.name.split("-")[1]))
    shortest.unlink()
    assert found(it.path) == [], "where the chain of archives is broken nobody knows better"


def again(path: Path) -> Kiosk:
    """The kiosk of a ledger that is there."""
    kiosk = object.__new__(Kiosk)
    vars(kiosk).update(
        path=path, terms=TERMS, clock=FakeClock(), random=SeededRandom(3), beginning=BEGINNING, _opened=[], _sequence=900, audited=True
    )
    kiosk.journal = kiosk.open()
    return kiosk


def test_a_ledger_that_was_lost_may_be_begun_anew_and_verify_tells_of_the_other(it: Scene) -> None:
    it.path.unlink()
    with closing(Kiosk(it.path.parent, beginning=replace(BEGINNING, why="the card was lost"))):
        assert found(it.path) == [FindingKind.STRANGER]
    done = consigne("run", "--lines", "--config", configuration(it), folder=it.path.parent, stdin="")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_mark_of_the_moment_is_no_finding_in_a_ledger_that_is_being_written(tmp_path: Path) -> None:
    with closing(Kiosk(tmp_path)) as kiosk, reading(kiosk.path) as connection:
        assert list(verify(connection)) == []
        visit(kiosk)
        mark(kiosk.path)
        assert list(verify(connection)) == []
        assert found(kiosk.path) == []


def test_what_the_sync_itself_wrote_down_agrees(tmp_path: Path) -> None:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    kiosk = SendingKiosk(folder, FakeClock())
    kiosk.visit(Material.GLASS)
    with city(tmp_path) as address:
        assert isinstance(once(route(kiosk, address), threading.Event(), FakeClock()), Delivered)
    assert found(kiosk.path, kiosk="paris-11-01") == []
    cut(kiosk.path, kiosk.rows() - 1)
    assert found(kiosk.path, kiosk="paris-11-01") == [FindingKind.CUT]


@pytest.mark.parametrize("damage", [b"", b"not a database" * 100])
def test_a_mark_that_cannot_be_read_is_told_and_is_no_finding(it: Scene, damage: bytes) -> None:
    mark_path(it.path).write_bytes(damage)
    answers = ask(it.path, KIOSK)
    assert answers.findings == ()
    assert answers.unread is not None
    assert mark_path(it.path).read_bytes() == damage


def test_a_key_file_that_holds_none_is_a_finding(it: Scene) -> None:
    keys.key_path(it.path).write_bytes(b"no key")
    assert found(it.path) == [FindingKind.KEY]
    keys.key_path(it.path).unlink()
    assert found(it.path) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "7:",
        ":" + "a" * 64,
        "0:" + "a" * 64,
        "7:abc",
        "7:" + "g" * 64,
        "-7:" + "a" * 64,
        "٧:" + "a" * 64,
        "9" * 30 + ":" + "a" * 64,
    ],
)
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(text) + "$"):
        Anchor.read(text)


def test_the_command_takes_anchors_and_prints_the_next_one(it: Scene) -> None:
    good, path = f"{it.anchor.row}:{it.anchor.hash}", configuration(it)
    sound = consigne("ledger", "verify", "--config", path, "--anchor", good.upper(), folder=it.path.parent)
    assert (sound.returncode, sound.stderr) == (0, "")
    printed = sound.stdout.split("--anchor ")[1].split()[0]
    assert consigne("ledger", "verify", "--config", path, "--anchor", printed, "--anchor", good, folder=it.path.parent).returncode == 0
    other = consigne("ledger", "verify", "--config", path, "--json", "--anchor", f"{it.anchor.row}:{'0' * 64}", folder=it.path.parent)
    assert other.returncode == 1
    assert [finding["what"] for finding in json.loads(other.stdout)["findings"]] == ["anchor"]
    wrong = consigne("ledger", "verify", "--config", path, "--anchor", "7:abc", folder=it.path.parent)
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 1)


def cut_off(it: Scene) -> None:
    cut(it.path, it.known - 1)


def an_older_copy(it: Scene) -> None:
    shutil.copy(it.earlier, it.path)


def the_one_before(it: Scene) -> None:
    shutil.copy(it.before, it.path)


@pytest.mark.parametrize("deed", [cut_off, an_older_copy, the_one_before])
def test_neither_verify_nor_the_kiosk_takes_what_the_city_knows_better(it: Scene, deed: Callable[[Scene], None]) -> None:
    deed(it)
    assert found(it.path)
    with pytest.raises(LedgerBehind):
        recognise(load(configuration(it)))


def test_a_kiosk_whose_ledger_was_cut_off_does_not_start_and_says_what_to_do(it: Scene) -> None:
    cut_off(it)
    path = configuration(it)
    verified = consigne("ledger", "verify", "--config", path, folder=it.path.parent)
    assert (verified.returncode, verified.stderr) == (1, "")
    before = it.path.read_bytes()
    started = consigne("run", "--lines", "--config", path, folder=it.path.parent, stdin="")
    assert (started.returncode, started.stdout) == (3, "")
    assert "--succeeding" in started.stderr
    assert len(started.stderr.splitlines()) == 1
    assert it.path.read_bytes() == before


def test_another_kiosks_ledger_is_not_started(it: Scene) -> None:
    another(it, 2, "essai-02", with_all=True)
    started = consigne("run", "--lines", "--config", configuration(it), folder=it.path.parent, stdin="")
    assert started.returncode == 2
    assert "essai-02" in started.stderr
    assert KIOSK in started.stderr
    assert len(started.stderr.splitlines()) == 1


def test_a_ledger_is_started_beside_a_mark_that_cannot_be_read_and_the_log_says_so(it: Scene) -> None:
    mark_path(it.path).write_bytes(b"not a database" * 100)
    started = consigne("run", "--lines", "--config", configuration(it), folder=it.path.parent, stdin="")
    assert (started.returncode, started.stderr) == (0, "")
    log = "".join(path.read_text() for path in it.path.parent.glob("log-*.jsonl"))
    assert "mark_unread" in log


SHAPES = {
    "CREATE TABLE more (a)": "more",
    "CREATE VIEW more AS SELECT 1": "more",
    "ALTER TABLE entry ADD COLUMN more TEXT": "entry.more",
    "ALTER TABLE entry ADD COLUMN more TEXT AS (kind)": "entry.more",
    "ALTER TABLE posting RENAME COLUMN cents TO centimes": "posting.cents",
    "DELETE FROM alembic_version": "alembic_version",
    "DROP TABLE alembic_version": "alembic_version",
    "DROP TABLE posting": "posting",
    "CREATE VIRTUAL TABLE more USING fts5(a)": "more",
}


@pytest.mark.parametrize(("statement", "name"), SHAPES.items(), ids=SHAPES)
def test_what_does_not_belong_into_the_file_or_is_missing_is_named(ledger_in: LedgerIn, tmp_path: Path, statement: str, name: str) -> None:
    kiosk = ledger_in(tmp_path)
    visit(kiosk)
    kiosk.close()
    tamper(kiosk.path, "PRAGMA foreign_keys = OFF", statement, dropping="posting" not in statement)
    with reading(kiosk.path, judging=True) as connection:
        told = [finding for finding in verify(connection) if finding.what in (FindingKind.TABLE, FindingKind.GUARD)]
    assert name in [finding.facts["name"] for finding in told if finding.what is FindingKind.TABLE]


EMPTIED = {
    "entry": ("DELETE FROM entry",),
    "posting": ("DELETE FROM posting",),
    "both": ("DELETE FROM posting", "DELETE FROM entry"),
    "alembic_version": ("DELETE FROM alembic_version",),
}


@pytest.mark.parametrize("statements", EMPTIED.values(), ids=EMPTIED)
def test_an_emptied_table_is_a_finding(ledger_in: LedgerIn, tmp_path: Path, statements: tuple[str, ...]) -> None:
    kiosk = ledger_in(tmp_path)
    visit(kiosk)
    kiosk.close()
    tamper(kiosk.path, *statements)
    with reading(kiosk.path, judging=True) as connection:
        assert list(verify(connection))
    assert found(kiosk.path) == []


def test_a_ledger_without_any_entry_is_told_in_a_sentence(ledger_in: LedgerIn, tmp_path: Path) -> None:
    ledger_in(tmp_path).close()
    tamper(tmp_path / "ledger.db", "DELETE FROM entry")
    done = consigne("ledger", "verify", "--ledger", tmp_path / "ledger.db", folder=tmp_path)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (1, "", 1)


READERS: tuple[Callable[[Connection], object], ...] = (
    balances,
    totals,
    head,
    generation,
    open_vouchers,
    lambda connection: list(entries(connection)),
    lambda connection: write_csv(connection, io.StringIO()),
    lambda connection: write_journal(connection, io.StringIO()),
)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET body = '{}' WHERE row > 1",
        "UPDATE entry SET body = '{}'",
        "UPDATE entry SET booked = 'yesterday'",
        "UPDATE entry SET kind = 'generation', body = '[' WHERE row = 4",
        "UPDATE posting SET account = 'mine' WHERE cents > 0",
        "UPDATE entry SET subject = CAST(x'ff' AS TEXT), visit = CAST(x'c3' AS TEXT) WHERE row = 3",
        "UPDATE entry SET body = replace(hex(zeroblob(3000)), '00', '[') WHERE row = 3",
        "DELETE FROM posting",
        "DELETE FROM entry",
    ],
)
def test_nothing_that_can_stand_in_a_row_ends_a_command_with_a_traceback(ledger_in: LedgerIn, tmp_path: Path, change: str) -> None:
    kiosk = ledger_in(tmp_path)
    visit(kiosk)
    kiosk.close()
    tamper(
        kiosk.path,
        "PRAGMA ignore_check_constraints = ON",
        "DROP INDEX credit_day",
        "DROP INDEX totaliser_once",
        "DROP INDEX generation_once",
        change,
    )
    with reading(kiosk.path, judging=True) as connection:
        assert list(verify(connection))
    for read in READERS:
        try:
            with reading(kiosk.path) as connection:
                read(connection)
        except (Garbled, LedgerUnavailable):
            continue
    with suppress(LedgerError):
        kiosk.open().standing()
