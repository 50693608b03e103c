"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT = Path("/etc/consigne/kiosk.toml")


def examples(*commands: str) -> str:
    """What stands below a command's help: one example a line."""
    return "\n\n".join(("Exemples / examples:", *commands))


ConfigOption = Annotated[Path, typer.Option("--config", help="Fichier de configuration / configuration file.")]
