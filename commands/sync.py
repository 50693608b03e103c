"""``consigne sync``: the ledger's rows to the city, in a process of its own, with network and without devices."""

import random
import re
import signal
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, load
from config.files import WRONG_NAME
from config.printable import json_line

if TYPE_CHECKING:
    from ledger.sync.outcomes import OnTheWay, Outcome


def sync(
    config: ConfigOption = DEFAULT,
    single: Annotated[bool, typer.Option("--once", help="Un seul envoi / a single round.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Une ligne JSON par envoi / one JSON line a round.")] = False,
) -> None:
    """Envoie les lignes du registre à la Ville. / Sends the ledger's rows to the city."""
    from config.system import AssumedClock
    from kiosk.words.reports import tell_on_the_way, tell_outcome
    from ledger.sync.rounds import Route, once, run_forever

    settings = load(config)
    route = Route(
        ledger=settings.files.ledger,
        acknowledged=settings.files.acknowledged,
        city=settings.city.url,
        every_s=settings.city.every_s,
        timeout_s=settings.city.timeout_s,
        proxy=settings.city.proxy or None,
        authorities=settings.city.ca_file or None,
    )
    stop = threading.Event()

    def report(outcome: "Outcome") -> None:
        typer.echo(_as_json(outcome) if json else tell_outcome(outcome, chosen()), err=not json and _code(outcome) != 0)

    def tell(found: "OnTheWay") -> None:
        # not among the rounds, which programs read
        typer.echo(tell_on_the_way(found, chosen()), err=True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # the time that the sync writes down is for people who look at sync.db; no decision rests on it
    clock = AssumedClock()
    if not single:
        run_forever(route, stop, report, clock, random.random, tell)
        return
    outcome = once(route, stop, clock, told=tell)
    report(outcome)
    raise typer.Exit(_code(outcome))


def _code(outcome: "Outcome") -> int:
    from ledger.sync.outcomes import Delivered, LedgerUnreadable, NothingToSend, StateUnusable, Stopped

    match outcome:
        case Delivered() | NothingToSend() | Stopped():
            return 0
        case LedgerUnreadable(trouble=trouble) | StateUnusable(trouble=trouble) if trouble in WRONG_NAME:
            return 2
        case _:
            return 3


def _name(outcome: "Outcome") -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(outcome).__name__).lower()


def _as_json(outcome: "Outcome") -> str:
    return json_line(_facts(outcome))


def _facts(outcome: "Outcome") -> dict[str, object]:
    from ledger.sync.outcomes import Doubted

    facts = {"outcome": _name(outcome), **asdict(outcome)}
    return facts | {"reason": _facts(outcome.reason)} if isinstance(outcome, Doubted) else facts
