"""Empty databases for a city, of both kinds; those of PostgreSQL are long, as a server has to be made for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from money.postgresql import Database, postgresql_server


@pytest.fixture(scope="session")
def on_postgresql() -> Iterator[Database]:
    """One server for all tests of a process; each asks it for a database of its own."""
    with postgresql_server() as make:
        yield make


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'city.db'}"
    make: Database = request.getfixturevalue("on_postgresql")
    return make()
