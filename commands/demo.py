"""``consigne demo``: kiosk window, twin, city and sync together, with a panel to put things in and to break things."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.folders import folder_for
from commands.language import chosen
from commands.terminal import console

if TYPE_CHECKING:
    from kiosk.words.catalogue import Words


def demo(
    auto: Annotated[bool, typer.Option("--auto", help="Joue une visite et s’arrête / plays one visit and ends.")] = False,
    headless: Annotated[
        bool, typer.Option("--headless", help="Sans écran, comme --auto ; d’office sans écran graphique / without a display, as --auto.")
    ] = False,
    state: Annotated[Path | None, typer.Option("--state", help="Dossier, gardé / folder, kept.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Graine du hasard / seed.")] = 1,
    landscape: Annotated[bool, typer.Option("--landscape", help="Écran de 10,1 pouces / 10.1 in screen, 1280x800.")] = False,
    scale: Annotated[
        float | None, typer.Option("--scale", min=0.2, max=1.0, help="Taille de la fenêtre / size of the window, 0.2–1.")
    ] = None,
) -> None:
    """Démonstration : tout ensemble, sans matériel, sans argent. / Demonstration: all together, without metal, without money."""
    from kiosk.display import draw_unseen

    words = chosen()
    headless = headless or not _on_a_desktop(words)
    if headless:
        draw_unseen()
    # imported here: they bring Qt along
    from simulation.demo.show import Options, demonstrate
    from simulation.demo.teller import Teller

    teller = Teller(words, console())
    played = auto or headless
    with folder_for(state, "consigne-demo-", kept=played) as folder:
        options = Options(folder, played, headless, seed, landscape, scale)
        outcome = demonstrate(options, words, teller)
    if outcome is not None:
        teller.sum_up(outcome)
        teller.kept(options.state, options.pictures)
    if played:
        # one that somebody ended before its time has shown nothing
        raise typer.Exit(0 if outcome is not None and outcome.clean else 1)


def _on_a_desktop(words: "Words") -> bool:
    """Whether there is a desktop to show windows on. One that is named and cannot be used is told."""
    from kiosk.display import NoDisplay, display_named, need_display

    if not display_named():
        return False
    try:
        need_display()
    except NoDisplay as trouble:
        typer.echo(words.text("panel.told.no_display", named=trouble.named, detail=trouble.detail), err=True)
        return False
    return True
