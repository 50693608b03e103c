"""``consigne self-test``: every part of the machine with its limits, on the real port or on a twin; told line by line, or as JSON."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.folders import folder_for
from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, load
from commands.terminal import console
from commands.usage import Needs, WrongValue
from config.printable import json_line

if TYPE_CHECKING:
    from config.settings import Settings
    from kiosk.selftest.hands import Hands
    from kiosk.selftest.steps import Step
    from kiosk.words.catalogue import Words

OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", help="Seulement cette étape et ce dont elle dépend / only this step and what it stands on.")
]


def self_test(
    config: ConfigOption = DEFAULT,
    demo: Annotated[bool, typer.Option("--demo", help="Sur un jumeau, sans personne / on a twin, without a person.")] = False,
    scenario: Annotated[Path | None, typer.Option("--scenario", help="Avec --demo : ses pannes / with --demo: its faults.")] = None,
    only: OnlyOption = None,
    json: Annotated[bool, typer.Option("--json", help="En JSON / as JSON.")] = False,
) -> None:
    """Teste chaque pièce de la machine, kiosque arrêté. / Tests every part of the machine, the kiosk being stopped."""
    from drivers.intake.bus import PortTaken
    from kiosk.selftest import run as runner
    from kiosk.selftest.report import Teller, as_json
    from kiosk.selftest.rig import build

    if scenario is not None and not demo:
        raise Needs("--scenario", "--demo")
    plan = runner.PLAN if only is None else _named(only)
    words, out = chosen(), console(quiet=json)
    teller = Teller(words, out)
    if demo:
        out.print(words.text("selftest.demonstration"))
    with _bench(config, demo, scenario, words) as (settings, hands):
        try:
            report = runner.run(build(settings, hands), plan, teller.tell)
        except PortTaken:
            typer.echo(words.text("selftest.stop_first"), err=True)
            raise
    if json:
        typer.echo(json_line(as_json(report, plan)))
    else:
        teller.sum_up(report)
    raise typer.Exit(report.exit_code)


def _named(names: list[str]) -> "tuple[Step, ...]":
    from kiosk.selftest import run as runner

    known = [step.name for step in runner.PLAN]
    for name in names:
        if name not in known:
            raise WrongValue("--only", name, ", ".join(known))
    return runner.chosen(names)


@contextmanager
def _bench(config: Path, demo: bool, scenario: Path | None, words: "Words") -> "Iterator[tuple[Settings, Hands]]":
    """What is tested, and whose hands help."""
    from kiosk.selftest.hands import TerminalHands
    from simulation.selftest import on_a_twin

    if not demo:
        # what asks a person must not stand between the lines of JSON
        yield load(config), TerminalHands(words, lambda text: typer.echo(text, err=True), sys.stdin.fileno())
        return
    with folder_for(None, "consigne-") as folder, on_a_twin(folder, scenario) as bench:
        yield bench
