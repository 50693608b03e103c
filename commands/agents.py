"""``consigne agents``: who may log in at the machine. Works while the kiosk runs: it looks into the same file at each log-in and each step.

The file is its owner's alone (0600): run this as the kiosk's user. A PIN is typed unseen, twice; where nobody sits at a terminal it is the first line of stdin.
"""

import getpass
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, examples, load
from commands.terminal import console, table
from config.printable import json_line, printable
from kiosk.console.roles import Role

if TYPE_CHECKING:
    from kiosk.agents import Agents

app = typer.Typer(
    no_args_is_help=True,
    help="Les agents de l’accueil. / Staff who may log in at the machine.",
    epilog=examples("consigne agents list", "consigne agents add --name 'Camille Martin' --role desk"),
)

NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="Numéro d’agent / agent’s number.")]
JsonOption = Annotated[bool, typer.Option("--json", help="En JSON / as JSON.")]


def _agents(config: Path) -> "Agents":
    from config.system import AssumedClock
    from kiosk.agents import Agents

    # whoever waits after wrong PINs does so at the machine, by its clock; nobody is let in here
    return Agents(load(config).files.kiosk, AssumedClock())


@app.command("list", epilog=examples("consigne agents list", "consigne agents list --json"))
def list_command(config: ConfigOption = DEFAULT, json: JsonOption = False) -> None:
    """Numéros, noms et rôles. / Numbers, names and roles."""
    listed = _agents(config).listed()
    if json:
        typer.echo(json_line([asdict(agent) for agent in listed]))
        return
    words = chosen()
    rows = table(*(words.text(f"staff.agents.{title}") for title in ("number", "name", "role", "state")))
    for agent in listed:
        state = "blocked" if agent.blocked else "active" if agent.has_pin else "no_pin"
        rows.add_row(agent.number, printable(agent.name), words.text(f"staff.role.{agent.role}"), words.text(f"staff.agents.{state}"))
    console().print(rows, soft_wrap=False)


@app.command("add", epilog=examples("consigne agents add --name 'Camille Martin' --role desk"))
def add_command(
    name: Annotated[str, typer.Option("--name", help="Nom, effaçable / name, can be erased.")],
    role: Annotated[Role, typer.Option("--role", help="desk, manager, technician, auditor.")],
    config: ConfigOption = DEFAULT,
) -> None:
    """Un agent de plus ; dit son numéro. / One agent more; says the number."""
    agents = _agents(config)
    number = agents.add(name, role, _pin())
    typer.echo(chosen().text("staff.agents.added", number=number))


@app.command("pin", epilog=examples("consigne agents pin 101"))
def pin_command(number: NumberArgument, config: ConfigOption = DEFAULT) -> None:
    """Un autre code PIN. / Another PIN."""
    _agents(config).set_pin(number, _pin())


@app.command("role", epilog=examples("consigne agents role 101 manager"))
def role_command(number: NumberArgument, role: Annotated[Role, typer.Argument(metavar="ROLE")], config: ConfigOption = DEFAULT) -> None:
    """Un autre rôle. / Another role."""
    _agents(config).set_role(number, role)


@app.command("block", epilog=examples("consigne agents block 101"))
def block_command(number: NumberArgument, config: ConfigOption = DEFAULT) -> None:
    """Ne peut plus se connecter. / May not log in any more."""
    _agents(config).block(number)


@app.command("unblock", epilog=examples("consigne agents unblock 101"))
def unblock_command(number: NumberArgument, config: ConfigOption = DEFAULT) -> None:
    """Peut se connecter de nouveau. / May log in again."""
    _agents(config).block(number, blocked=False)


@app.command("forget", epilog=examples("consigne agents forget 101"))
def forget_command(number: NumberArgument, config: ConfigOption = DEFAULT) -> None:
    """Efface nom et code PIN ; le numéro ne sert plus. / Erases name and PIN; the number is not used again."""
    _agents(config).forget(number)


def _pin() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    from commands.usage import WrongValue

    words = chosen()
    pin = getpass.getpass(words.text("staff.agents.ask_pin"))
    if getpass.getpass(words.text("staff.agents.ask_again")) != pin:
        raise WrongValue("PIN", "…", words.text("staff.denied.pins_differ"))
    return pin
