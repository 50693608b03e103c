"""``consigne``: one command line for kiosk, ledger, sync, twin and simulation. Known errors become one sentence on stderr that says what to do.

Exit codes: 0 ok, 1 findings, 2 usage or configuration, 3 hardware or service.
"""

import faulthandler
import os
import sys
from typing import Annotated

import typer

from commands import agents, catalogue, configuration, evaluate, evaluate_material, ledger, sync, voucher
from commands.backup import backup
from commands.capture import capture
from commands.demo import demo
from commands.doctor import doctor
from commands.options import examples
from commands.read import read
from commands.run import run
from commands.screenshots import screenshots
from commands.self_test import self_test
from commands.simulate import simulate_command, twin_command
from commands.usage import ClickException, NoArgsIsHelpError, WronglyTyped, refuse, tell_usage
from config.clock import need_time_zone
from config.files import WRONG_NAME, need_start_folder, trouble_of
from config.printable import printable
from config.streams import forgive_encodings, open_closed_streams
from config.told import OutOfService, WrongUse

USAGE, SERVICE = 2, 3

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    epilog=examples("consigne demo", "consigne run --config kiosk.toml", "consigne ledger verify --help"),
)
app.command(epilog=examples("consigne demo", "consigne demo --auto --state demo", "consigne demo --landscape --scale 0.5"))(demo)
app.command(epilog=examples("consigne run", "consigne run --config kiosk.toml --window", "consigne run --lines"))(run)
app.command(epilog=examples("consigne screenshots images", "consigne screenshots images --lang fr --size 1280x800 --bigger"))(screenshots)
app.command(
    "simulate",
    epilog=examples(
        "consigne simulate --items 5",
        "consigne simulate --frames photos",
        "consigne simulate --items 1000 --virtual-time --troubled --json",
    ),
)(simulate_command)
app.command("twin", epilog=examples("consigne twin --state twin", "consigne twin --state twin --scenario faults.txt"))(twin_command)
app.command(epilog=examples("consigne backup", "consigne backup --json"))(backup)
app.command(epilog=examples("consigne doctor", "consigne doctor --json"))(doctor)
app.command(
    "self-test", epilog=examples("consigne self-test", "consigne self-test --only scale --only camera", "consigne self-test --demo --json")
)(self_test)
app.command(
    epilog=examples(
        "consigne capture photos --class glass_bottle --kind beer",
        "consigne capture photos --class glass_bottle --kind beer --again paris-11-01-0003",
    )
)(capture)
app.command(epilog=examples("consigne read photo.jpg", "consigne read photo.jpg --explain --drawn drawn"))(read)
evaluate.app.command(
    "material", epilog=examples("consigne evaluate material pictures", "consigne evaluate material pictures --html report.html --json")
)(evaluate_material.material)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(ledger.app, name="ledger")
app.add_typer(sync.app, name="sync")
app.add_typer(voucher.app, name="voucher")
app.add_typer(agents.app, name="agents")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(configuration.app, name="configuration")


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"consigne {version('consigne')}")
        raise typer.Exit


@app.callback()
def consigne(
    _version: Annotated[bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Version, et fin / and end.")] = False,
) -> None:
    """Le kiosque de la consigne et ses outils. / The deposit kiosk and its tools."""


def main() -> None:
    """Runs a command. An error that is not known here is a fault of the program and keeps its traceback."""
    open_closed_streams()
    forgive_encodings()
    # a fault in a decoder's native code leaves its stack on stderr
    faulthandler.enable()
    try:
        need_start_folder()
        need_time_zone()
        refuse(app, sys.argv[1:])
        code = app(standalone_mode=False)
        # what does not go out is told here; Python would tell it at its end, in its own words
        sys.stdout.flush()
    except NoArgsIsHelpError:
        # the help has been written
        sys.exit(USAGE)
    except (WrongUse, ClickException) as error:
        sys.exit(_told(error, USAGE))
    except (OutOfService, OSError) as error:
        if isinstance(error, OSError):
            _let_go_of_output()
        sys.exit(_told(error, USAGE if _wrong_name(error) else SERVICE))
    sys.exit(code)


def _let_go_of_output() -> None:
    """It may be the output that takes nothing: what waits for it would be tried, and told, once more at the end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _wrong_name(error: Exception) -> bool:
    """Whether it is the name that does not fit, and not the disk behind it."""
    return isinstance(error, OSError) and trouble_of(error) in WRONG_NAME


def _told(error: Exception, code: int) -> int:
    from commands.language import chosen
    from kiosk.words.catalogue import Words
    from kiosk.words.errors import explain
    from kiosk.words.reading import CatalogueBroken

    try:
        words = Words() if isinstance(error, CatalogueBroken) else chosen()
    except CatalogueBroken as broken:
        # no words to tell it in: what happened first is told as it is
        sys.stderr.write("".join(f"{printable(told)}\n" for told in dict.fromkeys([*str(error).split("\n"), *str(broken).split("\n")])))
        return code
    told = tell_usage(error, app, sys.argv[1:], words) if isinstance(error, ClickException | WronglyTyped) else explain(error, words)
    sys.stderr.write(told + "\n")
    return code
