"""Pictures of the kiosk's screens as they come by, for whoever was not there: one file a screen, in order."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QPixmap

from kiosk.deposit.view import Screen, ViewState


class Album:
    """``turn`` is called before each view-state is drawn: what stands then has had its whole time, and its motion has ended."""

    def __init__(self, folder: Path, grab: Callable[[], QPixmap]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._grab = grab
        self._stands: ViewState | None = None
        self._count = len(list(folder.glob("[0-9][0-9]-*.png")))

    def turn(self, coming: ViewState) -> None:
        """Keeps what stands if something else is coming. A moment's pause shows nothing of its own."""
        stood, self._stands = self._stands, coming
        if stood is None or stood.screen is Screen.ONE_MOMENT or (stood.screen, stood.item) == (coming.screen, coming.item):
            return
        self._keep(stood)

    def close(self) -> None:
        """Keeps the last one too."""
        if self._stands is not None:
            self._keep(self._stands)

    def _keep(self, stood: ViewState) -> None:
        self._count += 1
        self._grab().save(str(self._folder / f"{self._count:02}-{stood.screen}.png"))
