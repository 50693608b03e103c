"""Whether the configured diagonal is the screen's: what a panel reports of itself, and when it is worth a word."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QSizeF

from config.settings import Screen, Settings, load
from kiosk.touchscreen import doubt, reported_in

EXAMPLE = Path(__file__).parents[2] / "config/example.toml"
PANEL_15_6 = (QSize(1080, 1920), QSizeF(194.0, 345.0))


@dataclass
class Reporting:
    """A screen by what it says of itself."""

    pixels: QSize
    millimetres: QSizeF

    def size(self) -> QSize:
        return self.pixels

    def physicalSize(self) -> QSizeF:  # noqa: N802 - Qt's name
        return self.millimetres


def settings(diagonal_in: float) -> Settings:
    return load(EXAMPLE).model_copy(update={"screen": Screen(diagonal_in=diagonal_in)})


def test_a_panel_of_the_configured_size_is_not_spoken_of() -> None:
    assert doubt(settings(15.6), Reporting(*PANEL_15_6)) is None
    assert doubt(settings(15.0), Reporting(*PANEL_15_6)) is None


def test_a_panel_of_another_size_is_told_with_both_and_what_to_do() -> None:
    told = doubt(settings(10.1), Reporting(*PANEL_15_6))
    assert told is not None
    assert told.startswith("screen.diagonal_in dit 10,1 pouces, l’écran dit 15,6. Mesurez")


@pytest.mark.parametrize("millimetres", [QSizeF(0, 0), *(QSizeF(1080 / dots * 25.4, 1920 / dots * 25.4) for dots in (96, 100))])
def test_a_screen_that_was_told_nothing_says_nothing(millimetres: QSizeF) -> None:
    screen = Reporting(QSize(1080, 1920), millimetres)
    assert reported_in(screen) is None
    assert doubt(settings(10.1), screen) is None
