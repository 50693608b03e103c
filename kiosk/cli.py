"""``consigne``: one command line for kiosk, ledger, sync, twin and simulation. Known errors become one sentence on stderr that says what to do.

Exit codes: 0 ok, 1 findings, 2 usage or configuration, 3 hardware or service.
"""

import faulthandler
import sys

import typer

from config.printable import printable
from config.settings import ConfigurationError
from drivers.bus import BusError
from drivers.twin.items import ItemsWrong
from drivers.twin.process import TwinRuns
from drivers.twin.scenario import ScenarioWrong
from kiosk.commands import ledger
from kiosk.commands.demo import demo
from kiosk.commands.language import chosen
from kiosk.commands.run import run
from kiosk.commands.screenshots import screenshots
from kiosk.commands.self_test import self_test
from kiosk.commands.simulate import simulate_command, twin_command
from kiosk.commands.sync import sync
from kiosk.failures import ProcessFailed, RunStuck, WorkerDied
from kiosk.screens.style.theme import ScreenTooSmall
from kiosk.words.catalogue import UnknownLanguage, Words
from kiosk.words.errors import explain
from kiosk.words.reading import CatalogueBroken
from ledger.vocabulary import LedgerError

USAGE, SERVICE = 2, 3

WRONG_USE = (CatalogueBroken, ConfigurationError, ScreenTooSmall, UnknownLanguage, ItemsWrong, ScenarioWrong)
OUT_OF_SERVICE = (BusError, LedgerError, ProcessFailed, RunStuck, WorkerDied, TwinRuns, OSError)

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.command()(demo)
app.command()(run)
app.command()(screenshots)
app.command("simulate")(simulate_command)
app.command("twin")(twin_command)
app.command()(sync)
app.command("self-test")(self_test)
app.add_typer(ledger.app, name="ledger")


def main() -> None:
    """Runs a command. An error that is not known here is a fault of the program and keeps its traceback."""
    # a fault in a decoder's native code leaves its stack on stderr
    faulthandler.enable()
    try:
        app()
    except WRONG_USE as error:
        sys.exit(_told(error, USAGE))
    except OUT_OF_SERVICE as error:
        sys.exit(_told(error, SERVICE))


def _told(error: Exception, code: int) -> int:
    try:
        words = Words() if isinstance(error, UnknownLanguage | CatalogueBroken) else chosen()
    except CatalogueBroken as broken:
        # no words to tell it in: what happened first is told as it is
        sys.stderr.write("".join(f"{printable(told)}\n" for told in dict.fromkeys([*str(error).split("\n"), *str(broken).split("\n")])))
        return code
    sys.stderr.write(explain(error, words) + "\n")
    return code
