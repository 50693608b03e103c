"""``consigne evaluate visits``: what a whole rule costs, on visits whose assumptions stand in a file."""

import json as json_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.simulate import JsonOption
from commands.terminal import console
from commands.usage import WrongValue
from commands.visits_told import MATTERS, line, percent

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words
    from simulation.visits.figures import Run


def visits(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Les hypothèses / the assumptions: simulation/visits/paris.toml.")],
    pictures: Annotated[
        list[Path] | None,
        typer.Option(
            "--pictures", metavar="DIR", help="Un autre dossier de photos de la chambre / another folder of the chamber's pictures."
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Y écrire une page / write a page there.")] = None,
    json: JsonOption = False,
) -> None:
    """Des visites simulées : ce qui est payé à tort, ce qui revient à tort. / Simulated visits: what is paid wrongly, what comes back wrongly."""
    from rich.console import Console
    from rich.progress import track

    from simulation.redteam.pool import POOL
    from simulation.visits.assumptions import read_assumptions
    from simulation.visits.brought import KINDS, NoPictures
    from simulation.visits.run import Looked, pool_of, simulate

    words = chosen()
    assumed = read_assumptions(file, frozenset(KINDS))
    pool = pool_of([POOL, *(pictures or ())])
    try:
        looked = Looked(assumed, pool)
        for name in track(looked.names, words.text("evaluate.visits.looking"), console=Console(stderr=True), transient=True):
            looked.look(name)
        run = simulate(assumed, looked)
    except NoPictures as error:
        raise WrongValue("--pictures", error.what, words.text("evaluate.visits.pictures")) from error
    if html is not None:
        from commands.visits_page import page

        html.write_text(page(run, file, words), encoding="utf-8")
    if json:
        typer.echo(json_.dumps(run.as_json()))
    else:
        _print(run, words)
    raise typer.Exit(1 if run.whole.missed else 0)


def _print(run: "Run", words: "Words") -> None:
    out, whole = console(), run.whole
    out.print(words.text("evaluate.visits.run", policy=run.policy, visits=run.visits, things=run.things))
    out.print(line("evaluate.visits.wrong_accepts", whole.wrong_accepts, words))
    out.print(line("evaluate.visits.refused_first", whole.good.refused_first, words))
    out.print(line("evaluate.visits.refused_for_good", whole.good.refused_for_good, words))
    out.print(line("evaluate.visits.as_other", whole.as_other, words))
    for field in MATTERS:
        out.print(words.text(f"evaluate.visits.by.{field}"))
        for name, group in whole.by[field].items():
            first, good = group.refused_first, group.refused_for_good
            out.print(f"  {name}: {percent(first)} · {percent(good)} ({first.n})")
    out.print(words.text("evaluate.visits.by.fraud"))
    for name, share in whole.fraud.items():
        out.print(f"  {name}: {percent(share)} ({share.n})")
    out.print(words.text("evaluate.visits.without"))
    for vote, found in run.without.items():
        out.print(
            f"  {vote}: {percent(found.wrong_accepts)} · {percent(found.good.refused_first)} · {percent(found.good.refused_for_good)}"
        )
    for field, name, gap in whole.gaps:
        out.print(
            words.text("evaluate.visits.gap", name=name, field=words.text(f"evaluate.visits.field.{field}"), points=round(100 * gap, 1))
        )
    for goal in whole.missed:
        out.print(words.text(f"evaluate.visits.missed.{goal}"))
