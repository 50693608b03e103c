"""Fixtures of the journeys: a booth, the city that its ledger goes to, and how its visitor uses the window."""

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from config.demonstration import ASSOCIATIONS
from config.hours import OpeningHours
from config.vocabulary import Association
from drivers.printer.printer import EscPos
from kiosk.screens.visitor.place import Place
from money.city_server import city
from people.journey import MakeBooth
from people.person import Way
from worlds.booth import Booth


@pytest.fixture(autouse=True)
def closed_windows_are_gone(qapp: QApplication) -> Iterator[None]:
    """A window that is closed waits for an event loop to be deleted, and no test runs one: hundreds of them stood in memory and slowed each test."""
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(params=Way)
def way(request: pytest.FixtureRequest) -> Way:
    """By finger, and by four keys alone."""
    assert isinstance(request.param, Way)
    return request.param


@pytest.fixture(scope="module")
def city_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A city that many kiosks send their ledgers to."""
    with city(tmp_path_factory.mktemp("city"), demonstration=True) as url:
        yield url


@pytest.fixture
def booth(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path, city_url: str, way: Way) -> Iterator[MakeBooth]:
    """Opens a booth in which nobody has been yet."""
    name = f"journey-{crc32(request.node.nodeid.encode()):08x}"
    made: list[Booth] = []

    def make(
        visit_bottles: int = 30,
        day_cents: int = 20_000,
        *,
        without_money: bool = False,
        hours: OpeningHours | None = None,
        associations: tuple[Association, ...] = ASSOCIATIONS[:1],
        printer: EscPos | None = None,
    ) -> Booth:
        hall = Booth(
            tmp_path,
            name=name,
            city_url=city_url,
            visit_bottles=visit_bottles,
            day_cents=day_cents,
            without_money=without_money,
            hours=hours,
            associations=associations,
            way=way,
            printer=printer,
        )
        made.append(hall)
        hall.stands(Place.ATTRACT)
        return hall

    yield make
    for one in made:
        one.close()
