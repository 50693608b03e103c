"""Whether Qt can draw here. Asked in a process of its own: Qt ends the one in which it finds no display, and a display may never answer."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from config.told import OutOfService

TRIAL = """
import os, sys
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

def heed(kind, context, message):
    print(message.splitlines()[0] if message else "", file=sys.stderr, flush=True)
    if kind is QtMsgType.QtFatalMsg:
        os._exit(1)

qInstallMessageHandler(heed)
QGuiApplication([])
os._exit(0)
"""
"""A tenth of a second on a desktop. What Qt says before it would abort is all that is known of why; left by ``_exit``, it leaves no core behind."""

ANSWERS_S = 20.0

FOR_EVERY_FAILURE = "platform plugin"
"""What Qt says of each plugin that did not start, whatever kept it from doing so; it tells something only where nothing else was said."""


NAMED_BY = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")


class NoDisplay(OutOfService):
    """Qt finds nothing to draw on. ``named`` is what the environment says of a display, ``detail`` what Qt says."""

    def __init__(self, named: str, detail: str) -> None:
        super().__init__(f"{named}: {detail}")
        self.named = named
        self.detail = detail


def display_named() -> bool:
    """Whether the environment names a desktop at all, usable or not."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def draw_unseen() -> None:
    """From here on Qt draws in memory, and so do the processes that are started. Raises NoDisplay where Qt itself cannot be loaded."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    need_display()


def need_display() -> None:
    """Raises NoDisplay. To be called before anything of Qt is imported: its libraries may be what is missing."""
    with display_needed():
        pass


@contextmanager
def display_needed() -> Iterator[None]:
    """As ``need_display``, and the block runs while the display is asked: behind it Qt may be imported, or NoDisplay is raised."""
    command = [sys.executable, "-c", TRIAL]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as trial:
        try:
            yield
            _, said = trial.communicate(timeout=ANSWERS_S)
        except subprocess.TimeoutExpired:
            raise NoDisplay(_named(), f"{ANSWERS_S:.0f} s …") from None
        finally:
            trial.kill()
    if trial.returncode != 0:
        raise NoDisplay(_named(), _reason(said.decode("utf-8", "replace")))


def _named() -> str:
    return " ".join(f"{name}={os.environ[name]}" for name in NAMED_BY if os.environ.get(name)) or "DISPLAY="


def _reason(said: str) -> str:
    """The first that was said of the cause; of an import that failed, Python says it last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["…"]
    if "Traceback" in said:
        return lines[-1]
    return next((line for line in lines if FOR_EVERY_FAILURE not in line), lines[0])
