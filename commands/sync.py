"""``consigne sync``: the ledger's rows to the city, in a process of its own, with network and without devices."""

import random
import re
import signal
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from commands.language import chosen
from commands.options import DEFAULT, ConfigOption, examples, load
from commands.usage import WrongValue
from config.files import WRONG_NAME
from config.printable import json_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.clock import Clock
    from config.settings import Settings
    from ledger.sync.answers import Answer
    from ledger.sync.enrolment import Enrolling
    from ledger.sync.outcomes import OnTheWay, Outcome
    from ledger.sync.typed import Typed


app = typer.Typer(
    help="Envoie les lignes du registre à la Ville. / Sends the ledger's rows to the city.",
    epilog=examples("consigne sync", "consigne sync --once --json", "consigne sync enrol 7KQP-2MZD-9FHW-X3TA"),
)


@app.callback(invoke_without_command=True)
def sync(
    context: typer.Context,
    config: ConfigOption = DEFAULT,
    single: Annotated[bool, typer.Option("--once", help="Un seul envoi / a single round.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Une ligne JSON par envoi / one JSON line a round.")] = False,
) -> None:
    """Envoie les lignes du registre à la Ville. / Sends the ledger's rows to the city."""
    if context.invoked_subcommand is not None:
        return
    from config.system import AssumedClock
    from kiosk.words.reports import tell_on_the_way, tell_outcome
    from ledger.sync.enrolment import enrol
    from ledger.sync.rounds import Route, once, run_forever
    from ledger.sync.typed import Typed

    settings = load(config)
    route = Route(
        ledger=settings.files.ledger,
        acknowledged=settings.files.acknowledged,
        key=settings.files.sync_key,
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

    def settle(typed: "Typed", enrolling: "Enrolling") -> None:
        came = typed.settle(enrolling, enrol)
        if came is not None:
            # the page at the glass says what to do about it
            typer.echo(chosen().text(f"sync.typed.{came.came}", kiosk=enrolling.kiosk), err=True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # its time stands in sync.db and in signatures, where the city judges it; no decision rests on it here
    clock = AssumedClock()
    if not single:
        typed = Typed(settings.files.enrolment_code, settings.files.enrolled)
        enrolling = _enrolling(settings, clock, stop)
        run_forever(route, stop, report, clock, random.random, tell, lambda: settle(typed, enrolling), typed.waits)
        return
    outcome = once(route, stop, clock, told=tell)
    report(outcome)
    raise typer.Exit(_code(outcome))


@app.command(epilog=examples("consigne sync enrol 7KQP-2MZD-9FHW-X3TA", "consigne sync enrol 7KQP-2MZD-9FHW-X3TA --config kiosk.toml"))
def enrol(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Le code à usage unique de la Ville / the city's one-time code.")],
    config: ConfigOption = DEFAULT,
) -> None:
    """Fait connaître ce kiosque à la Ville. / Makes this kiosk known to the city."""
    from ledger.sync.enrolment import enrol
    from ledger.sync.typed import CODE

    if not CODE.fullmatch(code):
        raise WrongValue("CODE", code, "7KQP-2MZD-9FHW-X3TA")
    _settle(config, lambda enrolling: enrol(enrolling, code))


@app.command(epilog=examples("consigne sync rotate", "consigne sync rotate --config kiosk.toml"))
def rotate(config: ConfigOption = DEFAULT) -> None:
    """Change la clé de ce kiosque auprès de la Ville. / Changes this kiosk's key at the city."""
    from ledger.sync.enrolment import rotate

    _settle(config, rotate)


def _settle(config: "Path", deed: "Callable[[Enrolling], Answer]") -> None:
    """Does what makes a key known, and tells what the city says of it."""
    from config.system import AssumedClock
    from kiosk.words.reports import tell_outcome
    from ledger.sync.answers import Accepted, Enrolled, Gap, Oversized
    from ledger.sync.outcomes import Garbled, KeyUnusable
    from ledger.vocabulary import WrongKey

    try:
        answer = deed(_enrolling(load(config), AssumedClock(), threading.Event()))
    except WrongKey as error:
        answer = KeyUnusable(error.path, error.detail)
    match answer:
        case Enrolled(kiosk=kiosk, key=known):
            typer.echo(chosen().text("sync.enrolled", kiosk=kiosk, key=known))
        case Accepted() | Gap() | Oversized():
            typer.echo(tell_outcome(Garbled(type(answer).__name__), chosen()), err=True)
            raise typer.Exit(3)
        case _:
            typer.echo(tell_outcome(answer, chosen()), err=True)
            raise typer.Exit(3)


def _enrolling(settings: "Settings", clock: "Clock", stop: threading.Event) -> "Enrolling":
    from ledger.sync.enrolment import Enrolling
    from ledger.sync.uplink import Address

    city = settings.city
    address = Address(city.url, city.timeout_s, city.proxy or None, city.ca_file or None)
    return Enrolling(settings.kiosk.id, settings.files.sync_key, address, lambda: clock.now().utc, clock.monotonic, stop)


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
