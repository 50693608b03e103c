"""``consigne simulate`` and ``consigne twin``: the kiosk without its metal."""

from pathlib import Path
from typing import Annotated

import typer

from commands.folders import folder_for
from commands.language import chosen
from commands.terminal import console
from commands.usage import WrongValue

DEFAULT_ITEMS = 12
MOST_ITEMS = 1_000_000
"""Days of simulated time; what is beyond is a slip of the finger."""

FramesOption = Annotated[
    Path | None, typer.Option("--frames", help="Dossier de photos avec labels.csv / folder of pictures with labels.csv.")
]
ScenarioOption = Annotated[Path | None, typer.Option("--scenario", help="Fichier de scénario / scenario file.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Graine du hasard / seed.")]
MechanicsOption = Annotated[str, typer.Option("--mechanics", help="standard | instant")]
JsonOption = Annotated[bool, typer.Option("--json", help="Une ligne JSON / one JSON line.")]


def _profile(name: str) -> str:
    from drivers.twin.mechanics import PROFILES

    if name not in PROFILES:
        raise WrongValue("--mechanics", name, ", ".join(PROFILES))
    return name


def simulate_command(
    items: Annotated[int | None, typer.Option("--items", min=1, max=MOST_ITEMS, help="Nombre d'objets / number of items.")] = None,
    frames: FramesOption = None,
    scenario: ScenarioOption = None,
    seed: SeedOption = 1,
    state: Annotated[Path | None, typer.Option("--state", help="Dossier de la simulation, gardé / folder of the run, kept.")] = None,
    mechanics: MechanicsOption = "standard",
    virtual_time: Annotated[
        bool, typer.Option("--virtual-time", help="Un processus, temps discret, sans ville / one process, discrete time, no city.")
    ] = False,
    troubled: Annotated[bool, typer.Option("--troubled", help="Avec toutes les pannes / with every kind of trouble.")] = False,
    json: JsonOption = False,
) -> None:
    """Kiosque, jumeau, ville et synchronisation, bouteille par bouteille. / Kiosk, twin, city and sync, bottle by bottle."""
    from simulation.launcher import Plan, simulate
    from simulation.narrator import Narrator
    from simulation.virtual.run import simulate_virtually

    if items is None and frames is None:
        items = DEFAULT_ITEMS
    plan = Plan(items, frames, scenario, seed, _profile(mechanics), troubled)
    narrator = Narrator(chosen(), console(quiet=json))
    with folder_for(state, "consigne-") as folder:
        if virtual_time:
            result = simulate_virtually(plan, folder, None if json else narrator.tell)
        else:
            result = simulate(plan, folder, narrator.tell)
    if json:
        typer.echo(result.as_json())
    else:
        narrator.sum_up(result)
    raise typer.Exit(0 if result.clean else 1)


def twin_command(
    state: Annotated[Path, typer.Option("--state", help="Dossier du jumeau / folder of the twin.")],
    port_file: Annotated[Path | None, typer.Option("--port-file", help="Y écrire le pseudo-terminal / write the pty's path there.")] = None,
    scenario: ScenarioOption = None,
    frames: FramesOption = None,
    seed: SeedOption = 1,
    mechanics: MechanicsOption = "standard",
) -> None:
    """La prise de bouteilles simulée, seule, sur un pseudo-terminal. / The simulated intake alone, on a pseudo-terminal."""
    from drivers.twin.mechanics import PROFILES
    from drivers.twin.process import Options, run

    run(Options(state=state, scenario=scenario, mechanics=PROFILES[_profile(mechanics)], frames=frames, seed=seed, port_file=port_file))
