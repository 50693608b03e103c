"""``consigne backup``: a verified copy of ledger, kiosk.db and logs, while the kiosk runs. Never a key."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, load
from config.printable import json_line


def backup(
    config: ConfigOption = DEFAULT,
    json: Annotated[bool, typer.Option("--json", help="En JSON / as JSON.")] = False,
) -> None:
    """Copie le registre, kiosk.db et les journaux, et vérifie la copie. / Copies ledger, kiosk.db and logs, and verifies the copy."""
    from kiosk.backup import back_up
    from kiosk.words.reports import tell_finding

    # the name of a folder; no decision rests on the time
    made = back_up(load(config), datetime.now(UTC))
    if json:
        second = None if made.second is None else str(made.second)
        typer.echo(json_line({**asdict(made), "folder": str(made.folder), "second": second}))
    else:
        words = chosen()
        for finding in made.findings:
            typer.echo(tell_finding(finding, words))
        typer.echo(words.text("backup.made", path=made.folder, row=made.row, megabytes=f"{made.bytes / 1e6:.1f}"))
        if made.second is not None:
            typer.echo(words.text("backup.second", path=made.second))
        if made.findings:
            typer.echo(words.text("backup.findings", path=made.folder))
    raise typer.Exit(1 if made.findings else 0)
