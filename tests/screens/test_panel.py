"""The demonstration's panel: every item of the twin can be put in and turned, every fault provoked, and what there is to see is shown."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from config.vocabulary import Cents
from drivers.twin.camera import CameraServer
from drivers.twin.items import Item, chamber_items
from drivers.twin.looks import render
from drivers.twin.scenario import read_lines
from kiosk.screens.style.typefaces import register, sized
from kiosk.words.catalogue import Words
from simulation.demo.deeds import PARTS, Deed, Provoke, PutIn, Situation, Totals
from simulation.demo.faults import LINES, Mishap
from simulation.demo.panel import ControlPanel
from simulation.demo.player import VISIT
from simulation.demo.tiles import Tile

# the offscreen plugin says so of each window, and no test looks at such hints
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LARGEST = QSize(800, 690)
"""What a desktop of 1366x768 leaves beside the kiosk's window and between its own bars."""

ALL_RUN = dict.fromkeys(PARTS, True)
NOWHERE = "http://127.0.0.1:9/none"


@pytest.fixture
def letters(qapp: QApplication) -> Iterator[None]:
    before = QFont(qapp.font())
    register()
    qapp.setFont(sized(13, 400))
    yield
    qapp.setFont(before)


@pytest.fixture
def deeds() -> list[Deed]:
    return []


@pytest.fixture
def make(qtbot: QtBot, letters: None, deeds: list[Deed]) -> Iterator[Callable[[str], ControlPanel]]:
    """Makes a panel in a language; its camera's eyes are closed at the end."""
    made: list[ControlPanel] = []

    def panel(language: str = "en") -> ControlPanel:
        made.append(ControlPanel(Words(language), chamber_items().values(), deeds.append))
        qtbot.addWidget(made[-1])
        made[-1].show()
        return made[-1]

    yield panel
    for one in made:
        one.camera.close_eyes()


def click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def tile_of(panel: ControlPanel, name: str) -> Tile:
    return next(tile for tile in panel.tiles if tile.name == name)


def code_turned_away(item: Item, roll_deg: int) -> int:
    return min(roll_deg, 360 - roll_deg)


def test_every_item_of_the_twin_is_put_in_by_a_click_with_its_code_to_the_camera(
    make: Callable[[str], ControlPanel], deeds: list[Deed], qtbot: QtBot
) -> None:
    panel, items = make("en"), chamber_items()
    for tile in panel.tiles:
        click(tile.picture)
    put = [deed for deed in deeds if isinstance(deed, PutIn)]
    assert [deed.item for deed in put] == list(items)
    for deed in put:
        sides = [picture.roll_deg for picture in items[deed.item].pictures]
        assert code_turned_away(items[deed.item], deed.roll_deg) == min(code_turned_away(items[deed.item], side) for side in sides)


@pytest.mark.parametrize("arrow", [0, 1])
def test_the_arrows_turn_an_item_through_all_its_pictures_and_back(
    make: Callable[[str], ControlPanel], deeds: list[Deed], qtbot: QtBot, arrow: int
) -> None:
    panel, items = make("en"), chamber_items()
    tile = tile_of(panel, "glass_brown_33")
    for _ in range(4):
        click(tile.picture)
        click(tile.arrows[arrow])
    rolls = [deed.roll_deg for deed in deeds if isinstance(deed, PutIn)]
    assert set(rolls) == {picture.roll_deg for picture in items["glass_brown_33"].pictures}
    assert rolls[3] == rolls[0]


def test_an_item_with_one_picture_has_no_arrows(make: Callable[[str], ControlPanel]) -> None:
    assert tile_of(make("en"), "cup").arrows == []


def test_a_turned_item_shows_another_picture(make: Callable[[str], ControlPanel], qtbot: QtBot) -> None:
    tile = tile_of(make("en"), "can_33")
    before = tile.picture.grab().toImage()
    click(tile.arrows[1])
    assert tile.picture.grab().toImage() != before


@pytest.mark.parametrize("fault", Mishap)
def test_every_fault_is_provoked_by_a_click_and_one_that_lasts_is_ended_by_the_next(
    make: Callable[[str], ControlPanel], deeds: list[Deed], qtbot: QtBot, fault: Mishap
) -> None:
    button = make("en").faults[fault]
    click(button)
    click(button)
    lasts = LINES[fault].ends is not None
    assert deeds == [Provoke(fault), Provoke(fault, begins=not lasts)]


def test_the_lines_of_every_fault_are_the_twins() -> None:
    for lines in LINES.values():
        assert len(read_lines([*lines.begins, *(lines.ends or ())], "the table", ())) == len(lines.begins) + len(lines.ends or ())


def test_what_a_played_visit_puts_in_is_there() -> None:
    items = chamber_items()
    assert all(put.roll_deg in [picture.roll_deg for picture in items[put.item].pictures] for put in VISIT)


