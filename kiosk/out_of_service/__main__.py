"""The screen of a kiosk that is dead: says so in French and in English, and where to go. A program of its own, ``python -m kiosk.out_of_service``.

It opens no ledger and no device and reads no configuration and no catalogue, as any of them may be why the kiosk is dead; nor does it need the
theme. It needs PySide6 and its own words (``kiosk/words/out_of_service.py``); without the kiosk's letters it takes the system's. Who starts it,
and when, is not its business; it takes no touch, and ends by SIGTERM or SIGINT.
"""

import argparse
import signal
import sys

from config.streams import forgive_encodings
from kiosk.display import NoDisplay, need_display
from kiosk.words.out_of_service import NO_DISPLAY, NOTICES


def main() -> None:
    """Fills the screen until it is asked to end; ``--window`` leaves the rest of a desktop free."""
    forgive_encodings()
    parser = argparse.ArgumentParser(prog="kiosk.out_of_service", description="Hors service / out of order.")
    parser.add_argument("--window", action="store_true", help="fenêtre / a window instead of the whole screen")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        # nothing is open that would have to be closed, and Qt's loop would not let Python look
        signal.signal(number, signal.SIG_DFL)
    try:
        need_display()
    except NoDisplay as trouble:
        sys.stderr.write(f"{NO_DISPLAY} {trouble}\n")
        sys.exit(3)
    # only now: the libraries that Qt loads may be what is missing
    from PySide6.QtWidgets import QApplication

    from kiosk.out_of_service.screen import DeadScreen, letters

    application = QApplication(sys.argv[:1])
    screen = DeadScreen(NOTICES, letters())
    if arguments.window:
        screen.show()
    else:
        screen.showFullScreen()
    sys.exit(application.exec())


if __name__ == "__main__":
    main()
