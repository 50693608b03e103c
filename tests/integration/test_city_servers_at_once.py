"""Two servers on one PostgreSQL are sent the same at the same moment: it is stored once, and nobody is told of a clash that is none."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime

import pytest

from city import views
from city.answers import Accepted
from city.messages import Batch
from city.receive import Refused, receive
from city.store import Store, Unusable, open_store
from money.chain_rows import KIOSK, TIME, Chain
from money.postgresql import Database, somebody_waits
from timing import patient, wait_until

pytest_plugins = ("money.city_fixtures",)
pytestmark = pytest.mark.long

Answer = Accepted | Refused


@pytest.fixture
def servers(on_postgresql: Database) -> Iterator[tuple[Store, Store]]:
    address = on_postgresql()
    with closing(open_store(address)) as first, closing(open_store(address)) as second:
        yield first, second


def take(store: Store, batch: Batch) -> Answer:
    with store.write() as connection:
        return receive(connection, KIOSK, batch, datetime.fromisoformat(TIME), demonstration=False)


def message(chain: Chain, first: int = 1) -> Batch:
    return Batch.model_validate_json(json.dumps(chain.batch(first)))


@contextmanager
def while_the_first_has_not_committed(servers: tuple[Store, Store], batch: Batch) -> Iterator[Future[Answer]]:
    """The second takes the batch while the first one's transaction is still open; the block begins when that has ended."""
    first, second = servers
    with ExitStack() as opened, ThreadPoolExecutor(1) as pool:
        connection = opened.enter_context(first.write())
        assert isinstance(receive(connection, KIOSK, batch, datetime.fromisoformat(TIME), demonstration=False), Accepted)
        answer = pool.submit(take, second, batch)
        wait_until(lambda: answer.done() or somebody_waits(first))
        opened.close()
        yield answer


def stored(answer: Future[Answer]) -> int:
    found = answer.result(patient(10))
    assert isinstance(found, Accepted), found
    return found.stored


def conflicts(store: Store) -> int:
    with store.read() as connection:
        found = views.kiosk(connection, KIOSK)
    assert found is not None
    return len(found.conflicts)


def test_rows_that_continue_a_ledger_are_stored_once(servers: tuple[Store, Store]) -> None:
    chain = Chain()
    take(servers[0], message(chain))
    chain.credit()

    with while_the_first_has_not_committed(servers, message(chain, 2)) as answer:
        assert stored(answer) == 0
    assert conflicts(servers[0]) == 0


def test_a_new_ledger_begins_once_and_is_no_conflict_with_itself(servers: tuple[Store, Store]) -> None:
    old = Chain()
    take(servers[0], message(old))
    new = Chain(previous=old.rows[-1])
    new.credit()

    with while_the_first_has_not_committed(servers, message(new)) as answer:
        assert stored(answer) == 0
    assert conflicts(servers[0]) == 0


def test_of_two_that_register_a_kiosk_one_is_asked_to_come_again(servers: tuple[Store, Store]) -> None:
    """There is no row yet that one could wait for: the second one's answer is 503, and the kiosk sends the same once more."""
    chain = Chain()
    chain.credit()

    with while_the_first_has_not_committed(servers, message(chain)) as answer, pytest.raises(Unusable):
        answer.result(patient(10))
    again = take(servers[1], message(chain))
    assert isinstance(again, Accepted)
    assert (again.row, again.stored, conflicts(servers[1])) == (2, 0, 0)
