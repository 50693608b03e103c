"""What journeys share: what one comes to. What was seen, what the ledger says, what the city got, each from its own source and held against the others.

The ledger is read as SQLite and verified by its own rules, the city is asked by HTTP, and what really fell is the twin's to say.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from kiosk.screens.visitor.place import Place
from ledger.database import reading
from ledger.sync.outcomes import Delivered
from ledger.verify import verify
from money.callers import READER, read
from people.person import Way
from simulation.witnesses import ask_books, ask_city, ask_metal, compare, compare_with_city
from worlds.booth import REWARD, Booth, Glance

MakeBooth = Callable[..., Booth]

KEYS_ARE_LONG = pytest.mark.parametrize("way", [Way.TOUCH, pytest.param(Way.KEYS, marks=pytest.mark.long)])
"""For a journey that takes long: by touch in every run, by keys too in a run of all."""

Seen = tuple[Place, *tuple[str, ...]]
"""A page, and words that stood on it together."""


@dataclass(frozen=True, slots=True)
class City:
    """What the city holds of the kiosk: credited bottles by material, how many of them at 0 cents, vouchers and gifts as count and cents."""

    glass: int = 0
    plastic: int = 0
    unpaid: int = 0
    vouchers: tuple[int, int] = (0, 0)
    gifts: tuple[int, int] = (0, 0)

    @classmethod
    def told(cls, ledger: Mapping[str, int]) -> Self:
        """A city that has got a ledger with these entries (``told_by``)."""
        held: Counter[str] = Counter()
        for said, count in ledger.items():
            match said.split():
                case ["credit", material, amount]:
                    held[material] += count
                    held["unpaid"] += 0 if int(amount) else count
                case ["voucher" | "gift" as kind, *_, amount]:
                    held[kind] += count
                    held[f"{kind} cents"] += count * int(amount)
                case _:
                    pass
        sums = ((held[kind], held[f"{kind} cents"]) for kind in ("voucher", "gift"))
        return cls(held["glass"], held["plastic"], held["unpaid"], *sums)

    @property
    def cents(self) -> int:
        return REWARD * (self.glass + self.plastic - self.unpaid)


def comes_to(hall: Booth, *, seen: Sequence[Seen], ledger: Mapping[str, int], city: City) -> None:
    """``seen``: pages and words that stood on the glass in this order, among others. ``ledger``: its entries by what they say.

    Bottles that fell have a credit or are told as uncounted, no credit is without its bottle, and no witness says otherwise than another.
    """
    missed = not_seen(hall.seen, seen)
    assert missed is None, f"{missed} did not stand there after what should have stood before; seen were:\n" + "\n".join(
        map(str, hall.seen)
    )
    assert told_by(hall.ledger) == ledger
    assert isinstance(hall.deliver(), Delivered)
    assert held_by(hall.city_url, hall.name) == (city.glass, city.plastic, city.cents, city.vouchers, city.gifts)
    books = ask_books(hall.ledger)
    found = compare(ask_metal(hall.metal), books)
    assert (found.lost, found.duplicated, found.misread) == (0, 0, ())
    assert found.disagreements + compare_with_city(books, ask_city(hall.city_url, READER, hall.name)) == ()
    with reading(hall.ledger) as connection:
        assert list(verify(connection)) == []


def not_seen(glances: Sequence[Glance], wanted: Sequence[Seen]) -> Seen | None:
    """The first that did not stand there after those before it."""
    left = iter(glances)
    return next((one for one in wanted if not any(glance.holds(*one) for glance in left)), None)


def told_by(path: Path) -> dict[str, int]:
    """How often a ledger says what: all entries but the first and the intents, whose ends are here."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        entries = database.execute("SELECT kind, body FROM entry WHERE kind NOT IN ('generation', 'intent') ORDER BY row").fetchall()
    return dict(Counter(" ".join(_said(kind, json.loads(body))) for kind, body in entries))


def _said(kind: str, body: Mapping[str, object]) -> Iterator[str]:
    yield kind
    yield from (str(body[name]) for name in ("material", "cause", "amount") if name in body)


def held_by(url: str, kiosk: str) -> tuple[int, int, int, tuple[int, int], tuple[int, int]]:
    """What the city says of the kiosk: glass, plastic, their cents, vouchers and gifts as count and cents."""
    totals = read(url, f"/v1/kiosks/{kiosk}").json()["totals"]
    glass, plastic, cents = (sum(day[what] for day in totals["days"]) for what in ("glass", "plastic", "cents"))
    vouchers, gifts = ((totals[name]["count"], totals[name]["cents"]) for name in ("vouchers", "gifts"))
    return glass, plastic, cents, vouchers, gifts
