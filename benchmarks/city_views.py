"""What the city's views take, over the bare database answering the very same statements: 500 kiosks with 1,000 rows each.

    python -m benchmarks.city_views [--kiosks N] [--rows N] [--times N] [--database URL]

The database is filled by statements of its own (rows of the right shape, hashes that are none: no view reads them), in a temporary SQLite file or,
with ``--database``, in an empty one at this address. Each time a view is read whole: the statements, the answer's types, the JSON that goes out.
*bare* is what it asks, sent through the driver and fetched, and nothing else; the two take turns. *for one* is the same view in a city of one kiosk.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, event, insert, text

from benchmarks.arguments import at_least
from benchmarks.machine import Others
from city import tables, views
from city.store import Store, open_store

DAYS = 60
KINDS = ("visit", "intent", "credit", "intent", "credit", "credit", "voucher", "visit", "credit", "gift")
"""Ten rows of a ledger, again and again."""

TIME = "2026-11-24T08:15:30.123Z"
HASH = "0" * 64

View = Callable[[Connection], BaseModel]


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds, medians."""

    statements: int
    bytes: int
    ours_ms: float
    bare_ms: float


def fill(connection: Connection, kiosks: int, rows: int) -> None:
    """Every kiosk has the same rows; a table of one ledger's is multiplied by the database itself."""
    names = [f"hall-{number:05}" for number in range(kiosks)]
    ledgers = [f"{number:064x}" for number in range(kiosks)]
    seen = {"first_seen": TIME, "last_seen": TIME, "health": f'{{"sent":"{TIME}","waiting":0}}'}
    connection.execute(insert(tables.kiosk), [{"kiosk": name, "generation": of, **seen} for name, of in zip(names, ledgers, strict=True)])
    held = {"number": 1, "demonstration": False, "row": rows, "head": HASH, "vouchers": 0, "voucher_cents": 0, "gifts": 0, "gift_cents": 0}
    held |= {f"{kind}s": sum(_kind(row) == kind for row in range(1, rows + 1)) for kind in ("voucher", "gift")}
    connection.execute(
        insert(tables.generation), [{"generation": of, "kiosk": name, **held} for name, of in zip(names, ledgers, strict=True)]
    )
    connection.execute(
        text("CREATE TEMPORARY TABLE pattern (nth BIGINT, kind TEXT, body TEXT, day TEXT, cents BIGINT, glass BIGINT, plastic BIGINT)")
    )
    columns = "nth, kind, body, day, cents, glass, plastic"
    values = ", ".join(f":{name}" for name in columns.split(", "))
    connection.execute(text(f"INSERT INTO pattern ({columns}) VALUES ({values})"), [_pattern(row, rows) for row in range(1, rows + 1)])  # noqa: S608
    for statement in FILL:
        connection.execute(text(statement), {"time": TIME, "hash": HASH})
    connection.execute(text("DROP TABLE pattern"))


FILL = (
    """INSERT INTO entry (generation, "row", kind, subject, visit, occurred, booked, trusted, body, prev, hash)
SELECT generation, nth, pattern.kind, 'a', NULL, :time, :time, true, body, :hash, :hash FROM generation CROSS JOIN pattern""",
    """INSERT INTO posting (generation, "row", position, account, cents)
SELECT generation, nth, position, account, sign * pattern.cents FROM generation CROSS JOIN pattern
CROSS JOIN (SELECT 0 AS position, 'expenses:rewards' AS account, 1 AS sign UNION ALL SELECT 1, 'liabilities:visits', -1) AS sides
WHERE pattern.kind IN ('credit', 'voucher', 'gift')""",
    """INSERT INTO day_total (generation, day, glass, plastic, cents)
SELECT generation, day, glass, plastic, cents FROM generation
CROSS JOIN (SELECT day, sum(glass) AS glass, sum(plastic) AS plastic, sum(cents) AS cents FROM pattern WHERE kind = 'credit' GROUP BY day) AS days""",
    """INSERT INTO voucher (code, kiosk, generation, "row", visit, amount, state, cause, issued, valid_until)
SELECT kiosk || '-' || nth, kiosk, generation, nth, NULL, 20, 'issued', 'kept', day, '2029-11-23'
FROM generation CROSS JOIN pattern WHERE pattern.kind = 'voucher'""",
    """INSERT INTO gift (generation, "row", day, amount)
SELECT generation, nth, day, 20 FROM generation CROSS JOIN pattern WHERE pattern.kind = 'gift'""",
)


