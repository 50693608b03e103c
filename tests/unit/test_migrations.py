"""The way to the present schema ends at the present schema, only ever adds, and is walked when an older file is opened."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import frozen_ledger
from ledger import database, schema, upgrade
from ledger.database import connect, driver, open_writer
from ledger.vocabulary import WrongFile
from money.later_program import ADDS, REVISION, become_later
from money.ledgers import LedgerIn

pytest_plugins = ("money.ledger_fixtures",)


def objects(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND sql IS NOT NULL")
        return {name: " ".join(sql.split()) for name, sql in found}


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", upgrade.SCRIPTS)
    return ScriptDirectory.from_config(config)


def test_the_migrations_end_in_the_models_triggers_and_indexes_word_for_word(ledger_in: LedgerIn, tmp_path: Path) -> None:
    ledger_in(tmp_path).journal.close()
    created = tmp_path / "created.db"
    with connect(created, "rwc") as connection, connection.begin():
        schema.create(connection)
    assert objects(tmp_path / "ledger.db") == objects(created)
    assert len([name for name in objects(created) if name.startswith("trigger")]) == len(schema.TRIGGERS)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index:sqlalchemy.exc.SAWarning")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index:UserWarning")
def test_alembic_sees_no_difference_between_the_head_and_the_models(ledger_in: LedgerIn, tmp_path: Path) -> None:
    ledger_in(tmp_path).journal.close()
    with connect(tmp_path / "ledger.db", "ro") as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_named_revisions_are_the_migrations_in_their_order() -> None:
    assert [script.revision for script in scripts().walk_revisions()] == [*reversed(schema.REVISIONS)]


def test_a_kiosks_folder_of_each_revision_is_kept_for_the_programs_to_come() -> None:
    """A new revision: ``python tests/frozen_ledger.py REVISION``, before anything else changes."""
    assert frozen_ledger.REVISIONS == schema.REVISIONS


def test_every_migration_only_adds() -> None:
    taking = re.compile(r"batch_alter_table|drop_|alter_column|rename|DROP|DELETE\s+FROM|UPDATE\s+\w+\s+SET|execute_if", re.MULTILINE)
    for script in scripts().walk_revisions():
        text = Path(script.path).read_text(encoding="utf-8")
        assert taking.findall(text) == []
        assert not hasattr(script.module, "downgrade")


def test_a_file_that_is_up_to_date_is_opened_without_migrating(
    ledger_in: LedgerIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = ledger_in(tmp_path)
    calls: list[object] = []
    monkeypatch.setattr(database, "upgrade", lambda *arguments: calls.append(arguments))
    kiosk.reopen()
    assert calls == []


def test_an_older_file_is_brought_up_to_date_when_it_is_opened(
    ledger_in: LedgerIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = ledger_in(tmp_path)
    kiosk.visit_of(1)
    kiosk.journal.close()
    before = objects(kiosk.path)
    become_later(monkeypatch, tmp_path / "migrations")
    connection = open_writer(kiosk.path)
    try:
        assert upgrade.revision_of(connection, "ledger") == REVISION
        connection.rollback()
        assert driver(connection).execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        connection.close()
    found = objects(kiosk.path)
    assert found.keys() - before.keys() == {"index closed_once", "table note", "trigger notes_stay"}
    assert before.keys() <= found.keys()
    assert kiosk.open().standing().visit is not None


def test_a_migration_that_fails_leaves_the_old_schema(ledger_in: LedgerIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.close()
    before = objects(kiosk.path)
    become_later(monkeypatch, tmp_path / "migrations", ADDS + '    raise RuntimeError("power")\n')
    with pytest.raises(RuntimeError):
        open_writer(kiosk.path)
    assert objects(kiosk.path) == before


def test_a_ledger_file_that_names_no_revision_is_refused(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    kiosk.journal.close()
    with closing(sqlite3.connect(kiosk.path)) as connection:
        connection.execute("DROP TABLE alembic_version")
        connection.commit()
    with pytest.raises(WrongFile):
        kiosk.open()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = '{}' WHERE row = 1",
        "DELETE FROM entry WHERE row = 1",
        "UPDATE posting SET cents = 1",
        "DELETE FROM posting",
        "INSERT INTO posting VALUES (1, 'expenses:rewards', 20)",
        "INSERT INTO posting VALUES (6, 'liabilities:gifts', 0.5)",
        "INSERT INTO entry SELECT 99, 'step', 'x', NULL, occurred, booked, 1, '{\"totaliser\":999}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'step', 'x', NULL, occurred, booked, 1, '{\"totaliser\":999}', 'other', 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'credit', 'sort:1', visit, occurred, booked, 1, '{\"totaliser\":9}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'credit', 'sort:9', visit, occurred, booked, 1, '{\"totaliser\":9}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'intent', 'sort:1', visit, occurred, booked, 1, '{}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'intent', 'sort:9', 'other', occurred, booked, 1, '{}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'visit', 'v', 'v', occurred, booked, 1, '{}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'gift', 'v', 'v', occurred, booked, 1, '{}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'generation', 'g', NULL, occurred, booked, 1, '{}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'step', 'x', NULL, occurred, booked, 1, '{\"totaliser\":101}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'step', 'x', NULL, occurred, booked, 2, '{\"totaliser\":999}', hash, 'x' FROM entry WHERE row = 4",
        "INSERT INTO entry SELECT 5, 'step', 'x', NULL, occurred, booked, 1, '[]', hash, 'x' FROM entry WHERE row = 4",
    ],
)
def test_the_file_itself_refuses_what_the_journal_never_does(ledger_in: LedgerIn, tmp_path: Path, statement: str) -> None:
    """Rows: generation, visit, intent, credit; so the next is 5."""
    kiosk = ledger_in(tmp_path)
    kiosk.visit_of(1)
    kiosk.journal.close()
    with closing(sqlite3.connect(kiosk.path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert kiosk.findings() == []


def test_the_file_itself_refuses_a_second_open_intent_and_a_visits_end_under_it(ledger_in: LedgerIn, tmp_path: Path) -> None:
    kiosk = ledger_in(tmp_path)
    visit = kiosk.visit_of(0)
    kiosk.journal.intend(kiosk.intent(visit), kiosk.now())
    kiosk.journal.close()
    for kind, subject in (("intent", "sort:9"), ("closed", visit), ("voucher", "code")):
        with closing(sqlite3.connect(kiosk.path)) as connection, pytest.raises(sqlite3.IntegrityError, match=r"open|end"):
            connection.execute(
                "INSERT INTO entry SELECT 4, ?, ?, visit, occurred, booked, 1, '{}', hash, 'x' FROM entry WHERE row = 3", (kind, subject)
            )
