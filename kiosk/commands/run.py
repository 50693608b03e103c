"""``consigne run``: the kiosk on the port, camera and ledger that the configuration names."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from config.settings import load
from kiosk.app import Kiosk
from kiosk.face import TouchReader, show_on

DEFAULT = Path("/etc/consigne/kiosk.toml")

ConfigOption = Annotated[Path, typer.Option("--config", help="Fichier de configuration / configuration file.")]


def run(config: ConfigOption = DEFAULT) -> None:
    """Le kiosque: états d'écran en JSON sur stdout, touches sur stdin. / The kiosk: view-states out, touches in."""
    kiosk = Kiosk(load(config), show_on(sys.stdout))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: kiosk.stop())
    TouchReader(sys.stdin, kiosk.runner.post, at_end=kiosk.stop).start()
    kiosk.serve()
