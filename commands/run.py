"""``consigne run``: the kiosk on the port, camera and ledger that the configuration names; on its touchscreen, in a window, or as lines."""

import ctypes
import gc
import linecache
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import DEFAULT, ConfigOption, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.settings import Settings
    from kiosk.app import Kiosk
    from kiosk.deposit.view import ViewState
    from kiosk.paper.sheet import Paper

M_MMAP_THRESHOLD, MAPPED_FROM = -3, 128 * 1024
"""glibc's mallopt(3), and what it begins with."""


def run(
    config: ConfigOption = DEFAULT,
    window: Annotated[bool, typer.Option("--window", help="Dans une fenêtre / in a window of the desktop.")] = False,
    lines: Annotated[
        bool, typer.Option("--lines", help="Sans écran : JSON sur stdout, touches et mots d’un technicien sur stdin / without a screen.")
    ] = False,
) -> None:
    """Le kiosque sur son écran tactile. / The kiosk on its touchscreen."""
    settings = load(config)
    _give_frames_back()
    if lines:
        _run_lines(settings)
    else:
        _run_touchscreen(settings, window)


def _run_touchscreen(settings: "Settings", window: bool) -> None:
    from kiosk.display import display_needed

    with loading():
        # Qt last, whatever is loaded behind it takes a fifth longer: PySide6 puts a function of its own in the place of ``import``
        with display_needed():
            from kiosk.app import Kiosk
        from kiosk.paper.drawn import paper_of
        from kiosk.supervision import Notifier
        from kiosk.touchscreen import run_touchscreen

    kiosks: list[Kiosk] = []

    def made(show: "Callable[[ViewState], None]") -> Kiosk:
        kiosk = Kiosk(settings, show, paper=paper_of(settings), may_await_ledger=True)
        kiosks.append(kiosk)
        _tell_first_code(kiosk)
        return kiosk

    run_touchscreen(settings, made, window, Notifier.named_by(os.environ))
    if any(kiosk.starts_anew for kiosk in kiosks):
        _start_anew()


def _tell_first_code(kiosk: "Kiosk") -> None:
    """To whoever reads the service's own output, once, and to nobody else. A kiosk whose agents' file fails serves visitors all the same."""
    from kiosk.agents import AgentsUnreadable
    from kiosk.words.catalogue import Words
    from kiosk.words.errors import explain

    try:
        code = kiosk.first_code()
    except AgentsUnreadable as error:
        sys.stderr.write(f"{explain(error, Words())}\n")
        return
    if code is not None:
        sys.stderr.write(f"{Words().text('told.first_code', code=code)}\n")
        sys.stderr.flush()


def _run_lines(settings: "Settings") -> None:
    with loading():
        from kiosk.app import Kiosk
        from kiosk.face import Lines
        from kiosk.supervision import Notifier
        from kiosk.technician import serve_lines
    from commands.language import chosen

    lines = Lines(sys.stdout)
    unseen, paper = _painter(settings)
    kiosk = Kiosk(settings, lines.show, paper=paper)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: kiosk.stop())
    serve_lines(kiosk, settings, lines, sys.stdin, chosen(), Notifier.named_by(os.environ))
    del unseen
    if kiosk.starts_anew:
        _start_anew()


def _start_anew() -> None:
    """In this process, which the service manager knows: nothing of what ran before is left, and the configuration is read again."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 (no shell: the very words that started it)


def _painter(settings: "Settings") -> "tuple[object, Paper | None]":
    """What a kiosk without a screen draws its tickets with, and what must stay while it does: Qt, which is loaded for a printer alone."""
    if settings.printer.kind == "none":
        return None, None
    from kiosk.display import display_needed

    with display_needed():
        from kiosk.paper.drawn import paper_of, ready
    return ready(), paper_of(settings)


def _give_frames_back() -> None:
    """Memory of a camera's frame goes back to the system with the frame. Once the first was given back, glibc would keep the room of all that follow, between whatever else is there: 10 MB."""
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, MAPPED_FROM)


@contextmanager
def loading() -> Iterator[None]:
    """Without the garbage collector: what is loaded stays, and looking through all of it again and again takes a sixth of the time.

    PySide6 reads the source of whatever is loaded behind it, to see whether it speaks of Qt, and the standard library keeps these texts: some megabytes that nobody reads again.
    """
    gc.disable()
    try:
        yield
    finally:
        linecache.clearcache()
        gc.freeze()
        gc.enable()
