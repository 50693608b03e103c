"""Which schema a file has, and the migrations that bring it to another, inside a transaction that the caller has begun.

Alembic is loaded only when there is something to do: a kiosk whose file is up to date starts without it, and so does who refuses a newer one.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ledger import schema
from ledger.vocabulary import SchemaUnknown, WrongFile

SCRIPTS = str(Path(__file__).parent / "migrations")
"""By the file's path: under the package's name a folder ``ledger`` in which somebody starts the program would be found as well."""


def revision_of(connection: Connection, path: str) -> str:
    """The revision that the file names, one of ``schema.REVISIONS``. Raises WrongFile if it names none, SchemaUnknown for a newer program's."""
    try:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    except OperationalError as error:
        if isinstance(error.orig, sqlite3.OperationalError) and error.orig.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            raise WrongFile(path, "the file names no schema revision") from error
        raise
    if len(found) != 1:
        raise WrongFile(path, f"the file names {len(found)} schema revisions")
    if found[0] not in schema.REVISIONS:
        raise SchemaUnknown(path, str(found[0]), schema.REVISIONS[-1])
    return str(found[0])


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Runs the migrations that the file lacks, all of them on an empty one, up to ``revision``."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
