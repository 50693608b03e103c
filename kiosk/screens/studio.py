"""Draws the gallery into files, without a display and without a kiosk. What there is to draw: ``gallery.py``."""

import errno
import os
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from config.vocabulary import OpeningSide
from kiosk.console.events import ConsoleEvent
from kiosk.deposit.events import GiveTo, Touch
from kiosk.screens.gallery import REWARD, VISIT_BOTTLES, Shot, StillClock, visitor_shots
from kiosk.screens.staff.gallery import SampleLines, StaffShot, staff_shots
from kiosk.screens.staff.ledger import Ledger
from kiosk.screens.staff.live import Live
from kiosk.screens.staff.look import StaffManner
from kiosk.screens.staff.technician.configuration import Configuration
from kiosk.screens.staff.window import StaffWindow
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES

OF_STAFF = tuple(language for language, how in LANGUAGES.items() if not how.visitors_only)


def nobody(touch: Touch | GiveTo) -> None:
    """Nobody touches a picture."""


def window_for(panel: Panel, opening: OpeningSide = "right") -> VisitorWindow:
    """A window in which time stands still."""
    return VisitorWindow(
        panel,
        Words,
        nobody,
        languages=tuple(LANGUAGES),
        clock=StillClock(),
        reward=REWARD,
        visit_bottles=VISIT_BOTTLES,
        opening=opening,
    )


class Studio:
    """Has the application; make one."""

    def __init__(self) -> None:
        self._application = QApplication.instance() or QApplication(["consigne"])
        register()

    def take_all(self, folder: Path, panel: Panel, manner: Manner) -> int:
        """One PNG a state, named after language, size, look and state. How many there are."""
        folder.mkdir(parents=True, exist_ok=True)
        window = window_for(panel)
        window.show()
        shots = tuple(visitor_shots())
        for shot in shots:
            take(window, shot, manner)
            name = f"{manner.language}-{panel.width_px}x{panel.height_px}{_look(manner)}-{shot.name}.png"
            _save(window, folder / name)
        window.close()
        return len(shots)

    def take_staff(self, folder: Path, panel: Panel, manner: Manner) -> int:
        """The same of staff's screens."""
        folder.mkdir(parents=True, exist_ok=True)
        window = staff_window_for(panel, manner.language, bigger=manner.bigger, contrast=manner.contrast)
        window.show()
        shots = tuple(staff_shots())
        for shot in shots:
            take_staff(window, shot)
            _save(window, folder / f"{manner.language}-{panel.width_px}x{panel.height_px}{_look(manner)}-{shot.name}.png")
        window.close()
        return len(shots)


def _look(manner: Manner) -> str:
    return "".join(f"-{name}" for name, on in (("bigger", manner.bigger), ("contrast", manner.contrast)) if on)


def staff_window_for(panel: Panel, language: str, *, bigger: bool = False, contrast: bool = False) -> StaffWindow:
    """One in which time stands still, in this language and the other of staff's."""
    languages = (language, *(other for other in OF_STAFF if other != language))
    words = {each: Words(each) for each in languages}
    return StaffWindow(
        None, panel, words, nobody_asks, StillClock(), lambda _: SampleLines(), StaffManner(language, bigger=bigger, contrast=contrast)
    )


def nobody_asks(event: ConsoleEvent) -> None:
    """Nobody touches a picture."""


def take_staff(window: StaffWindow, shot: StaffShot) -> None:
    """Makes the window stand as in a shot, after nothing."""
    window.show_view(None)
    window.show_view(shot.view)
    if shot.look:
        window.open_look()
    if shot.filtering and isinstance(window.page, Ledger):
        window.page.begin_filter()
        window.page.filters.asks(shot.question)
    for _ in range(shot.turned):
        if isinstance(window.page, Live | Configuration):
            window.page.turns()
    QApplication.processEvents()


def _save(window: QWidget, path: Path) -> None:
    if not window.grab().save(str(path)):
        # the system says why; Qt does not
        path.open("ab").close()
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))


def take(window: VisitorWindow, shot: Shot, manner: Manner) -> None:
    """Makes the window stand as in a shot."""
    window.pose(shot.view, manner, shot.open)
    QApplication.processEvents()
