"""Draws the gallery into files, without a display and without a kiosk. What there is to draw: ``gallery.py``."""

import errno
import os
from pathlib import Path

from PySide6.QtWidgets import QApplication

from config.vocabulary import OpeningSide
from kiosk.deposit.events import GiveTo, Touch
from kiosk.screens.gallery import REWARD, VISIT_BOTTLES, Shot, StillClock, visitor_shots
from kiosk.screens.style.theme import Panel
from kiosk.screens.style.typefaces import register
from kiosk.screens.visitor.page import Manner
from kiosk.screens.visitor.window import VisitorWindow
from kiosk.words.catalogue import Words
from kiosk.words.reading import LANGUAGES


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
        look = "".join(f"-{name}" for name, on in (("bigger", manner.bigger), ("contrast", manner.contrast)) if on)
        shots = tuple(visitor_shots())
        for shot in shots:
            take(window, shot, manner)
            name = f"{manner.language}-{panel.width_px}x{panel.height_px}{look}-{shot.name}.png"
            if not window.grab().save(str(folder / name)):
                # the system says why; Qt does not
                (folder / name).open("ab").close()
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder / name))
        window.close()
        return len(shots)


def take(window: VisitorWindow, shot: Shot, manner: Manner) -> None:
    """Makes the window stand as in a shot."""
    window.pose(shot.view, manner, shot.open)
    QApplication.processEvents()