def _kind(row: int) -> str:
    return "generation" if row == 1 else KINDS[row % len(KINDS)]


def _pattern(row: int, rows: int) -> dict[str, object]:
    kind, day = _kind(row), str(date(2026, 9, 1) + timedelta(days=(row - 1) * DAYS // rows))
    bodies = {
        "generation": '{"demonstration":false,"form":1,"kiosk":"hall","previous":null,"why":"first start"}',
        "credit": f'{{"amount":20,"day":"{day}","material":"glass","sequence":{row}}}',
        "voucher": f'{{"amount":20,"cause":"kept","code":"{row}","issued":"{day}","valid_until":"2029-11-23"}}',
        "gift": f'{{"amount":20,"day":"{day}"}}',
    }
    return {"nth": row, "kind": kind, "body": bodies.get(kind, "{}"), "day": day, "cents": 20, "glass": row % 2, "plastic": 1 - row % 2}


def all_views(name: str, ledger: str) -> dict[str, View]:
    return {
        "kiosks, first page": lambda connection: views.kiosks(connection, None, views.PAGE),
        "totals": lambda connection: views.totals(connection, None, views.PAGE),
        "one kiosk": lambda connection: _there(views.kiosk(connection, name)),
        "its vouchers": lambda connection: _there(views.vouchers(connection, name, None, views.PAGE)),
        "its rows, 500": lambda connection: _there(views.rows(connection, name, None, 0, views.PAGE)),
        "what a batch is compared with": lambda connection: views.totals_of(connection, ledger),
    }


def _there(answer: BaseModel | None) -> BaseModel:
    assert answer is not None
    return answer


def statements_of(store: Store, engine: Engine, view: View) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, _context: object, _many: bool) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    with store.read() as connection:
        view(connection)
    event.remove(engine, "before_cursor_execute", note)
    return asked


def measure(store: Store, view: View, times: int) -> Figure:
    engine = store._engine  # noqa: SLF001 - its driver is the reference
    asked = statements_of(store, engine, view)
    ours, bare, size = [], [], 0
    for _ in range(times):
        with store.read() as connection:
            began = time.perf_counter()
            size = len(view(connection).model_dump_json())
            ours.append(time.perf_counter() - began)
        with store.read() as connection, closing(connection.connection.cursor()) as cursor:
            began = time.perf_counter()
            for statement, parameters in asked:
                cursor.execute(statement, parameters)
                cursor.fetchall()
            bare.append(time.perf_counter() - began)
    return Figure(len(asked), size, 1000 * statistics.median(ours), 1000 * statistics.median(bare))


def city(address: str, kiosks: int, rows: int) -> Store:
    store = open_store(address)
    began = time.perf_counter()
    with store.write() as connection:
        fill(connection, kiosks, rows)
    with store.write() as connection:
        # what PostgreSQL does by itself after a while
        connection.execute(text("ANALYZE"))
        held = connection.execute(text("SELECT count(*) FROM entry")).scalar_one()
    print(f"{kiosks} kiosks, {held} rows, filled in {time.perf_counter() - began:.0f} s ({store._engine.dialect.name})")  # noqa: SLF001
    return store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiosks", type=at_least(1), default=500)
    parser.add_argument("--rows", type=at_least(1), default=1000, help="of each kiosk")
    parser.add_argument("--times", type=at_least(1), default=20)
    parser.add_argument("--database", help="an empty database; default: a temporary SQLite file")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        one = opened.enter_context(closing(city(f"sqlite:///{Path(folder) / 'one.db'}", 1, given.rows)))
        address = given.database or f"sqlite:///{Path(folder) / 'city.db'}"
        many = opened.enter_context(closing(city(address, given.kiosks, given.rows)))
        others = Others()
        print(f"{'':30} {'statements':>10} {'kB':>7} {'ours ms':>8} {'bare ms':>8} {'ratio':>6} {'for one, statements':>20}")
        found = all_views("hall-00000", f"{0:064x}")
        for name, view in found.items():
            figure, alone = measure(many, view, given.times), measure(one, view, given.times)
            ratio = figure.ours_ms / figure.bare_ms
            print(
                f"{name:30} {figure.statements:10} {figure.bytes / 1000:7.1f} {figure.ours_ms:8.2f} {figure.bare_ms:8.2f} {ratio:6.1f}"
                f" {alone.statements:20}"
            )
        print(f"others used {others.percent:.0f} % of a core meanwhile")


if __name__ == "__main__":
    main()
