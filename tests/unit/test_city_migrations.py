"""The city's tables: the way to the present ones ends at the models, only ever adds, and no program writes what it does not know all of."""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from city import tables, upgrade
from city.store import NewerTables, OlderTables, Unusable, WrongAddress, open_store
from timing import patient

pytest_plugins = ("money.city_fixtures",)

LANDED = Path(__file__).parents[1] / "money" / "city_before_migrations.sql"
"""What the program before the migrations made of two kiosks, one with two ledgers, a clash and two differences, and of a demonstration."""


@pytest.fixture
def landed(tmp_path: Path) -> Path:
    path = tmp_path / "landed.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(LANDED.read_text(encoding="utf-8"))
    return path


@contextmanager
def a_later_program(folder: Path, *, fails: bool = False) -> Iterator[None]:
    """With another migration, as a later version would bring it."""
    here = Path(scripts().dir)
    (folder / "versions").mkdir(parents=True)
    for path in (here / "env.py", *sorted((here / "versions").glob("r*.py"))):
        (folder / path.relative_to(here)).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "versions" / "r0099.py").write_text(
        f'from alembic import op\nrevision = "0099"\ndown_revision = "{upgrade.REVISION}"\n\n'
        'def upgrade() -> None:\n    op.create_index("entry_booked", "entry", ["booked"])\n' + '    raise RuntimeError("power")\n' * fails
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upgrade, "SCRIPTS", str(folder))
        patch.setattr(upgrade, "REVISION", "0099")
        patch.setattr("city.store.REVISION", "0099")
        yield


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", upgrade.SCRIPTS)
    return ScriptDirectory.from_config(config)


def objects(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        found = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in found if name in tables.metadata.tables}  # noqa: S608


def test_the_migrations_end_in_the_models(empty_database: str) -> None:
    open_store(empty_database).close()
    engine = create_engine(empty_database)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_server_default": True}), tables.metadata) == []
    engine.dispose()


def test_the_named_revision_is_the_newest_migration() -> None:
    assert scripts().get_heads() == [upgrade.REVISION]


def test_every_migration_only_adds() -> None:
    taking = re.compile(r"batch_alter_table|drop_|alter_column|rename|DROP|DELETE\s+FROM", re.MULTILINE)
    for script in scripts().walk_revisions():
        assert taking.findall(Path(script.path).read_text(encoding="utf-8")) == []
        assert not hasattr(script.module, "downgrade")


def test_a_database_from_before_the_migrations_is_not_served_until_it_is_brought_up_to_date(landed: Path) -> None:
    before = (objects(landed), contents(landed))

    with pytest.raises(OlderTables, match="before 0001"):
        open_store(f"sqlite:///{landed}")

    assert (objects(landed), contents(landed)) == before


def test_a_database_from_before_the_migrations_is_adopted_without_loss_and_is_then_like_a_new_one(landed: Path, tmp_path: Path) -> None:
    before = contents(landed)

    open_store(f"sqlite:///{landed}", migrate=True).close()
    open_store(f"sqlite:///{tmp_path / 'new.db'}").close()

    assert objects(landed) == objects(tmp_path / "new.db")
    after = contents(landed)
    for name, rows in before.items():
        assert [row[: len(rows[0])] for row in after[name]] == rows, name
    open_store(f"sqlite:///{landed}").close()


def test_rows_of_the_desk_that_were_kept_unknown_are_added_up_when_the_database_is_brought_up_to_date(landed: Path) -> None:
    """As a city kept them before it knew these kinds."""
    with closing(sqlite3.connect(landed)) as db:
        code, generation = db.execute("SELECT code, generation FROM voucher LIMIT 1").fetchone()
        bodies = [
            ("paid", {"code": code, "amount": 40, "day": "2026-11-24", "agent": "7"}),
            ("paid", {"code": code, "amount": 40, "day": "2026-11-24", "agent": "8"}),
            ("paid", {"amount": "forty"}),
            ("grant", {"amount": 20}),
            ("emptied", {"grams": 412}),
            ("weighed", {"grams": 400}),
            ("closure", {"n": 1}),
        ]
        for row, (kind, body) in enumerate(bodies, 1000):
            columns = "generation, ?, ?, subject, visit, occurred, booked, trusted, ?, prev, hash"
            db.execute(
                f"INSERT INTO entry SELECT {columns} FROM entry WHERE generation = ? AND row = 1",  # noqa: S608
                (row, kind, json.dumps(body), generation),
            )
        db.commit()

    open_store(f"sqlite:///{landed}", migrate=True).close()

    with closing(sqlite3.connect(landed)) as db:
        sums = db.execute(f"SELECT {', '.join(tables.DESK)} FROM generation WHERE generation = ?", (generation,)).fetchone()  # noqa: S608
        assert sums == (2, 80, 1, 20, 1, 412, 1, 400, 1)
        assert db.execute("SELECT code, row, amount, agent FROM payment").fetchall() == [(code, 1000, 40, "7")]
        assert db.execute("SELECT state FROM voucher WHERE code = ?", (code,)).fetchone() == ("paid",)


