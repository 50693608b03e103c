"""What a ledger's file is made of: its tables with their columns, its triggers and indexes, word for word as the schema has them, and nothing more."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from ledger import schema
from ledger.findings import Fault, Finding

GUARDS = frozenset({"trigger", "index"})

REVISIONS = "alembic_version"
REVISIONS_SQL = (
    f"CREATE TABLE {REVISIONS} (\n\tversion_num VARCHAR(32) NOT NULL, \n\tCONSTRAINT {REVISIONS}_pkc PRIMARY KEY (version_num)\n)"
)
"""Alembic makes this table; ``version_num`` is the schema's revision."""


class Part(NamedTuple):
    """A table, view, trigger or index; ``columns`` of a table or view alone."""

    type: str
    sql: str
    columns: frozenset[str]


def shape(connection: Connection) -> Iterator[Finding]:
    """The parts that are missing, changed or too many, a column by its table's name and its own."""
    found = _parts(connection)
    with closing(create_engine("sqlite://", poolclass=NullPool).connect()) as empty:
        schema.create(empty)
        empty.exec_driver_sql(REVISIONS_SQL)
        expected = _parts(empty)
    for name in sorted(found.keys() | expected.keys()):
        yield from _differing(name, found.get(name), expected.get(name))
    if REVISIONS in found:
        revisions = connection.exec_driver_sql(f"SELECT count(*) FROM {REVISIONS}").scalar_one()  # noqa: S608 - a name written above
        if revisions != 1:
            yield Finding(None, Fault.TABLE, {"name": REVISIONS})


def is_readable(connection: Connection) -> bool:
    """Whether the tables that all checks read are there with all their columns."""
    found = _parts(connection)
    needed = {name: frozenset(column.name for column in table.columns) for name, table in schema.metadata.tables.items()}
    return all(name in found and columns <= found[name].columns for name, columns in needed.items())


def _differing(name: str, found: Part | None, expected: Part | None) -> Iterator[Finding]:
    if found == expected:
        return
    columns = found.columns ^ expected.columns if found is not None and expected is not None else frozenset[str]()
    what = Fault.GUARD if {part.type for part in (found, expected) if part is not None} <= GUARDS else Fault.TABLE
    for told in sorted(f"{name}.{column}" for column in columns) or [name]:
        yield Finding(None, what, {"name": told})


def _parts(connection: Connection) -> dict[str, Part]:
    listed = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    return {name: Part(type_, sql, _columns(connection, type_, name)) for type_, name, sql in listed}


def _columns(connection: Connection, type_: str, name: str) -> frozenset[str]:
    if type_ != "table":
        return frozenset()
    try:
        # generated columns too, which table_info leaves out
        return frozenset(connection.exec_driver_sql("SELECT name FROM pragma_table_xinfo(?)", (name,)).scalars())
    except sqlite3.Error:
        return frozenset()
