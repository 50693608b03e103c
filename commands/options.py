"""Options that several commands take."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from config.settings import Settings

DEFAULT = Path("/etc/consigne/kiosk.toml")


def examples(*commands: str) -> str:
    """What stands below a command's help: one example a line."""
    return "\n\n".join(("Exemples / examples:", *commands))


ConfigOption = Annotated[Path, typer.Option("--config", help="Fichier de configuration / configuration file.")]


def load(config: Path) -> "Settings":
    """The settings of a command that takes a configuration; what checks them is loaded for no other. Raises ConfigurationError."""
    from config import settings

    return settings.load(config)
