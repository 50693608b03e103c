"""The program as it will be once its schema has another revision: the migrations of today and one more, which only this process knows."""

import shutil
from pathlib import Path

import pytest

import ledger.migrations
from ledger import schema, upgrade

REVISION = "later"

ADDS = """
    op.create_index("closed_once", "entry", ["subject"], unique=True, sqlite_where=sa.text("kind = 'closed'"))
    op.add_column("posting", sa.Column("note", sa.Text))
    op.create_table("note", sa.Column("row", sa.Integer, primary_key=True), sqlite_strict=True)
    op.execute("CREATE TRIGGER notes_stay BEFORE UPDATE ON note BEGIN SELECT RAISE(ABORT, 'notes are never changed'); END")
"""
"""One of each that a migration may add: an index over rows that are there, a column, a table, a trigger."""

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"

def upgrade() -> None:
{does}
"""


def write_migrations(folder: Path, does: str = ADDS) -> tuple[str, ...]:
    """Puts all migrations and the later one into ``folder``, which is made. The revisions in their order."""
    shutil.copytree(Path(ledger.migrations.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    migration = MIGRATION.format(revision=REVISION, before=schema.REVISIONS[-1], does=does)
    (folder / "versions" / "later.py").write_text(migration, encoding="utf-8")
    return (*schema.REVISIONS, REVISION)


def install(folder: Path) -> None:
    """Puts the later program's ledger package into ``folder``, for processes that look for packages there first."""
    package = folder / "ledger"
    shutil.copytree(Path(schema.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    revisions = write_migrations(package / "migrations")
    with (package / "schema.py").open("a", encoding="utf-8") as module:
        module.write(f"\nREVISIONS = {revisions!r}\n")


def become_later(monkeypatch: pytest.MonkeyPatch, folder: Path, does: str = ADDS) -> None:
    """From here on this process is the later program; its migrations lie in ``folder``."""
    monkeypatch.setattr(schema, "REVISIONS", write_migrations(folder, does))
    monkeypatch.setattr(upgrade, "SCRIPTS", str(folder))
