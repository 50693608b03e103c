"""``consigne run``: the kiosk on the port, camera and ledger that the configuration names; on its touchscreen, in a window, or as lines."""

import signal
import sys
from typing import Annotated

import typer

from commands.options import DEFAULT, ConfigOption
from config.settings import Settings, load
from kiosk.display import need_display


def run(
    config: ConfigOption = DEFAULT,
    window: Annotated[bool, typer.Option("--window", help="Dans une fenêtre / in a window of the desktop.")] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Sans écran : JSON sur stdout, touches sur stdin / without a screen.")] = False,
) -> None:
    """Le kiosque sur son écran tactile. / The kiosk on its touchscreen."""
    settings = load(config)
    if lines:
        _run_lines(settings)
        return
    need_display()
    # imported here, as in every command: no other command waits for what this one needs, nor a kiosk without a screen for Qt
    from kiosk.app import Kiosk
    from kiosk.touchscreen import run_touchscreen

    run_touchscreen(settings, lambda show: Kiosk(settings, show), window)


def _run_lines(settings: Settings) -> None:
    from kiosk.app import Kiosk
    from kiosk.face import TouchReader, show_on

    kiosk = Kiosk(settings, show_on(sys.stdout))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: kiosk.stop())
    TouchReader(sys.stdin, kiosk.runner.post, at_end=kiosk.stop).start()
    kiosk.serve()
