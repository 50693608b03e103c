"""``consigne configuration``: every key with its value, where it comes from and its default; and one that is safe to change, changed."""

from dataclasses import asdict
from typing import Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, examples
from config.printable import json_line, printable

app = typer.Typer(
    no_args_is_help=True,
    help="Les réglages du fichier de configuration. / The settings of the configuration file.",
    epilog=examples("consigne configuration list", "consigne configuration set sound.volume_percent 40"),
)


@app.command("list", epilog=examples("consigne configuration list", "consigne configuration list --json"))
def list_keys(
    config: ConfigOption = DEFAULT,
    json: Annotated[bool, typer.Option("--json", help="En JSON / as JSON.")] = False,
) -> None:
    """Chaque clé : sa valeur, d’où elle vient, sa valeur par défaut. / Each key: its value, its source, its default."""
    from config.changing import keys_of

    words = chosen()
    for key in keys_of(config):
        if json:
            typer.echo(json_line(asdict(key)))
            continue
        default = (
            "" if key.default is None or key.default == key.value else words.text("configuration.default", default=printable(key.default))
        )
        safe = words.text("configuration.safe") if key.safe else ""
        source = words.text(f"configuration.source.{key.source}")
        typer.echo("  ".join(part for part in (f"{key.name} = {printable(key.value)}", source, default, safe) if part))


@app.command("set", epilog=examples("consigne configuration set sound.volume_percent 40"))
def set_key(
    key: Annotated[str, typer.Argument(help="La clé, avec sa section / the key with its section.", metavar="SECTION.KEY")],
    value: Annotated[str, typer.Argument(help="Sa nouvelle valeur / its new value.")],
    config: ConfigOption = DEFAULT,
) -> None:
    """Change une clé qui ne touche ni à l’argent ni aux noms. / Changes a key that touches neither money nor names."""
    from config.changing import change, value_of

    before = value_of(config, key)
    change(config, key, value)
    typer.echo(chosen().text("configuration.changed", key=key, old=before, new=value_of(config, key)))
