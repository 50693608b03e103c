"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT = Path("/etc/consigne/kiosk.toml")

ConfigOption = Annotated[Path, typer.Option("--config", help="Fichier de configuration / configuration file.")]
