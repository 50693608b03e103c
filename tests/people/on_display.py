"""A visitor's window on a real display, in a process of its own: shows the shot of the gallery that each line on stdin names."""

import sys

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from kiosk.screens.gallery import visitor_shots
from kiosk.screens.studio import Studio, window_for
from kiosk.screens.style.theme import Panel

if __name__ == "__main__":
    studio = Studio()
    window = window_for(Panel(1080, 1920, 15.6))
    window.show()
    shots = {shot.name: shot for shot in visitor_shots()}

    def follow() -> None:
        name = sys.stdin.readline().strip()
        if name:
            window.show_view(shots[name].view)
        else:
            QApplication.quit()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(follow)
    QApplication.exec()