def test_gifts_that_were_held_before_are_added_up_by_association_when_the_database_is_brought_up_to_date(landed: Path) -> None:
    """A newer kiosk had sent to an older city. What is not what a gift says is left out."""
    with closing(sqlite3.connect(landed)) as db:
        (generation,) = db.execute("SELECT generation FROM generation LIMIT 1").fetchone()
        bodies: list[dict[str, object]] = [
            {"amount": 40, "association": "association-b", "name": "Association B"},
            {"amount": 20, "association": "association-a", "name": "Association A"},
            {"amount": 60, "association": "association-b", "name": "Association B, plus loin"},
            {"amount": 60},
            {"amount": "sixty", "association": "association-a", "name": "A"},
            {"amount": 60, "association": 7, "name": "A"},
        ]
        for row, body in enumerate(bodies, 1000):
            columns = "generation, ?, 'gift', subject, visit, occurred, booked, trusted, ?, prev, hash"
            db.execute(
                f"INSERT INTO entry SELECT {columns} FROM entry WHERE generation = ? AND row = 1",  # noqa: S608
                (row, json.dumps(body), generation),
            )
        db.commit()

    open_store(f"sqlite:///{landed}", migrate=True).close()

    with closing(sqlite3.connect(landed)) as db:
        found = db.execute(
            "SELECT association, name, gifts, cents FROM gift_total WHERE generation = ? ORDER BY association", (generation,)
        )
        assert found.fetchall() == [("association-a", "Association A", 1, 20), ("association-b", "Association B, plus loin", 2, 100)]


def test_an_older_database_is_brought_up_to_date_only_when_that_is_asked_for(empty_database: str, tmp_path: Path) -> None:
    open_store(empty_database).close()

    with a_later_program(tmp_path / "migrations"):
        with pytest.raises(OlderTables, match="this program needs 0099"):
            open_store(empty_database)
        open_store(empty_database, migrate=True).close()
        open_store(empty_database).close()

    assert revision(empty_database) == "0099"


def revision(address: str) -> str | None:
    engine = create_engine(address)
    with engine.connect() as connection:
        found = upgrade.revision_of(connection)
    engine.dispose()
    return found


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'city.db'}"
    open_store(address).close()
    with closing(sqlite3.connect(tmp_path / "city.db", isolation_level=None)) as db:
        db.execute("UPDATE alembic_version SET version_num = '0999'")
    before = contents(tmp_path / "city.db")

    for migrate in (False, True):
        with pytest.raises(NewerTables, match="0999"):
            open_store(address, migrate=migrate)

    assert (contents(tmp_path / "city.db"), revision(address)) == (before, "0999")


def test_who_has_the_tables_open_stops_writing_once_a_newer_program_has_changed_them(empty_database: str, tmp_path: Path) -> None:
    """Its rows would lack what the newer one derives from them; what it reads stays right, as migrations only add."""
    with closing(open_store(empty_database)) as older:
        with older.write():
            pass
        with a_later_program(tmp_path / "migrations"):
            open_store(empty_database, migrate=True).close()

        with pytest.raises(Unusable, match="0099"), older.write():
            pytest.fail("it may write")
        with older.read():
            pass


def test_a_migration_waits_for_who_is_writing_and_then_gives_up(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("city.store.BUSY_S", 0.05)
    waited = pytest.raises(Unusable, match=r"database is locked|lock timeout")
    with closing(open_store(empty_database)) as writing, writing.write(), a_later_program(tmp_path / "migrations"), waited:
        open_store(empty_database, migrate=True)

    assert revision(empty_database) == upgrade.REVISION


def test_of_those_who_start_at_once_on_an_empty_database_one_makes_the_tables(empty_database: str) -> None:
    at_once = threading.Barrier(4)

    def start() -> None:
        at_once.wait(patient(10))
        open_store(empty_database).close()

    with ThreadPoolExecutor(4) as pool:
        for started in [pool.submit(start) for _ in range(4)]:
            started.result(patient(20))

    assert revision(empty_database) == upgrade.REVISION


def test_who_changes_a_new_files_mode_a_moment_too_late_looks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite does not let wait here, and no other process can be made to hold the lock for so short a time."""
    told: list[str] = []

    class TooLateOnce(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if "journal_mode" in sql and not told:
                told.append(sql)
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise error
            return super().execute(sql, *parameters)

    monkeypatch.setattr("city.store.create_engine", lambda url: create_engine(url, connect_args={"factory": TooLateOnce}))

    open_store(f"sqlite:///{tmp_path / 'city.db'}").close()

    assert told == ["PRAGMA journal_mode=WAL"]


def test_a_migration_that_fails_leaves_the_older_tables(empty_database: str, tmp_path: Path) -> None:
    open_store(empty_database).close()

    with a_later_program(tmp_path / "migrations", fails=True), pytest.raises(RuntimeError, match="power"):
        open_store(empty_database, migrate=True)

    open_store(empty_database).close()
    assert revision(empty_database) == upgrade.REVISION


def test_a_database_with_tables_of_another_program_is_left_alone(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE song (title TEXT)")
    engine.dispose()

    with pytest.raises(WrongAddress, match="another program"):
        open_store(empty_database, migrate=True)
