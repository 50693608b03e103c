"""``consigne catalogue``: the list of products that the kiosk carries: made of a dump or a list, asked, its age told; and staff's own entries, which win over it.

Works while the kiosk runs, as the kiosk's user: it notices a new list, and an own entry, at the next bottle.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, examples, load
from commands.terminal import console, table
from commands.usage import WrongValue
from config.printable import json_line, printable

if TYPE_CHECKING:
    from config.vocabulary import Gtin
    from kiosk.words.catalogue import Words
    from recognition.catalogue.city import Taken
    from recognition.catalogue.entry import Entry
    from recognition.catalogue.importing import Imported, Progress

app = typer.Typer(
    no_args_is_help=True,
    help="La liste des produits. / The list of products.",
    epilog=examples(
        "consigne catalogue import openfoodfacts.jsonl.gz", "consigne catalogue lookup 9520000000011", "consigne catalogue age"
    ),
)

JsonOption = Annotated[bool, typer.Option("--json", help="En JSON / as JSON.")]
CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help="Code sous les barres / the code below the bars.")]


@app.command("import", epilog=examples("consigne catalogue import openfoodfacts.jsonl.gz", "consigne catalogue import deposit.csv"))
def import_command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Export d’Open Food Facts (CSV, JSONL, gzip), liste ou complément de la ville / dump of Open Food Facts, the city's list or delta.",
        ),
    ],
    smaller: Annotated[bool, typer.Option("--smaller", help="Même avec bien moins de produits / even with far fewer products.")] = False,
    config: ConfigOption = DEFAULT,
    json: JsonOption = False,
) -> None:
    """Une autre liste ; celle d’avant sert jusqu’à la fin. / Another list; the one before serves until it is whole."""
    from recognition.catalogue.city import apply_delta, delta_of, import_list
    from recognition.catalogue.dump import Dump
    from recognition.catalogue.importing import import_dump

    path, now, words = load(config).catalogue, datetime.now(UTC), chosen()
    with Dump(file) as dump:
        first = next(dump.records(), None)
        done: Imported | Taken
        if dump.columns is not None and "gtin" in dump.columns:
            done = import_list(dump, path, now)
        elif first is not None and delta_of(first) is not None:
            done = apply_delta(dump, path, now)
        else:
            with _bar(words, shown=not json) as told:
                done = import_dump(dump, path, now, told, smaller=smaller)
    if json:
        typer.echo(json_line(asdict(done)))
    else:
        _tell_import(done, words)


@app.command("lookup", epilog=examples("consigne catalogue lookup 9520000000011", "consigne catalogue lookup 9520000000011 --json"))
def lookup_command(code: CodeArgument, config: ConfigOption = DEFAULT, json: JsonOption = False) -> None:
    """Ce que le kiosque sait d’un code. / What the kiosk knows of a code."""
    from kiosk.catalogue.own import read_own
    from recognition.catalogue.store import Catalogue

    settings, gtin, words = load(config), _gtin(code), chosen()
    entry = read_own(settings.files.kiosk).get(gtin)
    if entry is None:
        with closing(Catalogue(settings.catalogue)) as products:
            entry = products.find(gtin)
    if json:
        typer.echo(json_line(None if entry is None else asdict(entry)))
    elif entry is None:
        typer.echo(words.text("catalogue.unknown", gtin=gtin))
    else:
        _tell_entry(entry, words)
    raise typer.Exit(1 if entry is None else 0)


@app.command("age", epilog=examples("consigne catalogue age", "consigne catalogue age --json"))
def age_command(config: ConfigOption = DEFAULT, json: JsonOption = False) -> None:
    """De quand sont les listes, et leur licence. / How old the lists are, and their licence."""
    from recognition.catalogue.store import OLD_DAYS, age_days, lists

    path, words, today = load(config).catalogue, chosen(), datetime.now(UTC).date()
    found = lists(path)
    days = age_days(found, today)
    old = days is None or days > OLD_DAYS
    if json:
        typer.echo(json_line({"days": days, "old": old, "lists": [asdict(listed) for listed in found]}))
    else:
        for listed in found:
            facts = {"source": words.text(f"catalogue.source.{listed.source}"), "file": printable(listed.file)}
            facts |= {"newest": words.day(listed.newest), "imported": words.day(listed.imported)}
            typer.echo(words.plural("catalogue.list", listed.products, days=(today - listed.newest).days, **facts))
            if listed.licence:
                typer.echo(f"    {printable(listed.licence)}")
        if old:
            typer.echo(words.text("catalogue.old", days=OLD_DAYS))
    raise typer.Exit(1 if old else 0)


@app.command(
    "add",
    epilog=examples("consigne catalogue add 9520000000011 --packaging glass_bottle --name 'Limonade du coin' --volume-ml 750 --deposit"),
)
def add_command(
    code: CodeArgument,
    packaging: Annotated[str, typer.Option("--packaging", help="glass_bottle, plastic_bottle, can, other.")],
    name: Annotated[str, typer.Option("--name", help="Nom / name.")] = "",
    volume_ml: Annotated[int | None, typer.Option("--volume-ml", min=1, max=100_000, help="Contenance / what it holds.")] = None,
    empty_g: Annotated[
        float | None, typer.Option("--empty-g", min=1, max=20_000, help="Poids vide, sans bouchon / weight empty, no cap.")
    ] = None,
    deposit: Annotated[
        bool, typer.Option("--deposit", help="Reprise par un magasin, contre consigne / a shop takes it back for a deposit.")
    ] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Une fiche à soi, qui l’emporte sur les listes. / An entry of one's own, which wins over the lists."""
    from kiosk.catalogue.own import keep_own
    from recognition.catalogue.entry import Entry, Packaging, Source
    from recognition.catalogue.open_food_facts import name_of

    if packaging not in set(Packaging):
        raise WrongValue("--packaging", packaging, ", ".join(Packaging))
    entry = Entry(_gtin(code), name_of(name), Packaging(packaging), volume_ml, empty_g, deposit, Source.OWN, datetime.now(UTC).date())
    keep_own(load(config).files.kiosk, entry)
    _tell_entry(entry, chosen())


