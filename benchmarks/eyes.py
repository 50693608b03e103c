"""Looks over Qt's shoulder: says which widgets were painted. Not whether they were the right ones."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer


class Eyes(QObject):
    """Calls ``painted`` after each turn of the loop in which something was painted, until ``shut``."""

    def __init__(self, application: QCoreApplication, painted: Callable[["Eyes", set[QObject]], None]) -> None:
        super().__init__(application)
        self._application = application
        self._painted = painted
        self._seen: set[QObject] = set()
        application.installEventFilter(self)

    def shut(self) -> None:
        """From now on the process is as it would be alone."""
        self._application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            if not self._seen:
                QTimer.singleShot(0, self._look)
            self._seen.add(watched)
        return False

    def _look(self) -> None:
        seen, self._seen = self._seen, set()
        self._painted(self, seen)
