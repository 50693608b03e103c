"""A window whose catalogues are not all whole: the languages that are serve, the others have no button, and their files are named."""

import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from config.settings import load
from drivers.sound.sounds import Sound
from kiosk import touchscreen
from kiosk.screens.gallery import NOBODY, VISIT
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.place import Place
from kiosk.words import reading
from kiosk.words.reading import LANGUAGES, CatalogueBroken
from people.person import PANEL, Person
from timing import FakeClock

SETTINGS = load(Path(__file__).parents[2] / "config" / "example.toml")


class NoKiosk:
    """Behind a window in which nobody asks for anything."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock

    @property
    def runner(self) -> NoReturn:
        raise AssertionError("asked for")

    def serve(self) -> None: ...

    def stop(self) -> None: ...

    def play(self, sound: Sound) -> None: ...

    def speaks(self, language: str) -> None: ...


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own catalogues, in a folder where they can be broken."""
    for language in LANGUAGES:
        shutil.copy(reading.FOLDER / f"{language}.po", tmp_path)
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    return tmp_path


def test_a_broken_language_has_no_button_and_is_named_and_the_others_can_be_chosen(
    qtbot: QtBot, folder: Path, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "ar.po").unlink()
    register()
    window = touchscreen.window_of(SETTINGS, PANEL, NoKiosk(clock))
    qtbot.addWidget(window)
    window.show()
    person = Person(window.visitor, [], clock)
    person.sees(NOBODY)
    assert str(folder / "ar.po") in capsys.readouterr().err
    assert person.find("language.ar") is None
    person.touch("language.en")
    person.sees(VISIT)
    assert person.place() is Place.FEEDING
    assert person.reads("Put in your bottles")
    assert window.layoutDirection() is Qt.LayoutDirection.LeftToRight


def test_without_the_language_of_the_house_there_is_no_window(qtbot: QtBot, folder: Path, clock: FakeClock) -> None:
    (folder / "fr.po").unlink()
    with pytest.raises(CatalogueBroken) as broken:
        touchscreen.window_of(SETTINGS, PANEL, NoKiosk(clock))
    assert broken.value.path == folder / "fr.po"
