"""Which revision a database's tables have, and the way to the present one, inside a transaction that the caller has begun.

Alembic is loaded only when there is something to do: a city whose tables are up to date starts without it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Integer, String, column, inspect, select, table

if TYPE_CHECKING:
    from alembic.config import Config

REVISION = "0006"
"""What this program reads and writes: the newest migration."""

BEFORE_FIRST = "before 0001"
"""The tables of 0001, in a database from before there were migrations: it has a number of its own, in a table that the way up takes away.
A program of that time then refuses the database, instead of writing what it does not know all of."""

SCRIPTS = str(Path(__file__).parent / "migrations")
"""By the file's path: under the package's name a folder ``city`` in which somebody starts the program would be found as well."""

_number = table("schema", column("version", Integer))
_named = table("alembic_version", column("version_num", String))
_ours = {"kiosk", "generation", "entry", "posting"}


def is_ours(names: Iterable[str]) -> bool:
    """Whether a database with these tables is a city's: a kiosk's ledger is one with migrations, too."""
    found = set(names)
    return found >= _ours and not found.isdisjoint({_number.name, _named.name})


def revision_of(connection: Connection) -> str | None:
    """The revision of a city's tables; None where there are no tables at all."""
    names = inspect(connection).get_table_names()
    if not names:
        return None
    if _named.name in names:
        return named_revision(connection)
    found = connection.execute(select(_number.c.version)).scalars().all()
    return BEFORE_FIRST if list(found) == [1] else f"number {', '.join(map(str, found)) or 'none'}"


def named_revision(connection: Connection) -> str:
    """The revision that a database names which is known to name one."""
    return ", ".join(connection.execute(select(_named.c.version_num)).scalars()) or "none"


def is_older(revision: str) -> bool:
    """Whether the way from there is known; else a newer program made the tables."""
    from alembic.script import ScriptDirectory

    return revision in {BEFORE_FIRST, *(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())}


def upgrade(connection: Connection, found: str | None) -> None:
    """Runs the migrations that are missing; all of them when ``found`` is None."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    if found == BEFORE_FIRST:
        command.stamp(config, "0001")
        connection.exec_driver_sql(f"DROP TABLE {_number.name}")
    command.upgrade(config, "head")


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    return config
