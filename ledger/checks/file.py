"""The file: what it is made of, and whether its pages are sound.

Each revision's shape is what the migrations up to it make of an empty file: they made this one too, and they never change.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from ledger import schema
from ledger.chain import Entry, Posting
from ledger.findings import Finding, FindingKind
from ledger.kinds import KINDS
from ledger.upgrade import revision_of, upgrade
from ledger.vocabulary import WrongFile

GUARDS = frozenset({"trigger", "index"})

REVISIONS = "alembic_version"
"""Alembic makes this table; ``version_num`` is the schema's revision."""

READ = {
    "entry": frozenset(Entry._fields) - {"postings"},
    "posting": frozenset(Posting._fields) | {"row"},
}
"""The tables and columns that every reader reads: what is hashed, and so stands in every revision."""


class SchemaPart(NamedTuple):
    """A table, view, trigger or index; ``columns`` of a table or view alone."""

    type: str
    sql: str
    columns: frozenset[str]


def shape(connection: Connection) -> Iterator[Finding]:
    """Nothing was taken off the file, and nothing slipped in.

    1. It has the tables, triggers and indexes of its revision, word for word, and no others (GUARD, TABLE).
    2. Its tables have their columns and no others, told by the table's name and the column's (TABLE).
    3. It names one revision (TABLE).
    4. What guards a kind is there wherever an entry of that kind is: no file is given an older revision to be rid of a guard (GUARD).
    """
    found, expected = _parts(connection), _parts_of(_revision(connection))
    for name in sorted(found.keys() | expected.keys()):
        yield from _differing(name, found.get(name), expected.get(name))
    for name in sorted(_needed(connection) - found.keys() - expected.keys()):
        yield Finding(None, FindingKind.GUARD, {"name": name})
    if REVISIONS in found:
        revisions = connection.exec_driver_sql(f"SELECT count(*) FROM {REVISIONS}").scalar_one()  # noqa: S608 - a name written above
        if revisions != 1:
            yield Finding(None, FindingKind.TABLE, {"name": REVISIONS})


def orphans(connection: Connection) -> Iterator[Finding]:
    """1. No posting is without its entry (FILE)."""
    if is_readable(connection):
        for (row,) in connection.exec_driver_sql("SELECT row FROM posting WHERE row NOT IN (SELECT row FROM entry)"):
            yield Finding(row, FindingKind.FILE, {"detail": "a posting without its entry"})


def pages(connection: Connection) -> Iterator[Finding]:
    """1. SQLite finds every page and index sound (FILE)."""
    for (detail,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if detail != "ok":
            yield Finding(None, FindingKind.FILE, {"detail": detail})


def is_readable(connection: Connection) -> bool:
    """Whether the tables that all checks read are there with all the columns that they read."""
    found = _parts(connection)
    return all(name in found and columns <= found[name].columns for name, columns in READ.items())


def _revision(connection: Connection) -> str:
    """The file's own; one that names none is held against the newest."""
    try:
        return revision_of(connection, "")
    except WrongFile:
        return schema.REVISIONS[-1]


def _parts_of(revision: str) -> dict[str, SchemaPart]:
    with closing(create_engine("sqlite://", poolclass=NullPool).connect()) as empty, empty.begin():
        upgrade(empty, revision)
        return _parts(empty)


def _needed(connection: Connection) -> set[str]:
    """The guards of all kinds that stand in the file."""
    if not is_readable(connection):
        return set()
    standing = connection.exec_driver_sql("SELECT DISTINCT kind FROM entry").scalars()
    return {guard for kind in standing if kind in KINDS for guard in KINDS[kind].guards}


def _differing(name: str, found: SchemaPart | None, expected: SchemaPart | None) -> Iterator[Finding]:
    if found == expected:
        return
    columns = found.columns ^ expected.columns if found is not None and expected is not None else frozenset[str]()
    what = FindingKind.GUARD if {part.type for part in (found, expected) if part is not None} <= GUARDS else FindingKind.TABLE
    for told in sorted(f"{name}.{column}" for column in columns) or [name]:
        yield Finding(None, what, {"name": told})


def _parts(connection: Connection) -> dict[str, SchemaPart]:
    listed = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    return {name: SchemaPart(type_, sql, _columns(connection, type_, name)) for type_, name, sql in listed}


def _columns(connection: Connection, type_: str, name: str) -> frozenset[str]:
    if type_ != "table":
        return frozenset()
    try:
        # generated columns too, which table_info leaves out
        return frozenset(connection.exec_driver_sql("SELECT name FROM pragma_table_xinfo(?)", (name,)).scalars())
    except sqlite3.Error:
        return frozenset()