def test_it_says_what_was_put_in_and_that_it_waits_for_the_gate(make: Callable[[str], ControlPanel], qtbot: QtBot) -> None:
    panel = make("en")
    click(tile_of(panel, "cup").picture)
    assert "Paper cup" in panel.said.text()
    assert "gate" in panel.said.text()


def test_it_shows_what_the_city_has_heard_and_where_to_read_it(make: Callable[[str], ControlPanel]) -> None:
    panel = make("fr")
    panel.show_situation(Situation("http://127.0.0.1:8460", NOWHERE, ALL_RUN))
    assert "Rien encore" in panel.totals.text()
    panel.show_situation(Situation("http://127.0.0.1:8460", NOWHERE, ALL_RUN, totals=Totals(3, 4, Cents(140))))
    assert "1,40\u00a0€" in panel.totals.text()
    assert "Verre\u00a0: 3" in panel.totals.text()
    assert 'href="http://127.0.0.1:8460/v1/totals"' in panel.address.text()


def test_a_cut_network_is_told_beside_the_last_totals_and_its_button_stays_pressed(make: Callable[[str], ControlPanel]) -> None:
    panel = make("en")
    cut = Situation("http://127.0.0.1:8460", NOWHERE, ALL_RUN | {"city": False}, frozenset({Mishap.NETWORK}), Totals(1, 0, Cents(20)))
    panel.show_situation(cut)
    assert "Network off" in panel.totals.text()
    assert "€0.20" in panel.totals.text()
    assert panel.faults[Mishap.NETWORK].isChecked()
    panel.show_situation(Situation("http://127.0.0.1:8460", NOWHERE, ALL_RUN, totals=Totals(1, 0, Cents(20))))
    assert "Network off" not in panel.totals.text()
    assert not panel.faults[Mishap.NETWORK].isChecked()


def test_a_process_that_stands_still_is_told_by_shape_and_to_a_reader_by_word(make: Callable[[str], ControlPanel]) -> None:
    panel = make("en")
    panel.show_situation(Situation("http://127.0.0.1:8460", NOWHERE, ALL_RUN | {"kiosk": False}))
    assert panel.parts["kiosk"].text().startswith("○")
    assert panel.parts["kiosk"].accessibleName() == "Kiosk: stopped"
    assert panel.parts["city"].text().startswith("●")


def test_it_shows_what_the_camera_sees_until_there_is_nothing_to_see(make: Callable[[str], ControlPanel], qtbot: QtBot) -> None:
    panel = make("en")
    camera = CameraServer()
    panel.show_situation(Situation("http://127.0.0.1:8460", camera.url, ALL_RUN))

    def greenness() -> float:
        image = panel.camera.pixmap().toImage()
        assert not image.isNull()
        colour = image.pixelColor(image.width() * 2 // 3, image.height() // 2 + 20)
        return colour.green() / max(1, colour.red())

    try:
        qtbot.waitUntil(lambda: greenness() < 1.2, timeout=20_000)
        camera.show(render(chamber_items()["pet_green_100"], 1, 325))
        qtbot.waitUntil(lambda: greenness() > 1.2, timeout=20_000)
    finally:
        camera.close()
    qtbot.waitUntil(lambda: panel.camera.text() == "No picture", timeout=20_000)


def test_closing_its_window_is_told(make: Callable[[str], ControlPanel], qtbot: QtBot) -> None:
    panel = make("en")
    with qtbot.waitSignal(panel.closed):
        panel.close()


def cut_off(widget: QWidget) -> list[str]:
    """Texts that do not fit where they stand."""
    labels = [label for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]
    wrong = [label.text() for label in labels if label.sizeHint().width() > label.width() or label.sizeHint().height() > label.height()]
    for label in labels:
        parent = label.parentWidget()
        if parent is not None and not parent.rect().contains(label.geometry()):
            wrong.append(label.text())
    return wrong


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_word_of_it_fits_and_it_stands_beside_the_kiosk_on_a_small_desktop(
    make: Callable[[str], ControlPanel], language: str
) -> None:
    panel = make(language)
    begun = frozenset(fault for fault in Mishap if LINES[fault].ends is not None)
    panel.show_situation(Situation("http://127.0.0.1:65535", NOWHERE, ALL_RUN, begun, Totals(999, 999, Cents(199_800))))
    panel.adjustSize()
    assert cut_off(panel) == []
    assert panel.width() <= LARGEST.width()
    assert panel.height() <= LARGEST.height()


@pytest.mark.parametrize(("language", "told"), [("fr", "DÉMO"), ("en", "DEMO")])
def test_it_is_marked_as_a_demonstration_in_its_title_and_on_itself(make: Callable[[str], ControlPanel], language: str, told: str) -> None:
    panel = make(language)
    assert panel.windowTitle().startswith(told)
    mark = panel.findChild(QLabel, "mark")
    assert isinstance(mark, QLabel)
    assert mark.text() == told
    assert panel.rect().contains(QRect(mark.pos(), mark.size()))
