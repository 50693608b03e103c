"""Whatever somebody touches, and whenever: what is theirs stands on the glass, time runs out announced and once, ledger and glass agree, and
in the end all is as for nobody. Real session, ledger, twin and window on a virtual clock; each hunt is drawn from its seed.
"""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.screens.style.theme import Panel
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.place import Open, Place
from ledger.database import reading
from ledger.verify import verify
from people.hunter import Hunter, WatchedBooth
from simulation.witnesses import ask_books, ask_metal, compare

PANELS = {"15.6in": Panel(1080, 1920, 15.6), "10.1in": Panel(1280, 800, 10.1)}
LONG = pytest.mark.long


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize(
    ("panel", "seed", "deeds"),
    [
        ("10.1in", 40, 14),
        *(pytest.param(panel, seed, 40, marks=LONG) for panel, seed in (("15.6in", 41), ("15.6in", 43), ("10.1in", 31), ("10.1in", 32))),
    ],
)
def test_no_touch_at_any_moment_loses_what_is_a_visitors_or_stays_on_the_glass(tmp_path: Path, panel: str, seed: int, deeds: int) -> None:
    hall = WatchedBooth(tmp_path, seed=seed, panel=PANELS[panel])
    hunter = Hunter(hall, seed)
    try:
        hall.stands(Place.ATTRACT)
        hunter.hunts(deeds)
        hunter.goes()
        window = hall.person.window
        assert hall.watched.broken == [], "\n".join(hunter.done)
        assert (hall.person.place(), window.manner, window._open) == (Place.ATTRACT, Manner("fr"), Open()), "\n".join(hunter.done)
    finally:
        hall.close()
    books = ask_books(hall.ledger)
    found = compare(ask_metal(hall.metal), books)
    assert (found.lost, found.duplicated, found.misread, found.disagreements) == (0, 0, (), ())
    with reading(hall.ledger) as connection:
        assert list(verify(connection)) == []
    credited, vouchers = written(hall.ledger)
    assert {number: hall.watched.sums.get(number) for number in credited} == credited
    assert {code: vouchers.get(code) for code in hall.watched.codes} == hall.watched.codes


def written(path: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Cents by visit number, and by voucher's code."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT kind, visit, body FROM entry WHERE kind IN ('credit', 'voucher')").fetchall()
    credited: Counter[str] = Counter()
    vouchers = {}
    for kind, visit, body in rows:
        told = json.loads(body)
        if kind == "credit":
            credited[visit.rpartition("/")[2]] += told["amount"]
        else:
            vouchers[told["code"]] = told["amount"]
    return dict(credited), vouchers
