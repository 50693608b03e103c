"""``consigne capture``: a technician takes labelled pictures of bottles in the chamber of a kiosk that stands still, for a net of a city's own."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, load
from commands.simulate import JsonOption
from commands.usage import WrongValue
from config.printable import json_line

if TYPE_CHECKING:
    from kiosk.capture.chamber import StillChamber
    from kiosk.capture.collection import Collection
    from kiosk.words.catalogue import Words

NEXT, END = "n", "q"
"""What is typed for another bottle, and to end. Enter alone takes a picture."""


def capture(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Dossier des photos / the pictures' folder.")],
    label: Annotated[str, typer.Option("--class", help="glass_bottle, plastic_bottle.")],
    kind: Annotated[str, typer.Option("--kind", help="Sorte, en un mot / what kind, one word: beer, water, soda.")],
    again: Annotated[
        str | None,
        typer.Option("--again", metavar="BOTTLE", help="Encore une bouteille déjà prise / a bottle that was taken before."),
    ] = None,
    config: ConfigOption = DEFAULT,
    json: JsonOption = False,
) -> None:
    """Photographie des bouteilles, kiosque arrêté, pour apprendre. / Takes pictures of bottles, the kiosk being stopped, to learn from."""
    from kiosk.capture.chamber import still_chamber
    from kiosk.capture.collection import CLASSES, KIND, Collection

    if label not in CLASSES:
        raise WrongValue("--class", label, ", ".join(CLASSES))
    if KIND.fullmatch(kind) is None:
        raise WrongValue("--kind", kind, "a–z, 0–9, _")
    settings, words = load(config), chosen()
    collection = Collection(folder, settings.kiosk.id)
    bottle = collection.next_bottle() if again is None else collection.known(again).look_group
    with still_chamber(settings) as chamber:
        typer.echo(words.text("capture.begin", folder=folder, next=NEXT, end=END), err=True)
        taken = _take(chamber, collection, label, kind, bottle, words)
    groups = {row.look_group for row in collection.rows}
    if json:
        typer.echo(json_line({"taken": taken, "pictures": len(collection.rows), "bottles": len(groups)}))
    else:
        typer.echo(words.plural("capture.end", taken, pictures=len(collection.rows), bottles=len(groups)))


def _take(chamber: "StillChamber", collection: "Collection", label: str, kind: str, bottle: str, words: "Words") -> int:
    """One picture a line that is typed, until the end. How many were kept."""
    taken = 0
    typer.echo(words.text("capture.bottle", bottle=bottle), err=True)
    for line in sys.stdin:
        match line.strip().lower():
            case "":
                found = chamber.take()
                if found.image is None:
                    typer.echo(words.text(f"capture.unfit.{found.why_not}"), err=True)
                    continue
                path = collection.add(found.image, label, kind, bottle, datetime.now(UTC).date())
                taken += 1
                typer.echo(words.text("capture.taken", path=path), err=True)
            case "n":
                bottle = collection.next_bottle()
                typer.echo(words.text("capture.bottle", bottle=bottle), err=True)
            case "q":
                break
            case _:
                typer.echo(words.text("capture.keys", next=NEXT, end=END), err=True)
    return taken
