"""What the city's views ask of the database: as many statements for 200 kiosks as for one, each by an index, and sums that are those of the rows."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from city import views
from city.answers import Accepted
from city.messages import Batch, Totals
from city.receive import receive
from city.store import Store, open_store
from money.chain_rows import DAY, KIOSK, TIME, Chain, totals

pytest_plugins = ("money.city_fixtures",)

Asked = list[tuple[str, Any]]

VIEWS: dict[str, Callable[[Connection], object]] = {
    "kiosks": lambda connection: views.kiosks(connection, "a", 500),
    "totals": lambda connection: views.totals(connection, "2026-01-01", 500),
    "one kiosk": lambda connection: views.kiosk(connection, KIOSK),
    "conflicts": lambda connection: views.conflicts(connection, KIOSK, 1, 500),
    "vouchers": lambda connection: views.vouchers(connection, KIOSK, "1.2", 500),
    "rows": lambda connection: views.rows(connection, KIOSK, None, 2, 500),
    "what a batch is compared with": lambda connection: views.totals_of(connection, Chain().generation),
}
STATEMENTS = {"kiosks": 1, "totals": 3, "one kiosk": 6, "conflicts": 2, "vouchers": 2, "rows": 3, "what a batch is compared with": 2}

WHOLE = {"totals": {"generation"}}
"""What a view reads whole on purpose: one row a ledger."""


@pytest.fixture
def store(empty_database: str) -> Iterator[Store]:
    with closing(open_store(empty_database)) as store:
        yield store


def send(connection: Connection, chain: Chain, first: int = 1, last: int | None = None) -> Accepted:
    batch = Batch.model_validate_json(json.dumps(chain.batch(first, last)))
    answer = receive(connection, chain.kiosk, batch, datetime.fromisoformat(TIME), demonstration=chain.rows[0]["body"]["demonstration"])
    assert isinstance(answer, Accepted)
    return answer


def busy(kiosk: str = KIOSK, number: int = 0) -> Chain:
    chain = Chain(kiosk)
    for count in range(3):
        chain.credit()
        chain.voucher(f"V{number}N{count}", 20)
        chain.gift(40)
    return chain


def asked_by(store: Store, view: Callable[[Connection], object]) -> Asked:
    """The statements with which a view reads, as they go to the database."""
    asked: Asked = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, _context: object, _many: bool) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        with store.read() as connection:
            assert view(connection) is not None
    finally:
        event.remove(store._engine, "before_cursor_execute", note)
    return asked


def test_a_view_asks_as_many_statements_for_200_kiosks_as_for_one(store: Store) -> None:
    with store.write() as connection:
        send(connection, busy())
    of_one = {name: len(asked_by(store, view)) for name, view in VIEWS.items()}
    with store.write() as connection:
        for number in range(1, 200):
            send(connection, busy(f"hall-{number:03}", number))
        assert len(views.kiosks(connection, None, 500).kiosks) == 200

    assert of_one == {name: len(asked_by(store, view)) for name, view in VIEWS.items()} == STATEMENTS


@pytest.mark.parametrize("name", VIEWS)
def test_every_statement_of_a_view_is_led_by_an_index(store: Store, name: str) -> None:
    with store.write() as connection:
        send(connection, busy())

    for statement, parameters in asked_by(store, VIEWS[name]):
        plan = plan_of(store, statement, parameters)
        assert read_whole(plan) <= WHOLE.get(name, set()), "\n".join(plan)
        assert [line for line in plan if "TEMP B-TREE FOR ORDER BY" in line and name != "one kiosk"] == [], "\n".join(plan)


def plan_of(store: Store, statement: str, parameters: Any) -> list[str]:
    with store.read() as connection:
        if connection.dialect.name == "sqlite":
            return [line[-1] for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        # of so few rows PostgreSQL would read all: asked to do without if it can
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        return [line[0] for line in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def read_whole(plan: list[str]) -> set[str]:
    """The tables that a plan walks through without an index."""
    sqlite = {line.split()[1] for line in plan if line.startswith("SCAN") and "INDEX" not in line}
    return sqlite | {line.split("Seq Scan on ")[1].split()[0] for line in plan if "Seq Scan on " in line}


def test_the_look_at_plans_sees_a_table_that_is_read_whole(store: Store) -> None:
    plan = plan_of(store, "SELECT kind FROM entry WHERE subject = 'a' ORDER BY booked", ())

    assert read_whole(plan) == {"entry"}


def test_what_stands_beside_a_ledger_is_what_its_rows_add_up_to_however_they_came(store: Store) -> None:
    chain = busy()
    with store.write() as connection:
        for first, last in ((1, 4), (2, 6), (7, 7), (1, 10), (8, 10)):
            assert send(connection, chain, first, last).comparison in {"equal", "not_made"}

    with store.read() as connection:
        assert views.totals_of(connection, chain.generation) == Totals.model_validate(totals(chain.rows))
        for name, amounts in (("voucher", [20, 20, 20]), ("gift", [40, 40, 40])):
            assert connection.exec_driver_sql(f"SELECT count(*), sum(amount) FROM {name}").one() == (len(amounts), sum(amounts))  # noqa: S608


def test_a_page_is_of_one_moment_though_somebody_writes_between_its_statements(store: Store) -> None:
    chain = busy()
    with store.write() as connection:
        send(connection, chain, 1, 5)

    with store.read() as reading:
        before = views.kiosk(reading, KIOSK)
        with store.write() as connection:
            send(connection, chain, 6)
        assert views.kiosk(reading, KIOSK) == before
        assert views.totals(reading, None, 500).real.totals.days[0].day == DAY
