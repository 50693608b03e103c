"""The Today page knows how old the list of products is: none, a damaged one, and one of a day."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.console.actions import LookAtDay
from kiosk.console.events import DayTold
from kiosk.screens.staff.today import tell_listed
from kiosk.words.catalogue import Words
from money.ledgers import Kiosk
from recognition.catalogue.city import import_list
from recognition.catalogue.dump import Dump
from worlds.desk_room import Room
from worlds.dumps import code


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    with closing(Kiosk(tmp_path)) as kiosk:
        yield kiosk


def told_days(kiosk: Kiosk) -> int | None:
    told = Room(kiosk).clerk.does(LookAtDay())
    assert isinstance(told, DayTold)
    return told.today.listed_days


def list_of(kiosk: Kiosk, days: int) -> Path:
    """A city's list that was last changed so many days before the kiosk's own."""
    now = datetime.combine(kiosk.now().day() - timedelta(days=days), datetime.min.time(), UTC)
    file = kiosk.path.with_name("list.csv")
    file.write_text(f"gtin,packaging,name,volume_ml,empty_g,deposit\n{code(1)},glass_bottle,Eau,750,450,0\n")
    os.utime(file, (now.timestamp(), now.timestamp()))
    path = kiosk.path.with_name("catalogue.db")
    with Dump(file) as dump:
        import_list(dump, path, now)
    return path


def test_a_kiosk_without_a_list_has_none(kiosk: Kiosk) -> None:
    assert told_days(kiosk) is None


@pytest.mark.parametrize("days", [0, 12, 120])
def test_a_list_is_as_old_as_its_newest_word(kiosk: Kiosk, days: int) -> None:
    list_of(kiosk, days)
    assert told_days(kiosk) == days


def test_a_damaged_list_keeps_nobody_from_the_day(kiosk: Kiosk) -> None:
    list_of(kiosk, 12).write_bytes(b"SQLite format 3\0" + bytes(4000))
    assert told_days(kiosk) is None


@pytest.mark.parametrize(
    ("days", "told"), [(None, "No list of products"), (1, "List of products: 1 day old"), (120, "List of products: 120 days old")]
)
def test_its_age_is_told_in_words(days: int | None, told: str) -> None:
    assert tell_listed(days, Words("en")) == told
