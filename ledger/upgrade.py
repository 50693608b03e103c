"""Brings a file's schema to the present one, inside a transaction that the caller has begun.

Alembic is loaded only when there is something to do: a kiosk whose file is up to date starts without it.
"""

import sqlite3

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ledger.schema import REVISION
from ledger.vocabulary import SchemaUnknown, WrongFile

SCRIPTS = "ledger:migrations"
"""Found by the package's path, wherever it is installed."""


def revision_of(connection: Connection, path: str) -> str:
    """The revision that the file names. Raises WrongFile if it names none."""
    try:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    except OperationalError as error:
        if isinstance(error.orig, sqlite3.OperationalError) and error.orig.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            raise WrongFile(path, "the file names no schema revision") from error
        raise
    if len(found) != 1:
        raise WrongFile(path, f"the file names {len(found)} schema revisions")
    return str(found[0])


def upgrade(connection: Connection, path: str, found: str | None) -> None:
    """Runs the migrations that are missing (all of them when ``found`` is None). Raises SchemaUnknown for a newer file."""
    if found == REVISION:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    if found is not None and found not in {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}:
        raise SchemaUnknown(path, found, REVISION)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
