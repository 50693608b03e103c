"""``consigne doctor``: what this machine lacks to be a kiosk, and the command that mends it. Looks, and changes nothing."""

from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption
from config.printable import json_line, printable

if TYPE_CHECKING:
    from kiosk.doctor.machine import Finding
    from kiosk.words.catalogue import Words


def doctor(
    config: ConfigOption = DEFAULT,
    json: Annotated[bool, typer.Option("--json", help="En JSON / as JSON.")] = False,
) -> None:
    """Ce qui manque à cette machine, et la commande qui y remédie. / What this machine lacks, and the command that mends it."""
    from kiosk.doctor.examine import examine
    from kiosk.doctor.machine import Machine

    findings, words = examine(Machine(), config), chosen()
    if json:
        typer.echo(json_line({"findings": [{"what": found.what, "told": tell(found, words), "mend": found.mend} for found in findings]}))
    else:
        for found in findings:
            typer.echo(f"{tell(found, words)}\n    {found.mend}")
        if not findings:
            typer.echo(words.text("doctor.sound"))
    raise typer.Exit(1 if findings else 0)


def tell(found: "Finding", words: "Words") -> str:
    from kiosk.words.errors import explain

    error = found.facts.get("error")
    if isinstance(error, Exception):
        return explain(error, words)
    return words.text(f"doctor.{found.what}", **{name: printable(str(fact)) for name, fact in found.facts.items()})