@app.command("remove", epilog=examples("consigne catalogue remove 9520000000011"))
def remove_command(code: CodeArgument, config: ConfigOption = DEFAULT) -> None:
    """Retire une fiche à soi ; les listes valent de nouveau. / Takes an own entry away; the lists count again."""
    from kiosk.catalogue.own import forget_own

    gtin = _gtin(code)
    there = forget_own(load(config).files.kiosk, gtin)
    typer.echo(chosen().text("catalogue.removed" if there else "catalogue.no_own", gtin=gtin))
    raise typer.Exit(0 if there else 1)


@app.command("unknown", epilog=examples("consigne catalogue unknown", "consigne catalogue unknown --json"))
def unknown_command(config: ConfigOption = DEFAULT, json: JsonOption = False) -> None:
    """Les codes de bouteilles prises que personne ne connaît. / Codes of bottles that were taken and that nobody knows."""
    from kiosk.catalogue.unknown import read_unknown

    found = read_unknown(load(config).files.status)
    if json:
        typer.echo(json_line([asdict(one) for one in found]))
        return
    words = chosen()
    rows = table(*(words.text(f"catalogue.title.{title}") for title in ("code", "times", "first", "last")))
    for one in found:
        rows.add_row(one.gtin, str(one.times), words.day(one.first, short=True), words.day(one.last, short=True))
    console().print(rows, soft_wrap=False)


def _gtin(code: str) -> "Gtin":
    """What may name a product, as somebody types it: spaces and hyphens are no digits."""
    from recognition.catalogue.open_food_facts import Dropped, code_of

    gtin = code_of(code.replace(" ", "").replace("-", ""))
    if isinstance(gtin, Dropped):
        raise WrongValue("CODE", code, chosen().text("catalogue.code"))
    return gtin


@contextmanager
def _bar(words: "Words", *, shown: bool) -> Iterator[Callable[["Progress"], None]]:
    """How far it is, for whoever sits at a terminal. Broken off, it says that it goes on the next time."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    lines = 0
    with Bar(*columns, console=Console(stderr=True), transient=True, disable=not (shown and sys.stderr.isatty())) as bar:
        task = bar.add_task(words.text("catalogue.stage.reading"), total=None)

        def told(progress: "Progress") -> None:
            nonlocal lines
            lines = progress.lines
            bar.update(task, description=words.text(f"catalogue.stage.{progress.stage}"), total=progress.size, completed=progress.at)

        try:
            yield told
        except KeyboardInterrupt as error:
            bar.stop()
            typer.echo(words.text("catalogue.stopped", lines=lines), err=True)
            raise typer.Exit(3) from error


def _tell_import(done: "Imported | Taken", words: "Words") -> None:
    from recognition.catalogue.importing import Imported

    if not isinstance(done, Imported):
        facts = {"delta": printable(done.delta)}
        if done.known:
            typer.echo(words.text("catalogue.known", **facts))
        else:
            typer.echo(words.plural("catalogue.delta" if done.delta else "catalogue.city_list", done.changed, **facts))
        return
    if done.resumed:
        typer.echo(words.plural("catalogue.resumed", done.resumed))
    typer.echo(words.plural("catalogue.imported", done.products, newest=words.day(done.newest)))
    for why, times in done.dropped.most_common():
        typer.echo(f"    {words.plural(f'catalogue.dropped.{why}', times)}")
    if done.lost:
        typer.echo(words.text("catalogue.lost"))


def _tell_entry(entry: "Entry", words: "Words") -> None:
    typer.echo(words.text("catalogue.entry", gtin=entry.gtin, name=printable(entry.name) or words.text("catalogue.nameless")))
    parts = [words.text(f"catalogue.packaging.{entry.packaging}")]
    if entry.volume_ml is not None:
        parts.append(words.text("catalogue.volume", volume=entry.volume_ml))
    if entry.empty_g is not None:
        parts.append(words.text("catalogue.empty", grams=round(entry.empty_g, 1)))
    if entry.deposit:
        parts.append(words.text("catalogue.deposit"))
    parts.append(words.text("catalogue.said", source=words.text(f"catalogue.source.{entry.source}"), day=words.day(entry.date)))
    for part in parts:
        typer.echo(f"    {part}")
